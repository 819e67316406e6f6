// orthant_nalmu_* and orthant_nalmu_train_*: check, then call.
#include <initializer_list>

#include "mixtures.hpp"
#include "nalmu_train.hpp"
#include "shim.hpp"

namespace orthant {
namespace {

template <class T>
Status read(const orthant_nalmu_config *given, Nalmu<T> *a) {
  orthant_nalmu_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_nalmu_config, pixels), &c)) return E_ARG;
  if (c.bands < 1 || c.pixels < 1 || c.endmembers < 0 || c.endmembers > max_rank || c.layers < 0 ||
      !among(c.factors, 0, ORTHANT_NALMU_BOTH) || !among(c.given, 0, 1) || c.reserved != 0 ||
      !read_parallel(c.parallel, &a->par))
    return E_ARG;
  if (c.model) {
    if (const Status st = nalmu_read(Blob(c.model), &a->s, &a->start_h); st != OK) return st;
    if ((a->s.bands > 0 && a->s.bands != c.bands) || (a->s.pixels > 0 && a->s.pixels != c.pixels)) return E_BLOB;
    if ((c.endmembers > 0 && c.endmembers != a->s.rank) || (c.factors > 0 && c.factors != 1 + a->s.both)) return E_BLOB;
    if (c.layers > a->s.layers) return E_ARG;
  } else {
    if (c.endmembers < 1 || c.layers < 1) return E_ARG;
    a->s.rank = c.endmembers;
    a->s.layers = c.layers;
    a->s.both = c.factors != ORTHANT_NALMU_ONE;
  }
  a->s.bands = c.bands;
  a->s.pixels = c.pixels;
  a->pixels = c.pixels;
  a->layers = c.layers > 0 ? c.layers : a->s.layers;
  a->given = c.given;
  a->model = c.model;
  return a->s.good() ? OK : E_ARG;
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh,
           orthant_report *r) {
  Nalmu<T> *a = reinterpret_cast<Nalmu<T> *>(handle);
  Mat<const T> Y;
  if (!a || !read_matrix(data, &Y) || Y.rows != a->s.bands || Y.cols != a->pixels ||
      !good_array(W, a->s.bands, a->s.rank, ldw) || !good_array(H, a->s.rank, a->pixels, ldh) || !good_report(r))
    return E_ARG;
  Report report;
  const Status st = a->run(a, Operand<T>(Y), {W, a->s.bands, a->s.rank, ldw}, {H, a->s.rank, a->pixels, ldh},
                           r ? &report : nullptr);
  if (st == OK) write_report(report, r);
  return st;
}

template <class T>
Status read(const orthant_nalmu_train_config *given, NalmuTrain<T> *t) {
  orthant_nalmu_train_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_nalmu_train_config, layers), &c)) return E_ARG;
  if (c.bands < 1 || c.endmembers < 1 || c.endmembers > max_rank || c.columns < 1 || c.layers < 1 || c.keep < 0 ||
      c.lines < 0 || c.kernel < 0 || !among(c.factors, 0, 2) || !among(c.order, 0, 1) || !among(c.tied, 0, 1) ||
      !among(c.spread_w, 0, 3) || !among(c.spread_h, 0, 3) || !among(c.positivity, 0, 3) || !among(c.nu, 0, 3) ||
      !among(c.loss_w, -1, 5) || !among(c.loss_h, -1, 5) || !among(c.divergence, 0, ORTHANT_LOSS_BETA) ||
      !read_parallel(c.parallel, &t->par))
    return E_ARG;
  for (const double x : {c.low_w, c.high_w, c.low_h, c.high_h, c.start_h, c.rate, c.rate_decay, c.weight_decay, c.beta1,
                         c.beta2, c.epsilon})
    if (!(x >= 0) || !is_finite(x)) return E_ARG;
  if (c.beta1 >= 1 || c.beta2 >= 1 || c.rate_decay > 1 || !is_finite(c.beta)) return E_ARG;
  const auto or_default = [](auto x, auto value) { return x != 0 ? x : value; };
  NalmuShape &s = t->s;
  s.bands = c.bands, s.rank = c.endmembers, s.layers = c.layers, s.pixels = t->columns = c.columns;
  s.lines = or_default(c.lines, 1), s.kernel = or_default(c.kernel, 3);
  s.both = c.factors != ORTHANT_NALMU_ONE, s.h_first = c.order, s.tied = c.tied;
  s.spread[side_w] = Spread(or_default(c.spread_w, 1)), s.spread[side_h] = Spread(or_default(c.spread_h, 1));
  s.beta = c.divergence == ORTHANT_LOSS_BETA ? c.beta : 2.0 - c.divergence;
  s.low[0] = c.low_w, s.low[1] = c.low_h, s.high[0] = c.high_w, s.high[1] = c.high_h;
  t->segment = c.keep > 0 ? min_of(c.keep, c.layers) : c.layers;
  t->positivity = Positivity(or_default(c.positivity, 1));
  t->nu = NuRule(or_default(c.nu, 1));
  const auto kind = [](int32_t x) { return x < 0 ? LossKind::none : x == 0 ? LossKind::nmse : LossKind(x); };
  t->loss[side_w] = kind(c.loss_w), t->loss[side_h] = kind(c.loss_h);
  t->adam.rate = or_default(c.rate, 1e-2), t->adam.decay = c.weight_decay;
  t->adam.beta1 = or_default(c.beta1, 0.9), t->adam.beta2 = or_default(c.beta2, 0.999);
  t->adam.epsilon = or_default(c.epsilon, 1e-8);
  t->decay = or_default(c.rate_decay, 1.0), t->start_h = or_default(c.start_h, 1.0);
  t->seed = c.seed;
  return s.good() ? OK : E_ARG;
}

template <class T>
bool nonnegative(const T *x, size_t n) {
  for (size_t i = 0; i < n; ++i)
    if (!is_finite(x[i]) || x[i] < T(0)) return false;
  return true;
}

template <class T, class Handle>
Status train_init(const orthant_nalmu_train_config *given, const T *W0, int32_t ldw, void *mem, size_t bytes,
                  Handle **out) {
  NalmuTrain<T> t;
  if (const Status st = read(given, &t); st != OK) return st;
  if (W0) {
    if (!good_array(W0, t.s.bands, t.s.rank, ldw)) return E_ARG;
    for (int32_t k = 0; k < t.s.rank; ++k)
      if (!nonnegative(W0 + ptrdiff_t(ldw) * k, size_t(t.s.bands))) return E_DATA;
  }
  const Status st = job_init<NalmuTrain<T>>(read<T>, given, mem, bytes, out);
  if (st == OK) reinterpret_cast<NalmuTrain<T> *>(*out)->start(*out, {W0, t.s.bands, t.s.rank, ldw});
  return st;
}

template <class T, class Handle>
Status train_step(Handle *handle, int32_t count, const T *Y, const T *W, const T *H, int32_t learn, orthant_report *r) {
  NalmuTrain<T> *t = reinterpret_cast<NalmuTrain<T> *>(handle);
  if (!t || count < 1 || !among(learn, 0, 1) || !good_report(r)) return E_ARG;
  int32_t columns = 0, endmembers = 0;
  if (__builtin_mul_overflow(t->columns, count, &columns) || __builtin_mul_overflow(t->s.rank, count, &endmembers) ||
      !good_array(Y, t->s.bands, columns, t->s.bands) || !good_array(W, t->s.bands, endmembers, t->s.bands) ||
      !good_array(H, t->s.rank, columns, t->s.rank))
    return E_ARG;
  const size_t m = size_t(t->s.bands);
  if (!nonnegative(Y, m * size_t(columns)) || !nonnegative(W, m * size_t(endmembers)) ||
      !nonnegative(H, size_t(t->s.rank) * size_t(columns)))
    return E_DATA;
  Report report;
  const bool finite = t->step(t, {Y, t->s.bands, columns, t->s.bands}, {W, t->s.bands, endmembers, t->s.bands},
                              {H, t->s.rank, columns, t->s.rank}, count, learn != 0, &report.objective);
  return train_report(t, finite, &report, r);
}

template <class T>
Status mixtures(const orthant_mixtures_config *given, uint64_t index, int32_t count, const T *S, int32_t lds,
                const int32_t *group, const T *maps, T *Y, T *W, T *H) {
  orthant_mixtures_config c;
  MixturesConfig m;
  if (!read_config(given, ORTHANT_THROUGH(orthant_mixtures_config, spectra), &c)) return E_ARG;
  int32_t pixels = 0, all_pixels = 0, all_members = 0;
  if (c.bands < 1 || c.endmembers < 1 || c.endmembers > max_rank || c.lines < 1 || c.samples < 1 || c.spectra < 1 ||
      count < 1 || index > UINT64_MAX >> 13 || !among(c.abundances, 0, ORTHANT_ABUNDANCES_MAPS) || c.active < 0 ||
      !among(c.unit, 0, 1) || !(c.alpha >= 0) || c.alpha > 1e6 || !is_finite(c.snr_db) ||
      !(c.spread >= 0 && c.spread < 1) ||
      (!group && (c.spectra < c.endmembers || c.spectra > 1 << 24)) ||
      __builtin_mul_overflow(c.lines, c.samples, &pixels) ||
      __builtin_mul_overflow(pixels, count, &all_pixels) || __builtin_mul_overflow(c.endmembers, count, &all_members) ||
      !good_array(S, c.bands, c.spectra, lds) || !good_array(Y, c.bands, all_pixels, c.bands) ||
      !good_array(W, c.bands, all_members, c.bands) || !good_array(H, c.endmembers, all_pixels, c.endmembers) ||
      !read_parallel(c.parallel, &m.par))
    return E_ARG;
  if (c.abundances == ORTHANT_ABUNDANCES_MAPS &&
      (c.map_columns < 1 || !good_array(maps, c.endmembers, c.map_columns, c.endmembers)))
    return E_ARG;
  for (int32_t k = 0; group && k < c.endmembers; ++k) {
    int32_t members = 0;
    for (int32_t j = 0; j < c.spectra; ++j) members += group[j] == k;
    if (members == 0) return E_ARG;
  }
  for (int32_t j = 0; j < c.spectra; ++j)
    if (!nonnegative(S + ptrdiff_t(lds) * j, size_t(c.bands))) return E_DATA;
  if (c.abundances == ORTHANT_ABUNDANCES_MAPS && !nonnegative(maps, size_t(c.endmembers) * size_t(c.map_columns)))
    return E_DATA;
  m.bands = c.bands, m.endmembers = c.endmembers, m.lines = c.lines, m.samples = c.samples, m.spectra = c.spectra;
  m.abundances = Abundances(c.abundances > 0 ? c.abundances : ORTHANT_ABUNDANCES_DIRICHLET);
  m.active = c.active, m.unit = c.unit, m.alpha = c.alpha > 0 ? c.alpha : 1, m.snr_db = c.snr_db == 0 ? 30 : c.snr_db;
  m.spread = c.spread, m.seed = c.seed;
  make_mixtures<T>(m, index, count, {S, c.bands, c.spectra, lds}, group,
                   {maps, c.endmembers, c.map_columns, c.endmembers},
                   {Y, c.bands, all_pixels, c.bands}, {W, c.bands, all_members, c.bands},
                   {H, c.endmembers, all_pixels, c.endmembers});
  return OK;
}

}  // namespace
}  // namespace orthant

#define NALMU(T, S)                                                                                                  \
  orthant_status orthant_nalmu_size_##S(const orthant_nalmu_config *c, size_t *bytes) {                              \
    return orthant::job_size<orthant::Nalmu<T>>(orthant::read<T>, c, bytes);                                         \
  }                                                                                                                  \
  orthant_status orthant_nalmu_init_##S(const orthant_nalmu_config *c, void *mem, size_t bytes,                      \
                                        orthant_nalmu_##S **out) {                                                   \
    return orthant::job_init<orthant::Nalmu<T>>(orthant::read<T>, c, mem, bytes, out);                               \
  }                                                                                                                  \
  orthant_status orthant_nalmu_run_##S(orthant_nalmu_##S *s, const orthant_matrix_##S *Y, T *W, int32_t ldw, T *H,   \
                                       int32_t ldh, orthant_report *r) {                                             \
    return orthant::run<T>(s, Y, W, ldw, H, ldh, r);                                                                 \
  }                                                                                                                  \
  orthant_status orthant_nalmu_train_size_##S(const orthant_nalmu_train_config *c, size_t *bytes) {                  \
    return orthant::job_size<orthant::NalmuTrain<T>>(orthant::read<T>, c, bytes);                                    \
  }                                                                                                                  \
  orthant_status orthant_nalmu_train_init_##S(const orthant_nalmu_train_config *c, const T *W0, int32_t ldw,         \
                                              void *mem, size_t bytes, orthant_nalmu_train_##S **out) {              \
    return orthant::train_init<T>(c, W0, ldw, mem, bytes, out);                                                      \
  }                                                                                                                  \
  orthant_status orthant_nalmu_train_load_##S(orthant_nalmu_train_##S *s, const orthant_model *m) {                  \
    return orthant::train_load<orthant::NalmuTrain<T>>(s, m);                                                        \
  }                                                                                                                  \
  orthant_status orthant_nalmu_train_step_##S(orthant_nalmu_train_##S *s, int32_t count, const T *Y, const T *W,     \
                                              const T *H, int32_t learn, orthant_report *r) {                        \
    return orthant::train_step<T>(s, count, Y, W, H, learn, r);                                                      \
  }                                                                                                                  \
  orthant_status orthant_nalmu_train_save_##S(orthant_nalmu_train_##S *s, int32_t state, void *out, size_t capacity, \
                                              size_t *bytes) {                                                       \
    return orthant::train_save<orthant::NalmuTrain<T>>(s, state, out, capacity, bytes);                              \
  }                                                                                                                  \
  orthant_status orthant_mixtures_run_##S(const orthant_mixtures_config *c, uint64_t index, int32_t count,           \
                                          const T *Sp, int32_t lds, const int32_t *group, const T *maps,             \
                                          T *Y, T *W, T *H) {                                                        \
    return orthant::mixtures<T>(c, index, count, Sp, lds, group, maps, Y, W, H);                                     \
  }

extern "C" {
NALMU(float, f32)
#ifdef ORTHANT_F64
NALMU(double, f64)
#endif
}
