/* first [OUT]: the README's factorization, and an unmixing of three pixels of which the second has a NaN.  W, H and A go
 * to OUT.f32, and to OUT.f64 those in double precision; so do they in the programs of the other languages. */
#include <orthant.h>
#include <stdio.h>

enum { ROWS = 60, COLS = 80, RANK = 4, BANDS = 4, ENDMEMBERS = 2, PIXELS = 3 };

static int near(double a, double b) { return a - b < 1e-5 && b - a < 1e-5; }

#define OF(name) OF_(name, KIND)
#define OF_(name, kind) OF__(name, kind)
#define OF__(name, kind) name##_##kind

#define KIND f32
#define T float
#define DENSE ORTHANT_DENSE_F32
#define NMF_BYTES ORTHANT_NMF_BYTES_F32
#define UNMIX_BYTES ORTHANT_UNMIX_BYTES_F32
#include "first_body.h"
#ifndef ORTHANT_ONLY_F32
#undef KIND
#undef T
#undef DENSE
#undef NMF_BYTES
#undef UNMIX_BYTES
#define KIND f64
#define T double
#define DENSE ORTHANT_DENSE_F64
#define NMF_BYTES ORTHANT_NMF_BYTES_F64
#define UNMIX_BYTES ORTHANT_UNMIX_BYTES_F64
#include "first_body.h"
#endif

#ifdef __arm__ /* a board: no files, no arguments */
int main(void) { return !first_f32(NULL); }
#else
int main(int argc, char **argv) {
  const char *out = argc > 1 ? argv[1] : NULL;
#ifndef ORTHANT_ONLY_F32
  if (!first_f64(out)) return 1;
#endif
  return !first_f32(out);
}
#endif
