// Columns spread over processes (algorithms.md, "Many machines"): what is added up over them.  W, B, S and all
// decisions are the same on each.
#include "nmf_job.hpp"

namespace orthant {

// The sums of a pass: B, S and the numbers, in f64 in one sum.
template <class T>
void NmfJob<T>::add_processes(NmfSums &sums) {
  Reduce &reduce = s.c.reduce;
  if (!reduce.active()) return;
  double numbers[spread_numbers];
  sums.write(numbers);
  numbers[NmfSums::numbers] = double(reduce.asked);
  const size_t matrices = size_t(s.c.rows) * size_t(rank()) + size_t(rank()) * size_t(rank());
  double *behind = nullptr;
  if constexpr (sizeof(T) == sizeof(double)) behind = b.B.data + matrices;
  if (behind) memcpy(behind, numbers, sizeof numbers);
  reduce.add(b.B.data, matrices + (behind ? size_t(spread_numbers) : 0));
  if (behind) memcpy(numbers, behind, sizeof numbers);
  else reduce.add(numbers, size_t(spread_numbers));
  sums.read(numbers);
  cancelled = numbers[NmfSums::numbers] != 0;
}

// A number that each process has for its own columns.
template <class T>
double NmfJob<T>::over_all(double own) const {
  if (s.c.reduce.active()) s.c.reduce.add(&own, 1);
  return own;
}

template <class T>
bool NmfJob<T>::has_room(double squares) const {
  if (!s.c.reduce.active()) return V.has_room(squares);
  if (V.has_room_above(squares) && !V.has_room_below(squares))
    return over_all(V.is_zero(0, s.c.cols) ? 0 : 1) == 0;
  return V.has_room_above(squares);
}

#define INSTANTIATE(T) template struct NmfJob<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
