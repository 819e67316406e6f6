// The workspace, the outer loop's calls, and the report.
#include "symnmf_job.hpp"

namespace orthant {

Status resolve(SymConfig *c) {
  if (c->method == SymMethod{}) c->method = SymMethod::hals;
  if (c->start == SymStart{}) c->start = SymStart::scaled;
  if (c->penalty == SymPenalty{}) c->penalty = SymPenalty::practical;
  if (c->outer.max_iter == 0) c->outer.max_iter = 500;
  c->outer.max_iter = max_of(c->outer.max_iter, 0);
  if (c->outer.tol == 0) c->outer.tol = 1e-5;
  // The penalty of ADMM weighs the constraint A = U itself.
  const bool without = c->penalty == SymPenalty::none && !(c->lambda > 0);
  return c->method == SymMethod::admm && without ? E_UNSUPPORTED : OK;
}

template <class T>
void SymNmf<T>::worker_layout(Carver &carve, Worker &w) const {
  const size_t r = size_t(c.rank), p = size_t(row_block), n = size_t(c.n);
  const bool newton = c.method == SymMethod::newton;
  w.F = {carve.take<T>(p, r), row_block, c.rank, row_block};
  w.scratch.layout(carve, half(), c.rank, row_block);
  w.u = carve.take<T>(n);
  w.v = carve.take<T>(n);
  w.panel = carve.take<T>(newton ? n : 0, 64);
  w.index = carve.take<int32_t>(newton ? n : 0);
}

template <class T>
void SymNmf<T>::layout(Carver &carve, Blocks &b) const {
  const int32_t n = c.n, r = c.rank;
  const size_t sn = size_t(n), sr = size_t(r);
  const bool newton = c.method == SymMethod::newton;
  const bool spectral = c.start == SymStart::spectral;
  const auto tall = [&](bool needed) {
    return Mat<T>{carve.take<T>(needed ? sn : 0, sr), n, r, n};
  };
  const auto square = [&] { return Mat<T>{carve.take<T>(sr, sr), r, r, r}; };
  carve.take<SymNmf<T>>(1);
  b.V = tall(true);
  b.B = tall(true);
  b.D = tall(has_line_search() || c.method == SymMethod::admm);
  b.S = tall(newton);
  b.Q = tall(has_line_search());
  b.before = tall(!has_line_search());
  b.plan.layout(carve, half(), r);
  b.plan.max_iter = 30 * r;
  b.G = square();
  b.H = square();
  b.L = square();
  b.M = square();
  b.gram_room = carve.take<T>(size_t(max_parts - 1) * sr, sr);
  b.sums = carve.take<Sums>(size_t(max_parts));
  b.scan = carve.take<SymmetricScan>(size_t(SymmetricOperand<T>::scan_parts));
  b.x = carve.take<T>(sn);
  b.y = carve.take<T>(sn);
  b.transposed = carve.take<T>(2 * sn, sr);
  b.factors = carve.take<T>(newton ? sr * sn : 0, sn);
  b.failed = carve.take<int32_t>(newton ? sr : 0);
  b.mask = carve.take<unsigned char>(newton ? sr : 0, sn);
  if (wants_eigenvectors()) b.svd.layout(carve, n, n, r, c.par.workers);
  b.svd_work = carve.take<T>(spectral ? svd_work(r) : 0);
  b.chosen = carve.take<int32_t>(spectral ? sr : 0);
  b.workers.layout(carve, c.par.workers, [this](Carver &one, Worker &w) { worker_layout(one, w); });
}

bool has_second_factor(SymMethod method) {
#define ORTHANT_SYM_METHOD(name, public_name, number, step, second_factor) \
  if (method == SymMethod::name) return second_factor;
#include "methods.def"
  return false;
}

template <class T>
bool SymNmf<T>::Job::step(bool check, Report &r) {
  if (!s.has_line_search()) copy<T>(U, b.before);
#define ORTHANT_SYM_METHOD(name, public_name, number, step, second_factor) \
  if (s.c.method == SymMethod::name) step();
#include "methods.def"
  fill_report(r, check);
  if (is_finite(r.objective) || s.has_line_search()) return true;
  undo_step();
  return false;
}

// After an overflow: back to the last finite iterate, from which another run starts anew.
template <class T>
void SymNmf<T>::Job::undo_step() const {
  copy<T>(b.before, U);
  copy<T>(U, b.V);
  refresh();
  s.started = 0;
}

// <X, U V'> is known from B; the quadratic term from the two Gram matrices.
template <class T>
double SymNmf<T>::Job::objective() const {
  const SymMethod m = s.c.method;
  const bool relaxed = m == SymMethod::anls || m == SymMethod::hals;
  if (!relaxed && m != SymMethod::admm) return 0.25 * error_squares();
  gram(b.V, b.H);
  const double squares = s.norm2 - 2 * dot(b.V, b.B) + small_dot(b.G, b.H);
  const double fit = squares < 0 ? 0 : 0.5 * squares;  // NaN stays
  return relaxed ? fit + 0.5 * s.lambda * distance_squares(U, b.V) : fit;
}

template <class T>
void SymNmf<T>::Job::fill_report(Report &r, bool check) const {
  const double error = max_of(error_squares(), 0.0);
  r.objective = objective();
  r.rel_error = s.norm2 > 0 ? sqrt_of(error / s.norm2) : 0;
  r.bound = s.bound;
  if (!check) return;
  double u2 = 0;
  for (int32_t k = 0; k < rank(); ++k) u2 += double(b.G(k, k));
  const double scale = sqrt_of(s.norm2 * u2);
  r.kkt = scale > 0 ? sqrt_of(projected_gradient_squares()) / scale : 0;
  r.gap = has_second_factor(s.c.method) && u2 > 0 ? sqrt_of(distance_squares(U, b.V)) / sqrt_of(u2) : 0;
}

template <class T>
Status SymNmf<T>::start(void *base, const SymmetricOperand<T> &X, Mat<T> U) {
  Carver carve(base);
  Job job(*this, carve, X, U);
  return job.start_from(c.start);
}

template <class T>
Status SymNmf<T>::run(void *base, const SymmetricOperand<T> &X, Mat<T> U, Report *report) {
  Carver carve(base);
  Job job(*this, carve, X, U);
  if (!started)
    if (const Status st = job.start_from(SymStart::given); st != OK) return st;
  Report r;
  outer_loop(job, c.outer, outer, r);
  if (report) *report = r;
  return OK;
}

#define INSTANTIATE(T) template struct SymNmf<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
