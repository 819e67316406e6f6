// NMF: the methods, starts and losses that the library has, a run of one, and plain truths of its result.
#pragma once
#include "typed_api.hpp"

namespace orthant::test {

// ---- Lists, from the library: a new row of its tables is tested without a line here

inline std::vector<int32_t> named_numbers(const char *(*name)(int32_t), int32_t first) {
  std::vector<int32_t> all;
  for (int32_t number = first; number < 100; ++number)
    if (name(number)) all.push_back(number);
  return all;
}
inline std::vector<int32_t> nmf_methods() { return named_numbers(orthant_nmf_method_name, 1); }
inline std::vector<int32_t> nmf_starts() { return named_numbers(orthant_nmf_start_name, 1); }
inline std::vector<int32_t> nmf_losses() { return named_numbers(orthant_nmf_loss_name, 0); }
// The starts that make factors from the data.
inline std::vector<int32_t> nmf_starts_from_data() {
  std::vector<int32_t> starts;
  for (const int32_t start : nmf_starts())
    if (start != ORTHANT_START_GIVEN) starts.push_back(start);
  return starts;
}

// 0, the library's own choice, and these.
inline std::vector<int32_t> with_default(std::vector<int32_t> numbers) {
  numbers.insert(numbers.begin(), 0);
  return numbers;
}

inline std::string method_name(int32_t method) { return orthant_nmf_method_name(method); }
inline std::string start_name(int32_t start) { return orthant_nmf_start_name(start); }
inline std::string loss_name(int32_t loss) { return orthant_nmf_loss_name(loss); }

// Whether the library takes this job; else it must say E_UNSUPPORTED.  What it should take is the matter of
// support_table_test, which knows what the header says.
inline bool supported(orthant_nmf_config c) {
  c.size = sizeof c;
  if (c.rows == 0) c.rows = c.cols = 20;
  if (c.rank == 0) c.rank = 2;
  size_t bytes = 0;
  const orthant_status status = Api<float>::nmf_size(&c, &bytes);
  EXPECT_TRUE(status == ORTHANT_OK || status == ORTHANT_E_UNSUPPORTED);
  return status == ORTHANT_OK;
}
// The methods that take what else this config asks for.
inline std::vector<int32_t> methods_for(orthant_nmf_config c) {
  std::vector<int32_t> methods;
  for (const int32_t method : nmf_methods()) {
    c.method = method;
    if (supported(c)) methods.push_back(method);
  }
  return methods;
}
inline std::vector<int32_t> methods_of_loss(int32_t loss, double beta = 0) {
  orthant_nmf_config c{};
  c.loss = loss, c.beta = beta;
  return methods_for(c);
}
// Whether orthant.h says that a start takes this kind of data; of a start newer than this list the library says it.
inline bool start_takes(int32_t start, int32_t kind) {
  switch (start) {
    case ORTHANT_START_SPA:
    case ORTHANT_START_SPAS: return kind != ORTHANT_CSR;
    case ORTHANT_START_NNDSVD:
    case ORTHANT_START_NNDSVDA:
    case ORTHANT_START_NNDSVDAR:
    case ORTHANT_START_NNSVDLRC:
    case ORTHANT_START_ROUGH: return kind != ORTHANT_MASKED && kind != ORTHANT_STREAM;
    case ORTHANT_START_SUB: return kind == ORTHANT_DENSE;
  }
  if (start < ORTHANT_START_ROUGH) return true;
  orthant_nmf_config c{};
  c.start = start, c.data = kind;
  return supported(c);
}
// The methods of the Frobenius norm that alternate half steps: they alone take masked data (orthant.h).
inline std::vector<int32_t> half_step_methods() {
  orthant_nmf_config c{};
  c.data = ORTHANT_MASKED;
  return methods_for(c);
}
// Momentum and splitting may raise the objective for an iteration; every other method promises that it never rises.
inline bool descends(int32_t method) { return method != ORTHANT_NMF_EHALS && method != ORTHANT_NMF_AOADMM; }
inline std::vector<int32_t> descending_half_step_methods() {
  std::vector<int32_t> methods;
  for (const int32_t method : half_step_methods())
    if (descends(method)) methods.push_back(method);
  return methods;
}

// ---- A run

// A config without tolerance, so that max_iter ends the run; the shape comes from the data.
inline orthant_nmf_config nmf_config(int32_t rank, int32_t method, int32_t start, int32_t max_iter, uint64_t seed = 5) {
  orthant_nmf_config c{};
  c.size = sizeof c;
  c.rank = rank, c.method = method, c.start = start, c.max_iter = max_iter;
  c.tol = -1;
  c.seed = seed;
  return c;
}

// NMF of one matrix: factors and workspace between guard bands, the workspace of just the bytes asked for.  The data
// and what the config points to must outlive it.
template <class T>
class NmfRun {
 public:
  using Data = typename Api<T>::Matrix;
  Matrix<T> W, H;
  orthant_report report = empty_report();

  NmfRun(const Data &V, const orthant_nmf_config &c)
      : W(V.rows, c.rank, 2),
        H(c.rank, V.cols, 1),
        V_(V),
        placed_(Api<T>::nmf_size, Api<T>::nmf_init, with_shape(c, V)) {}
  NmfRun(const Matrix<T> &V, const orthant_nmf_config &c) : NmfRun(view(V), c) {}
  ~NmfRun() { EXPECT_TRUE(W.intact() && H.intact()); }

  // Of size and init.
  orthant_status status() const { return placed_.status; }
  typename Api<T>::Nmf *handle() const { return placed_.get(); }
  orthant_status start() { return Api<T>::nmf_start(handle(), &V_, W.data(), W.ld(), H.data(), H.ld()); }
  orthant_status try_run() { return Api<T>::nmf_run(handle(), &V_, W.data(), W.ld(), H.data(), H.ld(), &report); }
  orthant_report run() {
    EXPECT_EQ(try_run(), ORTHANT_OK);
    return report;
  }
  std::string bits() const { return W.bits() + H.bits(); }
  std::vector<unsigned char> copy() { return placed_.copy(); }  // of the workspace with the handle
  void take(const std::vector<unsigned char> &bytes) { placed_.take(bytes); }
  bool valid() const { return all_finite(W) && all_finite(H) && nonnegative(W) && nonnegative(H); }

 private:
  static orthant_nmf_config with_shape(orthant_nmf_config c, const Data &V) {
    c.size = sizeof c;
    c.rows = V.rows, c.cols = V.cols, c.data = V.kind;
    return c;
  }
  Data V_;
  Placed<typename Api<T>::Nmf> placed_;
};

// ---- Truths, in double

// 1/2 |V - W H|^2, entry by entry.
template <class T>
double half_squares(const Matrix<T> &V, const Matrix<T> &W, const Matrix<T> &H) { return 0.5 * norm2(V - W * H); }

// The residual that the header defines at orthant_nmf_run for the Frobenius norm without penalties.
template <class T>
double frobenius_kkt(const Matrix<T> &V, const Matrix<T> &W, const Matrix<T> &H) {
  const Matrix<double> R = W * H - V, gradient_w = R * transposed(H), gradient_h = transposed(W) * R;
  double sum = 0;
  for (int32_t k = 0; k < W.cols(); ++k) {
    double w2 = 0, h2 = 0, pw = 0, ph = 0;
    for (int32_t i = 0; i < W.rows(); ++i) {
      const double g = gradient_w(i, k), p = W(i, k) > T(0) || g < 0 ? g : 0;
      pw += p * p, w2 += double(W(i, k)) * double(W(i, k));
    }
    for (int32_t j = 0; j < H.cols(); ++j) {
      const double g = gradient_h(k, j), p = H(k, j) > T(0) || g < 0 ? g : 0;
      ph += p * p, h2 += double(H(k, j)) * double(H(k, j));
    }
    sum += (h2 > 0 ? pw / h2 : 0) + (w2 > 0 ? ph / w2 : 0);
  }
  const double v2 = norm2(V);
  return v2 > 0 ? sqrt(sum / v2) : 0;
}

}  // namespace orthant::test
