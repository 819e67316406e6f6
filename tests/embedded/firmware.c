/* A camera's inner loop: endmembers in flash, a line of pixels, static buffers, no C library but memcpy and memset.
 * Unmixes with FCLS, compares the abundances with those that a workstation found in double, and prints what it cost. */
#include "board.h"
#include "orthant.h"
#include "pixels.h"

static float line[BANDS * PIXELS], abundance[ENDMEMBERS * PIXELS];
static int16_t endmembers16[BANDS * ENDMEMBERS], line16[BANDS * PIXELS];
static int8_t endmembers8[BANDS * ENDMEMBERS], line8[BANDS * PIXELS];
static float steps[ENDMEMBERS], pixel_steps[PIXELS], products[ENDMEMBERS * PIXELS];
static unsigned char workspace[ORTHANT_UNMIX_BYTES_F32(BANDS, ENDMEMBERS)];

static void say(const char *what, uint32_t number) {
  board_print(what);
  board_print(" ");
  board_print_unsigned(number);
  board_print("\n");
}

static uint32_t instructions(void) { return board_clock() * board_clock_tick() / PIXELS; }

/* The same from products in integers; how far the abundances are from those of f32. */
static float compare(orthant_unmix_f32 *handle, const char *cost, const char *what) {
  float worst = 0;
  board_start_clock();
  const orthant_status status = orthant_unmix_products_f32(handle, products, ENDMEMBERS, PIXELS, products, ENDMEMBERS);
  say(cost, instructions());
  for (int i = 0; i < ENDMEMBERS * PIXELS; ++i) {
    const float d = products[i] - abundance[i], size = d < 0 ? -d : d;
    worst = size <= worst ? worst : size;
  }
  say(what, (uint32_t)(worst * 1e6f));
  return status == ORTHANT_OK ? worst : 2;
}
static float in_integers(orthant_unmix_f32 *handle) {
  orthant_status status = orthant_fixed_quantize_i16(endmembers, BANDS, BANDS, ENDMEMBERS, endmembers16, BANDS, steps);
  status |= orthant_fixed_quantize_i16(line, BANDS, BANDS, PIXELS, line16, BANDS, pixel_steps);
  board_paint_stack();
  board_start_clock();
  status |= orthant_fixed_project_i16(endmembers16, BANDS, steps, line16, BANDS, pixel_steps, BANDS, ENDMEMBERS, PIXELS,
                                      products, ENDMEMBERS);
  say("instructions_i16", instructions());
  say("stack_fixed", (uint32_t)board_stack_used());
  const float worst = compare(handle, "instructions_from_products_i16", "i16_from_f32_ppm");
  status |= orthant_fixed_quantize_i8(endmembers, BANDS, BANDS, ENDMEMBERS, endmembers8, BANDS, steps);
  status |= orthant_fixed_quantize_i8(line, BANDS, BANDS, PIXELS, line8, BANDS, pixel_steps);
  board_start_clock();
  status |= orthant_fixed_project_i8(endmembers8, BANDS, steps, line8, BANDS, pixel_steps, BANDS, ENDMEMBERS, PIXELS,
                                     products, ENDMEMBERS);
  say("instructions_i8", instructions());
  (void)compare(handle, "instructions_from_products_i8", "i8_from_f32_ppm");
  return status == ORTHANT_OK ? worst : 2;
}

int main(void) {
  static orthant_unmix_config c;
  static orthant_report report;
  const orthant_matrix_f32 pixels = ORTHANT_DENSE_F32(line, BANDS, PIXELS, BANDS);
  orthant_unmix_f32 *handle = NULL;
  size_t bytes = 0, stack[5];
  generate(line, PIXELS);
  c.size = sizeof c, c.bands = BANDS, c.endmembers = ENDMEMBERS, c.sum_to_one = 1;
  report.size = sizeof report;

  board_paint_stack();
  orthant_status status = orthant_unmix_size_f32(&c, &bytes);
  stack[0] = board_stack_used();
  board_paint_stack();
  if (status == ORTHANT_OK)
    status = orthant_unmix_init_f32(&c, endmembers, BANDS, workspace, sizeof workspace, &handle);
  stack[1] = board_stack_used();
  board_paint_stack();
  board_start_clock();
  if (status == ORTHANT_OK) status = orthant_unmix_run_f32(handle, &pixels, abundance, ENDMEMBERS, NULL);
  const uint32_t cost = instructions();
  stack[2] = board_stack_used();
  board_paint_stack(); /* so little noise that the report is computed from the data once more */
  if (status == ORTHANT_OK) status = orthant_unmix_run_f32(handle, &pixels, abundance, ENDMEMBERS, &report);
  stack[3] = board_stack_used();
  board_paint_stack();
  if (status == ORTHANT_OK)
    status = orthant_unmix_check_f32(handle, &pixels, abundance, ENDMEMBERS, NULL, NULL, &report);
  stack[4] = board_stack_used();
  if (status != ORTHANT_OK) {
    say("status, negated", (uint32_t)-status);
    return 1;
  }

  float worst = 0, least = 0, off = 0;
  for (int j = 0; j < PIXELS; ++j) {
    float sum = 0;
    for (int k = 0; k < ENDMEMBERS; ++k) {
      const float a = abundance[k + ENDMEMBERS * j], d = a - expected[k + ENDMEMBERS * j];
      worst = d > worst ? d : -d > worst ? -d : worst;
      least = a < least ? a : least;
      sum += a;
    }
    off = sum - 1.0f > off ? sum - 1.0f : 1.0f - sum > off ? 1.0f - sum : off;
  }
  say("workspace", (uint32_t)bytes);
  say("stack_size", (uint32_t)stack[0]);
  say("stack_init", (uint32_t)stack[1]);
  say("stack_run", (uint32_t)stack[2]);
  say("stack_run_report", (uint32_t)stack[3]);
  say("stack_check", (uint32_t)stack[4]);
  say("instructions_per_pixel", cost);
  say("worst_error_ppb", (uint32_t)(worst * 1e9f));
  say("of_which_are_allowed", (uint32_t)(expected_within * 1e9f));
  say("sum_error_ppb", (uint32_t)(off * 1e9f));
  const float fixed = in_integers(handle);
  return fixed < 0.1f && worst <= expected_within && off < 2e-6f && !(least < 0.0f) && report.kkt < 1e-5 &&
                 report.rel_error < 1e-3 ? 0 : 1;
}
