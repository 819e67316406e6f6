/* orthant_mpi_*: sums over the processes of a communicator. */
#include <orthant/mpi.h>

#include <limits.h>
#include <string.h>

/* A communicator as a pointer: the number that Fortran has for it, so that nothing must outlive the call. */
static void *as_user(MPI_Comm comm) { return (void *)(intptr_t)MPI_Comm_c2f(comm); }
static MPI_Comm as_comm(void *user) { return MPI_Comm_f2c((MPI_Fint)(intptr_t)user); }

static int32_t sum_over_processes(void *user, void *buffer, int32_t count, int32_t is_f64)
{
  return MPI_Allreduce(MPI_IN_PLACE, buffer, count, is_f64 ? MPI_DOUBLE : MPI_FLOAT, MPI_SUM, as_comm(user)) !=
         MPI_SUCCESS;
}

orthant_status orthant_mpi_agree(MPI_Comm comm, orthant_status mine)
{
  struct {
    int bad, process;
  } first = {mine != ORTHANT_OK ? 0 : 1, 0};
  int status = mine;
  if (MPI_Comm_rank(comm, &first.process) != MPI_SUCCESS ||
      MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_2INT, MPI_MINLOC, comm) != MPI_SUCCESS)
    return ORTHANT_E_REDUCE;
  if (first.bad != 0) return ORTHANT_OK;
  return MPI_Bcast(&status, 1, MPI_INT, first.process, comm) == MPI_SUCCESS ? (orthant_status)status : ORTHANT_E_REDUCE;
}

orthant_status orthant_mpi_reduce(MPI_Comm comm, int32_t columns, orthant_reduce *reduce)
{
  int process = 0, processes = 0;
  long long mine = columns, first = 0, all = 0;
  const int bad = columns < 0 || !reduce || reduce->size < sizeof *reduce;
  const orthant_status status = orthant_mpi_agree(comm, bad ? ORTHANT_E_ARG : ORTHANT_OK);
  if (status != ORTHANT_OK) return status;
  if (MPI_Comm_rank(comm, &process) != MPI_SUCCESS || MPI_Comm_size(comm, &processes) != MPI_SUCCESS ||
      MPI_Exscan(&mine, &first, 1, MPI_LONG_LONG, MPI_SUM, comm) != MPI_SUCCESS ||
      MPI_Allreduce(&mine, &all, 1, MPI_LONG_LONG, MPI_SUM, comm) != MPI_SUCCESS)
    return ORTHANT_E_REDUCE;
  if (all < 1 || all > INT32_MAX) return ORTHANT_E_ARG;
  memset(reduce, 0, sizeof *reduce);
  reduce->size = sizeof *reduce;
  reduce->process = process;
  reduce->processes = processes;
  reduce->first_column = process == 0 ? 0 : (int32_t)first; /* of the first Exscan says nothing */
  reduce->all_columns = (int32_t)all;
  reduce->sum = sum_over_processes;
  reduce->user = as_user(comm);
  return ORTHANT_OK;
}

orthant_status orthant_mpi_begin(int32_t *process, int32_t *processes, int32_t *beside)
{
  int begun = 0, level = 0, rank = 0, size = 0, here = 0;
  MPI_Comm machine;
  if (MPI_Initialized(&begun) != MPI_SUCCESS) return ORTHANT_E_REDUCE;
  if (!begun && MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS) return ORTHANT_E_REDUCE;
  if (MPI_Comm_rank(MPI_COMM_WORLD, &rank) != MPI_SUCCESS || MPI_Comm_size(MPI_COMM_WORLD, &size) != MPI_SUCCESS ||
      MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &machine) != MPI_SUCCESS ||
      MPI_Comm_size(machine, &here) != MPI_SUCCESS || MPI_Comm_free(&machine) != MPI_SUCCESS)
    return ORTHANT_E_REDUCE;
  *process = rank;
  *processes = size;
  *beside = here;
  return ORTHANT_OK;
}

orthant_status orthant_mpi_reduce_world(int32_t columns, orthant_reduce *reduce)
{
  return orthant_mpi_reduce(MPI_COMM_WORLD, columns, reduce);
}

void orthant_mpi_end(void) { MPI_Finalize(); }
