// A weight file in memory, checked.
#pragma once

#include <memory>

#include "verbs.hpp"

namespace orthant::tool {

class Weights {
 public:
  // Reads, opens and verifies; InputError names the file and what is wrong with it.
  explicit Weights(const std::string &file);
  const orthant_model *model() const { return model_; }
  size_t bytes() const { return size_; }
  std::string_view view() const { return {reinterpret_cast<const char *>(at_), size_}; }

 private:
  std::unique_ptr<unsigned char[]> memory_;
  unsigned char *at_ = nullptr;  // aligned
  size_t size_ = 0;
  const orthant_model *model_ = nullptr;
};

}  // namespace orthant::tool
