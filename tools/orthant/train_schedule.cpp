// orthant train schedule: the learned schedule of extrapolated HALS.
#include <algorithm>
#include <optional>

#include "api.hpp"
#include "verbs.hpp"
#include "weights.hpp"

namespace orthant::tool {
namespace {

struct Flags {
  std::string output, curve, checkpoint, resume;
  int problems = 0, largest = 0, population = 0, iterations = 0, generations = 100;
};

// A training at work, and what it saves.
class Training {
 public:
  Training(const Common &common, const Flags &flags, const Pool &pool) {
    auto c = sized<orthant_schedule_train_config>();
    c.problems = flags.problems;
    c.largest = flags.largest;
    c.population = flags.population;
    c.iterations = flags.iterations;
    c.seed = common.seed;
    c.parallel = pool.parallel();
    size_t bytes = 0;
    check_status(orthant_schedule_train_size_f32(&c, &bytes), "planning the training", c);
    memory_.emplace(bytes);
    check_status(orthant_schedule_train_init_f32(&c, memory_->data(), bytes, &handle_), "placing the training");
  }
  void load(const std::string &file) {
    const Weights state(file);
    if (orthant_schedule_train_load_f32(handle_, state.model()) != ORTHANT_OK) {
      throw InputError(file + ": is no state of a training with these flags; give those that made it");
    }
  }
  const orthant_report &run(int generations) {
    check_status(orthant_schedule_train_run_f32(handle_, generations, &report_), "training");
    return report_;
  }
  std::string saved(int32_t state) const {
    size_t bytes = 0;
    check_status(orthant_schedule_train_save_f32(handle_, state, nullptr, 0, &bytes), "saving the schedule");
    std::string blob(bytes, '\0');
    check_status(orthant_schedule_train_save_f32(handle_, state, blob.data(), bytes, &bytes), "saving the schedule");
    return blob;
  }

 private:
  std::optional<Workspace> memory_;
  orthant_schedule_train_f32 *handle_ = nullptr;
  orthant_report report_ = sized<orthant_report>();
};

void train(Common &common, const Flags &flags) {
  refuse_training_outputs(common, {flags.output, flags.curve}, flags.checkpoint, flags.resume);
  const Threads pool(common);
  Training training(common, flags, pool);
  if (!flags.resume.empty()) training.load(flags.resume);
  watch_interrupt();
  const double begun = seconds_now();
  orthant_report r = training.run(0);
  std::string curve = "generation,value,best\n";
  const auto add = [&] {
    curve += format("%d,%s,%s\n", r.iters, shortest(r.rel_error).c_str(), shortest(r.objective).c_str());
  };
  const auto write = [&] {
    if (!flags.checkpoint.empty()) write_file(flags.checkpoint, training.saved(1), true);
    write_file(flags.output, training.saved(0), true);
    if (!flags.curve.empty()) write_file(flags.curve, curve, true);
  };
  add();
  write();
  {
    Progress progress(common, "training");
    const int every = std::max(1, flags.generations / 100);
    while (r.iters < flags.generations && !interrupted()) {
      const double best = r.objective;
      r = training.run(1);
      add();
      progress.update(double(r.iters) / flags.generations, format("%.4f", r.objective));
      if (r.objective < best || r.iters % every == 0) write();
    }
  }
  write();
  say(common, format("%d generations in %.0f s: mean log ratio of times %.4f; %s", r.iters, seconds_now() - begun,
                     r.objective, flags.output.c_str()));
  if (r.iters < flags.generations) {
    interrupted_training(common, cat(r.iters, " of ", flags.generations, " generations"), flags.output,
                         flags.checkpoint);
  }
}

}  // namespace

void add_train_schedule(CLI::App &train_verb, Common &common) {
  CLI::App *verb = train_verb.add_subcommand("schedule", "momentum, sweeps and relaxation of extrapolated HALS");
  add_examples(
      *verb,
      {"orthant train --kind schedule -o schedule.orw                   seconds; the same bits for any --threads",
       "orthant train --kind schedule --problems 64 --largest 250 --generations 240 --curve curve.csv -o best.orw",
       "orthant train --kind schedule -o s.orw --checkpoint state.orw     and later --resume state.orw"});
  const auto flags = std::make_shared<Flags>();
  verb->add_option("-o,--output", flags->output, "the blob")->required()->type_name("FILE");
  verb->add_option("--curve", flags->curve, "write the value of each generation as CSV")->type_name("FILE");
  verb->add_option("--checkpoint", flags->checkpoint, "write what --resume needs, a hundred times a run")
      ->type_name("FILE");
  verb->add_option("--resume", flags->resume, "go on from a checkpoint, to the same bits")->type_name("FILE");
  verb->add_option("--problems", flags->problems, "synthetic matrices; 0: 48")->check(CLI::Range(0, 256));
  verb->add_option("--largest", flags->largest, "side of a matrix; 0: 200")->check(CLI::Range(0, 2000));
  verb->add_option("--population", flags->population, "candidates a generation; 0: 16")->check(CLI::Range(0, 256));
  verb->add_option("--iterations", flags->iterations, "of a run; 0: 60")->check(CLI::Range(0, 1000));
  verb->add_option("--generations", flags->generations, "how many, those before --resume included")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
  add_common(*verb, common, flags_seed | flags_output | flags_work);
  verb->callback([flags, &common] { train(common, *flags); });
}

}  // namespace orthant::tool
