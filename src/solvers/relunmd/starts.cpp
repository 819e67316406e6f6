// The starting points of ReLU decomposition (algorithms.md, "ReLU decomposition").
#include "relu_nmd_job.hpp"
#include "rng.hpp"

namespace orthant {
namespace {

constexpr uint64_t left_stream = 0x52454C55, right_stream = 0x52454C56;  // of random numbers
constexpr double svd_accuracy(size_t size) { return size == 4 ? 1e-6 : 1e-12; }

template <class T>
void fill_normal(uint64_t seed, uint64_t stream, double scale, Mat<T> X) {
  const Rng rng(seed, stream);
  for (int32_t j = 0; j < X.cols; ++j)
    for (int32_t i = 0; i < X.rows; ++i)
      X(i, j) = T(scale * rng.normal(uint64_t(j) * uint64_t(X.rows) + uint64_t(i)));
}

}  // namespace

template <class T>
Status ReluJob<T>::make_start(ReluStart start, double squares) {
#define ORTHANT_RELU_START(name, PUBLIC, number, function, ...) \
  case ReluStart::name: return function(squares);
  switch (start) {
#include "starts.def"
  }
#undef ORTHANT_RELU_START
  return E_UNSUPPORTED;
}

template <class T>
Status ReluJob<T>::begin(ReluStart start) {
  double squares = 0;
  if (!M.scan(ops, 0, s.c.cols, true, &squares)) return E_DATA;
  // With room for products and for momentum on them.
  if (!is_finite(T(squares * 0x1p20))) return E_DATA;
  if (const Status st = make_start(start, squares); st != OK) return st;
  s.norm2 = squares;
  s.outer = OuterState{};
  s.started = 0;
  s.warm = start == ReluStart::tsvd;  // its vectors are the first that the methods by SVD begin with
  switch (s.c.iteration()) {
    case ReluIteration::newton: begin_quasi_newton(); break;
    case ReluIteration::blocks: begin_three_block(); break;
    case ReluIteration::svd: begin_projections(); break;
  }
  if (!is_finite(s.fit.objective)) return E_DATA;
  s.outer.first = s.outer.last = s.fit.objective;
  s.started = 1;
  return OK;
}

template <class T>
Status ReluJob<T>::from_given(double) { return all_finite<T>(U) && all_finite<T>(V) ? OK : E_DATA; }

template <class T>
Status ReluJob<T>::from_random(double squares) {
  const double scale = sqrt_of(sqrt_of(squares / s.c.rows / s.c.cols / rank()));
  fill_normal(s.c.seed, left_stream, scale, U);
  fill_normal(s.c.seed, right_stream, scale, V);
  return OK;
}

template <class T>
Status ReluJob<T>::from_tsvd(double) {
  const int32_t known = min_of(rank(), min_of(s.c.rows, s.c.cols));
  b.svd.run(ops, s.c.par, M, nullptr, known, s.c.seed, T(svd_accuracy(sizeof(T))));
  take_svd(b.svd);
  return OK;
}

// U = the left vectors, V = values times right ones; zero beyond those of the decomposition.
template <class T>
void ReluJob<T>::take_svd(const Tsvd<T> &svd) {
  const int32_t known = min_of(rank(), svd.block);
  for (int32_t k = 0; k < known; ++k) {
    for (int32_t i = 0; i < U.rows; ++i) U(i, k) = svd.U(i, k);
    for (int32_t j = 0; j < V.cols; ++j) V(k, j) = no_denormal(svd.s[k] * svd.V(j, k));
  }
  for (int32_t k = known; k < rank(); ++k) {
    for (int32_t i = 0; i < U.rows; ++i) U(i, k) = T(0);
    for (int32_t j = 0; j < V.cols; ++j) V(k, j) = T(0);
  }
}

// ---- the nuclear norm

// Three subgradient steps on the nuclear norm of Z over max(0, Z) = M, from a random Z.
// Differs: the random entries and the step have the scale of the data, so that c M starts at c times the start of M.
template <class T>
Status ReluJob<T>::from_nuclear(double) {
  constexpr int32_t steps = 3;
  constexpr double grow = 1.2, shrink = 0.7;
  const int32_t m = s.c.rows, n = s.c.cols, full = min_of(m, n);
  const Mat<T> Z{b.Z.data, m, n, m};  // as M lies, whatever the method makes of it later
  const T highest = random_z(Z);
  project_z(highest, Z);
  double step = double(highest), norm_before = 0;
  for (int32_t k = 0; k <= steps; ++k) {
    b.start_svd.run(ops, s.c.par, Operand<T>(Mat<const T>(Z)), nullptr, full, s.c.seed, T(svd_accuracy(sizeof(T))));
    if (k == steps) break;
    double norm = 0;
    for (int32_t i = 0; i < full; ++i) norm += double(b.start_svd.s[i]);
    step *= k > 0 && norm < norm_before ? grow : shrink;
    norm_before = norm;
    subtract_singular(T(step), Z);
    project_z(T(1), Z);
  }
  take_svd(b.start_svd);
  return OK;
}

// Z = normal numbers; returns the largest entry of M, or one where all are zero.
template <class T>
T ReluJob<T>::random_z(Mat<T> Z) const {
  fill_normal(s.c.seed, left_stream, 1, Z);
  T highest = 0;
  for (int32_t j = 0; j < Z.cols; j += s.data_width()) {
    const Mat<const T> data = M.panel(j, min_of(s.data_width(), Z.cols - j), worker(0).data);
    for (int32_t q = 0; q < data.cols; ++q)
      for (int32_t i = 0; i < data.rows; ++i) highest = max_of(highest, data(i, q));
  }
  return highest > T(0) ? highest : T(1);
}

// Z = M where M > 0, min(0, scale Z) elsewhere.
template <class T>
void ReluJob<T>::project_z(T scale, Mat<T> Z) const {
  by_columns_of_data([&](int32_t j, Mat<const T> data) {
    for (int32_t q = 0; q < data.cols; ++q)
      for (int32_t i = 0; i < data.rows; ++i) {
        T &z = Z(i, j + q);
        z = data(i, q) > T(0) ? data(i, q) : min_of(T(0), scale * z);
      }
  });
}

// Z -= step U V' with all singular vectors.
template <class T>
void ReluJob<T>::subtract_singular(T step, Mat<T> Z) const {
  const Tsvd<T> &svd = b.start_svd;
  parallel_blocks(s.c.par, Z.cols, s.data_width(), [&](Range j, int32_t) {
    for (int32_t q = j.from; q < j.to; ++q) {
      T *z = Z.col(q);
      for (int32_t k = 0; k < min_of(Z.rows, Z.cols); ++k) {
        const T weight = step * svd.V(q, k);
        const T *u = svd.U.col(k);
        for (int32_t i = 0; i < Z.rows; ++i) z[i] -= weight * u[i];
      }
    }
  });
}

#define INSTANTIATE(T) template struct ReluJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
