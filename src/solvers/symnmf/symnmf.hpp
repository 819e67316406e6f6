// Symmetric NMF: X close to U U' for symmetric X >= 0 (n x n) and U >= 0 (n x r)  (algorithms.md, "Symmetric NMF").
//   f(U) = 1/4 |X - U U'|^2,  gradient (U U' - X) U;   E = |X - U U'|^2 / |X|^2
#pragma once
#include "nnls.hpp"
#include "outer.hpp"
#include "symmetric_operand.hpp"
#include "tsvd.hpp"
#include "workers.hpp"

namespace orthant {

enum class SymMethod : int32_t {
#define ORTHANT_SYM_METHOD(name, public_name, number, step, second_factor) name = number,
#include "methods.def"
};
enum class SymStart : int32_t {
#define ORTHANT_SYM_START(name, public_name, number) name = number,
#include "methods.def"
};
enum class SymPenalty : int32_t {
#define ORTHANT_SYM_PENALTY(name, public_name, number) name = number,
#include "methods.def"
};

struct SymConfig {
  int32_t n = 0, rank = 0;
  SymMethod method = SymMethod::hals;
  SymStart start = SymStart::scaled;
  SymPenalty penalty = SymPenalty::practical;
  double lambda = 0;   // > 0: this penalty instead
  bool bound = false;  // find the spectral lower bound of E at the start
  uint64_t seed = 0;
  Parallel par;
  OuterConfig outer;
  struct Caller {
    void (*progress)() = nullptr;
    void *user = nullptr;
  } caller;  // the C progress function, which only capi can call
};
bool has_second_factor(SymMethod method);

// Defaults in the place of zeros; no iterations for a negative number of them.  E_UNSUPPORTED where method and penalty
// exclude each other.
Status resolve(SymConfig *c);

template <class T>
struct SymNmf {
  SymConfig c;
  OuterState outer;
  double norm2 = 0, lambda = 0, bound = 0;  // |X|^2; the penalty in use; the spectral lower bound of E
  double ball = 0;                          // ADMM: the largest |row|^2, 0: none
  double top = 0;                           // an upper bound of |X|_2
  int32_t started = 0;

  Status start(void *base, const SymmetricOperand<T> &X, Mat<T> U);
  Status run(void *base, const SymmetricOperand<T> &X, Mat<T> U, Report *report);

  static constexpr int32_t row_block = small_target ? 16 : 128, max_parts = small_target ? 1 : 32;
  struct Sums {
    double sum = 0, squares = 0;
    void operator+=(const Sums &more) {
      sum += more.sum;
      squares += more.squares;
    }
  };
  struct Worker {
    Mat<T> F;  // row_block x rank
    NnlsScratch<T> scratch;
    T *u, *v;        // n each
    T *panel;        // Newton: 64 n
    int32_t *index;  // Newton: n
  };
  struct Blocks {
    Mat<T> V, B, D, S, Q;  // n x rank: second factor or step; X U; gradient or multiplier; Newton's direction; X V
    Mat<T> before;         // n x rank: U before the step, but for a line search
    NnlsPlan<T> plan;      // of the half step; its G holds the penalty
    Mat<T> G, H;           // rank x rank: U'U; scratch
    Mat<T> L, M;           // rank x rank: a factor and its inverse
    T *gram_room;          // (max_parts - 1) * rank^2
    Sums *sums;            // max_parts
    SymmetricScan *scan;
    T *x, *y;              // n each: a power iteration
    T *transposed;         // 2 * n * rank
    T *factors;            // Newton: rank * n * n
    int32_t *failed;       // Newton: rank
    unsigned char *mask;   // Newton: rank * n
    Tsvd<T> svd;           // of the bound and of the spectral start; that alone has the two that follow
    T *svd_work;           // svd_work(rank)
    int32_t *chosen;       // rank
    WorkerScratch<Worker> workers;
  };
  void layout(Carver &carve, Blocks &b) const;
  void worker_layout(Carver &carve, Worker &w) const;
  // Takes no step that it has not judged, and so needs no way back from one that overflowed.
  bool has_line_search() const { return c.method == SymMethod::newton || c.method == SymMethod::pgd; }
  bool wants_eigenvectors() const { return c.bound || c.start == SymStart::spectral; }
  Half half() const { return c.method == SymMethod::anls || c.method == SymMethod::admm ? Half::bpp : Half::hals; }

  struct Job;  // symnmf_job.hpp
};

}  // namespace orthant
