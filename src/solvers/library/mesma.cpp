// The workspace of MESMA, its Gram matrix, and the pass over the pixels.
#include "mesma.hpp"

#include "mesma_job.hpp"
#include "ops.hpp"

namespace orthant {

template <class T>
void Mesma<T>::worker_layout(Carver &carve, MesmaWorker<T> &w) const {
  const size_t n = size_t(spectra), p = size_t(block()), depths = size_t(rules.most) + 1;
  w.f = carve.take<Sum>(n, p);
  w.norm2 = carve.take<Sum>(p);
  w.best = carve.take<Sum>(p);
  w.bound = carve.take<Sum>(p);
  w.q = carve.take<Sum>(depths * n, p);
  w.rest = carve.take<Sum>(depths, p);
  w.z = carve.take<Sum>(depths, p);
  w.share = carve.take<Sum>(depths, p);
  w.H = carve.take<Sum>(depths * n, n);
  w.ratio = carve.take<Sum>(depths, n);
  w.x = carve.take<Sum>(depths);
  w.y = carve.take<Sum>(size_t(bands));
  w.active = carve.take<int32_t>(p);
  w.winner = carve.take<int32_t>(depths, p);
  w.level = carve.take<int32_t>(p);
  w.chosen = carve.take<int32_t>(depths);
  w.next = carve.take<int32_t>(depths);
}

template <class T>
void Mesma<T>::layout(Carver &carve, Blocks &b) const {
  const size_t m = size_t(bands), n = size_t(spectra);
  carve.take<Mesma<T>>(1);
  b.E = {carve.take<Sum>(m, n), bands, spectra, bands};
  b.G = {carve.take<Sum>(n, n), spectra, spectra, spectra};
  b.order = carve.take<int32_t>(n);
  b.cls = carve.take<int32_t>(n);
  b.begins = carve.take<int32_t>(size_t(classes) + 1);
  b.sums = carve.take<PixelSums>(size_t(pixel_parts));
  b.scratch.layout(carve, par.workers, [this](Carver &one, MesmaWorker<T> &w) { worker_layout(one, w); });
}

namespace {

// To the root mean square one; zeros stay.
template <class Sum>
void normalize(int32_t n, Sum *y) {
  Sum squares = 0;
  for (int32_t i = 0; i < n; ++i) squares += y[i] * y[i];
  const Sum factor = squares > Sum(0) ? sqrt_of(Sum(n) / squares) : Sum(0);
  for (int32_t i = 0; i < n; ++i) y[i] *= factor;
}

}  // namespace

template <class T>
Status Mesma<T>::prepare(void *base, Mat<const T> E, const int32_t *class_of) {
  T top = 0, none = 0;
  for (int32_t k = 0; k < spectra; ++k)
    for (int32_t i = 0; i < bands; ++i) {
      none += E(i, k) * T(0);
      top = max_of(top, abs_of(E(i, k)));
    }
  if (!is_finite(none)) return E_DATA;
  Carver carve(base);
  MesmaJob<T> job(*this, carve);
  Blocks &b = job.b;
  unit = Sum(scale_to_one(top));
  int32_t at = 0;
  for (int32_t c = 0; c < classes; ++c) {
    b.begins[c] = at;
    for (int32_t k = 0; k < spectra; ++k) {
      if (class_of[k] != c) continue;
      b.order[at] = k;
      b.cls[at++] = c;
    }
  }
  b.begins[classes] = at;
  for (int32_t t = 0; t < spectra; ++t) {
    for (int32_t i = 0; i < bands; ++i) b.E(i, t) = unit * Sum(E(i, b.order[t]));
    if (rules.normalize) normalize(bands, b.E.col(t));
  }
  for (int32_t t = 0; t < spectra; ++t)
    for (int32_t u = 0; u <= t; ++u) {
      b.G(t, u) = Sum(inner<Sum>(b.E.columns(t, 1), b.E.columns(u, 1)));
      b.G(u, t) = b.G(t, u);
    }
  if (!rules.normalize) {
    rules.max_rmse *= double(unit);
    rules.gain *= double(unit);
  }
  return OK;
}

// Pixel j in the unit of the search; returns its square, which is not finite where the pixel is not.
template <class T>
typename MesmaJob<T>::Sum MesmaJob<T>::read(int32_t j, Sum *y) const {
  Sum squares = 0;
  for (int32_t i = 0; i < s.bands; ++i) y[i] = s.unit * Sum(Y->at(i, j));
  if (s.rules.normalize) normalize(s.bands, y);
  for (int32_t i = 0; i < s.bands; ++i) squares += y[i] * y[i];
  return squares;
}

template <class T>
void MesmaJob<T>::load(int32_t j, int32_t p, Worker &w) const {
  w.norm2[p] = read(j, w.y);
  w.level[p] = 0;
  const Mat<const Sum> y{w.y, s.bands, 1, s.bands};
  for (int32_t t = 0; t < s.spectra; ++t) w.f[ptrdiff_t(t) * block + p] = Sum(inner<Sum>(b.E.columns(t, 1), y));
}

// |y - E a|^2 of the best model, from the spectra themselves.
template <class T>
typename MesmaJob<T>::Sum MesmaJob<T>::fit(int32_t j, int32_t p, Worker &w) const {
  read(j, w.y);
  for (int32_t d = 1; d <= w.level[p]; ++d) {
    const Sum *e = b.E.col(w.winner[ptrdiff_t(d) * block + p]), x = w.share[ptrdiff_t(d) * block + p];
    for (int32_t i = 0; i < s.bands; ++i) w.y[i] -= x * e[i];
  }
  Sum squares = 0;
  for (int32_t i = 0; i < s.bands; ++i) squares += w.y[i] * w.y[i];
  return squares;
}

template <class T>
void MesmaJob<T>::conclude(int32_t j, int32_t p, Worker &w, PixelSums &sums) const {
  const bool good = is_finite(w.norm2[p]), modelled = good && w.level[p] > 0;
  for (int32_t c = 0; c < s.classes; ++c) {
    model(c, j) = -1;
    A(c, j) = modelled ? T(0) : T(NAN);
  }
  rms[j] = T(NAN);
  sums.bad |= !good;
  if (!modelled) return;
  for (int32_t d = 1; d <= w.level[p]; ++d) {
    const int32_t t = w.winner[ptrdiff_t(d) * block + p];
    model(b.cls[t], j) = b.order[t];
    A(b.cls[t], j) = no_denormal(T(w.share[ptrdiff_t(d) * block + p]));
  }
  const double to_units = s.rules.normalize ? 1 : 1 / double(s.unit);
  const double rest2 = double(fit(j, p, w)) * to_units * to_units;
  rms[j] = T(sqrt_of(rest2 / s.bands));
  sums.objective += 0.5 * rest2;
  sums.rest2 += rest2;
  sums.norm2 += double(w.norm2[p]) * to_units * to_units;
  sums.note_residual(double(rms[j]), j);
}

template <class T>
void MesmaJob<T>::solve_block(int32_t first, int32_t count, Worker &w, PixelSums &sums) const {
  for (int32_t p = 0; p < count; ++p) load(first + p, p, w);
  int32_t models = 0;
  for (int32_t level = s.rules.least; level <= s.rules.most; ++level) models += search(level, count, w);
  sums.iters = max_of(sums.iters, models);
  for (int32_t p = 0; p < count; ++p) conclude(first + p, p, w, sums);
}

template <class T>
PixelSums MesmaJob<T>::run() const {
  const auto pixels = [&](const Block &k, Worker &w, PixelSums &sums) { solve_block(k.row, k.rows, w, sums); };
  return by_blocks(s.par, A.cols, block, pixel_parts, b.sums, [&](int32_t index) { return worker(index); }, pixels);
}

template <class T>
Status Mesma<T>::run(void *base, const Operand<T> &Y, Mat<int32_t> model, Mat<T> A, T *rms, Report *report) const {
  Carver carve(base);
  MesmaJob<T> job(*this, carve);
  job.Y = &Y;
  job.model = model;
  job.A = A;
  job.rms = rms;
  return job.run().fill(report);
}

#define INSTANTIATE(T) template struct Mesma<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
