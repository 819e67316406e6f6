// orthant nmf: W and H with W H close to a nonnegative matrix.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <random>

#include "api.hpp"
#include "clash.hpp"
#include "factoring.hpp"
#include "input.hpp"
#include "memory.hpp"
#include "nmf_terms.hpp"
#include "processes.hpp"
#include "rasters.hpp"
#include "streamed.hpp"
#include "weights.hpp"

namespace orthant::tool {

namespace {

struct NmfFlags {
  std::string input, solver = "auto", init = "auto", loss = "frobenius", w0, h0, mask, transform, ranks,
                     format = "auto";
  std::string output, model;
  int rank = 0, max_iter = 500, sweeps = 0, repeats = 5, checkpoint = 0;
  double tol = 1e-4, tol_obj = 0, rho = 0, holdout = 0, volume = 0, delta = 0;
  bool f64 = false, transpose = false, strict = false, missing = false, mpi = false;
  ImageFlags image;
  TermsFlags terms;
};

// frobenius, kl, is, or beta=NUMBER.
void set_loss(const std::string &text, orthant_nmf_config &c) {
  const bool number = text.rfind("beta=", 0) == 0;
  c.loss = code_of(orthant_nmf_loss_name, number ? "beta" : text);
  if (number) c.beta = std::strtod(text.c_str() + 5, nullptr);
}
std::string check_loss(const std::string &text) {
  char *end = nullptr;
  const bool number = text.rfind("beta=", 0) == 0 && std::isfinite(std::strtod(text.c_str() + 5, &end)) &&
                      end != text.c_str() + 5 && *end == 0;
  const std::vector<std::string> all = words(orthant_nmf_loss_name);
  const bool word = text != "beta" && std::find(all.begin(), all.end(), text) != all.end();
  return number || word ? "" : "must be frobenius, kl, is, or beta=NUMBER, not " + text;
}

// The data as the library will see them, and which columns of them take part: of an image, pixels with missing values
// do not, unless they are asked for.
template <class T>
struct Input : Numbers<T> {
  std::vector<T> weights;
  std::vector<bool> chosen;                   // of the columns of the data those that are columns of V; empty: all
  std::shared_ptr<StreamedMatrix<T>> stream;  // instead of V's values
  std::string file_state;
  int64_t columns = 0;          // with the missing ones
  int64_t first = 0, own = -1;  // of V, the columns of this process, which of dense V are all that it holds; -1: all
  std::vector<int32_t> own_starts;

  int64_t own_columns() const { return own < 0 ? this->V.cols : own; }
  bool takes(int64_t column) const { return chosen.empty() || chosen[static_cast<size_t>(column)]; }
  typename Api<T>::Matrix view() const {
    if (stream) return stream->view(first, own_columns());
    auto v = Numbers<T>::view();
    v.cols = static_cast<int32_t>(own_columns());
    if (own >= 0 && this->sparse) {
      v.values += this->sparse->starts[static_cast<size_t>(first)];
      v.indices += this->sparse->starts[static_cast<size_t>(first)];
      v.starts = own_starts.data();
    }
    if (!weights.empty()) {
      v.weights = weights.data();
      v.ld_weights = v.ld;
    }
    return v;
  }
};

std::string refusal(const std::string &file, int64_t i, int64_t j, double v) {
  const char *what = "is infinite; leave that row or column out";
  if (v < 0) what = "is negative; shift or clip the data, nmf needs numbers from 0 up";
  if (std::isnan(v)) what = "is missing; --missing fits what is there, or fill it in";
  return cat(file, ": entry (", i, ", ", j, ") is ", shortest(v), " and ", what);
}

// The columns of a matrix in a file as the pixels of an image of one line.
Data as_one_line(Data data, bool transpose) {
  if (transpose) std::swap(data.axis[0], data.axis[1]);
  data.axis[2] = data.axis[1];
  data.axis[1] = {1, 0};
  data.raster = true;
  data.spectra = false;
  return data;
}

// Refuses the first entry that nmf cannot fit; of an image, pixels with missing values are left out.
template <class T>
void check_columns(const NmfFlags &flags, const ColumnSource<T> &source, bool image) {
  const ColumnFacts &facts = source.facts();
  const auto before = [&](int64_t j) {
    return image ? std::count(facts.valid.begin(), facts.valid.begin() + j, true) : j;
  };
  const int64_t missing = std::find(facts.valid.begin(), facts.valid.end(), false) - facts.valid.begin();
  if (!image && missing < source.columns() && (facts.bad_row < 0 || missing < facts.bad)) {
    std::vector<T> column(static_cast<size_t>(source.rows()));
    source.read(missing, 1, column.data());
    const auto bad = std::find_if(column.begin(), column.end(), [](T v) { return !(v >= 0 && std::isfinite(v)); });
    throw InputError(refusal(flags.input, bad - column.begin(), missing, static_cast<double>(*bad)));
  }
  if (facts.bad_row >= 0) throw InputError(refusal(flags.input, facts.bad_row, before(facts.bad), facts.bad_value));
}

// What the numbers take in memory.
template <class T>
int64_t bytes_without_bad_bands(const Data &data, const ImageOptions &options) {
  int64_t bytes = sizeof(T);
  for (const Extent &side : data.axis) bytes *= side.count;
  if (!options.bad_bands || data.good.empty()) return bytes;
  const auto bad = std::count(data.good.begin(), data.good.end(), 0);
  return bytes / data.axis[0].count * (data.axis[0].count - bad);
}

template <class T>
Input<T> streamed_input(const Common &common, const NmfFlags &flags, const Data &data, bool masked) {
  const bool is_image = data.raster || !flags.image.shape.empty();
  ImageOptions options = image_options(flags.image);
  options.room = std::min(data_room(common), bytes_without_bad_bands<T>(data, options) - 1);
  Progress looking(common, "looking at the data");
  options.watch = [&](double fraction) { looking.update_timed(fraction, ""); };
  if (!is_image) options.notice = false;
  Image<T> image = to_image<T>(is_image ? data : as_one_line(data, flags.transpose), options);
  looking.end();
  say_stays(common, image);
  if (masked) need_memory(image, "--missing, --mask or --holdout");
  if (is_image && flags.transpose) need_memory(image, "--transpose of an image");
  if (!flags.model.empty()) need_memory(image, "--model");
  const Scaled scaled = apply_scale(image, flags.image);
  if (!scaled.reason.empty()) say(common, scaled.reason);
  say_notes(common, image.meta);
  check_columns(flags, *image.source, is_image);
  Input<T> in;
  in.kind = ORTHANT_STREAM;
  in.columns = image.pixels();
  in.file_state = image.file_state;
  in.meta = image.meta;
  in.chosen = image.source->facts().valid;
  in.stream = std::make_shared<StreamedMatrix<T>>(ChosenColumns<T>(image.source, in.chosen));
  in.V.rows = image.bands;
  in.V.cols = in.stream->columns().columns();
  in.V.meta = image.meta;
  if (in.V.cols == 0) throw InputError(flags.input + ": every pixel has a missing value");
  if (in.V.cols < in.columns) {
    warn(common, cat(in.columns - in.V.cols, " pixels have missing values; their columns of H are NaN"));
  }
  return in;
}

// An image, bands x pixels; without a mask only the pixels that have all bands.
template <class T>
Input<T> image_input(const Common &common, const NmfFlags &flags, const Data &data, bool masked) {
  Input<T> in;
  in.meta = data.meta;
  ImageOptions options = image_options(flags.image);
  options.spend = true;
  Image<T> image = to_image<T>(data, options);
  const Scaled scaled = apply_scale(image, flags.image);
  if (!scaled.reason.empty()) say(common, scaled.reason);
  in.columns = image.pixels();
  in.V.rows = image.bands;
  in.V.cols = in.columns;
  in.V.meta = image.meta;
  std::vector<bool> valid;
  if (!masked) {
    valid = valid_bits(image);
    in.V.cols = std::count(valid.begin(), valid.end(), true);
  }
  if (in.V.cols == in.columns) {
    in.V.values = std::move(image.values);
    return in;
  }
  warn(common, cat(in.columns - in.V.cols,
                   " pixels have missing values; their columns of H are NaN (--missing fits what they have)"));
  if (in.V.cols == 0) throw InputError(flags.input + ": every pixel has a missing value");
  for (const int64_t p : numbers_of(valid))
    in.V.values.insert(in.V.values.end(), image.pixel(p), image.pixel(p) + image.bands);
  in.chosen = std::move(valid);
  return in;
}

template <class T>
std::vector<T> read_mask(const NmfFlags &flags, const Table<T> &V) {
  Table<T> mask = to_table<T>(read_data(flags.mask));
  if (flags.transpose) mask = transposed(mask);
  if (mask.rows != V.rows || mask.cols != V.cols) {
    throw InputError(cat(flags.mask, ": is ", mask.rows, " x ", mask.cols, ", the data are ", V.rows, " x ", V.cols,
                         "; a mask has a weight for every entry"));
  }
  const auto bad = std::find_if(mask.values.begin(), mask.values.end(), [](T w) { return !(w >= 0 && w <= 1); });
  if (bad != mask.values.end()) {
    throw InputError(cat(flags.mask, ": holds ", shortest(static_cast<double>(*bad)),
                         "; weights lie between 0 (hidden) and 1: divide them by the largest"));
  }
  return std::move(mask.values);
}

// Refuses an entry that nmf cannot fit; says how many are missing or hidden.
template <class T>
void check_entries(const Common &common, const NmfFlags &flags, const Input<T> &in) {
  int64_t absent = 0;
  for (int64_t j = 0; j < in.V.cols; ++j) {
    for (int64_t i = 0; i < in.V.rows; ++i) {
      const double v = static_cast<double>(in.V(i, j));
      const bool hidden = !in.weights.empty() && in.weights[static_cast<size_t>(i + in.V.rows * j)] == T(0);
      if (hidden || (std::isnan(v) && flags.missing)) {
        ++absent;
      } else if (!(v >= 0 && std::isfinite(v))) {
        throw InputError(refusal(flags.input, i, j, v));
      }
    }
  }
  if (absent > 0) say(common, cat(absent, " of ", in.V.rows * in.V.cols, " entries are missing or hidden"));
}

template <class T>
Input<T> read_input(const Common &common, const NmfFlags &flags) {
  const Data data = as_written(read_data(flags.input, Checksum::sha256));
  const bool masked = flags.missing || !flags.mask.empty() || flags.holdout > 0;
  if (data.file && bytes_without_bad_bands<T>(data, image_options(flags.image)) > data_room(common)) {
    return streamed_input<T>(common, flags, data, masked);
  }
  Input<T> in;
  in.meta = data.meta;
  if (data.sparse && !masked) {
    take_sparse(common, data, flags.transpose, refusal, in);
    in.columns = in.V.cols;
    return in;
  }
  if (data.raster || !flags.image.shape.empty()) {
    in = image_input<T>(common, flags, data, masked);
  } else {
    in.V = to_table<T>(data, 0, image_options(flags.image));
    const Scaled scaled = apply_scale(in.V, flags.image);
    if (!scaled.reason.empty()) say(common, scaled.reason);
    in.columns = in.V.cols;
  }
  in.meta = in.V.meta;
  say_notes(common, in.V.meta);
  if (flags.transpose) {
    if (in.columns != in.V.cols) throw UsageError("--transpose: not with missing pixels");
    in.V = transposed(in.V);
    in.columns = in.V.cols;
  }
  if (masked) in.kind = ORTHANT_MASKED;
  if (!flags.mask.empty()) in.weights = read_mask(flags, in.V);
  check_entries(common, flags, in);
  return in;
}

// This process's part of the columns: in memory also where all of them do not fit, if its part does.
template <class T>
void share(const Common &common, const Processes &processes, Input<T> &in) {
  if (!processes.active()) return;
  in.first = processes.from(in.V.cols);
  in.own = processes.to(in.V.cols) - in.first;
  const int64_t from = in.V.rows * in.first, count = in.V.rows * in.own;
  std::vector<T> &values = in.V.values;
  const int64_t most = (in.V.cols + processes.count() - 1) / processes.count();  // that one of them has
  if (in.stream && in.V.rows * most * static_cast<int64_t>(sizeof(T)) <= data_room(common)) {
    values.resize(static_cast<size_t>(count));
    in.stream->columns().read(in.first, in.own, values.data());
    in.stream.reset();
    in.kind = ORTHANT_DENSE;
    say(common, "each process holds its part of the columns in memory");
  } else if (!in.stream && !in.sparse) {
    values = std::vector<T>(values.begin() + from, values.begin() + from + count);
  }
  if (!in.sparse) return;
  const auto begin = in.sparse->starts.begin() + in.first;
  in.own_starts.assign(begin, begin + in.own + 1);
  for (int32_t &start : in.own_starts) start -= in.sparse->starts[static_cast<size_t>(in.first)];
}

std::string step_text(const orthant_report &so_far) {
  return cat("iteration ", so_far.iters, ", kkt ", rounded(so_far.kkt, 2), ", relative error ",
             rounded(so_far.rel_error));
}

template <class T>
orthant_nmf_config config_of(const Common &common, const NmfFlags &flags, const Input<T> &in, const Pool &pool) {
  auto config = sized<orthant_nmf_config>();
  config.rows = static_cast<int32_t>(in.V.rows);
  config.cols = static_cast<int32_t>(in.own_columns());
  config.rank = flags.rank;
  config.data = in.kind;
  config.method = code_of(orthant_nmf_method_name, flags.solver);
  config.start = code_of(orthant_nmf_start_name, flags.init);
  // On the command line 0 means 0: no iteration, no tolerance.
  config.max_iter = flags.max_iter == 0 ? -1 : flags.max_iter;
  config.sweeps = flags.sweeps;
  set_loss(flags.loss, config);
  config.volume = flags.volume;
  config.delta = flags.delta;
  config.tol = flags.tol == 0 ? -1 : flags.tol;
  config.tol_obj = flags.tol_obj;
  config.rho = flags.rho;
  config.seed = common.seed;
  config.parallel = pool.parallel();
  config.fixed_w = !flags.transform.empty();
  configure(config, flags.terms);
  return config;
}

// The two options that a refused config owes its refusal to.
template <class T>
std::string clash_of(const NmfFlags &flags, const orthant_nmf_config &asked) {
  using Config = orthant_nmf_config;
  std::vector<std::string> texts;
  std::vector<std::function<void(Config &)>> settings;
  const auto option = [&](bool given, const std::string &text, std::function<void(Config &)> set) {
    if (!given) return;
    texts.push_back(text);
    settings.push_back(std::move(set));
  };
  const auto number = [&](const char *text, double Config::*field) {
    option(asked.*field > 0, text, [&asked, field](Config &c) { c.*field = asked.*field; });
  };
  const char *hidden = flags.holdout > 0 ? "--holdout" : "--missing";
  if (!flags.mask.empty()) hidden = "--mask";
  option(asked.method != 0, "--solver " + flags.solver, [&](Config &c) { c.method = asked.method; });
  option(true, "--loss " + flags.loss, [&](Config &c) {
    c.loss = asked.loss;
    c.beta = asked.beta;
  });
  option(asked.data == ORTHANT_CSC, "sparse data", [&](Config &c) { c.data = asked.data; });
  option(asked.data == ORTHANT_MASKED, hidden, [&](Config &c) { c.data = asked.data; });
  option(asked.start != 0, "--init " + flags.init, [&](Config &c) { c.start = asked.start; });
  option(asked.fixed_w != 0, "--transform", [&](Config &c) { c.fixed_w = asked.fixed_w; });
  option(asked.reduce != nullptr, "--mpi", [&](Config &c) { c.reduce = asked.reduce; });
  option(asked.full_step != 0, "--full-step", [&](Config &c) { c.full_step = asked.full_step; });
  option(asked.model || asked.schedule, "--model", [&](Config &c) {
    c.model = asked.model;
    c.schedule = asked.schedule;
  });
  number("--l1-w", &Config::l1_w);
  number("--l1-h", &Config::l1_h);
  number("--l2-w", &Config::l2_w);
  number("--l2-h", &Config::l2_h);
  number("--ortho-w", &Config::ortho_w);
  number("--ortho-h", &Config::ortho_h);
  return clash(texts, [&](unsigned set) {
    auto c = sized<Config>();
    c.rows = asked.rows;
    c.cols = std::max(asked.cols, 1);
    c.rank = asked.rank;
    c.ortho_axis = asked.ortho_axis;
    for (size_t k = 0; k < settings.size(); ++k) {
      if ((set >> k & 1) != 0) settings[k](c);
    }
    size_t bytes = 0;
    return Api<T>::nmf_size(&c, &bytes) == ORTHANT_OK;
  });
}

template <class T>
size_t workspace_of(const NmfFlags &flags, const orthant_nmf_config &config) {
  size_t bytes = 0;
  const orthant_status planned = Api<T>::nmf_size(&config, &bytes);
  const std::string pair = planned == ORTHANT_E_UNSUPPORTED ? clash_of<T>(flags, config) : "";
  if (!pair.empty()) throw UsageError("nmf: " + pair + "; leave one of them out");
  check_status(planned, "nmf with --loss " + flags.loss + " --solver " + flags.solver + " --init " + flags.init,
               config);
  return bytes;
}

// ---- Rank by held-out entries: hide some, fit the rest, compare the errors of the hidden ones ----------------------

struct RankScore {
  int rank = 0;
  std::vector<double> hidden;  // root mean square error of the entries that each mask hides
  double seen = 0;             // of the others, the median
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

// A standard deviation that a few outliers do not move: 1.4826 is that of normal numbers over the median of their
// distances from the median.
double spread(const std::vector<double> &values) {
  const double middle = median(values);
  std::vector<double> distances;
  for (const double v : values) distances.push_back(std::abs(v - middle));
  return 1.4826 * median(distances);
}

// By how much a rank predicts worse than another, mask by mask, for both are judged by the same masks; and the
// standard error of that: the median of normal numbers has sqrt(pi / 2) times the one of their mean.
struct Excess {
  double middle, error;
  bool within_noise() const { return middle <= error; }
};
Excess excess_over(const RankScore &best, const RankScore &s) {
  std::vector<double> more;
  for (size_t i = 0; i < s.hidden.size(); ++i) more.push_back(s.hidden[i] - best.hidden[i]);
  return {median(more), 1.2533 * spread(more) / std::sqrt(static_cast<double>(more.size()))};
}

// Hides a share of the entries that are there; which ones, for every rank the same.
template <class T>
std::vector<char> hide(const NmfFlags &flags, uint64_t seed, Input<T> &part) {
  const size_t n = part.V.values.size();
  if (part.weights.empty()) part.weights.assign(n, T(1));
  std::mt19937_64 engine(seed);
  std::vector<char> hidden(n);
  for (size_t i = 0; i < n; ++i) {
    hidden[i] = static_cast<double>(engine() >> 11) * 0x1p-53 < flags.holdout && part.weights[i] > T(0) &&
                !std::isnan(part.V.values[i]);
    if (hidden[i]) part.weights[i] = T(0);
  }
  return hidden;
}

struct Errors {
  double seen, hidden;
};

// Of factors, root mean square.
template <class T>
Errors errors_of(const Input<T> &part, const std::vector<char> &hidden, const std::vector<T> &W,
                 const std::vector<T> &H, int rank) {
  double error[2] = {0, 0}, count[2] = {0, 0};
  for (int64_t j = 0; j < part.V.cols; ++j) {
    for (int64_t i = 0; i < part.V.rows; ++i) {
      const auto at = static_cast<size_t>(i + part.V.rows * j);
      if (!hidden[at] && !(part.weights[at] > T(0) && !std::isnan(part.V.values[at]))) continue;
      double e = static_cast<double>(part.V.values[at]);
      for (int k = 0; k < rank; ++k) {
        e -= static_cast<double>(W[static_cast<size_t>(i + part.V.rows * k)]) *
             static_cast<double>(H[static_cast<size_t>(k + rank * j)]);
      }
      const size_t which = hidden[at] ? 1 : 0;
      error[which] += e * e;
      count[which] += 1;
    }
  }
  if (count[1] == 0) throw UsageError("--holdout: not one entry was held out; hide a larger share");
  return {std::sqrt(error[0] / std::max(count[0], 1.0)), std::sqrt(error[1] / count[1])};
}

template <class T>
RankScore score_rank(const Common &common, const NmfFlags &flags, const Input<T> &in, const Pool &pool) {
  RankScore score{flags.rank, {}, 0};
  std::vector<double> seen;
  for (int repeat = 0; repeat < flags.repeats; ++repeat) {
    Input<T> part = in;
    const std::vector<char> hidden = hide(flags, common.seed + static_cast<uint64_t>(repeat), part);
    const orthant_nmf_config config = config_of(common, flags, part, pool);
    const size_t bytes = workspace_of<T>(flags, config);
    const Workspace workspace(bytes);
    typename Api<T>::Nmf *handle = nullptr;
    std::vector<T> W(static_cast<size_t>(in.V.rows * flags.rank)), H(static_cast<size_t>(in.V.cols * flags.rank));
    auto report = sized<orthant_report>();
    const auto V = part.view();
    check_status(Api<T>::nmf_init(&config, workspace.data(), bytes, &handle), "nmf");
    check_status(Api<T>::nmf_start(handle, &V, W.data(), config.rows, H.data(), config.rank), flags.input);
    check_status(Api<T>::nmf_run(handle, &V, W.data(), config.rows, H.data(), config.rank, &report), flags.input);
    const Errors errors = errors_of(part, hidden, W, H, flags.rank);
    score.hidden.push_back(errors.hidden);
    seen.push_back(errors.seen);
  }
  if (!seen.empty()) score.seen = median(seen);
  return score;
}

// "7" or "2:12" or "2:12:2".
std::vector<int> ranks_of(const std::string &text) {
  std::vector<int> part;
  for (size_t from = 0; from <= text.size();) {
    const size_t to = std::min(text.find(':', from), text.size());
    const auto number = parse_number(text.substr(from, to - from));
    if (!number || *number != std::floor(*number) || *number < 1 || *number > 1000000 || part.size() == 3) {
      throw UsageError("-k " + text + ": give a rank such as 7, or ranks to try such as 2:12 or 2:12:2");
    }
    part.push_back(static_cast<int>(*number));
    from = to + 1;
  }
  std::vector<int> ranks;
  for (int k = part[0]; k <= (part.size() > 1 ? part[1] : part[0]); k += part.size() > 2 ? part[2] : 1)
    ranks.push_back(k);
  if (ranks.empty()) throw UsageError("-k " + text + ": the first rank is above the last");
  return ranks;
}

// What the scores do not decide: a best rank at an end of those tried, others that are as good.
std::vector<std::string> reservations(const std::vector<RankScore> &scores, const RankScore &best, int chosen,
                                      int64_t most) {
  std::vector<std::string> notes;
  if (scores.size() > 1 && chosen == scores.front().rank && chosen > 1) {
    notes.push_back(cat("rank ", chosen, " is the smallest that was tried; try smaller ones"));
  }
  if (scores.size() > 1 && best.rank == scores.back().rank && best.rank < most) {
    notes.push_back(cat("the error of held-out entries still falls at rank ", best.rank, "; try larger ones"));
  }
  std::string alike;
  int count = 0;
  for (const RankScore &s : scores) {
    if (s.rank == chosen || !excess_over(best, s).within_noise()) continue;
    alike += cat(count > 0 ? ", " : "", s.rank);
    ++count;
  }
  if (count > 0) {
    notes.push_back(cat(count > 1 ? "ranks " : "rank ", alike, count > 1 ? " predict" : " predicts",
                        " as well as rank ", chosen, " within the noise of ", scores.front().hidden.size(), " masks"));
  }
  return notes;
}

// The smallest rank that predicts as well as the best one within one standard error [Breiman et al. 1984].
template <class T>
std::vector<RankScore> choose_rank(const Common &common, NmfFlags &flags, const Input<T> &in, const Pool &pool) {
  std::vector<RankScore> scores;
  Progress progress(common, "rank");
  const std::vector<int> ranks = ranks_of(flags.ranks);
  const int64_t most = std::min(in.V.rows, in.V.cols);
  for (const int rank : ranks) {
    if (rank > most) break;
    flags.rank = rank;
    scores.push_back(score_rank(common, flags, in, pool));
    const RankScore &s = scores.back();
    say(common, cat("rank ", rank, ": held-out error ", rounded(median(s.hidden)), " +- ", rounded(spread(s.hidden), 2),
                    ", fitted ", rounded(s.seen)));
    progress.update(static_cast<double>(scores.size()) / static_cast<double>(ranks.size()), cat("rank ", rank));
  }
  const auto best = std::min_element(scores.begin(), scores.end(), [](const RankScore &a, const RankScore &b) {
    return median(a.hidden) < median(b.hidden);
  });
  flags.rank = std::find_if(scores.begin(), scores.end(), [&](const RankScore &s) {
                 return excess_over(*best, s).within_noise();
               })->rank;
  say(common, cat("rank ", flags.rank, " chosen: the smallest within one standard error of the best"));
  for (const std::string &note : reservations(scores, *best, flags.rank, most)) warn(common, note);
  return scores;
}

void write_scores(const fs::path &directory, const std::vector<RankScore> &scores, int chosen, double share,
                  bool force) {
  Table<double> table(static_cast<int64_t>(scores.size()), 4);
  table.names = {"rank", "held_out_rmse", "spread", "fitted_rmse"};
  Plot plot;
  plot.title = "Error of held-out entries by rank";
  plot.note = cat(rounded(100 * share), " % held out, median and spread of ", scores.front().hidden.size(),
                  " masks; chosen: rank ", chosen);
  plot.x.label = "rank";
  plot.y.label = "root mean square error";
  Series hidden, seen;
  hidden.name = "held out";
  seen.name = "fitted";
  hidden.marked = seen.marked = true;
  seen.dashed = true;
  for (size_t i = 0; i < scores.size(); ++i) {
    const RankScore &s = scores[i];
    const auto row = static_cast<int64_t>(i);
    table(row, 0) = s.rank;
    const double middle = median(s.hidden), around = spread(s.hidden);
    table(row, 1) = middle;
    table(row, 2) = around;
    table(row, 3) = s.seen;
    hidden.x.push_back(s.rank);
    hidden.y.push_back(middle);
    hidden.lo.push_back(middle - around);
    hidden.hi.push_back(middle + around);
    seen.x.push_back(s.rank);
    seen.y.push_back(s.seen);
  }
  plot.series = {hidden, seen};
  write_csv(directory / "rank.csv", table, force);
  write_file(directory / "rank.svg", svg(plot), force);
}

// Refuses flags that contradict each other, and settles what some say of others.
void settle(NmfFlags &flags) {
  if (flags.w0.empty() != flags.h0.empty()) throw UsageError("--w0 and --h0 belong together; give both");
  if (!flags.w0.empty()) flags.init = "given";
  if (flags.init == "given" && flags.w0.empty()) throw UsageError("--init given needs --w0 FILE and --h0 FILE");
  const std::vector<int> ranks = flags.ranks.empty() ? std::vector<int>{0} : ranks_of(flags.ranks);
  flags.rank = ranks[0];
  if (ranks.size() > 1 && !(flags.holdout > 0)) {
    throw UsageError("more than one rank needs --holdout SHARE, such as 0.1");
  }
  if (!flags.transform.empty() && (!flags.w0.empty() || flags.holdout > 0)) {
    throw UsageError("--transform keeps W as it is: not with --w0, --h0 or --holdout");
  }
  if (flags.checkpoint > 0 && flags.tol_obj > 0) {
    throw UsageError(
        "--tol-obj compares with the first iteration, which each part of --checkpoint has for itself; leave "
        "one of them out");
  }
  if (flags.mpi && flags.checkpoint > 0) throw UsageError("--checkpoint is of a run of one process, not of --mpi");
  if (flags.mpi && flags.holdout > 0) throw UsageError("--holdout fits masked data, which --mpi does not take");
  if (flags.transform.empty() && flags.ranks.empty()) throw UsageError("-k RANK is needed, or --transform W");
}

// The W of --transform, which decides the rank; empty without.
template <class T>
Table<T> read_fixed(NmfFlags &flags, const Table<T> &V) {
  if (flags.transform.empty()) return {};
  const Table<T> W = read_table<T>(flags.transform, V.rows);
  if (W.rows != V.rows || (!flags.ranks.empty() && W.cols != flags.rank)) {
    throw InputError(cat(flags.transform, ": is ", W.rows, " x ", W.cols, "; --transform needs ", V.rows,
                         " rows, as the data have", flags.ranks.empty() ? "" : ", and -k columns"));
  }
  flags.rank = static_cast<int>(W.cols);
  return W;
}

// The model of --model: a schedule, or a factormer of this rank.
std::unique_ptr<Weights> read_model(const NmfFlags &flags, orthant_nmf_config &config) {
  if (flags.model.empty()) return nullptr;
  auto model = std::make_unique<Weights>(flags.model);
  if (orthant_model_kind(model->model()) == ORTHANT_MODEL_SCHEDULE) {
    config.schedule = model->model();
    return model;
  }
  auto info = sized<orthant_factormer_info>();
  const bool good = orthant_factormer_describe(model->model(), &info) == ORTHANT_OK;
  if (!good || info.rank != flags.rank) {
    throw InputError(cat(flags.model, ": is ", info.rank ? cat("a factormer of rank ", info.rank) : "no good factormer",
                         "; --model needs a factormer of rank ", flags.rank, " or a schedule"));
  }
  config.model = model->model();
  return model;
}

template <class T>
void say_plan(const Common &common, const NmfFlags &flags, const Input<T> &in, const Run &run) {
  const Table<T> &V = in.V;
  say(common, cat("would factor ", V.rows, " x ", V.cols, " into rank ", flags.rank, " (", flags.solver, " from ",
                  flags.init, ", ", element_text<T>(), ") in ", flags.output));
  say(common,
      memory_text(static_cast<double>(in.bytes()), static_cast<double>((V.rows + V.cols) * flags.rank) * sizeof(T),
                  static_cast<double>(run.workspace), run.threads));
}

template <class T>
struct Factors {
  Table<T> W, H;                   // of H the shape and the names alone
  std::unique_ptr<Workspace> own;  // this process's columns of it, which may be in a file
  orthant_report report = sized<orthant_report>();
  T *h() const { return static_cast<T *>(own->data()); }
};

// The room of what grows with the columns, which beyond it lies in a file where the data do.  Not under mpirun, whose
// processes may have no disk in common.
template <class T>
size_t room_of(const Common &common, const NmfFlags &flags, const Input<T> &in) {
  return in.stream && !flags.mpi ? static_cast<size_t>(data_room(common)) : std::numeric_limits<size_t>::max();
}

// Of a run with --checkpoint: the factors after each part of so many iterations, which begins from them alone, so that
// a run that was ended in the middle and gone on with gives the same bits as one that was not.
template <class T>
class Checkpoints {
 public:
  Checkpoints(const Common &common, const NmfFlags &flags, const Input<T> &in)
      : directory_(flags.output),
        journal_(directory_, cat(common.command, "\n", version_text("orthant"), "\n", in.file_state, in.meta.sha256)),
        force_(common.force) {
    if (journal_.of_other() && flags.checkpoint > 0 && !common.force) {
      throw OutputError(cat(flags.output,
                            ": holds an unfinished run of another command, or of inputs that were changed; ",
                            "give the same command to go on with it, or --force to begin anew"));
    }
    if (journal_.of_other() && flags.checkpoint > 0) remove();
    const int64_t bytes = (in.V.rows + in.V.cols) * flags.rank * static_cast<int64_t>(sizeof(T));
    if (found()) journal_.found_with({{cat("factors", static_cast<int>(journal_.number("slot"))), bytes}});
  }
  bool found() const { return journal_.found(); }
  int32_t done() const { return static_cast<int32_t>(journal_.number("iterations")); }
  void begin() {
    make_output_directory(directory_, force_);
    journal_.save();
  }
  void save(int32_t iterations, Factors<T> &f) {
    // Two places in turn: the one that the journal names is whole.
    slot_ = 1 - slot_;
    OutputFile file(directory_ / cat("factors", slot_), force_, 0);
    file.write(f.W.values.data(), f.W.values.size() * sizeof(T));
    file.write(f.h(), f.own->bytes());
    file.sync();
    journal_.set("iterations", iterations);
    journal_.set("slot", slot_);
    journal_.save();
  }
  void load(Factors<T> &f) {
    slot_ = static_cast<int>(journal_.number("slot"));
    NumberFile file(unfinished_name(directory_ / cat("factors", slot_)));
    const auto w = static_cast<int64_t>(f.W.values.size() * sizeof(T));
    file.read(f.W.values.data(), w, 0);
    file.read(f.h(), static_cast<int64_t>(f.own->bytes()), w);
  }
  void remove() { journal_.remove({"factors0", "factors1"}); }

 private:
  fs::path directory_;
  Journal journal_;
  bool force_;
  int slot_ = 0;
};

// The parts of a run with --checkpoint, or all of it at once.
template <class T>
void run_parts(const Common &common, const NmfFlags &flags, const Input<T> &in, orthant_nmf_config config,
               Terms<T> &terms, History &history, Run &run, Checkpoints<T> &checkpoints, Processes &processes,
               const Workspace &workspace, Factors<T> &f) {
  const bool parts = flags.checkpoint > 0;
  const auto data = in.view();
  const int32_t all = config.max_iter;
  int32_t done = parts ? checkpoints.done() : 0;
  if (done > 0) {
    checkpoints.load(f);
    say(common, cat("going on after iteration ", done, " of a run that ended early"));
  }
  if (parts && done == 0) checkpoints.begin();
  for (bool more = true; more;) {
    if (parts) config.max_iter = std::min(flags.checkpoint, all - done);
    if (done > 0) config.start = ORTHANT_START_GIVEN;
    typename Api<T>::Nmf *handle = nullptr;
    processes.together([&] {
      check_status(Api<T>::nmf_init(&config, workspace.data(), run.workspace, &handle), "nmf");
      terms.set(handle);
    });
    const double begun = seconds_now();
    // The process that could not read knows why.
    const auto checked = [&](orthant_status status, const std::string &doing) {
      if (in.stream) processes.together([&] { in.stream->rethrow(); });
      processes.together([&] { check_status(status, doing); });
    };
    checked(Api<T>::nmf_start(handle, &data, f.W.values.data(), config.rows, f.h(), config.rank),
            flags.input + ": start by " + flags.init);
    run.start_seconds += seconds_now() - begun;
    watch_interrupt();
    history.begin(done);
    checked(Api<T>::nmf_run(handle, &data, f.W.values.data(), config.rows, f.h(), config.rank, &f.report), flags.input);
    run.run_seconds += history.seconds();
    done += f.report.iters;
    f.report.iters = done;
    more = parts && f.report.stop == ORTHANT_STOP_ITERATIONS && done < all;
    if (more) checkpoints.save(done, f);
  }
}

// Columns of H to start from: this process's, of a file with one for each column of V, or of the data.
template <class T>
void read_h(const NmfFlags &flags, const Input<T> &in, T *own) {
  Data data = read_data(flags.h0);
  const int64_t rank = flags.rank;
  ImageOptions options;
  options.room = 1 << 20;
  // A file whose rows are columns of H is read as its transpose.
  const bool turned = !data.spectra && data.axis[0].count != rank && data.axis[1].count == rank;
  const Image<T> H = to_image<T>(data.raster ? data : as_one_line(std::move(data), turned), options);
  const bool all = H.pixels() == in.columns;
  if (H.bands != rank || (!all && H.pixels() != in.V.cols)) {
    throw InputError(cat(flags.h0, ": is ", H.bands, " x ", H.pixels(), ", --h0 must be ", rank, " x ", in.V.cols));
  }
  const int64_t most = H.source ? H.source->panel() : H.pixels();
  std::vector<T> panel(static_cast<size_t>(rank * most));
  int64_t column = -in.first;  // from this process's first
  for (int64_t first = 0; first < H.pixels() && column < in.own_columns(); first += most) {
    const int64_t count = std::min(most, H.pixels() - first);
    if (H.source) H.source->read(first, count, panel.data());
    const T *from = H.source ? panel.data() : H.values.data();
    for (int64_t j = 0; j < count; ++j, from += rank) {
      if (all && !in.takes(first + j)) continue;
      if (column >= 0 && column < in.own_columns()) check_factor(from, rank, flags.h0, Sign::nonnegative);
      if (column >= 0 && column < in.own_columns()) std::copy_n(from, rank, own + rank * column);
      ++column;
    }
  }
}

template <class T>
Factors<T> factor(const Common &common, const NmfFlags &flags, const Input<T> &in, const Table<T> &fixed,
                  const orthant_nmf_config &config, Terms<T> &terms, History &history, Run &run,
                  Checkpoints<T> &checkpoints, Processes &processes) {
  Factors<T> f;
  std::unique_ptr<Workspace> workspace;
  processes.together([&] {
    const size_t room = room_of(common, flags, in);
    f.W = Table<T>(in.V.rows, flags.rank);
    f.H.rows = flags.rank;
    f.H.cols = in.columns;
    f.own =
        std::make_unique<Workspace>(static_cast<size_t>(in.own_columns() * flags.rank) * sizeof(T), room, flags.output);
    workspace = std::make_unique<Workspace>(run.workspace, room, flags.output);
    if (flags.init == "given") {
      read_factor(f.W, flags.w0, "--w0", Sign::nonnegative);
      read_h(flags, in, f.h());
    }
    if (!flags.transform.empty()) f.W.values = fixed.values;
  });
  run_parts(common, flags, in, config, terms, history, run, checkpoints, processes, *workspace, f);
  history.finish(run.run_seconds, f.report);
  return f;
}

// H as it is written, piece by piece, each of which all processes ask for: the rows from `row` on, column by column,
// with NaN for the columns that were left out.  Columns are asked for in order, from the first on.
template <class T>
class WholeH {
 public:
  WholeH(const Input<T> &in, const Factors<T> &f, const Processes &processes) : in_(in), f_(f), processes_(processes) {}
  void read(int64_t row, int64_t rows, int64_t first, int64_t count, T *out) {
    if (first == 0) column_ = -in_.first;
    std::fill_n(out, rows * count, T(0));
    for (int64_t j = 0; j < count; ++j) {
      if (!in_.takes(first + j)) continue;
      const T *own = f_.h() + f_.H.rows * column_ + row;
      if (column_ >= 0 && column_ < in_.own_columns()) std::copy_n(own, rows, out + rows * j);
      ++column_;
    }
    processes_.add(out, rows * count);
    for (int64_t j = 0; j < count; ++j) {
      if (!in_.takes(first + j)) std::fill_n(out + rows * j, rows, std::numeric_limits<T>::quiet_NaN());
    }
  }

 private:
  const Input<T> &in_;
  const Factors<T> &f_;
  const Processes &processes_;
  int64_t column_ = 0;  // the next one, from this process's first
};

// The first process writes, and holds no more of H at a time than a piece, or as .csv a row.
template <class T>
void write_h(const fs::path &path, const Input<T> &in, const Factors<T> &f, const Processes &processes, bool force) {
  const Table<T> &H = f.H;
  const bool csv = path.extension() == ".csv";
  WholeH<T> whole(in, f, processes);
  std::unique_ptr<OutputFile> file;
  if (processes.first()) file = std::make_unique<OutputFile>(path, force);
  if (file) file->write(csv ? csv_head(H) : npy_head<T>(H.rows, H.cols));
  const int64_t rows = csv ? 1 : H.rows, most = csv ? H.cols : std::max<int64_t>(1, (1 << 16) / H.rows);
  std::vector<T> piece(static_cast<size_t>(rows * std::min(most, H.cols)));
  for (int64_t row = 0; row < H.rows; row += rows) {
    for (int64_t first = 0; first < H.cols; first += most) {
      const int64_t count = std::min(most, H.cols - first);
      whole.read(row, rows, first, count, piece.data());
      if (!file) continue;
      if (csv)
        file->write(csv_line(H, row, piece.data()));
      else
        file->write(piece.data(), static_cast<size_t>(rows * count) * sizeof(T));
    }
  }
  if (file) file->commit();
}

// The factors under the names that the data have: W for each row, H for each column.
template <class T>
void name_factors(const NmfFlags &flags, const Input<T> &in, Table<T> &W, Table<T> &H) {
  W.row_names = in.V.row_names;
  H.names = in.V.names;
  if (!flags.transpose && static_cast<int64_t>(in.V.meta.wavelength.size()) == W.rows) {
    W.meta.wavelength = in.V.meta.wavelength;
  }
  if (W.row_names.empty() && W.meta.wavelength.empty()) return;
  for (int64_t k = 0; k < W.cols; ++k) W.names.push_back(cat("component", k + 1));
}

// .npy holds no names: where there are any and no format was asked for, .csv is written too.
template <class T>
std::vector<std::string> write_factors(const Common &common, const NmfFlags &flags, const Input<T> &in,
                                       const Factors<T> &f, const Processes &processes) {
  std::vector<std::string> formats = {flags.format == "auto" ? "npy" : flags.format}, written;
  if (flags.format == "auto" && !(f.W.row_names.empty() && f.H.names.empty())) formats.emplace_back("csv");
  for (const std::string &format : formats) {
    if (processes.first()) write_table(fs::path(flags.output) / ("W." + format), f.W, common.force);
    write_h(fs::path(flags.output) / ("H." + format), in, f, processes, common.force);
    written.insert(written.end(), {"W." + format, "H." + format});
  }
  return written;
}

template <class T>
std::string summary(const NmfFlags &flags, const Input<T> &in, const Record &record, const orthant_report &report,
                    const Run &run, const std::vector<std::string> &written) {
  Json json;
  json.object().value("schema_version", 1).value("verb", "nmf");
  write_record(json, record);
  json.value("rows", in.V.rows).value("columns", in.V.cols).value("rank", flags.rank);
  json.value("loss", flags.loss).value("solver", flags.solver).value("init", flags.init);
  json.value("element", element_text<T>());
  write_terms(json, flags.terms);
  json.value("tolerance", flags.tol).value("max_iterations", flags.max_iter);
  json.value("iterations", report.iters).value("stop", stop_text(report.stop));
  json.value("objective", report.objective).value("relative_error", report.rel_error).value("kkt", report.kkt);
  if (!flags.model.empty()) {
    json.value("model", flags.model).value("model_asked", report.proposals >= 0);
    json.value("proposals_taken", std::max(report.proposals, 0));
  }
  if (flags.mpi) json.value("processes", run.processes).value("reduced_bytes", report.reduced_bytes);
  write_run(json, run, flags.output, written);
  json.end();
  return json.text();
}

template <class T>
void print(const NmfFlags &flags, const Input<T> &in, const orthant_report &report, const Run &run, bool proposals) {
  put(cat("iterations      ", report.iters, ", stopped by ", stop_text(report.stop), "\nobjective       ",
          rounded(report.objective, 8), "\nrelative error  ", rounded(report.rel_error, 6), "\nkkt             ",
          rounded(report.kkt, 3), "\n"));
  if (proposals && report.proposals < 0) {
    put("proposals       none: the data are unlike the model's training\n");
  } else if (proposals) {
    put(cat("proposals       ", report.proposals, " of the model's taken\n"));
  }
  put(cat("time            start ", duration_text(run.start_seconds), ", run ", duration_text(run.run_seconds),
          "\nwritten to      ", fs::path(flags.output).string(), ": W (", in.V.rows, " x ", flags.rank, "), H (",
          flags.rank, " x ", in.columns, "), convergence.csv, summary.json\n"));
}

void conclude(Common &common, const NmfFlags &flags, const orthant_report &report) {
  const bool met =
      report.stop == ORTHANT_STOP_KKT || report.stop == ORTHANT_STOP_OBJECTIVE || report.stop == ORTHANT_STOP_STEP;
  if (report.stop == ORTHANT_STOP_CANCELLED) {
    warn(common, cat("interrupted after ", report.iters, " iterations; the factors so far are in ", flags.output));
    common.exit_code = exit_interrupted;
  } else if (!met && flags.strict) {
    warn(common,
         "not converged: kkt " + rounded(report.kkt, 3) + " is above " + rounded(flags.tol) + "; raise --max-iter");
    common.exit_code = exit_not_converged;
  }
}

// The results of one process, or of the first.
template <class T>
void write_report(const Common &common, const NmfFlags &flags, const Input<T> &in, const Record &record,
                  const Factors<T> &f, const Run &run, const History &history, const std::vector<RankScore> &scores,
                  std::vector<std::string> written, bool proposals) {
  const fs::path directory = flags.output;
  written.insert(written.end(), {"convergence.csv", "summary.json"});
  write_csv(directory / "convergence.csv", convergence(history.steps()), common.force);
  if (!scores.empty()) {
    write_scores(directory, scores, flags.rank, flags.holdout, common.force);
    written.insert(written.end(), {"rank.csv", "rank.svg"});
  }
  const std::string text = summary(flags, in, record, f.report, run, written);
  write_file(directory / "summary.json", text, common.force);
  if (common.json) {
    put(text);
  } else {
    print(flags, in, f.report, run, proposals);
  }
}

// What is read of the files that the flags name, and whether it fits together.
template <class T>
void read_all(const Common &common, NmfFlags &flags, const Processes &processes, Input<T> &in, Table<T> &fixed) {
  settle(flags);
  if (processes.first()) make_output_directory(flags.output, common.force, true);
  in = read_input<T>(common, flags);
  share(common, processes, in);
  fixed = read_fixed(flags, in.V);
  if (flags.rank > std::min(in.V.rows, in.V.cols) && flags.transform.empty()) {
    throw UsageError(cat("-k ", flags.rank, " is more than the smaller side of the ", in.V.rows, " x ", in.V.cols,
                         " data; choose a smaller rank"));
  }
}

template <class T>
void nmf(Common &common, NmfFlags flags) {
  Processes processes(flags.mpi);
  if (!processes.first()) common.silent = true, common.progress = "never";
  // What stays in its file does so on all processes.
  if (processes.active() && common.memory.empty()) {
    const int64_t room = processes.least(data_room(common) / processes.beside());
    common.memory = cat(std::max<int64_t>(2 * room, 1 << 16));
  }
  Input<T> in;
  Table<T> fixed;
  processes.together([&] { read_all(common, flags, processes, in, fixed); });
  const bool chance = flags.init != "given" && flags.init != "spa" && flags.init != "nndsvd" && flags.init != "nndsvda";
  const Record record = make_record(common, in.meta, chance);
  if (chance) say(common, "seed " + std::to_string(common.seed));

  const Threads pool(common, processes.threads(common.threads));
  std::vector<RankScore> scores;
  if (flags.holdout > 0 && !common.dry_run) scores = choose_rank(common, flags, in, pool);
  orthant_nmf_config config = config_of(common, flags, in, pool);
  config.reduce = processes.reduce(in.own_columns());
  History history(common, "nmf", flags.max_iter, step_text);
  history.watch(config);
  std::unique_ptr<Weights> model;
  std::optional<Terms<T>> terms;
  Run run;
  run.threads = pool.workers();
  run.processes = processes.count();
  processes.together([&] {
    model = read_model(flags, config);
    terms.emplace(flags.terms, in.V.rows, in.V.cols, flags.rank);
    run.workspace = workspace_of<T>(flags, config);
  });
  if (common.dry_run) return say_plan(common, flags, in, run);
  Checkpoints<T> checkpoints(common, flags, in);
  if (checkpoints.found() && flags.checkpoint > 0) common.force = true;            // what is there is this run's own
  if (in.stream && !flags.mpi) make_output_directory(flags.output, common.force);  // where H may lie
  Factors<T> f = factor(common, flags, in, fixed, config, *terms, history, run, checkpoints, processes);
  name_factors(flags, in, f.W, f.H);
  if (processes.first()) make_output_directory(flags.output, common.force);
  const std::vector<std::string> written = write_factors(common, flags, in, f, processes);
  if (processes.first()) {
    write_report(common, flags, in, record, f, run, history, scores, written, config.model != nullptr);
  }
  if (flags.checkpoint > 0) checkpoints.remove();
  if (processes.first()) conclude(common, flags, f.report);
}

}  // namespace

void add_nmf(CLI::App &app, Common &common) {
  auto flags = std::make_shared<NmfFlags>();
  CLI::App &verb = *app.add_subcommand("nmf", "nonnegative W and H with W H close to the data");
  add_examples(
      verb,
      {"orthant nmf table.csv -k 5 -o factors",
       "orthant nmf faces.mat:fea --transpose -k 25 -o faces          each row of the file is one face",
       "orthant nmf data.npy -k 10 --solver anls --tol 1e-6 --f64 -o factors",
       "orthant nmf data.npy -k 3 --w0 W.npy --h0 H.npy -o better",
       "orthant nmf counts.npy -k 20 --loss kl -o topics              also is, beta=1.5",
       "orthant nmf image.mat:Y -k 4 --solver minvol -o endmembers",
       "orthant nmf table.csv --missing -k 2:12 --holdout 0.1 -o best   the rank that predicts best",
       "orthant nmf new.npy --transform factors/W.npy -o new            H for new columns, W as it was",
       "orthant nmf table.csv -k 10 --model paper.orw -o learned         a network proposes the start",
       "mpirun -n 4 orthant nmf scene.hdr -k 8 --mpi -o factors         on four processes, which each have a part of V",
       "orthant nmf data.npy -k 5 --solver aurnmf --l1-h 0.1 --weights rows=noise.csv -o sparse", "",
       "DIR receives W and H as .npy (and .csv, with the names of rows and columns), convergence.csv, summary.json."});
  verb.add_option("input", flags->input,
                  "FILE.mat:NAME, .npy, .npz, .csv, .mtx, IDX, or an ENVI image (bands x pixels)")
      ->required();
  verb.add_option("-k,--rank", flags->ranks, "columns of W; with --holdout ranks to try: 2:12, or 2:12:2")
      ->type_name("R");
  verb.add_option("-o,--output", flags->output, "directory for the results")->required()->type_name("DIR");
  verb.add_option("--loss", flags->loss, "what is minimised: frobenius, kl, is (Itakura and Saito) or beta=NUMBER")
      ->check(check_loss)
      ->capture_default_str();
  verb.add_option("--solver,--method", flags->solver,
                  "auto: ehals, paced by the learned schedule where that is faster; all but mu reach a small KKT "
                  "residual; with --loss kl: ccd (the default of dense data) or mu, "
                  "with is and beta: mu; minvol: columns of W of least volume")
      ->check(CLI::IsMember(words(orthant_nmf_method_name)))
      ->capture_default_str();
  verb.add_option("--init", flags->init,
                  "start: random columns of the data, SPA on a sample, SPA, random, SVD, coarse to fine, given; auto: "
                  "columns, or "
                  "from 80 000 entries coarse to fine")
      ->check(CLI::IsMember(words(orthant_nmf_start_name)))
      ->capture_default_str();
  verb.add_option("--w0", flags->w0, "W to start from, with --h0")->type_name("FILE");
  verb.add_option("--h0", flags->h0, "H to start from, with --w0")->type_name("FILE");
  verb.add_option("--model", flags->model,
                  "a factormer of this rank, whose factors are taken where they are better, or a schedule")
      ->type_name("FILE");
  verb.add_option("--mask", flags->mask, "a weight in [0, 1] for every entry; 0 hides it")->type_name("FILE");
  verb.add_flag("--missing", flags->missing, "NaN and empty cells are missing: fit what is there");
  verb.add_option("--transform", flags->transform, "keep this W and find H for the data")->type_name("W");
  verb.add_option("--holdout", flags->holdout, "choose the rank: hide this share of the entries, fit the rest, compare")
      ->check(CLI::Range(0.0, 0.9))
      ->type_name("SHARE");
  verb.add_option("--repeats", flags->repeats, "masks of --holdout, each of other entries; the median counts")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb.add_option("--max-iter", flags->max_iter, "most outer iterations; 0: none, score the start")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--tol", flags->tol, "stop at this relative KKT residual; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--tol-obj", flags->tol_obj,
                  "stop when the objective falls by less than this share of its first value; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option(
          "--checkpoint", flags->checkpoint,
          "keep the factors in DIR after every N iterations; the same command goes on from there if the run was "
          "ended, with the same result. Each part of N iterations starts from the factors alone, without what the "
          "method knew of the steps before; 0: none")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  verb.add_option("--sweeps", flags->sweeps, "inner sweeps of hals, ehals, ahals, steps of aoadmm; 0: by rule")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--volume", flags->volume, "minvol: weight of the volume against the fit of the start; 0: 0.1")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--delta", flags->delta, "minvol: delta in log det(W'W + delta I); 0: 0.1")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--rho", flags->rho, "penalty of aoadmm; 0: trace/rank")->check(CLI::NonNegativeNumber);
  verb.add_option("--format", flags->format, "of W and H; auto: npy, and csv too where rows or columns have names")
      ->check(CLI::IsMember({"auto", "npy", "csv"}))
      ->capture_default_str();
  verb.add_flag(
      "--mpi", flags->mpi,
      "under mpirun: the columns of the data and of H are spread over the processes, each of --threads threads (0: its "
      "share of the machine), and the first one writes");
  verb.add_flag("--transpose", flags->transpose, "transpose the data first");
  verb.add_flag("--f64", flags->f64, "work in double precision");
  verb.add_flag("--strict", flags->strict, "exit code 4 where the run ends without meeting a tolerance");
  add_terms_flags(verb, flags->terms);
  add_image_flags(verb, flags->image);
  add_common(verb, common, flags_seed | flags_work | flags_plan | flags_output | flags_memory);
  verb.callback([flags, &common] {
    if (flags->init == "auto" && flags->solver == "minvol") flags->init = "spa";
    flags->f64 ? nmf<double>(common, *flags) : nmf<float>(common, *flags);
  });
}

}  // namespace orthant::tool
