// Inference by the Factormer, and its proposals to a solver (algorithms.md, "Learned acceleration").
#include <initializer_list>

#include "factormer.hpp"
#include "operand.hpp"
#include "start.hpp"

namespace orthant {
namespace {

// to = root from, or root from'.  False where an entry may not be there.
template <class T>
bool enter(Mat<const T> from, bool transposed, T root, Mat<T> to) {
  bool good = true;
  for (int32_t j = 0; j < to.cols; ++j)
    for (int32_t k = 0; k < to.rows; ++k) {
      const T x = transposed ? from(j, k) : from(k, j);
      good = good && is_finite(x) && x >= T(0);
      to(k, j) = root * x;
    }
  return good;
}

// The mean of V.  False where an entry of V may not be there, or where they are too large.
template <class T>
bool find_mean(Mat<const T> V, double *mean) {
  double sum = 0;
  bool good = true;
  for (int32_t j = 0; j < V.cols; ++j)
    for (int32_t i = 0; i < V.rows; ++i) {
      good = good && is_finite(V(i, j)) && V(i, j) >= T(0);
      sum += double(V(i, j));
    }
  *mean = sum / (double(V.rows) * double(V.cols));
  return good && is_finite(T(*mean));
}

// A factor in the unit of V.  False where a number is not finite.
template <class T>
bool leave(T back, Mat<T> X) {
  bool good = true;
  for (int32_t j = 0; j < X.cols; ++j)
    for (int32_t k = 0; k < X.rows; ++k) {
      T &x = X(k, j);
      good = good && is_finite(x) && is_finite(x * back);
      x = no_denormal(x * back);
    }
  return good;
}

}  // namespace

template <class T>
void Factormer<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<Factormer>(1);
  b.pass.s = s;
  b.pass.m = rows;
  b.pass.n = cols;
  b.pass.layout(carve, par.workers);
  for (const int32_t side : {of_w, of_h}) {
    const int32_t count = side == of_w ? rows : cols;
    const auto take = [&](bool wanted) {
      return Mat<T>{carve.take<T>(wanted ? size_t(s.rank) : 0, size_t(count)), s.rank, count, s.rank};
    };
    b.out[side] = take(true);
    b.in[side] = take(true);
    b.before[side] = take(s.accelerates);
  }
}

template <class T>
Status Factormer<T>::run(Blocks &b, View<T> V, Mat<T> W, Mat<T> H, View<T> W0, View<T> H0) const {
  // The network knows data of mean one, and factors to match.
  double mean = 0;
  if (!find_mean<T>(V, &mean)) return E_DATA;
  const bool nothing = !(T(mean) >= Real<T>::tiny);
  const T scale = nothing ? T(1) : T(1 / mean), root = sqrt_of(scale);
  if (!enter<T>(W, true, root, b.in[of_w]) || !enter<T>(H, false, root, b.in[of_h])) return E_DATA;
  if (s.accelerates && (!enter<T>(W0, true, root, b.before[of_w]) || !enter<T>(H0, false, root, b.before[of_h])))
    return E_DATA;
  const typename FactormerPass<T>::Factors in{{b.in[of_w], b.in[of_h]}, {b.before[of_w], b.before[of_h]}};
  b.pass.forward(Ops<T>(), par, V, scale, {nullptr, model}, in, b.out);
  for (const Mat<T> &X : b.out)
    if (!leave(nothing ? T(0) : T(1) / root, X)) return E_DATA;
  transpose<T>(b.out[of_w], W);
  copy<T>(b.out[of_h], H);
  return OK;
}

template <class T>
void FactormerProposal<T>::layout(Carver &carve, Blocks &b) const {
  carve.take<FactormerProposal>(1);
  net.layout(carve, b.net);
  const int32_t m = net.rows, n = net.cols, r = net.s.rank;
  const auto take = [&](bool wanted, int32_t rows, int32_t cols) {
    return Mat<T>{carve.take<T>(wanted ? size_t(rows) : 0, size_t(cols)), rows, cols, rows};
  };
  b.W = take(true, m, r);
  b.H = take(true, r, n);
  b.W0 = take(net.s.accelerates, m, r);
  b.H0 = take(net.s.accelerates, r, n);
  if (!net.s.accelerates) b.svd.layout(carve, m, n, min_of(r, min_of(m, n)), net.par.workers);
  b.fit = carve.take<T>(size_t(m));
}

template <class T>
bool FactormerProposal<T>::fits(void *base, View<T> V) const {
  DataRange range;
  DataTraits traits;
  range.read(Blob(net.model));
  return !range.known() || (find_traits<T>(V, blocks(base).fit, &traits) && range.holds(traits));
}

template <class T>
Status FactormerProposal<T>::start(void *base, View<T> V, Mat<T> W, Mat<T> H) {
  Blocks b = blocks(base);
  const int32_t r = min_of(net.s.rank, min_of(net.rows, net.cols));
  b.svd.run(Ops<T>(), net.par, Operand<T>(V), nullptr, r, seed, nndsvd_tolerance<T>);
  nndsvd(net.par, b.svd, Filling::zeros, T(0), Rng(0, 0), W, H);
  return net.run(b.net, V, W, H, {}, {});
}

template <class T>
Status FactormerProposal<T>::step(void *base, View<T> V, Mat<T> W, Mat<T> H) {
  Blocks b = blocks(base);
  return net.run(b.net, V, W, H, b.W0, b.H0);
}

template <class T>
double FactormerProposal<T>::squares(void *base, View<T> V, View<T> W, View<T> H) const {
  const Blocks b = blocks(base);
  const Ops<T> ops;
  double sum = 0;
  for (int32_t j = 0; j < V.cols; ++j) {
    const Mat<T> fit{b.fit, V.rows, 1, V.rows};
    ops.nn(W, H.columns(j, 1), fit);
    const T *v = V.col(j);
    for (int32_t i = 0; i < V.rows; ++i) b.fit[i] -= v[i];
    sum += inner<T>(fit, fit);
  }
  return sum;
}

template <class T>
Proposal<T> FactormerProposal<T>::as_proposal() {
  const Blocks b = blocks(this);
  Proposal<T> p;
  p.self = this;
  p.iterations = net.s.accelerates ? accelerated : 0;
  p.fits = [](void *self, View<T> V) { return static_cast<FactormerProposal *>(self)->fits(self, V); };
  p.start = [](void *self, View<T> V, Mat<T> W, Mat<T> H) {
    return static_cast<FactormerProposal *>(self)->start(self, V, W, H);
  };
  p.step = [](void *self, View<T> V, Mat<T> W, Mat<T> H) {
    return static_cast<FactormerProposal *>(self)->step(self, V, W, H);
  };
  p.squares = [](void *self, View<T> V, View<T> W, View<T> H) {
    return static_cast<FactormerProposal *>(self)->squares(self, V, W, H);
  };
  p.W = b.W;
  p.H = b.H;
  p.W0 = b.W0;
  p.H0 = b.H0;
  return p;
}

#define INSTANTIATE(T)          \
  template struct Factormer<T>; \
  template struct FactormerProposal<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
