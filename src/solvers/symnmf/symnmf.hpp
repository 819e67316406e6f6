// Symmetric NMF: X close to U U' for symmetric X >= 0 (n x n) and U >= 0 (n x r).
//   f(U) = 1/4 |X - U U'|^2,  gradient (U U' - X) U;   E = |X - U U'|^2 / |X|^2
// A method is a step of the common outer loop; every step begins and ends with B = X U and G = U'U at hand, so that f,
// E and the gradient cost nothing more (spec, section 3).
#pragma once
#include "nnls.hpp"
#include "operand.hpp"
#include "outer.hpp"
#include "tsvd.hpp"

namespace orthant {

enum class SymMethod : int32_t { anls = 1, hals, alternate, fixed_point, admm, newton, pgd };
enum class SymStart : int32_t { scaled = 1, plain, given, spectral };
enum class SymPenalty : int32_t { practical = 1, sufficient, none, value };

struct SymConfig {
  int32_t n = 0, rank = 0;
  SymMethod method = SymMethod::hals;
  SymStart start = SymStart::scaled;
  SymPenalty penalty = SymPenalty::practical;
  double lambda = 0;  // with SymPenalty::value
  bool bound = false;
  uint64_t seed = 0;
  Parallel par;
  OuterConfig outer;
  struct Caller {
    void (*progress)() = nullptr;
    void *user = nullptr;
  } caller;  // the C progress function, which only capi can call
};

// X as the symmetric methods see it: the one place where it is read.  Dense, or sparse by columns, which are rows too.
template <class T>
struct Symmetric {
  Operand<T> X;
  T *turned = nullptr;  // 2 * n * cols of the widest product: sparse products want their factors transposed
  int32_t n() const { return X.cols(); }
  // C = X A
  void times(const Ops<T> &ops, const Parallel &par, View<T> A, Mat<T> C) const;
  // OK where X is finite, nonnegative and equal to its transpose up to rounding; its squared norm and its sum.
  Status check(const Ops<T> &ops, const Parallel &par, double *norm2, double *sum, double *part) const;
  static constexpr int32_t parts = 16;  // of `part`: two doubles and a flag each
  // Of order and of place and value, as f32, of every nonzero: the same for a dense and a sparse X [Fowler, Noll, Vo].
  uint64_t hash() const;
};

// U <- scale times uniform numbers; scaled_start: 2 sqrt(mean(X) / r) [Kuang 2012], where U U' has the mean of X.
template <class T>
void random_start(uint64_t seed, double scale, Mat<T> U);
inline double scaled_start(double sum, int32_t n, int32_t r) { return 2 * sqrt_of(sum / n / n / r); }

template <class T>
struct SymJob;

template <class T>
struct SymNmf {
  SymConfig c;
  OuterState outer;
  double norm2 = 0, lambda = 0, bound = 0;  // |X|^2; the penalty in use; the spectral lower bound of E
  double ball = 0;                          // ADMM: the largest |row|^2, 0: none
  double top = 0;                           // an upper bound of |X|_2
  int32_t started = 0;

  Status start(void *base, const Symmetric<T> &X, Mat<T> U);
  Status run(void *base, const Symmetric<T> &X, Mat<T> U, Report *report);

  static constexpr int32_t row_block = small_target ? 16 : 128, max_parts = small_target ? 1 : 32;
  struct Blocks {
    Mat<T> V, B, D, S, Q;   // n x rank: second factor or step; X U; gradient or multiplier; Newton's direction; X V
    Mat<T> keep;            // n x rank: U before the step
    NnlsPlan<T> plan;       // of the half step; its G holds the penalty
    Mat<T> G, H;            // U'U; scratch, rank x rank
    Mat<T> L, M;            // rank x rank: a factor and its inverse
    T *partial;             // max_parts * rank^2
    double *sums;           // max_parts * 3, and those of the check
    T *x, *y;               // n each: a power iteration
    T *turned;              // 2 * n * rank
    T *factors;             // Newton: rank * n * n
    int32_t *flag;          // Newton: rank
    unsigned char *mask;    // Newton: rank * n
    Tsvd<T> svd;            // the bound, the spectral start; it alone has the two that follow
    T *svd_work;            // svd_work(rank)
    int32_t *chosen;        // rank
    unsigned char *worker;
    size_t worker_bytes;
  };
  struct Worker {
    Mat<T> F;               // row_block x rank
    NnlsScratch<T> scratch;
    T *u, *v, *panel;       // n each; Newton: 64 n
    int32_t *index;         // Newton: n
  };
  void layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, Worker &w) const;
  // Takes no step that it has not judged, and so needs no way back from one that overflowed.
  bool searches() const { return c.method == SymMethod::newton || c.method == SymMethod::pgd; }
  bool wants_eigenvectors() const { return c.bound || c.start == SymStart::spectral; }
  Half half() const { return c.method == SymMethod::anls || c.method == SymMethod::admm ? Half::bpp : Half::hals; }
};

// One call: the data, the factor, the blocks, and what the methods share.
template <class T>
struct SymJob {
  SymNmf<T> &s;
  Symmetric<T> X;
  Mat<T> U;
  typename SymNmf<T>::Blocks b;
  Ops<T> ops;

  SymJob(SymNmf<T> &solver, Carver &carve, const Symmetric<T> &data, Mat<T> u) : s(solver), X(data), U(u) {
    s.layout(carve, b);
    X.turned = b.turned;
  }
  int32_t n() const { return s.c.n; }
  int32_t rank() const { return s.c.rank; }
  typename SymNmf<T>::Worker worker(int32_t index) const {
    Carver carve(b.worker + b.worker_bytes * size_t(index));
    typename SymNmf<T>::Worker w;
    s.worker_layout(carve, w);
    return w;
  }
  void times(View<T> A, Mat<T> C) const { X.times(ops, s.c.par, A, C); }

  // body(first row, rows, worker) over the blocks of rows; sums of what it returns, in the order of the parts.
  struct Sums {
    double a = 0, b = 0, c = 0;
  };
  template <class Body>
  Sums by_rows(const Body &body) const {
    constexpr int32_t p = SymNmf<T>::row_block;
    const int32_t blocks = ceil_div(n(), p), parts = min_of(SymNmf<T>::max_parts, blocks);
    parallel_for(s.c.par, parts, [&](int32_t i, int32_t index) {
      const typename SymNmf<T>::Worker w = worker(index);
      Sums sum;
      const int32_t from = int32_t(int64_t(blocks) * i / parts), to = int32_t(int64_t(blocks) * (i + 1) / parts);
      for (int32_t k = from; k < to; ++k) {
        const Sums more = body(k * p, min_of(p, n() - k * p), w);
        sum.a += more.a, sum.b += more.b, sum.c += more.c;
      }
      double *at = b.sums + 3 * i;
      at[0] = sum.a, at[1] = sum.b, at[2] = sum.c;
    });
    Sums total;
    for (int32_t i = 0; i < parts; ++i)
      total.a += b.sums[3 * i], total.b += b.sums[3 * i + 1], total.c += b.sums[3 * i + 2];
    return total;
  }

  void gram(View<T> A, Mat<T> G) const;                 // G = A'A
  double dot(View<T> A, View<T> C) const;               // <A, C>
  double distance2(View<T> A, View<T> C) const;         // |A - C|^2
  void inverse(View<T> G, T shift, Mat<T> S) const;     // S = (G + shift I)^-1, symmetric
  void refresh() const;                                 // B = X U, G = U'U
  double error2() const;                                // |X - U U'|^2, from B and G, where that cancels from X
  double projected2() const;                            // squared norm of the projected gradient, from B and G
  T residual_norm(int32_t steps) const;                 // |X - U U'|_2 by `steps` power steps from b.x
  void revive(Mat<T> A) const;                          // a column of zeros becomes tiny
  void gradient(Mat<T> D) const;                        // D = U G - B
  // U <- max(0, U - s S) for the first s = 1, shrink, shrink^2, .. whose f descends by `enough` of what D promises.
  void search(View<T> D, View<T> S, T s, T shrink, double enough) const;
  void set(Report &r, bool check) const;                // what does not depend on the method

  // what outer_loop calls
  bool step(bool check, Report &r);
  void finish(Report &r);
  Status begin(SymStart start);
  void eigenvectors();                                  // leading ones of X, from below s.top, to b.svd
  double objective() const;  // of the method, at U (and V)
};

// U from the eigenvectors in b.svd (spectral_start.cpp).
template <class T>
void spectral_start(SymJob<T> &j);

// One file each.  Each leaves B and G those of U.
template <class T>
void half_steps(SymJob<T> &j);  // SymANLS, SymHALS
template <class T>
void alternating_step(SymJob<T> &j);
template <class T>
void ns_admm_step(SymJob<T> &j);
template <class T>
void newton_step(SymJob<T> &j);
template <class T>
void pgd_step(SymJob<T> &j);

}  // namespace orthant
