#include "symnmf_net.hpp"

#include <initializer_list>

namespace orthant {
namespace {

// The loops over entries, with nothing by reference, so that they become vector code.

// u <- u where positive, slope u elsewhere; no denormals but what a slope leaves for a later layer to clear
template <class T>
void rectify(int32_t n, T slope, T *__restrict u) {
  for (int32_t q = 0; q < n; ++q) u[q] = u[q] > Real<T>::tiny ? u[q] : slope * u[q] + T(0);
}

// d <- (w4 (d - x) + mu + bar) times the slope of the unit
template <class T>
void unit_gradient(int32_t n, T w4, T mu, T slope, const T *__restrict u, const T *__restrict x,
                   const T *__restrict bar, T *__restrict d) {
  for (int32_t q = 0; q < n; ++q) {
    const T t = w4 * (d[q] - x[q]) + mu + bar[q];
    d[q] = (u[q] > T(0) ? T(1) : slope) * t;
  }
}

// R = P - x - lambda u,  g = e + twice R;  e in g
template <class T>
void penalty_gradient(int32_t n, T lambda, T twice, const T *__restrict P, const T *__restrict x, const T *__restrict u,
                      T *__restrict R, T *__restrict g) {
  for (int32_t q = 0; q < n; ++q) {
    const T r = P[q] - x[q] - lambda * u[q];
    R[q] = r;
    g[q] += twice * r;
  }
}

// bar <- d - twice (bar + lambda R)
template <class T>
void input_gradient(int32_t n, T lambda, T twice, const T *__restrict d, const T *__restrict R, T *__restrict bar) {
  for (int32_t q = 0; q < n; ++q) bar[q] = d[q] - twice * (bar[q] + lambda * R[q]);
}

}  // namespace

template <class T>
SymConfig SymNet<T>::bound_config() const {
  SymConfig s;
  s.n = c.n, s.rank = c.rank, s.seed = c.seed, s.par = c.par;
  s.method = SymMethod::fixed_point;
  s.start = c.start;
  s.bound = c.bound;
  return s;
}

template <class T>
void SymNet<T>::worker_layout(Carver &carve, Worker &w) const {
  for (Mat<T> *m : {&w.D, &w.E})
    *m = {carve.take<T>(size_t(row_block), size_t(c.rank)), row_block, c.rank, row_block};
}

template <class T>
void SymNet<T>::layout(Carver &carve, Blocks &b) const {
  const int32_t n = c.n, r = c.rank, L = c.layers;
  const size_t sn = size_t(n), sr = size_t(r);
  const auto wide = [&](int32_t rows, int32_t layers) {
    return Mat<T>{carve.take<T>(size_t(rows) * sr, size_t(layers)), rows, r * layers, rows};
  };
  carve.take<SymNet<T>>(1);
  b.P = wide(n, L);
  b.m = wide(n, L);
  b.v = wide(n, L);
  b.U = wide(n, L + 1);
  b.XU = wide(n, L + 1);
  b.S = wide(r, L);
  b.G = wide(r, L + 1);
  b.bar = wide(n, 1);
  b.R = wide(n, 1);
  b.K = wide(r, 1);
  b.M = wide(r, 1);
  b.W = wide(r, 1);
  b.turned = carve.take<T>(2 * sn, sr);
  b.partial = carve.take<T>(size_t(max_parts) * sr, sr);
  b.sums = carve.take<Sums>(size_t(max_parts));
  b.check = carve.take<double>(3 * size_t(Symmetric<T>::parts));
  Carver one;
  Worker w;
  worker_layout(one, w);
  if (!one.total(&b.worker_bytes)) b.worker_bytes = SIZE_MAX / 4;
  b.worker_bytes -= Carver::alignment - 1;
  b.worker = carve.take<unsigned char>(b.worker_bytes, size_t(c.par.workers));
  // The spectral bound and start are found before training, where the moments will lie.
  b.bound_bytes = 0;
  if (by_solver()) {
    SymNmf<T> solver;
    solver.c = bound_config();
    Carver inner_carve;
    typename SymNmf<T>::Blocks blocks;
    solver.layout(inner_carve, blocks);
    if (!inner_carve.total(&b.bound_bytes)) b.bound_bytes = SIZE_MAX / 4;
  }
  b.bound = carve.take<unsigned char>(b.bound_bytes);
}

template <class T>
struct SymNet<T>::Job {
  SymNet &s;
  Symmetric<T> X;
  Mat<T> out;
  Blocks b;
  Ops<T> ops;

  Job(SymNet &net, Carver &carve, const Symmetric<T> &data, Mat<T> u) : s(net), X(data), out(u) {
    s.layout(carve, b);
    X.turned = b.turned;
  }

  int32_t n() const { return s.c.n; }
  int32_t rank() const { return s.c.rank; }
  int32_t layers() const { return s.c.layers; }
  Mat<T> layer(Mat<T> all, int32_t i) const { return all.columns(i * rank(), rank()); }
  double weight(int32_t i) const { return s.c.last_only && i < layers() ? 0 : 1; }
  // Differs: a unit below zero keeps a slope that falls to zero while training, so that the net begins near the linear
  // relaxation, whose minimum is the spectral one, and is led into the orthant; at the end it is the net of the paper.
  T slope = T(0);
  void set_slope(int64_t epoch) {
    slope = T(s.c.leak * max_of(0.0, 1 - double(epoch) / (s.c.leak_until * s.c.epochs)));
  }
  double l1(int32_t i) const { return s.c.l1_all || i == layers() ? s.c.l1 : 0; }
  Mat<T> part(int32_t i) const {
    const int32_t r = rank();
    return {b.partial + ptrdiff_t(i) * r * r, r, r, r};
  }
  int32_t parts() const { return min_of(max_parts, ceil_div(n(), row_block)); }

  // body(first row, rows, part, is this the part's first block, worker, sums) over blocks of rows.
  template <class Body>
  Sums by_rows(const Body &body) const {
    const int32_t blocks = ceil_div(n(), row_block), rows = ceil_div(n(), blocks), count = parts();
    parallel_for(s.c.par, count, [&](int32_t i, int32_t index) {
      Carver carve(b.worker + b.worker_bytes * size_t(index));
      Worker w;
      s.worker_layout(carve, w);
      Sums sum;
      const int32_t from = int32_t(int64_t(blocks) * i / count), to = int32_t(int64_t(blocks) * (i + 1) / count);
      for (int32_t k = from; k < to; ++k)
        body(k * rows, min_of(rows, n() - k * rows), part(i), k > from, w, sum);
      b.sums[i] = sum;
    });
    Sums t;
    for (int32_t i = 0; i < count; ++i) {
      const Sums &q = b.sums[i];
      t.fit += q.fit, t.penalty += q.penalty, t.size += q.size, t.ru += q.ru, t.l1 += q.l1;
    }
    return t;
  }
  void gather(Mat<T> sum) const {
    copy<T>(part(0), sum);
    for (int32_t i = 1; i < parts(); ++i) accumulate<T>(part(i), sum);
  }

  // S_i from G_{i-1}
  void invert(int32_t i) const {
    const int32_t r = rank();
    const Mat<T> G = layer(b.G, i - 1), S = layer(b.S, i - 1);
    copy<T>(G, b.K);
    for (int32_t k = 0; k < r; ++k) b.K(k, k) += T(s.lambda);
    cholesky(r, b.K.data, r, static_cast<const int32_t *>(nullptr), b.M.data, r);
    lower_inverse(r, b.M.data, r, b.K.data, r);
    ops.tn(b.K, b.K, S);
  }

  struct Loss {
    double fit = 0, penalty = 0, l1 = 0, last = 0;
    double prop_a = 0, prop_e = 0;  // largest |U_i| and |R_i| / |(X + lambda I) U_{i-1}|
    double total(double beta) const { return fit + beta * penalty + l1; }
  };

  // The layers from U_0, whose product and Gram matrix are at hand.  initial: P_i = (X + lambda I) U_{i-1} on the way,
  // which is Algorithm 1.  penalty: |R_i|^2 too, which else the backward pass finds.
  Loss forward(bool initial, bool penalty) const {
    Loss loss;
    const T lambda = T(s.lambda);
    for (int32_t i = 1; i <= layers(); ++i) {
      invert(i);
      const Mat<T> P = layer(b.P, i - 1), S = layer(b.S, i - 1), U = layer(b.U, i), before = layer(b.U, i - 1);
      const Mat<T> XU = layer(b.XU, i), XB = layer(b.XU, i - 1);
      const Sums sum = by_rows([&](int32_t row, int32_t p, Mat<T> G, bool add, const Worker &, Sums &t) {
        const Mat<T> P_ = P.block(row, 0, p, rank()), U_ = U.block(row, 0, p, rank());
        if (initial || penalty)
          for (int32_t k = 0; k < rank(); ++k)
            for (int32_t q = row; q < row + p; ++q) {
              const T value = XB(q, k) + lambda * before(q, k);
              if (initial) P(q, k) = value;
              const double rest = double(P(q, k) - value);
              t.penalty += rest * rest;
            }
        ops.nn(P_, S, U_);
        for (int32_t k = 0; k < rank(); ++k) {
          T *u = U_.col(k), total = 0;
          rectify(p, slope, u);
          if (l1(i) != 0)
            for (int32_t q = 0; q < p; ++q) total += u[q];
          t.l1 += double(total);
        }
        ops.tn(U_, U_, G, add);
      });
      gather(layer(b.G, i));
      X.times(ops, s.c.par, U, XU);
      const double ux = by_rows([&](int32_t row, int32_t p, Mat<T>, bool, const Worker &, Sums &t) {
                          t.fit += inner<T>(U.block(row, 0, p, rank()), XU.block(row, 0, p, rank()));
                        }).fit;
      const Mat<T> G = layer(b.G, i);
      loss.last = s.norm2 - 2 * ux + inner<T>(G, G);
      loss.fit += weight(i) * loss.last;
      loss.penalty += sum.penalty;
      loss.l1 += l1(i) * sum.l1;
    }
    return loss;
  }

  // From the last layer to the first.  visit(i, first row, rows, gradient of P_i on them) sees each part of a gradient
  // once, after which P_i may change.  bar ends as the gradient of U_0 if wanted.  Returns that of lambda.
  template <class Visit>
  double backward(Loss &loss, bool want_input, const Visit &visit) const {
    const int32_t r = rank();
    const T lambda = T(s.lambda), twice = T(2 * s.beta);
    double dlambda = 0;
    fill(b.bar, T(0));
    for (int32_t i = layers(); i >= 1; --i) {
      const Mat<T> P = layer(b.P, i - 1), S = layer(b.S, i - 1), U = layer(b.U, i), XU = layer(b.XU, i);
      const Mat<T> G = layer(b.G, i), before = layer(b.U, i - 1), XB = layer(b.XU, i - 1);
      const T w4 = T(4 * weight(i)), mu = T(l1(i));
      const Sums sum = by_rows([&](int32_t row, int32_t p, Mat<T> M, bool add, const Worker &w, Sums &t) {
        const auto rows = [&](Mat<T> A) { return A.block(row, 0, p, r); };
        const auto top = [&](Mat<T> A) { return A.block(0, 0, p, r); };
        const Mat<T> D = top(w.D), E = top(w.E), U_ = rows(U), P_ = rows(P);
        ops.nn(U_, G, D);
        for (int32_t k = 0; k < r; ++k) {  // Zbar = (Ubar + 4 w (U G - X U) + mu) where U > 0
          const T *u = U_.col(k), *x = rows(XU).col(k), *bar = rows(b.bar).col(k);
          T *d = D.col(k);
          unit_gradient(p, w4, mu, slope, u, x, bar, d);
        }
        ops.nn(D, S, E);
        ops.tn(P_, E, M, add);
        for (int32_t k = 0; k < r; ++k) {
          const T *P_k = P_.col(k);
          T *R = rows(b.R).col(k);
          penalty_gradient(p, lambda, twice, P_k, rows(XB).col(k), rows(before).col(k), R, E.col(k));
          if (s.c.floor == NetBound::prop1)
            for (int32_t q = 0; q < p; ++q) t.size += double((P_k[q] - R[q]) * (P_k[q] - R[q]));
        }
        t.penalty += inner<T>(rows(b.R), rows(b.R));
        t.ru += inner<T>(rows(b.R), rows(before));
        visit(i, row, p, E);
      });
      gather(b.M);
      // Kbar = T = -Z'E = -S P'E
      ops.nn(S, b.M, b.K);
      double trace = 0;
      for (int32_t k = 0; k < r; ++k) trace -= double(b.K(k, k));
      for (int32_t k = 0; k < r; ++k)
        for (int32_t q = 0; q < r; ++q) b.W(q, k) = -(b.K(q, k) + b.K(k, q));
      dlambda += trace - 2 * s.beta * sum.ru;
      loss.penalty += sum.penalty;
      double u2 = 0;
      for (int32_t k = 0; k < r; ++k) u2 += double(G(k, k));
      loss.prop_a = max_of(loss.prop_a, u2);
      if (sum.size > 0) loss.prop_e = max_of(loss.prop_e, sum.penalty / sum.size);
      if (i == 1 && !want_input) break;
      X.times(ops, s.c.par, b.R, b.bar);
      by_rows([&](int32_t row, int32_t p, Mat<T>, bool, const Worker &w, Sums &) {
        const Mat<T> D = w.D.block(0, 0, p, r);
        ops.nn(before.block(row, 0, p, r), b.W, D);
        for (int32_t k = 0; k < r; ++k) {
          input_gradient(p, lambda, twice, D.col(k), b.R.col(k) + row, b.bar.col(k) + row);
        }
      });
    }
    return dlambda;
  }

  // ---- what outer_loop calls

  void set(Report &r, const Loss &loss) const {
    r.objective = loss.total(s.beta);
    s.error2 = max_of(loss.last, 0.0);
    r.rel_error = s.norm2 > 0 ? sqrt_of(s.error2 / s.norm2) : 0;
    r.bound = s.spectral;
  }

  bool step(bool, Report &r) {
    const int64_t t = s.outer.iters + 1;
    set_slope(t);
    Loss loss = forward(false, false);
    if (!is_finite(loss.total(0))) {
      r.objective = loss.total(0);
      return true;
    }
    AdamConfig adam;
    adam.rate = s.c.rate * pow(s.c.decay, min_of(double(t) / s.c.epochs, 1.0));
    adam.decay = s.c.weight_decay;
    const AdamStep<T> update(adam, t);
    const double dlambda = backward(loss, false, [&](int32_t i, int32_t row, int32_t p, View<T> g) {
      const auto at = [&](Mat<T> A, int32_t k) { return layer(A, i - 1).col(k) + row; };
      for (int32_t k = 0; k < rank(); ++k) update(size_t(p), g.col(k), at(b.P, k), at(b.m, k), at(b.v, k));
    });
    set(r, loss);
    const AdamStep<double> scalar(adam, t);
    scalar(1, &dlambda, &s.lambda, &s.moment1, &s.moment2);
    double least = s.c.floor == NetBound::none ? 0.0 : s.sufficient;
    if (s.c.floor == NetBound::prop1) {
      const Mat<T> G0 = layer(b.G, 0);
      double u2 = 0;
      for (int32_t k = 0; k < rank(); ++k) u2 += double(G0(k, k));
      const double a2 = max_of(loss.prop_a, u2);
      least = max_of(least, a2 + 4 * sqrt_of(a2) * sqrt_of(loss.prop_e));
    }
    // K must stay positive definite in this precision, whatever the mode.
    s.lambda = max_of(s.lambda, max_of(least, 1e-3 * sqrt_of(s.norm2)));
    return false;
  }

  void finish(Report &r) {
    slope = T(0);
    const Loss loss = forward(false, true);
    if (!is_finite(loss.total(s.beta))) return;  // the caller keeps the last finite factor
    set(r, loss);
    copy<T>(layer(b.U, layers()), out);
    r.kkt = residual();
  }

  // As for the other methods: |projected gradient of f at U_L| / (|X| |U_L|).
  double residual() const {
    const int32_t r = rank();
    const Mat<T> U = layer(b.U, layers()), XU = layer(b.XU, layers()), G = layer(b.G, layers());
    const double sum = by_rows([&](int32_t row, int32_t p, Mat<T>, bool, const Worker &w, Sums &t) {
                         const Mat<T> D = w.D.block(0, 0, p, r);
                         ops.nn(U.block(row, 0, p, r), G, D);
                         for (int32_t k = 0; k < r; ++k)
                           for (int32_t q = 0; q < p; ++q) {
                             const double g = double(D(q, k)) - double(XU(row + q, k));
                             if (U(row + q, k) > T(0) || g < 0) t.fit += g * g;
                           }
                       }).fit;
    double u2 = 0;
    for (int32_t k = 0; k < r; ++k) u2 += double(G(k, k));
    return u2 > 0 && s.norm2 > 0 ? sqrt_of(sum) / sqrt_of(u2 * s.norm2) : 0;
  }

  void prepare_input() const {
    const Mat<T> U0 = layer(b.U, 0), G = layer(b.G, 0);
    X.times(ops, s.c.par, U0, layer(b.XU, 0));
    by_rows([&](int32_t row, int32_t p, Mat<T> M, bool add, const Worker &, Sums &) {
      const Mat<const T> u = U0.block(row, 0, p, rank());
      ops.tn(u, u, M, add);
    });
    gather(G);
  }

  Status begin(SymStart start) {
    double sum = 0;
    s.outer = OuterState{};
    s.started = 0;
    if (const Status st = X.check(ops, s.c.par, &s.norm2, &sum, b.check); st != OK) return st;
    const Mat<T> U0 = layer(b.U, 0);
    if (start == SymStart::given) {
      for (int32_t k = 0; k < rank(); ++k)
        for (int32_t i = 0; i < n(); ++i)
          if (!(out(i, k) >= T(0)) || !is_finite(out(i, k))) return E_DATA;
    } else if (start != SymStart::spectral) {
      random_start(s.c.seed, start == SymStart::plain ? 1 : scaled_start(sum, n(), rank()), out);
    }
    s.spectral = 0;
    if (s.c.bound || start == SymStart::spectral) {  // by the solver, which makes the same checks
      SymNmf<T> solver;
      solver.c = s.bound_config();
      if (start != SymStart::spectral) solver.c.start = SymStart::given;
      void *base = Carver::align(b.bound, b.bound_bytes, b.bound_bytes);
      if (const Status st = solver.start(base, X, out); st != OK) return st;
      s.spectral = solver.bound;
    }
    copy<T>(out, U0);
    s.hash = X.hash();
    prepare_input();
    const Mat<T> G = layer(b.G, 0);
    const double ux = by_rows([&](int32_t row, int32_t p, Mat<T>, bool, const Worker &, Sums &t) {
                        t.fit += inner<T>(U0.block(row, 0, p, rank()), layer(b.XU, 0).block(row, 0, p, rank()));
                      }).fit;
    const double norm = sqrt_of(s.norm2), rest = s.norm2 - 2 * ux + inner<T>(G, G);
    s.sufficient = 0.5 * (norm + sqrt_of(max_of(rest, 0.0)));
    // In P the error curves as 1 / lambda^2, and lambda begins at |X|: so beta follows, and X may be scaled.
    s.beta = s.c.beta < 0 ? 0 : s.c.beta > 0 ? s.c.beta : s.norm2 > 0 ? 0.4 / s.norm2 : 1;
    s.lambda = s.c.lambda > 0 ? s.c.lambda : norm;
    if (s.c.floor != NetBound::none) s.lambda = max_of(s.lambda, s.sufficient);
    if (!(s.lambda > 0)) s.lambda = 1;
    s.moment1 = s.moment2 = 0;
    fill(b.m, T(0));
    fill(b.v, T(0));
    const Loss loss = forward(true, false);
    const double J = loss.total(0);
    if (!is_finite(J)) return E_DATA;
    copy<T>(layer(b.U, layers()), out);
    s.outer.first = s.outer.last = J;
    s.started = 1;
    return OK;
  }
};

template <class T>
Status SymNet<T>::start(void *base, const Symmetric<T> &X, Mat<T> U) {
  Carver carve(base);
  Job job(*this, carve, X, U);
  return job.begin(c.start);
}

template <class T>
Status SymNet<T>::run(void *base, const Symmetric<T> &X, Mat<T> U, Report *report) {
  Carver carve(base);
  Job job(*this, carve, X, U);
  if (!started)
    if (const Status st = job.begin(SymStart::given); st != OK) return st;
  Report r;
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

template <class T>
Status SymNet<T>::gradient(void *base, const Symmetric<T> &X, double *loss, Mat<T> dP, Mat<T> dU0, double *dlambda) {
  if (!started) return E_ARG;
  Carver carve(base);
  Job job(*this, carve, X, Mat<T>{});
  job.set_slope(outer.iters);
  job.prepare_input();
  typename Job::Loss J = job.forward(false, false);
  const double d = job.backward(J, true, [&](int32_t i, int32_t row, int32_t p, View<T> g) {
    if (dP.data) copy<T>(g, job.layer(dP, i - 1).block(row, 0, p, c.rank));
  });
  if (dU0.data) copy<T>(job.b.bar, dU0);
  if (dlambda) *dlambda = d;
  if (loss) *loss = J.total(beta);
  return OK;
}

template <class T>
size_t SymNet<T>::save(void *base, void *out) const {
  const Element own = sizeof(T) == 4 ? Element::f32 : Element::f64;
  const uint32_t n = uint32_t(c.n), r = uint32_t(c.rank), layers = uint32_t(c.layers);
  BlobWriter w(ModelKind::symnmf_net, 4, out);
  w.add({"P", own, 3, {n, r, layers}});
  w.store(0, size_t(n) * r * layers, parameters(base).data);
  w.add({"U0", own, 2, {n, r}});
  w.store(0, size_t(n) * r, input(base).data);
  const double config[3] = {double(outer.iters), double(int32_t(hash)), double(int32_t(hash >> 32))};
  w.add({"config", Element::i32, 1, {3}});  // epochs, and the hash of X
  w.store(0, 3, config);
  w.add({"lambda", Element::f64, 1, {1}});
  w.store(0, 1, &lambda);
  return w.finish();
}

template <class T>
Status SymNet<T>::load(void *base, const Symmetric<T> &X, const Blob &blob, Mat<T> U) {
  const uint32_t n = uint32_t(c.n), r = uint32_t(c.rank);
  Record P, U0, config, l;
  if (blob.kind() != ModelKind::symnmf_net || !blob.find("P", &P) || !P.is(3, n, r, uint32_t(c.layers)) ||
      !blob.find("U0", &U0) || !U0.is(2, n, r) || !blob.find("config", &config) || !config.is(1, 3) ||
      !blob.find("lambda", &l) || !l.is(1, 1))
    return E_BLOB;
  const uint64_t of = X.hash();
  const double saved = l.value<double>(0), epochs = config.value<double>(0);
  if (config.value<double>(1) != double(int32_t(of)) || config.value<double>(2) != double(int32_t(of >> 32)) ||
      !(saved > 0) || !is_finite(saved) || !(epochs >= 0))
    return E_BLOB;
  for (int32_t k = 0; k < c.rank; ++k) U0.read(size_t(k) * n, n, U.col(k));
  Carver carve(base);
  Job job(*this, carve, X, U);
  if (const Status st = job.begin(SymStart::given); st != OK) return st;
  started = 0;
  P.read(0, P.count, job.b.P.data);
  lambda = max_of(saved, 1e-3 * sqrt_of(norm2));
  job.slope = T(0);
  const typename Job::Loss loss = job.forward(false, true);
  if (!is_finite(loss.total(beta))) return E_BLOB;
  copy<T>(job.layer(job.b.U, c.layers), U);
  outer.iters = int32_t(epochs);
  outer.last = loss.total(beta);
  started = 1;
  return OK;
}

template <class T>
Mat<T> SymNet<T>::parameters(void *base) const {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  return b.P;
}
template <class T>
Mat<T> SymNet<T>::input(void *base) const {
  Carver carve(base);
  Blocks b;
  layout(carve, b);
  return b.U.columns(0, c.rank);
}

#define INSTANTIATE(T) template struct SymNet<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
