/* Learned models in read-only memory, used in place, and NMF: what they cost beside unmixing.  The model that
 * unmixes is compared with what a workstation found in double. */
#include "board.h"
#include "orthant.h"
#include "pixels.h"

/* The files as they are, aligned as their format wants it. */
#define BLOB(name, file)                                                                                            \
  __asm__(".pushsection .rodata." #name ",\"a\"\n.balign 64\n" #name ":\n.incbin \"" file "\"\n" #name "_end:\n"  \
          ".popsection\n");                                                                                         \
  extern const unsigned char name[], name##_end[]
BLOB(nalmu_blob, MODELS "/generic-4.orw");
BLOB(factormer_blob, MODELS "/tiny-f16.orw");

enum { ROWS = 24, COLS = 20, RANK = 10, MEMORY = 96 * 1024 };
static float line[BANDS * MODEL_PIXELS], abundance[ENDMEMBERS * MODEL_PIXELS], W[BANDS * RANK], H[RANK * COLS];
static float V[ROWS * COLS];
static unsigned char workspace[MEMORY];
static size_t deepest;
static int failed;

static void say(const char *what, const char *more, size_t number) {
  board_print(what);
  board_print(more);
  board_print(" ");
  board_print_unsigned((uint32_t)number);
  board_print("\n");
}
static void expect(int good, const char *what) {
  if (good) return;
  board_print("failed: ");
  board_print(what);
  board_print("\n");
  failed = 1;
}
/* The call, on painted stack. */
#define MEASURED(call)                                       \
  do {                                                       \
    board_paint_stack();                                     \
    expect((call) == ORTHANT_OK, #call);                     \
    if (board_stack_used() > deepest) deepest = board_stack_used(); \
  } while (0)
static void costs(const char *what, size_t bytes) {
  say(what, "_workspace", bytes);
  say(what, "_stack", deepest);
  deepest = 0;
}

static void nalmu(void) {
  static orthant_nalmu_config c;
  static orthant_report report;
  const orthant_matrix_f32 pixels = ORTHANT_DENSE_F32(line, BANDS, MODEL_PIXELS, BANDS);
  orthant_nalmu_f32 *handle = NULL;
  size_t bytes = 0;
  for (int i = 0; i < ENDMEMBERS * MODEL_PIXELS; ++i) abundance[i] = 0.25f;
  c.size = sizeof c, c.bands = BANDS, c.pixels = MODEL_PIXELS, c.layers = MODEL_LAYERS, c.given = 1;
  report.size = sizeof report;
  MEASURED(orthant_model_open(nalmu_blob, (size_t)(nalmu_blob_end - nalmu_blob), &c.model));
  MEASURED(orthant_nalmu_size_f32(&c, &bytes));
  MEASURED(orthant_nalmu_init_f32(&c, workspace, sizeof workspace, &handle));
  MEASURED(orthant_nalmu_run_f32(handle, &pixels, (float *)(uintptr_t)endmembers, BANDS, abundance, ENDMEMBERS,
                                 &report));
  costs("nalmu", bytes);
  float worst = 0;
  for (int i = 0; i < ENDMEMBERS * MODEL_PIXELS; ++i) {
    const float d = abundance[i] / expected_of_model[i] - 1.0f, size = d < 0 ? -d : d;
    worst = size <= worst ? worst : size;
  }
  say("nalmu", "_worst_error_ppb", (size_t)(worst * 1e9f));
  say("nalmu", "_of_which_are_allowed", (size_t)(expected_of_model_within * 1e9f));
  expect(worst <= expected_of_model_within, "abundances as in double");
}

static void nmf_and_factormer(void) {
  static orthant_nmf_config c;
  static orthant_factormer_config f;
  static orthant_report report;
  const orthant_matrix_f32 data = ORTHANT_DENSE_F32(V, ROWS, COLS, ROWS);
  orthant_nmf_f32 *handle = NULL;
  orthant_factormer_f32 *network = NULL;
  size_t bytes = 0;
  c.size = sizeof c, c.rows = ROWS, c.cols = COLS, c.rank = RANK, c.max_iter = 20;
  f.size = sizeof f, f.rows = ROWS, f.cols = COLS;
  report.size = sizeof report;
  MEASURED(orthant_nmf_size_f32(&c, &bytes));
  MEASURED(orthant_nmf_init_f32(&c, workspace, sizeof workspace, &handle));
  MEASURED(orthant_nmf_start_f32(handle, &data, W, ROWS, H, RANK));
  MEASURED(orthant_nmf_run_f32(handle, &data, W, ROWS, H, RANK, &report));
  costs("nmf", bytes);
  expect(report.rel_error > 0 && report.rel_error < 0.35, "a factorization that explains the data");

  MEASURED(orthant_model_open(factormer_blob, (size_t)(factormer_blob_end - factormer_blob), &f.model));
  MEASURED(orthant_factormer_size_f32(&f, &bytes));
  MEASURED(orthant_factormer_init_f32(&f, workspace, sizeof workspace, &network));
  MEASURED(orthant_factormer_run_f32(network, &data, W, ROWS, H, RANK, NULL, 0, NULL, 0));
  costs("factormer", bytes);
  int good = 1;
  for (int i = 0; i < ROWS * RANK; ++i) good = good && W[i] >= 0 && W[i] < 1e6f;
  for (int i = 0; i < RANK * COLS; ++i) good = good && H[i] >= 0 && H[i] < 1e6f;
  expect(good, "factors that are finite and nonnegative");
}

int main(void) {
  generate(line, MODEL_PIXELS);
  for (int i = 0; i < ROWS * COLS; ++i) V[i] = uniform();
  nalmu();
  nmf_and_factormer();
  (void)expected, (void)expected_within;
  return failed;
}
