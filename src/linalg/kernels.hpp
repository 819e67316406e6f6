// The built-in kernels, in tables of functions: one of each kind for each instruction set, chosen at run time; several
// kinds, so that firmware carries just what it calls.  Every kernel touches just the elements that its shapes name,
// works at any alignment, and gives the same bits wherever the buffers lie.  simd/vectors.hpp says how one is written
// and added.
#pragma once
#include "real.hpp"

namespace orthant {

// What every solver calls.
template <class T>
struct Kernels {
  const char *name;
  // C (M x N) = A' B, or += if add;  A K x M, B K x N.  The long direction is K: columns are read as streams.
  void (*gemm_tn)(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C,
                  ptrdiff_t ldc, bool add);
  // C (M x N) = A B, or += if add;  A M x K, B K x N.  The long direction is M.  next: where the block begins that will
  // be wanted in A's place, to be fetched meanwhile; or null.
  void (*gemm_nn)(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C,
                  ptrdiff_t ldc, bool add, const T *next);
  // `sweeps` times for k = 0 .. r-1:  X_k = max(0, X_k + (F_k - X G_k) / G_kk);  X, F p x r, G r x r symmetric.
  // Columns with G_kk = 0 stay.  inv: the r numbers 1 / G_kk, or 0.
  void (*hals)(int32_t p, int32_t r, int32_t sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X,
               ptrdiff_t ldx);
  // The sum of squares of n numbers, and the smallest of them and zero; a NaN or an infinity makes the sum not finite.
  void (*scan)(int32_t n, const T *x, T *squares, T *least);
  // C (M x N) = A' B and squares_i = |A_i|^2, A K x M, B K x N: all that unmixing wants of its pixels.
  void (*project)(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C,
                  ptrdiff_t ldc, T *squares);
};

// Sparse data.
template <class T>
struct SparseKernels {
  // One sparse vector (values at indices) against small dense vectors of r entries, the columns of B or C:
  // out = sum_t value_t B(:, index_t)   and   C(:, index_t) += value_t x for every t.
  void (*gather)(int32_t r, int32_t count, const int32_t *index, const T *value, const T *B, ptrdiff_t ldb, T *out);
  void (*scatter)(int32_t r, int32_t count, const int32_t *index, const T *value, const T *x, T *C, ptrdiff_t ldc);
};

// Entries of one line, a column or a row, of a sparse matrix: those from `from` to `to` - 1 of all.
struct Run {
  int32_t line, from, to;
};

// Sparse data cut into runs, for many workers (linalg/scatter.hpp).
template <class T>
struct RunKernels {
  // C(:, index_t) += value_t X(:, line)  for the entries t of every run; X and C of r rows.
  void (*scatter)(int32_t r, int32_t runs, const Run *run, const int32_t *index, const T *value, const T *X,
                  ptrdiff_t ldx, T *C, ptrdiff_t ldc);
  // The same with value_t / max(B(:, index_t)' X(:, line), least) in the place of value_t, to the bit what dots, ratio
  // and scatter do one after the other.
  void (*scatter_ratio)(int32_t r, int32_t runs, const Run *run, const int32_t *index, const T *value, const T *X,
                        ptrdiff_t ldx, const T *B, ptrdiff_t ldb, T least, T *C, ptrdiff_t ldc);
};

// The ReLU decomposition.
template <class T>
struct ReluKernels {
  // n entries of the data m >= 0 and of the model p.  p becomes the residual r of the latent model: p - m where m > 0,
  // max(p, 0) elsewhere; the sums are those of r^2 and of (m - max(p, 0))^2.
  void (*residual)(int32_t n, const T *m, T *p, T *squares, T *error);
  // The same sums of M x N entries, with the data kept in z: t is `huge` where m > 0, and z is m / back there;
  // elsewhere m = 0.  Then z <- c m and t stays where m > 0; elsewhere t <- (1 + a) p - a t,
  // z <- (1 + a) min(t, 0) - a z.
  void (*momentum)(int32_t M, int32_t N, T a, T back, T c, const T *p, ptrdiff_t ldp, T *t, ptrdiff_t ldt, T *z,
                   ptrdiff_t ldz, T *squares, T *error);
};

// What losses other than Frobenius need.
template <class T>
struct LossKernels {
  // q = v / max(p, least), n numbers
  void (*ratio)(int32_t n, const T *v, const T *p, T least, T *q);
  // out_t = B(:, index_t)' x,  B of r rows
  void (*dots)(int32_t r, int32_t count, const int32_t *index, const T *B, ptrdiff_t ldb, const T *x, T *out);
  // Adds the sum of v log(v/p) - v + p (Kullback and Leibler; 0 log 0 = 0), or of v/p - log(v/p) - 1 (Itakura and
  // Saito), and the sum of (v - p)^2.  p > 0.
  void (*kl)(int32_t n, const T *v, const T *p, double *divergence, double *squares);
  void (*is)(int32_t n, const T *v, const T *p, double *divergence, double *squares);
  // Coordinate descent on  sum(A x) - v' log(A x) + l1 1'x + l2/2 |x|^2  over x >= 0 for `count` columns v, each with
  // its x (r) and p = A x (n; scratch afterwards);  A n x r, D_k = 1'A_k + l1.
  void (*ccd)(int32_t n, int32_t r, int32_t count, int32_t sweeps, const T *A, ptrdiff_t lda, const T *D, T l2,
              T least, const T *v, ptrdiff_t ldv, T *p, ptrdiff_t ldp, T *x, ptrdiff_t ldx);
};

// Entry by entry what a multiplicative update does (models).
// a: one number for all rows, or with `each` one for every row.
template <class T>
struct MuKernels {
  // o = clip(a x n / max(d, least)); high 0: no clip.  o may be x.
  void (*forward)(int32_t rows, bool each, const T *a, const T *x, const T *n, const T *d, T least, T low, T high,
                  T *o);
  // For the gradient r of o, zero where o is at a clip or d below least:  ab += r x n / d (or its sum into *ab),
  // nb = r a x / d,  db = -r a x n / d^2,  xb = r a n / d.
  void (*back)(int32_t rows, bool each, const T *a, const T *x, const T *n, const T *d, const T *o, T least, T low,
               T high, const T *r, T *ab, T *nb, T *db, T *xb);
};

// What lies between the matrix products of a Factormer layer.
template <class T>
struct FactormerKernels {
  // C (M x N) = A B, or += if add;  A M x K, B K x N, all of some tens to hundreds: each sum is formed before C is
  // touched.
  void (*nn)(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
             bool add);
  // One column of an online softmax: z <- exp(z + c e - top) with top the largest so far, and *sum and *weighted (the
  // sum of z e) with it.  Returns what earlier results are to be multiplied by.
  T (*soften)(int32_t n, const T *e, T c, T *z, T *top, T *sum, T *weighted);
  // Backwards: z <- a = exp(z + c e - top) inverse, d <- a (d + du e - mean); returns the sum of d e.
  T (*harden)(int32_t n, const T *e, T c, T top, T inverse, T du, T mean, T *z, T *d);
  // hat = (x - mean x) / deviation, out = gain hat + shift; returns 1 / deviation.
  T (*norm)(int32_t n, const T *x, const T *gain, const T *shift, T *hat, T *out);
  // Backwards: dx from dy; adds to dgain and dshift.  dx may be dy.
  void (*norm_back)(int32_t n, T inverse, const T *gain, const T *hat, const T *dy, T *dgain, T *dshift, T *dx);
  void (*madd)(int32_t n, const T *a, const T *b, const T *c, T *out);  // out = a + b c; out may be any of them
  void (*times)(int32_t n, T s, const T *a, const T *b, T *out);        // out = s a b; b null: s a
  void (*add)(int32_t n, const T *a, T *out);                           // out += a
  void (*rectify)(int32_t n, const T *h, T *x);                         // x <- x where h > 0, else 0; h may be x
  T (*dot)(int32_t n, const T *a, const T *b);
};

// A step of AdamW [Kingma, Ba 2015; Loshchilov, Hutter 2019]: what is the same for all parameters.
template <class T>
struct AdamNumbers {
  T b1, b2, epsilon;
  T keep;    // 1 - rate decay
  T step;    // rate / (1 - b1^t)
  T second;  // 1 / (1 - b2^t)
  T shrink;  // of the gradient
  // m = b1 m + (1-b1) g,  v = b2 v + (1-b2) g^2,  p = keep p - step m / (sqrt(second v) + epsilon)
  // Compiled for several instruction sets: a copy of its own would be one of them for all.
  __attribute__((always_inline)) void entry(T gradient, T *p, T *m, T *v) const {
    const T g = shrink * gradient;
    *m = b1 * *m + (T(1) - b1) * g;
    *v = b2 * *v + (T(1) - b2) * g * g;
    *p = keep * *p - step * *m / (sqrt_of(*v * second) + epsilon);
  }
};

// What training a Factormer adds.
template <class T>
struct TrainKernels {
  // C (M x N) = A B', or += if add;  A M x K, B N x K.
  void (*nt)(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
             bool add);
  // A step of n parameters p with their moments m and v.
  void (*adam)(size_t n, const AdamNumbers<T> &numbers, const T *g, T *p, T *m, T *v);
};

// The instruction sets with kernels of their own, from slow to fast.
enum class Level : int32_t { plain, avx2, avx512 };
#ifndef ORTHANT_HIGHEST_LEVEL
#define ORTHANT_HIGHEST_LEVEL avx512  // the build option `kernels` lowers it
#endif

// The highest level that this processor runs and this build allows.  A few loads: no state is kept.
inline Level level() {
#if defined(ORTHANT_X86)
  constexpr Level highest = Level::ORTHANT_HIGHEST_LEVEL;
  __builtin_cpu_init();
  if (highest >= Level::avx512 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
    return Level::avx512;
  if (highest >= Level::avx2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Level::avx2;
#endif
  return Level::plain;
}

// The table of one instruction set.  simd/ defines it for the sets that the target has.
template <Level set, class Table>
const Table &table_on();

// The table of that level, which the processor must run.
template <class Table>
inline const Table &table_at(Level set) {
  switch (set) {
#if defined(ORTHANT_X86)
    case Level::avx512: return table_on<Level::avx512, Table>();
    case Level::avx2: return table_on<Level::avx2, Table>();
#endif
    default: return table_on<Level::plain, Table>();
  }
}

// The table of the highest level.  Called once in each public call.
template <class Table>
inline const Table &fastest() {
  return table_at<Table>(level());
}

}  // namespace orthant
