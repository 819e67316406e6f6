// What a ReLU decomposition is asked for: the methods and starts, and the config with its defaults.
#pragma once
#include "outer.hpp"
#include "parallel.hpp"

namespace orthant {

#define ORTHANT_RELU_METHOD(name, PUBLIC, number, ...) name = number,
enum class ReluMethod : int32_t {
#include "methods.def"
};
#undef ORTHANT_RELU_METHOD

#define ORTHANT_RELU_START(name, PUBLIC, number, ...) name = number,
enum class ReluStart : int32_t {
#include "starts.def"
};
#undef ORTHANT_RELU_START

// The first Z: M; Pi(U V); zero where M > 0 and min(0, U V) elsewhere, as NMD-TM is printed.
enum class ReluZ : int32_t { data = 1, feasible, literal };

// The columns of methods.def and of starts.def.
enum class ReluIteration : int32_t { newton, blocks, svd };
enum class ReluNextZ : int32_t { project, mean };
enum class ReluMomentum : int32_t { none, change, adaptive };
enum class ReluTriplets : int32_t { none, rank, all };

// What the tables say of a method, and of a start.
struct ReluMethodTraits {
  ReluMethod method;
  ReluIteration iteration;
  ReluNextZ next_z;
  ReluMomentum momentum;
  double alpha;
};
#define ORTHANT_RELU_METHOD(name, PUBLIC, number, iteration, next_z, momentum, alpha) \
  {ReluMethod::name, ReluIteration::iteration, ReluNextZ::next_z, ReluMomentum::momentum, alpha},
inline constexpr ReluMethodTraits relu_methods[] = {
#include "methods.def"
};
#undef ORTHANT_RELU_METHOD

struct ReluStartTraits {
  ReluStart start;
  ReluTriplets triplets;
};
#define ORTHANT_RELU_START(name, PUBLIC, number, function, triplets) {ReluStart::name, ReluTriplets::triplets},
inline constexpr ReluStartTraits relu_starts[] = {
#include "starts.def"
};
#undef ORTHANT_RELU_START

#define ORTHANT_RELU_METHOD(name, PUBLIC, number, ...) \
  static_assert(relu_methods[number - 1].method == ReluMethod::name, "methods.def: rows in the order of their numbers");
#include "methods.def"
#undef ORTHANT_RELU_METHOD
#define ORTHANT_RELU_START(name, PUBLIC, number, ...) \
  static_assert(relu_starts[number - 1].start == ReluStart::name, "starts.def: rows in the order of their numbers");
#include "starts.def"
#undef ORTHANT_RELU_START
constexpr int32_t relu_method_count = int32_t(sizeof relu_methods / sizeof relu_methods[0]);
constexpr int32_t relu_start_count = int32_t(sizeof relu_starts / sizeof relu_starts[0]);
inline const ReluMethodTraits &traits_of(ReluMethod method) { return relu_methods[int32_t(method) - 1]; }
inline ReluTriplets triplets_of(ReluStart start) { return relu_starts[int32_t(start) - 1].triplets; }

struct ReluConfig {
  int32_t rows = 0, cols = 0, rank = 0;
  ReluMethod method = ReluMethod::quasi_newton;
  ReluStart start = ReluStart::tsvd;
  ReluZ z_start = ReluZ::data;
  int32_t opening = 0;         // most iterations of three blocks before quasi-Newton; `method` is the one under way
  int32_t history = 0;         // pairs that quasi-Newton keeps
  int32_t svd_steps = 0;       // of one truncated SVD, at most
  double alpha = 0, beta = 1;  // momentum; share of the new factors
  double lambda = 0;           // + lambda/2 (|U|^2 + |V|^2)
  double svd_tol = 0;
  uint64_t seed = 0;
  Parallel par;
  OuterConfig outer;
  ProgressCaller caller;

  ReluIteration iteration() const { return traits_of(method).iteration; }
  ReluNextZ next_z() const { return traits_of(method).next_z; }
  ReluMomentum momentum() const { return traits_of(method).momentum; }
};

// What a config leaves open.  Zero stands for the default; below zero, of an iteration count or of a real number, for
// none.
struct ReluChoice {
  int32_t method = 0, start = 0, z_start = 0;
  int32_t max_iter = 0, history = 0, svd_steps = 0;
  double alpha = 0, beta = 0, lambda = 0, svd_tol = 0;
  double tol_error = 0, stall = 0;
};
void resolve(ReluConfig *c, const ReluChoice &given);  // sets what is open

bool starts_as_printed(const ReluConfig &c);  // ReluZ::literal is a start of this method

}  // namespace orthant
