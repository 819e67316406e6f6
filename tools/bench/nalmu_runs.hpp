// A NALMU of f32 trained, kept as a blob and run, as the parts of `orthant-bench nalmu` do it.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "api.hpp"

namespace orthant::tool {

using Vector = std::vector<float>;

inline double middle(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

// A trained model at an address of the alignment it needs.
class NalmuBlob {
 public:
  explicit NalmuBlob(orthant_nalmu_train_f32 *s) {
    size_t bytes = 0;
    check_status(orthant_nalmu_train_save_f32(s, 0, nullptr, 0, &bytes), "save");
    memory_.resize(bytes + 64);
    at_ = memory_.data() + (64 - reinterpret_cast<uintptr_t>(memory_.data()) % 64) % 64;
    check_status(orthant_nalmu_train_save_f32(s, 0, at_, bytes, &bytes), "save");
    check_status(orthant_model_open(at_, bytes, &model_), "open");
    bytes_ = bytes;
  }
  NalmuBlob(const NalmuBlob &) = delete;
  NalmuBlob &operator=(const NalmuBlob &) = delete;
  const orthant_model *model() const { return model_; }
  void clear(const char *name) {  // zeros for the numbers of a record
    auto r = sized<orthant_record>();
    for (int32_t i = 0; i < orthant_model_records(model_); ++i)
      if (orthant_model_record(model_, i, &r) == ORTHANT_OK && std::string(r.name) == name)
        std::fill_n(at_ + (static_cast<const unsigned char *>(r.data) - at_), r.bytes, static_cast<unsigned char>(0));
  }
  std::string_view view() const { return {reinterpret_cast<const char *>(at_), bytes_}; }

 private:
  std::vector<unsigned char> memory_;
  unsigned char *at_ = nullptr;
  size_t bytes_ = 0;
  const orthant_model *model_ = nullptr;
};

class NalmuTrainer {
 public:
  explicit NalmuTrainer(const orthant_nalmu_train_config &c, const float *W0 = nullptr) : memory_(bytes(c)) {
    check_status(orthant_nalmu_train_init_f32(&c, W0, c.bands, memory_.data(), memory_.bytes(), &s_), "training");
  }
  double step(const float *Y, const float *W, const float *H, int32_t count) {
    auto r = sized<orthant_report>();
    check_status(orthant_nalmu_train_step_f32(s_, count, Y, W, H, 1, &r), "training");
    return r.objective;
  }
  orthant_nalmu_train_f32 *handle() { return s_; }

 private:
  static size_t bytes(const orthant_nalmu_train_config &c) {
    size_t n = 0;
    check_status(orthant_nalmu_train_size_f32(&c, &n), "training");
    return n;
  }
  Workspace memory_;
  orthant_nalmu_train_f32 *s_ = nullptr;
};

inline void infer(orthant_nalmu_config c, const Vector &Y, Vector &W, Vector &H) {
  size_t bytes = 0;
  check_status(orthant_nalmu_size_f32(&c, &bytes), "nalmu");
  const Workspace memory(bytes);
  orthant_nalmu_f32 *s = nullptr;
  check_status(orthant_nalmu_init_f32(&c, memory.data(), bytes, &s), "nalmu");
  const int32_t r = static_cast<int32_t>(W.size()) / c.bands;
  H.resize(static_cast<size_t>(r) * static_cast<size_t>(c.pixels));
  const orthant_matrix_f32 data = matrix(Y.data(), c.bands, c.pixels);
  check_status(orthant_nalmu_run_f32(s, &data, W.data(), c.bands, H.data(), r, nullptr), "nalmu");
}

}  // namespace orthant::tool
