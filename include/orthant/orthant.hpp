// C++17 convenience over orthant.h: handles that own their workspace, errors as exceptions, one name for both element
// types.  Header-only; promises no ABI.  What a call means, its shapes and its costs stand in orthant.h.
//
//   orthant::Nmf<float> nmf({.rows = m, .cols = n, .rank = r});     // C++20; before: fill an orthant_nmf_config
//   orthant_report report = nmf.factor(V, W, H);                    // std::vector, column-major without gaps
#ifndef ORTHANT_HPP
#define ORTHANT_HPP

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../orthant.h"

namespace orthant {

class Error : public std::runtime_error {
 public:
  Error(orthant_status code, const char *call)
      : std::runtime_error(std::string(call) + ": " + orthant_status_text(code)), status(code) {}
  orthant_status status;
};

inline void require(orthant_status status, const char *call) {
  if (status != ORTHANT_OK) throw Error(status, call);
}

template <class T>
struct Abi;
#define ORTHANT_HPP_ABI(T, S)                                                                       \
  template <>                                                                                       \
  struct Abi<T> {                                                                                   \
    using Matrix = orthant_matrix_##S;                                                              \
    using Nmf = orthant_nmf_##S;                                                                    \
    using Unmix = orthant_unmix_##S;                                                                \
    using Endmembers = orthant_endmembers_##S;                                                      \
    static constexpr auto nmf_size = orthant_nmf_size_##S;                                          \
    static constexpr auto nmf_init = orthant_nmf_init_##S;                                          \
    static constexpr auto nmf_start = orthant_nmf_start_##S;                                        \
    static constexpr auto nmf_run = orthant_nmf_run_##S;                                            \
    static constexpr auto unmix_size = orthant_unmix_size_##S;                                      \
    static constexpr auto unmix_init = orthant_unmix_init_##S;                                      \
    static constexpr auto unmix_run = orthant_unmix_run_##S;                                        \
    static constexpr auto unmix_check = orthant_unmix_check_##S;                                    \
    static constexpr auto endmembers_size = orthant_endmembers_size_##S;                            \
    static constexpr auto endmembers_init = orthant_endmembers_init_##S;                            \
    static constexpr auto endmembers_run = orthant_endmembers_run_##S;                              \
  };
ORTHANT_HPP_ABI(float, f32)
ORTHANT_HPP_ABI(double, f64)
#undef ORTHANT_HPP_ABI

// rows x cols numbers without gaps, column-major.
template <class T>
typename Abi<T>::Matrix dense(const T *values, int32_t rows, int32_t cols) {
  return {sizeof(typename Abi<T>::Matrix), ORTHANT_DENSE, rows, cols, rows, 0, values, {}, {}, {}, 0, 0};
}

namespace detail {
template <class Config, class Size>
std::vector<unsigned char> buffer(const Config &c, Size size) {
  size_t bytes = 0;
  require(size(&c, &bytes), "size");
  return std::vector<unsigned char>(bytes);
}
template <class V>
void expect(const V &v, int32_t rows, int32_t cols) {
  if (v.size() != size_t(rows) * size_t(cols)) throw Error(ORTHANT_E_ARG, "vector of the wrong length");
}
}  // namespace detail

template <class T>
class Nmf {
 public:
  explicit Nmf(orthant_nmf_config c) : config((c.size = sizeof c, c)), memory_(detail::buffer(config, Abi<T>::nmf_size)) {
    require(Abi<T>::nmf_init(&config, memory_.data(), memory_.size(), &handle_), "orthant_nmf_init");
  }
  // The handle lives in the buffer, and a vector keeps its buffer when it moves.
  Nmf(Nmf &&) = default;
  Nmf(const Nmf &) = delete;
  Nmf &operator=(const Nmf &) = delete;

  orthant_report factor(const std::vector<T> &V, std::vector<T> &W, std::vector<T> &H) {
    W.resize(size_t(config.rows) * size_t(config.rank));
    H.resize(size_t(config.rank) * size_t(config.cols));
    detail::expect(V, config.rows, config.cols);
    const auto data = dense(V.data(), config.rows, config.cols);
    require(Abi<T>::nmf_start(handle_, &data, W.data(), config.rows, H.data(), config.rank), "orthant_nmf_start");
    return resume(V, W, H);
  }
  orthant_report resume(const std::vector<T> &V, std::vector<T> &W, std::vector<T> &H) {
    detail::expect(V, config.rows, config.cols);
    detail::expect(W, config.rows, config.rank);
    detail::expect(H, config.rank, config.cols);
    const auto data = dense(V.data(), config.rows, config.cols);
    orthant_report report{};
    report.size = sizeof report;
    require(Abi<T>::nmf_run(handle_, &data, W.data(), config.rows, H.data(), config.rank, &report), "orthant_nmf_run");
    return report;
  }
  const orthant_nmf_config config;

 private:
  std::vector<unsigned char> memory_;
  typename Abi<T>::Nmf *handle_ = nullptr;
};

// Keeps its own copy of the endmembers.
template <class T>
class Unmixer {
 public:
  Unmixer(orthant_unmix_config c, std::vector<T> endmembers)
      : config((c.size = sizeof c, c)), E_(std::move(endmembers)), memory_(detail::buffer(config, Abi<T>::unmix_size)) {
    detail::expect(E_, config.bands, config.endmembers);
    require(Abi<T>::unmix_init(&config, E_.data(), config.bands, memory_.data(), memory_.size(), &handle_),
            "orthant_unmix_init");
  }
  Unmixer(Unmixer &&) = default;
  Unmixer(const Unmixer &) = delete;

  std::vector<T> abundances(const std::vector<T> &Y, orthant_report *report = nullptr) {
    const int32_t pixels = int32_t(Y.size() / size_t(config.bands));
    detail::expect(Y, config.bands, pixels);
    std::vector<T> A(size_t(config.endmembers) * size_t(pixels));
    const auto data = dense(Y.data(), config.bands, pixels);
    require(Abi<T>::unmix_run(handle_, &data, A.data(), config.endmembers, report), "orthant_unmix_run");
    return A;
  }
  const orthant_unmix_config config;

 private:
  std::vector<T> E_;
  std::vector<unsigned char> memory_;
  typename Abi<T>::Unmix *handle_ = nullptr;
};

}  // namespace orthant
#endif
