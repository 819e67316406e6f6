/* spread [few | bad | die]: NMF on the processes of MPI beside NMF on one, of every method, f32 and f64, dense and
 * sparse, or with `few` of two of them; or one process spoils it, and all must notice.  Prints a line for each case.
 * 0: good. */
#include <math.h>
#include <orthant/mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 40, COLS = 90, RANK = 4 };
static int process, processes, failures;

static double entry(int i, int j) /* of low rank, with noise and zeros */
{
  double sum = 0;
  for (int k = 0; k < RANK; ++k) sum += ((i * 7 + k * 13) % 11) * ((j * 5 + k * 3) % 9) / 100.0;
  return (i + 2 * j) % 5 == 0 ? 0 : sum + (i * 131 + j * 71) % 17 / 60.0;
}
/* Uneven, and of more than four one is empty. */
static int first_of(int p)
{
  if (processes > 4 && p == 2) p = 3;
  return (int)((long)COLS * p * p / (processes * processes));
}

#define T float
#define TYPE "f32"
#define NAME(x) x##_f32
#define DENSE ORTHANT_DENSE_F32
#define SPARSE ORTHANT_SPARSE_F32
#include "spread_of.inc"
#undef T
#undef TYPE
#undef NAME
#undef DENSE
#undef SPARSE
#define T double
#define TYPE "f64"
#define NAME(x) x##_f64
#define DENSE ORTHANT_DENSE_F64
#define SPARSE ORTHANT_SPARSE_F64
#include "spread_of.inc"

static void compare_all(int few)
{
  static const int methods[] = {ORTHANT_NMF_EHALS, ORTHANT_NMF_HALS, ORTHANT_NMF_AHALS, ORTHANT_NMF_ANLS,
                                ORTHANT_NMF_AOADMM, ORTHANT_NMF_MU, ORTHANT_NMF_MU};
  const int count = (int)(sizeof methods / sizeof methods[0]);
  for (int k = 0; k < 2 * count; k += few ? 2 * count - 1 : 1) {
    orthant_nmf_config c = {.size = sizeof c, .rows = ROWS, .rank = RANK, .method = methods[k / 2],
                            .max_iter = few ? 5 : 50, .start = ORTHANT_START_COLS, .tol = ORTHANT_NONE, .seed = 3};
    c.data = k % 2 ? ORTHANT_CSC : ORTHANT_DENSE;
    c.loss = k / 2 == count - 1 ? ORTHANT_LOSS_KL : ORTHANT_LOSS_FROBENIUS;
    compare_f32(c, 1e-6);
    compare_f64(c, 1e-12);
  }
}

static int32_t die(void *user, const orthant_report *so_far)
{
  (void)user;
  if (so_far->iters == 5 && process == processes - 1) raise(SIGKILL);
  return 0;
}
/* A process is killed in its fifth iteration: no other may return from this. */
static void lose_one(void)
{
  static room_f32 r;
  orthant_report report = {sizeof report};
  orthant_reduce reduce = {sizeof reduce};
  const int from = first_of(process), to = process + 1 < processes ? first_of(process + 1) : COLS;
  orthant_mpi_reduce(MPI_COMM_WORLD, to - from, &reduce);
  orthant_nmf_config c = {.size = sizeof c, .rows = ROWS, .cols = to - from, .rank = RANK, .max_iter = 100000,
                          .tol = ORTHANT_NONE, .progress = die, .reduce = &reduce};
  orthant_matrix_f32 V = matrix_f32(&r, from, to, 0);
  const orthant_status st = solve_f32(c, &r, &V, &report);
  printf("process %d went on without the others: status %d after %d iterations\n", process, (int)st, (int)report.iters);
}

/* A NaN in the share of the last process, and a process whose init fails: the same status on every process. */
static void spoil(void)
{
  static room_f32 r;
  orthant_report report = {sizeof report};
  orthant_reduce reduce = {sizeof reduce};
  const int from = first_of(process), to = process + 1 < processes ? first_of(process + 1) : COLS;
  for (int k = 0; k < 3; ++k) {
    const orthant_status expected = k == 0 ? ORTHANT_E_DATA : ORTHANT_E_ARG;
    const int last = process == processes - 1;
    orthant_status st = orthant_mpi_reduce(MPI_COMM_WORLD, k == 2 && last ? -1 : to - from, &reduce);
    orthant_nmf_config c = {.size = sizeof c, .rows = ROWS, .cols = to - from, .rank = RANK, .reduce = &reduce};
    orthant_matrix_f32 V = matrix_f32(&r, from, to, 0);
    if (k == 0 && last) r.values[3] = NAN;
    if (k == 1 && last) c.beta = NAN;
    if (!st) st = solve_f32(c, &r, &V, &report);
    const int good = st == expected;
    failures += !good;
    printf("%s: process %d of %d has status %d\n", good ? "ok" : "FAILED", process, processes, (int)st);
  }
}

int main(int argc, char **argv)
{
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &process);
  MPI_Comm_size(MPI_COMM_WORLD, &processes);
  if (argc > 1 && strcmp(argv[1], "die") == 0) lose_one();
  else if (argc > 1 && strcmp(argv[1], "bad") == 0) spoil();
  else compare_all(argc > 1);
  MPI_Finalize();
  return failures != 0;
}
