! same_fortran run FILE OUT: what same_c.c does, in Fortran.
program same_fortran
  use, intrinsic :: iso_fortran_env, only: real32, real64
  use orthant
  implicit none
  real(real32) :: V(60, 80), W(60, 4), H(4, 80), E(50, 4), Y(50, 400), A(4, 400)
  type(orthant_report) :: r, u
  character(4096) :: path
  integer :: unit
  call get_command_argument(2, path)
  open (newunit=unit, file=trim(path), access='stream', form='unformatted', status='old', action='read')
  read (unit) V, E, Y
  close (unit)
  call nmf(V, W, H, r)
  call unmix(Y, E, A, sum_to_one=.true., report=u)
  call get_command_argument(3, path)
  open (newunit=unit, file=trim(path), access='stream', form='unformatted', status='replace', action='write')
  write (unit) W, H, A, [r%objective, r%kkt, u%objective, u%kkt]
  close (unit)
end program same_fortran
