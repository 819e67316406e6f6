// One matrix in every kind that the interface takes.
#pragma once
#include "typed_api.hpp"

namespace orthant::test {

constexpr int32_t kinds[] = {ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED, ORTHANT_STREAM};
constexpr const char *kind_names[] = {"dense", "csc", "csr", "masked", "stream"};
// In memory, and no entry missing.
constexpr bool is_whole(int32_t kind) { return kind != ORTHANT_MASKED && kind != ORTHANT_STREAM; }

// The columns of a matrix, read as they are asked for.
template <class T>
int32_t read_columns(void *matrix, int32_t first, int32_t count, T *out) {
  const Matrix<T> &A = *static_cast<const Matrix<T> *>(matrix);
  if (first < 0 || count < 1 || first > A.cols() - count) return 1;
  for (int32_t j = 0; j < count; ++j)
    memcpy(out + size_t(j) * size_t(A.rows()), A.data() + size_t(A.ld()) * size_t(first + j),
           size_t(A.rows()) * sizeof(T));
  return 0;
}
template <class T>
typename Api<T>::Matrix stream(const Matrix<T> &A) {
  typename Api<T>::Matrix X{};
  X.size = sizeof X;
  X.kind = ORTHANT_STREAM;
  X.rows = A.rows(), X.cols = A.cols();
  X.read = read_columns<T>;
  X.user = const_cast<Matrix<T> *>(&A);
  return X;
}

// A matrix by its nonzeros, in arrays of just their size: a sanitizer sees a read past the end.
template <class T>
struct Sparse {
  int32_t kind = ORTHANT_CSC, rows = 0, cols = 0;
  std::vector<T> values;
  std::vector<int32_t> starts, indices;

  typename Api<T>::Matrix view() const {
    return {
        sizeof(typename Api<T>::Matrix), kind, rows, cols, 0, 0, values.data(), starts.data(), indices.data(), {}, {}, {}};
  }
};
// By columns (CSC) or by rows (CSR).  With a seed the entries of each come in shuffled order: none is promised.
template <class T>
Sparse<T> sparse(const Matrix<T> &A, int32_t kind, uint64_t seed = 0) {
  const bool by_rows = kind == ORTHANT_CSR;
  Sparse<T> s{kind, A.rows(), A.cols(), {}, {0}, {}};
  Random random(seed);
  for (int32_t a = 0; a < (by_rows ? A.rows() : A.cols()); ++a) {
    const auto entry = [&](int32_t b) { return by_rows ? A(a, b) : A(b, a); };
    std::vector<int32_t> found;
    for (int32_t b = 0; b < (by_rows ? A.cols() : A.rows()); ++b)
      if (entry(b) != T(0)) found.push_back(b);
    for (size_t t = found.size(); seed != 0 && t > 1; --t)
      std::swap(found[t - 1], found[size_t(uniform_int(random, 0, int32_t(t) - 1))]);
    for (const int32_t b : found) {
      s.indices.push_back(b);
      s.values.push_back(entry(b));
    }
    s.starts.push_back(int32_t(s.indices.size()));
  }
  s.values.shrink_to_fit();
  s.starts.shrink_to_fit();
  s.indices.shrink_to_fit();
  return s;
}

// MASKED: with the weights, where there are any; a NaN is missing.
template <class T>
struct EveryKind {
  Matrix<T> dense, weights{0, 0};
  Sparse<T> nonzeros[2] = {};  // by columns, by rows

  explicit EveryKind(const Matrix<T> &A, uint64_t seed = 0) : dense(A) { compress(seed); }
  // After a change of `dense`.
  void compress(uint64_t seed = 0) {
    nonzeros[0] = sparse(dense, ORTHANT_CSC, seed);
    nonzeros[1] = sparse(dense, ORTHANT_CSR, seed);
  }
  typename Api<T>::Matrix view(int32_t kind) const {
    if (kind == ORTHANT_CSC || kind == ORTHANT_CSR) return nonzeros[kind == ORTHANT_CSR].view();
    if (kind == ORTHANT_STREAM) return stream(dense);
    auto v = test::view(dense);
    v.kind = kind;
    if (kind == ORTHANT_MASKED && weights.cols() > 0) v.weights = weights.data(), v.ld_weights = weights.ld();
    return v;
  }
  bool intact() const { return dense.intact() && weights.intact(); }
};

}  // namespace orthant::test
