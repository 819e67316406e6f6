// Columns of a file as a matrix of the library's, which asks for them as it goes.
#pragma once

#include <exception>

#include "api.hpp"
#include "columns.hpp"

namespace orthant::tool {

template <class T>
class StreamedMatrix {
 public:
  explicit StreamedMatrix(ChosenColumns<T> columns) : columns_(std::move(columns)) {}
  StreamedMatrix(const StreamedMatrix &) = delete;
  StreamedMatrix &operator=(const StreamedMatrix &) = delete;

  typename Api<T>::Matrix view() { return view(0, columns_.columns()); }
  // So many of the columns, from `first` on.
  typename Api<T>::Matrix view(int64_t first, int64_t count) {
    first_ = first;
    auto m = matrix<T>(nullptr, columns_.source().rows(), count);
    m.kind = ORTHANT_STREAM;
    m.ld = 0;
    m.read = read;
    m.user = this;
    return m;
  }
  const ChosenColumns<T> &columns() const { return columns_; }
  // After a call that ended with E_READ: throws what the reading did.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  static int32_t read(void *user, int32_t first, int32_t count, T *out) {
    auto &self = *static_cast<StreamedMatrix *>(user);
    try {
      self.columns_.read(self.first_ + first, count, out);
      return 0;
    } catch (...) {
      self.failure_ = std::current_exception();
      return 1;
    }
  }
  ChosenColumns<T> columns_;
  int64_t first_ = 0;
  std::exception_ptr failure_;
};

}  // namespace orthant::tool
