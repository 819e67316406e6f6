// The starting points of ReLU decomposition (algorithms.md, "ReLU decomposition").
#include "relu_nmd_job.hpp"
#include "rng.hpp"

namespace orthant {
namespace {

constexpr uint64_t left_stream = 0x52454C55, right_stream = 0x52454C56;  // of random numbers
template <class T>
constexpr T svd_accuracy = sizeof(T) == 4 ? T(1e-6) : T(1e-12);

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
  case ReluStart::name: return function(*this, squares);
  switch (start) {
#include "starts.def"
  }
#undef ORTHANT_RELU_START
  return E_UNSUPPORTED;
}

template <class T>
Status ReluJob<T>::begin(ReluStart start) {
  double squares = 0;
  if (!scan(ops, s.c.par, M, true, &squares) || !M.has_room(squares)) return E_DATA;
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

template <class T>
Status from_given(ReluJob<T> &job, double) {
  return all_finite<T>(job.U) && all_finite<T>(job.V) ? OK : E_DATA;
}

template <class T>
Status from_random(ReluJob<T> &job, double squares) {
  const ReluConfig &c = job.s.c;
  const double scale = sqrt_of(sqrt_of(squares / c.rows / c.cols / c.rank));
  fill_normal(c.seed, left_stream, scale, job.U);
  fill_normal(c.seed, right_stream, scale, job.V);
  return OK;
}

template <class T>
Status from_tsvd(ReluJob<T> &job, double) {
  const ReluConfig &c = job.s.c;
  const int32_t known = min_of(c.rank, min_of(c.rows, c.cols));
  job.b.svd.run(job.ops, c.par, job.M, nullptr, known, c.seed, svd_accuracy<T>);
  job.take_svd(job.b.svd);
  return OK;
}

// ---- the nuclear norm

namespace {

// Z = normal numbers; returns the largest entry of M, or one where all are zero.
template <class T>
T random_z(const ReluJob<T> &job, Mat<T> Z) {
  const int32_t width = job.s.data_width();
  fill_normal(job.s.c.seed, left_stream, 1, Z);
  T highest = 0;
  for (int32_t j = 0; j < Z.cols; j += width) {
    const Mat<const T> data = job.M.panel(j, min_of(width, Z.cols - j), job.worker(0).data);
    for (int32_t q = 0; q < data.cols; ++q)
      for (int32_t i = 0; i < data.rows; ++i) highest = max_of(highest, data(i, q));
  }
  return highest > T(0) ? highest : T(1);
}

// Z = M where M > 0, min(0, scale Z) elsewhere.
template <class T>
void project_z(const ReluJob<T> &job, T scale, Mat<T> Z) {
  job.by_columns_of_data([&](int32_t j, Mat<const T> data) {
    for (int32_t q = 0; q < data.cols; ++q)
      for (int32_t i = 0; i < data.rows; ++i) {
        T &z = Z(i, j + q);
        z = data(i, q) > T(0) ? data(i, q) : min_of(T(0), scale * z);
      }
  });
}

// Z -= step U V' with all singular vectors.
template <class T>
void subtract_singular(const ReluJob<T> &job, T step, Mat<T> Z) {
  const Tsvd<T> &svd = job.b.start_svd;
  parallel_blocks(job.s.c.par, Z.cols, job.s.data_width(), [&](Range j, int32_t) {
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

}  // namespace

// Three subgradient steps on the nuclear norm of Z over max(0, Z) = M, from a random Z.
// Differs: the random entries and the step have the scale of the data, so that c M starts at c times the start of M.
template <class T>
Status from_nuclear(ReluJob<T> &job, double) {
  constexpr int32_t steps = 3;
  constexpr double grow = 1.2, shrink = 0.7;
  const ReluConfig &c = job.s.c;
  const int32_t full = min_of(c.rows, c.cols);
  const Mat<T> Z{job.b.Z.data, c.rows, c.cols, c.rows};  // as M lies, whatever the method makes of it later
  Tsvd<T> &svd = job.b.start_svd;
  const T highest = random_z(job, Z);
  project_z(job, highest, Z);
  double step = double(highest), norm_before = 0;
  for (int32_t k = 0; k <= steps; ++k) {
    svd.run(job.ops, c.par, Operand<T>(Mat<const T>(Z)), nullptr, full, c.seed, svd_accuracy<T>);
    if (k == steps) break;
    double norm = 0;
    for (int32_t i = 0; i < full; ++i) norm += double(svd.s[i]);
    step *= k > 0 && norm < norm_before ? grow : shrink;
    norm_before = norm;
    subtract_singular(job, T(step), Z);
    project_z(job, T(1), Z);
  }
  job.take_svd(svd);
  return OK;
}

#define INSTANTIATE(T) template struct ReluJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
