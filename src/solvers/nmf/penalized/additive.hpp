// The interior step that AURNMF and GIQPM share (algorithms.md, "AURNMF"): from x >= 0 along h, with the gradient g and
// the curvature <h, K h>, as far as the model falls and no farther than a share tau of the way to the boundary.
#pragma once
#include "real.hpp"

namespace orthant {

// -g x / f, the step of the multiplicative rule written as a direction; f, the quadratic part of g, counts as 1 where
// it is not positive.
template <class T>
T lee_seung(T x, T g, T f) { return -g * (x / (f > T(0) ? f : T(1))); }

// The same, but an entry at zero may leave it: the fixed points are the KKT points.
template <class T>
T escaping(T x, T g, T f) {
  const T inside = lee_seung(x, g, f), away = max_of(-g, T(0));
  return x > T(0) ? inside : away;
}

// How far one entry lets x + alpha h stay nonnegative.
template <class T>
T reach_of(T x, T h) { return h < T(0) ? x / -h : Real<T>::huge; }

// tau grows towards one before every step.
inline double annealed(double tau, double anneal) { return (1 - anneal) * tau + anneal; }

// Where the quadratic model along h falls no more: infinite where the curvature <h, K h> is not positive.
inline double best_length(double slope, double bend) { return bend > 0 ? -slope / bend : double(INFINITY); }

// alpha = min(tau reach, length); reach: the largest alpha with x + alpha h >= 0, at least `huge` where none is.  No
// bound at all: zero, since a bounded objective has none only where h = 0.
template <class T>
T step_length(double length, T reach, double tau) {
  const double alpha = reach < Real<T>::huge ? min_of(length, tau * double(reach)) : length;
  return is_finite(T(alpha)) ? T(max_of(alpha, 0.0)) : T(0);
}

template <class T>
T advanced(T x, T h, T alpha, T zero_tol) {
  const T y = x + alpha * h;
  return y > zero_tol || !is_finite(y) ? no_denormal(y) : T(0);
}

}  // namespace orthant
