// The public interface as a template over the element type, so that a test is written once for both.
#pragma once
#include "orthant.h"
#include "test.hpp"

namespace orthant::test {

template <class T>
struct Api;

#define ORTHANT_TEST_API(T, S)                                                    \
  template <>                                                                     \
  struct Api<T> {                                                                 \
    using Matrix = orthant_matrix_##S;                                            \
    using Nmf = orthant_nmf_##S;                                                  \
    using Unmix = orthant_unmix_##S;                                              \
    using Endmembers = orthant_endmembers_##S;                                    \
    using Qp = orthant_qp_##S;                                                    \
    using Terms = orthant_terms_##S;                                              \
    using Symmetric = orthant_symmetric_##S;                                      \
    using Penalty = orthant_penalty_##S;                                          \
    using ReluNmd = orthant_relu_nmd_##S;                                         \
    using Tsvd = orthant_tsvd_##S;                                                \
    using Symnmf = orthant_symnmf_##S;                                            \
    using Symnet = orthant_symnet_##S;                                            \
    static constexpr const char *name = #S;                                       \
    static constexpr auto nmf_size = orthant_nmf_size_##S;                        \
    static constexpr auto nmf_init = orthant_nmf_init_##S;                        \
    static constexpr auto nmf_start = orthant_nmf_start_##S;                      \
    static constexpr auto nmf_run = orthant_nmf_run_##S;                          \
    static constexpr auto nmf_terms = orthant_nmf_terms_##S;                      \
    static constexpr auto qp_size = orthant_qp_size_##S;                          \
    static constexpr auto qp_init = orthant_qp_init_##S;                          \
    static constexpr auto qp_run = orthant_qp_run_##S;                            \
    static constexpr auto unmix_size = orthant_unmix_size_##S;                    \
    static constexpr auto unmix_init = orthant_unmix_init_##S;                    \
    static constexpr auto unmix_run = orthant_unmix_run_##S;                      \
    static constexpr auto unmix_check = orthant_unmix_check_##S;                  \
    static constexpr auto endmembers_size = orthant_endmembers_size_##S;          \
    static constexpr auto endmembers_init = orthant_endmembers_init_##S;          \
    static constexpr auto endmembers_run = orthant_endmembers_run_##S;            \
    static constexpr auto relu_nmd_size = orthant_relu_nmd_size_##S;              \
    static constexpr auto relu_nmd_init = orthant_relu_nmd_init_##S;              \
    static constexpr auto relu_nmd_start = orthant_relu_nmd_start_##S;            \
    static constexpr auto relu_nmd_run = orthant_relu_nmd_run_##S;                \
    static constexpr auto tsvd_size = orthant_tsvd_size_##S;                      \
    static constexpr auto tsvd_init = orthant_tsvd_init_##S;                      \
    static constexpr auto tsvd_run = orthant_tsvd_run_##S;                        \
    static constexpr auto scores_size = orthant_scores_size_##S;                  \
    static constexpr auto scores_run = orthant_scores_run_##S;                    \
    static constexpr auto graph_size = orthant_graph_size_##S;                    \
    static constexpr auto graph_run = orthant_graph_run_##S;                      \
    static constexpr auto graph_dense = orthant_graph_dense_##S;                  \
    static constexpr auto symnmf_size = orthant_symnmf_size_##S;                  \
    static constexpr auto symnmf_init = orthant_symnmf_init_##S;                  \
    static constexpr auto symnmf_start = orthant_symnmf_start_##S;                \
    static constexpr auto symnmf_run = orthant_symnmf_run_##S;                    \
    static constexpr auto symnet_size = orthant_symnet_size_##S;                  \
    static constexpr auto symnet_init = orthant_symnet_init_##S;                  \
    static constexpr auto symnet_start = orthant_symnet_start_##S;                \
    static constexpr auto symnet_run = orthant_symnet_run_##S;                    \
    static constexpr auto symnet_gradient = orthant_symnet_gradient_##S;          \
    static constexpr auto symnet_parameters = orthant_symnet_parameters_##S;      \
    static constexpr auto symnet_save = orthant_symnet_save_##S;                  \
    static constexpr auto symnet_load = orthant_symnet_load_##S;                  \
    static constexpr auto clusters_labels = orthant_clusters_labels_##S;          \
    static constexpr auto scene_run = orthant_scene_run_##S;                      \
    using Nalmu = orthant_nalmu_##S;                                              \
    using NalmuTrain = orthant_nalmu_train_##S;                                   \
    static constexpr auto nalmu_size = orthant_nalmu_size_##S;                    \
    static constexpr auto nalmu_init = orthant_nalmu_init_##S;                    \
    static constexpr auto nalmu_run = orthant_nalmu_run_##S;                      \
    static constexpr auto nalmu_train_size = orthant_nalmu_train_size_##S;        \
    static constexpr auto nalmu_train_init = orthant_nalmu_train_init_##S;        \
    static constexpr auto nalmu_train_step = orthant_nalmu_train_step_##S;        \
    static constexpr auto nalmu_train_save = orthant_nalmu_train_save_##S;        \
    static constexpr auto mixtures_run = orthant_mixtures_run_##S;                \
    static Matrix dense(const T *values, int32_t rows, int32_t cols, int32_t ld) { \
      return {sizeof(Matrix), ORTHANT_DENSE, rows, cols, ld, 0, values, {}, {}, {}, 0, 0}; \
    }                                                                             \
  };
ORTHANT_TEST_API(float, f32)
#ifdef ORTHANT_F64
ORTHANT_TEST_API(double, f64)
using Types = testing::Types<float, double>;
#else
using Types = testing::Types<float>;
#endif

struct TypeNames {
  template <class T>
  static std::string GetName(int) { return Api<T>::name; }
};

inline orthant_report empty_report() {
  orthant_report r{};
  r.size = sizeof r;
  return r;
}

}  // namespace orthant::test
