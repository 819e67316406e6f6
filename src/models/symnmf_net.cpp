// SymNMF-Net: the workspace, the start, the report, the blob.
#include "settings.hpp"
#include "symnmf_net_job.hpp"

namespace orthant {

Status resolve(SymNetConfig *c) {
  const auto otherwise = [](auto *field, auto value) {
    if (*field == decltype(value){}) *field = value;
  };
  otherwise(&c->layers, int32_t(10));
  otherwise(&c->epochs, int32_t(400));
  otherwise(&c->start, SymStart::spectral);
  otherwise(&c->lambda_bound, NetBound::sufficient);
  otherwise(&c->rate, 0.1);
  otherwise(&c->decay, 0.1);
  otherwise(&c->leak, 1.0);
  otherwise(&c->leak_until, 0.9);
  otherwise(&c->outer.max_iter, c->epochs);
  c->leak = max_of(c->leak, 0.0);
  c->outer.max_iter = max_of(c->outer.max_iter, 0);
  int32_t columns = 0;
  return __builtin_mul_overflow(c->rank, c->layers + 1, &columns) ? E_ARG : OK;
}

template <class T>
SymConfig SymNet<T>::solver_config() const {
  SymConfig config;
  config.n = c.n;
  config.rank = c.rank;
  config.method = SymMethod::fixed_point;
  config.start = c.start;
  config.bound = c.bound;
  config.seed = c.seed;
  config.par = c.par;
  return config;
}

template <class T>
void SymNet<T>::worker_layout(Carver &carve, Worker &w) const {
  w.D = {carve.take<T>(size_t(row_block), size_t(c.rank)), row_block, c.rank, row_block};
  w.E = {carve.take<T>(size_t(row_block), size_t(c.rank)), row_block, c.rank, row_block};
}

template <class T>
void SymNet<T>::layout(Carver &carve, Blocks &b) const {
  const int32_t n = c.n, r = c.rank, L = c.layers;
  const size_t sn = size_t(n), sr = size_t(r);
  const auto wide = [&](Carver &from, int32_t rows, int32_t layers) {
    return Mat<T>{from.take<T>(size_t(rows) * sr, size_t(layers)), rows, r * layers, rows};
  };
  const auto moments = [&](Carver &from) {
    b.m = wide(from, n, L);
    b.v = wide(from, n, L);
  };
  const auto solver = [&](Carver &from) {
    if (!needs_solver()) return;
    SymNmf<T> symnmf;
    typename SymNmf<T>::Blocks blocks;
    symnmf.c = solver_config();
    symnmf.layout(from, blocks);
  };
  carve.take<SymNet<T>>(1);
  b.P = wide(carve, n, L);
  b.solver = carve.take_shared(moments, solver);
  Carver inside(b.solver);
  moments(inside);
  b.U = wide(carve, n, L + 1);
  b.XU = wide(carve, n, L + 1);
  b.S = wide(carve, r, L);
  b.G = wide(carve, r, L + 1);
  b.bar = wide(carve, n, 1);
  b.R = wide(carve, n, 1);
  b.K = wide(carve, r, 1);
  b.M = wide(carve, r, 1);
  b.W = wide(carve, r, 1);
  b.transposed = carve.take<T>(2 * sn, sr);
  b.gram_room = carve.take<T>(size_t(max_parts - 1) * sr, sr);
  b.sums = carve.take<Sums>(size_t(max_parts));
  b.scan = carve.take<SymmetricScan>(size_t(SymmetricOperand<T>::scan_parts));
  b.workers.layout(carve, c.par.workers, [this](Carver &one, Worker &w) { worker_layout(one, w); });
}

template <class T>
void SymNet<T>::Job::prepare_input() const {
  const Mat<T> U0 = layer(b.U, 0), G = layer(b.G, 0);
  X.times(ops, s.c.par, U0, layer(b.XU, 0));
  by_rows([&](const Block &rows, const Worker &, Sums &) {
    const Mat<const T> u = U0.block(rows.row, 0, rows.rows, rank());
    ops.tn(u, u, share(G, rows), !rows.first);
  });
  add_shares(G);
}

template <class T>
double SymNet<T>::Job::error_squares(int32_t i) const {
  const Mat<T> U = layer(b.U, i), XU = layer(b.XU, i), G = layer(b.G, i);
  const double cross = by_rows([&](const Block &rows, const Worker &, Sums &t) {
                         const Mat<T> u = U.block(rows.row, 0, rows.rows, rank());
                         t.sum += inner<T>(u, XU.block(rows.row, 0, rows.rows, rank()));
                       }).sum;
  return s.norm2 - 2 * cross + inner<T>(G, G);
}

// ---- The report

template <class T>
void SymNet<T>::Job::fill_report(Report &r, const Loss &loss) const {
  r.objective = loss.total(s.beta);
  if (r.objective < 0) r.objective = 0;  // the errors are differences of norms
  s.error2 = max_of(loss.last, 0.0);
  r.rel_error = s.norm2 > 0 ? sqrt_of(s.error2 / s.norm2) : 0;
  r.bound = s.spectral;
}

template <class T>
void SymNet<T>::Job::finish(Report &r) {
  slope = T(0);
  const Loss loss = forward(Mismatch::add);
  if (!is_finite(loss.total(s.beta))) return;  // the caller keeps the last finite factor
  fill_report(r, loss);
  copy<T>(layer(b.U, layers()), out);
  r.kkt = projected_gradient();
}

template <class T>
void SymNet<T>::Job::report_kept(Report &r) {
  const Mat<T> U = layer(b.U, layers()), G = layer(b.G, layers());
  copy<T>(out, U);
  X.times(ops, s.c.par, U, layer(b.XU, layers()));
  ops.tn(U, U, G);
  Loss loss;
  loss.last = error_squares(layers());
  loss.fit = loss.last;
  fill_report(r, loss);
  r.kkt = projected_gradient();
}

template <class T>
double SymNet<T>::Job::projected_gradient() const {
  const Mat<T> U = layer(b.U, layers()), XU = layer(b.XU, layers()), G = layer(b.G, layers());
  const double squares = by_rows([&](const Block &rows, const Worker &w, Sums &t) {
                           const Mat<T> D = w.D.block(0, 0, rows.rows, rank());
                           ops.nn(U.block(rows.row, 0, rows.rows, rank()), G, D);
                           for (int32_t k = 0; k < rank(); ++k)
                             for (int32_t q = 0; q < rows.rows; ++q) {
                               const double g = double(D(q, k)) - double(XU(rows.row + q, k));
                               if (U(rows.row + q, k) > T(0) || g < 0) t.sum += g * g;
                             }
                         }).sum;
  const double u2 = trace(G);
  return u2 > 0 && s.norm2 > 0 ? sqrt_of(squares) / sqrt_of(u2 * s.norm2) : 0;
}

// ---- The start

// The spectral start, to `out`, and the bound, by symmetric NMF.
template <class T>
Status SymNet<T>::Job::spectral_by_solver(SymStart start) const {
  SymNmf<T> solver;
  solver.c = s.solver_config();
  if (start != SymStart::spectral) solver.c.start = SymStart::given;
  const Status st = solver.start(b.solver, X, out);
  s.spectral = solver.bound;
  return st;
}

// In P the error curves as 1 / lambda^2, and lambda begins at |X|: so the default follows, and X may be scaled.
template <class T>
double SymNet<T>::Job::penalty_weight() const {
  if (s.c.beta < 0) return 0;
  if (s.c.beta > 0) return s.c.beta;
  return s.norm2 > 0 ? 0.4 / s.norm2 : 1;
}

template <class T>
Status SymNet<T>::Job::start_from(SymStart start) {
  double sum = 0;
  s.outer = OuterState{};
  s.started = 0;
  s.spectral = 0;
  if (const Status st = X.check(ops, s.c.par, b.scan, &s.norm2, &sum); st != OK) return st;
  if (start == SymStart::given && !all_nonnegative<T>(out)) return E_DATA;
  if (start == SymStart::scaled) random_start(s.c.seed, scaled_start(sum, n(), rank()), out);
  if (start == SymStart::plain) random_start(s.c.seed, 1, out);
  if (s.c.bound || start == SymStart::spectral)
    if (const Status st = spectral_by_solver(start); st != OK) return st;
  copy<T>(out, layer(b.U, 0));
  s.hash = X.hash();
  prepare_input();
  const double norm = sqrt_of(s.norm2);
  s.sufficient = 0.5 * (norm + sqrt_of(max_of(error_squares(0), 0.0)));
  s.beta = penalty_weight();
  s.lambda = s.c.lambda > 0 ? s.c.lambda : norm;
  if (s.c.lambda_bound != NetBound::none) s.lambda = max_of(s.lambda, s.sufficient);
  if (!(s.lambda > 0)) s.lambda = 1;
  s.moment1 = 0;
  s.moment2 = 0;
  fill(b.m, T(0));
  fill(b.v, T(0));
  const double J = forward(Mismatch::make_zero).total(0);
  if (!is_finite(J)) return E_DATA;
  copy<T>(layer(b.U, layers()), out);
  s.outer.first = J;
  s.outer.last = J;
  s.started = 1;
  return OK;
}

template <class T>
Status SymNet<T>::start(void *base, const SymmetricOperand<T> &X, Mat<T> U) {
  Carver carve(base);
  Job job(*this, carve, X, U);
  return job.start_from(c.start);
}

// ---- The blob

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
const char *SymNet<T>::misfit(const SymmetricOperand<T> &X, const Blob &blob) const {
  Record P, U0, config, l;
  if (blob.kind() != ModelKind::symnmf_net) return "kind";
  if (!blob.find("P", &P) || P.rank != 3 || !blob.find("U0", &U0) || !U0.is(2, P.dims[0], P.dims[1]) ||
      !blob.find("config", &config) || !config.is(1, 3) || !blob.find("lambda", &l) || !l.is(1, 1))
    return "records";
  const uint64_t of_data = X.hash();
  constexpr int32_t count = 5;
  const Setting ours[count] = {{"n", double(c.n)},
                               {"rank", double(c.rank)},
                               {"layers", double(c.layers)},
                               {"X", double(int32_t(of_data))},
                               {"X", double(int32_t(of_data >> 32))}};
  const Setting theirs[count] = {{"n", double(P.dims[0])},
                                 {"rank", double(P.dims[1])},
                                 {"layers", double(P.dims[2])},
                                 {"X", config.value<double>(1)},
                                 {"X", config.value<double>(2)}};
  if (const char *name = first_difference(ours, theirs, count)) return name;
  const double saved = l.value<double>(0);
  return saved > 0 && is_finite(saved) && config.value<double>(0) >= 0 ? nullptr : "numbers";
}

template <class T>
Status SymNet<T>::load(void *base, const SymmetricOperand<T> &X, const Blob &blob, Mat<T> U) {
  const uint32_t n = uint32_t(c.n);
  if (misfit(X, blob)) return E_BLOB;
  Record P, U0, config, l;
  blob.find("P", &P);
  blob.find("U0", &U0);
  blob.find("config", &config);
  blob.find("lambda", &l);
  const double saved = l.value<double>(0), epochs = config.value<double>(0);
  for (int32_t k = 0; k < c.rank; ++k) U0.read(size_t(k) * n, n, U.col(k));
  Carver carve(base);
  Job job(*this, carve, X, U);
  if (const Status st = job.start_from(SymStart::given); st != OK) return st;
  started = 0;
  P.read(0, P.count, job.b.P.data);
  lambda = max_of(saved, 1e-3 * sqrt_of(norm2));
  const double loss = job.forward(Job::Mismatch::add).total(beta);
  if (!is_finite(loss)) return E_BLOB;
  copy<T>(job.layer(job.b.U, c.layers), U);
  outer.iters = int32_t(epochs);
  outer.last = loss;
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
