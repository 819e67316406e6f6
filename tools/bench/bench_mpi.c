/* bench_mpi [ITERATIONS]: an iteration of NMF on the processes of mpirun, what of it is computing and what are sums.
 *   mpirun -n P bench_mpi        a table in CSV on the first process; each case one line
 * Computing is processor time outside of the sums, of the process that needs most: it counts alike whether each process
 * has a core of its own or not.  A sum is timed alone, by the clock.  `wall_ms` has both, and what waits for cores where processes are more than these.
 * strong: the same V on all processes; weak: so many columns on each. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <orthant/mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int process, processes;
static double in_sums, cpu_in_sums;
static orthant_reduce inner;

static double cpu_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int32_t timed_sum(void *user, void *buffer, int32_t count, int32_t is_f64)
{
  const double wall = MPI_Wtime(), cpu = cpu_now();
  const int32_t failed = inner.sum(user, buffer, count, is_f64);
  in_sums += MPI_Wtime() - wall;
  cpu_in_sums += cpu_now() - cpu;
  return failed;
}

static double most(double mine)
{
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return mine;
}

/* Seconds of one sum of so many floats, the least of thirty tries: what else runs on the machine is no part of it. */
static double sum_seconds(float *buffer, int count)
{
  double least = 1e9;
  for (int k = 0; k < 30; ++k) {
    MPI_Barrier(MPI_COMM_WORLD);
    const double begun = MPI_Wtime();
    for (int i = 0; i < 4; ++i) inner.sum(inner.user, buffer, count, 0);
    const double seconds = most(MPI_Wtime() - begun) / 4;
    if (seconds < least) least = seconds;
  }
  return least;
}

static void fill(float *V, int rows, int cols, int first, int rank)
{
  for (int j = 0; j < cols; ++j)
    for (int i = 0; i < rows; ++i) {
      float sum = 0;
      const unsigned mixed = (unsigned)i * 2654435761u + (unsigned)(first + j) * 40503u;
      for (int k = 0; k < 4; ++k)
        sum += (float)((i * 7 + k * 13) % 11) * (float)(((first + j) * 5 + k * 3 + rank) % 9) / 100;
      V[(size_t)i + (size_t)rows * (size_t)j] = sum + (float)((mixed >> 8) % 1000) / 5000;
    }
}

static int run_case(const char *kind, int rows, int all, int rank, int iterations)
{
  const int from = (int)((long long)all * process / processes), to = (int)((long long)all * (process + 1) / processes);
  const int cols = to - from;
  float *V = malloc(sizeof *V * (size_t)rows * (size_t)cols), *W = malloc(sizeof *W * (size_t)rows * (size_t)rank);
  float *H = malloc(sizeof *H * (size_t)rank * (size_t)cols);
  orthant_report warm = {.size = sizeof warm}, report = {.size = sizeof report};
  orthant_nmf_f32 *nmf = NULL;
  size_t bytes = 0;
  inner.size = sizeof inner;
  orthant_status st = orthant_mpi_reduce(MPI_COMM_WORLD, cols, &inner);
  orthant_reduce reduce = inner;
  reduce.sum = timed_sum;
  const orthant_nmf_config c = {.size = sizeof c, .rows = rows, .cols = cols, .rank = rank, .method = ORTHANT_NMF_HALS,
                                .sweeps = 2, .max_iter = iterations, .tol = ORTHANT_NONE, .reduce = &reduce};
  if (!st) st = orthant_nmf_size_f32(&c, &bytes);
  void *memory = malloc(bytes);
  if (!st) st = orthant_nmf_init_f32(&c, memory, bytes, &nmf);
  st = orthant_mpi_agree(MPI_COMM_WORLD, !V || !W || !H || !memory ? ORTHANT_E_SCRATCH : st);
  if (!st) fill(V, rows, cols, from, rank);
  const orthant_matrix_f32 data = ORTHANT_DENSE_F32(V, rows, cols, rows);
  if (!st) st = orthant_nmf_start_f32(nmf, &data, W, rows, H, rank);
  if (!st) st = orthant_nmf_run_f32(nmf, &data, W, rows, H, rank, &warm);
  MPI_Barrier(MPI_COMM_WORLD);
  in_sums = cpu_in_sums = 0;
  const double wall = MPI_Wtime(), cpu = cpu_now();
  if (!st) st = orthant_nmf_run_f32(nmf, &data, W, rows, H, rank, &report);
  const double cpu_all = cpu_now() - cpu - cpu_in_sums, wall_all = MPI_Wtime() - wall;
  const double computing = most(cpu_all) / iterations, clock = most(wall_all) / iterations;
  const double one = st ? 0 : sum_seconds(W, rows * rank) + sum_seconds(H, cols * rank < 14 ? cols * rank : 14);
  if (process == 0 && !st)
    printf("%s,%d,%d,%d,%d,%.4f,%.4f,%.4f,%.0f\n", kind, rows, all, rank, processes, 1e3 * computing, 1e3 * one,
           1e3 * clock, (double)(report.reduced_bytes - warm.reduced_bytes) / iterations);
  if (process == 0 && st) fprintf(stderr, "%s\n", orthant_status_text(st));
  free(V), free(W), free(H), free(memory);
  return st != ORTHANT_OK;
}

int main(int argc, char **argv)
{
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &process);
  MPI_Comm_size(MPI_COMM_WORLD, &processes);
  const int iterations = argc > 1 ? atoi(argv[1]) : 20;
  if (process == 0)
    printf("# %s, %s, %d iterations of HALS, 2 sweeps, f32\n"
           "kind,rows,columns,rank,processes,computing_ms,sums_ms,wall_ms,sum_bytes\n",
           orthant_build(), orthant_build_kernels(), iterations);
  int failed = run_case("strong", 2000, 8000, 32, iterations);
  failed |= run_case("strong", 200, 80000, 10, iterations);
  failed |= run_case("strong", 8000, 800, 32, iterations);
  failed |= run_case("weak", 200, 20000 * processes, 10, iterations);
  float *buffer = malloc(sizeof *buffer * ((size_t)1 << 22));
  for (int count = 1; buffer && count <= 1 << 22; count *= 8) {
    const double seconds = sum_seconds(buffer, count);
    if (process == 0) printf("sum,%d,0,0,%d,0,%.5f,0,%d\n", count, processes, 1e3 * seconds, 4 * count);
  }
  free(buffer);
  MPI_Finalize();
  return failed;
}
