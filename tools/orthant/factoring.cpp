#include "factoring.hpp"

#include <algorithm>
#include <cmath>

namespace orthant::tool {

int32_t History::on_step(void *user, const orthant_report *so_far) {
  History &h = *static_cast<History *>(user);
  orthant_report report = *so_far;
  report.iters += h.done_;
  // A part that goes on reports what the one before ended with.
  if (!h.steps_.empty() && h.steps_.back().report.iters == report.iters) h.steps_.pop_back();
  h.steps_.push_back({h.before_ + h.seconds(), report});
  std::string text = h.text_(report);
  const double spent = h.seconds();
  if (so_far->iters > 0 && spent > 1) {
    text += ", at most " + duration_text(std::round(spent / so_far->iters * (h.max_iter_ - report.iters))) + " left";
  }
  h.progress_.update(static_cast<double>(report.iters) / h.max_iter_, text);
  return interrupted();
}

void History::finish(double seconds, const orthant_report &report) {
  if (!steps_.empty() && steps_.back().report.iters == report.iters) steps_.pop_back();
  steps_.push_back({seconds, report});
}

Table<double> convergence(const std::vector<Step> &steps) {
  Table<double> curve(static_cast<int64_t>(steps.size()), 5);
  curve.names = {"iteration", "seconds", "objective", "relative_error", "kkt"};
  for (int64_t i = 0; i < curve.rows; ++i) {
    const Step &step = steps[static_cast<size_t>(i)];
    curve(i, 0) = step.report.iters;
    curve(i, 1) = step.seconds;
    curve(i, 2) = step.report.objective;
    curve(i, 3) = step.report.rel_error;
    curve(i, 4) = step.report.kkt;
  }
  return curve;
}

template <class T>
void take_sparse(const Common &common, const Data &data, bool transpose, Refusal refusal, Numbers<T> &to) {
  const int64_t rows = data.axis[0].count, cols = data.axis[1].count;
  to.kind = ORTHANT_CSC;
  to.V.rows = transpose ? cols : rows;
  to.V.cols = transpose ? rows : cols;
  to.V.meta = data.meta;
  to.sparse = transpose ? std::make_shared<const Sparse>(transposed(*data.sparse, rows)) : data.sparse;
  to.nonzeros.assign(to.sparse->values.begin(), to.sparse->values.end());
  for (size_t t = 0; t < to.nonzeros.size(); ++t) {
    const double v = static_cast<double>(to.nonzeros[t]);
    if (v >= 0 && std::isfinite(v)) continue;
    const auto &starts = to.sparse->starts;
    const auto after = std::upper_bound(starts.begin(), starts.end(), static_cast<int32_t>(t));
    throw InputError(refusal(data.meta.source, to.sparse->indices[t], after - starts.begin() - 1, v));
  }
  say(common, cat("sparse: ", to.nonzeros.size(), " of ", to.V.rows, " x ", to.V.cols, " entries are not zero"));
}
template void take_sparse(const Common &, const Data &, bool, Refusal, Numbers<float> &);
template void take_sparse(const Common &, const Data &, bool, Refusal, Numbers<double> &);

template <class T>
void check_factor(const T *values, int64_t count, const std::string &file, Sign sign) {
  for (const T *v = values; v < values + count; ++v) {
    if (!std::isfinite(*v)) throw InputError(file + ": a starting factor must be finite");
    if (sign == Sign::nonnegative && *v < 0) throw InputError(file + ": a starting factor must be nonnegative");
  }
}
template void check_factor(const float *, int64_t, const std::string &, Sign);
template void check_factor(const double *, int64_t, const std::string &, Sign);

template <class T>
void read_factor(Table<T> &factor, const std::string &file, const char *flag, Sign sign) {
  const Table<T> given = read_table<T>(file, factor.rows);
  if (given.rows != factor.rows || given.cols != factor.cols) {
    throw InputError(
        cat(file, ": is ", given.rows, " x ", given.cols, ", ", flag, " must be ", factor.rows, " x ", factor.cols));
  }
  check_factor(given.values.data(), static_cast<int64_t>(given.values.size()), file, sign);
  factor.values = given.values;
}
template void read_factor(Table<float> &, const std::string &, const char *, Sign);
template void read_factor(Table<double> &, const std::string &, const char *, Sign);

std::string memory_text(double data, double factors, double workspace, int threads) {
  return "memory: data " + bytes_text(data) + ", factors " + bytes_text(factors) + ", workspace " +
         bytes_text(workspace) + " for " + std::to_string(threads) + " threads";
}

void write_run(Json &json, const Run &run, const fs::path &directory, const std::vector<std::string> &written) {
  json.object("seconds").value("start", run.start_seconds).value("run", run.run_seconds).end();
  json.value("threads", run.threads).value("workspace_bytes", static_cast<uint64_t>(run.workspace));
  json.value("directory", directory.string()).value("files", written);
}

}  // namespace orthant::tool
