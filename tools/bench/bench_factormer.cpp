// `orthant-bench factormer`: starts and solvers by iterations and by time, the start's own time included, as in the
// figures of the Factormer's source; and the number of iterations that the raw output of a model is worth.
//
// Every matrix is brought to mean one; RMSE is of that.  A pairwise ratio is the RMSE over that of NNDSVD with AO-ADMM
// at the same iteration, or at the same time.  A point is a whole call: start, then k iterations at once; the least of
// three times below 0.2 s. Synthetic sets: fresh seeds, which no training saw.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "api.hpp"
#include "bench.hpp"
#include "factored.hpp"

namespace orthant::tool {
namespace {

struct Options {
  std::string output, svg, data = "../shared/data", only;
  std::vector<std::string> models;
  int matrices = 128, large = 64;
};

struct Start {
  std::string name;
  int32_t kind;
  const orthant_model *model;
};
const SolverChoice baseline{"aoadmm", ORTHANT_NMF_AOADMM, 5, 1};
constexpr int points[] = {0, 1, 2, 3, 5, 8, 12, 20, 30, 50};
constexpr size_t count = std::size(points);

struct Curve {  // of one matrix
  double rmse[count], seconds[count];
};

double started(Factored &x, const Start &start) {
  double least = HUGE_VAL;
  for (int k = 0; k < 3 && (k == 0 || least < 0.2); ++k) {
    const double begun = seconds_now();
    x.start(start.kind);
    if (start.model) x.propose(start.model);
    least = std::min(least, seconds_now() - begun);
  }
  return least;
}

Curve curve_of(Factored x, const Start &start, const SolverChoice &solver) {
  Curve c;
  const double begin = started(x, start);
  for (size_t i = 0; i < count; ++i) {
    double least = points[i] == 0 ? 0 : HUGE_VAL;
    Factored end = x;
    for (int k = 0; k < 3 && points[i] > 0 && (k == 0 || least < 0.2); ++k) {
      end = x;
      const double begun = seconds_now();
      advance(end, solver, points[i]);
      least = std::min(least, seconds_now() - begun);
    }
    c.rmse[i] = end.rmse();
    c.seconds[i] = begin + least;
  }
  return c;
}

// Of the baseline: RMSE at a number of seconds, between points geometrically; before its first point that one.
double at_time(const Curve &c, double seconds) {
  if (seconds <= c.seconds[0]) return c.rmse[0];
  for (size_t i = 1; i < count; ++i)
    if (seconds <= c.seconds[i]) {
      const double t = (seconds - c.seconds[i - 1]) / std::max(c.seconds[i] - c.seconds[i - 1], 1e-12);
      return std::exp((1 - t) * std::log(c.rmse[i - 1]) + t * std::log(c.rmse[i]));
    }
  return c.rmse[count - 1];
}

void set_figures(const Options &o, const Common &common, const std::string &name, const std::vector<Factored> &set,
                 const std::vector<Start> &starts, const std::vector<SolverChoice> &solvers, std::string &csv) {
  if (set.empty() || (!o.only.empty() && name.find(o.only) == std::string::npos)) return;
  std::vector<Curve> reference;
  for (size_t s = 0; s < starts.size(); ++s)
    for (const SolverChoice &solver : solvers) {
      if (solver.model && s > 0) continue;  // learned acceleration: from the first start
      std::vector<Curve> curves;
      for (const Factored &x : set) curves.push_back(curve_of(x, starts[s], solver));
      if (reference.empty()) reference = curves;  // the first: NNDSVD with AO-ADMM
      std::vector<double> medians;
      for (size_t i = 0; i < count; ++i) {
        std::vector<double> values, seconds, ratios, time_ratios;
        for (size_t k = 0; k < curves.size(); ++k) {
          values.push_back(curves[k].rmse[i]);
          seconds.push_back(curves[k].seconds[i]);
          ratios.push_back(curves[k].rmse[i] / reference[k].rmse[i]);
          time_ratios.push_back(curves[k].rmse[i] / at_time(reference[k], curves[k].seconds[i]));
        }
        csv +=
            format("%s,%zu,%s,%s,%d,%.6g,%.6g,%.6g,%.4f,%.4f,%.4f,%.6g,%.4f,%.4f,%.4f\n", name.c_str(), curves.size(),
                   starts[s].name.c_str(), solver.name.c_str(), points[i], quantile(values), quantile(values, 0.25),
                   quantile(values, 0.75), quantile(ratios), quantile(ratios, 0.25), quantile(ratios, 0.75),
                   quantile(seconds), quantile(time_ratios), quantile(time_ratios, 0.25), quantile(time_ratios, 0.75));
        medians.push_back(quantile(values));
      }
      say(common, cat(name, ": ", starts[s].name, " + ", solver.name, " ", rounded(medians[0]), " then ",
                      rounded(medians[count - 1])));
    }
  // How many iterations of the baseline the raw output equals.
  for (const Start &start : starts) {
    if (!start.model) continue;
    std::vector<double> equal;
    for (size_t k = 0; k < set.size(); ++k) {
      Factored x = set[k], base = set[k];
      started(x, start);
      base.start(ORTHANT_START_NNDSVD);
      const std::vector<double> path = iterate(base, baseline, 40);
      const double raw = x.rmse();
      equal.push_back(static_cast<double>(std::find_if(path.begin(), path.end(), [&](double e) { return e <= raw; }) -
                                          path.begin()));
    }
    const std::string line =
        format("%s: raw output of %s equals %.0f baseline iterations (median; quartiles %.0f, %.0f)", name.c_str(),
               start.name.c_str(), quantile(equal), quantile(equal, 0.25), quantile(equal, 0.75));
    std::printf("%s\n", line.c_str());
    csv += "# " + line + "\n";
  }
}

// The columns of W as images, each from black at zero: a row for each start and number of AO-ADMM iterations after it.
void basis_images(const Options &o, const Common &common, const std::string &name, const Factored &data, int side,
                  const std::vector<Start> &starts) {
  if (o.svg.empty() || (!o.only.empty() && name.find(o.only) == std::string::npos)) return;
  std::vector<Panel> panels;
  for (const Start &start : starts)
    for (const int iterations : {0, 5, 20}) {
      if (!start.model && start.kind != ORTHANT_START_NNDSVD) continue;
      Factored x = data;
      started(x, start);
      if (iterations > 0) advance(x, baseline, iterations);
      for (int k = 0; k < x.r; ++k) {
        Plane plane;
        plane.width = plane.height = side;
        for (int row = 0; row < side; ++row)
          for (int col = 0; col < side; ++col)
            plane.values.push_back(x.W[static_cast<size_t>(row + side * col + x.m * k)]);
        const Range range{0, std::max(percentiles(plane, 0, 99.5).hi, 1e-30)};
        panels.push_back({k == 0 ? cat(start.name, " + ", iterations) : "", draw_map(plane, range, ColourMap::grey)});
      }
    }
  std::string file = name;
  std::replace(file.begin(), file.end(), ' ', '-');
  write_file(fs::path(o.svg) / ("factormer-" + file + "-basis.png"), png(contact_sheet(panels, data.r)), common.force);
}

void run(const Options &o, const Common &common) {
  std::vector<SolverChoice> solvers{baseline, {"hals", ORTHANT_NMF_HALS, 5, 0}, {"ehals", ORTHANT_NMF_EHALS, 0, 0}};
  std::vector<std::unique_ptr<Weights>> models;
  std::vector<Start> starts{{"nndsvd", ORTHANT_START_NNDSVD, nullptr},
                            {"cols", ORTHANT_START_COLS, nullptr},
                            {"spas", ORTHANT_START_SPAS, nullptr}};
  for (const std::string &file : o.models) {
    models.push_back(std::make_unique<Weights>(file));
    auto info = sized<orthant_factormer_info>();
    const orthant_model *model = models.back()->model();
    if (orthant_factormer_describe(model, &info) != ORTHANT_OK || info.rank != 10)
      throw InputError(file + ": is not a factormer of rank 10");
    const std::string name = fs::path(file).stem().string();
    if (info.accelerates) {
      solvers.push_back({"aoadmm with " + name, baseline.method, baseline.sweeps, baseline.rho, model});
      solvers.push_back({"hals with " + name, ORTHANT_NMF_HALS, 5, 0, model});
    } else {
      starts.push_back({name, ORTHANT_START_NNDSVD, model});
    }
  }
  std::string csv = bench_head() + "# " + common.command +
                    "\nset,matrices,start,solver,iterations,rmse,rmse_q1,rmse_q3,ratio,ratio_q1,ratio_q3,seconds,"
                    "time_ratio,time_ratio_q1,time_ratio_q3\n";
  for (int set : {ORTHANT_FACTORS_SMALL, ORTHANT_FACTORS_LARGE}) {
    std::vector<Factored> list;
    for (int i = 0; i < (set == ORTHANT_FACTORS_SMALL ? o.matrices : o.large); ++i)
      list.push_back(Factored::synthetic(common.seed + 90000, set, static_cast<uint64_t>(i)));
    set_figures(o, common, set == ORTHANT_FACTORS_SMALL ? "small" : "large", list, starts, solvers, csv);
  }
  struct Real {
    const char *name, *file;
    int side;  // of images that stand in rows; 0: columns are samples
  };
  for (const auto &[name, file, side] :
       {Real{"Yale", "yale/Yale_64x64.mat:fea", 64}, Real{"Jasper Ridge", "jasper_ridge/jasperRidge2_R198.mat:Y", 0}}) {
    const std::string argument = o.data + "/" + file;
    if (!present(common, name, argument)) continue;
    Table<float> data = read_table<float>(argument);
    if (side > 0) {
      Table<float> out = data;
      std::swap(out.rows, out.cols);
      for (int64_t j = 0; j < data.cols; ++j)
        for (int64_t i = 0; i < data.rows; ++i) out(j, i) = data(i, j);
      data = out;
    }
    set_figures(o, common, name, {Factored::of(data, 10)}, starts, solvers, csv);
    if (side > 0) basis_images(o, common, name, Factored::of(data, 10), side, starts);
  }
  if (!o.output.empty()) write_file(o.output, csv, common.force);
  if (!o.svg.empty()) draw_results(csv, o.svg, common.force);
}

}  // namespace

void add_bench_factormer(CLI::App &app, Common &common) {
  auto o = std::make_shared<Options>();
  CLI::App &verb = *app.add_subcommand("factormer", "learned and classical starts, by iterations and by time");
  add_examples(verb, {"orthant-bench factormer --model tools/models/paper-f16.orw -o factormer.csv --svg figures"});
  verb.add_option("--model", o->models, "factormers of rank 10 (.orw)")->type_name("FILE");
  verb.add_option("-o,--output", o->output, "CSV of all curves")->type_name("FILE");
  verb.add_option("--svg", o->svg, "directory for figures")->type_name("DIR");
  verb.add_option("--data", o->data, "directory of the public data")->capture_default_str();
  verb.add_option("--only", o->only, "only sets whose name holds this");
  verb.add_option("--matrices", o->matrices, "of the small set")->check(CLI::Range(1, 100000))->capture_default_str();
  verb.add_option("--large", o->large, "matrices of the large set")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  add_common(verb, common, flags_seed | flags_output);
  verb.callback([o, &common] { run(*o, common); });
}

}  // namespace orthant::tool
