// Defaults, and what goes with what: all from methods.def, starts.def and losses.def.
#include "nmf_config.hpp"

namespace orthant {
namespace {

// Kinds of data as a set; the bits are those of Kind.
constexpr int32_t DENSE = 1, CSC = 2, CSR = 4, MASKED = 8, STREAM = small_target ? 0 : 16, NONE = 0;
constexpr int32_t SPARSE = CSC | CSR, ALL = DENSE | SPARSE | MASKED | STREAM;
constexpr int32_t L1 = 1, L2 = 2, OVERLAP = 4, ACROSS = 8;

struct LossSupport {
  int32_t data, penalties;
};
struct MethodRow {
  NmfMethod method;
  const char *name;
  Half half;
  Engine engine;  // of the Frobenius loss
  LossSupport frobenius, kl, other;
  bool fixed_w;
};
#define ORTHANT_NMF_METHOD(name, PUBLIC, number, half, engine, data, penalties, kl_data, kl_penalties, beta_data, \
                           beta_penalties, fixed_w)                                                              \
  {NmfMethod::name, #name, Half::half, Engine::engine, {data, penalties}, {kl_data, kl_penalties},               \
   {beta_data, beta_penalties}, fixed_w},
constexpr MethodRow methods[] = {
#include "methods.def"
};
#undef ORTHANT_NMF_METHOD

enum class Completes { w, both };
struct StartRow {
  NmfStart start;
  const char *name;
  Completes completes;
  int32_t data;
  bool svd;
};
#define ORTHANT_NMF_START(name, PUBLIC, number, function, completes, data, svd) \
  {NmfStart::name, #name, Completes::completes, data, svd},
constexpr StartRow starts[] = {
#include "starts.def"
};
#undef ORTHANT_NMF_START

struct LossRow {
  Loss loss;
  const char *name;
  double beta;
};
#define ORTHANT_NMF_LOSS(name, PUBLIC, number, exponent) {Loss::name, #name, exponent},
constexpr LossRow losses[] = {
#include "losses.def"
};
#undef ORTHANT_NMF_LOSS

const MethodRow *row_of(NmfMethod method) {
  for (const MethodRow &row : methods)
    if (row.method == method) return &row;
  return nullptr;
}
const StartRow *row_of(NmfStart start) {
  for (const StartRow &row : starts)
    if (row.start == start) return &row;
  return nullptr;
}
const LossRow *row_of(Loss loss) {
  for (const LossRow &row : losses)
    if (row.loss == loss) return &row;
  return nullptr;
}

constexpr bool holds(int32_t set, Kind kind) { return (set >> int32_t(kind) & 1) != 0; }

// The penalties that a config has, as a set.
int32_t penalties_of(const NmfConfig &c) {
  const int32_t overlap = !c.overlap() ? 0 : c.axis == Ortho::observations ? ACROSS : OVERLAP;
  return (c.l1_w + c.l1_h > 0 ? L1 : 0) | (c.l2_w + c.l2_h > 0 ? L2 : 0) | overlap;
}

NmfMethod default_method(const NmfConfig &c) {
  if (c.loss == Loss::frobenius) return NmfMethod::ehals;
  return c.beta == 1 && c.data == Kind::dense && !c.reduce.active() ? NmfMethod::ccd : NmfMethod::mu;
}

NmfStart default_start(const NmfConfig &c) {
  const bool separable = c.method == NmfMethod::minvol && c.data != Kind::csr;
  return separable ? NmfStart::spa : NmfStart::cols;
}

// What wins on the clock (tools/bench/results/clock).  Small targets have other costs and are not measured.
void choose_by_clock(NmfConfig *c, const NmfChoice &given) {
  const bool measured = c->method == NmfMethod::ehals && c->loss == Loss::frobenius && c->data != Kind::masked &&
                        !c->fixed_w && !c->penalties() && !small_target;
  if (!measured) return;
  const int64_t entries = int64_t(c->rows) * c->all_cols();
  const bool many = entries >= schedule_many, open = given.start == 0 && !c->reduce.active();
  const bool may_choose = open && c->outer.max_iter >= brief_run;
  if (open && c->data == Kind::dense && many && coarse_pays(double(entries), c->rank) &&
      (may_choose || coarse_price(*c) <= coarse_most_price))
    c->start = NmfStart::sub;
  if (may_choose && c->sparse() && c->outer.max_iter >= long_run) c->start = NmfStart::rough;
  if (given.method == 0 && c->sweeps == 0 && !c->schedule && !many) {
    c->schedule = schedule_default;
    c->looks = may_choose && c->data == Kind::dense && entries >= look_many;
  }
}

// What needs no more of other processes than sums.
bool sums_suffice(const NmfConfig &c) {
  const bool start = c.start == NmfStart::cols || c.start == NmfStart::spa || c.start == NmfStart::random ||
                     c.start == NmfStart::given;
  const bool step = c.engine == Engine::half_steps || (c.engine == Engine::beta && c.method == NmfMethod::mu);
  return start && step && !c.masked() && !c.learned;
}

// The engine of a config that is complete.
Status choose_engine(NmfConfig *c) {
  const MethodRow *method = row_of(c->method);
  const StartRow *start = row_of(c->start);
  if (!method || !start) return E_UNSUPPORTED;
  const bool frobenius = c->loss == Loss::frobenius;
  const LossSupport support = frobenius ? method->frobenius : c->beta == 1 ? method->kl : method->other;
  c->engine = frobenius ? method->engine : Engine::beta;
  if (!holds(support.data, c->data) || !holds(start->data, c->data)) return E_UNSUPPORTED;
  if ((penalties_of(*c) & ~support.penalties) != 0) return E_UNSUPPORTED;
  if (c->fixed_w && !method->fixed_w) return E_UNSUPPORTED;
  if (c->start == NmfStart::sub && (c->engine != Engine::half_steps || c->fixed_w)) return E_UNSUPPORTED;
  if (c->schedule && (c->method != NmfMethod::ehals || c->fixed_w)) return E_UNSUPPORTED;
  if (c->full_step && c->method != NmfMethod::aurnmf) return E_UNSUPPORTED;
  if (c->reduce.active() && !sums_suffice(*c)) return E_UNSUPPORTED;
  // With W fixed there is nothing to extrapolate, and one exact half step ends it.
  if (c->fixed_w && c->method == NmfMethod::ehals) c->method = NmfMethod::anls;
  return OK;
}

}  // namespace

Status resolve(NmfConfig *c, const NmfChoice &given) {
  c->method = given.method > 0 ? NmfMethod(given.method) : default_method(*c);
  c->start = given.start > 0 ? NmfStart(given.start) : default_start(*c);
  const bool whole_factors = c->method == NmfMethod::murnmf || c->method == NmfMethod::aurnmf;  // cheap steps, many
  const int32_t default_iterations = whole_factors ? 1000 : 500;
  c->outer.max_iter = given.max_iter == 0 ? default_iterations : max_of(given.max_iter, 0);
  const Ortho default_axis = whole_factors ? Ortho::observations : Ortho::components;
  c->axis = given.axis > 0 ? Ortho(given.axis) : default_axis;
  choose_by_clock(c, given);
  return choose_engine(c);
}

const char *name_of(NmfMethod method) {
  const MethodRow *row = row_of(method);
  return row ? row->name : nullptr;
}
const char *name_of(NmfStart start) {
  const StartRow *row = row_of(start);
  return row ? row->name : nullptr;
}
const char *name_of(Loss loss) {
  const LossRow *row = row_of(loss);
  return row ? row->name : nullptr;
}

double beta_of(Loss loss) {
  const LossRow *row = row_of(loss);
  return row ? row->beta : 2;
}
Half half_step_of(NmfMethod method) {
  const MethodRow *row = row_of(method);
  return row ? row->half : Half::none;
}
bool needs_svd(NmfStart start) {
  const StartRow *row = row_of(start);
  return row && row->svd;
}
bool leaves_h(NmfStart start) {
  const StartRow *row = row_of(start);
  return row && row->completes == Completes::w;
}

NmfConfig starter_of(const NmfConfig &c) {
  NmfConfig s = c;
  s.engine = Engine::half_steps;
  s.method = NmfMethod::hals;
  s.loss = Loss::frobenius;
  s.beta = 2;
  s.only_starts = true;
  s.l1_w = s.l1_h = 0;
  s.l2_w = s.l2_h = 0;
  s.ortho_w = s.ortho_h = 0;
  return s;
}

}  // namespace orthant
