// Written by capi/bindings.py from orthant.h; do not edit.
// Abi, and every function and struct of orthant/experimental.h, behind one name for both element types.
#ifndef ORTHANT_EXPERIMENTAL_HPP
#define ORTHANT_EXPERIMENTAL_HPP

#include "abi.hpp"
#include "experimental.h"

namespace orthant {

// What is wrong with a config or with data, in words: see orthant_unmix_config_problem.
inline size_t problem(const orthant_scene_config *c, char *text, size_t room) {
  return orthant_scene_config_problem(c, text, room);
}
inline size_t problem(const orthant_mixtures_config *c, char *text, size_t room) {
  return orthant_mixtures_config_problem(c, text, room);
}
inline size_t problem(const orthant_factors_config *c, char *text, size_t room) {
  return orthant_factors_config_problem(c, text, room);
}
inline size_t problem(const orthant_nalmu_train_config *c, char *text, size_t room) {
  return orthant_nalmu_train_config_problem(c, text, room);
}
inline size_t problem(const orthant_factormer_train_config *c, char *text, size_t room) {
  return orthant_factormer_train_config_problem(c, text, room);
}
inline size_t problem(const orthant_schedule_train_config *c, char *text, size_t room) {
  return orthant_schedule_train_config_problem(c, text, room);
}
inline size_t problem(const orthant_adam_config *c, char *text, size_t room) {
  return orthant_adam_config_problem(c, text, room);
}

template <class T>
struct Experimental;

template <>
struct Experimental<float> : Abi<float> {
  using NalmuTrain = orthant_nalmu_train_f32;
  using FactormerTrain = orthant_factormer_train_f32;
  using ScheduleTrain = orthant_schedule_train_f32;
  static constexpr auto scene_run = orthant_scene_run_f32;
  static constexpr auto mixtures_run = orthant_mixtures_run_f32;
  static constexpr auto factors_run = orthant_factors_run_f32;
  static constexpr auto nalmu_train_size = orthant_nalmu_train_size_f32;
  static constexpr auto nalmu_train_init = orthant_nalmu_train_init_f32;
  static constexpr auto nalmu_train_load = orthant_nalmu_train_load_f32;
  static constexpr auto nalmu_train_problem = orthant_nalmu_train_problem_f32;
  static constexpr auto nalmu_train_step = orthant_nalmu_train_step_f32;
  static constexpr auto nalmu_train_save = orthant_nalmu_train_save_f32;
  static constexpr auto factormer_train_size = orthant_factormer_train_size_f32;
  static constexpr auto factormer_train_init = orthant_factormer_train_init_f32;
  static constexpr auto factormer_train_load = orthant_factormer_train_load_f32;
  static constexpr auto factormer_train_problem = orthant_factormer_train_problem_f32;
  static constexpr auto factormer_train_step = orthant_factormer_train_step_f32;
  static constexpr auto factormer_train_save = orthant_factormer_train_save_f32;
  static constexpr auto schedule_train_size = orthant_schedule_train_size_f32;
  static constexpr auto schedule_train_init = orthant_schedule_train_init_f32;
  static constexpr auto schedule_train_run = orthant_schedule_train_run_f32;
  static constexpr auto schedule_train_load = orthant_schedule_train_load_f32;
  static constexpr auto schedule_train_save = orthant_schedule_train_save_f32;
  static constexpr auto symnet_gradient = orthant_symnet_gradient_f32;
  static constexpr auto symnet_parameters = orthant_symnet_parameters_f32;
  static constexpr auto nmf_get = orthant_nmf_get_f32;
  static constexpr auto nmf_set = orthant_nmf_set_f32;
  static constexpr auto relu_nmd_get = orthant_relu_nmd_get_f32;
  static constexpr auto relu_nmd_set = orthant_relu_nmd_set_f32;
  static constexpr auto symnmf_get = orthant_symnmf_get_f32;
  static constexpr auto symnmf_set = orthant_symnmf_set_f32;
  static constexpr auto endmembers_get = orthant_endmembers_get_f32;
  static constexpr auto endmembers_set = orthant_endmembers_set_f32;
  static constexpr auto nalmu_train_get = orthant_nalmu_train_get_f32;
  static constexpr auto nalmu_train_set = orthant_nalmu_train_set_f32;
  static constexpr auto factormer_train_get = orthant_factormer_train_get_f32;
  static constexpr auto factormer_train_set = orthant_factormer_train_set_f32;
  static constexpr auto adam_step = orthant_adam_step_f32;
  static constexpr auto nmf_misprints = orthant_nmf_misprints_f32;
  static constexpr auto relu_nmd_misprints = orthant_relu_nmd_misprints_f32;
};

template <>
struct Experimental<double> : Abi<double> {
  using NalmuTrain = orthant_nalmu_train_f64;
  using FactormerTrain = orthant_factormer_train_f64;
  using ScheduleTrain = orthant_schedule_train_f64;
  static constexpr auto scene_run = orthant_scene_run_f64;
  static constexpr auto mixtures_run = orthant_mixtures_run_f64;
  static constexpr auto factors_run = orthant_factors_run_f64;
  static constexpr auto nalmu_train_size = orthant_nalmu_train_size_f64;
  static constexpr auto nalmu_train_init = orthant_nalmu_train_init_f64;
  static constexpr auto nalmu_train_load = orthant_nalmu_train_load_f64;
  static constexpr auto nalmu_train_problem = orthant_nalmu_train_problem_f64;
  static constexpr auto nalmu_train_step = orthant_nalmu_train_step_f64;
  static constexpr auto nalmu_train_save = orthant_nalmu_train_save_f64;
  static constexpr auto factormer_train_size = orthant_factormer_train_size_f64;
  static constexpr auto factormer_train_init = orthant_factormer_train_init_f64;
  static constexpr auto factormer_train_load = orthant_factormer_train_load_f64;
  static constexpr auto factormer_train_problem = orthant_factormer_train_problem_f64;
  static constexpr auto factormer_train_step = orthant_factormer_train_step_f64;
  static constexpr auto factormer_train_save = orthant_factormer_train_save_f64;
  static constexpr auto schedule_train_size = orthant_schedule_train_size_f64;
  static constexpr auto schedule_train_init = orthant_schedule_train_init_f64;
  static constexpr auto schedule_train_run = orthant_schedule_train_run_f64;
  static constexpr auto schedule_train_load = orthant_schedule_train_load_f64;
  static constexpr auto schedule_train_save = orthant_schedule_train_save_f64;
  static constexpr auto symnet_gradient = orthant_symnet_gradient_f64;
  static constexpr auto symnet_parameters = orthant_symnet_parameters_f64;
  static constexpr auto nmf_get = orthant_nmf_get_f64;
  static constexpr auto nmf_set = orthant_nmf_set_f64;
  static constexpr auto relu_nmd_get = orthant_relu_nmd_get_f64;
  static constexpr auto relu_nmd_set = orthant_relu_nmd_set_f64;
  static constexpr auto symnmf_get = orthant_symnmf_get_f64;
  static constexpr auto symnmf_set = orthant_symnmf_set_f64;
  static constexpr auto endmembers_get = orthant_endmembers_get_f64;
  static constexpr auto endmembers_set = orthant_endmembers_set_f64;
  static constexpr auto nalmu_train_get = orthant_nalmu_train_get_f64;
  static constexpr auto nalmu_train_set = orthant_nalmu_train_set_f64;
  static constexpr auto factormer_train_get = orthant_factormer_train_get_f64;
  static constexpr auto factormer_train_set = orthant_factormer_train_set_f64;
  static constexpr auto adam_step = orthant_adam_step_f64;
  static constexpr auto nmf_misprints = orthant_nmf_misprints_f64;
  static constexpr auto relu_nmd_misprints = orthant_relu_nmd_misprints_f64;
};

}  // namespace orthant
#endif
