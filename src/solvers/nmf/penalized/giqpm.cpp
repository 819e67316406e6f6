#include "giqpm.hpp"

#include <initializer_list>

#include "additive.hpp"
#include "passes.hpp"

namespace orthant {

void resolve(QpConfig *c, const QpChoice &given) {
  constexpr int32_t default_iterations = 1000;
  const auto choose = [](double from, double *to) {
    if (from != 0) *to = max_of(from, 0.0);
  };
  if (given.rule > 0) c->rule = QpRule(given.rule);
  c->outer.max_iter = given.max_iter == 0 ? default_iterations : max_of(given.max_iter, 0);
  choose(given.tau, &c->tau);
  choose(given.anneal, &c->anneal);
  choose(given.zero_tol, &c->zero_tol);
  choose(given.min_step, &c->min_step);
}

template <class T>
void Giqpm<T>::layout(Carver &carve, Blocks &b) const {
  const size_t n = size_t(c.n);
  carve.take<Giqpm<T>>(1);
  b.Gx = carve.take<T>(n);
  b.h = carve.take<T>(n);
  b.K = carve.take<T>(n);
  b.b = carve.take<T>(c.rule == QpRule::lemma_b ? n : 0);
}

template <class T>
struct Giqpm<T>::Job {
  Giqpm &s;
  Mat<const T> G;
  const T *d;
  T *x;
  Blocks b;
  Ops<T> ops;
  int32_t n;

  Job(Giqpm &solver, Carver &carve, Mat<const T> matrix, const T *linear, T *point)
      : s(solver), G(matrix), d(linear), x(point), n(solver.c.n) {
    s.layout(carve, b);
  }

  void times(const T *v, T *out) const {  // G v; by columns, G is symmetric
    constexpr int32_t width = 256;
    parallel_blocks(s.c.par, n, width, [&](Range k, int32_t) {
      ops.tn(G.columns(k.from, k.size()), Mat<const T>{v, n, 1, n}, Mat<T>{out + k.from, k.size(), 1, n});
    });
  }

  // b.h from x and G x.
  void find_direction() const {
    if (s.c.rule == QpRule::lemma_b) {
      for (int32_t i = 0; i < n; ++i) b.b[i] = G(i, i) > T(0) ? max_of(x[i] + d[i] / G(i, i), T(0)) : x[i];
      times(b.b, b.K);
    }
    for (int32_t i = 0; i < n; ++i) {
      const T g = b.Gx[i] + d[i];
      switch (s.c.rule) {
        case QpRule::lee_seung: b.h[i] = lee_seung(x[i], g, b.Gx[i]); break;
        case QpRule::escape: b.h[i] = escaping(x[i], g, b.Gx[i]); break;
        case QpRule::complementarity: b.h[i] = -g * x[i]; break;
        case QpRule::root: b.h[i] = -g * sqrt_of(x[i]); break;
        case QpRule::steepest: b.h[i] = -g; break;
        case QpRule::lemma_b: b.h[i] = lee_seung(b.b[i], g, b.K[i]); break;
      }
    }
  }

  // How far to go along b.h.
  T find_length() const {
    double slope = 0;
    T reach = Real<T>::huge;
    for (int32_t i = 0; i < n; ++i) {
      slope += double(b.Gx[i] + d[i]) * double(b.h[i]);
      reach = min_of(reach, reach_of(x[i], b.h[i]));
    }
    if (s.c.full_step) return step_length(1, reach, s.tau);
    double bend = 0;
    times(b.h, b.K);
    for (int32_t i = 0; i < n; ++i) bend += double(b.h[i]) * double(b.K[i]);
    return step_length(best_length(slope, bend), reach, s.tau);
  }

  // x by that much along b.h, which then has the point before.  Returns the largest change of an entry.
  T move(T alpha) const {
    T most = 0;
    for (int32_t i = 0; i < n; ++i) {
      const T old = x[i];
      x[i] = advanced(old, b.h[i], alpha, T(s.c.zero_tol));
      b.h[i] = old;
      most = max_of(most, abs_of(x[i] - old));
    }
    return most;
  }

  void fill_objective(Report &r) const {
    double value = 0;
    for (int32_t i = 0; i < n; ++i) value += double(x[i]) * (0.5 * double(b.Gx[i]) + double(d[i]));
    r.objective = value;
  }
  void fill_kkt(Report &r) const {
    const auto gradient = [&](int32_t i) { return double(b.Gx[i]) + double(d[i]); };
    const auto over_root = [&](int32_t i, double v) { return v / sqrt_of(double(G(i, i))); };
    double largest = 0, residual = 0, size = 0;
    for (int32_t i = 0; i < n; ++i)
      if (G(i, i) > T(0)) largest = max_of(largest, over_root(i, max_of(abs_of(gradient(i)), double(abs_of(d[i])))));
    const double scale = scale_of(min_of(largest, Real<double>::huge));
    for (int32_t i = 0; i < n; ++i) {
      if (!(G(i, i) > T(0))) continue;
      const double g = gradient(i), projected = over_root(i, x[i] > T(0) ? g : min_of(g, 0.0)) * scale;
      const double linear = over_root(i, double(d[i])) * scale;
      residual += projected * projected;
      size += linear * linear;
    }
    r.kkt = min_of(size > 0 ? sqrt_of(residual / size) : sqrt_of(residual) / scale, Real<double>::huge);
  }

  bool step(bool check, Report &r) {
    s.tau = annealed(s.tau, s.c.anneal);
    find_direction();
    const T change = move(find_length());
    times(x, b.Gx);
    fill_objective(r);
    if (check) fill_kkt(r);
    if (!is_finite(r.objective)) {  // back to the point before
      for (int32_t i = 0; i < n; ++i) x[i] = b.h[i];
      return false;
    }
    if (double(change) < s.c.min_step) r.stop = by_step;
    return true;
  }
  void finish(Report &r) const {
    times(x, b.Gx);
    fill_objective(r);
    fill_kkt(r);
  }
};

template <class T>
Status Giqpm<T>::run(void *base, Mat<const T> G, const T *d, T *x, Report *report) {
  if (!nonnegative_symmetric(G)) return E_DATA;
  if (!all_finite<T>(Mat<const T>{d, c.n, 1, c.n}) || !all_nonnegative<T>(Mat<const T>{x, c.n, 1, c.n})) return E_DATA;
  Carver carve(base);
  Job job(*this, carve, G, d, x);
  Report r;
  job.finish(r);
  if (!is_finite(r.objective)) return E_DATA;
  if (!started) {
    tau = c.tau;
    outer = OuterState{};
    outer.first = outer.last = r.objective;
    started = 1;
  }
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T) template struct Giqpm<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
