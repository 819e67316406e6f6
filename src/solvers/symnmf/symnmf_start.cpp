// The start of a factorization: the checks, the first factor, the spectral bound, the penalty.
#include "rng.hpp"
#include "symnmf_job.hpp"

namespace orthant {

// An upper bound of |X|_2 for X >= 0: max_i (X x)_i / x_i for x > 0 [Collatz 1942, Wielandt 1950].
template <class T>
double SymNmf<T>::Job::norm_bound() const {
  const Mat<T> x{b.x, n(), 1, n()}, y{b.y, n(), 1, n()};
  fill(x, T(1));
  double best = sqrt_of(s.norm2);
  for (int step = 0; step < 30; ++step) {
    times(x, y);
    T top = 0;
    double bound = 0;
    for (int32_t i = 0; i < n(); ++i) {
      bound = max_of(bound, double(b.y[i]) / double(b.x[i]));
      top = max_of(top, b.y[i]);
    }
    best = min_of(best, bound);
    if (!(top > T(0))) return 0;
    // An average with x: of two eigenvalues of equal size and opposite sign the positive one wins.
    for (int32_t i = 0; i < n(); ++i) b.x[i] = max_of(T(0.5) * (b.x[i] + b.y[i] / top), T(1e-6));
  }
  return best * (1 + n() * double(Real<T>::eps));
}

// Of X + top I, which has no negative eigenvalue.  A start needs no more than the directions.
template <class T>
void SymNmf<T>::Job::eigenvectors() {
  const double fine = sizeof(T) == 4 ? 1e-6 : 1e-11;
  const double tol = s.c.bound ? fine : 1e-5;
  b.svd.run(ops, s.c.par, X.X, nullptr, rank(), s.c.seed, T(tol), s.c.bound ? 2000 : 200, false, nullptr, T(s.top));
}

// E >= 1 - sum of the squares of the r largest positive eigenvalues over |X|^2
template <class T>
double SymNmf<T>::Job::spectral_bound() const {
  double squares = 0;
  for (int32_t k = 0; k < rank(); ++k) {
    const double value = max_of(double(b.svd.s[k]) - s.top, 0.0);
    squares += value * value;
  }
  return max_of(1 - squares / s.norm2, 0.0);
}

template <class T>
void SymNmf<T>::Job::first_factor(SymStart start, double sum) const {
  switch (start) {
    case SymStart::given: break;
    case SymStart::scaled: random_start(s.c.seed, scaled_start(sum, n(), rank()), U); break;
    case SymStart::plain: random_start(s.c.seed, 1, U); break;
    case SymStart::spectral:
      if (s.norm2 > 0) spectral_start();
      else fill(U, T(0));
      break;
  }
}

// The values of the authors' experiments: 0.66 where |X|_2 = 1 [Zhu 2018], |X|_F for the closed form, rho = 10.
template <class T>
double SymNmf<T>::Job::practical_penalty() const {
  switch (s.c.method) {
    case SymMethod::admm: return 10;
    case SymMethod::alternate:
    case SymMethod::fixed_point: return sqrt_of(s.norm2);
    default: return 0.66 * s.top;
  }
}

// tau >= 1/2 (X_kk + |X_k|) for every k [Lu 2017]
template <class T>
double SymNmf<T>::Job::largest_row_bound() const {
  double most = 0;
  for (int32_t k = 0; k < n(); ++k) {
    double squares = 0;
    X.X.scan(ops, k, 1, false, &squares);
    most = max_of(most, 0.5 * (double(X.X.entry(k, k)) + sqrt_of(squares)));
  }
  return most;
}

template <class T>
void SymNmf<T>::Job::choose_penalty() const {
  const bool admm = s.c.method == SymMethod::admm, given = s.c.lambda > 0;
  s.ball = 0;
  s.lambda = 0;
  if (given) {
    s.lambda = s.c.lambda;
  } else if (s.c.penalty == SymPenalty::practical) {
    s.lambda = practical_penalty();
  } else if (s.c.penalty == SymPenalty::sufficient && admm) {  // rho > 6 n tau [Lu 2017]
    s.ball = largest_row_bound();
    s.lambda = 6.0001 * n() * s.ball;
  } else if (s.c.penalty == SymPenalty::sufficient) {
    // lambda > 1/2 (|X|_2 + |X - U0 U0'| - lambda_min)  [Zhu 2018 with the term that SymNMF-Net drops];
    // -lambda_min <= |X|_2.
    s.lambda = s.top + 0.5 * sqrt_of(max_of(error_squares(), 0.0));
  }
  if (admm && !(s.lambda > 0)) s.lambda = 10;
}

template <class T>
Status SymNmf<T>::Job::start_from(SymStart start) {
  double sum = 0;
  s.outer = OuterState{};
  s.started = 0;
  if (const Status st = X.check(ops, s.c.par, b.scan, &s.norm2, &sum); st != OK) return st;
  if (start == SymStart::given && !all_nonnegative<T>(U)) return E_DATA;
  s.top = norm_bound();
  if (s.norm2 > 0 && (s.c.bound || start == SymStart::spectral)) eigenvectors();
  first_factor(start, sum);
  copy<T>(U, b.V);
  refresh();
  choose_penalty();
  if (s.c.method == SymMethod::admm) start_ns_admm();
  if (s.c.method == SymMethod::newton) start_newton();
  s.bound = s.c.bound && s.norm2 > 0 ? spectral_bound() : 0;
  const Rng direction(s.c.seed, 0x504F57);
  for (int32_t i = 0; i < n(); ++i) b.x[i] = T(direction.uniform(uint64_t(i)) + 0.5);
  const double f = objective();
  if (!is_finite(f)) return E_DATA;
  s.outer.first = f;
  s.outer.last = f;
  s.started = 1;
  return OK;
}

#define INSTANTIATE(T) template Status SymNmf<T>::Job::start_from(SymStart);
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
