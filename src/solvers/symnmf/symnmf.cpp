// What the methods share: workspace, start, products and norms, the report.
#include "symnmf.hpp"

#include <string.h>

#include "rng.hpp"

namespace orthant {

template <class T>
void Symmetric<T>::times(const Ops<T> &ops, const Parallel &par, View<T> A, Mat<T> C) const {
  if (!X.sparse()) {
    // X A = X'A: by rows, which needs no sums across lanes, while X fits the second cache; by columns, which lie in
    // one piece, from there on.
    const bool near = size_t(n()) * size_t(n()) * sizeof(T) <= (size_t(1) << 20);
    return near ? X.times(ops, par, A, C) : X.transposed_times(ops, par, A, C);
  }
  constexpr int32_t piece = 128;
  const Mat<T> At{turned, A.cols, n(), A.cols}, Ct{turned + ptrdiff_t(A.cols) * n(), A.cols, n(), A.cols};
  const auto pieces = [&](const auto &body) {
    parallel_for(par, ceil_div(n(), piece),
                 [&](int32_t t, int32_t) { body(t * piece, min_of(piece, n() - t * piece)); });
  };
  pieces([&](int32_t j, int32_t p) { transpose<T>(A.block(j, 0, p, A.cols), At.columns(j, p)); });
  pieces([&](int32_t j, int32_t p) {
    X.left(ops, j, p, At, Ct.columns(j, p));
    for (int32_t k = 0; k < C.cols; ++k)
      for (int32_t q = j; q < j + p; ++q) C(q, k) = Ct(k, q);
  });
}

template <class T>
Status Symmetric<T>::check(const Ops<T> &ops, const Parallel &par, double *norm2, double *sum, double *part) const {
  const int32_t cols = n();
  parallel_for(par, parts, [&](int32_t i, int32_t) {
    const int32_t from = int32_t(int64_t(cols) * i / parts), to = int32_t(int64_t(cols) * (i + 1) / parts);
    double squares = 0, total = 0;
    bool good = to == from || X.scan(ops, from, to - from, true, &squares);
    for (int32_t j = from; j < to && good; ++j)
      X.entries(j, [&](int32_t k, T a) {
        // Products of a BLAS differ in their last digits between the triangles.
        const T t = X.entry(j, k);
        good = good && abs_of(a - t) <= T(64) * Real<T>::eps * max_of(a, t);
        total += double(a);
      });
    part[3 * i] = squares, part[3 * i + 1] = total, part[3 * i + 2] = good;
  });
  *norm2 = *sum = 0;
  bool good = true;
  for (int32_t i = 0; i < parts; ++i) {
    *norm2 += part[3 * i], *sum += part[3 * i + 1];
    good = good && part[3 * i + 2] != 0;
  }
  return good && is_finite(T(*norm2) * T(1 << 20)) ? OK : E_DATA;
}

template <class T>
uint64_t Symmetric<T>::hash() const {
  uint64_t h = 0xcbf29ce484222325u;
  const auto add = [&](uint64_t word) { h = (h ^ word) * 0x100000001b3u, h ^= h >> 32; };
  add(uint64_t(n()));
  for (int32_t j = 0; j < n(); ++j)
    X.entries(j, [&](int32_t i, T value) {
      const float x = float(value);
      uint32_t bits;
      memcpy(&bits, &x, sizeof bits);
      if (x == 0.f) return;
      add(uint64_t(i) << 32 | uint32_t(j));
      add(bits);
    });
  return h;
}

template <class T>
void random_start(uint64_t seed, double scale, Mat<T> U) {
  const Rng rng(seed, 0x53594D);
  for (int32_t k = 0; k < U.cols; ++k)
    for (int32_t i = 0; i < U.rows; ++i) U(i, k) = T(scale * rng.uniform(uint64_t(k) * uint64_t(U.rows) + uint64_t(i)));
}

template <class T>
void SymNmf<T>::worker_layout(Carver &carve, Worker &w) const {
  const size_t r = size_t(c.rank), p = size_t(row_block), n = size_t(c.n);
  const bool newton = c.method == SymMethod::newton;
  w.F = {carve.take<T>(p, r), row_block, c.rank, row_block};
  w.scratch.layout(carve, half(), c.rank, row_block);
  w.u = carve.take<T>(n);
  w.v = carve.take<T>(n);
  w.panel = carve.take<T>(newton ? n : 0, 64);
  w.index = carve.take<int32_t>(newton ? n : 0);
}

template <class T>
void SymNmf<T>::layout(Carver &carve, Blocks &b) const {
  const int32_t n = c.n, r = c.rank;
  const size_t sn = size_t(n), sr = size_t(r);
  const bool newton = c.method == SymMethod::newton;
  const bool search = searches(), third = search || c.method == SymMethod::admm;
  const auto tall = [&](bool wanted) {
    return Mat<T>{carve.take<T>(wanted ? sn : 0, sr), n, r, n};
  };
  const auto square = [&] { return Mat<T>{carve.take<T>(sr, sr), r, r, r}; };
  carve.take<SymNmf<T>>(1);
  b.V = tall(true);
  b.B = tall(true);
  b.D = tall(third);
  b.S = tall(newton);
  b.Q = tall(search);
  b.keep = tall(!searches());
  b.plan.layout(carve, half(), r);
  b.plan.max_iter = 30 * r;
  b.G = square();
  b.H = square();
  b.L = square();
  b.M = square();
  b.partial = carve.take<T>(size_t(max_parts) * sr, sr);
  b.sums = carve.take<double>(size_t(max_parts) * 3 + 3 * size_t(Symmetric<T>::parts));
  b.x = carve.take<T>(sn);
  b.y = carve.take<T>(sn);
  b.turned = carve.take<T>(2 * sn, sr);
  b.factors = carve.take<T>(newton ? sr * sn : 0, sn);
  b.flag = carve.take<int32_t>(newton ? sr : 0);
  b.mask = carve.take<unsigned char>(newton ? sr : 0, sn);
  const bool spectral = c.start == SymStart::spectral;
  if (wants_eigenvectors()) b.svd.layout(carve, n, n, r, c.par.workers);
  b.svd_work = carve.take<T>(spectral ? svd_work(r) : 0);
  b.chosen = carve.take<int32_t>(spectral ? sr : 0);
  Carver one;
  Worker w;
  worker_layout(one, w);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes -= Carver::alignment - 1;
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(c.par.workers));
}

template <class T>
void SymJob<T>::gram(View<T> A, Mat<T> G) const {
  const int32_t r = rank(), parts = max_of(1, min_of(SymNmf<T>::max_parts, n() / 512));
  const auto part = [&](int32_t i) { return Mat<T>{b.partial + ptrdiff_t(i) * r * r, r, r, r}; };
  parallel_for(s.c.par, parts, [&](int32_t i, int32_t) {
    const int32_t from = int32_t(int64_t(n()) * i / parts), to = int32_t(int64_t(n()) * (i + 1) / parts);
    const Mat<const T> a = A.block(from, 0, to - from, r);
    ops.tn(a, a, part(i));
  });
  copy<T>(part(0), G);
  for (int32_t i = 1; i < parts; ++i) accumulate<T>(part(i), G);
}

template <class T>
double SymJob<T>::dot(View<T> A, View<T> C) const {
  return by_rows([&](int32_t i, int32_t p, const auto &) {
           return Sums{inner<T>(A.block(i, 0, p, A.cols), C.block(i, 0, p, C.cols)), 0, 0};
         }).a;
}

template <class T>
double SymJob<T>::distance2(View<T> A, View<T> C) const {
  return by_rows([&](int32_t i, int32_t p, const auto &) {
           double t[4] = {0, 0, 0, 0};
           for (int32_t k = 0; k < A.cols; ++k) {
             const T *a = A.col(k) + i, *c = C.col(k) + i;
             for (int32_t q = 0; q < p; ++q) {
               const double d = double(a[q]) - double(c[q]);
               t[q % 4] += d * d;
             }
           }
           return Sums{(t[0] + t[1]) + (t[2] + t[3]), 0, 0};
         }).a;
}

template <class T>
void SymJob<T>::inverse(View<T> G, T shift, Mat<T> S) const {
  const int32_t r = rank();
  for (int32_t k = 0; k < r; ++k)
    for (int32_t i = 0; i < r; ++i) S(i, k) = G(i, k) + (i == k ? shift : T(0));
  cholesky(r, S.data, S.ld, static_cast<const int32_t *>(nullptr), b.L.data, r);
  lower_inverse(r, b.L.data, r, b.M.data, r);
  ops.tn(b.M, b.M, S);
}

template <class T>
void SymJob<T>::refresh() const {
  times(U, b.B);
  gram(U, b.G);
}

template <class T>
double SymJob<T>::error2() const {
  const double e = s.norm2 - 2 * dot(U, b.B) + inner<T>(b.G, b.G);
  if (e > Real<T>::cancels * Real<T>::cancels * s.norm2 || !is_finite(e)) return e;
  return by_rows([&](int32_t i, int32_t p, const auto &w) {  // it cancels
           const Mat<T> u{w.u, n(), 1, n()}, row{w.F.data, rank(), 1, rank()};
           Sums sum;
           for (int32_t j = i; j < i + p; ++j) {
             for (int32_t k = 0; k < rank(); ++k) row(k, 0) = -U(j, k);
             X.X.column(j, w.u);
             ops.nn(U, row, u, true);
             sum.a += inner<T>(u, u);
           }
           return sum;
         }).a;
}

template <class T>
double SymJob<T>::projected2() const {
  return by_rows([&](int32_t i, int32_t p, const auto &w) {
           const Mat<T> D = w.F.block(0, 0, p, rank());
           ops.nn(U.block(i, 0, p, rank()), b.G, D);
           Sums sum;
           for (int32_t k = 0; k < rank(); ++k)
             for (int32_t q = 0; q < p; ++q) {
               const double g = double(D(q, k)) - double(b.B(i + q, k));
               if (U(i + q, k) > T(0) || g < 0) sum.a += g * g;
             }
           return sum;
         }).a;
}

template <class T>
T SymJob<T>::residual_norm(int32_t steps) const {
  const Mat<T> x{b.x, n(), 1, n()}, y{b.y, n(), 1, n()}, c{b.H.data, rank(), 1, rank()};
  double norm = 0;
  for (int32_t k = 0; k < steps; ++k) {
    times(x, y);
    ops.tn(U, x, c);
    for (int32_t i = 0; i < rank(); ++i) c(i, 0) = -c(i, 0);
    ops.nn(U, c, y, true);
    norm = sqrt_of(inner<T>(y, y));
    if (!(norm > 0)) return T(0);
    const T scale = T(1 / norm);
    for (int32_t i = 0; i < n(); ++i) b.x[i] = b.y[i] * scale;
  }
  return T(norm);
}

template <class T>
void SymJob<T>::revive(Mat<T> A) const {
  bool dead = false;
  for (int32_t k = 0; k < A.cols && !dead; ++k) {
    T squares, least;
    ops.kernel().scan(A.rows, A.col(k), &squares, &least);
    dead = !(squares > T(0));
  }
  if (!dead) return;
  T top = T(1);
  for (int32_t k = 0; k < A.cols; ++k)
    for (int32_t i = 0; i < A.rows; ++i) top = max_of(top, A(i, k));
  for (int32_t k = 0; k < A.cols; ++k) {
    bool zero = true;
    for (int32_t i = 0; i < A.rows && zero; ++i) zero = !(A(i, k) > T(0));
    for (int32_t i = 0; zero && i < A.rows; ++i) A(i, k) = Real<T>::floor * top;
  }
}

template <class T>
void SymJob<T>::gradient(Mat<T> D) const {
  by_rows([&](int32_t i, int32_t p, const auto &) {
    const Mat<T> d = D.block(i, 0, p, rank());
    ops.nn(U.block(i, 0, p, rank()), b.G, d);
    for (int32_t k = 0; k < rank(); ++k)
      for (int32_t q = 0; q < p; ++q) d(q, k) -= b.B(i + q, k);
    return Sums{};
  });
}

// With the step V and D = U G - B,  f(U + V) - f(U) = <D, V> - 1/2 (<V, X V> - |C|^2) + 1/4 |U V' + V U' + V V'|^2 and
// C = U'V, which does not cancel as f does: the search ends at a stationary point and not where f stops to change.
template <class T>
void SymJob<T>::search(View<T> D, View<T> S, T s0, T shrink, double enough) const {
  const int32_t r = rank();
  const Mat<T> V = b.V, E = b.H, C = b.M;
  T size = s0;
  for (int trial = 0; trial < 40; ++trial, size *= shrink) {
    const Sums sum = by_rows([&](int32_t i, int32_t p, const auto &) {
      Sums t;
      for (int32_t k = 0; k < r; ++k)
        for (int32_t q = i; q < i + p; ++q) {
          V(q, k) = no_denormal(max_of(U(q, k) - size * S(q, k), T(0))) - U(q, k);
          t.a += double(D(q, k)) * double(V(q, k));
          t.b += double(V(q, k)) * double(V(q, k));
        }
      return t;
    });
    if (!(sum.b > 0)) return;
    times(V, b.Q);
    gram(V, E);
    ops.tn(U, V, C);
    double cross = 0;
    for (int32_t k = 0; k < r; ++k)
      for (int32_t i = 0; i < r; ++i) cross += double(C(i, k)) * double(C(k, i));
    const double rise = sum.a - 0.5 * (dot(V, b.Q) - inner<T>(C, C)) +
                        0.25 * (2 * inner<T>(b.G, E) + 2 * cross + inner<T>(E, E) + 4 * inner<T>(C, E));
    if (!(rise <= enough * sum.a)) continue;
    by_rows([&](int32_t i, int32_t p, const auto &) {
      for (int32_t k = 0; k < r; ++k)
        for (int32_t q = i; q < i + p; ++q) {
          U(q, k) = max_of(U(q, k) + V(q, k), T(0));
          b.B(q, k) += b.Q(q, k);
        }
      return Sums{};
    });
    if (s.outer.iters % 50 == 49) times(U, b.B);  // before rounding adds up
    gram(U, b.G);
    return;
  }
}

// ---- the report

// <X, U V'> is known from B; the quadratic term from the two Gram matrices.
template <class T>
double SymJob<T>::objective() const {
  const SymMethod m = s.c.method;
  if (m != SymMethod::anls && m != SymMethod::hals && m != SymMethod::admm) return 0.25 * error2();
  gram(b.V, b.H);
  const double squares = s.norm2 - 2 * dot(b.V, b.B) + inner<T>(b.G, b.H);
  const double fit = squares < 0 ? 0 : 0.5 * squares;  // NaN stays
  return m == SymMethod::admm ? fit : fit + 0.5 * s.lambda * distance2(U, b.V);
}

template <class T>
void SymJob<T>::set(Report &r, bool check) const {
  const double e = max_of(error2(), 0.0);
  r.objective = objective();
  r.rel_error = s.norm2 > 0 ? sqrt_of(e / s.norm2) : 0;
  r.bound = s.bound;
  if (!check) return;
  double u2 = 0;
  for (int32_t k = 0; k < rank(); ++k) u2 += double(b.G(k, k));
  const double scale = sqrt_of(s.norm2 * u2);
  r.kkt = scale > 0 ? sqrt_of(projected2()) / scale : 0;
  const bool two = s.c.method == SymMethod::anls || s.c.method == SymMethod::hals || s.c.method == SymMethod::admm ||
                   s.c.method == SymMethod::alternate;
  r.gap = two && u2 > 0 ? sqrt_of(distance2(U, b.V)) / sqrt_of(u2) : 0;
}

template <class T>
bool SymJob<T>::step(bool check, Report &r) {
  if (!s.searches()) copy<T>(U, b.keep);
  switch (s.c.method) {
    case SymMethod::anls:
    case SymMethod::hals: half_steps(*this); break;
    case SymMethod::alternate:
    case SymMethod::fixed_point: alternating_step(*this); break;
    case SymMethod::admm: ns_admm_step(*this); break;
    case SymMethod::newton: newton_step(*this); break;
    case SymMethod::pgd: pgd_step(*this); break;
  }
  set(r, check);
  if (is_finite(r.objective) || s.searches()) return true;
  copy<T>(b.keep, U);  // overflow: back to the last finite iterate, from which another run starts anew
  copy<T>(U, b.V);
  refresh();
  s.started = 0;
  return false;
}

template <class T>
void SymJob<T>::finish(Report &r) { set(r, true); }

// ---- the start

namespace {

// An upper bound of |X|_2 for X >= 0: max_i (X x)_i / x_i for x > 0 [Collatz 1942, Wielandt 1950].
template <class T>
double norm_bound(const SymJob<T> &j) {
  const int32_t n = j.n();
  const Mat<T> x{j.b.x, n, 1, n}, y{j.b.y, n, 1, n};
  fill(x, T(1));
  double best = sqrt_of(j.s.norm2);
  for (int step = 0; step < 30; ++step) {
    j.times(x, y);
    T top = 0;
    double bound = 0;
    for (int32_t i = 0; i < n; ++i) {
      bound = max_of(bound, double(j.b.y[i]) / double(j.b.x[i]));
      top = max_of(top, j.b.y[i]);
    }
    best = min_of(best, bound);
    if (!(top > T(0))) return 0;
    // An average with x: of two eigenvalues of equal size and opposite sign the positive one wins.
    for (int32_t i = 0; i < n; ++i) j.b.x[i] = max_of(T(0.5) * (j.b.x[i] + j.b.y[i] / top), T(1e-6));
  }
  return best * (1 + n * double(Real<T>::eps));
}

}  // namespace

// Of X + top I, which has no negative eigenvalue.  A start needs no more than the directions.
template <class T>
void SymJob<T>::eigenvectors() {
  const double fine = sizeof(T) == 4 ? 1e-6 : 1e-11;
  b.svd.run(ops, s.c.par, X.X, nullptr, rank(), s.c.seed, T(s.c.bound ? fine : 1e-5), s.c.bound ? 2000 : 200, false,
            nullptr, T(s.top));
}

template <class T>
Status SymJob<T>::begin(SymStart start) {
  double sum = 0;
  s.outer = OuterState{};
  s.started = 0;
  if (const Status st = X.check(ops, s.c.par, &s.norm2, &sum, b.sums + 3 * SymNmf<T>::max_parts); st != OK) return st;
  const int32_t r = rank();
  if (start == SymStart::given) {
    for (int32_t k = 0; k < r; ++k)
      for (int32_t i = 0; i < n(); ++i)
        if (!(U(i, k) >= T(0)) || !is_finite(U(i, k))) return E_DATA;
  } else if (start != SymStart::spectral) {
    random_start(s.c.seed, start == SymStart::plain ? 1 : scaled_start(sum, n(), r), U);
  }
  s.top = norm_bound(*this);
  if (s.norm2 > 0 && (s.c.bound || start == SymStart::spectral)) eigenvectors();
  if (start == SymStart::spectral) s.norm2 > 0 ? spectral_start(*this) : fill(U, T(0));
  copy<T>(U, b.V);
  refresh();
  const bool admm = s.c.method == SymMethod::admm;
  const bool closed = s.c.method == SymMethod::alternate || s.c.method == SymMethod::fixed_point;
  s.ball = 0;
  switch (s.c.penalty) {
    case SymPenalty::none: s.lambda = 0; break;
    case SymPenalty::value: s.lambda = s.c.lambda; break;
    // The values of the authors' experiments: 0.66 where |X|_2 = 1 [Zhu 2018], |X|_F for the closed form, rho = 10.
    case SymPenalty::practical: s.lambda = admm ? 10 : closed ? sqrt_of(s.norm2) : 0.66 * s.top; break;
    // lambda > 1/2 (|X|_2 + |X - U0 U0'| - lambda_min)  [Zhu 2018 with the term that P1 drops]; -lambda_min <= |X|_2.
    case SymPenalty::sufficient:
      s.lambda = s.top + 0.5 * sqrt_of(max_of(error2(), 0.0));
      break;
  }
  if (admm) {
    fill(b.D, T(0));
    if (s.c.penalty == SymPenalty::sufficient) {  // rho > 6 n tau, tau >= 1/2 (X_kk + |X_k|) for every k [Lu 2017]
      for (int32_t k = 0; k < n(); ++k) {
        double squares = 0;
        X.X.scan(ops, k, 1, false, &squares);
        s.ball = max_of(s.ball, 0.5 * (double(X.X.entry(k, k)) + sqrt_of(squares)));
      }
      s.lambda = 6.0001 * n() * s.ball;
    }
  }
  if (admm && !(s.lambda > 0)) s.lambda = 10;
  if (s.c.method == SymMethod::newton) {
    for (int32_t k = 0; k < r; ++k) b.flag[k] = 0;
    for (size_t k = 0; k < size_t(r) * size_t(n()); ++k) b.mask[k] = 2;  // unlike any mask
  }
  s.bound = 0;
  if (s.c.bound && s.norm2 > 0) {  // E >= 1 - sum of the squares of the r largest positive eigenvalues over |X|^2
    double squares = 0;
    for (int32_t k = 0; k < r; ++k) {
      const double value = max_of(double(b.svd.s[k]) - s.top, 0.0);
      squares += value * value;
    }
    s.bound = max_of(1 - squares / s.norm2, 0.0);
  }
  const Rng direction(s.c.seed, 0x504F57);
  for (int32_t i = 0; i < n(); ++i) b.x[i] = T(direction.uniform(uint64_t(i)) + 0.5);
  const double f = objective();
  if (!is_finite(f)) return E_DATA;
  s.outer.first = s.outer.last = f;
  s.started = 1;
  return OK;
}

template <class T>
Status SymNmf<T>::start(void *base, const Symmetric<T> &X, Mat<T> U) {
  Carver carve(base);
  SymJob<T> job(*this, carve, X, U);
  return job.begin(c.start);
}

template <class T>
Status SymNmf<T>::run(void *base, const Symmetric<T> &X, Mat<T> U, Report *report) {
  Carver carve(base);
  SymJob<T> job(*this, carve, X, U);
  if (!started)
    if (const Status st = job.begin(SymStart::given); st != OK) return st;
  Report r;
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T)          \
  template void random_start<T>(uint64_t, double, Mat<T>); \
  template struct Symmetric<T>; \
  template struct SymNmf<T>;    \
  template struct SymJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
