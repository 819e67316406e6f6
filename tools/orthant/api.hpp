// The two element types of orthant.h behind one name each, for code that is written once for both.
#pragma once

#include <type_traits>

#include "orthant.h"

namespace orthant::tool {

template <class T>
struct Api;

#define ORTHANT_TOOL_API(T, x)                                           \
  template <>                                                            \
  struct Api<T> {                                                        \
    using Matrix = orthant_matrix_##x;                                   \
    using Unmix = orthant_unmix_##x;                                     \
    using Nmf = orthant_nmf_##x;                                         \
    using Endmembers = orthant_endmembers_##x;                           \
    using Terms = orthant_terms_##x;                                     \
    using Penalty = orthant_penalty_##x;                                 \
    using Symmetric = orthant_symmetric_##x;                             \
    using ReluNmd = orthant_relu_nmd_##x;                                \
    using Nalmu = orthant_nalmu_##x;                                     \
    using Train = orthant_nalmu_train_##x;                               \
    static constexpr auto unmix_size = orthant_unmix_size_##x;           \
    static constexpr auto unmix_init = orthant_unmix_init_##x;           \
    static constexpr auto unmix_run = orthant_unmix_run_##x;             \
    static constexpr auto unmix_check = orthant_unmix_check_##x;         \
    static constexpr auto nmf_size = orthant_nmf_size_##x;               \
    static constexpr auto nmf_init = orthant_nmf_init_##x;               \
    static constexpr auto nmf_start = orthant_nmf_start_##x;             \
    static constexpr auto nmf_terms = orthant_nmf_terms_##x;             \
    static constexpr auto nmf_run = orthant_nmf_run_##x;                 \
    static constexpr auto relu_nmd_size = orthant_relu_nmd_size_##x;     \
    static constexpr auto relu_nmd_init = orthant_relu_nmd_init_##x;     \
    static constexpr auto relu_nmd_start = orthant_relu_nmd_start_##x;   \
    static constexpr auto relu_nmd_run = orthant_relu_nmd_run_##x;       \
    static constexpr auto nalmu_size = orthant_nalmu_size_##x;           \
    static constexpr auto nalmu_init = orthant_nalmu_init_##x;           \
    static constexpr auto nalmu_run = orthant_nalmu_run_##x;             \
    static constexpr auto train_size = orthant_nalmu_train_size_##x;     \
    static constexpr auto train_init = orthant_nalmu_train_init_##x;     \
    static constexpr auto train_load = orthant_nalmu_train_load_##x;     \
    static constexpr auto train_step = orthant_nalmu_train_step_##x;     \
    static constexpr auto train_save = orthant_nalmu_train_save_##x;     \
    static constexpr auto mixtures_run = orthant_mixtures_run_##x;       \
    static constexpr auto endmembers_size = orthant_endmembers_size_##x; \
    static constexpr auto endmembers_init = orthant_endmembers_init_##x; \
    static constexpr auto endmembers_run = orthant_endmembers_run_##x;   \
    static constexpr auto scores_size = orthant_scores_size_##x;         \
    static constexpr auto scores_run = orthant_scores_run_##x;           \
    static constexpr auto scene_run = orthant_scene_run_##x;             \
  };
ORTHANT_TOOL_API(float, f32)
ORTHANT_TOOL_API(double, f64)
#undef ORTHANT_TOOL_API

// A dense matrix without gaps between its columns.
template <class T>
typename Api<T>::Matrix matrix(const T *values, int64_t rows, int64_t cols) {
  typename Api<T>::Matrix m{};
  m.size = sizeof m;
  m.kind = ORTHANT_DENSE;
  m.rows = static_cast<int32_t>(rows);
  m.cols = static_cast<int32_t>(cols);
  m.ld = static_cast<int32_t>(rows);
  m.values = values;
  return m;
}

// A config or report: all zero but its size.
template <class C>
C sized() {
  C c{};
  c.size = sizeof c;
  return c;
}

template <class T>
constexpr const char *element_text() {
  return std::is_same_v<T, float> ? "f32" : "f64";
}

}  // namespace orthant::tool
