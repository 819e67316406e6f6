// Counts the calls of the allocator made by the whole program, whatever library makes them.
#pragma once
#include <cstddef>

namespace orthant::test {

// Counts from here to `heap_calls`.
void count_heap_calls();
// How many there were; counting ends.
size_t heap_calls();

}  // namespace orthant::test
