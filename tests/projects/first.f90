! first [OUT]: what first.c does, in Fortran.
program first
  use, intrinsic :: iso_fortran_env, only: real32, real64
  use, intrinsic :: ieee_arithmetic, only: ieee_is_nan, ieee_quiet_nan, ieee_value
  use orthant
  implicit none
  integer :: i, unit
  character(4096) :: out
  real(real32) :: V(60, 80), W(60, 4), H(4, 80), E(4, 2), Y(4, 3), A(2, 3)
  real(real64) :: V8(60, 80), W8(60, 4), H8(4, 80), E8(4, 2), Y8(4, 3), A8(2, 3)

  call get_command_argument(1, out)
  V8 = reshape([(real(modulo(i * 7919, 101), real64), i = 0, 60 * 80 - 1)], [60, 80])
  E8 = reshape([0.1d0, 0.2d0, 0.3d0, 0.4d0, 0.9d0, 0.5d0, 0.2d0, 0.1d0], [4, 2])
  Y8 = reshape([0.3d0, 0.275d0, 0.275d0, 0.325d0, 0d0, 0.35d0, 0.25d0, 0.25d0, 0.9d0, 0.5d0, 0.2d0, 0.1d0], [4, 3])
  Y8(1, 2) = ieee_value(Y8(1, 2), ieee_quiet_nan)
  V = real(V8, real32)
  E = real(E8, real32)
  Y = real(Y8, real32)

  call nmf(V, W, H)
  call unmix(Y, E, A, sum_to_one=.true.)
  if (.not. all(ieee_is_nan(A(:, 2)))) error stop 1
  call nmf(V8, W8, H8)
  call unmix(Y8, E8, A8, sum_to_one=.true.)
  if (.not. all(ieee_is_nan(A8(:, 2)))) error stop 1
  if (any(abs(A8(:, [1, 3]) - reshape([0.75d0, 0.25d0, 0d0, 1d0], [2, 2])) > 1d-9)) error stop 1

  if (len_trim(out) == 0) stop
  open (newunit=unit, file=trim(out) // '.f32', access='stream', form='unformatted', status='replace', action='write')
  write (unit) W, H, A
  close (unit)
  open (newunit=unit, file=trim(out) // '.f64', access='stream', form='unformatted', status='replace', action='write')
  write (unit) W8, H8, A8
  close (unit)
end program first
