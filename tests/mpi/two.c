/* Two processes with other numbers of columns, as a stranger has them who installed liborthant-mpi. */
#include <orthant/mpi.h>

#include <stdio.h>

enum { ROWS = 12, MOST = 21, RANK = 2 };
static float V[ROWS * MOST], W[ROWS * RANK], H[RANK * MOST];
static unsigned char memory[ORTHANT_NMF_BYTES_F32(ROWS, MOST, RANK) + 4096];

int main(int argc, char **argv)
{
  int process = 0, processes = 0;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &process);
  MPI_Comm_size(MPI_COMM_WORLD, &processes);
  const int32_t columns = process == 0 ? MOST : MOST - 5;
  for (int j = 0; j < columns; ++j)
    for (int i = 0; i < ROWS; ++i) V[i + ROWS * j] = (float)((i % 5) * (j % 3 + 1) + (i * 7 % 4) * ((j + process) % 4));
  orthant_reduce reduce = {sizeof reduce};
  orthant_status status = orthant_mpi_reduce(MPI_COMM_WORLD, columns, &reduce);
  const orthant_nmf_config config = {.size = sizeof config, .rows = ROWS, .cols = columns, .rank = RANK,
                                     .reduce = &reduce};
  const orthant_matrix_f32 data = ORTHANT_DENSE_F32(V, ROWS, columns, ROWS);
  orthant_nmf_f32 *nmf = NULL;
  orthant_report report = {sizeof report};
  if (!status) status = orthant_nmf_init_f32(&config, memory, sizeof memory, &nmf);
  status = orthant_mpi_agree(MPI_COMM_WORLD, status);
  if (!status) status = orthant_nmf_start_f32(nmf, &data, W, ROWS, H, RANK);
  if (!status) status = orthant_nmf_run_f32(nmf, &data, W, ROWS, H, RANK, &report);
  const int good = status == ORTHANT_OK && processes == 2 && reduce.all_columns == 2 * MOST - 5 &&
                   reduce.first_column == process * MOST && report.rel_error < 0.01;
  if (process == 0 || !good)
    printf("%s: %s, %d columns of %d, |V - W H| / |V| = %.1e\n", good ? "ok" : "FAILED", orthant_status_text(status),
           (int)columns, (int)reduce.all_columns, report.rel_error);
  MPI_Finalize();
  return !good;
}
