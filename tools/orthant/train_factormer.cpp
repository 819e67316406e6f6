// orthant train --kind factormer: the recipe of the source, on synthetic matrices drawn as they are needed.
#include <cmath>
#include <cstdio>
#include <thread>

#include "api.hpp"
#include "factored.hpp"
#include "verbs.hpp"

namespace orthant::tool {

namespace {

struct Flags {
  std::string output, curve, checkpoint, resume;
  int width = 100, heads = 4, layers = 4, hidden = 0, rank = 10, batch = 1, epochs = 15, warmup = 0, validate = 5000;
  int epoch_matrices = 15000, validation = 128, unrolled = 0, range = 0;
  double rate = 0, decay = 0.9, weight_decay = 0.01, clip = 0, minutes = 0, rho = 0, gamma = 0;
  bool accelerate = false, separate = false, last_norm = false, one_cycle = false;
};

std::string saved(orthant_factormer_train_f32 *s, int32_t state) {
  size_t bytes = 0;
  check_status(orthant_factormer_train_save_f32(s, state, nullptr, 0, &bytes), "saving");
  std::string blob(bytes, '\0');
  check_status(orthant_factormer_train_save_f32(s, state, blob.data(), bytes, &bytes), "saving");
  return blob;
}

// A blob in memory, at an address of the alignment a model needs.
class Opened {
 public:
  explicit Opened(const std::string &bytes) : memory_(bytes.size() + 64) {
    unsigned char *at = memory_.data() + (64 - reinterpret_cast<uintptr_t>(memory_.data()) % 64) % 64;
    std::copy(bytes.begin(), bytes.end(), at);
    check_status(orthant_model_open(at, bytes.size(), &model_), "opening");
  }
  const orthant_model *model() const { return model_; }

 private:
  std::vector<unsigned char> memory_;
  const orthant_model *model_ = nullptr;
};

struct Marks {
  double raw, five;
};
// Median RMSE of the raw output, and after five AO-ADMM iterations.  Of a model that accelerates: after five iterations
// with it, and after five more.
Marks validate(const orthant_model *model, const std::vector<Factored> &set, bool accelerates) {
  std::vector<double> raw, five;
  for (Factored x : set) {
    if (accelerates)
      advance(x, {"accelerated", ORTHANT_NMF_AOADMM, 5, 1, model}, 5);
    else
      x.propose(model);
    const std::vector<double> curve = iterate(x, {"aoadmm", ORTHANT_NMF_AOADMM, 5, 1}, 5);
    raw.push_back(curve.front());
    five.push_back(curve.back());
  }
  return {quantile(raw), quantile(five)};
}

orthant_factormer_train_config config_of(const Common &common, const Flags &flags, const Pool &pool) {
  auto c = sized<orthant_factormer_train_config>();
  c.max_rows = c.max_cols = 100;
  c.rank = flags.rank;
  c.width = flags.width;
  c.heads = flags.heads;
  c.layers = flags.layers;
  c.hidden = flags.hidden;
  c.separate = flags.separate;
  c.last_norm = flags.last_norm;
  c.accelerates = flags.accelerate;
  c.unrolled = flags.unrolled;
  c.epoch_steps = (flags.epoch_matrices + flags.batch - 1) / flags.batch;
  c.epochs = flags.epochs;
  c.one_cycle = flags.one_cycle;
  c.warmup = flags.warmup;
  c.rate = flags.rate;
  c.epoch_decay = flags.decay;
  c.weight_decay = flags.weight_decay;
  c.clip = flags.clip;
  c.rho = flags.rho;
  c.gamma = flags.gamma;
  c.seed = common.seed;
  c.parallel = pool.parallel();
  return c;
}

// Matrices of one batch after another, never the same matrix again.
class Batches {
 public:
  Batches(const Flags &flags, uint64_t seed) : values_(static_cast<size_t>(flags.batch)), views_(values_.size()) {
    config_.rank = flags.rank;
    config_.seed = seed;
  }
  const orthant_matrix_f32 *draw(int64_t step) {
    for (size_t i = 0; i < values_.size(); ++i) {
      std::vector<float> &V = values_[i];
      const uint64_t index = static_cast<uint64_t>(step) * values_.size() + i;
      int32_t m = 0, n = 0;
      V.resize(10000);
      check_status(orthant_factors_run_f32(&config_, index, &m, &n, V.data(), V.size()), "drawing");
      views_[i] = matrix(V.data(), m, n);
    }
    return views_.data();
  }

 private:
  orthant_factors_config config_ = sized<orthant_factors_config>();
  std::vector<std::vector<float>> values_;
  std::vector<orthant_matrix_f32> views_;
};

// The curve of a training, with a line for each validation.
class Curve {
 public:
  Curve(const Common &common, const Flags &flags) : flags_(flags), quiet_(common.quiet) {
    csv_ = cat("# ", common.command, "\nstep,epoch,seconds,loss,train_rmse,small_raw,small_5,large_raw,large_5\n");
    for (int set : {ORTHANT_FACTORS_SMALL, ORTHANT_FACTORS_LARGE}) {
      for (int i = 0; i < flags.validation; ++i) {
        Factored x = Factored::synthetic(common.seed + 1000, set, static_cast<uint64_t>(i), flags.rank);
        x.start(ORTHANT_START_NNDSVD);
        sets_[set - 1].push_back(std::move(x));
      }
    }
    if (quiet_) return;
    std::printf("%8s %6s %8s %9s %9s %10s %9s %10s %9s\n", "step", "epoch", "seconds", "loss", "rmse", "small raw",
                "+ 5", "large raw", "+ 5");
  }
  // The factors of one small matrix, to ask a state for its step.
  const Factored &some() const { return sets_[0][0]; }
  void add(const orthant_report &step) {
    loss_ += step.objective;
    log_rmse_ += std::log(step.rel_error);
    ++counted_;
  }
  void validate_at(int64_t step, double epoch, double spent, orthant_factormer_train_f32 *s) {
    const Opened model(saved(s, 0));
    const Marks small = validate(model.model(), sets_[0], flags_.accelerate);
    const Marks large = validate(model.model(), sets_[1], flags_.accelerate);
    const double loss = loss_ / counted_, rmse = std::exp(log_rmse_ / counted_);
    const auto number = static_cast<long long>(step);
    csv_ += format("%lld,%.3f,%.1f,%.5f,%.5f,%.5f,%.5f,%.5f,%.5f\n", number, epoch, spent, loss, rmse, small.raw,
                   small.five, large.raw, large.five);
    if (!quiet_) {
      std::printf("%8lld %6.2f %8.1f %9.4f %9.5f %10.5f %9.5f %10.5f %9.5f\n", number, epoch, spent, loss, rmse,
                  small.raw, small.five, large.raw, large.five);
    }
    std::fflush(stdout);
    loss_ = log_rmse_ = 0;
    counted_ = 0;
    if (!flags_.curve.empty()) write_file(flags_.curve, csv_, true);
    if (!flags_.checkpoint.empty()) write_file(flags_.checkpoint, saved(s, 1), true);
  }

 private:
  const Flags &flags_;
  bool quiet_;
  std::string csv_;
  std::vector<Factored> sets_[2];
  double loss_ = 0, log_rmse_ = 0;
  int counted_ = 0;
};

void load(const Flags &flags, const Weights &from, orthant_factormer_train_f32 *s) {
  if (orthant_factormer_train_load_f32(s, from.model()) != ORTHANT_OK) {
    throw InputError(flags.resume + ": was not trained with these flags (" +
                     orthant_factormer_train_problem_f32(s, from.model()) + "); give those that made it");
  }
}

// The step that a resumed state stands at.
int64_t resume(const Flags &flags, const Factored &some, orthant_factormer_train_f32 *s) {
  const Weights from(flags.resume);
  load(flags, from, s);
  const orthant_matrix_f32 one = matrix(some.V.data(), 1, 1);
  auto report = sized<orthant_report>();
  check_status(orthant_factormer_train_step_f32(s, 1, &one, 0, &report), "resuming");
  return report.iters;
}

// The model of --resume as it is, but for the range of the data that it is for.
void write_range(const Common &common, const Flags &flags, Batches &batches, orthant_factormer_train_f32 *s) {
  const Weights from(flags.resume);
  load(flags, from, s);
  auto report = sized<orthant_report>();
  for (int64_t step = 0; step * flags.batch < flags.range; ++step) {
    check_status(orthant_factormer_train_step_f32(s, flags.batch, batches.draw(step), 3, &report), "the range");
  }
  write_file(flags.output, saved(s, 0), common.force);
  say(common, cat(flags.output, ": what ", flags.range, " matrices are like is in it"));
}

void train(Common &common, const Flags &flags) {
  refuse_training_outputs(common, {flags.output, flags.curve}, flags.checkpoint, flags.resume);
  const int useful = std::min(flags.batch, static_cast<int>(std::thread::hardware_concurrency()));
  const Threads pool(common, common.threads > 0 ? common.threads : useful);
  const orthant_factormer_train_config c = config_of(common, flags, pool);
  size_t bytes = 0;
  check_status(orthant_factormer_train_size_f32(&c, &bytes), "planning", c);
  const Workspace memory(bytes);
  orthant_factormer_train_f32 *s = nullptr;
  check_status(orthant_factormer_train_init_f32(&c, memory.data(), bytes, &s), "placing");
  say(common, cat("workspace ", bytes >> 20, " MiB, ", c.epoch_steps, " steps an epoch, ", pool.workers(), " threads"));

  Batches batches(flags, common.seed);
  if (flags.range > 0) return write_range(common, flags, batches, s);
  Curve curve(common, flags);
  int64_t step = flags.resume.empty() ? 0 : resume(flags, curve.some(), s);
  const int64_t all = static_cast<int64_t>(c.epoch_steps) * flags.epochs;
  const int64_t every = std::max<int64_t>(1, flags.validate / flags.batch);
  watch_interrupt();
  auto report = sized<orthant_report>();
  double spent = 0, unchecked = seconds_now();
  bool stopped = false;
  while (step < all && !stopped) {
    check_status(orthant_factormer_train_step_f32(s, flags.batch, batches.draw(step), 1, &report), "training");
    if (report.stop == ORTHANT_STOP_NONFINITE) {
      throw std::runtime_error(cat("step ", step, ": the loss is not finite; lower --rate"));
    }
    curve.add(report);
    step = report.iters;
    stopped = interrupted() || (flags.minutes > 0 && spent + seconds_now() - unchecked > 60 * flags.minutes);
    if (step % every == 0 || step == all || stopped) {
      spent += seconds_now() - unchecked;
      curve.validate_at(step, static_cast<double>(step) / c.epoch_steps, spent, s);
      unchecked = seconds_now();
    }
  }
  write_file(flags.output, saved(s, 0), common.force);
  say(common, cat(flags.output, ": ", step, " steps, ", format("%.0f", spent), " s of training"));
  if (interrupted()) {
    interrupted_training(common, cat(step, " of ", all, " steps"), flags.output, flags.checkpoint);
  }
}

}  // namespace

void add_train_factormer(CLI::App &train_verb, Common &common) {
  auto flags = std::make_shared<Flags>();
  CLI::App &verb = *train_verb.add_subcommand("factormer", "a network that proposes W and H");
  add_examples(verb,
               {"orthant train --kind factormer -o paper.orw --curve paper.csv --checkpoint paper.state.orw",
                "orthant train --kind factormer -o paper.orw --resume paper.state.orw",
                "orthant train --kind factormer -o tiny.orw --width 16 --heads 1 --layers 1 --batch 4 --rate 1e-3"});
  verb.add_option("-o,--output", flags->output, "the model (.orw)")->required()->type_name("FILE");
  verb.add_option("--curve", flags->curve, "CSV of training and validation")->type_name("FILE");
  verb.add_option("--checkpoint", flags->checkpoint, "state to go on from, written at every validation")
      ->type_name("FILE");
  verb.add_option("--resume", flags->resume, "go on from this state, or from a model")->type_name("FILE");
  verb.add_option("--range", flags->range,
                  "no training: what so many matrices are like goes into the model of --resume, which refuses others")
      ->check(CLI::Range(1, 100000000))
      ->needs("--resume");
  verb.add_option("--rank", flags->rank)->capture_default_str();
  verb.add_option("--width", flags->width)->capture_default_str();
  verb.add_option("--heads", flags->heads)->capture_default_str();
  verb.add_option("--layers", flags->layers)->capture_default_str();
  verb.add_option("--hidden", flags->hidden, "of the feed-forward part; 0: twice the width")->capture_default_str();
  verb.add_flag("--separate", flags->separate, "weights of their own for updates of H and of W");
  verb.add_flag("--last-norm", flags->last_norm, "the second norm in the last updates too");
  verb.add_flag("--accelerate", flags->accelerate, "a model for use between iterations");
  verb.add_option("--unrolled", flags->unrolled, "iterations after the network, or applications of it; 0: 2, or 5");
  verb.add_option("--batch", flags->batch, "matrices of a step, shared out to threads")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  verb.add_option("--epochs", flags->epochs)->check(CLI::Range(1, 1000))->capture_default_str();
  verb.add_option("--epoch-matrices", flags->epoch_matrices)->check(CLI::Range(1, 1000000))->capture_default_str();
  verb.add_option("--rate", flags->rate, "0: 1e-4, or 1e-5")->check(CLI::NonNegativeNumber);
  verb.add_option("--decay", flags->decay, "of the rate, from epoch to epoch")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb.add_flag("--one-cycle", flags->one_cycle, "one cosine over all epochs instead of one in each");
  verb.add_option("--warmup", flags->warmup, "steps of a one-cycle schedule")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--weight-decay", flags->weight_decay)->capture_default_str();
  verb.add_option("--clip", flags->clip, "largest norm of a gradient; 0: none")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--rho", flags->rho, "penalty of AO-ADMM; 0: 1")->check(CLI::NonNegativeNumber);
  verb.add_option("--gamma", flags->gamma, "acceleration: weight of earlier iterations; 0: 0.2")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--minutes", flags->minutes, "stop after this much training; 0: after all epochs")
      ->capture_default_str();
  verb.add_option("--validate", flags->validate, "matrices between validations")
      ->check(CLI::Range(1, 100000000))
      ->capture_default_str();
  verb.add_option("--validation", flags->validation, "matrices in each validation set")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  add_common(verb, common, flags_seed | flags_output | flags_work);
  verb.callback([flags, &common] { train(common, *flags); });
}

}  // namespace orthant::tool
