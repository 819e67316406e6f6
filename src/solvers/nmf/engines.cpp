#include "engines.hpp"

#include <string.h>

#include <type_traits>

#include "beta.hpp"
#include "minvol.hpp"
#include "penalized.hpp"

namespace orthant {
namespace {

// body(solver) with the solver of the class that the config asks for: at `handle`, or null of that type.
template <class T, class Body>
auto with_engine(Engine engine, void *handle, const Body &body) {
  switch (engine) {
    case Engine::beta: return body(static_cast<BetaNmf<T> *>(handle));
    case Engine::minvol: return body(static_cast<MinVolNmf<T> *>(handle));
    case Engine::penalized: return body(static_cast<PenalizedNmf<T> *>(handle));
    case Engine::half_steps: break;
  }
  return body(static_cast<Nmf<T> *>(handle));
}

template <class Solver>
Solver fresh(const Solver *, const NmfConfig &c) {
  Solver solver{};
  solver.c = c;
  return solver;
}

Engine engine_of(const void *handle) { return static_cast<const NmfConfig *>(handle)->engine; }

}  // namespace

template <class T>
void nmf_layout(const NmfConfig &c, Carver &carve) {
  with_engine<T>(c.engine, nullptr, [&](auto *type) {
    const auto solver = fresh(type, c);
    typename std::remove_pointer<decltype(type)>::type::Blocks blocks;
    solver.layout(carve, blocks);
  });
}

template <class T>
void nmf_place(const NmfConfig &c, void *base) {
  with_engine<T>(c.engine, nullptr, [&](auto *type) {
    const auto solver = fresh(type, c);
    memcpy(base, static_cast<const void *>(&solver), sizeof solver);
  });
}

// Every engine lays the room of all processes right behind its handle.
template <class T>
Status nmf_meet(void *handle, Status mine, Digest call, bool goes_on) {
  return with_engine<T>(engine_of(handle), handle, [&](auto *solver) {
    Reduce &reduce = solver->c.reduce;
    Carver carve(solver);
    carve.take<typename std::remove_pointer<decltype(solver)>::type>(1);
    call.add(reduce.config);
    if (goes_on) {
      call.add(solver->outer.iters);
      call.add(solver->started);
    }
    return reduce.meet(mine, solver->c.cols, call, carve.take<double>(reduce.room()));
  });
}

template <class T>
Status nmf_start(void *handle, const Proposal<T> *proposal, const Operand<T> &V, Mat<T> W, Mat<T> H) {
  if (proposal) return start_with(*proposal, static_cast<Nmf<T> *>(handle), V, W, H);
  return with_engine<T>(engine_of(handle), handle, [&](auto *solver) { return solver->start(solver, V, W, H); });
}

template <class T>
Status nmf_run(void *handle, const Proposal<T> *proposal, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *r) {
  if (proposal) return run_with(*proposal, static_cast<Nmf<T> *>(handle), V, W, H, r);
  return with_engine<T>(engine_of(handle), handle, [&](auto *solver) { return solver->run(solver, V, W, H, r); });
}

#define INSTANTIATE(T)                                                                                             \
  template void nmf_layout<T>(const NmfConfig &, Carver &);                                                        \
  template void nmf_place<T>(const NmfConfig &, void *);                                                           \
  template Status nmf_meet<T>(void *, Status, Digest, bool);                                                       \
  template Status nmf_start<T>(void *, const Proposal<T> *, const Operand<T> &, Mat<T>, Mat<T>);                   \
  template Status nmf_run<T>(void *, const Proposal<T> *, const Operand<T> &, Mat<T>, Mat<T>, Report *);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
