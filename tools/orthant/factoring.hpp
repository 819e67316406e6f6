// What nmf and relu-nmd share: two factors of a matrix, the steps towards them, and what is written of both.
#pragma once

#include "api.hpp"
#include "verbs.hpp"

namespace orthant::tool {

struct Step {
  double seconds;
  orthant_report report;
};

// The steps of a run, each kept and shown as it comes.
class History {
 public:
  using Text = std::string (*)(const orthant_report &);  // of one step, beside the bar
  History(const Common &common, const std::string &label, int max_iter, Text text)
      : progress_(common, label), max_iter_(std::max(max_iter, 1)), text_(text) {}
  template <class Config>
  void watch(Config &config) {
    config.progress = on_step;
    config.user = this;
  }
  // After so many iterations, where a run is gone on with.
  void begin(int32_t done = 0) {
    if (done > 0) before_ += seconds();
    started_ = seconds_now();
    done_ = done;
  }
  double seconds() const { return seconds_now() - started_; }
  const std::vector<Step> &steps() const { return steps_; }
  // The final report may be more exact than the one of the last step.
  void finish(double seconds, const orthant_report &report);

 private:
  static int32_t on_step(void *user, const orthant_report *so_far);
  Progress progress_;
  int max_iter_;
  Text text_;
  double started_ = seconds_now(), before_ = 0;  // before_: of earlier parts
  int32_t done_ = 0;
  std::vector<Step> steps_;
};

// A data matrix as the library sees it: all of it, or its nonzeros.
template <class T>
struct Numbers {
  Table<T> V;  // sparse: its shape alone
  int32_t kind = ORTHANT_DENSE;
  std::shared_ptr<const Sparse> sparse;
  std::vector<T> nonzeros;
  Meta meta;  // as it was read

  typename Api<T>::Matrix view() const {
    if (sparse) return sparse_matrix(nonzeros.data(), sparse->starts.data(), sparse->indices.data(), V.rows, V.cols);
    auto v = matrix(V.values.data(), V.rows, V.cols);
    v.kind = kind;
    return v;
  }
  size_t bytes() const { return (V.values.size() + nonzeros.size()) * sizeof(T); }
};
// What is said of an entry that a verb cannot take.
using Refusal = std::string (*)(const std::string &file, int64_t i, int64_t j, double v);
// Sparse data, kept so; each entry is finite and from 0 up, or refused.
template <class T>
void take_sparse(const Common &common, const Data &data, bool transpose, Refusal refusal, Numbers<T> &to);

// A column for each of: iteration, seconds, objective, relative_error, kkt.
Table<double> convergence(const std::vector<Step> &steps);

// Numbers of a starting factor, which are finite and of this sign, or refused.
enum class Sign { any, nonnegative };
template <class T>
void check_factor(const T *values, int64_t count, const std::string &file, Sign sign);
// A starting factor from a file, of the shape of `factor`.
template <class T>
void read_factor(Table<T> &factor, const std::string &file, const char *flag, Sign sign);

// What --dry-run says of the memory, in bytes.
std::string memory_text(double data, double factors, double workspace, int threads);

// How a run went and where its results are, in an open object.
struct Run {
  double start_seconds = 0, run_seconds = 0;
  int threads = 1, processes = 1;
  size_t workspace = 0;
};
void write_run(Json &json, const Run &run, const fs::path &directory, const std::vector<std::string> &written);

}  // namespace orthant::tool
