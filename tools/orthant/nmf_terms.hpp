// The flags of `orthant nmf` for weights and penalties, and the terms they stand for.
#pragma once

#include <list>

#include "api.hpp"
#include "verbs.hpp"

namespace orthant::tool {

struct TermsFlags {
  double l1_w = 0, l1_h = 0, l2_w = 0, l2_h = 0, ortho_w = 0, ortho_h = 0, tau = 0.1, anneal = 0.01, min_step = 1e-9;
  std::string ortho_axis = "default";
  std::vector<std::string> weights, penalty_w, penalty_h, printed;
  bool full_step = false;
};
void add_terms_flags(CLI::App &verb, TermsFlags &flags);
void configure(orthant_nmf_config &config, const TermsFlags &flags);
void write_terms(Json &json, const TermsFlags &flags);  // those that are not zero, in an open object

// What has to be read from files.
template <class T>
class Terms {
 public:
  Terms(const TermsFlags &flags, int64_t rows, int64_t cols, int64_t rank);
  void set(typename Api<T>::Nmf *handle);  // UsageError where the solver has none

 private:
  typename Api<T>::Symmetric symmetric(const std::string &argument, int64_t order);
  std::vector<typename Api<T>::Penalty> penalties(const std::vector<std::string> &given, int64_t left, int64_t right);
  std::list<Table<T>> kept_;
  std::vector<typename Api<T>::Penalty> w_, h_;
  typename Api<T>::Terms terms_{};
  int32_t misprints_;
  bool any_;
};

}  // namespace orthant::tool
