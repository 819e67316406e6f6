#include "nmf_terms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace orthant::tool {

void add_terms_flags(CLI::App &verb, TermsFlags &flags) {
  const auto number = [&](const char *name, double &value, const char *text) {
    verb.add_option(name, value, text)->check(CLI::NonNegativeNumber)->type_name("X");
  };
  number("--l1-w", flags.l1_w, "add X times the sum of W");
  number("--l1-h", flags.l1_h, "add X times the sum of H");
  number("--l2-w", flags.l2_w, "add X/2 times the sum of squares of W");
  number("--l2-h", flags.l2_h, "add X/2 times the sum of squares of H");
  number("--ortho-w", flags.ortho_w, "add X times the inner products of pairs of columns of W");
  number("--ortho-h", flags.ortho_h, "the same of H, along --ortho-axis");
  verb.add_option("--ortho-axis", flags.ortho_axis,
                  "overlap of rows of H (components) or of its columns (observations, the default of murnmf, aurnmf)")
      ->check(CLI::IsMember({"default", "components", "observations"}));
  verb.add_option("--weights", flags.weights,
                  "rows=FILE or cols=FILE: a weight for each row or column of the data, or a symmetric matrix of them "
                  "(murnmf, aurnmf); may be repeated")
      ->type_name("SIDE=FILE");
  verb.add_option("--penalty-w", flags.penalty_w,
                  "A,B: add tr(W'A W B)/2; each a number, or a file with a diagonal or a symmetric matrix (murnmf, "
                  "aurnmf); may be repeated")
      ->type_name("A,B");
  verb.add_option("--penalty-h", flags.penalty_h, "C,D: add tr(H'C H D)/2, in the same way")->type_name("C,D");
  verb.add_option("--as-printed", flags.printed,
                  "use the published variant of: clip (murnmf; may diverge), direction (aurnmf; zeros stay), curvature "
                  "(aurnmf; may ascend)")
      ->check(CLI::IsMember({"clip", "direction", "curvature"}));
  verb.add_flag("--full-step", flags.full_step, "aurnmf: steps of length one in place of the best");
  verb.add_option("--tau", flags.tau, "aurnmf: share of the way to the boundary")
      ->check(CLI::Range(1e-6, 0.999999))
      ->capture_default_str();
  verb.add_option("--anneal", flags.anneal, "aurnmf: its growth in an iteration")
      ->check(CLI::Range(0.0, 0.999999))
      ->capture_default_str();
  verb.add_option("--min-step", flags.min_step, "murnmf, aurnmf: stop when no entry changes by more; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

namespace {
int32_t misprints(const TermsFlags &f) {
  const auto bit = [&](const char *what, int32_t value) {
    return std::count(f.printed.begin(), f.printed.end(), what) > 0 ? value : 0;
  };
  return bit("clip", ORTHANT_MISPRINT_CLIP) | bit("direction", ORTHANT_MISPRINT_DIRECTION) |
         bit("curvature", ORTHANT_MISPRINT_CURVATURE);
}
}  // namespace

void configure(orthant_nmf_config &c, const TermsFlags &f) {
  c.l1_w = f.l1_w;
  c.l1_h = f.l1_h;
  c.l2_w = f.l2_w;
  c.l2_h = f.l2_h;
  c.ortho_w = f.ortho_w;
  c.ortho_h = f.ortho_h;
  if (f.ortho_axis == "components") c.ortho_axis = ORTHANT_ORTHO_COMPONENTS;
  if (f.ortho_axis == "observations") c.ortho_axis = ORTHANT_ORTHO_OBSERVATIONS;
  c.full_step = f.full_step;
  const int32_t printed = misprints(f);
  const bool additive = c.method == ORTHANT_NMF_AURNMF;
  if ((printed & ORTHANT_MISPRINT_CLIP) != 0 && c.method != ORTHANT_NMF_MURNMF)
    throw UsageError("--as-printed clip belongs to --solver murnmf");
  if (((printed & ~ORTHANT_MISPRINT_CLIP) != 0 || c.full_step) && !additive)
    throw UsageError("--as-printed direction, --as-printed curvature and --full-step belong to --solver aurnmf");
  c.tau = f.tau;
  c.anneal = f.anneal == 0 ? -1 : f.anneal;  // on the command line 0 means 0
  c.min_step = f.min_step == 0 ? -1 : f.min_step;
}

void write_terms(Json &json, const TermsFlags &f) {
  const std::pair<const char *, double> numbers[] = {{"l1_w", f.l1_w}, {"l1_h", f.l1_h},       {"l2_w", f.l2_w},
                                                     {"l2_h", f.l2_h}, {"ortho_w", f.ortho_w}, {"ortho_h", f.ortho_h}};
  for (const auto &[name, value] : numbers)
    if (value > 0) json.value(name, value);
  const std::pair<const char *, const std::vector<std::string> &> lists[] = {
      {"weights", f.weights}, {"penalty_w", f.penalty_w}, {"penalty_h", f.penalty_h}, {"as_printed", f.printed}};
  for (const auto &[name, values] : lists)
    if (!values.empty()) json.value(name, values);
}

// A number, or a file with `order` numbers or a symmetric matrix of that order.
template <class T>
typename Api<T>::Symmetric Terms<T>::symmetric(const std::string &argument, int64_t order) {
  typename Api<T>::Symmetric s{};
  if (const auto number = parse_number(argument)) {
    if (!(*number >= 0) || !std::isfinite(*number))
      throw UsageError(argument + ": a weight must be finite and at least 0");
    s.kind = ORTHANT_SCALAR;
    s.factor = *number;
    return s;
  }
  kept_.push_back(read_table<T>(argument));
  const Table<T> &t = kept_.back();
  const bool vector = (t.rows == 1 || t.cols == 1) && t.rows * t.cols == order;
  if (!vector && (t.rows != order || t.cols != order)) {
    throw InputError(cat(argument, ": is ", t.rows, " x ", t.cols, "; here ", order,
                         " weights are needed, or a symmetric matrix of ", order, " x ", order));
  }
  const double slack = std::sqrt(static_cast<double>(std::numeric_limits<T>::epsilon()));  // as the library's
  for (int64_t j = 0; j < t.cols; ++j)
    for (int64_t i = 0; i < t.rows; ++i) {
      const double a = static_cast<double>(t(i, j)), b = vector ? a : static_cast<double>(t(j, i));
      const char *what = nullptr;
      if (std::abs(a - b) > slack * std::max(a, b)) what = "the matrix must be symmetric";
      if (!(a >= 0) || !std::isfinite(a)) what = "weights must be finite and at least 0";
      if (what) throw InputError(cat(argument, ": entry (", i, ", ", j, ") is ", shortest(a), "; ", what));
    }
  s.kind = vector ? ORTHANT_DIAGONAL : ORTHANT_SYMMETRIC;
  s.ld = static_cast<int32_t>(t.rows);
  s.values = t.values.data();
  return s;
}

template <class T>
std::vector<typename Api<T>::Penalty> Terms<T>::penalties(const std::vector<std::string> &given, int64_t left,
                                                          int64_t right) {
  std::vector<typename Api<T>::Penalty> all;
  for (const std::string &pair : given) {
    const size_t comma = pair.find(',');
    if (comma == pair.npos)
      throw UsageError(pair + ": a penalty is two matrices with a comma between them, such as 0.5,B.npy");
    all.push_back({symmetric(pair.substr(0, comma), left), symmetric(pair.substr(comma + 1), right)});
  }
  return all;
}

template <class T>
Terms<T>::Terms(const TermsFlags &flags, int64_t rows, int64_t cols, int64_t rank)
    : misprints_(misprints(flags)),
      any_(!flags.weights.empty() || !flags.penalty_w.empty() || !flags.penalty_h.empty()) {
  terms_.size = sizeof terms_;
  for (const std::string &w : flags.weights) {
    const std::string side = w.substr(0, w.find('=') + 1), file = w.substr(side.size());
    if (side == "rows=")
      terms_.weight_rows = symmetric(file, rows);
    else if (side == "cols=")
      terms_.weight_cols = symmetric(file, cols);
    else
      throw UsageError("--weights " + w + ": say rows=FILE or cols=FILE");
  }
  w_ = penalties(flags.penalty_w, rows, rank);
  h_ = penalties(flags.penalty_h, rank, cols);
  terms_.penalties_w = static_cast<int32_t>(w_.size());
  terms_.penalty_w = w_.data();
  terms_.penalties_h = static_cast<int32_t>(h_.size());
  terms_.penalty_h = h_.data();
}

template <class T>
void Terms<T>::set(typename Api<T>::Nmf *handle) {
  if (misprints_ != 0) check_status(Api<T>::nmf_misprints(handle, misprints_), "--as-printed");
  if (any_) check_status(Api<T>::nmf_terms(handle, &terms_), "--weights and --penalty need --solver murnmf or aurnmf");
}

template class Terms<float>;
template class Terms<double>;

}  // namespace orthant::tool
