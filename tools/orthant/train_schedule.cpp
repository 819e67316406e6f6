// orthant train schedule: the learned schedule of extrapolated HALS.
#include <cmath>

#include "api.hpp"
#include "verbs.hpp"

namespace orthant::tool {
namespace {

struct Flags {
  std::string output, curve;
  int problems = 0, largest = 0, population = 0, iterations = 0, generations = 100;
};

void train(const Common &common, const Flags &flags) {
  refuse_existing(flags.output, common.force);
  if (!flags.curve.empty()) refuse_existing(flags.curve, common.force);
  const Threads pool(common);
  auto c = sized<orthant_schedule_train_config>();
  c.problems = flags.problems;
  c.largest = flags.largest;
  c.population = flags.population;
  c.iterations = flags.iterations;
  c.seed = common.seed;
  c.parallel = pool.parallel();
  size_t bytes = 0;
  check_status(orthant_schedule_train_size_f32(&c, &bytes), "planning the training");
  const Workspace memory(bytes);
  orthant_schedule_train_f32 *s = nullptr;
  check_status(orthant_schedule_train_init_f32(&c, memory.data(), bytes, &s), "placing the training");
  const auto write = [&](const std::string &curve, bool again) {
    check_status(orthant_schedule_train_save_f32(s, 0, nullptr, 0, &bytes), "saving the schedule");
    std::string blob(bytes, '\0');
    check_status(orthant_schedule_train_save_f32(s, 0, blob.data(), bytes, &bytes), "saving the schedule");
    write_file(flags.output, blob, common.force || again);
    if (!flags.curve.empty()) write_file(flags.curve, curve, common.force || again);
  };
  std::string curve = "generation,value,best\n";
  auto r = sized<orthant_report>();
  const double begin = seconds_now();
  double written = HUGE_VAL;
  watch_interrupt();
  {
    Progress progress(common, "training");
    for (int g = 0; g <= flags.generations && !interrupted(); ++g) {
      check_status(orthant_schedule_train_run_f32(s, g > 0, &r), "training");
      curve += format("%d,%s,%s\n", r.iters, shortest(r.rel_error).c_str(), shortest(r.objective).c_str());
      progress.update(double(g) / std::max(1, flags.generations), format("%.4f", r.objective));
      // the best so far
      if (r.objective < written) {
        write(curve, g > 0);
        written = r.objective;
      }
    }
  }
  write(curve, true);
  say(common, format("%d generations in %.0f s: mean log ratio of times %.4f; %s", r.iters, seconds_now() - begin,
                     r.objective, flags.output.c_str()));
}

}  // namespace

void add_train_schedule(CLI::App &train_verb, Common &common) {
  CLI::App *verb = train_verb.add_subcommand("schedule", "momentum, sweeps and relaxation of extrapolated HALS");
  add_examples(
      *verb,
      {"orthant train --kind schedule -o schedule.orw                   seconds; the same bits for any --threads",
       "orthant train --kind schedule --problems 64 --largest 250 --generations 240 --curve curve.csv -o best.orw"});
  const auto flags = std::make_shared<Flags>();
  verb->add_option("-o,--output", flags->output, "the blob")->required()->type_name("FILE");
  verb->add_option("--curve", flags->curve, "write the value of each generation as CSV")->type_name("FILE");
  verb->add_option("--problems", flags->problems, "synthetic matrices; 0: 48")->check(CLI::Range(0, 256));
  verb->add_option("--largest", flags->largest, "side of a matrix; 0: 200")->check(CLI::Range(0, 2000));
  verb->add_option("--population", flags->population, "candidates a generation; 0: 16")->check(CLI::Range(0, 256));
  verb->add_option("--iterations", flags->iterations, "of a run; 0: 60")->check(CLI::Range(0, 1000));
  verb->add_option("--generations", flags->generations, "how many")
      ->check(CLI::Range(0, 1000000))
      ->capture_default_str();
  add_common(*verb, common, flags_seed | flags_output | flags_work);
  verb->callback([flags, &common] { train(common, *flags); });
}

}  // namespace orthant::tool
