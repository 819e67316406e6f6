// `orthant-bench draw`: tables of results as pictures.  The benchmarks draw through it too, so that every picture
// shows a table.
#include <algorithm>
#include <cmath>
#include <string_view>

#include "bench.hpp"

namespace orthant::tool {
namespace {

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  for (size_t at = 0; at <= line.size();) {
    const size_t end = std::min(line.find(',', at), line.size());
    cells.emplace_back(line.substr(at, end - at));
    at = end + 1;
  }
  return cells;
}

// Rows that agree in some columns; their cells there, joined, are the name.
struct Group {
  std::string name;
  std::vector<size_t> rows;
};

// A table as the benchmarks write it: comments, a line of names, cells without quotes in the columns that are drawn.
class Results {
 public:
  explicit Results(std::string_view csv) {
    for (size_t at = 0; at < csv.size();) {
      const size_t end = std::min(csv.find('\n', at), csv.size());
      const std::string_view line = csv.substr(at, end - at);
      at = end + 1;
      if (line.empty() || line[0] == '#') continue;
      if (names_.empty())
        names_ = cells_of(line);
      else
        rows_.push_back(cells_of(line));
    }
  }
  bool has(const std::string &column) const { return std::find(names_.begin(), names_.end(), column) != names_.end(); }
  const std::string &text(size_t row, const std::string &column) const {
    const auto at = static_cast<size_t>(std::find(names_.begin(), names_.end(), column) - names_.begin());
    if (at >= rows_[row].size()) throw InputError("a row of results is too short: " + rows_[row][0]);
    return rows_[row][at];
  }
  double number(size_t row, const std::string &column) const {
    return parse_number(text(row, column)).value_or(std::nan(""));
  }
  std::vector<double> numbers(const std::vector<size_t> &rows, const std::string &column) const {
    std::vector<double> values;
    for (const size_t row : rows) values.push_back(number(row, column));
    return values;
  }
  // In the order in which they first appear.
  std::vector<Group> groups(const std::vector<size_t> &rows, const std::vector<std::string> &columns,
                            const std::string &between = " ") const {
    std::vector<Group> found;
    for (const size_t row : rows) {
      std::string name;
      for (const std::string &column : columns) {
        if (text(row, column).empty()) continue;
        name += (name.empty() ? "" : between) + text(row, column);
      }
      auto at = std::find_if(found.begin(), found.end(), [&](const Group &g) { return g.name == name; });
      if (at == found.end()) at = found.insert(at, {name, {}});
      at->rows.push_back(row);
    }
    return found;
  }
  std::vector<size_t> all() const {
    std::vector<size_t> rows(rows_.size());
    for (size_t i = 0; i < rows.size(); ++i) rows[i] = i;
    return rows;
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> rows_;
};

Series curve(const Results &t, const Group &group, const std::string &x, const std::string &y) {
  Series s;
  s.name = group.name;
  s.x = t.numbers(group.rows, x);
  s.y = t.numbers(group.rows, y);
  return s;
}

class Folder {
 public:
  Folder(fs::path path, bool force) : path_(std::move(path)), force_(force) {}
  template <class Drawing>
  void write(std::string name, const Drawing &drawing) {
    std::replace(name.begin(), name.end(), ' ', '-');
    fs::create_directories(path_);
    write_file(path_ / (name + ".svg"), svg(drawing), force_);
    ++written;
  }
  int written = 0;

 private:
  fs::path path_;
  bool force_;
};

void relu_nmd(const Results &t, Folder &to) {
  for (const Group &set : t.groups(t.all(), {"set", "rank"})) {
    const size_t first = set.rows[0];
    const std::vector<double> errors = t.numbers(set.rows, "rel_error");
    double best = INFINITY;
    for (const double e : errors) best = e < best ? e : best;
    for (const bool by_time : {true, false}) {
      Plot plot;
      plot.title = cat(t.text(first, "set"), ", ", t.text(first, "rows"), " x ", t.text(first, "cols"), ", rank ",
                       t.text(first, "rank"));
      plot.note = format("relative error above the best of all methods, %.5f; f32, one thread", best);
      plot.x.label = by_time ? "seconds" : "iterations";
      plot.x.log = !by_time;
      plot.y.label = "error - best";
      plot.y.log = true;
      plot.y.from = 1e-5;
      plot.y.to = 1;
      for (const Group &method : t.groups(set.rows, {"contestant"})) {
        const Series whole = curve(t, method, by_time ? "seconds" : "iteration", "rel_error");
        Series shown;
        shown.name = whole.name;
        for (size_t i = 0; i < whole.x.size(); ++i) {
          const double above = whole.y[i] - best;
          if (!(above >= 1e-5 && above <= 1)) continue;
          shown.x.push_back(whole.x[i]);
          shown.y.push_back(above);
        }
        plot.series.push_back(shown);
      }
      to.write(cat("relu-nmd-", t.text(first, "set"), "-r", t.text(first, "rank"), by_time ? "-time" : "-iterations"),
               plot);
    }
  }
}

void compress(const Results &t, Folder &to) {
  for (const Group &set : t.groups(t.all(), {"set"}))
    for (const bool of_data : {false, true}) {
      Plot plot;
      plot.title = cat(set.name, ": dictionary of ", t.text(set.rows[0], "dictionary"), " images as max(0, U V)");
      plot.x.label = "rank";
      plot.y.label = of_data ? "min |M - What A| / |M|" : "|W - What| / |W|";
      for (const Group &method : t.groups(set.rows, {"method"}))
        plot.series.push_back(curve(t, method, "rank", of_data ? "data_error" : "dictionary_error"));
      to.write(cat("compress-", set.name, of_data ? "-data" : "-dictionary"), plot);
    }
}

void factormer(const Results &t, Folder &to) {
  for (const Group &set : t.groups(t.all(), {"set"})) {
    Plot by_iteration, by_time, ratio;
    by_iteration.title = "RMSE by iteration: " + set.name;
    by_time.title = "RMSE by time, the start's included: " + set.name;
    ratio.title = "RMSE over that of NNDSVD at the same AO-ADMM iteration: " + set.name;
    by_iteration.x.label = ratio.x.label = "iteration";
    by_time.x.label = "seconds";
    by_time.x.log = true;
    by_iteration.y.label = by_time.y.label = "median RMSE";
    ratio.y.label = "ratio";
    ratio.note = "median and quartiles";
    by_iteration.y.log = by_time.y.log = ratio.y.log = true;
    for (const Group &pair : t.groups(set.rows, {"start", "solver"}, " + ")) {
      by_iteration.series.push_back(curve(t, pair, "iterations", "rmse"));
      by_time.series.push_back(curve(t, pair, "seconds", "rmse"));
      if (pair.name == "nndsvd + aoadmm" || t.text(pair.rows[0], "solver").rfind("aoadmm", 0) != 0) continue;
      Series s = curve(t, pair, "iterations", "ratio");
      s.lo = t.numbers(pair.rows, "ratio_q1");
      s.hi = t.numbers(pair.rows, "ratio_q3");
      ratio.series.push_back(s);
    }
    to.write("factormer-" + set.name + "-iterations", by_iteration);
    to.write("factormer-" + set.name + "-time", by_time);
    to.write("factormer-" + set.name + "-ratio", ratio);
  }
}

void rnmf(const Results &t, Folder &to) {
  for (const Group &figure : t.groups(t.all(), {"figure"})) {
    Plot plot;
    plot.title = "Figure " + figure.name;
    plot.note = "1/2 |V - W H|^2, median and quartiles over seeds";
    plot.x.label = "iteration";
    plot.y.label = "objective";
    plot.y.log = true;
    for (const Group &method : t.groups(figure.rows, {"method"})) {
      Series s = curve(t, method, "iteration", "median");
      s.lo = t.numbers(method.rows, "quarter");
      s.hi = t.numbers(method.rows, "three_quarters");
      plot.series.push_back(s);
    }
    to.write("rnmf-figure-" + figure.name, plot);
  }
}

void nalmu_toy(const Results &t, Folder &to) {
  Plot plot;
  plot.title = "The toy: error of the abundances on fresh data";
  plot.x.label = "seed";
  plot.y.label = "|H - H_true|^2";
  plot.y.log = true;
  for (const Group &method : t.groups(t.all(), {"method", "layers"}, ", ")) {
    Series s = curve(t, method, "seed", "test_error");
    if (std::none_of(s.y.begin(), s.y.end(), [](double e) { return std::isfinite(e); })) continue;  // a time alone
    s.marked = true;
    s.dashed = s.name.rfind("nalmu", 0) != 0;
    plot.series.push_back(s);
  }
  to.write("nalmu-toy", plot);
}

// A bar for each set in each group: median, least and greatest of the rows of both, NaN where there are none.
void add_bars(const Results &t, BarChart &chart, const std::string &value, const std::vector<Group> &groups,
              const std::vector<Group> &sets, bool whiskers) {
  for (const Group &group : groups) chart.groups.push_back(group.name);
  for (const Group &set : sets) {
    BarSet bars;
    bars.name = set.name;
    for (const Group &group : groups) {
      std::vector<size_t> both;
      std::set_intersection(set.rows.begin(), set.rows.end(), group.rows.begin(), group.rows.end(),
                            std::back_inserter(both));
      std::vector<double> values = t.numbers(both, value);
      std::sort(values.begin(), values.end());
      bars.values.push_back(values.empty() ? kAuto : values[values.size() / 2]);
      if (!whiskers) continue;
      bars.lo.push_back(values.empty() ? kAuto : values.front());
      bars.hi.push_back(values.empty() ? kAuto : values.back());
    }
    chart.sets.push_back(bars);
  }
}

void nalmu_warm(const Results &t, Folder &to) {
  BarChart chart;
  chart.title = "Exact unmixing with 20 endmembers that are alike: microseconds a pixel, by where the solver starts";
  chart.y.label = "microseconds";
  add_bars(t, chart, "median_us_per_pixel", t.groups(t.all(), {"problem", "abundances"}, ", "),
           t.groups(t.all(), {"start"}), false);
  to.write("nalmu-warm", chart);
}

void nalmu_scenes(const Results &t, Folder &to) {
  BarChart angle, armse;
  angle.title = "Spectral angle of the endmembers, degrees";
  armse.title = "Abundance error, aRMSE";
  add_bars(t, angle, "angle_degrees", t.groups(t.all(), {"method"}), t.groups(t.all(), {"scene"}), true);
  add_bars(t, armse, "armse", t.groups(t.all(), {"method"}), t.groups(t.all(), {"scene"}), true);
  to.write("nalmu-scenes-angle", angle);
  to.write("nalmu-scenes-armse", armse);
}

// One alone of the classical pairs, to compare the others with.
void clock_summary(const Results &t, Folder &to) {
  BarChart chart;
  chart.title = "Times of the best classical pair over those of others";
  chart.note = "Median over matrices or seeds, quartiles; above 1 is faster; one thread, the start included";
  chart.y.label = "ratio";
  chart.y.from = 0;
  chart.width = 1400;
  chart.values_shown = false;
  const std::vector<Group> targets = t.groups(t.all(), {"set", "target"});
  for (const Group &target : targets) chart.groups.push_back(target.name);
  for (const Group &contestant : t.groups(t.all(), {"contestant"})) {
    if (t.text(contestant.rows[0], "classical") == "1" && contestant.name != "cols + E8") continue;
    BarSet bars;
    bars.name = contestant.name;
    bars.values.assign(targets.size(), kAuto);
    bars.lo = bars.hi = bars.values;
    for (const size_t row : contestant.rows) {
      const auto here = [row](const Group &g) { return std::binary_search(g.rows.begin(), g.rows.end(), row); };
      const auto at = static_cast<size_t>(std::find_if(targets.begin(), targets.end(), here) - targets.begin());
      bars.values[at] = t.number(row, "ratio_median");
      bars.lo[at] = t.number(row, "ratio_q1");
      bars.hi[at] = t.number(row, "ratio_q3");
    }
    chart.sets.push_back(bars);
  }
  to.write("clock", chart);
}

// Which benchmark wrote a table is known by a column that no other has.
constexpr struct {
  const char *column;
  void (*draw)(const Results &, Folder &);
} kinds[] = {{"rel_error", relu_nmd},         {"dictionary_error", compress}, {"rmse", factormer},
             {"three_quarters", rnmf},        {"test_error", nalmu_toy},      {"median_us_per_pixel", nalmu_warm},
             {"angle_degrees", nalmu_scenes}, {"ratio_median", clock_summary}};

void draw_all(const std::string &from, const std::string &to, const Common &common) {
  if (!fs::is_directory(from)) {
    if (draw_results(read_file(from), to, common.force) > 0) return;
    throw InputError(from + ": no benchmark draws such a table");
  }
  int pictures = 0;
  for (const auto &entry : fs::recursive_directory_iterator(from)) {
    if (entry.path().extension() != ".csv") continue;
    const fs::path folder = fs::path(to) / fs::relative(entry.path(), from).replace_extension();
    pictures += draw_results(read_file(entry.path()), folder, common.force);
  }
  say(common, cat(pictures, " pictures in ", to));
}

}  // namespace

int draw_results(const std::string &csv, const fs::path &folder, bool force) {
  const Results table(csv);
  Folder to(folder, force);
  for (const auto &kind : kinds)
    if (table.has(kind.column)) kind.draw(table, to);
  return to.written;
}

void add_draw(CLI::App &app, Common &common) {
  struct Options {
    std::string from, to;
  };
  const auto o = std::make_shared<Options>();
  CLI::App *verb = app.add_subcommand("draw", "tables of results as SVG pictures");
  add_examples(*verb, {"orthant-bench draw tools/bench/results -o pictures   a folder for each table",
                       "orthant-bench draw curves.csv -o curves"});
  verb->add_option("FROM", o->from, "a table that a benchmark wrote, or a directory of such")
      ->required()
      ->check(CLI::ExistingPath);
  verb->add_option("-o,--output", o->to, "directory of the pictures")->required()->type_name("DIR");
  add_common(*verb, common, flags_output);
  verb->callback([o, &common] { draw_all(o->from, o->to, common); });
}

}  // namespace orthant::tool
