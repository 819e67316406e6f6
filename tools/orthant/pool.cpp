#include "pool.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace orthant::tool {

Pool::Pool(int workers) {
  const int asked = std::max(workers, 0);
  size_t bytes = 0;
  parallel_.size = sizeof parallel_;
  if (orthant_threads_size(asked, &bytes) != ORTHANT_OK)
    throw std::invalid_argument(std::to_string(asked) + " threads are more than a pool holds");
  memory_.resize(bytes);
  if (orthant_threads_create(asked, memory_.data(), bytes, &threads_, &parallel_) != ORTHANT_OK)
    throw std::runtime_error("no pool of threads could be made");
  missing_ = asked > 0 ? asked - parallel_.workers : 0;
}

Pool::~Pool() { orthant_threads_destroy(threads_); }

}  // namespace orthant::tool
