// The order in which block principal pivoting takes its problems: those with the same passive set side by side.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace orthant {
namespace {  // in one file of the library alone: a copy of its own

inline int compare(const uint32_t *a, const uint32_t *b, int32_t words) {
  for (int32_t w = 0; w < words; ++w)
    if (a[w] != b[w]) return a[w] < b[w] ? -1 : 1;
  return 0;
}

// Heap sort of problem numbers by their passive sets; ties by number, so that the order is a function of the sets.
inline void sort_by_set(int32_t *order, int32_t n, const uint32_t *mask, int32_t words) {
  const auto less = [&](int32_t a, int32_t b) {
    const int c = compare(mask + ptrdiff_t(a) * words, mask + ptrdiff_t(b) * words, words);
    return c < 0 || (c == 0 && a < b);
  };
  const auto swap = [&](int32_t i, int32_t j) {
    const int32_t t = order[i];
    order[i] = order[j];
    order[j] = t;
  };
  const auto sink = [&](int32_t i, int32_t end) {
    for (int32_t child = 2 * i + 1; child < end; child = 2 * i + 1) {
      if (child + 1 < end && less(order[child], order[child + 1])) ++child;
      if (!less(order[i], order[child])) return;
      swap(i, child);
      i = child;
    }
  };
  for (int32_t i = n / 2 - 1; i >= 0; --i) sink(i, n);
  for (int32_t end = n - 1; end > 0; --end) {
    swap(0, end);
    sink(0, end);
  }
}

}  // namespace
}  // namespace orthant
