// orthant train --kind nalmu: multipliers of unrolled updates, from mixtures of a library's or an image's spectra.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "api.hpp"
#include "bundles.hpp"
#include "input.hpp"
#include "weights.hpp"

namespace orthant::tool {
namespace {

struct TrainFlags {
  std::string library, image, output, checkpoint, resume, curve;
  int64_t endmembers = 0;
  int layers = 25, steps = 400, batch = 8, keep = 0, kernel = 3, active = 0, draws = 40;
  bool f64 = false, tied = false, unit = false, sorted = false;
  std::string factors = "one", first = "w", shape_w = "component", shape_h = "component", positivity = "exp",
              nu = "linear";
  std::string loss_w = "nmse", loss_h = "nmse", abundances = "dirichlet", patch = "16x16";
  double beta = 2, rate = 1e-2, rate_decay = 1, weight_decay = 0, alpha = 1, snr = 30, spread = 0, start_h = 0;
  std::vector<double> clip_w, clip_h;
  ImageFlags input;
};

int32_t code(const std::string &word, const std::vector<std::pair<std::string, int32_t>> &words) {
  for (const auto &[name, value] : words)
    if (name == word) return value;
  return 0;
}
const std::vector<std::pair<std::string, int32_t>> shapes = {
    {"component", ORTHANT_SPREAD_COMPONENT}, {"full", ORTHANT_SPREAD_FULL}, {"network", ORTHANT_SPREAD_NETWORK}};
const std::vector<std::pair<std::string, int32_t>> fits = {
    {"none", ORTHANT_FIT_NONE}, {"l2", ORTHANT_FIT_L2},       {"mse", ORTHANT_FIT_MSE},
    {"nmse", ORTHANT_FIT_NMSE}, {"angle", ORTHANT_FIT_ANGLE}, {"negcos", ORTHANT_FIT_NEGCOS}};
const std::vector<std::pair<std::string, int32_t>> positivities = {
    {"exp", ORTHANT_POSITIVITY_EXP}, {"direct", ORTHANT_POSITIVITY_DIRECT}, {"softplus", ORTHANT_POSITIVITY_SOFTPLUS}};
const std::vector<std::pair<std::string, int32_t>> weightings = {
    {"linear", ORTHANT_NU_LINEAR}, {"log", ORTHANT_NU_LOG}, {"last", ORTHANT_NU_LAST}};
const std::vector<std::pair<std::string, int32_t>> sources = {{"dirichlet", ORTHANT_ABUNDANCES_DIRICHLET},
                                                              {"dead-leaves", ORTHANT_ABUNDANCES_DEAD_LEAVES},
                                                              {"maps", ORTHANT_ABUNDANCES_MAPS}};
std::vector<std::string> names(const std::vector<std::pair<std::string, int32_t>> &words) {
  std::vector<std::string> out;
  for (const auto &[name, value] : words) out.push_back(name);
  return out;
}

// What mixtures are made of.
template <class T>
struct Source {
  int64_t bands = 0, endmembers = 0;
  std::vector<T> spectra, start, maps;
  std::vector<int32_t> group;  // empty: any spectrum may stand for any endmember
  std::string text;
};

template <class T>
Source<T> from_library(const TrainFlags &flags) {
  Source<T> s;
  const Table<T> library = read_table<T>(flags.library);
  s.bands = library.rows;
  s.endmembers = flags.endmembers > 0 ? flags.endmembers : library.cols;
  if (s.endmembers > library.cols)
    throw UsageError(cat(flags.library, " has ", library.cols, " spectra; ask for no more with -p"));
  s.spectra = library.values;
  for (size_t i = 0; i < s.spectra.size(); ++i)
    if (!std::isfinite(s.spectra[i]) || s.spectra[i] < 0)
      throw InputError(cat(flags.library, ": spectrum ", i / static_cast<size_t>(s.bands) + 1, ", band ",
                           i % static_cast<size_t>(s.bands) + 1, " is not a nonnegative number; leave it out"));
  if (s.endmembers == library.cols) {  // each for itself, in this order
    for (int32_t k = 0; k < library.cols; ++k) s.group.push_back(k);
    s.start = s.spectra;
  } else if (flags.sorted) {  // by mean; equal shares of that order, darkest first
    std::vector<std::pair<T, int64_t>> order;
    for (int64_t k = 0; k < library.cols; ++k) {
      const auto from = library.values.begin() + static_cast<std::ptrdiff_t>(k * s.bands);
      order.emplace_back(std::accumulate(from, from + static_cast<std::ptrdiff_t>(s.bands), T(0)), k);
    }
    std::sort(order.begin(), order.end());
    s.group.resize(order.size());
    for (int64_t i = 0; i < library.cols; ++i)
      s.group[static_cast<size_t>(order[static_cast<size_t>(i)].second)] =
          static_cast<int32_t>(i * s.endmembers / library.cols);
  }
  const char *which = flags.sorted ? "any, darkest first, " : "the ";
  if (s.group.empty()) which = "any ";
  s.text = cat(which, s.endmembers, " of ", library.cols, " spectra of ", flags.library);
  return s;
}

template <class T>
Source<T> from_image(const Common &common, const TrainFlags &flags, const Pool &pool) {
  Source<T> s;
  Image<T> image = read_image<T>(flags.image, image_options(flags.input));
  say_notes(common, image.meta);
  const Scaled scaled = apply_scale(image, flags.input);
  if (!scaled.reason.empty()) say(common, scaled.reason);
  if (flags.input.scale == "auto") say_unit(common, image);
  std::vector<T> pixels;
  for (int64_t p : sound_pixels(image))
    for (int64_t i = 0; i < image.bands; ++i) pixels.push_back(std::max(T(0), image.pixel(p)[i]));
  const int64_t count = static_cast<int64_t>(pixels.size()) / image.bands;
  endmembers_exist(flags.endmembers, image.bands, count);
  Bundles<T> b =
      make_bundles(pixels.data(), image.bands, count, flags.endmembers, flags.draws, common.seed, pool.parallel());
  s.bands = b.bands;
  s.endmembers = b.endmembers;
  s.spectra = std::move(b.spectra);
  s.group = std::move(b.group);
  s.start = std::move(b.mean);
  if (flags.abundances == "maps") {  // of the image, by exact FCLS with the means
    auto c = sized<orthant_unmix_config>();
    c.bands = static_cast<int32_t>(s.bands);
    c.endmembers = static_cast<int32_t>(s.endmembers);
    c.sum_to_one = 1;
    c.parallel = pool.parallel();
    size_t bytes = 0;
    check_status(Api<T>::unmix_size(&c, &bytes), "maps");
    const Workspace memory(bytes);
    typename Api<T>::Unmix *handle = nullptr;
    check_status(Api<T>::unmix_init(&c, s.start.data(), c.bands, memory.data(), bytes, &handle), "maps");
    s.maps.resize(static_cast<size_t>(s.endmembers * count));
    const auto Y = matrix(pixels.data(), s.bands, count);
    check_status(Api<T>::unmix_run(handle, &Y, s.maps.data(), c.endmembers, nullptr), "maps");
  }
  s.text = cat("bundles of ", flags.draws, " spectra for each of ", s.endmembers, " endmembers of ", flags.image);
  return s;
}

void check_flags(const Common &common, const TrainFlags &flags) {
  if (flags.library.empty() == flags.image.empty()) {
    throw UsageError("train: give spectra by --library LIBRARY, or an image that they are found in by --image IMAGE");
  }
  if (flags.sorted && flags.library.empty()) throw UsageError("train --sorted: needs --library and -p");
  if (!flags.image.empty() && flags.endmembers == 0) throw UsageError("train --image: say by -p N how many endmembers");
  if (flags.abundances == "maps" && flags.image.empty()) throw UsageError("train --abundances maps: needs --image");
  for (const auto *clip : {&flags.clip_w, &flags.clip_h}) {
    if (!clip->empty() && !((*clip)[0] >= 0 && (*clip)[0] < (*clip)[1])) {
      throw UsageError("train: a clip is LEAST GREATEST, such as 1e-7 1");
    }
  }
  refuse_training_outputs(common, {flags.output, flags.curve}, flags.checkpoint, flags.resume);
}

template <class T>
orthant_mixtures_config mixtures_of(const Common &common, const TrainFlags &flags, const Source<T> &source,
                                    const Pool &pool) {
  auto c = sized<orthant_mixtures_config>();
  int64_t lines = 0, samples = 0;
  parse_shape(flags.patch, lines, samples);
  c.bands = static_cast<int32_t>(source.bands);
  c.endmembers = static_cast<int32_t>(source.endmembers);
  c.lines = static_cast<int32_t>(lines);
  c.samples = static_cast<int32_t>(samples);
  c.spectra = static_cast<int32_t>(source.spectra.size() / static_cast<size_t>(source.bands));
  c.abundances = code(flags.abundances, sources);
  c.active = flags.active;
  c.unit = flags.unit;
  c.alpha = flags.alpha;
  c.map_columns = static_cast<int32_t>(source.maps.size() / static_cast<size_t>(source.endmembers));
  c.snr_db = flags.snr;
  c.spread = flags.spread;
  c.seed = common.seed;
  c.parallel = pool.parallel();
  return c;
}

orthant_nalmu_train_config training_of(const TrainFlags &flags, const orthant_mixtures_config &mixtures) {
  auto c = sized<orthant_nalmu_train_config>();
  c.bands = mixtures.bands;
  c.endmembers = mixtures.endmembers;
  c.lines = mixtures.lines;
  c.columns = static_cast<int32_t>(int64_t{mixtures.lines} * mixtures.samples);
  c.layers = flags.layers;
  c.factors = flags.factors == "one" ? ORTHANT_NALMU_ONE : ORTHANT_NALMU_BOTH;
  c.order = flags.first == "h";
  c.tied = flags.tied;
  c.kernel = flags.kernel;
  c.keep = flags.keep;
  c.spread_w = code(flags.shape_w, shapes);
  c.spread_h = code(flags.shape_h, shapes);
  c.positivity = code(flags.positivity, positivities);
  c.nu = code(flags.nu, weightings);
  c.loss_w = code(flags.loss_w, fits);
  c.loss_h = code(flags.loss_h, fits);
  c.divergence = ORTHANT_LOSS_BETA;
  c.beta = flags.beta;
  if (!flags.clip_w.empty()) {
    c.low_w = flags.clip_w[0];
    c.high_w = flags.clip_w[1];
  }
  if (!flags.clip_h.empty()) {
    c.low_h = flags.clip_h[0];
    c.high_h = flags.clip_h[1];
  }
  c.start_h = flags.start_h > 0 ? flags.start_h : 1.0 / static_cast<double>(c.endmembers);
  c.rate = flags.rate;
  c.rate_decay = flags.rate_decay;
  c.weight_decay = flags.weight_decay;
  c.seed = mixtures.seed;
  c.parallel = mixtures.parallel;
  return c;
}

// A training at work: samples, steps, and what it saves.
template <class T>
class Training {
 public:
  Training(const Source<T> &source, const orthant_mixtures_config &mixtures, const orthant_nalmu_train_config &config,
           size_t bytes)
      : source_(source), mixtures_(mixtures), columns_(config.columns), memory_(bytes) {
    const bool both = config.factors == ORTHANT_NALMU_BOTH;
    check_status(Api<T>::nalmu_train_init(&config, both && !source.start.empty() ? source.start.data() : nullptr,
                                          config.bands, memory_.data(), bytes, &handle_),
                 "train");
  }
  void load(const std::string &file) {
    const Weights state(file);
    if (Api<T>::nalmu_train_load(handle_, state.model()) != ORTHANT_OK) {
      throw InputError(file + ": was not trained with these flags (" +
                       Api<T>::nalmu_train_problem(handle_, state.model()) + "); give those that made it");
    }
  }
  struct Batch {
    int32_t count;
    std::vector<T> Y, W, H;
  };
  Batch make(uint64_t index, int32_t count) const {
    const size_t pixels = static_cast<size_t>(columns_) * static_cast<size_t>(count);
    Batch b{count, {}, {}, {}};
    b.Y.resize(pixels * static_cast<size_t>(source_.bands));
    b.W.resize(static_cast<size_t>(source_.bands * source_.endmembers * count));
    b.H.resize(pixels * static_cast<size_t>(source_.endmembers));
    check_status(
        Api<T>::mixtures_run(&mixtures_, index, count, source_.spectra.data(), mixtures_.bands,
                             source_.group.empty() ? nullptr : source_.group.data(),
                             source_.maps.empty() ? nullptr : source_.maps.data(), b.Y.data(), b.W.data(), b.H.data()),
        "mixtures");
    return b;
  }
  // The loss before the step.
  double learn(const Batch &b) { return step(b, 1); }
  double loss_on(const Batch &b) { return step(b, 0); }
  const orthant_report &report() const { return report_; }
  std::string model() const { return save(0); }
  std::string state() const { return save(1); }

 private:
  double step(const Batch &b, int32_t learn) {
    check_status(Api<T>::nalmu_train_step(handle_, b.count, b.Y.data(), b.W.data(), b.H.data(), learn, &report_),
                 "train");
    return report_.objective;
  }
  std::string save(int32_t state) const {
    size_t n = 0;
    check_status(Api<T>::nalmu_train_save(handle_, state, nullptr, 0, &n), "save");
    std::string out(n, 0);
    check_status(Api<T>::nalmu_train_save(handle_, state, out.data(), n, &n), "save");
    return out;
  }
  const Source<T> &source_;
  orthant_mixtures_config mixtures_;
  int32_t columns_;
  Workspace memory_;
  typename Api<T>::NalmuTrain *handle_ = nullptr;
  orthant_report report_ = sized<orthant_report>();
};

template <class T>
void say_plan(const Common &common, const TrainFlags &flags, const Source<T> &source, int32_t columns,
              size_t workspace) {
  const auto sample =
      static_cast<double>(columns * (source.bands + source.endmembers) + source.bands * source.endmembers);
  say(common,
      cat("would train ", flags.layers, " layers for ", source.endmembers, " endmembers, ", flags.steps, " steps of ",
          flags.batch, " samples of ", flags.patch, " pixels, ", source.bands, " bands, on ", source.text));
  say(common, "memory: samples " + bytes_text(sizeof(T) * sample * 2 * flags.batch) + ", workspace " +
                  bytes_text(static_cast<double>(workspace)));
}

struct Outcome {
  int64_t steps = 0;
  int refused = 0;  // steps that overflowed
  double before = 0, after = 0, seconds = 0;
  std::string curve = "step,training_loss,held_out_loss\n";
};

// Steps up to --steps, or to an interruption.
template <class T>
Outcome learn(const Common &common, const TrainFlags &flags, Training<T> &training) {
  Outcome o;
  // Samples that training never sees: their numbers lie beyond those of any run.
  const auto held_out = training.make(uint64_t(1) << 40, flags.batch);
  o.before = training.loss_on(held_out);
  o.steps = training.report().iters;
  o.curve += cat(o.steps, ",,", shortest(o.before), "\n");
  watch_interrupt();
  const double begun = seconds_now();
  const int every = std::max(1, flags.steps / 100);
  double recent = 0;
  int since = 0;
  Progress progress(common, "training");
  for (; o.steps < flags.steps && !interrupted(); ++o.steps) {
    const uint64_t first = static_cast<uint64_t>(o.steps) * static_cast<uint64_t>(flags.batch);
    const double loss = training.learn(training.make(first, flags.batch));
    if (training.report().stop == ORTHANT_STOP_NONFINITE) {
      ++o.refused;
      continue;
    }
    recent += loss;
    ++since;
    const int64_t done = o.steps + 1;
    if (done % every == 0 || done == flags.steps) {
      o.curve += cat(done, ",", shortest(recent / std::max(since, 1)), ",", shortest(training.loss_on(held_out)), "\n");
      if (!flags.checkpoint.empty()) write_file(flags.checkpoint, training.state(), true);
      recent = 0;
      since = 0;
    }
    progress.update(static_cast<double>(done) / flags.steps, cat("step ", done, ", loss ", rounded(loss)));
  }
  o.seconds = seconds_now() - begun;
  o.after = training.loss_on(held_out);
  return o;
}

std::string summary(const Common &common, const std::string &source, const Outcome &o, const std::string &model,
                    const std::vector<std::string> &written) {
  Json json;
  json.object().value("schema_version", 1).value("verb", "train").value("kind", "nalmu");
  json.value("command", common.command);
  json.value("seed", common.seed).value("source", source).value("steps", o.steps).value("seconds", o.seconds);
  json.value("held_out_before", o.before).value("held_out_after", o.after).value("bytes", uint64_t(model.size()));
  json.value("sha256", sha256(model)).value("files", written).end();
  return json.text();
}

template <class T>
void train(Common &common, const TrainFlags &flags) {
  check_flags(common, flags);
  say(common, "seed " + std::to_string(common.seed));
  const Threads pool(common);
  const Source<T> source = flags.image.empty() ? from_library<T>(flags) : from_image<T>(common, flags, pool);
  const orthant_mixtures_config mixtures = mixtures_of(common, flags, source, pool);
  const orthant_nalmu_train_config config = training_of(flags, mixtures);
  size_t bytes = 0;
  check_status(Api<T>::nalmu_train_size(&config, &bytes), "train with these flags");
  if (common.dry_run) return say_plan(common, flags, source, config.columns, bytes);
  Training<T> training(source, mixtures, config, bytes);
  if (!flags.resume.empty()) training.load(flags.resume);
  const Outcome o = learn(common, flags, training);

  const std::string model = training.model();
  write_file(flags.output, model, common.force);
  std::vector<std::string> written = {flags.output};
  if (!flags.checkpoint.empty()) {
    write_file(flags.checkpoint, training.state(), true);
    written.push_back(flags.checkpoint);
  }
  if (!flags.curve.empty()) {
    const std::string head = "# " + common.command + "\n# " + orthant_version() + " " + orthant_build() + "\n";
    write_file(flags.curve, head + o.curve, common.force);
    written.push_back(flags.curve);
  }
  if (o.refused > 0) warn(common, cat(o.refused, " steps overflowed and changed nothing; lower --rate"));
  if (common.json) {
    put(summary(common, source.text, o, model, written));
  } else {
    put(cat("trained on        ", source.text, "\nsteps             ", o.steps, " of ", flags.steps, " in ",
            duration_text(o.seconds), "\nloss, held out    ", rounded(o.before), " before, ", rounded(o.after),
            " after\nwritten to        ", flags.output, ", ", model.size(), " bytes\n"));
  }
  if (o.steps < flags.steps) {
    interrupted_training(common, cat(o.steps, " of ", flags.steps, " steps"), flags.output, flags.checkpoint);
  }
}

}  // namespace

void add_train_nalmu(CLI::App &train_verb, Common &common) {
  auto flags = std::make_shared<TrainFlags>();
  CLI::App &verb = *train_verb.add_subcommand("nalmu", "unrolled multiplicative updates");
  add_examples(verb,
               {"orthant train --kind nalmu --library library.sli -o model.orw",
                "orthant train --kind nalmu --image scene.hdr -p 4 --factors both --shape-w full -o scene.orw",
                "orthant train --kind nalmu --library library.sli -o m.orw --checkpoint state.orw --steps 2000",
                "orthant train --kind nalmu --library library.sli -o m2.orw --resume state.orw --steps 4000", "",
                "A model of one factor starts `orthant unmix --model`; its endmembers stand in the library's order.",
                "One of both factors makes endmembers too; of an image: `orthant unmix scene.hdr --model scene.orw`.",
                "With -p below the number of spectra any of them are mixed, and places have no meaning to the model;",
                "with --sorted too it is for any N endmembers that stand in the order of their means."});
  const auto word = [&](const char *name, std::string &value, const char *what, const std::vector<std::string> &words) {
    verb.add_option(name, value, what)->check(CLI::IsMember(words))->capture_default_str();
  };
  verb.add_option("--library", flags->library, "spectra: .sli, .csv, .npy, FILE.mat:NAME")->type_name("LIBRARY");
  verb.add_option("--image", flags->image, "an image in which bundles of spectra are found");
  verb.add_option("-p,--endmembers", flags->endmembers, "of a mixture; with --library left out: all of it")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  verb.add_flag("--sorted", flags->sorted,
                "with -p: place k takes the k-th share of the spectra by mean, darkest first");
  verb.add_option("-o,--output", flags->output, "the model")->required()->type_name("FILE");
  verb.add_option("--checkpoint", flags->checkpoint, "write what --resume needs, a hundred times a run")
      ->type_name("FILE");
  verb.add_option("--resume", flags->resume, "go on from a checkpoint, or from a model")->type_name("FILE");
  verb.add_option("--curve", flags->curve, "write the losses as CSV")->type_name("FILE");
  verb.add_option("--steps", flags->steps, "of Adam, those before --resume included")
      ->check(CLI::Range(0, 100000000))
      ->capture_default_str();
  verb.add_option("--batch", flags->batch, "samples a step")->check(CLI::Range(1, 4096))->capture_default_str();
  verb.add_option("--patch", flags->patch, "pixels of a sample")->type_name("LxS")->capture_default_str();
  verb.add_option("--layers", flags->layers, "updates, unrolled")->check(CLI::Range(1, 4096))->capture_default_str();
  word("--factors", flags->factors, "which move: the abundances, or the endmembers too", {"one", "both"});
  word("--first", flags->first, "which factor a layer moves first, where both move", {"w", "h"});
  verb.add_flag("--tied", flags->tied, "the same multipliers in all layers");
  word("--shape-w", flags->shape_w, "multipliers of the endmembers", names(shapes));
  word("--shape-h", flags->shape_h, "multipliers of the abundances", names(shapes));
  verb.add_option("--kernel", flags->kernel, "side of a network's convolutions, odd")->capture_default_str();
  word("--positivity", flags->positivity, "how multipliers are kept positive", names(positivities));
  word("--nu", flags->nu, "weight of the layers in the loss", names(weightings));
  word("--loss-w", flags->loss_w, "of the endmembers", names(fits));
  word("--loss-h", flags->loss_h, "of the abundances", names(fits));
  verb.add_option("--beta", flags->beta,
                  "divergence that the updates descend: 2 squares, 1 Kullback-Leibler, 0 Itakura-Saito")
      ->capture_default_str();
  verb.add_option("--clip-w", flags->clip_w, "least and greatest entry of the endmembers")->expected(2);
  verb.add_option("--clip-h", flags->clip_h, "least and greatest abundance")->expected(2);
  verb.add_option("--start-h", flags->start_h, "abundances at the start; 0: 1/N");
  verb.add_option("--keep", flags->keep,
                  "layers kept in memory at a time; 0: all, the square root of --layers: least memory");
  verb.add_option("--rate", flags->rate, "of Adam")->capture_default_str();
  verb.add_option("--rate-decay", flags->rate_decay, "factor of the rate at each step")->capture_default_str();
  verb.add_option("--weight-decay", flags->weight_decay, "AdamW where above 0");
  word("--abundances", flags->abundances, "pixel by pixel, discs over one another, or the image's own", names(sources));
  verb.add_option("--alpha", flags->alpha, "of the Dirichlet distribution; below 1: few endmembers a pixel")
      ->capture_default_str();
  verb.add_option("--active", flags->active, "most endmembers of a pixel; 0: all");
  verb.add_option("--snr", flags->snr, "of the noise, in dB; below 0: none")->capture_default_str();
  verb.add_option("--spread", flags->spread, "each spectrum is scaled by 1 +- this, at random");
  verb.add_flag("--unit", flags->unit, "scale pixels and endmembers to a sum of one");
  verb.add_option("--draws", flags->draws, "with --image: spectra in each bundle")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb.add_flag("--f64", flags->f64, "work in double precision");
  add_image_flags(verb, flags->input);
  add_common(verb, common, flags_seed | flags_work | flags_plan | flags_output);
  verb.callback([flags, &common] { flags->f64 ? train<double>(common, *flags) : train<float>(common, *flags); });
}

}  // namespace orthant::tool
