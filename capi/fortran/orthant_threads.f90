! Threads for the solvers of the module orthant: a pool of orthant/threads.h, which is an archive of its own
! (-lorthant-threads -pthread).
!
!   use orthant
!   use orthant_threads
!   type(thread_pool) :: pool
!   call pool%open(workers=4)                       ! 0: as many as the machine gives this process
!   options%parallel = pool%parallel()              ! of any config, any number of them; the same bits
!   call nmf(V, W, H, config=options)
!   call pool%close()                               ! no solver may use it afterwards
module orthant_threads
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env, only: int8, int32
  use orthant_raw, only: orthant_parallel, ORTHANT_OK, ORTHANT_E_ARG
  use orthant_threads_raw
  implicit none
  private
  public :: thread_pool

  ! A pool of threads.  It ends with its scope, or by close; it cannot be copied.
  type :: thread_pool
    private
    integer(int8), pointer :: memory(:) => null()
    type(orthant_parallel), pointer :: threads => null()
    type(c_ptr) :: handle = c_null_ptr
  contains
    procedure :: open => pool_open
    procedure :: close => pool_close
    procedure :: parallel => pool_parallel
    procedure :: workers => pool_workers
    procedure, private :: pool_copy
    generic :: assignment(=) => pool_copy
    final :: pool_end
  end type thread_pool

contains

  ! Start the threads; `workers` counts the one that calls.
  subroutine pool_open(self, workers, status)
    class(thread_pool), intent(inout) :: self
    integer, intent(in) :: workers
    integer(int32), intent(out), optional :: status
    integer(c_size_t) :: bytes
    integer(int32) :: found
    call self%close()
    bytes = 0
    found = orthant_threads_size(int(workers, c_int32_t), bytes)
    if (found == ORTHANT_OK) then
      allocate (self%memory(bytes))
      allocate (self%threads)
      found = orthant_threads_create(int(workers, c_int32_t), c_loc(self%memory), bytes, self%handle, self%threads)
      if (found /= ORTHANT_OK) call self%close()
    end if
    if (present(status)) then
      status = found
    else if (found /= ORTHANT_OK) then
      error stop 'threads: from 0 to 4096 workers'
    end if
  end subroutine pool_open

  ! End and join the threads.
  subroutine pool_close(self)
    class(thread_pool), intent(inout) :: self
    if (c_associated(self%handle)) call orthant_threads_destroy(self%handle)
    self%handle = c_null_ptr
    if (associated(self%memory)) deallocate (self%memory)
    if (associated(self%threads)) deallocate (self%threads)
  end subroutine pool_close

  ! For the field `parallel` of a config; null, which is serial, where the pool is not open.
  function pool_parallel(self) result(address)
    class(thread_pool), intent(in) :: self
    type(c_ptr) :: address
    address = c_null_ptr
    if (associated(self%threads)) address = c_loc(self%threads)
  end function pool_parallel

  ! How many there are, which may be fewer than were asked for where the system gives no more.
  pure function pool_workers(self) result(workers)
    class(thread_pool), intent(in) :: self
    integer :: workers
    workers = 1
    if (associated(self%threads)) workers = self%threads%workers
  end function pool_workers

  subroutine pool_copy(self, from)
    class(thread_pool), intent(inout) :: self
    class(thread_pool), intent(in) :: from
    if (associated(from%threads) .or. associated(self%threads)) error stop 'a thread_pool cannot be copied'
  end subroutine pool_copy

  subroutine pool_end(self)
    type(thread_pool), intent(inout) :: self
    call self%close()
  end subroutine pool_end
end module orthant_threads
