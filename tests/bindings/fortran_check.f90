! The Fortran module: results in both kinds, sections, and misuse, which is a status.
program fortran_check
  use, intrinsic :: ieee_arithmetic, only: ieee_is_nan, ieee_quiet_nan, ieee_value
  use, intrinsic :: iso_fortran_env, only: int32, real32, real64
  use orthant
  use orthant_threads
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
  call expect(problem(V, ORTHANT_DATA_NOT_NEGATIVE) == 'entry (1, 1), counted from 0, is -1, which is negative', &
              'the entry by its place')
  call expect(problem(V, 0) == '', 'an entry that may be')
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
  call data_as_they_lie
  call threads
  if (failures > 0) error stop 1

contains
  ! Sparse data, missing entries, weights, and pixels without a number.
  subroutine data_as_they_lie
    real(real64) :: dense(3, 4), W1(3, 2), H1(2, 4), W2(3, 2), H2(2, 4), first(6)
    real(real64) :: E1(4, 2), Y1(4, 3), A1(2, 3), share(4, 3)
    type(orthant_nmf_config) :: c
    type(nmf_solver_f64) :: again
    type(sparse_f64) :: S1
    integer(int32) :: st
    integer :: k
    first = [(real(k, real64), k = 1, 6)]
    dense = reshape([1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0], [3, 4])
    c%method = ORTHANT_NMF_HALS
    c%start = ORTHANT_START_RANDOM
    c%max_iter = 30
    c%tol = ORTHANT_NONE
    call nmf(dense, W1, H1, config=c)
    call nmf(csc(first, [1, 3, 4, 6, 7], [1, 3, 2, 1, 3, 2], rows=3), W2, H2, config=c)
    call expect(maxval(abs(W1 - W2)) < 1e-9, 'sparse by columns')
    S1 = csr([1, 4, 3, 6, 2, 5] + 0.0_real64, [1, 3, 5, 7], [1, 3, 2, 4, 1, 3], cols=4)
    call nmf(S1, W2, H2, config=c)
    call expect(maxval(abs(W1 - W2)) < 1e-9, 'sparse by rows')
    again%config = c
    again%config%data = ORTHANT_CSR
    call again%init(3, 4, 2)
    call again%start(S1, W2, H2)
    call again%run(S1, W2, H2)
    call expect(maxval(abs(W1 - W2)) < 1e-9, 'a solver of sparse data')
    call again%run(dense, W2, H2, status=st)
    call expect(st == ORTHANT_E_ARG, 'dense data where sparse were said')
    call nmf(csc(first, [1, 3, 4, 6, 9], [1, 3, 2, 1, 3, 2], rows=3), W2, H2, status=st)
    call expect(st == ORTHANT_E_ARG, 'fewer values than starts say')
    call nmf(csc(first, [1, 3, 4, 6, 7], [1, 3, 2, 1, 3, 4], rows=3), W2, H2, status=st)
    call expect(st == ORTHANT_E_ARG, 'an index outside')
    block
      type(orthant_symnmf_config) :: of_graph
      real(real64) :: graph(4, 4), U1(4, 2), U2(4, 2)
      graph = reshape([0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 2, 0], [4, 4])
      of_graph%max_iter = 5
      call symnmf(graph, U1, config=of_graph)
      call symnmf(csc([1, 1, 2, 2] + 0.0_real64, [1, 2, 3, 4, 5], [2, 1, 4, 3], rows=4), U2, config=of_graph)
      call expect(maxval(abs(U1 - U2)) < 1e-9, 'a sparse graph')
    end block

    dense = spread([1, 2, 3] + 0.0_real64, 2, 4) * spread([1, 2, 3, 4] + 0.0_real64, 1, 3)
    c%max_iter = 5000
    c%tol = 1e-9_real64
    dense(2, 3) = ieee_value(dense(1, 1), ieee_quiet_nan)
    call nmf(dense, W1(:, :1), H1(:1, :), config=c, status=st)
    call expect(st == ORTHANT_E_DATA, 'NaN that was not announced')
    call nmf(dense, W1(:, :1), H1(:1, :), config=c, missing=.true.)
    call expect(abs(W1(2, 1) * H1(1, 3) - 6) < 1e-3, 'a missing entry')
    dense(2, 3) = 100
    call nmf(dense, W1(:, :1), H1(:1, :), config=c, weights=merge(1, 0, dense < 50) + 0.0_real64)
    call expect(abs(W1(2, 1) * H1(1, 3) - 6) < 1e-3, 'an entry of weight zero')
    call nmf(dense, W1(:, :1), H1(:1, :), config=c, weights=dense(:, 1:2), status=st)
    call expect(st == ORTHANT_E_ARG, 'weights of another shape')

    E1 = reshape([0.1, 0.2, 0.3, 0.4, 0.9, 0.5, 0.2, 0.1], [4, 2])
    share(1:2, :) = reshape([0.75, 0.25, 0.5, 0.5, 0.0, 1.0], [2, 3])
    Y1 = matmul(E1, share(1:2, :))
    Y1(1, 2) = ieee_value(Y1(1, 1), ieee_quiet_nan)
    call unmix(Y1, E1, A1, sum_to_one=.true.)
    call expect(all(ieee_is_nan(A1(:, 2))) .and. maxval(abs(A1(:, [1, 3]) - share(1:2, [1, 3]))) < 1e-9, &
                'a pixel without a number')
    call unmix(Y1, E1, A1, sum_to_one=.true., missing=.true.)
    call expect(maxval(abs(A1 - share(1:2, :))) < 1e-9, 'a pixel that lacks a band')
    call unmix(Y1(:, 2:2), E1, A1(:, 2:2), status=st)
    call expect(st == ORTHANT_E_DATA, 'no pixel is left')
  end subroutine data_as_they_lie

  ! The same bits with a pool, which more than one solver uses.
  subroutine threads
    type(thread_pool) :: pool
    real(real32), allocatable :: V1(:, :), W1(:, :), H1(:, :), W2(:, :), H2(:, :)
    type(orthant_nmf_config) :: c
    integer(int32) :: st
    allocate (V1(300, 700), W1(300, 5), H1(5, 700), W2(300, 5), H2(5, 700))
    call random_number(V1)
    c%max_iter = 5
    call nmf(V1, W1, H1, config=c)
    call pool%open(workers=3)
    call expect(pool%workers() == 3, 'three workers')
    c%parallel = pool%parallel()
    call nmf(V1, W2, H2, config=c)
    call expect(all(abs(W1 - W2) <= 0) .and. all(abs(H1 - H2) <= 0), 'the same bits with threads')
    call nmf(V1, W2, H2, config=c)
    call expect(all(abs(W1 - W2) <= 0), 'a pool that is used again')
    call pool%open(5000, st)
    call expect(st == ORTHANT_E_ARG .and. pool%workers() == 1, 'too many workers')
  end subroutine threads

  subroutine expect(good, what)
    logical, intent(in) :: good
    character(*), intent(in) :: what
    if (good) return
    print '(2a)', 'FAILED: ', what
    failures = failures + 1
  end subroutine expect
end program fortran_check
