! Orthant in Fortran: solvers that own their workspace, arrays with their shapes.
!
!   use orthant
!   real(real32) :: V(60, 80), W(60, 4), H(4, 80)
!   call nmf(V, W, H, report)                       ! every noun has such a one-line form
!
!   type(nmf_solver_f32) :: solver                  ! or the noun itself: start once, run as often as you like
!   call solver%init(rows=60, cols=80, rank=4, status=status)
!   call solver%start(V, W, H, status)
!   call solver%run(V, W, H, report, status)
!
! Missing entries are NaN, with missing=.true., and may have weights; a sparse matrix is made by csc or csr:
!
!   call nmf(csc(values, starts, indices, rows=60), W, H)
!
! Threads are in the module orthant_threads.  Options that have no argument are fields of solver%config (before
! init) or of the optional config of the short forms, and constants are those of orthant.h (ORTHANT_NMF_HALS,
! ...).  A call that fails says so in `status`, as allocate does with stat=; without `status` the program stops
! with the text, which names the field of a config that is refused, as problem(solver%config) does, or the first
! bad entry of data, as problem(V, what) does.  Shapes that do not fit are ORTHANT_E_ARG. A section that is not
! contiguous is packed by the compiler.  A solver that was copied is refused: give it init.
module orthant
  use, intrinsic :: ieee_arithmetic, only: ieee_is_nan
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env, only: int8, int32, int64, real32, real64
  use orthant_raw
  implicit none
  private
  public :: orthant_report, status_text, problem, version, build
  public :: nmf, unmix, endmembers, relu_nmd, symnmf, csc, csr
  public :: nmf_solver_f32, nmf_solver_f64, unmix_solver_f32, unmix_solver_f64, sparse_f32, sparse_f64, weights
#include "orthant_public.inc"

  ! A weight blob, in storage of its own with the alignment that it needs.
  type :: weights
    private
    integer(int8), allocatable :: bytes(:)
    integer :: offset = 0, length = 0
  contains
    procedure :: read => weights_read
    procedure, private :: place => weights_place
    procedure, private :: take => weights_take
    procedure, private :: view => weights_view
  end type weights

  ! Buffer and handle of any noun.  `home` is where the handle was made: a copy of the solver has another one.
  type :: workspace
    private
    integer(int8), allocatable :: memory(:)
    type(c_ptr) :: handle = c_null_ptr
    integer(c_intptr_t) :: home = 0
  contains
    procedure, private :: reserve => workspace_reserve
    procedure, private :: ready => workspace_ready
    procedure :: bytes => workspace_bytes
  end type workspace

  ! Of the V of an NMF, besides finite numbers.
  integer(c_int32_t), parameter :: asked_of_factors = ORTHANT_DATA_NOT_NEGATIVE + ORTHANT_DATA_ROOM

#define JOIN(a) a
#define TYPED(name) JOIN(name)JOIN(SUFFIX)
#define SUFFIX _f32
#define REAL_KIND c_float
#include "orthant_types.inc"
#undef SUFFIX
#undef REAL_KIND
#define SUFFIX _f64
#define REAL_KIND c_double
#include "orthant_types.inc"
#undef SUFFIX
#undef REAL_KIND

  interface csc
    procedure csc_f32, csc_f64
  end interface
  interface csr
    procedure csr_f32, csr_f64
  end interface
  interface nmf
    procedure nmf_f32, nmf_f64, nmf_sparse_f32, nmf_sparse_f64
  end interface
  interface unmix
    procedure unmix_f32, unmix_f64
  end interface
  interface endmembers
    procedure endmembers_f32, endmembers_f64
  end interface
  interface relu_nmd
    procedure relu_nmd_f32, relu_nmd_f64, relu_nmd_sparse_f32, relu_nmd_sparse_f64
  end interface
  interface symnmf
    procedure symnmf_f32, symnmf_f64, symnmf_sparse_f32, symnmf_sparse_f64
  end interface
  interface problem
    procedure nmf_problem, unmix_problem, endmembers_problem, relu_nmd_problem, symnmf_problem
    procedure data_problem_f32, data_problem_f64
  end interface

contains

  ! A static string of the library.
  function from_c(address) result(text)
    type(c_ptr), intent(in) :: address
    character(:), allocatable :: text
    character(kind=c_char), pointer :: letters(:)
    integer :: i
    call c_f_pointer(address, letters, [4096])
    text = ''
    do i = 1, size(letters)
      if (letters(i) == c_null_char) exit
      text = text // letters(i)
    end do
  end function from_c

  ! What a status means.
  function status_text(status) result(text)
    integer(int32), intent(in) :: status
    character(:), allocatable :: text
    text = from_c(orthant_status_text(status))
  end function status_text

  ! Why a config is refused, in words that name the field; empty where it is not.
  function nmf_problem(config) result(text)
    type(orthant_nmf_config), intent(in) :: config
    character(:), allocatable :: text
    character(kind=c_char), target :: words(300)
    integer(c_size_t) :: length
    length = orthant_nmf_config_problem(config, c_loc(words), size(words, kind=c_size_t))
    text = from_c(c_loc(words))
  end function nmf_problem

  ! The same of a config of unmix.
  function unmix_problem(config) result(text)
    type(orthant_unmix_config), intent(in) :: config
    character(:), allocatable :: text
    character(kind=c_char), target :: words(300)
    integer(c_size_t) :: length
    length = orthant_unmix_config_problem(config, c_loc(words), size(words, kind=c_size_t))
    text = from_c(c_loc(words))
  end function unmix_problem

  ! The same of a config of endmembers.
  function endmembers_problem(config) result(text)
    type(orthant_endmembers_config), intent(in) :: config
    character(:), allocatable :: text
    character(kind=c_char), target :: words(300)
    integer(c_size_t) :: length
    length = orthant_endmembers_config_problem(config, c_loc(words), size(words, kind=c_size_t))
    text = from_c(c_loc(words))
  end function endmembers_problem

  ! The same of a config of relu_nmd.
  function relu_nmd_problem(config) result(text)
    type(orthant_relu_nmd_config), intent(in) :: config
    character(:), allocatable :: text
    character(kind=c_char), target :: words(300)
    integer(c_size_t) :: length
    length = orthant_relu_nmd_config_problem(config, c_loc(words), size(words, kind=c_size_t))
    text = from_c(c_loc(words))
  end function relu_nmd_problem

  ! The same of a config of symnmf.
  function symnmf_problem(config) result(text)
    type(orthant_symnmf_config), intent(in) :: config
    character(:), allocatable :: text
    character(kind=c_char), target :: words(300)
    integer(c_size_t) :: length
    length = orthant_symnmf_config_problem(config, c_loc(words), size(words, kind=c_size_t))
    text = from_c(c_loc(words))
  end function symnmf_problem

  ! The release of the library at work.
  function version() result(text)
    character(:), allocatable :: text
    text = from_c(orthant_version())
  end function version

  ! How it was built: backend and element types.
  function build() result(text)
    character(:), allocatable :: text
    text = from_c(orthant_build())
  end function build

  ! The kind of dense data, by what a caller says of them.
  pure function kind_of(data, missing, weighted) result(kind)
    integer(c_int32_t), intent(in) :: data
    logical, intent(in), optional :: missing
    logical, intent(in) :: weighted
    integer(c_int32_t) :: kind
    kind = data
    if (weighted) kind = ORTHANT_MASKED
    if (present(missing)) kind = merge(ORTHANT_MASKED, kind, missing)
  end function kind_of

  ! Return the status to a caller that asked for it, or stop.
  subroutine finish(what, found, status, words)
    character(*), intent(in) :: what
    character(*), intent(in), optional :: words  ! in the place of the status's text, if there are any
    integer(int32), intent(in) :: found
    integer(int32), intent(out), optional :: status
    if (present(status)) then
      status = found
    else if (found /= ORTHANT_OK) then
      if (present(words)) then
        if (len(words) > 0) error stop what // ': ' // words
      end if
      error stop what // ': ' // status_text(found)
    end if
  end subroutine finish

  subroutine workspace_reserve(self, bytes)
    class(workspace), intent(inout), target :: self
    integer(c_size_t), intent(in) :: bytes
    if (allocated(self%memory)) deallocate (self%memory)
    allocate (self%memory(bytes))
    self%home = transfer(c_loc(self%memory), self%home)
  end subroutine workspace_reserve

  ! Whether the handle is one, and lies in this solver's own buffer.
  function workspace_ready(self) result(yes)
    class(workspace), intent(in), target :: self
    logical :: yes
    yes = .false.
    if (allocated(self%memory) .and. c_associated(self%handle)) &
      yes = self%home == transfer(c_loc(self%memory), self%home)
  end function workspace_ready

  ! Bytes of workspace.
  pure function workspace_bytes(self) result(bytes)
    class(workspace), intent(in) :: self
    integer(int64) :: bytes
    bytes = 0
    if (allocated(self%memory)) bytes = size(self%memory, kind=int64)
  end function workspace_bytes

  ! Read a file of weights.
  subroutine weights_read(self, path, status)
    class(weights), intent(inout), target :: self
    character(*), intent(in) :: path
    integer(int32), intent(out), optional :: status
    integer :: unit, length, failed
    type(c_ptr) :: model
    integer(int32) :: found
    found = ORTHANT_E_BLOB
    open (newunit=unit, file=path, access='stream', form='unformatted', status='old', action='read', iostat=failed)
    if (failed == 0) then
      inquire (unit=unit, size=length)
      call self%place(length)
      read (unit, iostat=failed) self%bytes(self%offset + 1:self%offset + length)
      close (unit)
      if (failed == 0) found = self%view(model)
    end if
    call finish('weights', found, status)
  end subroutine weights_read

  ! Room for a blob at a multiple of 64.
  subroutine weights_place(self, length)
    class(weights), intent(inout), target :: self
    integer, intent(in) :: length
    if (allocated(self%bytes)) deallocate (self%bytes)
    allocate (self%bytes(length + 63))
    self%offset = int(modulo(-transfer(c_loc(self%bytes), 0_c_intptr_t), 64_c_intptr_t))
    self%length = length
  end subroutine weights_place

  ! A copy lies at another address, and has its own offset.
  subroutine weights_take(self, from)
    class(weights), intent(inout) :: self
    class(weights), intent(in) :: from
    call self%place(from%length)
    if (from%length > 0) &
      self%bytes(self%offset + 1:self%offset + self%length) = from%bytes(from%offset + 1:from%offset + from%length)
  end subroutine weights_take

  function weights_view(self, model) result(found)
    class(weights), intent(in), target :: self
    type(c_ptr), intent(out) :: model
    integer(int32) :: found
    model = c_null_ptr
    found = ORTHANT_E_BLOB
    if (self%length > 0) &
      found = orthant_model_open(c_loc(self%bytes(self%offset + 1)), int(self%length, c_size_t), model)
  end function weights_view

#define SUFFIX _f32
#define REAL_KIND c_float
#include "orthant_bodies.inc"
#undef SUFFIX
#undef REAL_KIND
#define SUFFIX _f64
#define REAL_KIND c_double
#include "orthant_bodies.inc"

end module orthant
