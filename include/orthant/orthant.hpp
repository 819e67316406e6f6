// C++17 convenience over orthant.h: handles that own their workspace, errors as exceptions, one name for both element
// types.  Header-only; promises no ABI.  What a call means, its shapes and its costs stand in orthant.h.
//
//   orthant::Nmf<float> nmf({.rows = m, .cols = n, .rank = r});     // C++20; before: fill an orthant_nmf_config
//   orthant_report report = nmf.factor(V, W, H);                    // std::vector, column-major without gaps
#ifndef ORTHANT_HPP
#define ORTHANT_HPP

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "abi.hpp"

namespace orthant {

class Error : public std::runtime_error {
 public:
  Error(orthant_status code, const char *call) : Error(code, call, {}) {}
  // words: what it is about, which then stands in the place of the status's text.
  Error(orthant_status code, const char *call, const std::string &words)
      : std::runtime_error(std::string(call) + ": " + (words.empty() ? orthant_status_text(code) : words)),
        status(code) {}
  orthant_status status;
};

inline void require(orthant_status status, const char *call) {
  if (status != ORTHANT_OK) throw Error(status, call);
}

// Why these are refused, in words that name the field or the first bad entry; empty where they are not.
template <class... Arguments>
std::string problem_text(const Arguments &...arguments) {
  std::vector<char> text(problem(arguments..., static_cast<char *>(nullptr), 0) + 1);
  problem(arguments..., text.data(), text.size());
  return text.data();
}

// The same for a call that reads a matrix: what is asked of it stands at ORTHANT_DATA_...
template <class Matrix>
void require(orthant_status status, const char *call, const Matrix &X, int32_t what) {
  if (status == ORTHANT_E_DATA) throw Error(status, call, problem_text(&X, what));
  require(status, call);
}

// rows x cols numbers without gaps, column-major.
template <class T>
typename Abi<T>::Matrix dense(const T *values, int32_t rows, int32_t cols) {
  return {sizeof(typename Abi<T>::Matrix), ORTHANT_DENSE, rows, cols, rows, 0, values, {}, {}, {}, {}, {}};
}

// rows x cols numbers that need not fit in memory: read(first, count, out) writes columns to `out`, rows x count without
// gaps, or throws, and the call of the library that asked throws the same.  A config that it goes with has
// data = ORTHANT_STREAM.
template <class T>
class Stream {
 public:
  using Read = std::function<void(int32_t first, int32_t count, T *out)>;
  Stream(int32_t rows, int32_t cols, Read read) : rows(rows), cols(cols), read_(std::move(read)) {}
  Stream(const Stream &) = delete;
  Stream &operator=(const Stream &) = delete;

  typename Abi<T>::Matrix data() {
    typename Abi<T>::Matrix X{};
    X.size = sizeof X;
    X.kind = ORTHANT_STREAM;
    X.rows = rows, X.cols = cols;
    X.read = &Stream::call, X.user = this;
    return X;
  }
  void require(orthant_status status, const char *call) {
    if (status == ORTHANT_E_READ && thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
    orthant::require(status, call);
  }
  const int32_t rows, cols;

 private:
  static int32_t call(void *user, int32_t first, int32_t count, T *out) {
    Stream &self = *static_cast<Stream *>(user);
    try {
      self.read_(first, count, out);
      return 0;
    } catch (...) {
      self.thrown_ = std::current_exception();
      return 1;
    }
  }
  Read read_;
  std::exception_ptr thrown_;
};

namespace detail {
template <class Config, class Size>
std::vector<unsigned char> buffer(const Config &c, Size size) {
  size_t bytes = 0;
  if (const orthant_status status = size(&c, &bytes)) throw Error(status, "size", problem_text(&c));
  return std::vector<unsigned char>(bytes);
}
template <class V>
void expect(const V &v, int32_t rows, int32_t cols) {
  if (v.size() != size_t(rows) * size_t(cols)) throw Error(ORTHANT_E_ARG, "vector of the wrong length");
}
}  // namespace detail

// A weight blob in storage of its own, at the alignment that it needs.  Handles that use it share it: it outlives them.
class Model {
 public:
  explicit Model(const void *blob, size_t bytes) : memory_(bytes + 63) {
    unsigned char *at = memory_.data() + (64 - reinterpret_cast<uintptr_t>(memory_.data()) % 64) % 64;
    if (bytes > 0) std::memcpy(at, blob, bytes);
    require(orthant_model_open(at, bytes, &model_), orthant_model_problem(at, bytes));
  }
  Model(const Model &) = delete;
  Model &operator=(const Model &) = delete;

  void verify() const { require(orthant_model_verify(model_), "orthant_model_verify"); }
  int32_t kind() const { return orthant_model_kind(model_); }
  const orthant_model *get() const { return model_; }

 private:
  std::vector<unsigned char> memory_;
  const orthant_model *model_ = nullptr;
};

namespace detail {
// A handle in a buffer of its own.  The handle lies in the buffer, and a vector keeps its buffer when it moves.
template <class Handle>
class Job {
 public:
  Job(Job &&) = default;
  Job(const Job &) = delete;
  Job &operator=(const Job &) = delete;
  size_t workspace_bytes() const { return memory_.size(); }

 protected:
  template <class Config, class Size, class Init, class... Borrowed>
  Job(const char *call, const Config &c, Size size, Init init, Borrowed... borrowed) : memory_(buffer(c, size)) {
    require(init(&c, borrowed..., memory_.data(), memory_.size(), &handle_), call);
  }
  Handle *handle_ = nullptr;

 private:
  std::vector<unsigned char> memory_;
};

inline orthant_report fresh() {
  orthant_report report{};
  report.size = sizeof report;
  return report;
}
// An array that may be missing: null where it is empty.
template <class T>
const T *optional(const std::vector<T> &v, int32_t length) {
  if (v.empty()) return nullptr;
  expect(v, length, 1);
  return v.data();
}
template <class Config>
Config sized(Config c) {
  c.size = sizeof c;
  return c;
}
}  // namespace detail

// V ~ W H, all nonnegative.
template <class T>
class Nmf : public detail::Job<typename Abi<T>::Nmf> {
 public:
  explicit Nmf(const orthant_nmf_config &c)
      : detail::Job<typename Abi<T>::Nmf>("orthant_nmf_init", detail::sized(c), Abi<T>::nmf_size, Abi<T>::nmf_init),
        config(detail::sized(c)) {}

  orthant_report factor(const std::vector<T> &V, std::vector<T> &W, std::vector<T> &H) {
    W.resize(size_t(config.rows) * size_t(config.rank));
    H.resize(size_t(config.rank) * size_t(config.cols));
    detail::expect(V, config.rows, config.cols);
    const auto data = dense(V.data(), config.rows, config.cols);
    require(Abi<T>::nmf_start(this->handle_, &data, W.data(), config.rows, H.data(), config.rank),
            "orthant_nmf_start", data, ORTHANT_DATA_NOT_NEGATIVE | ORTHANT_DATA_ROOM);
    return resume(V, W, H);
  }
  orthant_report resume(const std::vector<T> &V, std::vector<T> &W, std::vector<T> &H) {
    detail::expect(V, config.rows, config.cols);
    detail::expect(W, config.rows, config.rank);
    detail::expect(H, config.rank, config.cols);
    const auto data = dense(V.data(), config.rows, config.cols);
    orthant_report report = detail::fresh();
    require(Abi<T>::nmf_run(this->handle_, &data, W.data(), config.rows, H.data(), config.rank, &report),
            "orthant_nmf_run");
    return report;
  }
  orthant_report factor(Stream<T> &V, std::vector<T> &W, std::vector<T> &H) {
    W.resize(size_t(config.rows) * size_t(config.rank));
    H.resize(size_t(config.rank) * size_t(config.cols));
    const auto data = V.data();
    V.require(Abi<T>::nmf_start(this->handle_, &data, W.data(), config.rows, H.data(), config.rank),
              "orthant_nmf_start");
    return resume(V, W, H);
  }
  orthant_report resume(Stream<T> &V, std::vector<T> &W, std::vector<T> &H) {
    detail::expect(W, config.rows, config.rank);
    detail::expect(H, config.rank, config.cols);
    const auto data = V.data();
    orthant_report report = detail::fresh();
    V.require(Abi<T>::nmf_run(this->handle_, &data, W.data(), config.rows, H.data(), config.rank, &report),
              "orthant_nmf_run");
    return report;
  }
  const orthant_nmf_config config;
};

// M ~ max(0, U V), U and V of any sign.
template <class T>
class ReluNmd : public detail::Job<typename Abi<T>::ReluNmd> {
 public:
  explicit ReluNmd(const orthant_relu_nmd_config &c)
      : detail::Job<typename Abi<T>::ReluNmd>("orthant_relu_nmd_init", detail::sized(c), Abi<T>::relu_nmd_size,
                                              Abi<T>::relu_nmd_init),
        config(detail::sized(c)) {}

  orthant_report factor(const std::vector<T> &M, std::vector<T> &U, std::vector<T> &V) {
    U.resize(size_t(config.rows) * size_t(config.rank));
    V.resize(size_t(config.rank) * size_t(config.cols));
    detail::expect(M, config.rows, config.cols);
    const auto data = dense(M.data(), config.rows, config.cols);
    orthant_report report = detail::fresh();
    require(Abi<T>::relu_nmd_start(this->handle_, &data, U.data(), config.rows, V.data(), config.rank),
            "orthant_relu_nmd_start", data, ORTHANT_DATA_NOT_NEGATIVE | ORTHANT_DATA_ROOM);
    require(Abi<T>::relu_nmd_run(this->handle_, &data, U.data(), config.rows, V.data(), config.rank, &report),
            "orthant_relu_nmd_run");
    return report;
  }
  const orthant_relu_nmd_config config;
};

// X ~ U U', X symmetric, all nonnegative.
template <class T>
class SymNmf : public detail::Job<typename Abi<T>::Symnmf> {
 public:
  explicit SymNmf(const orthant_symnmf_config &c)
      : detail::Job<typename Abi<T>::Symnmf>("orthant_symnmf_init", detail::sized(c), Abi<T>::symnmf_size,
                                             Abi<T>::symnmf_init),
        config(detail::sized(c)) {}

  orthant_report factor(const std::vector<T> &X, std::vector<T> &U) {
    U.resize(size_t(config.n) * size_t(config.rank));
    detail::expect(X, config.n, config.n);
    const auto data = dense(X.data(), config.n, config.n);
    orthant_report report = detail::fresh();
    require(Abi<T>::symnmf_start(this->handle_, &data, U.data(), config.n), "orthant_symnmf_start", data,
            ORTHANT_DATA_NOT_NEGATIVE | ORTHANT_DATA_ROOM | ORTHANT_DATA_SYMMETRIC);
    require(Abi<T>::symnmf_run(this->handle_, &data, U.data(), config.n, &report), "orthant_symnmf_run");
    return report;
  }
  const orthant_symnmf_config config;
};

// Keeps its own copy of the endmembers, and its share of the model.
template <class T>
class Unmixer {
 public:
  Unmixer(const orthant_unmix_config &c, std::vector<T> endmembers, std::shared_ptr<const Model> model = nullptr)
      : config(with(c, model.get())), model_(std::move(model)), E_(std::move(endmembers)), job_(config, E_) {}

  // A pixel with NaN or infinite entries has the abundances NaN; an Error where all have.
  std::vector<T> abundances(const std::vector<T> &Y, orthant_report *report = nullptr) {
    const int32_t pixels = int32_t(Y.size() / size_t(config.bands));
    detail::expect(Y, config.bands, pixels);
    std::vector<T> A(size_t(config.endmembers) * size_t(pixels));
    const auto data = dense(Y.data(), config.bands, pixels);
    const orthant_status st = Abi<T>::unmix_run(job_.handle(), &data, A.data(), config.endmembers, report);
    const auto valid = [](T a) { return a == a; };
    if (st != ORTHANT_E_DATA || std::none_of(A.begin(), A.end(), valid))
      require(st, "orthant_unmix_run", data, 0);
    return A;
  }
  std::vector<T> abundances(Stream<T> &Y, orthant_report *report = nullptr) {
    std::vector<T> A(size_t(config.endmembers) * size_t(Y.cols));
    const auto data = Y.data();
    Y.require(Abi<T>::unmix_run(job_.handle(), &data, A.data(), config.endmembers, report), "orthant_unmix_run");
    return A;
  }
  const orthant_unmix_config config;

 private:
  struct Placed : detail::Job<typename Abi<T>::Unmix> {
    // The shape is checked before init reads E.
    Placed(const orthant_unmix_config &c, const std::vector<T> &E)
        : detail::Job<typename Abi<T>::Unmix>("orthant_unmix_init", c, Abi<T>::unmix_size, Abi<T>::unmix_init,
                                              (detail::expect(E, c.bands, c.endmembers), E.data()), c.bands) {}
    typename Abi<T>::Unmix *handle() { return this->handle_; }
  };
  static orthant_unmix_config with(orthant_unmix_config c, const Model *model) {
    c.size = sizeof c;
    if (model) c.model = model->get();
    return c;
  }

  std::shared_ptr<const Model> model_;
  std::vector<T> E_;
  Placed job_;
};

// How many endmembers pixels are mixed from.
template <class T>
class Dimension : public detail::Job<typename Abi<T>::Dimension> {
 public:
  struct Found {
    int32_t count = 0;
    std::vector<double> power, limit, noise;
  };
  explicit Dimension(const orthant_dimension_config &c)
      : detail::Job<typename Abi<T>::Dimension>("orthant_dimension_init", detail::sized(c), Abi<T>::dimension_size,
                                                Abi<T>::dimension_init),
        config(detail::sized(c)) {}

  Found count(const std::vector<T> &Y) {
    const int32_t pixels = int32_t(Y.size() / size_t(config.bands));
    detail::expect(Y, config.bands, pixels);
    Found found;
    for (std::vector<double> *v : {&found.power, &found.limit, &found.noise}) v->resize(size_t(config.bands));
    const auto data = dense(Y.data(), config.bands, pixels);
    require(Abi<T>::dimension_run(this->handle_, &data, found.power.data(), found.limit.data(), found.noise.data(),
                                  &found.count),
            "orthant_dimension_run");
    return found;
  }
  const orthant_dimension_config config;
};

// Unmixing by a library, which is copied; variance: of each band's noise, or empty.
template <class T>
class LibraryUnmixer : public detail::Job<typename Abi<T>::Library> {
 public:
  LibraryUnmixer(const orthant_library_config &c, const std::vector<T> &E, const std::vector<T> &variance = {})
      : detail::Job<typename Abi<T>::Library>("orthant_library_init", detail::sized(c), Abi<T>::library_size,
                                              Abi<T>::library_init, (detail::expect(E, c.bands, c.spectra), E.data()),
                                              c.bands, detail::optional(variance, c.bands)),
        config(detail::sized(c)) {}

  std::vector<T> abundances(const std::vector<T> &Y, std::vector<T> *deviations = nullptr,
                            orthant_report *report = nullptr) {
    const int32_t pixels = int32_t(Y.size() / size_t(config.bands));
    detail::expect(Y, config.bands, pixels);
    std::vector<T> A(size_t(config.spectra) * size_t(pixels));
    if (deviations) deviations->resize(A.size());
    const auto data = dense(Y.data(), config.bands, pixels);
    require(Abi<T>::library_run(this->handle_, &data, A.data(), config.spectra,
                                deviations ? deviations->data() : nullptr, config.spectra, report),
            "orthant_library_run");
    return A;
  }
  const orthant_library_config config;
};

// The best model of each pixel, of one spectrum from each of some classes.
template <class T>
class Mesma : public detail::Job<typename Abi<T>::Mesma> {
 public:
  struct Models {
    std::vector<int32_t> model;    // classes x pixels
    std::vector<T> fractions, rms; // classes x pixels; pixels
  };
  Mesma(const orthant_mesma_config &c, const std::vector<T> &E, const std::vector<int32_t> &class_of)
      : detail::Job<typename Abi<T>::Mesma>("orthant_mesma_init", detail::sized(c), Abi<T>::mesma_size,
                                            Abi<T>::mesma_init, (detail::expect(E, c.bands, c.spectra), E.data()),
                                            c.bands, (detail::expect(class_of, c.spectra, 1), class_of.data())),
        config(detail::sized(c)) {}

  Models models(const std::vector<T> &Y, orthant_report *report = nullptr) {
    const int32_t pixels = int32_t(Y.size() / size_t(config.bands));
    detail::expect(Y, config.bands, pixels);
    const size_t entries = size_t(config.classes) * size_t(pixels);
    Models found{std::vector<int32_t>(entries), std::vector<T>(entries), std::vector<T>(size_t(pixels))};
    const auto data = dense(Y.data(), config.bands, pixels);
    require(Abi<T>::mesma_run(this->handle_, &data, found.model.data(), config.classes, found.fractions.data(),
                              config.classes, found.rms.data(), report),
            "orthant_mesma_run");
    return found;
  }
  const orthant_mesma_config config;
};

// Fractions of classes, and their scatter over draws of spectra.
template <class T>
class Bootstrap : public detail::Job<typename Abi<T>::Bootstrap> {
 public:
  Bootstrap(const orthant_bootstrap_config &c, const std::vector<T> &E, const std::vector<int32_t> &class_of,
            const std::vector<T> &variance = {})
      : detail::Job<typename Abi<T>::Bootstrap>("orthant_bootstrap_init", detail::sized(c), Abi<T>::bootstrap_size,
                                                Abi<T>::bootstrap_init,
                                                (detail::expect(E, c.bands, c.spectra), E.data()), c.bands,
                                                (detail::expect(class_of, c.spectra, 1), class_of.data()),
                                                detail::optional(variance, c.bands)),
        config(detail::sized(c)) {}

  std::vector<T> fractions(const std::vector<T> &Y, std::vector<T> &deviations) {
    const int32_t pixels = int32_t(Y.size() / size_t(config.bands));
    detail::expect(Y, config.bands, pixels);
    std::vector<T> A(size_t(config.classes) * size_t(pixels));
    deviations.resize(A.size());
    const auto data = dense(Y.data(), config.bands, pixels);
    require(Abi<T>::bootstrap_run(this->handle_, &data, A.data(), config.classes, deviations.data(), config.classes,
                                  nullptr),
            "orthant_bootstrap_run");
    return A;
  }
  const orthant_bootstrap_config config;
};

}  // namespace orthant
#endif
