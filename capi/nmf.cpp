// orthant_nmf_*: check, then call.
#include <initializer_list>

#include "beta.hpp"
#include "factormer.hpp"
#include "minvol.hpp"
#include "nmf.hpp"
#include "penalized.hpp"
#include "schedule_blob.hpp"
#include "shim.hpp"

namespace orthant {
namespace {

ORTHANT_SAME(NmfMethod::ehals, NMF_EHALS);
ORTHANT_SAME(NmfMethod::hals, NMF_HALS);
ORTHANT_SAME(NmfMethod::ahals, NMF_AHALS);
ORTHANT_SAME(NmfMethod::anls, NMF_ANLS);
ORTHANT_SAME(NmfMethod::aoadmm, NMF_AOADMM);
ORTHANT_SAME(NmfMethod::pg, NMF_PG);
ORTHANT_SAME(NmfMethod::mu, NMF_MU);
ORTHANT_SAME(NmfMethod::ccd, NMF_CCD);
ORTHANT_SAME(NmfMethod::minvol, NMF_MINVOL);
ORTHANT_SAME(NmfMethod::murnmf, NMF_MURNMF);
ORTHANT_SAME(NmfMethod::aurnmf, NMF_AURNMF);
ORTHANT_SAME(NmfStart::cols, START_COLS);
ORTHANT_SAME(NmfStart::spas, START_SPAS);
ORTHANT_SAME(NmfStart::spa, START_SPA);
ORTHANT_SAME(NmfStart::random, START_RANDOM);
ORTHANT_SAME(NmfStart::nndsvd, START_NNDSVD);
ORTHANT_SAME(NmfStart::nndsvda, START_NNDSVDA);
ORTHANT_SAME(NmfStart::nndsvdar, START_NNDSVDAR);
ORTHANT_SAME(NmfStart::given, START_GIVEN);
ORTHANT_SAME(NmfStart::sub, START_SUB);
ORTHANT_SAME(Loss::frobenius, LOSS_FROBENIUS);
ORTHANT_SAME(Loss::kl, LOSS_KL);
ORTHANT_SAME(Loss::is, LOSS_IS);
ORTHANT_SAME(Loss::beta, LOSS_BETA);
ORTHANT_SAME(Ortho::components, ORTHO_COMPONENTS);
ORTHANT_SAME(Ortho::observations, ORTHO_OBSERVATIONS);

// Which engine serves a config; E_UNSUPPORTED where none does.
Status choose(NmfConfig *s) {
  const bool by_spa = s->start == NmfStart::spa || s->start == NmfStart::spas;
  const bool by_svd = s->start >= NmfStart::nndsvd && s->start <= NmfStart::nndsvdar;
  const bool overlap = s->ortho_w + s->ortho_h > 0, squares = s->l2_w + s->l2_h > 0, linear = s->l1_w + s->l1_h > 0;
  const bool sparse = s->data == Kind::csc || s->data == Kind::csr, masked = s->data == Kind::masked;
  if ((s->data == Kind::csr && by_spa) || (masked && by_svd)) return E_UNSUPPORTED;
  const bool dense_half_steps = s->data == Kind::dense && s->loss == Loss::frobenius && s->method <= NmfMethod::mu;
  if (s->start == NmfStart::sub && (!dense_half_steps || s->fixed_w)) return E_UNSUPPORTED;
  if (s->schedule && (s->method != NmfMethod::ehals || s->fixed_w)) return E_UNSUPPORTED;
  const bool additive = s->method == NmfMethod::aurnmf, multiplicative = s->method == NmfMethod::murnmf;
  if (s->full_step && !additive) return E_UNSUPPORTED;
  if (additive || multiplicative) {
    s->engine = Engine::penalized;
    return s->loss == Loss::frobenius && s->data != Kind::masked && !s->fixed_w ? OK : E_UNSUPPORTED;
  }
  if (s->loss != Loss::frobenius) {  // MU has a descending rule for l1 with every beta, for l2 with KL
    s->engine = Engine::beta;
    const bool kl = s->beta == 1, ccd = s->method == NmfMethod::ccd && kl && !sparse;
    return (s->method == NmfMethod::mu || ccd) && !overlap && !masked && (kl || !(squares || sparse))
        ? OK : E_UNSUPPORTED;
  }
  if (s->method == NmfMethod::minvol) {
    s->engine = Engine::minvol;
    return overlap || squares || linear || masked || s->fixed_w ? E_UNSUPPORTED : OK;
  }
  s->engine = Engine::half_steps;
  if (s->method > NmfMethod::mu) return E_UNSUPPORTED;
  // An exact or a split half step wants a convex problem; overlap of columns of H couples all of them.
  if (overlap && (s->method == NmfMethod::aoadmm || s->axis == Ortho::observations)) return E_UNSUPPORTED;
  if (s->fixed_w && s->method == NmfMethod::ehals) s->method = NmfMethod::anls;
  return OK;
}

// body(solver, default-made solver) with the class that the config asks for; every class has c, layout, start and run.
template <class T, class Body>
Status with_engine(const NmfConfig &c, void *handle, const Body &body) {
  switch (c.engine) {
    case Engine::half_steps: return body(static_cast<Nmf<T> *>(handle), Nmf<T>{});
    case Engine::beta: return body(static_cast<BetaNmf<T> *>(handle), BetaNmf<T>{});
    case Engine::minvol: return body(static_cast<MinVolNmf<T> *>(handle), MinVolNmf<T>{});
    case Engine::penalized: return body(static_cast<PenalizedNmf<T> *>(handle), PenalizedNmf<T>{});
  }
  return E_UNSUPPORTED;
}

Status read(const orthant_nmf_config *given, NmfConfig *s) {
  orthant_nmf_config c;
  if (!read_config(given, ORTHANT_THROUGH(orthant_nmf_config, rank), &c)) return E_ARG;
  if (c.rows < 1 || c.cols < 1 || c.rank < 1 || c.rank > max_rank || c.method < 0 || c.method > ORTHANT_NMF_AURNMF ||
      c.start < 0 || c.start > ORTHANT_START_SUB || c.sweeps < 0 || !is_finite(c.tol) || !is_finite(c.tol_obj) ||
      !is_finite(c.rho) || c.rho < 0 || !read_parallel(c.parallel, &s->par))
    return E_ARG;
  if (c.loss < 0 || c.loss > ORTHANT_LOSS_BETA || c.ortho_axis < 0 || c.ortho_axis > ORTHANT_ORTHO_OBSERVATIONS)
    return E_ARG;
  for (const double x : {c.l1_w, c.l1_h, c.l2_w, c.l2_h, c.ortho_w, c.ortho_h, c.volume, c.delta, c.tau})
    if (!(x >= 0) || !is_finite(x)) return E_ARG;
  for (const int32_t x : {c.full_step, c.fixed_w})
    if (x < 0 || x > 1) return E_ARG;
  if (c.data < 0 || c.data > ORTHANT_MASKED || c.reserved != 0) return E_ARG;
  for (const double x : {c.beta, c.anneal, c.zero_tol, c.min_step})
    if (!is_finite(x)) return E_ARG;
  if (c.tau >= 1 || c.anneal >= 1) return E_ARG;
  const auto set = [](double from, double *to) {
    if (from != 0) *to = max_of(from, 0.0);
  };
  s->rows = c.rows;
  s->cols = c.cols;
  s->rank = c.rank;
  s->loss = Loss(c.loss);
  s->beta = c.loss == ORTHANT_LOSS_BETA ? c.beta : 2.0 - c.loss;
  s->method = c.method > 0                     ? NmfMethod(c.method)
              : s->loss == Loss::frobenius     ? NmfMethod::ehals
              : s->beta == 1 && c.data == ORTHANT_DENSE ? NmfMethod::ccd
                                               : NmfMethod::mu;
  const bool spa = s->method == NmfMethod::minvol && c.data != ORTHANT_CSR;
  s->start = c.start > 0 ? NmfStart(c.start) : spa ? NmfStart::spa : NmfStart::cols;
  s->sweeps = c.sweeps;
  s->rho = c.rho;
  s->seed = c.seed;
  s->outer.tol = c.tol == 0 ? 1e-4 : c.tol;
  s->outer.tol_obj = c.tol_obj;
  s->caller.progress = reinterpret_cast<void (*)()>(c.progress);
  s->caller.user = c.user;
  s->l1_w = c.l1_w, s->l1_h = c.l1_h, s->l2_w = c.l2_w, s->l2_h = c.l2_h, s->ortho_w = c.ortho_w,
      s->ortho_h = c.ortho_h;
  const bool whole = s->method == NmfMethod::murnmf || s->method == NmfMethod::aurnmf;  // steps of whole factors
  s->outer.max_iter = c.max_iter > 0 ? c.max_iter : c.max_iter < 0 ? 0 : whole ? 1000 : 500;
  s->axis = c.ortho_axis ? Ortho(c.ortho_axis) : whole ? Ortho::observations : Ortho::components;
  set(c.volume, &s->volume);
  set(c.delta, &s->delta);
  set(c.tau, &s->tau);
  set(c.anneal, &s->anneal);
  set(c.zero_tol, &s->zero_tol);
  set(c.min_step, &s->min_step);
  s->full_step = c.full_step;
  s->data = Kind(c.data);
  s->fixed_w = c.fixed_w;
  s->model = c.model;
  if (c.schedule && !(s->schedule = schedule_read(Blob(c.schedule)))) return E_BLOB;
  // What wins on the clock (tools/bench/results/clock).  Small targets have other costs and are not measured.
  const bool penalties = c.l1_w + c.l1_h + c.l2_w + c.l2_h + c.ortho_w + c.ortho_h > 0;
  const bool measured = s->method == NmfMethod::ehals && s->loss == Loss::frobenius && s->data != Kind::masked &&
                        !s->fixed_w && !penalties && !small_target;
  const int64_t entries = int64_t(c.rows) * c.cols;
  const bool own = measured && c.method == 0 && c.sweeps == 0 && !c.schedule;
  const bool sub = entries >= schedule_many && coarse_pays(double(entries), c.rank);
  if (measured && c.start == 0 && s->data == Kind::dense && sub) s->start = NmfStart::sub;
  if (own && entries < schedule_many) s->schedule = schedule_default;
  return choose(s);
}

// The model's part of the workspace, which follows the engine's.
template <class T>
Status proposals(const NmfConfig &c, FactormerProposal<T> *p) {
  FactormerShape &shape = p->net.s;
  if (const Status st = factormer_read(Blob(c.model), &shape); st != OK) return st;
  if (shape.rank != c.rank) return E_BLOB;
  const bool penalties = c.l1_w + c.l1_h + c.l2_w + c.l2_h + c.ortho_w + c.ortho_h > 0;
  if (c.engine != Engine::half_steps || c.data != Kind::dense || c.fixed_w || (shape.accelerates && penalties))
    return E_UNSUPPORTED;
  p->net.rows = c.rows, p->net.cols = c.cols, p->net.model = c.model, p->net.par = c.par, p->seed = c.seed;
  return OK;
}
// The bytes of both, and where the second begins after the aligned base.
template <class T, class Solver>
Status measure_both(const Solver &solver, size_t *bytes, size_t *offset) {
  *offset = 0;
  if (const Status st = measure(solver, bytes); st != OK || !solver.c.model) return st;
  FactormerProposal<T> p;
  size_t more = 0;
  if (const Status st = proposals<T>(solver.c, &p); st != OK) return st;
  if (const Status st = measure(p, &more); st != OK) return st;
  *offset = *bytes - (Carver::alignment - 1);
  return __builtin_add_overflow(*offset, more, bytes) ? E_ARG : OK;
}
template <class T, class Solver>
FactormerProposal<T> *proposal_of(Solver *s) {
  size_t bytes = 0, offset = 0;
  if (measure_both<T>(*s, &bytes, &offset) != OK) return nullptr;
  return reinterpret_cast<FactormerProposal<T> *>(reinterpret_cast<unsigned char *>(s) + offset);
}

template <class T>
Status size(const orthant_nmf_config *given, size_t *bytes) {
  NmfConfig c;
  if (!bytes) return E_ARG;
  if (const Status st = read(given, &c); st != OK) return st;
  return with_engine<T>(c, nullptr, [&](auto *, auto fresh) {
    size_t offset = 0;
    fresh.c = c;
    return measure_both<T>(fresh, bytes, &offset);
  });
}

template <class T, class Handle>
Status init(const orthant_nmf_config *given, void *mem, size_t bytes, Handle **out) {
  NmfConfig c;
  void *base = nullptr;
  if (!out) return E_ARG;
  if (const Status st = read(given, &c); st != OK) return st;
  return with_engine<T>(c, nullptr, [&](auto *, auto fresh) {
    fresh.c = c;
    size_t needed = 0, offset = 0;
    if (!mem) return E_ARG;
    if (const Status st = measure_both<T>(fresh, &needed, &offset); st != OK) return st;
    if (base = Carver::align(mem, bytes, needed); !base) return E_SCRATCH;
    memcpy(base, static_cast<const void *>(&fresh), sizeof fresh);
    if (c.model) {
      FactormerProposal<T> p;
      proposals<T>(c, &p);
      memcpy(static_cast<unsigned char *>(base) + offset, static_cast<const void *>(&p), sizeof p);
    }
    *out = static_cast<Handle *>(base);
    return OK;
  });
}

// The data and the factors of a call.
template <class T>
struct Factors {
  Operand<T> V;
  Mat<T> W, H;
};

template <class T>
bool read_factors(const NmfConfig *c, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh,
                  Factors<T> *f) {
  if (!c || !read_operand(data, &f->V) || f->V.rows() != c->rows || f->V.cols() != c->cols ||
      f->V.kind() != c->data || !good_array(W, c->rows, c->rank, ldw) || !good_array(H, c->rank, c->cols, ldh))
    return false;
  f->W = {W, c->rows, c->rank, ldw};
  f->H = {H, c->rank, c->cols, ldh};
  return true;
}

// The solver's own start, and the model's: the one with the lower objective stays.
template <class T>
Status start_with(Nmf<T> *s, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  FactormerProposal<T> *p = proposal_of<T>(s);
  typename FactormerProposal<T>::Blocks b = p->blocks(p);
  copy<T>(W, b.W), copy<T>(H, b.H);  // what was given
  s->c.proposals = 0;
  const NmfStart own = s->c.start;
  if (const Status st = s->start(s, V, W, H); st != OK || p->net.s.accelerates) return st;
  const double classical = s->outer.first;
  bool better = p->start(p, V.dense(), W, H) == OK;
  if (better) {
    s->c.start = NmfStart::given;
    better = s->start(s, V, W, H) == OK && s->outer.first < classical;
    s->c.start = own;
  }
  s->c.proposals = better;
  if (better) return OK;
  copy<T>(b.W, W), copy<T>(b.H, H);
  return s->start(s, V, W, H);  // again, for the same bits
}
template <class T, class Solver>
Status start_with(Solver *, const Operand<T> &, Mat<T>, Mat<T>) { return E_UNSUPPORTED; }

// The first iterations twice: each followed by the network, whose output is not judged alone, for it may pay later; and
// without.  The better end stays, the solver's own where they are equal, with the bits that it has without a model.
template <class T>
Status run_with(Nmf<T> *s, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *r) {
  FactormerProposal<T> *p = proposal_of<T>(s);
  OuterConfig &outer = s->c.outer;
  const int32_t all = outer.max_iter, before = s->outer.iters;
  const int32_t trial = p->net.s.accelerates ? min_of(all, p->accelerated - before) : 0;
  if (trial <= 0) return s->run(s, V, W, H, r);
  typename FactormerProposal<T>::Blocks b = p->blocks(p);
  const double first = s->outer.first;
  const auto go_on_from_here = [&](int32_t iters) {
    const NmfStart own = s->c.start;
    s->c.start = NmfStart::given;
    const Status st = s->start(s, V, W, H);
    s->c.start = own;
    s->outer.iters = iters, s->outer.first = first;
    return st;
  };
  const auto progress = outer.progress;
  outer.progress = nullptr, outer.max_iter = 1;
  copy<T>(W, b.W), copy<T>(H, b.H);
  Status st = OK;
  for (int32_t t = 1; t <= trial && st == OK; ++t) {
    copy<T>(W, b.W0), copy<T>(H, b.H0);
    st = s->run(s, V, W, H, r);
    if (st != OK || r->stop != by_iterations) break;
    p->step(p, V.dense(), W, H);
    st = go_on_from_here(before + t);
  }
  const double tried = st == OK ? p->squares(p, V.dense(), W, H) : __builtin_huge_val();
  copy<T>(W, b.W0), copy<T>(H, b.H0);
  copy<T>(b.W, W), copy<T>(b.H, H);
  copy<T>(b.W0, b.W), copy<T>(b.H0, b.H);
  outer.progress = progress, outer.max_iter = trial;
  st = go_on_from_here(before);
  if (st == OK) st = s->run(s, V, W, H, r);
  outer.max_iter = all;
  if (st != OK || r->stop == by_cancel) return st;
  if (tried < p->squares(p, V.dense(), W, H)) {
    copy<T>(b.W, W), copy<T>(b.H, H);
    st = go_on_from_here(before + trial);
    s->c.proposals += trial;
  } else if (r->stop != by_iterations) {
    return st;
  }
  outer.max_iter = all - trial;
  if (st == OK) st = s->run(s, V, W, H, r);
  outer.max_iter = all;
  return st;
}
template <class T, class Solver>
Status run_with(Solver *, const Operand<T> &, Mat<T>, Mat<T>, Report *) { return E_UNSUPPORTED; }

template <class T, class Handle>
Status start(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh) {
  NmfConfig *c = reinterpret_cast<NmfConfig *>(handle);
  Factors<T> f;
  if (!read_factors(c, data, W, ldw, H, ldh, &f)) return E_ARG;
  return with_engine<T>(*c, handle, [&](auto *s, auto) {
    return c->model ? start_with(s, f.V, f.W, f.H) : s->start(s, f.V, f.W, f.H);
  });
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh,
           orthant_report *r) {
  NmfConfig *c = reinterpret_cast<NmfConfig *>(handle);
  Factors<T> f;
  if (!read_factors(c, data, W, ldw, H, ldh, &f) || !good_report(r)) return E_ARG;
  listen(c);
  Report report;
  const Status st =
      with_engine<T>(*c, handle, [&](auto *s, auto) {
        return c->model ? run_with(s, f.V, f.W, f.H, &report) : s->run(s, f.V, f.W, f.H, &report);
      });
  report.proposals = c->proposals;
  c->outer.user = nullptr;
  if (st == OK) write_report(report, r);
  return st;
}

}  // namespace
}  // namespace orthant

#define NMF(T, S)                                                                                                    \
  orthant_status orthant_nmf_size_##S(const orthant_nmf_config *c, size_t *bytes) {                                  \
    return orthant::size<T>(c, bytes);                                                                               \
  }                                                                                                                  \
  orthant_status orthant_nmf_init_##S(const orthant_nmf_config *c, void *mem, size_t bytes, orthant_nmf_##S **out) { \
    return orthant::init<T>(c, mem, bytes, out);                                                                     \
  }                                                                                                                  \
  orthant_status orthant_nmf_start_##S(orthant_nmf_##S *s, const orthant_matrix_##S *V, T *W, int32_t ldw, T *H,     \
                                       int32_t ldh) {                                                                \
    return orthant::start<T>(s, V, W, ldw, H, ldh);                                                                  \
  }                                                                                                                  \
  orthant_status orthant_nmf_run_##S(orthant_nmf_##S *s, const orthant_matrix_##S *V, T *W, int32_t ldw, T *H,       \
                                     int32_t ldh, orthant_report *r) {                                               \
    return orthant::run<T>(s, V, W, ldw, H, ldh, r);                                                                 \
  }

extern "C" {
NMF(float, f32)
#ifdef ORTHANT_F64
NMF(double, f64)
#endif
}
