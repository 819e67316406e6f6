// Defaults (algorithms.md, "ReLU decomposition", "NMD-TM").
#include "relu_nmd_config.hpp"

namespace orthant {
namespace {

// The default is quasi-Newton after an opening by 3B-NMD, whose momentum gains most at first.
constexpr double opening_momentum = 0.9;
constexpr int32_t opening_steps = 20;

double or_default(double given, double by_default) { return given == 0 ? by_default : max_of(given, 0.0); }
int32_t or_default(int32_t given, int32_t by_default) { return given == 0 ? by_default : max_of(given, 0); }

}  // namespace

void resolve(ReluConfig *c, const ReluChoice &given) {
  c->method = given.method > 0 ? ReluMethod(given.method) : ReluMethod::three_block;
  c->opening = given.method > 0 ? 0 : opening_steps;
  c->start = given.start > 0 ? ReluStart(given.start) : ReluStart::tsvd;
  c->z_start = given.z_start > 0 ? ReluZ(given.z_start) : ReluZ::data;
  c->outer.max_iter = or_default(given.max_iter, 1000);
  c->outer.tol_error = or_default(given.tol_error, 1e-4);
  c->outer.stall = or_default(given.stall, 1e-5);
  c->history = or_default(given.history, 5);
  c->svd_steps = or_default(given.svd_steps, 10);
  c->svd_tol = or_default(given.svd_tol, 1e-4);
  const double own = traits_of(c->method).alpha;
  c->alpha = own > 0 ? or_default(given.alpha, own) : 0;  // a method without momentum has none
  if (c->opening > 0) c->alpha = opening_momentum;
  const bool tm = c->method == ReluMethod::tm;
  c->beta = tm ? or_default(given.beta, 0.95) : 1;
  c->lambda = tm ? or_default(given.lambda, 1e-4) : 0;
}

// Quasi-Newton has no Z.  Three blocks read M back from Z, which holds the share 1 - (-alpha)^k of it after k
// iterations.
bool starts_as_printed(const ReluConfig &c) {
  switch (c.iteration()) {
    case ReluIteration::newton: return false;
    case ReluIteration::blocks: return c.alpha != 1;
    case ReluIteration::svd: return true;
  }
  return false;
}

}  // namespace orthant
