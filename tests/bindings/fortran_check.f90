! The Fortran module: results in both kinds, sections, and misuse, which is a status.
program fortran_check
  use, intrinsic :: iso_fortran_env, only: int32, real32, real64
  use orthant
  implicit none
  integer :: failures = 0
  real(real64) :: V(30, 20), W(30, 3), H(3, 20), E(30, 3), A(3, 20), truth(3, 20), S(20, 20), U(20, 3)
  real(real64) :: big(60, 40), H_transposed(20, 3)
  real(real32) :: E4(30, 3), A4(3, 20)
  type(nmf_solver_f64) :: solver, copied
  type(unmix_solver_f64) :: unmixer
  type(weights) :: model
  type(orthant_nmf_config) :: options
  type(orthant_relu_nmd_config) :: relu_options
  type(orthant_report) :: r
  integer(int32) :: status, pixel(3)

  call random_init(repeatable=.true., image_distinct=.false.)  ! the same numbers on every run
  call random_number(W)
  call random_number(H)
  V = matmul(W, H)
  options%method = 2
  options%max_iter = 3000
  options%tol = 1e-8_real64
  call nmf(V, W, H, r, options)
  ! How near a stationary point comes is the solver's business; here, that the arrays are what the report speaks of.
  call expect(r%rel_error < 0.05 .and. all(W >= 0) .and. all(H >= 0), 'nmf')
  call expect(abs(r%rel_error - norm2(V - matmul(W, H)) / norm2(V)) < 1e-7, 'report')  ! root of rounding

  ! Sections of a larger array give the same bits.
  block
    real(real64) :: W2(30, 3), H2(3, 20)
    big(1:60:2, 1:40:2) = V
    call nmf(big(1:60:2, 1:40:2), W2, H2, config=options)
    call expect(maxval(abs(W2 - W)) <= 0 .and. maxval(abs(H2 - H)) <= 0, 'sections')
  end block

  call random_number(E)
  call random_number(truth)
  truth = truth / spread(sum(truth, 1), 1, 3)
  V = matmul(E, truth)
  call unmix(V, E, A, sum_to_one=.true., report=r)
  call expect(maxval(abs(A - truth)) < 1e-9, 'unmix in f64')
  E4 = real(E, real32)
  call unmix(real(V, real32), E4, A4, sum_to_one=.true.)
  call expect(maxval(abs(A4 - truth)) < 1e-3, 'unmix in f32')
  V(:, 7) = E(:, 1); V(:, 3) = E(:, 2); V(:, 11) = E(:, 3)
  call endmembers(V, E, pixel)
  call expect(all(pixel >= 1) .and. any(pixel == 7) .and. any(pixel == 3) .and. any(pixel == 11), 'endmembers')

  call random_number(U)
  S = matmul(U, transpose(U))
  call symnmf(S, U, r)
  call expect(r%rel_error < 0.05, 'symnmf')
  call random_number(W)
  call random_number(H)
  V = max(0.0_real64, matmul(W - 0.5, H - 0.5))
  relu_options%seed = 4
  call relu_nmd(V, W, H, r, relu_options)
  call expect(norm2(V - max(0.0_real64, matmul(W, H))) < 1e-2 * norm2(V), 'relu_nmd')

  ! Misuse.
  call solver%start(V, W, H, status)
  call expect(status == ORTHANT_E_ARG, 'start before init')
  call solver%init(30, 20, 3, status)
  call expect(status == ORTHANT_OK .and. solver%bytes() > 0, 'init')
  call solver%start(V(1:29, :), W, H, status)
  call expect(status == ORTHANT_E_ARG, 'wrong shape of V')
  call solver%start(V, W(:, 1:2), H, status)
  call expect(status == ORTHANT_E_ARG, 'wrong shape of W')
  call solver%start(V, W, H, status)
  call expect(status == ORTHANT_OK, 'start')
  copied = solver
  call copied%run(V, W, H, status=status)
  call expect(status == ORTHANT_E_ARG, 'a copied solver')
  V(2, 2) = -1
  call solver%start(V, W, H, status)
  call expect(status == ORTHANT_E_DATA, 'negative data')
  call solver%init(0, 20, 3, status)
  call expect(status == ORTHANT_E_ARG, 'no rows')
  call nmf(V, W, H_transposed, status=status)
  call expect(status == ORTHANT_E_ARG, 'transposed H')
  call unmixer%init(E, model, status)
  call expect(status == ORTHANT_E_BLOB, 'weights that were never read')
  call model%read('/nonexistent/weights', status)
  call expect(status == ORTHANT_E_BLOB, 'no such file')
  call expect(len(status_text(ORTHANT_E_DATA)) > 0, 'status text')
  solver%config%rows = 30
  solver%config%rank = 0
  call expect(problem(solver%config) == 'rank is 0; it must be from 1 to 32768', 'the field by its name')
  solver%config%rank = 2
  call expect(problem(solver%config) == '', 'nothing wrong')
  call expect(len(version()) > 0, 'version')
  call expect(index(build(), 'f64') > 0, 'build')
  ! The endmembers may go: the solver has its own.
  block
    real(real64), allocatable :: mine(:, :)
    call random_number(E)
    mine = E
    call unmixer%init(mine, status=status)
    mine = 0
    deallocate (mine)
    V = matmul(E, truth)
    call unmixer%run(V, A, r, status)
    call expect(status == ORTHANT_OK .and. maxval(abs(A - truth)) < 1e-9, 'endmembers that are gone')
  end block
  if (failures > 0) error stop 1

contains
  subroutine expect(good, what)
    logical, intent(in) :: good
    character(*), intent(in) :: what
    if (good) return
    print '(2a)', 'FAILED: ', what
    failures = failures + 1
  end subroutine expect
end program fortran_check
