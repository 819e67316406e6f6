// The bytes of a weight file at an address where a model may be.
#pragma once
#include <cstring>
#include <string>
#include <vector>

#include "orthant.h"
#include "test.hpp"

namespace orthant::test {

class ModelBytes {
 public:
  explicit ModelBytes(size_t size) : memory_(size + align), size_(size) {}
  explicit ModelBytes(const std::string &s) : ModelBytes(s.size()) { memcpy(data(), s.data(), s.size()); }
  ModelBytes(const ModelBytes &) = delete;  // a copy would be aligned otherwise
  ModelBytes(ModelBytes &&) = default;

  unsigned char *data() { return memory_.data() + offset(); }
  const unsigned char *data() const { return memory_.data() + offset(); }
  size_t size() const { return size_; }
  const orthant_model *open() const {
    const orthant_model *model = nullptr;
    EXPECT_EQ(orthant_model_open(data(), size_, &model), ORTHANT_OK) << orthant_model_problem(data(), size_);
    return model;
  }
  // With its sums checked.
  const orthant_model *verified() const {
    const orthant_model *model = open();
    EXPECT_EQ(orthant_model_verify(model), ORTHANT_OK);
    return model;
  }

 private:
  static constexpr size_t align = 256;  // the most that a file may ask for
  size_t offset() const { return (align - reinterpret_cast<uintptr_t>(memory_.data()) % align) % align; }
  std::vector<unsigned char> memory_;
  size_t size_;
};

}  // namespace orthant::test
