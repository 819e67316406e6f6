// Columns spread over processes: what a pass with a beta-divergence adds up over them.
#include "beta_job.hpp"

namespace orthant {

constexpr int32_t beta_numbers = 6;  // before those of each component

template <class T>
double BetaJob<T>::over_all(double own) const {
  if (spread()) s.c.reduce.add(&own, 1);
  return own;
}

// The numbers of this process: the sums of the chunks, and for each component those of H.
template <class T>
void BetaJob<T>::write_numbers() const {
  const int32_t chunks = s.cut().chunks, r = rank();
  const double first[beta_numbers] = {total.divergence, total.squares, total.norm, total.data,
                                      penalty_of<T>(H, c.l1_h, c.l2_h), unread ? double(NAN) : double(c.reduce.asked)};
  double *kkt = b.spread + beta_numbers, *ones = kkt + r, *squares = ones + r;
  memcpy(b.spread, first, sizeof first);
  for (int32_t k = 0; k < r; ++k) {
    kkt[k] = ones[k] = squares[k] = 0;
    for (int32_t i = 0; i < chunks && H.cols > 0; ++i) kkt[k] += kkt_of(i)[k];
  }
  for (int32_t j = 0; j < H.cols; ++j)
    for (int32_t k = 0; k < r; ++k) {
      ones[k] += double(H(k, j));
      squares[k] += double(H(k, j)) * double(H(k, j));
    }
}

// N, D and the numbers, of all processes.
template <class T>
void BetaJob<T>::add_processes(const BetaTasks &tasks) {
  if (!spread()) return;
  Reduce &reduce = s.c.reduce;
  const size_t matrices = size_t(W.rows) * size_t(rank()) * (s.kl() ? 1 : 2), numbers = size_t(s.spread_numbers());
  const bool together = sizeof(T) == sizeof(double);
  write_numbers();
  if (tasks.products) reduce.add(b.N.data, matrices + (together ? numbers : 0));
  if (!tasks.products || !together) reduce.add(b.spread, numbers);
  const int32_t chunks = s.cut().chunks;
  for (int32_t i = 0; i < chunks; ++i)
    for (int32_t k = 0; k < rank(); ++k) kkt_of(i)[k] = i == 0 ? b.spread[beta_numbers + k] : 0;
  total = {b.spread[0], b.spread[1], b.spread[2], b.spread[3]};
  unread = b.spread[5] != b.spread[5];
  cancelled = b.spread[5] != 0;
}

template <class T>
double BetaJob<T>::spread_penalty_h() const { return b.spread[4]; }
template <class T>
const double *BetaJob<T>::spread_sums_h() const { return b.spread + beta_numbers + rank(); }
template <class T>
const double *BetaJob<T>::spread_squares_h() const { return spread_sums_h() + rank(); }

#define INSTANTIATE(T) template struct BetaJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
