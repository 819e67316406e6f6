// orthant_matrix_problem_*: what is wrong with data, in words.
#include "fields.hpp"

namespace orthant {
namespace {

constexpr bool has_indices(int32_t kind) { return kind == ORTHANT_CSC || kind == ORTHANT_CSR; }
constexpr bool has_values(int32_t kind) { return kind == ORTHANT_DENSE || kind == ORTHANT_MASKED; }
constexpr int32_t most_majors(int32_t kind) { return has_indices(kind) ? INT32_MAX - 1 : INT32_MAX; }

template <class M>
ORTHANT_FIELDS_OF(matrix_fields, M, values,
                  ORTHANT_IS(kind, up_to(ORTHANT_STREAM)) && ORTHANT_IS(rows, from(1, most_majors(c.kind))) &&
                  ORTHANT_IS(cols, from(1, most_majors(c.kind))) &&
                  ORTHANT_IS(starts, Pointer{has_indices(c.kind)}) && ORTHANT_IS(values, Pointer{has_values(c.kind)}) &&
                  ORTHANT_IS(ld, at_least(has_values(c.kind) ? c.rows : INT32_MIN)) &&
                  ORTHANT_IS(ld_weights, at_least(has_values(c.kind) && c.weights ? c.rows : INT32_MIN)) &&
                  ORTHANT_IS(read, Pointer{c.kind == ORTHANT_STREAM}))

// The first entry of X for which wrong(i, j, v) is not null, in the order in which X lies in memory; missing entries
// are left out.
template <class T>
struct Entry {
  int32_t i = 0, j = 0;
  T v = T(0);
  const char *wrong = nullptr;
};
template <class T, class Wrong>
Entry<T> first_wrong(const Operand<T> &X, const Wrong &wrong) {
  Entry<T> e;
  const bool sparse = X.sparse(), by_rows = X.kind() == Kind::csr;
  const int32_t majors = by_rows ? X.rows() : X.cols();
  for (int32_t a = 0; a < majors; ++a) {
    const int32_t *index = nullptr;
    const T *value = nullptr;
    const int32_t count = sparse ? X.major(a, &index, &value) : X.rows();
    for (int32_t t = 0; t < count; ++t) {
      const int32_t b = sparse ? index[t] : t;
      if (X.kind() == Kind::masked && X.weight(b, a) == T(0)) continue;
      e.i = by_rows ? a : b;
      e.j = by_rows ? b : a;
      e.v = sparse ? value[t] : X.at(b, a);
      e.wrong = wrong(e.i, e.j, e.v);
      if (e.wrong) return e;
    }
  }
  return e;
}
// X(j, i)
template <class T>
T mirror(const Operand<T> &X, int32_t i, int32_t j) {
  if (!X.sparse()) return X.at(j, i);
  const int32_t *index = nullptr;
  const T *value = nullptr;
  const bool by_rows = X.kind() == Kind::csr;
  const int32_t count = X.major(by_rows ? j : i, &index, &value), wanted = by_rows ? i : j;
  for (int32_t t = 0; t < count; ++t)
    if (index[t] == wanted) return value[t];
  return T(0);
}

template <class T>
void say_entry(Sentence *s, const Entry<T> &e) {
  *s << "entry (" << e.i << ", " << e.j << "), counted from 0, is ";
  if (e.v == e.v) *s << e.v << ", ";
  *s << e.wrong;
}

// NaN and infinity are numbers of their own, whatever the comparison.
template <class T>
const char *number_fault(T v, int32_t what) {
  if (v != v) return "NaN";
  if (!is_finite(v)) return "which is not finite";
  if (v < T(0) && (what & (ORTHANT_DATA_NOT_NEGATIVE | ORTHANT_DATA_POSITIVE)) != 0) return "which is negative";
  if (v == T(0) && (what & ORTHANT_DATA_POSITIVE) != 0) return "which is not positive";
  if (!is_finite(v * v)) return "which is too large to square";
  return nullptr;
}

template <class M>
bool says_weight(Sentence *s, const M &given) {
  for (int32_t j = 0; given.kind == ORTHANT_MASKED && given.weights && j < given.cols; ++j)
    for (int32_t i = 0; i < given.rows; ++i) {
      const auto weight = given.weights[i + ptrdiff_t(given.ld_weights) * j];
      if (weight >= 0 && weight <= 1) continue;
      *s << "weight (" << i << ", " << j << "), counted from 0, is " << weight << "; it must be from 0 to 1";
      return true;
    }
  return false;
}

template <class T>
bool says_asymmetry(Sentence *s, const Operand<T> &X) {
  if (X.rows() != X.cols()) {
    *s << "the matrix is " << X.rows() << " x " << X.cols() << ", and must be square";
    return true;
  }
  const T slack = sqrt_of(Real<T>::eps);
  Entry<T> e = first_wrong(X, [&](int32_t i, int32_t j, T v) {
    const T other = mirror(X, i, j);
    return abs_of(v - other) <= slack * max_of(abs_of(v), abs_of(other)) ? nullptr : "but ";
  });
  if (!e.wrong) return false;
  say_entry(s, e);
  *s << "entry (" << e.j << ", " << e.i << ") is " << mirror(X, e.i, e.j) << ": not symmetric";
  return true;
}

// The whole of X by `has_room`, or each column of it.
template <class T>
bool says_size(Sentence *s, const Operand<T> &X) {
  Entry<T> largest;
  double squares = 0;
  first_wrong(X, [&](int32_t i, int32_t j, T v) -> const char * {
    squares += double(v) * double(v);
    if (abs_of(v) > abs_of(largest.v)) largest = {i, j, v, nullptr};
    return nullptr;
  });
  if (X.has_room(squares)) return false;
  largest.wrong =
      squares > 1 ? "the largest: the sum of squares overflows" : "the largest: the sum of squares vanishes";
  say_entry(s, largest);
  return true;
}
template <class T>
bool says_columns(Sentence *s, const Operand<T> &X) {
  for (int32_t j = 0; !X.sparse() && j < X.cols(); ++j) {
    double squares = 0;
    X.entries(j, [&](int32_t, T v) { squares += double(v) * double(v); });
    const bool large = !is_finite(T(squares));
    if (!large && (squares >= double(Faint<T>::least) || X.is_zero(j, 1))) continue;
    *s << "column " << j << ", counted from 0, has squares whose sum " << (large ? "overflows" : "vanishes");
    return true;
  }
  return false;
}

// What is wrong with the matrix before its numbers are looked at.
template <class M, class T>
bool says_matrix(Sentence *s, const M *given, M *own, Operand<T> *X) {
  if (says_fields<matrix_fields<M>>(s, given, own)) return true;
  if (read_operand(given, X)) return false;
  *s << (has_indices(own->kind) ? "starts must begin with 0 and not fall, and indices lie within the matrix"
                                : "rows, cols and ld ask for more than the address space");
  return true;
}

template <class T>
size_t say_data(const typename Public<T>::matrix *given, int32_t what, char *text, size_t room) {
  Sentence s(text, room);
  typename Public<T>::matrix own{};
  Operand<T> X;
  if (says_matrix(&s, given, &own, &X) || own.kind == ORTHANT_STREAM || says_weight(&s, own)) return s.length();
  const Entry<T> e = first_wrong(X, [&](int32_t, int32_t, T v) { return number_fault(v, what); });
  if (e.wrong) {
    say_entry(&s, e);
    return s.length();
  }
  const bool said = ((what & ORTHANT_DATA_SYMMETRIC) != 0 && says_asymmetry(&s, X)) ||
                    ((what & ORTHANT_DATA_ROOM) != 0 && says_size(&s, X));
  if (!said && (what & ORTHANT_DATA_COLUMNS) != 0) says_columns(&s, X);
  return s.length();
}

}  // namespace
}  // namespace orthant

extern "C" {
size_t orthant_matrix_problem_f32(const orthant_matrix_f32 *X, int32_t what, char *text, size_t room) {
  return orthant::say_data<float>(X, what, text, room);
}
#ifdef ORTHANT_F64
size_t orthant_matrix_problem_f64(const orthant_matrix_f64 *X, int32_t what, char *text, size_t room) {
  return orthant::say_data<double>(X, what, text, room);
}
#endif
}
