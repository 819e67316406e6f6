#include "weights.hpp"

#include <cstring>

namespace orthant::tool {

Weights::Weights(const std::string &file) {
  const std::string bytes = read_file(file);
  size_ = bytes.size();
  constexpr size_t align = 256;
  memory_.reset(new unsigned char[size_ + align]);
  at_ = memory_.get() + (align - reinterpret_cast<uintptr_t>(memory_.get()) % align) % align;
  std::memcpy(at_, bytes.data(), size_);
  if (orthant_model_open(at_, size_, &model_) != ORTHANT_OK || orthant_model_verify(model_) != ORTHANT_OK)
    throw InputError(file + ": is not a good weight blob: " + orthant_model_problem(at_, size_) +
                     "; fetch or make it anew");
}

}  // namespace orthant::tool
