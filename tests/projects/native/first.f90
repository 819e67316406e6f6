! Factor a matrix of rank one.
program first
  use orthant
  implicit none
  integer :: i, j
  double precision :: V(3, 4), W(3, 1), H(1, 4)
  type(orthant_report) :: r
  V = reshape([((dble(i * j), i = 1, 3), j = 1, 4)], [3, 4])
  call nmf(V, W, H, r)
  print '(a, es8.1)', 'Fortran: |V - W H| / |V| = ', r%rel_error
  if (r%rel_error > 1e-6) error stop 1
end program first
