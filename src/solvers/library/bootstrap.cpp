// The draws, and unmixing by each of them.  Draws do not depend on the pixel: a difference between pixels is no chance.
#include "bootstrap.hpp"

#include "rng.hpp"

namespace orthant {

template <class T>
void Bootstrap<T>::worker_layout(Carver &carve, BootstrapWorker<T> &w) const {
  const size_t k = size_t(most_drawn()), n = size_t(classes), p = size_t(library.block());
  w.G = carve.take<Sum>(k, k);
  w.c = carve.take<Sum>(k);
  w.share = carve.take<Sum>(n);
  w.mean = carve.take<Sum>(n, p);
  w.squares = carve.take<Sum>(n, p);
}

template <class T>
void Bootstrap<T>::layout(Carver &carve, Blocks &b) const {
  const size_t n = size_t(library.spectra);
  carve.take<Bootstrap<T>>(1);
  library.layout(carve, b.library);
  b.class_of = carve.take<int32_t>(n);
  b.pool = carve.take<int32_t>(n);
  b.drawn = carve.take<int32_t>(size_t(most_drawn()), size_t(draws));
  b.noise = carve.take<Sum>(n, size_t(draws));
  b.scratch.layout(carve, library.par.workers, [this](Carver &one, BootstrapWorker<T> &w) { worker_layout(one, w); });
}

namespace {

// `each` of the spectra of every class, without replacement; returns how many they are.
int32_t draw_spectra(const Rng &rng, int32_t spectra, int32_t classes, int32_t each, const int32_t *class_of,
                     int32_t *pool, int32_t *drawn) {
  int32_t count = 0;
  for (int32_t c = 0; c < classes; ++c) {
    int32_t members = 0;
    for (int32_t k = 0; k < spectra; ++k)
      if (class_of[k] == c) pool[members++] = k;
    const int32_t taken = min_of(each, members);
    for (int32_t i = 0; i < taken; ++i) {
      const int32_t at = i + rng.below(uint64_t(c) * uint64_t(spectra) + uint64_t(i), members - i);
      drawn[count++] = pool[at];
      pool[at] = pool[i];
    }
  }
  return count;
}

}  // namespace

template <class T>
Status Bootstrap<T>::prepare(void *base, Mat<const T> E, const int32_t *classes_of, const T *variance) {
  // The library's own workspace lies in this one: only what it refuses may return before it writes.
  if (const Status st = library.check(E, variance); st != OK) return st;
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  library.fill_blocks(b.library, E, variance);
  for (int32_t k = 0; k < library.spectra; ++k) b.class_of[k] = classes_of[k];
  for (int32_t d = 0; d < draws; ++d) {
    const Rng rng(seed, uint64_t(d)), chance(seed, (uint64_t(1) << 32) + uint64_t(d));
    drawn =
        draw_spectra(rng, library.spectra, classes, each, b.class_of, b.pool, b.drawn + ptrdiff_t(d) * most_drawn());
    for (int32_t k = 0; variance && k < library.spectra; ++k) {
      Sum sum = 0;
      for (int32_t i = 0; i < library.bands; ++i) sum += Sum(b.library.E(i, k)) * Sum(chance.normal(uint64_t(i)));
      b.noise[k + ptrdiff_t(d) * library.spectra] = library.unit * sum;
    }
  }
  return OK;
}

namespace {

// One call.  The library's job has the pixels, their products and the room of the active set.
template <class T>
struct BootstrapJob {
  using Sum = typename Library<T>::Sum;
  using Worker = LibraryWorker<T>;
  using Own = BootstrapWorker<T>;
  const Bootstrap<T> &s;
  BootstrapBlocks<T> b;
  LibraryJob<T> job;
  Mat<T> mean, deviation;

  BootstrapJob(const Bootstrap<T> &config, Carver &carve) : s(config), job(config.library) {
    s.layout(carve, b);
    job.b = b.library;
  }

  // The Gram matrix and scales of one draw.
  typename PassiveSet<Sum>::Problem draw(const int32_t *members, const Own &own) const {
    for (int32_t i = 0; i < s.drawn; ++i) {
      own.c[i] = b.library.c[members[i]];
      for (int32_t l = 0; l < s.drawn; ++l) own.G[l + ptrdiff_t(i) * s.drawn] = b.library.G(members[l], members[i]);
    }
    const Library<T> &lib = s.library;
    return {own.G, own.c, s.drawn, min_of(s.drawn, lib.bands + 1), lib.sum_to_one != 0, lib.shift};
  }

  // Running means and squares [Welford 1962].
  void note(int32_t q, int32_t draw, const Own &own) const {
    for (int32_t c = 0; c < s.classes; ++c) {
      Sum &m = own.mean[c + ptrdiff_t(q) * s.classes];
      const Sum before = own.share[c] - m;
      m += before / Sum(draw + 1);
      own.squares[c + ptrdiff_t(q) * s.classes] += before * (own.share[c] - m);
    }
  }

  int32_t solve_draw(int32_t d, int32_t count, Worker &w, const Own &own) const {
    const int32_t *members = b.drawn + ptrdiff_t(d) * s.most_drawn();
    const Sum *noise = b.noise + ptrdiff_t(d) * s.library.spectra;
    const typename PassiveSet<Sum>::Problem problem = draw(members, own);
    PassiveSet<Sum> set(problem, w.room);
    int32_t most = 0;
    for (int32_t q = 0; q < count; ++q) {
      if (!is_finite(w.norm2[q])) continue;
      for (int32_t i = 0; i < s.drawn; ++i) {
        const Sum chance = s.library.weighted ? w.scale[q] * noise[members[i]] : Sum(0);
        w.room.f[i] = Sum(w.F(members[i], q)) + chance;
      }
      most = max_of(most, set.solve(w.scale[q], job.rounding(q, w), s.library.max_iter));
      for (int32_t c = 0; c < s.classes; ++c) own.share[c] = Sum(0);
      for (int32_t i = 0; i < set.size(); ++i) {
        const int32_t k = members[set.index(i)];
        own.share[b.class_of[k]] += set.value(i) * (b.library.c[k] / w.scale[q]);
      }
      note(q, d, own);
    }
    return most;
  }

  void solve_block(int32_t first, int32_t count, Worker &w, const Own &own, PixelSums &sums) const {
    for (int32_t q = 0; q < count; ++q) job.load(first + q, q, w);
    job.ops.tn(b.library.E, w.Y.columns(0, count), w.F.columns(0, count));
    for (int32_t i = 0; i < s.classes * count; ++i) own.mean[i] = own.squares[i] = Sum(0);
    for (int32_t d = 0; d < s.draws; ++d) sums.iters = max_of(sums.iters, solve_draw(d, count, w, own));
    for (int32_t q = 0; q < count; ++q) {
      const bool good = is_finite(w.norm2[q]);
      sums.bad |= !good;
      for (int32_t c = 0; c < s.classes; ++c) {
        const ptrdiff_t at = c + ptrdiff_t(q) * s.classes;
        mean(c, first + q) = good ? no_denormal(T(own.mean[at])) : T(NAN);
        deviation(c, first + q) = good ? no_denormal(T(sqrt_of(own.squares[at] / Sum(s.draws - 1)))) : T(NAN);
      }
    }
  }

  PixelSums run() const {
    struct Room {
      Worker w;
      Own own;
    };
    const auto room = [&](int32_t index) {
      const auto own = [this](Carver &carve, Own &o) { s.worker_layout(carve, o); };
      return Room{job.worker(index), b.scratch.of(index, own, true)};
    };
    const auto pixels = [&](const Block &k, Room &r, PixelSums &sums) { solve_block(k.row, k.rows, r.w, r.own, sums); };
    return by_blocks(s.library.par, mean.cols, s.library.block(), pixel_parts, b.library.sums, room, pixels);
  }
};

}  // namespace

template <class T>
Status Bootstrap<T>::run(void *base, const Operand<T> &Y, Mat<T> mean, Mat<T> deviation, Report *report) const {
  Carver carve(base);
  BootstrapJob<T> job(*this, carve);
  job.job.Y = &Y;
  job.mean = mean;
  job.deviation = deviation;
  const PixelSums all = job.run();
  report->iters = all.iters;
  report->stop = all.iters >= library.max_iter ? by_iterations : by_kkt;
  return all.bad ? E_DATA : OK;
}

#define INSTANTIATE(T) template struct Bootstrap<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
