// orthant_*_get and orthant_*_set: what a handle holds, as numbers; each noun says which parts it has.
#include "endmembers.hpp"
#include "factormer_train.hpp"
#include "minvol.hpp"
#include "nalmu_train.hpp"
#include "relu_nmd.hpp"
#include "symnmf.hpp"
#include "train.hpp"

namespace orthant {

ORTHANT_FIELDS(adam, size,
               ORTHANT_IS(reserved, reserved_zero) && ORTHANT_IS(rate, not_negative) && ORTHANT_IS(beta1, below(1)) &&
               ORTHANT_IS(beta2, below(1)) && ORTHANT_IS(epsilon, not_negative) && ORTHANT_IS(weight_decay, finite))

namespace {

// Numbers of one of three types, column by column, and what may take their place.
template <class T>
struct Part {
  T *own = nullptr;
  double *wide = nullptr;
  int32_t *whole = nullptr;
  int32_t rows = 1, cols = 1, ld = 1;
  bool settable = false;
  double least = double(-INFINITY), most = double(INFINITY);

  Part() = default;
  explicit Part(Mat<T> A) : own(A.data), rows(A.rows), cols(A.cols), ld(int32_t(A.ld)) {}
  explicit Part(double *x, int32_t count = 1) : wide(x), rows(count), ld(count) {}
  explicit Part(int32_t *x, int32_t count) : whole(x), rows(count), ld(count) {}
  Part within(double low, double high = double(INFINITY)) const {
    Part p = *this;
    p.settable = true;
    p.least = low;
    p.most = high;
    return p;
  }
  size_t count() const { return size_t(rows) * size_t(cols); }
  size_t place(size_t i) const { return i % size_t(rows) + size_t(ld) * (i / size_t(rows)); }
  double at(size_t i) const {
    if (own) return double(own[place(i)]);
    if (wide) return wide[place(i)];
    return whole ? double(whole[place(i)]) : 0;
  }
  void put(size_t i, double x) const {
    if (own) own[place(i)] = T(x);
    else if (wide) wide[place(i)] = x;
    else whole[place(i)] = int32_t(x);
  }
  bool takes(double x) const {
    return is_finite(T(x)) && x >= least && x <= most && (!whole || double(int32_t(x)) == x);
  }
};

template <class Job>
typename Job::Blocks blocks_of(Job *s) {
  Carver carve(s);
  typename Job::Blocks b;
  s->layout(carve, b);
  return b;
}

// Parameters of a network as one column; too many for an int32 are none.
template <class T>
Part<T> column(T *x, size_t n) {
  return n <= size_t(INT32_MAX) ? Part<T>(Mat<T>{x, int32_t(n), 1, int32_t(n)}) : Part<T>();
}

// ---- The parts of each noun: OK | E_ARG before they are there | E_UNSUPPORTED where there is none

template <class T>
Status find(SymNmf<T> *s, int32_t part, Part<T> *p) {
  if (!s->started) return E_ARG;
  const bool admm = s->c.method == SymMethod::admm;
  const typename SymNmf<T>::Blocks b = blocks_of(s);
  switch (part) {
    case ORTHANT_PART_FACTOR:
      if (!has_second_factor(s->c.method)) return E_UNSUPPORTED;
      *p = Part<T>(b.V).within(admm ? double(-INFINITY) : 0);
      return OK;
    case ORTHANT_PART_MULTIPLIER:
      if (!admm) return E_UNSUPPORTED;
      *p = Part<T>(b.D).within(double(-INFINITY));
      return OK;
    case ORTHANT_PART_PENALTY: *p = Part<T>(&s->lambda); return OK;
    case ORTHANT_PART_THETA:
      if (!admm) return E_UNSUPPORTED;
      *p = Part<T>(&s->ball);
      return OK;
    case ORTHANT_PART_EIGENVECTORS:
      if (!s->c.bound) return E_UNSUPPORTED;
      if (!(s->norm2 > 0)) return E_ARG;
      *p = Part<T>(b.svd.V.columns(0, s->c.rank));
      return OK;
    default: return E_UNSUPPORTED;
  }
}
template <class T>
void changed(SymNmf<T> *s) { s->outer.last = double(INFINITY); }  // no fall of the objective to compare with

template <class T>
Status find(NmfConfig *c, int32_t part, Part<T> *p) {
  if (part == ORTHANT_PART_PENALTY && c->engine == Engine::minvol) {
    MinVolNmf<T> *s = reinterpret_cast<MinVolNmf<T> *>(c);
    if (!s->started) return E_ARG;
    *p = Part<T>(&s->lambda);
    return OK;
  }
  // Where a block ends depends on how a process cuts its columns.
  if (part != ORTHANT_PART_INNER_TOL || c->method != NmfMethod::aoadmm || c->reduce.active()) return E_UNSUPPORTED;
  *p = Part<T>(&c->inner_tol).within(0);
  return OK;
}
inline void changed(NmfConfig *) {}

template <class T>
Status find(ReluNmd<T> *s, int32_t part, Part<T> *p) {
  const bool em = s->c.iteration() == ReluIteration::svd && s->c.next_z() == ReluNextZ::mean;
  if (part != ORTHANT_PART_VARIANCE || !em) return E_UNSUPPORTED;
  if (!s->started) return E_ARG;
  *p = Part<T>(&s->sigma2);
  return OK;
}
template <class T>
void changed(ReluNmd<T> *) {}

template <class T>
Status find(Endmembers<T> *s, int32_t part, Part<T> *p) {
  if (s->method != Extraction::nfindr) return E_UNSUPPORTED;
  switch (part) {
    case ORTHANT_PART_PIXELS: *p = Part<T>(blocks_of(s).start, s->rank).within(0, s->pixels - 1); return OK;
    case ORTHANT_PART_VOLUME: *p = Part<T>(&s->volume); return OK;
    default: return E_UNSUPPORTED;
  }
}
template <class T>
void changed(Endmembers<T> *s) { s->given = 1; }

template <class T>
Status find(NalmuTrain<T> *s, int32_t part, Part<T> *p) {
  const typename NalmuTrain<T>::Blocks b = s->blocks(s);
  switch (part) {
    case ORTHANT_PART_START_H: *p = Part<T>(b.H0).within(0); return OK;
    case ORTHANT_PART_NU: *p = Part<T>(b.nu, s->s.layers).within(0); return OK;
    case ORTHANT_PART_PARAMETERS: *p = column(b.theta, s->s.params()).within(double(-INFINITY)); break;
    case ORTHANT_PART_GRADIENT: *p = column(b.gradients, s->s.params()); break;
    default: return E_UNSUPPORTED;
  }
  return p->own ? OK : E_UNSUPPORTED;
}
template <class T>
void changed(NalmuTrain<T> *) {}

template <class T>
Status find(FactormerTrain<T> *s, int32_t part, Part<T> *p) {
  const typename FactormerTrain<T>::Blocks b = s->blocks(s);
  if (part == ORTHANT_PART_PARAMETERS) *p = column(b.theta, s->s.params()).within(double(-INFINITY));
  else if (part == ORTHANT_PART_GRADIENT) *p = column(b.gradients, s->s.params());
  return p->own ? OK : E_UNSUPPORTED;
}
template <class T>
void changed(FactormerTrain<T> *) {}

// ---- get and set

template <class T, class Job>
Status look_up(Job *s, int32_t part, Part<T> *p) {
  return s && among(part, ORTHANT_PART_FACTOR, ORTHANT_PART_EIGENVECTORS) ? find(s, part, p) : E_ARG;
}

template <class T, class Job>
Status get(Job *s, int32_t part, double *out, size_t capacity, size_t *count) {
  Part<T> p;
  if (!count) return E_ARG;
  if (const Status st = look_up(s, part, &p); st != OK) return st;
  if (out && capacity < p.count()) return E_SCRATCH;
  *count = p.count();
  for (size_t i = 0; out && i < p.count(); ++i) out[i] = p.at(i);
  return OK;
}

template <class T, class Job>
Status set(Job *s, int32_t part, const double *values, size_t count) {
  Part<T> p;
  if (const Status st = look_up(s, part, &p); st != OK) return st;
  if (!p.settable) return E_UNSUPPORTED;
  if (!values || count != p.count()) return E_ARG;
  for (size_t i = 0; i < count; ++i)
    if (!p.takes(values[i])) return E_DATA;
  for (size_t i = 0; i < count; ++i) p.put(i, values[i]);
  changed(s);
  return OK;
}

template <class T>
Status adam_step(const orthant_adam_config *given, int64_t step, size_t n, const T *g, T *x, T *m, T *v) {
  orthant_adam_config c;
  if (!read_fields<adam_fields>(given, &c) || step < 1 || !g || !x || !m || !v) return E_ARG;
  for (size_t i = 0; i < n; ++i)
    if (!is_finite(g[i]) || !is_finite(x[i]) || !is_finite(m[i]) || !(v[i] >= T(0)) || !is_finite(v[i])) return E_DATA;
  AdamConfig adam{c.rate, c.beta1, c.beta2, c.epsilon, max_of(c.weight_decay, 0.0)};
  adam.resolve(AdamConfig().rate);
  AdamStep<T>(adam, step)(n, g, x, m, v);
  return OK;
}

}  // namespace
}  // namespace orthant

#define PARTS(noun, T, S, Job)                                                                                        \
  orthant_status orthant_##noun##_get_##S(orthant_##noun##_##S *s, int32_t part, double *out, size_t capacity,        \
                                          size_t *count) {                                                            \
    return orthant::get<T>(reinterpret_cast<Job *>(s), part, out, capacity, count);                                   \
  }                                                                                                                   \
  orthant_status orthant_##noun##_set_##S(orthant_##noun##_##S *s, int32_t part, const double *values, size_t count) { \
    return orthant::set<T>(reinterpret_cast<Job *>(s), part, values, count);                                          \
  }
#define ALL_PARTS(T, S)                                                                                              \
  PARTS(nmf, T, S, orthant::NmfConfig)                                                                               \
  PARTS(relu_nmd, T, S, orthant::ReluNmd<T>)                                                                         \
  PARTS(symnmf, T, S, orthant::SymNmf<T>)                                                                            \
  PARTS(endmembers, T, S, orthant::Endmembers<T>)                                                                    \
  PARTS(nalmu_train, T, S, orthant::NalmuTrain<T>)                                                                   \
  PARTS(factormer_train, T, S, orthant::FactormerTrain<T>)                                                           \
  orthant_status orthant_adam_step_##S(const orthant_adam_config *c, int64_t step, size_t n, const T *g, T *x, T *m, \
                                       T *v) {                                                                       \
    return orthant::adam_step(c, step, n, g, x, m, v);                                                               \
  }

extern "C" {
ORTHANT_CONFIG_PROBLEM(adam, orthant::adam_fields, nullptr)
ALL_PARTS(float, f32)
#ifdef ORTHANT_F64
ALL_PARTS(double, f64)
#endif
}
