/** @file orthant/fixed.h
 * Orthant: the products of pixels and endmembers in integers.  A part of orthant.h, readable alone.
 *
 * Unmixing reads a pixel y only to form b = E'y.  Where the sensor gives counts, or the processor has no unit for
 * floating-point numbers, that is done in integers: quantize E once, project each line, unmix from the products.
 *
 * It pays without such a unit (on a Cortex-M3 each product of floats is a call), and in memory: endmembers and pixels
 * take a half or a quarter.  With such a unit f32 is as fast (tools/size/table.csv has the instructions a pixel of
 * both). */
#ifndef ORTHANT_FIXED_H
#define ORTHANT_FIXED_H

#include "../orthant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Unmixing from products in integers ------------------------------------------------------------------------- */

/** Quantize the columns of X to 16 bits.
 *   x ~ s Q for each column x, s = max |x| / q, Q integers in [-q, q], q = 32767 (i16) or 127 (i8).  Rounding leaves
 *   |x_i - s Q_i| <= h s with h = 1/2 + 2^-8: half a step, and two roundings of a float of at most 2^15
 *   X      in   rows x cols, ldx >= rows; finite; any unit
 *   Q      out  rows x cols, ldq >= rows; must not overlap X
 *   steps  out  cols: s; 0, as is Q, where a column is zero or below 1e-34
 *   OK | E_ARG | E_DATA (nothing is written)
 *   Cost: one division an element */
ORTHANT_API orthant_status orthant_fixed_quantize_i16(const float *X, int32_t ldx, int32_t rows, int32_t cols,
                                                      int16_t *Q, int32_t ldq, float *steps);
/** The same to 8 bits. */
ORTHANT_API orthant_status orthant_fixed_quantize_i8(const float *X, int32_t ldx, int32_t rows, int32_t cols, int8_t *Q,
                                                     int32_t ldq, float *steps);

/** Products of quantized pixels and endmembers, summed in integers without error.
 *   b_k = s_k t sum_i E_ik y_i,  s_k the step of the endmember, t that of the pixel.  For what was quantized
 *   |b_k - e_k'y| <= h (s_k |y|_1 + t |e_k|_1) + h^2 bands s_k t + 4 u |b_k|,  u = 2^-24.  A sensor's own counts are
 *   exact: then the terms with h t vanish and t is the unit of a count.  Where all entries are near their maximum that
 *   is 3e-5 |b| in i16 with both quantized, half of it with counts, and 0.8 % in i8
 *   E        in   bands x endmembers, lde >= bands
 *   e_steps  in   endmembers
 *   Y        in   bands x pixels, ldy >= bands
 *   y_steps  in   pixels, or null: all 1
 *   B        out  endmembers x pixels, ldb >= endmembers; must not overlap an input
 *   OK | E_ARG (i8: also more than 131071 bands, whose sum may pass 32 bits; i16 sums in 64)
 *   Cost of a pixel: bands * endmembers integer multiply-adds */
ORTHANT_API orthant_status orthant_fixed_project_i16(const int16_t *E, int32_t lde, const float *e_steps,
                                                     const int16_t *Y, int32_t ldy, const float *y_steps, int32_t bands,
                                                     int32_t endmembers, int32_t pixels, float *B, int32_t ldb);
/** The same of 8 bits. */
ORTHANT_API orthant_status orthant_fixed_project_i8(const int8_t *E, int32_t lde, const float *e_steps, const int8_t *Y,
                                                    int32_t ldy, const float *y_steps, int32_t bands,
                                                    int32_t endmembers, int32_t pixels, float *B, int32_t ldb);

/** Abundances as orthant_unmix_run, from products in the place of the pixels.
 *   B  in   endmembers x pixels, ldb >= endmembers: E'y for the E of init, from anywhere
 *   A  out  endmembers x pixels, lda >= endmembers; may be B where lda = ldb, else must not overlap it
 *   OK | E_ARG | E_DATA (as at run) | E_UNSUPPORTED (masked data; the methods HALS, ADMM, FAST_PG and MU, which stop by
 *   their residual)
 *   Cost of a pixel: about iterations * endmembers^2 multiply-adds */
ORTHANT_API orthant_status orthant_unmix_products_f32(orthant_unmix_f32 *s, const float *B, int32_t ldb, int32_t pixels,
                                                      float *A, int32_t lda);
ORTHANT_API orthant_status orthant_unmix_products_f64(orthant_unmix_f64 *s, const double *B, int32_t ldb,
                                                      int32_t pixels, double *A, int32_t lda);

#ifdef __cplusplus
}
#endif

#endif
