// The classes that solve an NMF, behind one set of functions.  A handle begins with its NmfConfig, which says which
// class it is of.
#pragma once
#include "proposal.hpp"

namespace orthant {

// What a handle takes, and what may follow it; every class lays itself out from its config.
template <class T>
void nmf_layout(const NmfConfig &c, Carver &carve);
// Writes a fresh handle to its aligned base.
template <class T>
void nmf_place(const NmfConfig &c, void *base);
// Columns spread over processes: a call begins where all make it, none with a status but OK; nothing otherwise.
// goes_on: from where the last call ended, which is the same iteration on all.
template <class T>
Status nmf_meet(void *handle, Status mine, Digest call, bool goes_on);
// proposal: null without one.  Proposals are for Engine::half_steps.
template <class T>
Status nmf_start(void *handle, const Proposal<T> *proposal, const Operand<T> &V, Mat<T> W, Mat<T> H);
template <class T>
Status nmf_run(void *handle, const Proposal<T> *proposal, const Operand<T> &V, Mat<T> W, Mat<T> H, Report *r);

}  // namespace orthant
