// The public structs and codes, frozen: a change here is a change of ABI.
#include "train.hpp"

namespace orthant {

#define ORTHANT_STATUS(name, code, text) static_assert(ORTHANT_##name == code && name == code, "status code");
#include "status.def"
#undef ORTHANT_STATUS

static_assert(by_iterations == ORTHANT_STOP_ITERATIONS && by_kkt == ORTHANT_STOP_KKT &&
                  by_objective == ORTHANT_STOP_OBJECTIVE && by_cancel == ORTHANT_STOP_CANCELLED &&
                  by_nonfinite == ORTHANT_STOP_NONFINITE && by_step == ORTHANT_STOP_STEP &&
                  by_error == ORTHANT_STOP_ERROR,
              "stop codes");

#define AT(type, field, offset) static_assert(offsetof(type, field) == (offset), #type "." #field)
constexpr size_t p = sizeof(void *);
AT(orthant_report, stop, 4);
AT(orthant_report, proposals, 20);
AT(orthant_report, objective, 24);
AT(orthant_report, bound, 56);
AT(orthant_report, reduced_bytes, 64);
AT(orthant_matrix_f32, ld_weights, 20);
AT(orthant_matrix_f32, values, 24);
AT(orthant_matrix_f32, starts, 24 + p);
AT(orthant_matrix_f64, weights, 24 + 3 * p);
AT(orthant_matrix_f64, user, 24 + 5 * p);
AT(orthant_parallel, run, 8);
AT(orthant_parallel, user, 8 + p);
AT(orthant_reduce, all_columns, 16);
AT(orthant_reduce, sum, 24);
AT(orthant_reduce, user, 24 + p);
AT(orthant_unmix_config, bands, 4);
AT(orthant_unmix_config, data, 24);
AT(orthant_unmix_config, tol, 32);
AT(orthant_unmix_config, parallel, 40);
AT(orthant_unmix_config, model, 40 + p);
AT(orthant_nmf_config, rank, 12);
AT(orthant_nmf_config, sweeps, 28);
AT(orthant_nmf_config, fixed_w, 48);
AT(orthant_nmf_config, tol, 56);
AT(orthant_nmf_config, l1_w, 88);
AT(orthant_nmf_config, min_step, 176);
AT(orthant_nmf_config, seed, 184);
AT(orthant_nmf_config, progress, 192);
AT(orthant_nmf_config, parallel, 192 + 2 * p);
AT(orthant_nmf_config, schedule, 192 + 4 * p);
AT(orthant_nmf_config, reduce, 192 + 5 * p);
AT(orthant_dimension_config, method, 8);
AT(orthant_dimension_config, false_alarm, 16);
AT(orthant_dimension_config, parallel, 24);
AT(orthant_library_config, sum_to_one, 12);
AT(orthant_library_config, l1, 24);
AT(orthant_library_config, parallel, 32);
AT(orthant_mesma_config, classes, 12);
AT(orthant_mesma_config, slack, 32);
AT(orthant_mesma_config, gain, 56);
AT(orthant_mesma_config, parallel, 64);
AT(orthant_bootstrap_config, draws, 20);
AT(orthant_bootstrap_config, seed, 32);
AT(orthant_bootstrap_config, parallel, 40);
AT(orthant_schedule_train_config, problems, 4);
AT(orthant_schedule_train_config, seed, 24);
AT(orthant_schedule_train_config, parallel, 32);
AT(orthant_symmetric_f32, factor, 8);
AT(orthant_symmetric_f64, values, 16);
AT(orthant_terms_f32, weight_rows, 24);
AT(orthant_terms_f32, weight_cols, 24 + sizeof(orthant_symmetric_f32));
AT(orthant_terms_f64, l1_w, 24 + 2 * sizeof(orthant_symmetric_f64));
AT(orthant_terms_f64, penalty_h, 24 + 2 * sizeof(orthant_symmetric_f64) + 3 * p);
AT(orthant_qp_config, n, 4);
AT(orthant_qp_config, tol, 24);
AT(orthant_qp_config, min_step, 56);
AT(orthant_qp_config, progress, 64);
AT(orthant_qp_config, parallel, 64 + 2 * p);
AT(orthant_endmembers_config, method, 16);
AT(orthant_endmembers_config, projection, 24);
AT(orthant_endmembers_config, seed, 32);
AT(orthant_endmembers_config, parallel, 40);
AT(orthant_endmembers_config, draws, 40 + p);
AT(orthant_endmembers_config, data, 44 + p);
AT(orthant_scores_config, pixels, 12);
AT(orthant_scores, mean_angle, 8);
AT(orthant_relu_nmd_config, svd_steps, 36);
AT(orthant_relu_nmd_config, tol, 40);
AT(orthant_relu_nmd_config, seed, 88);
AT(orthant_relu_nmd_config, progress, 96);
AT(orthant_relu_nmd_config, parallel, 96 + 2 * p);
AT(orthant_tsvd_config, warm, 20);
AT(orthant_tsvd_config, tol, 24);
AT(orthant_tsvd_config, parallel, 40);
AT(orthant_scene_config, seed, 24);
AT(orthant_scene_config, snr_db, 32);
AT(orthant_mixtures_config, alpha, 40);
AT(orthant_mixtures_config, seed, 64);
AT(orthant_mixtures_config, parallel, 72);
AT(orthant_factormer_config, model, 16);
AT(orthant_factormer_info, parameters, 32);
AT(orthant_factormer_train_config, rate, 80);
AT(orthant_factormer_train_config, seed, 152);
AT(orthant_factormer_train_config, parallel, 160);
AT(orthant_adam_config, weight_decay, 40);
AT(orthant_factors_config, noise, 16);
AT(orthant_nalmu_config, model, 32);
AT(orthant_nalmu_train_config, beta, 72);
AT(orthant_nalmu_train_config, seed, 168);
AT(orthant_nalmu_train_config, parallel, 176);
AT(orthant_record, dims, 16);
AT(orthant_record, name, 40);
AT(orthant_record, bytes, 40 + 3 * p);
AT(orthant_graph_config, parallel, 32);
AT(orthant_symnmf_config, lambda, 32);
AT(orthant_symnmf_config, seed, 56);
AT(orthant_symnmf_config, parallel, 64 + 2 * p);
AT(orthant_symnet_config, beta, 48);
AT(orthant_symnet_config, leak, 96);
AT(orthant_symnet_config, seed, 112);
AT(orthant_symnet_config, parallel, 120 + 2 * p);
AT(orthant_clusters_config, classes, 12);
AT(orthant_clusters_scores, nmi_joint, 56);

}  // namespace orthant
