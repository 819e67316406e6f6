// Written by capi/bindings.py from orthant.h; do not edit.
// Every function and struct of orthant.h that exists for both element types, behind one name:
// Abi<float>::nmf_run is orthant_nmf_run_f32, Abi<double>::Matrix is orthant_matrix_f64.
#ifndef ORTHANT_ABI_HPP
#define ORTHANT_ABI_HPP

#include "../orthant.h"

namespace orthant {

template <class T>
struct Abi;

template <>
struct Abi<float> {
  static constexpr const char *name = "f32";
  using Matrix = orthant_matrix_f32;
  using Symmetric = orthant_symmetric_f32;
  using Penalty = orthant_penalty_f32;
  using Terms = orthant_terms_f32;
  using Unmix = orthant_unmix_f32;
  using Nmf = orthant_nmf_f32;
  using Endmembers = orthant_endmembers_f32;
  using Dimension = orthant_dimension_f32;
  using Factormer = orthant_factormer_f32;
  using Library = orthant_library_f32;
  using Mesma = orthant_mesma_f32;
  using Bootstrap = orthant_bootstrap_f32;
  using Nalmu = orthant_nalmu_f32;
  using Qp = orthant_qp_f32;
  using ReluNmd = orthant_relu_nmd_f32;
  using Tsvd = orthant_tsvd_f32;
  using Symnmf = orthant_symnmf_f32;
  using Symnet = orthant_symnet_f32;
  static constexpr auto unmix_size = orthant_unmix_size_f32;
  static constexpr auto unmix_init = orthant_unmix_init_f32;
  static constexpr auto unmix_run = orthant_unmix_run_f32;
  static constexpr auto unmix_check = orthant_unmix_check_f32;
  static constexpr auto nmf_size = orthant_nmf_size_f32;
  static constexpr auto nmf_init = orthant_nmf_init_f32;
  static constexpr auto nmf_start = orthant_nmf_start_f32;
  static constexpr auto nmf_run = orthant_nmf_run_f32;
  static constexpr auto endmembers_size = orthant_endmembers_size_f32;
  static constexpr auto endmembers_init = orthant_endmembers_init_f32;
  static constexpr auto endmembers_run = orthant_endmembers_run_f32;
  static constexpr auto scores_size = orthant_scores_size_f32;
  static constexpr auto scores_run = orthant_scores_run_f32;
  static constexpr auto dimension_size = orthant_dimension_size_f32;
  static constexpr auto dimension_init = orthant_dimension_init_f32;
  static constexpr auto dimension_run = orthant_dimension_run_f32;
  static constexpr auto model_values = orthant_model_values_f32;
  static constexpr auto factormer_size = orthant_factormer_size_f32;
  static constexpr auto factormer_init = orthant_factormer_init_f32;
  static constexpr auto factormer_run = orthant_factormer_run_f32;
  static constexpr auto unmix_products = orthant_unmix_products_f32;
  static constexpr auto library_size = orthant_library_size_f32;
  static constexpr auto library_init = orthant_library_init_f32;
  static constexpr auto library_run = orthant_library_run_f32;
  static constexpr auto mesma_size = orthant_mesma_size_f32;
  static constexpr auto mesma_init = orthant_mesma_init_f32;
  static constexpr auto mesma_run = orthant_mesma_run_f32;
  static constexpr auto bootstrap_size = orthant_bootstrap_size_f32;
  static constexpr auto bootstrap_init = orthant_bootstrap_init_f32;
  static constexpr auto bootstrap_run = orthant_bootstrap_run_f32;
  static constexpr auto nalmu_size = orthant_nalmu_size_f32;
  static constexpr auto nalmu_init = orthant_nalmu_init_f32;
  static constexpr auto nalmu_run = orthant_nalmu_run_f32;
  static constexpr auto nmf_terms = orthant_nmf_terms_f32;
  static constexpr auto qp_size = orthant_qp_size_f32;
  static constexpr auto qp_init = orthant_qp_init_f32;
  static constexpr auto qp_run = orthant_qp_run_f32;
  static constexpr auto relu_nmd_size = orthant_relu_nmd_size_f32;
  static constexpr auto relu_nmd_init = orthant_relu_nmd_init_f32;
  static constexpr auto relu_nmd_start = orthant_relu_nmd_start_f32;
  static constexpr auto relu_nmd_run = orthant_relu_nmd_run_f32;
  static constexpr auto tsvd_size = orthant_tsvd_size_f32;
  static constexpr auto tsvd_init = orthant_tsvd_init_f32;
  static constexpr auto tsvd_run = orthant_tsvd_run_f32;
  static constexpr auto graph_size = orthant_graph_size_f32;
  static constexpr auto graph_run = orthant_graph_run_f32;
  static constexpr auto graph_dense = orthant_graph_dense_f32;
  static constexpr auto symnmf_size = orthant_symnmf_size_f32;
  static constexpr auto symnmf_init = orthant_symnmf_init_f32;
  static constexpr auto symnmf_start = orthant_symnmf_start_f32;
  static constexpr auto symnmf_run = orthant_symnmf_run_f32;
  static constexpr auto clusters_labels = orthant_clusters_labels_f32;
  static constexpr auto symnet_size = orthant_symnet_size_f32;
  static constexpr auto symnet_init = orthant_symnet_init_f32;
  static constexpr auto symnet_start = orthant_symnet_start_f32;
  static constexpr auto symnet_run = orthant_symnet_run_f32;
  static constexpr auto symnet_save = orthant_symnet_save_f32;
  static constexpr auto symnet_load = orthant_symnet_load_f32;
  static constexpr auto symnet_problem = orthant_symnet_problem_f32;
};

template <>
struct Abi<double> {
  static constexpr const char *name = "f64";
  using Matrix = orthant_matrix_f64;
  using Symmetric = orthant_symmetric_f64;
  using Penalty = orthant_penalty_f64;
  using Terms = orthant_terms_f64;
  using Unmix = orthant_unmix_f64;
  using Nmf = orthant_nmf_f64;
  using Endmembers = orthant_endmembers_f64;
  using Dimension = orthant_dimension_f64;
  using Factormer = orthant_factormer_f64;
  using Library = orthant_library_f64;
  using Mesma = orthant_mesma_f64;
  using Bootstrap = orthant_bootstrap_f64;
  using Nalmu = orthant_nalmu_f64;
  using Qp = orthant_qp_f64;
  using ReluNmd = orthant_relu_nmd_f64;
  using Tsvd = orthant_tsvd_f64;
  using Symnmf = orthant_symnmf_f64;
  using Symnet = orthant_symnet_f64;
  static constexpr auto unmix_size = orthant_unmix_size_f64;
  static constexpr auto unmix_init = orthant_unmix_init_f64;
  static constexpr auto unmix_run = orthant_unmix_run_f64;
  static constexpr auto unmix_check = orthant_unmix_check_f64;
  static constexpr auto nmf_size = orthant_nmf_size_f64;
  static constexpr auto nmf_init = orthant_nmf_init_f64;
  static constexpr auto nmf_start = orthant_nmf_start_f64;
  static constexpr auto nmf_run = orthant_nmf_run_f64;
  static constexpr auto endmembers_size = orthant_endmembers_size_f64;
  static constexpr auto endmembers_init = orthant_endmembers_init_f64;
  static constexpr auto endmembers_run = orthant_endmembers_run_f64;
  static constexpr auto scores_size = orthant_scores_size_f64;
  static constexpr auto scores_run = orthant_scores_run_f64;
  static constexpr auto dimension_size = orthant_dimension_size_f64;
  static constexpr auto dimension_init = orthant_dimension_init_f64;
  static constexpr auto dimension_run = orthant_dimension_run_f64;
  static constexpr auto model_values = orthant_model_values_f64;
  static constexpr auto factormer_size = orthant_factormer_size_f64;
  static constexpr auto factormer_init = orthant_factormer_init_f64;
  static constexpr auto factormer_run = orthant_factormer_run_f64;
  static constexpr auto unmix_products = orthant_unmix_products_f64;
  static constexpr auto library_size = orthant_library_size_f64;
  static constexpr auto library_init = orthant_library_init_f64;
  static constexpr auto library_run = orthant_library_run_f64;
  static constexpr auto mesma_size = orthant_mesma_size_f64;
  static constexpr auto mesma_init = orthant_mesma_init_f64;
  static constexpr auto mesma_run = orthant_mesma_run_f64;
  static constexpr auto bootstrap_size = orthant_bootstrap_size_f64;
  static constexpr auto bootstrap_init = orthant_bootstrap_init_f64;
  static constexpr auto bootstrap_run = orthant_bootstrap_run_f64;
  static constexpr auto nalmu_size = orthant_nalmu_size_f64;
  static constexpr auto nalmu_init = orthant_nalmu_init_f64;
  static constexpr auto nalmu_run = orthant_nalmu_run_f64;
  static constexpr auto nmf_terms = orthant_nmf_terms_f64;
  static constexpr auto qp_size = orthant_qp_size_f64;
  static constexpr auto qp_init = orthant_qp_init_f64;
  static constexpr auto qp_run = orthant_qp_run_f64;
  static constexpr auto relu_nmd_size = orthant_relu_nmd_size_f64;
  static constexpr auto relu_nmd_init = orthant_relu_nmd_init_f64;
  static constexpr auto relu_nmd_start = orthant_relu_nmd_start_f64;
  static constexpr auto relu_nmd_run = orthant_relu_nmd_run_f64;
  static constexpr auto tsvd_size = orthant_tsvd_size_f64;
  static constexpr auto tsvd_init = orthant_tsvd_init_f64;
  static constexpr auto tsvd_run = orthant_tsvd_run_f64;
  static constexpr auto graph_size = orthant_graph_size_f64;
  static constexpr auto graph_run = orthant_graph_run_f64;
  static constexpr auto graph_dense = orthant_graph_dense_f64;
  static constexpr auto symnmf_size = orthant_symnmf_size_f64;
  static constexpr auto symnmf_init = orthant_symnmf_init_f64;
  static constexpr auto symnmf_start = orthant_symnmf_start_f64;
  static constexpr auto symnmf_run = orthant_symnmf_run_f64;
  static constexpr auto clusters_labels = orthant_clusters_labels_f64;
  static constexpr auto symnet_size = orthant_symnet_size_f64;
  static constexpr auto symnet_init = orthant_symnet_init_f64;
  static constexpr auto symnet_start = orthant_symnet_start_f64;
  static constexpr auto symnet_run = orthant_symnet_run_f64;
  static constexpr auto symnet_save = orthant_symnet_save_f64;
  static constexpr auto symnet_load = orthant_symnet_load_f64;
  static constexpr auto symnet_problem = orthant_symnet_problem_f64;
};

}  // namespace orthant
#endif
