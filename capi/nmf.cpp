// orthant_nmf_*: check, then call.
#include "engines.hpp"
#include "factormer.hpp"
#include "fields.hpp"
#include "schedule_blob.hpp"

#include <string.h>

#include <type_traits>

namespace orthant {

constexpr int32_t nmf_methods =
#define ORTHANT_NMF_METHOD(...) 1 +
#include "nmf/methods.def"
#undef ORTHANT_NMF_METHOD
    0;
constexpr int32_t nmf_starts =
#define ORTHANT_NMF_START(...) 1 +
#include "nmf/starts.def"
#undef ORTHANT_NMF_START
    0;
constexpr int32_t nmf_losses =
#define ORTHANT_NMF_LOSS(...) 1 +
#include "nmf/losses.def"
#undef ORTHANT_NMF_LOSS
    0;

ORTHANT_FIELDS(nmf, rank,
               ORTHANT_IS(rows, at_least(1)) && ORTHANT_IS(cols, at_least(c.reduce ? 0 : 1)) &&
               ORTHANT_IS(rank, from(1, max_rank)) &&
               ORTHANT_IS(method, up_to(nmf_methods)) && ORTHANT_IS(start, up_to(nmf_starts)) &&
               ORTHANT_IS(sweeps, up_to(INT32_MAX)) && ORTHANT_IS(loss, up_to(nmf_losses - 1)) &&
               ORTHANT_IS(data, up_to(ORTHANT_STREAM)) && ORTHANT_IS(ortho_axis, up_to(ORTHANT_ORTHO_OBSERVATIONS)) &&
               ORTHANT_IS(full_step, a_switch) && ORTHANT_IS(fixed_w, a_switch) &&
               ORTHANT_IS(reserved, reserved_zero) && ORTHANT_IS(tol, finite) && ORTHANT_IS(tol_obj, finite) &&
               ORTHANT_IS(rho, not_negative) && ORTHANT_IS(beta, finite) && ORTHANT_IS(l1_w, not_negative) &&
               ORTHANT_IS(l1_h, not_negative) && ORTHANT_IS(l2_w, not_negative) && ORTHANT_IS(l2_h, not_negative) &&
               ORTHANT_IS(ortho_w, not_negative) && ORTHANT_IS(ortho_h, not_negative) && ORTHANT_IS(volume, finite) &&
               ORTHANT_IS(delta, not_negative) && ORTHANT_IS(tau, below(1)) && ORTHANT_IS(anneal, finite_below(1)) &&
               ORTHANT_IS(zero_tol, finite) && ORTHANT_IS(min_step, finite) && ORTHANT_IS(model, or_null) &&
               ORTHANT_IS(schedule, or_null) && ORTHANT_IS(reduce, or_null))

namespace {

#define ORTHANT_NMF_METHOD(name, PUBLIC, ...) ORTHANT_SAME(NmfMethod::name, NMF_##PUBLIC);
#include "nmf/methods.def"
#undef ORTHANT_NMF_METHOD
#define ORTHANT_NMF_START(name, PUBLIC, ...) ORTHANT_SAME(NmfStart::name, START_##PUBLIC);
#include "nmf/starts.def"
#undef ORTHANT_NMF_START
#define ORTHANT_NMF_LOSS(name, PUBLIC, ...) ORTHANT_SAME(Loss::name, LOSS_##PUBLIC);
#include "nmf/losses.def"
#undef ORTHANT_NMF_LOSS
ORTHANT_SAME(Ortho::components, ORTHO_COMPONENTS);
ORTHANT_SAME(Ortho::observations, ORTHO_OBSERVATIONS);

// Zero keeps the default; below zero is none.
void set(double from, double *to) {
  if (from != 0) *to = max_of(from, 0.0);
}

// Of the fields that must be the same for all processes: all but cols.
struct Digesting {
  Digest *to;
  const int32_t *cols;
  template <class X, class Range>
  bool operator()(const char *, const X &x, const Range &) const {
    if (static_cast<const void *>(&x) != cols && !std::is_pointer<X>::value) to->add(x);
    return true;
  }
};
Digest digest_of(const orthant_nmf_config &c) {
  Digest digest;
  nmf_fields::all(c, Digesting{&digest, &c.cols});
  digest.add(c.max_iter);
  digest.add(c.seed);
  digest.add(int32_t(c.progress != nullptr));  // some losses are looked at only then
  // Other instructions round in another way, and decisions would part.
  const char *const builds[] = {orthant_version(), orthant_build(), orthant_build_kernels()};
  for (const char *text : builds) digest.add(text, strlen(text));
  return digest;
}
bool read_reduce(const orthant_nmf_config &c, Reduce *to) {
  orthant_reduce r;
  if (!c.reduce) return true;
  if (!read_fields<reduce_fields>(c.reduce, &r) || r.all_columns - r.first_column < c.cols) return false;
  to->sum = r.sum;
  to->user = r.user;
  to->process = r.process;
  to->processes = r.processes;
  to->first_column = r.first_column;
  to->all_columns = r.all_columns;
  to->config = digest_of(c).value();
  return true;
}

Status read(const orthant_nmf_config *given, NmfConfig *s) {
  orthant_nmf_config c;
  if (!read_fields<nmf_fields>(given, &c, &s->par)) return E_ARG;
  if (small_target && c.reduce) return E_UNSUPPORTED;
  if (!small_target && !read_reduce(c, &s->reduce)) return E_ARG;
  s->rows = c.rows;
  s->cols = c.cols;
  s->rank = c.rank;
  s->sweeps = c.sweeps;
  s->rho = c.rho;
  s->seed = c.seed;
  s->outer.tol = c.tol == 0 ? 1e-4 : c.tol;
  s->outer.tol_obj = c.tol_obj;
  s->caller = {reinterpret_cast<void (*)()>(c.progress), c.user};
  s->loss = Loss(c.loss);
  s->beta = s->loss == Loss::beta ? c.beta : beta_of(s->loss);
  s->l1_w = c.l1_w;
  s->l1_h = c.l1_h;
  s->l2_w = c.l2_w;
  s->l2_h = c.l2_h;
  s->ortho_w = c.ortho_w;
  s->ortho_h = c.ortho_h;
  set(c.volume, &s->volume);
  set(c.delta, &s->delta);
  set(c.tau, &s->tau);
  set(c.anneal, &s->anneal);
  set(c.zero_tol, &s->zero_tol);
  set(c.min_step, &s->min_step);
  s->full_step = c.full_step;
  s->data = Kind(c.data);
  s->fixed_w = c.fixed_w;
  s->learned = c.model != nullptr;
  if (c.schedule && !(s->schedule = schedule_read(Blob(c.schedule)))) return E_BLOB;
  return resolve(s, {c.method, c.start, c.max_iter, c.ortho_axis});
}

// ---- The workspace: the engine's part, and behind it the model's

struct Layout {
  size_t model_at = 0;  // from the aligned base
  size_t bytes = 0;     // to ask for
};

template <class T>
Status read_model(const NmfConfig &c, const orthant_model *model, FactormerProposal<T> *p) {
  FactormerShape &shape = p->net.s;
  if (const Status st = factormer_read(Blob(model), &shape); st != OK) return st;
  if (shape.rank != c.rank) return E_BLOB;
  if (c.engine != Engine::half_steps || c.data != Kind::dense || c.fixed_w || (shape.accelerates && c.penalties()))
    return E_UNSUPPORTED;
  p->net.rows = c.rows;
  p->net.cols = c.cols;
  p->net.model = model;
  p->net.par = c.par;
  p->seed = c.seed;
  return OK;
}

template <class T>
ORTHANT_OWN_FRAME void lay_out_model(const FactormerProposal<T> &model, Carver &carve) {
  typename FactormerProposal<T>::Blocks blocks;
  model.layout(carve, blocks);
}

template <class T>
Status lay_out(const NmfConfig &c, const FactormerProposal<T> *model, Layout *layout) {
  Carver carve;
  nmf_layout<T>(c, carve);
  layout->model_at = carve.used();
  if (model) lay_out_model(*model, carve);
  return carve.total(&layout->bytes) ? OK : E_ARG;
}

// Everything of a config: what `size` and `init` share.
template <class T>
struct Plan {
  NmfConfig c;
  FactormerProposal<T> model;
  Layout layout;
  Status make(const orthant_nmf_config *given) {
    if (const Status st = read(given, &c); st != OK) return st;
    if (c.learned) {
      const auto *network = static_cast<const orthant_model *>(given->model);
      if (const Status st = read_model(c, network, &model); st != OK) return st;
    }
    return lay_out<T>(c, c.learned ? &model : nullptr, &layout);
  }
};

template <class T>
Status size(const orthant_nmf_config *given, size_t *bytes) {
  Plan<T> plan;
  if (!bytes) return E_ARG;
  const Status st = plan.make(given);
  if (st == OK) *bytes = plan.layout.bytes;
  return st;
}

template <class T, class Handle>
Status init(const orthant_nmf_config *given, void *mem, size_t bytes, Handle **out) {
  Plan<T> plan;
  if (!out) return E_ARG;
  if (const Status st = plan.make(given); st != OK) return st;
  if (!mem) return E_ARG;
  void *base = Carver::align(mem, bytes, plan.layout.bytes);
  if (!base) return E_SCRATCH;
  nmf_place<T>(plan.c, base);
  if (plan.c.learned)
    memcpy(static_cast<unsigned char *>(base) + plan.layout.model_at, static_cast<const void *>(&plan.model),
           sizeof plan.model);
  *out = static_cast<Handle *>(base);
  return OK;
}

// ---- Calls

// A share without columns: there need be no values, but CSR has its starts.
template <class M, class T>
bool read_empty(const M *given, Operand<T> *out) {
  M v;
  if (!read_config(given, ORTHANT_THROUGH(M, values), &v) || v.cols != 0 || v.rows < 1) return false;
  static constexpr int32_t none = 0;
  if (v.kind == ORTHANT_STREAM) *out = Operand<T>(v.rows, 0, v.read, v.user);
  else if (v.kind == ORTHANT_DENSE) *out = Operand<T>(Mat<const T>{v.values, v.rows, 0, v.rows});
  else if (v.kind == ORTHANT_CSC) *out = Operand<T>(Kind::csc, v.rows, 0, v.values, &none, nullptr);
  else if (v.kind == ORTHANT_CSR && good_indices(v.rows, 1, v.starts, v.indices, {}) && v.starts[v.rows] == 0)
    *out = Operand<T>(Kind::csr, v.rows, 0, v.values, v.starts, v.indices);
  else return false;
  return true;
}

// The data and the factors of a call.
template <class T>
struct Call {
  NmfConfig *c;
  Operand<T> V;
  Mat<T> W, H;
  bool read(void *handle, const typename Public<T>::matrix *data, T *w, int32_t ldw, T *h, int32_t ldh) {
    c = static_cast<NmfConfig *>(handle);
    if (!c || !(c->cols > 0 ? read_operand(data, &V, c->par) : read_empty(data, &V))) return false;
    if (V.rows() != c->rows || V.cols() != c->cols || V.kind() != c->data) return false;
    if (!good_array(w, c->rows, c->rank, ldw) || !(c->cols == 0 || good_array(h, c->rank, c->cols, ldh))) return false;
    W = {w, c->rows, c->rank, ldw};
    H = {h, c->rank, c->cols, ldh};
    return true;
  }
};

// body(proposal), with that of the model behind the engine's part.
template <class T, class Body>
ORTHANT_OWN_FRAME Status with_model(NmfConfig *c, const Body &body) {
  Layout layout;
  lay_out<T>(*c, nullptr, &layout);
  unsigned char *base = reinterpret_cast<unsigned char *>(c);
  const Proposal<T> proposal = reinterpret_cast<FactormerProposal<T> *>(base + layout.model_at)->as_proposal();
  return body(&proposal);
}
template <class T, class Body>
Status with_proposal(NmfConfig *c, const Body &body) { return c->learned ? with_model<T>(c, body) : body(nullptr); }

enum Verb : int32_t { start_verb, run_verb };

// On many processes a call begins where all can begin it, and with the same W where W is given.
template <class T>
Status meet(const Call<T> &call, bool readable, Verb verb) {
  const Status mine = readable ? OK : E_ARG;
  if (small_target || !call.c || !call.c->reduce.active()) return mine;
  const NmfConfig &c = *call.c;
  Digest digest;
  digest.add(int32_t(verb));
  digest.add(int32_t(sizeof(T)));
  const bool given = verb == run_verb || c.start == NmfStart::given || c.fixed_w;
  for (int32_t k = 0; k < c.rank && given && readable; ++k)
    digest.add(call.W.col(k), sizeof(T) * size_t(c.rows));
  return nmf_meet<T>(call.c, mine, digest, verb == run_verb);
}

// Where one progress function asks for the end, that travels with the next sum, and all end.
void listen_together(NmfConfig *c) {
  if (!c->caller.progress) return;
  c->outer.user = c;
  c->outer.progress = [](void *user, const Report *so_far) {
    auto *config = static_cast<NmfConfig *>(user);
    orthant_report full = to_public(*so_far);
    full.reduced_bytes = config->reduce.bytes;
    const auto progress = reinterpret_cast<orthant_progress_fn>(config->caller.progress);
    if (progress(config->caller.user, &full) != 0) config->reduce.asked = 1;
    return int32_t(0);
  };
}

template <class T, class Handle>
Status start(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh) {
  Call<T> call;
  const bool readable = call.read(handle, data, W, ldw, H, ldh);
  if (call.c) call.c->reduce.bytes = 0;
  if (const Status st = meet(call, readable, start_verb); st != OK) return st;
  return with_proposal<T>(call.c, [&](const Proposal<T> *proposal) {
    return nmf_start<T>(handle, proposal, call.V, call.W, call.H);
  });
}

template <class T, class Handle>
Status run(Handle *handle, const typename Public<T>::matrix *data, T *W, int32_t ldw, T *H, int32_t ldh,
           orthant_report *r) {
  Call<T> call;
  Report report;
  const bool readable = call.read(handle, data, W, ldw, H, ldh) && good_report(r);
  if (const Status st = meet(call, readable, run_verb); st != OK) return st;
  listen(call.c);
  if (!small_target && call.c->reduce.active()) listen_together(call.c);
  const Status st = with_proposal<T>(call.c, [&](const Proposal<T> *proposal) {
    return nmf_run<T>(handle, proposal, call.V, call.W, call.H, &report);
  });
  stop_listening(call.c);
  report.proposals = call.c->proposals;
  report.reduced_bytes = call.c->reduce.bytes;
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
ORTHANT_CONFIG_PROBLEM(nmf, orthant::nmf_fields, orthant_nmf_size_f32)
NMF(float, f32)
#ifdef ORTHANT_F64
NMF(double, f64)
#endif
const char *orthant_nmf_method_name(int32_t method) {
  return method == 0 ? "auto" : orthant::name_of(orthant::NmfMethod(method));
}
const char *orthant_nmf_start_name(int32_t start) {
  return start == 0 ? "auto" : orthant::name_of(orthant::NmfStart(start));
}
const char *orthant_nmf_loss_name(int32_t loss) { return orthant::name_of(orthant::Loss(loss)); }
}
