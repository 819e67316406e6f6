// orthant_nmf_terms_*: check, then set.
#include "giqpm.hpp"
#include "passes.hpp"
#include "penalized.hpp"
#include "shim.hpp"

namespace orthant {
namespace {

template <class T>
struct Given;
template <>
struct Given<float> { using symmetric = orthant_symmetric_f32; using penalty = orthant_penalty_f32; };
template <>
struct Given<double> { using symmetric = orthant_symmetric_f64; using penalty = orthant_penalty_f64; };

ORTHANT_SAME(Form::identity, IDENTITY);
ORTHANT_SAME(Form::scalar, SCALAR);
ORTHANT_SAME(Form::diagonal, DIAGONAL);
ORTHANT_SAME(Form::dense, SYMMETRIC);

// The caller's array of penalties is used in place: the inner struct is the public one under another name.
template <class T>
constexpr bool same() {
  using S = typename Given<T>::symmetric;
  using P = typename Given<T>::penalty;
  return sizeof(SymmetricMatrix<T>) == sizeof(S) && offsetof(SymmetricMatrix<T>, ld) == offsetof(S, ld) &&
         offsetof(SymmetricMatrix<T>, factor) == offsetof(S, factor) &&
         offsetof(SymmetricMatrix<T>, values) == offsetof(S, values) &&
         sizeof(TracePenalty<T>) == sizeof(P) && offsetof(TracePenalty<T>, right) == offsetof(P, right);
}
static_assert(same<float>() && same<double>(), "layout");

template <class T>
Status read(const typename Given<T>::symmetric &given, int32_t order, SymmetricMatrix<T> *out = nullptr) {
  const T *v = given.values;
  switch (given.kind) {
    case ORTHANT_IDENTITY: break;
    case ORTHANT_SCALAR:
      if (!(given.factor >= 0) || !is_finite(T(given.factor))) return E_DATA;
      break;
    case ORTHANT_DIAGONAL:
      if (!v) return E_ARG;
      if (!all_nonnegative<T>(Mat<const T>{v, order, 1, order})) return E_DATA;
      break;
    case ORTHANT_SYMMETRIC:
      if (!good_array(v, order, order, given.ld)) return E_ARG;
      if (!nonnegative_symmetric(Mat<const T>{v, order, order, given.ld})) return E_DATA;
      break;
    default: return E_ARG;
  }
  if (out) *out = {Form(given.kind), given.ld, given.factor, v};
  return OK;
}

template <class T>
Status read(const T *l1, int32_t rows, int32_t cols, int32_t ld, Mat<const T> *out) {
  *out = {};
  if (!l1) return OK;
  if (!good_array(l1, rows, cols, ld)) return E_ARG;
  *out = {l1, rows, cols, ld};
  return all_nonnegative<T>(*out) ? OK : E_DATA;
}

template <class T>
Status read(const typename Given<T>::penalty *given, int32_t count, int32_t left, int32_t right) {
  if (count < 0 || (count > 0 && !given)) return E_ARG;
  for (int32_t j = 0; j < count; ++j) {
    if (const Status st = read<T>(given[j].left, left); st != OK) return st;
    if (const Status st = read<T>(given[j].right, right); st != OK) return st;
  }
  return OK;
}

template <class T, class Public>
Status read(const Public *given, const NmfConfig &c, Terms<T> *t) {
  Public p;
  if (!read_config(given, sizeof(uint32_t), &p) || p.reserved != 0) return E_ARG;
  Status st = read<T>(p.weight_rows, c.rows, &t->rows);
  if (st == OK) st = read<T>(p.weight_cols, c.cols, &t->cols);
  if (st == OK) st = read<T>(p.l1_w, c.rows, c.rank, p.ldl1_w, &t->l1_w);
  if (st == OK) st = read<T>(p.l1_h, c.rank, c.cols, p.ldl1_h, &t->l1_h);
  if (st == OK) st = read<T>(p.penalty_w, p.penalties_w, c.rows, c.rank);
  if (st == OK) st = read<T>(p.penalty_h, p.penalties_h, c.rank, c.cols);
  t->w = reinterpret_cast<const TracePenalty<T> *>(p.penalty_w);
  t->h = reinterpret_cast<const TracePenalty<T> *>(p.penalty_h);
  t->count_w = p.penalties_w;
  t->count_h = p.penalties_h;
  return st;
}

template <class T, class Handle, class Public>
Status set_terms(Handle *handle, const Public *given) {
  const NmfConfig *c = reinterpret_cast<const NmfConfig *>(handle);
  if (!c) return E_ARG;
  if (c->engine != Engine::penalized) return E_UNSUPPORTED;
  Terms<T> t;
  if (given)
    if (const Status st = read(given, *c, &t); st != OK) return st;
  PenalizedNmf<T> *s = reinterpret_cast<PenalizedNmf<T> *>(handle);
  s->terms = t;
  s->started = 0;
  return OK;
}

}  // namespace
}  // namespace orthant

extern "C" {
orthant_status orthant_nmf_terms_f32(orthant_nmf_f32 *s, const orthant_terms_f32 *terms) {
  return orthant::set_terms<float>(s, terms);
}
#ifdef ORTHANT_F64
orthant_status orthant_nmf_terms_f64(orthant_nmf_f64 *s, const orthant_terms_f64 *terms) {
  return orthant::set_terms<double>(s, terms);
}
#endif
}
