// The workspace of library unmixing, its Gram matrix, and the pass over the pixels.
#include "library.hpp"

#include "library_job.hpp"

namespace orthant {
template <class T>
void Library<T>::worker_layout(Carver &carve, LibraryWorker<T> &w) const {
  const int32_t p = block();
  const size_t m = size_t(bands), n = size_t(spectra), q = size_t(p), most_used = size_t(most());
  w.Y = {carve.take<T>(m, q), bands, p, bands};
  w.R = {carve.take<T>(m, q), bands, p, bands};
  w.F = {carve.take<T>(n, q), spectra, p, spectra};
  w.scale = carve.take<Sum>(q);
  w.norm2 = carve.take<Sum>(q);
  w.kkt = carve.take<Sum>(q);
  w.rest = carve.take<Sum>(m);
  w.variance = carve.take<Sum>(most_used);
  w.room.L = carve.take<Sum>(most_used, most_used);
  w.room.x = carve.take<Sum>(most_used);
  w.room.z = carve.take<Sum>(most_used);
  w.room.u = carve.take<Sum>(most_used);
  w.room.index = carve.take<int32_t>(most_used);
  w.room.state = carve.take<int32_t>(n);
  w.room.f = carve.take<Sum>(n);
  w.room.g = carve.take<Sum>(n);
}

template <class T>
void Library<T>::layout(Carver &carve, Blocks &b) const {
  const size_t m = size_t(bands), n = size_t(spectra);
  carve.take<Library<T>>(1);
  b.E = {carve.take<T>(m, n), bands, spectra, bands};
  b.G = {carve.take<Sum>(n, n), spectra, spectra, spectra};
  b.c = carve.take<Sum>(n);
  b.w = carve.take<T>(m);
  b.sums = carve.take<PixelSums>(size_t(pixel_parts));
  b.scratch.layout(carve, par.workers, [this](Carver &one, LibraryWorker<T> &w) { worker_layout(one, w); });
}

template <class T>
Status Library<T>::check(Mat<const T> E, const T *variance) const {
  T none = 0;  // NaN where a number is not finite
  bool positive = true;
  for (int32_t k = 0; k < spectra; ++k)
    for (int32_t i = 0; i < bands; ++i) none += E(i, k) * T(0);
  for (int32_t i = 0; variance && i < bands; ++i) {
    none += variance[i] * T(0);
    positive = positive && variance[i] > T(0);
  }
  return is_finite(none) && positive ? OK : E_DATA;
}

template <class T>
Status Library<T>::prepare(void *base, Mat<const T> E, const T *variance) {
  if (const Status st = check(E, variance); st != OK) return st;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  fill_blocks(b, E, variance);
  return OK;
}

// Powers of two for the columns, which round nothing; the weights below one.
template <class T>
void Library<T>::fill_blocks(const Blocks &b, Mat<const T> E, const T *variance) {
  T least = Real<T>::huge;
  for (int32_t i = 0; variance && i < bands; ++i) least = min_of(least, variance[i]);
  weighted = variance != nullptr;
  unit = variance ? scale_to_one(Sum(1) / sqrt_of(Sum(least))) : Sum(1);
  for (int32_t i = 0; i < bands; ++i) b.w[i] = variance ? T(unit / sqrt_of(Sum(variance[i]))) : T(1);
  Sum trace = 0, squares = 0, largest = 0;
  largest_scale = Sum(0);
  for (int32_t k = 0; k < spectra; ++k) {
    Sum highest = 0, sum = 0;
    for (int32_t i = 0; i < bands; ++i) highest = max_of(highest, abs_of(Sum(b.w[i]) * Sum(E(i, k))));
    const Sum first = scale_to_one(highest);
    for (int32_t i = 0; i < bands; ++i) {
      const Sum e = first * (Sum(b.w[i]) * Sum(E(i, k)));
      sum += e * e;
    }
    const Sum c = first * scale_to_one(sqrt_of(sum));
    b.c[k] = c;
    for (int32_t i = 0; i < bands; ++i) b.E(i, k) = T(c * (Sum(b.w[i]) * Sum(E(i, k))));
    squares += c * c;
    largest_scale = max_of(largest_scale, c);
  }
  parallel_for(par, spectra, [&](int32_t k, int32_t) {
    for (int32_t l = k; l < spectra; ++l) b.G(l, k) = Sum(inner<T>(b.E.columns(k, 1), b.E.columns(l, 1)));
  });
  for (int32_t k = 0; k < spectra; ++k) {
    for (int32_t l = k + 1; l < spectra; ++l) b.G(k, l) = b.G(l, k);
    trace += b.G(k, k);
    largest = max_of(largest, b.G(k, k));
  }
  shift = sum_to_one ? trace / squares : Sum(0);
  longest = largest > Sum(0) ? sqrt_of(largest) : Sum(1);
}

// ---- one block

template <class T>
void LibraryJob<T>::load(int32_t j, int32_t q, Worker &w) const {
  Sum highest = 0, none = 0, norm2 = 0;
  for (int32_t i = 0; i < s.bands; ++i) {
    const Sum y = Sum(b.w[i]) * Sum(Y->at(i, j));
    none += y * Sum(0);
    highest = max_of(highest, abs_of(y));
  }
  const bool good = is_finite(none);
  w.scale[q] = good ? scale_to_one(highest) : Sum(1);
  for (int32_t i = 0; i < s.bands; ++i) {
    const T y = good ? T(w.scale[q] * (Sum(b.w[i]) * Sum(Y->at(i, j)))) : T(0);
    w.Y(i, q) = y;
    norm2 += Sum(y) * Sum(y);
  }
  w.norm2[q] = good ? norm2 : Sum(NAN);
}

// From the products in F, and from the support of the pixel before.
template <class T>
int32_t LibraryJob<T>::solve_pixel(int32_t j, int32_t q, Set &set, Worker &w) const {
  for (int32_t k = 0; k < s.spectra; ++k) w.room.f[k] = Sum(w.F(k, q));
  return solve_from(j, q, set, w);
}

// From the gradient in F, which was taken from the library itself at the stored abundances: the products that it and
// the Gram matrix agree on.
template <class T>
int32_t LibraryJob<T>::solve_again(int32_t j, int32_t q, Set &set, Worker &w) const {
  set.clear();
  for (int32_t k = 0; k < s.spectra; ++k) w.room.f[k] = Sum(w.F(k, q));
  for (int32_t k = 0; k < s.spectra; ++k) {
    if (!(A(k, j) > T(0))) continue;
    const Sum x = entry(k, j, q, w), *g = b.G.col(k);
    for (int32_t l = 0; l < s.spectra; ++l) w.room.f[l] += x * g[l];
    set.put(k, x);
  }
  return solve_from(j, q, set, w);
}

// From products in the room, without the penalty.
template <class T>
int32_t LibraryJob<T>::solve_from(int32_t j, int32_t q, Set &set, Worker &w) const {
  const Sum l1 = penalty(q, w);
  for (int32_t k = 0; k < s.spectra; ++k) w.room.f[k] -= l1 * b.c[k];
  const int32_t iters = set.solve(w.scale[q], rounding(q, w), s.max_iter);
  store(j, q, set, w);
  return iters;
}

// A gradient of this size is rounding of the products.
template <class T>
typename LibraryJob<T>::Sum LibraryJob<T>::rounding(int32_t q, const Worker &w) const {
  Sum size = sqrt_of(w.norm2[q]);
  if (s.sum_to_one) size = max_of(size, w.scale[q] / s.largest_scale);
  return max_of(Sum(0.25) * Sum(Real<T>::eps), Sum(64) * Real<Sum>::eps) * s.longest * size;
}

template <class T>
void LibraryJob<T>::store(int32_t j, int32_t q, const Set &set, Worker &w) const {
  for (int32_t k = 0; k < s.spectra; ++k) A(k, j) = T(0);
  for (int32_t i = 0; i < set.size(); ++i) {
    const int32_t k = set.index(i);
    A(k, j) = no_denormal(T(set.value(i) * (b.c[k] / w.scale[q])));
  }
  if (!deviations.data) return;
  for (int32_t k = 0; k < s.spectra; ++k) deviations(k, j) = T(0);
  set.variances(w.variance);
  for (int32_t i = 0; i < set.size(); ++i) {
    const int32_t k = set.index(i);
    deviations(k, j) = T(s.unit * b.c[k] * sqrt_of(w.variance[i]));
  }
}

// R <- y - E a, from the library and from the abundances as they were stored.
template <class T>
void LibraryJob<T>::leave(int32_t j, int32_t q, Worker &w) const {
  for (int32_t i = 0; i < s.bands; ++i) w.rest[i] = Sum(w.Y(i, q));
  for (int32_t k = 0; k < s.spectra; ++k) {
    if (!(A(k, j) > T(0))) continue;
    const Sum x = entry(k, j, q, w);
    const T *e = b.E.col(k);
    for (int32_t i = 0; i < s.bands; ++i) w.rest[i] -= x * Sum(e[i]);
  }
  for (int32_t i = 0; i < s.bands; ++i) w.R(i, q) = T(w.rest[i]);
}

// |min(x, gradient)|_inf over the largest norm of a spectrum and the larger norm of pixel and fit, all as scaled.
template <class T>
typename LibraryJob<T>::Sum LibraryJob<T>::residual(int32_t j, int32_t q, const Worker &w) const {
  const Sum l1 = penalty(q, w);
  Sum top = 0, bottom = 0, fit2 = 0, worst = 0;
  for (int32_t k = 0; s.sum_to_one && k < s.spectra; ++k) {
    if (!(A(k, j) > T(0))) continue;
    top += b.c[k] * (Sum(w.F(k, q)) - l1 * b.c[k]);
    bottom += b.c[k] * b.c[k];
  }
  const Sum level = bottom > Sum(0) ? top / bottom : Sum(0);
  for (int32_t k = 0; k < s.spectra; ++k) {
    const Sum gradient = (l1 + level) * b.c[k] - Sum(w.F(k, q));
    worst = max_of(worst, abs_of(min_of(entry(k, j, q, w), gradient)));
  }
  for (int32_t i = 0; i < s.bands; ++i) {
    const Sum fit = Sum(w.Y(i, q)) - Sum(w.R(i, q));
    fit2 += fit * fit;
  }
  const Sum scale = s.longest * sqrt_of(max_of(w.norm2[q], fit2));
  return scale > Sum(0) ? worst / scale : Sum(0);
}

// What is left of the pixels, their gradients and residuals; returns the largest of these.
template <class T>
typename LibraryJob<T>::Sum LibraryJob<T>::judge(int32_t first, int32_t count, Worker &w) const {
  Sum worst = 0;
  for (int32_t q = 0; q < count; ++q) leave(first + q, q, w);
  ops.tn(b.E, w.R.columns(0, count), w.F.columns(0, count));
  for (int32_t q = 0; q < count; ++q) {
    w.kkt[q] = is_finite(w.norm2[q]) ? residual(first + q, q, w) : Sum(0);
    worst = max_of(worst, w.kkt[q]);
  }
  return worst;
}

template <class T>
void LibraryJob<T>::conclude(int32_t j, int32_t q, Worker &w, PixelSums &sums) const {
  if (!is_finite(w.norm2[q])) {
    sums.bad = 1;
    for (int32_t k = 0; k < s.spectra; ++k) {
      A(k, j) = T(NAN);
      if (deviations.data) deviations(k, j) = T(NAN);
    }
    return;
  }
  Sum rest2 = 0, sum = 0;
  int32_t used = 0;
  for (int32_t i = 0; i < s.bands; ++i) rest2 += Sum(w.R(i, q)) * Sum(w.R(i, q));
  for (int32_t k = 0; k < s.spectra; ++k) {
    used += A(k, j) > T(0);
    sum += Sum(A(k, j));
  }
  const double to_units = 1 / (double(s.unit) * double(w.scale[q]));
  sums.objective += 0.5 * double(rest2) * to_units * to_units + s.l1 * double(sum);
  sums.rest2 += double(rest2) * to_units * to_units;
  sums.norm2 += double(w.norm2[q]) * to_units * to_units;
  sums.note_residual(double(w.kkt[q]), j);
  if (s.weighted || !deviations.data) return;
  const int32_t freedom = s.bands - used + (s.sum_to_one ? 1 : 0);
  const Sum noise = freedom > 0 ? sqrt_of(rest2 / Sum(freedom)) / w.scale[q] : Sum(NAN);
  for (int32_t k = 0; k < s.spectra; ++k)
    if (A(k, j) > T(0)) deviations(k, j) = T(noise * Sum(deviations(k, j)));
}

template <class T>
void LibraryJob<T>::solve_block(int32_t first, int32_t count, Worker &w, PixelSums &sums) const {
  const typename Set::Problem one = problem();
  Set set(one, w.room);
  for (int32_t q = 0; q < count; ++q) load(first + q, q, w);
  ops.tn(b.E, w.Y.columns(0, count), w.F.columns(0, count));
  for (int32_t q = 0; q < count; ++q)
    if (is_finite(w.norm2[q]))
      sums.iters = max_of(sums.iters, solve_pixel(first + q, q, set, w));
    else
      for (int32_t k = 0; k < s.spectra; ++k) A(k, first + q) = T(0);
  // The products were rounded to the element type: what remains of a pixel is small, and so is its rounding.
  constexpr int rounds = 3;
  const Sum tol = max_of(Sum(4) * Sum(Real<T>::eps), Sum(256) * Real<Sum>::eps);
  for (int round = 1; judge(first, count, w) > tol && round < rounds; ++round)
    for (int32_t q = 0; q < count; ++q)
      if (w.kkt[q] > tol) sums.iters = max_of(sums.iters, solve_again(first + q, q, set, w));
  for (int32_t q = 0; q < count; ++q) conclude(first + q, q, w, sums);
}

template <class T>
PixelSums LibraryJob<T>::run() const {
  const auto pixels = [&](const Block &k, Worker &w, PixelSums &sums) { solve_block(k.row, k.rows, w, sums); };
  return by_blocks(s.par, A.cols, s.block(), pixel_parts, b.sums, [&](int32_t index) { return worker(index); }, pixels);
}

template <class T>
Status Library<T>::run(void *base, const Operand<T> &Y, Mat<T> A, Mat<T> deviations, Report *report) const {
  Carver carve(base);
  LibraryJob<T> job(*this, carve);
  job.Y = &Y;
  job.A = A;
  job.deviations = deviations;
  const PixelSums all = job.run();
  report->stop = all.iters >= max_iter ? by_iterations : by_kkt;
  report->kkt = max_of(0.0, all.worst);
  return all.fill(report);
}

#define INSTANTIATE(T)        \
  template struct Library<T>; \
  template struct LibraryJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
