// The command line tool as a user meets it: the program named in ORTHANT_TOOL on small generated files.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <random>
#include <thread>

#include "blob_cases.hpp"
#include "io.hpp"
#include "nmf_run.hpp"

using namespace orthant::tool;

namespace {

struct Outcome {
  int code;
  std::string out, err;
};

bool has(const std::string &text, const std::string &part) { return text.find(part) != text.npos; }
// As a word of its own: "spa" is not in "spas".
bool has_word(const std::string &text, const std::string &word) {
  const auto part_of_word = [&](size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at]));
  };
  for (size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    if ((at == 0 || !part_of_word(at - 1)) && !part_of_word(at + word.size())) return true;
  }
  return false;
}
class Cli : public testing::Test {
 protected:
  static constexpr int64_t bands = 8, p = 3, lines = 5, samples = 7;

  void SetUp() override {
    const char *named = std::getenv("ORTHANT_TOOL");
    if (!named) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
    tool = fs::absolute(named).string();
    std::string pattern = (fs::temp_directory_path() / "orthant-cli-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory = pattern;
    make_scene();
  }
  void TearDown() override {
    if (!directory.empty()) fs::remove_all(directory);
  }

  // Runs the tool in the directory; `arguments` pass through the shell.
  Outcome run(const std::string &arguments) const { return run(tool, arguments); }
  Outcome run(const std::string &program, const std::string &arguments) const {
    const std::string command =
        "cd '" + directory.string() + "' && '" + program + "' " + arguments + " >.out 2>.err </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(directory / ".out"), read_file(directory / ".err")};
  }
  std::string path(const std::string &name) const { return (directory / name).string(); }
  // Of a command line in the directory in which $T is the tool.
  int shell(const std::string &command) const {
    const int status = std::system(("cd '" + directory.string() + "' && T='" + tool + "' && " + command).c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // Starts the tool in the directory, messages to .err; it is sent `signal` once `ready`.  Its exit code, or -1.
  int stopped(std::vector<std::string> words, int signal, const std::function<bool()> &ready) const {
    fs::remove(path(".err"));
    words.insert(words.begin(), tool);
    std::vector<char *> argv;
    for (std::string &word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      const int err = open(path(".err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      dup2(err, 1), dup2(err, 2);
      if (chdir(directory.c_str()) == 0) execv(tool.c_str(), argv.data());
      _exit(127);
    }
    for (int i = 0; i < 300 && !ready(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    kill(child, signal);
    int status = 0;
    if (waitpid(child, &status, 0) != child) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // A sparse matrix as a file of MATLAB 4, entries by columns; {row, column, value} from 1.
  void write_sparse_mat(const std::string &name, int32_t rows, int32_t cols,
                        const std::vector<std::array<double, 3>> &entries) const {
    const int32_t head[] = {2, static_cast<int32_t>(entries.size()) + 1, 3, 0, 2};
    std::string bytes(reinterpret_cast<const char *>(head), sizeof head);
    bytes += std::string("A\0", 2);
    for (size_t k = 0; k < 3; ++k) {
      std::vector<double> column;
      for (const auto &entry : entries) column.push_back(entry[k]);
      column.push_back(k == 0 ? rows : k == 1 ? cols : 0);
      bytes.append(reinterpret_cast<const char *>(column.data()), column.size() * sizeof(double));
    }
    write_file(path(name), bytes, true);
  }

  // Y = E A without noise: scene.img with georeference, E.csv, E.sli, A.img, and plain matrices of the same.
  void make_scene() {
    E.rows = bands, E.cols = p;
    E.names = {"grass", "soil, dry", "water"};
    for (int64_t k = 0; k < p; ++k) {
      for (int64_t b = 0; b < bands; ++b) {
        E.values.push_back(0.1f + 0.8f * static_cast<float>(std::abs(
                                             std::sin(0.7 * static_cast<double>(b + 1) * static_cast<double>(k + 1)))));
      }
    }
    for (int64_t b = 0; b < bands; ++b) E.meta.wavelength.push_back(0.4 + 0.1 * static_cast<double>(b));
    A.bands = p, A.lines = lines, A.samples = samples;
    A.meta.band_names = E.names;
    Y.bands = bands, Y.lines = lines, Y.samples = samples;
    Y.meta.wavelength = E.meta.wavelength;
    Y.meta.carried = {{"map info", "{UTM, 1, 1, 500000, 4000000, 20, 20, 10, North, WGS-84}"}};
    for (int64_t i = 0; i < lines * samples; ++i) {
      const float u = static_cast<float>(i % 5) / 4, v = static_cast<float>(i % 7) / 6;
      const float a[p] = {u * v, (1 - u) * v, 1 - v};
      A.values.insert(A.values.end(), a, a + p);
      for (int64_t b = 0; b < bands; ++b) {
        float y = 0;
        for (int64_t k = 0; k < p; ++k) y += E(b, k) * a[k];
        Y.values.push_back(y);
      }
    }
    write_envi(directory / "scene.img", Y, false);
    write_envi(directory / "A.img", A, false);
    write_sli(directory / "E.sli", E, false);
    write_csv(directory / "E.csv", E, false);
  }
  // The largest difference between the abundances in a directory and the truth.
  double error_of(const std::string &result) const {
    const auto found = read_image<float>(path(result + "/abundances.img"));
    EXPECT_EQ(found.values.size(), A.values.size());
    double most = 0;
    for (size_t i = 0; i < A.values.size(); ++i) {
      const double d = std::abs(static_cast<double>(found.values[i]) - static_cast<double>(A.values[i]));
      most = std::max(most, std::isnan(d) ? std::numeric_limits<double>::infinity() : d);
    }
    return most;
  }

  std::string tool;
  fs::path directory;
  Table<float> E;
  Image<float> A, Y;
};

TEST_F(Cli, HelpStartsWithExamplesAndUsageErrorsExitWith2) {
  for (const char *verb : {"", "demo ", "info ", "extract ", "unmix ", "nmf ", "eval ", "plot ", "train ", "train nalmu "}) {
    const Outcome o = run(std::string(verb) + "--help");
    EXPECT_EQ(o.code, 0) << verb;
    EXPECT_EQ(o.out.rfind("Examples:", 0), 0u) << verb;
    EXPECT_EQ(o.err, "") << verb;
  }
  const std::string nmf = run("nmf --help").out;
  for (const auto &name : {orthant_nmf_method_name, orthant_nmf_start_name, orthant_nmf_loss_name}) {
    for (const int32_t number : orthant::test::named_numbers(name, 0)) {
      EXPECT_TRUE(has_word(nmf, name(number))) << name(number);
    }
  }
  const std::string unmix = run("unmix --help").out, extract = run("extract --help").out;
  for (const int32_t number : orthant::test::named_numbers(orthant_unmix_method_name, 1)) {
    std::string word = orthant_unmix_method_name(number);
    std::replace(word.begin(), word.end(), '_', '-');
    EXPECT_EQ(has_word(unmix, word), number != ORTHANT_UNMIX_UNCONSTRAINED) << word;
  }
  for (const int32_t number : orthant::test::named_numbers(orthant_endmembers_method_name, 1)) {
    EXPECT_TRUE(has_word(extract, orthant_endmembers_method_name(number)) &&
                has_word(unmix, orthant_endmembers_method_name(number)));
  }
  EXPECT_EQ(run("unmix scene.img -e E.sli -o by-name --method nnls --solver fast-pg").code, 0);
  const Outcome version = run("--version");
  EXPECT_EQ(version.code, 0);
  EXPECT_EQ(version.out.rfind("orthant ", 0), 0u);
  for (const char *wrong : {"", "nonsense", "unmix", "unmix scene.hdr -o x", "unmix scene.img -o x -e E.sli -p 3",
                            "unmix scene.img -o x -e E.sli --method best", "unmix scene.img -o x -e E.sli --shape 5by7",
                            "unmix scene.img -o x -e E.sli --scale -1", "unmix scene.img -o x -p 100",
                            "nmf E.csv -k 0 -o x", "nmf E.csv -k 9 -o x", "nmf E.csv -k 2 -o x --w0 E.csv",
                            "nmf E.csv -k 2 -o x --init given", "nmf E.csv -k 2 -o x --l1-w -1",
                            "nmf E.csv -k 2 -o x --solver hals --as-printed clip",
                            "nmf E.csv -k 2 -o x --solver aurnmf --weights E.csv",
                            "nmf E.csv -k 2 -o x --solver hals --penalty-w 1,1",
                            "nmf E.csv -k 2 -o x --solver murnmf --penalty-w 1", "unmix scene.img -o x -e E.sli --solver hals", "eval",
                            "eval --endmembers E.sli", "extract scene.img -p 2 -o x.doc"}) {
    const Outcome o = run(wrong);
    EXPECT_EQ(o.code, 2) << wrong << o.err;
    EXPECT_NE(o.err + o.out, "") << wrong;
    EXPECT_FALSE(fs::exists(path("x"))) << wrong;
  }
}

TEST_F(Cli, BenchmarksAreAnotherProgram) {
  const Outcome refused = run("bench unmix");
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(has(refused.err, "orthant-bench")) << refused.err;
  const char *bench = std::getenv("ORTHANT_BENCH"), *results = std::getenv("ORTHANT_RESULTS");
  if (!bench || !results) GTEST_SKIP() << "ORTHANT_BENCH and ORTHANT_RESULTS do not name the program and its tables";
  const std::string program = fs::absolute(bench).string();
  EXPECT_EQ(run(program, "").code, 2);
  // Every kind of table, a picture of it, and what that picture names.
  const char *const pictures[][2] = {{"nalmu-toy/nalmu-toy", "limit by component, 20"},
                                     {"nalmu-warm/nalmu-warm", "NNLS, dead leaves"},
                                     {"nalmu-scenes/nalmu-scenes-armse", "bundles + nnls / sum"},
                                     {"rnmf-figures/rnmf-figure-2", "additive from tau = 0.5"},
                                     {"factormer/Jasper/factormer-Jasper-Ridge-ratio", "cols + aoadmm"},
                                     {"relu-nmd/MNIST-1000/relu-nmd-MNIST-1000-r256-time", "784 x 1000, rank 256"},
                                     {"relu-nmd/compress-ORL-minvol/compress-ORL-minvol-data", "TSVD"},
                                     {"clock/yale-summary/clock", "cols + E8"}};
  const Outcome drawn = run(program, "draw '" + std::string(results) + "' -o drawn");
  ASSERT_EQ(drawn.code, 0) << drawn.err;
  for (const auto &[file, text] : pictures)
    EXPECT_TRUE(has(read_file(path("drawn/" + std::string(file) + ".svg")), text)) << file;
  EXPECT_EQ(run(program, "draw E.csv -o none").code, 3);  // a table of nobody's
}

TEST_F(Cli, BadInputExitsWith3AndNamesTheFile) {
  write_file(path("bad.csv"), "1,2\n3,x\n", false);
  write_file(path("short.hdr"),
             "ENVI\nsamples = 9\nlines = 9\nbands = 9\ndata type = 4\ninterleave = bip\nbyte order = 0\n", false);
  write_file(path("short.img"), "too short", false);
  const std::pair<const char *, const char *> cases[] = {
      {"info none.npy", "none.npy"},
      {"nmf bad.csv -k 1 -o x", "bad.csv: line 2, column 2: 'x' is not a number"},
      {"info short.img", "short.hdr: data file has 9 bytes, the header asks for 2916 (9 x 9 x 9, f32, offset 0)"},
      {"unmix scene.img -e A.img -o x", "give endmembers for the bands of the image"},
      {"eval none --truth-endmembers E.sli", "none"},
      {"eval --endmembers E.sli --truth-endmembers A.img", "A.img"},
      {"unmix E.sli -e E.sli -o x", "spectral library, not an image"}};
  for (const auto &[arguments, text] : cases) {
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, 3) << arguments << "\n" << o.err;
    EXPECT_TRUE(has(o.err, text)) << o.err;
    EXPECT_FALSE(fs::exists(path("x")));
  }
}

TEST_F(Cli, UnmixFindsTheTruthAndWritesAllOfIt) {
  const Outcome o = run("unmix scene.img -e E.sli -o maps");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_LT(error_of("maps"), 1e-4);
  const auto found = read_image<float>(path("maps/abundances.img.hdr"));
  EXPECT_EQ(found.meta.band_names, (std::vector<std::string>{"grass", "soil; dry", "water"}));
  EXPECT_EQ(found.meta.carried, Y.meta.carried);
  EXPECT_TRUE(has(found.meta.description, "orthant unmix scene.img -e E.sli -o maps"));
  EXPECT_TRUE(has(found.meta.description, sha256(read_file(path("scene.img")))));
  const auto quality = read_image<float>(path("maps/quality.img"));
  EXPECT_EQ(quality.bands, 3);
  for (const char *name :
       {"map-grass.png", "map-soil-dry.png", "map-water.png", "maps.png", "mixture.png", "residual.png"}) {
    EXPECT_EQ(read_file(path("maps/" + std::string(name))).substr(1, 3), "PNG");
  }
  const std::string summary = read_file(path("maps/summary.json"));
  EXPECT_TRUE(has(summary, "\"schema_version\": 1"));
  EXPECT_TRUE(has(summary, "\"pixels_above\": 0"));
  for (const char *more :
       {"--method nnls", "--f64", "--threads 1", "--method ucls", "--method scls", "--method nnls --solver hals"}) {
    EXPECT_EQ(run(std::string("unmix scene.img -e E.csv -o maps --force ") + more).code, 0) << more;
    EXPECT_LT(error_of("maps"), 1e-3) << more;
  }
}

TEST_F(Cli, ThreadsDoNotChangeABit) {
  ASSERT_EQ(run("unmix scene.img -e E.sli -o one --threads 1").code, 0);
  ASSERT_EQ(run("unmix scene.img -e E.sli -o three --threads 3").code, 0);
  EXPECT_EQ(read_file(path("one/abundances.img")), read_file(path("three/abundances.img")));
  ASSERT_EQ(run("nmf scene.img -k 3 -o n1 --threads 1 --max-iter 20").code, 0);
  ASSERT_EQ(run("nmf scene.img -k 3 -o n3 --threads 3 --max-iter 20").code, 0);
  EXPECT_EQ(read_file(path("n1/W.npy")), read_file(path("n3/W.npy")));
}

TEST_F(Cli, PlainMatricesTakeShapeAndOrder) {
  Table<float> flat;  // pixels x bands with lines fastest, as MATLAB would write it
  flat.rows = lines * samples, flat.cols = bands;
  flat.values.resize(Y.values.size());
  for (int64_t l = 0; l < lines; ++l) {
    for (int64_t s = 0; s < samples; ++s) {
      for (int64_t b = 0; b < bands; ++b) flat(l + lines * s, b) = Y.pixel(s + samples * l)[b];
    }
  }
  write_npy(path("flat.npy"), flat, false);
  ASSERT_EQ(run("unmix flat.npy --shape 5x7 --order column -e E.sli -o maps").code, 0);
  EXPECT_LT(error_of("maps"), 1e-4);
  ASSERT_EQ(run("unmix flat.npy --shape 7x5 -e E.sli -o other").code, 0);  // the same file taken by lines
  const auto other = read_image<float>(path("other/abundances.img"));
  EXPECT_EQ(other.lines, 7);
  EXPECT_NEAR(other.pixel(1 + 5 * 2)[0], A.pixel(2 + 7 * 1)[0], 1e-4);
  const Outcome unshaped = run("unmix flat.npy -e E.sli -o line");
  EXPECT_EQ(unshaped.code, 0);
  EXPECT_TRUE(has(unshaped.err, "give --shape LINESxSAMPLES"));
  EXPECT_FALSE(fs::exists(path("line/maps.png")));
}

TEST_F(Cli, CountsAreScaledByAStatedRule) {
  Image<float> counts = Y;
  float top = 0;
  for (float &v : counts.values) v = std::round(v * 10000), top = std::max(top, v);
  write_envi(path("counts.img"), counts, false);
  const Outcome o = run("unmix counts.img -e E.sli -o c1");
  EXPECT_TRUE(has(o.err, "divided by 10000 ")) << o.err;
  EXPECT_LT(error_of("c1"), 1e-2);
  const Outcome largest = run("unmix counts.img -e E.sli --scale max -o c5");
  EXPECT_TRUE(has(largest.err, "divided by the maximum, " + shortest(static_cast<double>(top)))) << largest.err;
  EXPECT_EQ(run("unmix counts.img -e E.sli --scale 10000 -o c2").code, 0);
  EXPECT_LT(error_of("c2"), 1e-2);
  const Outcome none = run("unmix counts.img -e E.sli --scale none -o c3");
  EXPECT_TRUE(has(none.err, "same unit"));
  // A header that states the factor is believed before the rule.
  write_file(path("counts.img.hdr"), read_file(path("counts.img.hdr")) + "reflectance scale factor = 10000\n", true);
  EXPECT_EQ(run("unmix counts.img -e E.sli -o c4").code, 0);
  EXPECT_LT(error_of("c4"), 1e-2);
}

TEST_F(Cli, MissingPixelsBecomeNanAndNothingElseDoes) {
  Image<float> holes = Y;
  for (int64_t b = 0; b < bands; ++b) holes.pixel(4)[b] = -999;
  write_envi(path("holes.img"), holes, false);
  write_file(path("holes.img.hdr"), read_file(path("holes.img.hdr")) + "data ignore value = -999\n", true);
  const Outcome o = run("unmix holes.img -e E.sli -o maps");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(has(o.err, "1 pixels have missing values"));
  const auto found = read_image<float>(path("maps/abundances.img"));
  for (int64_t i = 0; i < found.pixels(); ++i) EXPECT_EQ(std::isnan(found.pixel(i)[0]), i == 4) << i;
  EXPECT_EQ(run("extract holes.img -p 3 -o e.csv").code, 0);
  EXPECT_EQ(run("nmf holes.img -k 3 -o f --max-iter 10").code, 0);
  const auto H = read_table<float>(path("f/H.npy"));
  EXPECT_EQ(H.cols, lines * samples);
  EXPECT_TRUE(std::isnan(H(0, 4)));
  EXPECT_FALSE(std::isnan(H(0, 5)));
  EXPECT_EQ(run("eval maps --truth-abundances A.img").code, 0);
}

TEST_F(Cli, ExtractedEndmembersAreTheTruthOfAScenewithPurePixels) {
  for (const char *method : {"vca", "spa", "nfindr"}) {
    const std::string file = std::string("e-") + method + ".sli";
    const Outcome o = run("extract scene.img -p 3 --method " + std::string(method) + " -o " + file);
    ASSERT_EQ(o.code, 0) << o.err;
    EXPECT_EQ(has(o.err, "seed 1"), std::string(method) == "vca");
    const Outcome score = run("eval --endmembers " + file + " --truth-endmembers E.sli --json");
    ASSERT_EQ(score.code, 0) << score.err;
    const size_t at = score.out.find("\"mean_angle_degrees\": ");
    ASSERT_NE(at, score.out.npos);
    EXPECT_LT(std::strtod(score.out.c_str() + at + 22, nullptr), 0.1) << method;
  }
  EXPECT_EQ(run("unmix scene.img -p 3 -o maps").code, 0);
  const Outcome score = run("eval maps --truth-abundances A.img --truth-endmembers E.sli");
  ASSERT_EQ(score.code, 0) << score.err;
  EXPECT_TRUE(has(score.out, "aRMSE                0.00")) << score.out;
}

TEST_F(Cli, EndmembersAreCountedAndTheCountIsDrawn) {
  const Outcome o = run("extract scene.img -p auto --eigenvalues count.svg -o e.sli");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(has(o.err, "hysime: 3 endmembers")) << o.err;
  EXPECT_EQ(read_table<float>(path("e.sli")).cols, 3);
  EXPECT_TRUE(has(read_file(path("count.svg")), "3 endmembers in scene.img"));
  for (const char *wrong : {"-p 0", "-p three", "-p 3.5", "-p ''", "-p auto --eigenvalues x.png",
                            "-p 3 --eigenvalues x.svg", "-p 9"}) {
    EXPECT_EQ(run("extract scene.img -o x.sli " + std::string(wrong)).code, 2) << wrong;
    EXPECT_FALSE(fs::exists(path("x.sli")) || fs::exists(path("x.svg"))) << wrong;
  }
  Image<float> dark = Y;
  dark.values.assign(dark.values.size(), 0.0f);
  write_envi(path("dark.img"), dark, false);
  const Outcome none = run("extract dark.img -p auto -o x.sli");
  EXPECT_EQ(none.code, 3);
  EXPECT_TRUE(has(none.err, "noise alone")) << none.err;
}

TEST_F(Cli, SparseUnmixingByALibrary) {
  const Outcome o = run("unmix scene.img -e E.sli --sparse 0 --sum-to-one --deviations --noise -o s");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_LT(error_of("s"), 1e-3);
  for (const char *name : {"abundances.img", "deviations.img", "quality.img", "maps.png", "summary.json"})
    EXPECT_TRUE(fs::exists(path("s/" + std::string(name)))) << name;
  ASSERT_EQ(run("unmix scene.img -e E.sli --sparse 1000 -o none --json").code, 0);
  for (const float a : read_image<float>(path("none/abundances.img")).values) EXPECT_EQ(a, 0.0f);
  for (const char *wrong : {"-e E.sli --sparse -1", "-p 3 --sparse 0", "-e E.sli --sparse 0 --mesma", "-e E.sli --mesma --bootstrap 9",
                            "-e E.sli --bootstrap 1"}) {
    EXPECT_EQ(run("unmix scene.img -o x " + std::string(wrong)).code, 2) << wrong;
    EXPECT_FALSE(fs::exists(path("x"))) << wrong;
  }
}

// Each material in two brightnesses; the pixels are mixed of the first.
TEST_F(Cli, MesmaByClassesOfNames) {
  Table<float> library = E;
  library.cols = 2 * p;
  for (std::string &name : library.names) name += " 1";
  for (int64_t k = 0; k < p; ++k) {
    library.names.push_back(E.names[static_cast<size_t>(k)] + " 2");
    for (int64_t b = 0; b < bands; ++b) library.values.push_back(0.6f * E(b, k));
  }
  write_sli(path("L.sli"), library, false);
  const Outcome o = run("unmix scene.img -e L.sli --mesma --sum-to-one --gain -1 -o m");
  ASSERT_EQ(o.code, 0) << o.err;
  const auto found = read_image<float>(path("m/fractions.img")), models = read_image<float>(path("m/models.img"));
  EXPECT_EQ(found.meta.band_names, (std::vector<std::string>{"grass", "soil; dry", "water"}));
  ASSERT_EQ(found.values.size(), A.values.size());
  for (size_t i = 0; i < A.values.size(); ++i) {
    EXPECT_NEAR(found.values[i], A.values[i], 1e-3) << i;
    if (A.values[i] > 0.01f) EXPECT_EQ(models.values[i], 1.0f + static_cast<float>(i % p));
  }
  const std::string labels = "--classes a,b,c,a,b,c";
  ASSERT_EQ(run("unmix scene.img -e L.sli --mesma --sum-to-one --gain -1 -o labelled " + labels).code, 0);
  EXPECT_EQ(read_image<float>(path("labelled/fractions.img")).values, found.values);
  ASSERT_EQ(run("unmix scene.img -e L.sli --bootstrap 20 --each 2 --sum-to-one -o drawn").code, 0);  // all: no chance
  const auto drawn = read_image<float>(path("drawn/fractions.img"));
  const auto scatter = read_image<float>(path("drawn/deviations.img"));
  for (size_t i = 0; i < A.values.size(); ++i) {
    EXPECT_NEAR(drawn.values[i], A.values[i], 1e-3) << i;
    EXPECT_NEAR(scatter.values[i], 0, 1e-3) << i;
  }
  ASSERT_EQ(run("unmix scene.img -e L.sli --mesma -o shade").code, 0);
  EXPECT_EQ(read_image<float>(path("shade/fractions.img")).meta.band_names.back(), "shade");
  for (const char *wrong :
       {"--mesma --classes a,b", "--mesma --most-classes 4", "--mesma --least-classes 3 --most-classes 2"})
    EXPECT_EQ(run("unmix scene.img -e L.sli -o x " + std::string(wrong)).code, 2) << wrong;
  const Outcome crossed = run("unmix scene.img -e L.sli -o x --mesma --least-classes 3 --most-classes 2");
  EXPECT_TRUE(has(crossed.err, "least is 3; it must be from 0 to 2")) << crossed.err;
}

TEST_F(Cli, EvalMatchesPermutedEndmembers) {
  Table<float> other = E;
  Image<float> shares = A;
  const int64_t from[p] = {2, 0, 1};
  for (int64_t k = 0; k < p; ++k) {
    other.names[static_cast<size_t>(k)] = "found" + std::to_string(from[k]);
    for (int64_t b = 0; b < bands; ++b) other(b, k) = E(b, from[k]);
    for (int64_t i = 0; i < A.pixels(); ++i) shares.pixel(i)[k] = A.pixel(i)[from[k]];
  }
  write_sli(path("found.sli"), other, false);
  write_envi(path("found.img"), shares, false);
  const Outcome o =
      run("eval --endmembers found.sli --abundances found.img --truth-endmembers E.sli --truth-abundances A.img");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(has(o.out, "grass                found0                         0.0000   0.00000")) << o.out;
  EXPECT_TRUE(has(o.out, "water                found2                         0.0000   0.00000")) << o.out;
  EXPECT_TRUE(has(o.out, "RMSE                 0.00000"));
  // Without spectra the abundances are matched.
  EXPECT_TRUE(has(run("eval --abundances found.img --truth-abundances A.img").out, "aRMSE                0.00000"));
}

TEST_F(Cli, NumbersWhoseSquaresOverflowAreComparedAndDescribed) {
  std::ofstream(directory / "found.csv") << "1e200\n2e200\n";
  std::ofstream(directory / "true.csv") << "5e200\n7e200\n";
  const Outcome o = run("eval --abundances found.csv --truth-abundances true.csv --shape 1x1 --json");
  ASSERT_EQ(o.code, 0) << o.err;
  const auto number = [](const std::string &text, const std::string &key) {
    const size_t at = text.rfind('"' + key + '"');
    return at == text.npos ? std::nan("") : std::strtod(text.c_str() + text.find(':', at) + 1, nullptr);
  };
  EXPECT_NEAR(number(o.out, "rmse") / 1e200, std::sqrt(20.5), 1e-12) << o.out;
  EXPECT_NEAR(number(o.out, "armse") / 1e200, std::sqrt(20.5), 1e-12) << o.out;
  EXPECT_NEAR(number(o.out.substr(0, o.out.find(']')), "rmse") / 1e200, 5, 1e-12) << o.out;
  const Outcome described = run("info true.csv --json");
  ASSERT_EQ(described.code, 0) << described.err;
  EXPECT_NEAR(number(described.out, "mean") / 1e200, 6, 1e-12) << described.out;
  EXPECT_NEAR(number(described.out, "standard_deviation") / 1e200, 1, 1e-12) << described.out;
}

TEST_F(Cli, FewerThreadsThanAskedForGiveTheSameResultAndAWarning) {
  // Stacks of a gigabyte, of which two find room.
  const std::string limits = "ulimit -s 1048576 && ulimit -v 2883584 && ";
  if (std::system(("(" + limits + "true) 2>/dev/null").c_str()) != 0) GTEST_SKIP() << "the limits cannot be set here";
  const Outcome all = run("unmix scene.img -e E.sli -o all --threads 1");
  EXPECT_FALSE(has(all.err, "threads:")) << all.err;
  const std::string command = "cd '" + directory.string() + "' && " + limits + "'" + tool +
                              "' unmix scene.img -e E.sli -o few --threads 64 >.out 2>.err </dev/null";
  const int status = std::system(command.c_str());
  const std::string err = read_file(directory / ".err");
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << err;
  const size_t at = err.find("warning: the system gives no more threads: ");
  ASSERT_NE(at, err.npos) << err;
  EXPECT_TRUE(has(err, " of 64 work")) << err;
  EXPECT_EQ(err.find("no more threads", at + 40), err.npos) << err;
  EXPECT_EQ(read_image<float>(path("few/abundances.img")).values, read_image<float>(path("all/abundances.img")).values);
}

TEST_F(Cli, NmfWritesFactorsCurveAndSummary) {
  const Outcome o = run("nmf scene.img -k 3 --tol 1e-3 -o f --format csv --json");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out, read_file(path("f/summary.json")));
  EXPECT_EQ(o.out[0], '{');
  EXPECT_TRUE(has(o.err, "seed 1"));
  const auto W = read_table<float>(path("f/W.csv"), bands), H = read_table<float>(path("f/H.csv"), 3);
  double error = 0, norm = 0;
  for (int64_t i = 0; i < Y.pixels(); ++i) {
    for (int64_t b = 0; b < bands; ++b) {
      float wh = 0;
      for (int64_t k = 0; k < 3; ++k) wh += W(b, k) * H(k, i);
      error += std::pow(static_cast<double>(Y.pixel(i)[b] - wh), 2);
      norm += std::pow(static_cast<double>(Y.pixel(i)[b]), 2);
    }
  }
  EXPECT_LT(std::sqrt(error / norm), 0.05);
  const auto curve = read_table<double>(path("f/convergence.csv"));
  EXPECT_EQ(curve.names, (std::vector<std::string>{"iteration", "seconds", "objective", "relative_error", "kkt"}));
  EXPECT_NEAR(curve(curve.rows - 1, 3), std::sqrt(error / norm), 1e-3);
  const std::vector<int32_t> frobenius = orthant::test::methods_of_loss(ORTHANT_LOSS_FROBENIUS);
  for (const int32_t method : orthant::test::nmf_methods()) {
    const bool other = std::find(frobenius.begin(), frobenius.end(), method) == frobenius.end();
    const std::string solver = orthant_nmf_method_name(method);
    const Outcome solved =
        run("nmf scene.img -k 2 --max-iter 5 -o f --force --solver " + solver + (other ? " --loss kl" : ""));
    EXPECT_EQ(solved.code, 0) << solver << solved.err;
  }
  for (const int32_t start : orthant::test::nmf_starts_from_data()) {
    const std::string init = orthant_nmf_start_name(start);
    const Outcome begun = run("nmf scene.img -k 2 --max-iter 5 -o f --force --init " + init);
    EXPECT_EQ(begun.code, 0) << init << begun.err;
  }
  // Weights and penalties, from numbers and files.
  const Outcome weighted = run("nmf scene.img -k 3 --max-iter 50 -o w --json --solver aurnmf --l1-h 0.01 --ortho-h 0.1 "
                               "--weights cols=f/H.npy");
  EXPECT_EQ(weighted.code, 3);
  EXPECT_TRUE(has(weighted.err, "35 weights are needed")) << weighted.err;
  Table<float> diagonal;
  diagonal.rows = bands, diagonal.cols = 1;
  diagonal.values.assign(size_t(bands), 0.5f);
  write_csv(directory / "noise.csv", diagonal, false);
  for (const char *solver : {"murnmf", "aurnmf"}) {
    const Outcome o2 = run(cat("nmf scene.img -k 3 --max-iter 50 -o w --force --json --l1-h 0.01 --l2-w 0.1 --ortho-h 0.1 ",
                               "--weights rows=noise.csv --penalty-w noise.csv,0.5 --solver ", solver));
    EXPECT_EQ(o2.code, 0) << o2.err;
    EXPECT_TRUE(has(o2.out, "rows=noise.csv") && has(o2.out, "\"l1_h\": 0.01")) << o2.out;
  }
  const Outcome going_on = run("nmf scene.img -k 2 --w0 f/W.npy --h0 f/H.npy -o g");
  EXPECT_EQ(going_on.code, 0) << going_on.err;
  EXPECT_EQ(run("nmf E.csv --transpose -k 2 --max-iter 3 -o t --f64").code, 0);
  EXPECT_EQ(read_table<double>(path("t/W.npy")).rows, p);
}

// max(0, U V) of rank 2 with half of its entries zero, from a start near by.
TEST_F(Cli, ReluNmdWritesFactorsThatExplainTheData) {
  Table<float> M;
  M.rows = 30, M.cols = 20;
  for (int64_t j = 0; j < M.cols; ++j)
    for (int64_t i = 0; i < M.rows; ++i)
      M.values.push_back(static_cast<float>(std::max(0.0, std::sin(0.9 * static_cast<double>(i + 2 * j)))));
  write_npy(directory / "M.npy", M, false);
  const Outcome o = run("relu-nmd M.npy -k 2 -o r --json");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out, read_file(path("r/summary.json")));
  const auto U = read_table<float>(path("r/U.npy"), 30), V = read_table<float>(path("r/V.npy"), 2);
  double error = 0, norm = 0;
  for (int64_t j = 0; j < M.cols; ++j)
    for (int64_t i = 0; i < M.rows; ++i) {
      const double uv = double(U(i, 0)) * double(V(0, j)) + double(U(i, 1)) * double(V(1, j));
      error += std::pow(double(M(i, j)) - std::max(uv, 0.0), 2), norm += std::pow(double(M(i, j)), 2);
    }
  EXPECT_LT(std::sqrt(error / norm), 1e-3);  // sin(a + b) has rank two; the default stops at 1e-4
  const auto curve = read_table<double>(path("r/convergence.csv"));
  EXPECT_NEAR(curve(curve.rows - 1, 3), std::sqrt(error / norm), 1e-5);
  for (const char *solver : {"auto", "qn", "nmd-tm", "3b-nmd", "a-nmd", "naive", "a-naive", "em-nmd", "a-em"})
    EXPECT_EQ(run(cat("relu-nmd M.npy -k 2 --max-iter 5 -o s --force --f64 --transpose --solver ", solver)).code, 0) << solver;
  EXPECT_EQ(run("relu-nmd M.npy -k 2 -o g --u0 r/U.npy --v0 r/V.npy --max-iter 0").code, 0);
  EXPECT_EQ(run("relu-nmd M.npy -k 2 -o h --u0 r/U.npy").code, 2);
  EXPECT_EQ(run("relu-nmd M.npy -k 2 -o r").code, 1);
  EXPECT_EQ(run("relu-nmd M.npy -k 2 -o t --max-iter 2 --strict").code, 4);
  write_file(path("n.csv"), "1,2\n3,-4\n", false);
  const Outcome negative = run("relu-nmd n.csv -k 1 -o x");
  EXPECT_EQ(negative.code, 3);
  EXPECT_TRUE(has(negative.err, "n.csv: entry (1, 1) is -4 and is negative")) << negative.err;
  EXPECT_FALSE(fs::exists(path("x")));
}

// Three rings of points, far apart: every solver finds them; the net is saved and used again.
TEST_F(Cli, ClusterFindsGroupsAndKeepsItsNet) {
  std::string points, labels, more;
  for (int i = 0; i < 36; ++i) {
    const double turn = 0.5 * i;
    const std::string x = std::to_string(10 * (i % 3) + std::cos(turn));
    points += x + "," + std::to_string(std::sin(turn)) + "\n";
    more += x + "," + std::to_string(2 * std::sin(turn)) + "\n";
    labels += cat(i % 3 + 5, "\n");
  }
  write_file(path("s.csv"), points, false), write_file(path("m.csv"), more, false), write_file(path("l.csv"), labels, false);
  const Outcome o = run("cluster s.csv -k 3 --labels l.csv --solver net,hals,anls,pgd,spectral -o c --json --epochs 40 "
                        "--save-model n.blob");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out, read_file(path("c/summary.json")));
  size_t perfect = 0;
  for (size_t at = 0; (at = o.out.find("\"accuracy\": 1,", at)) != o.out.npos; ++at) ++perfect;
  EXPECT_EQ(perfect, 5u) << o.out;
  EXPECT_EQ(read_table<double>(path("c/labels.csv")).rows, 36);
  for (const char *file : {"U.npy", "factor.png", "error.svg"}) EXPECT_TRUE(fs::exists(path("c") + "/" + file)) << file;
  EXPECT_EQ(run("weights verify n.blob").code, 0);
  EXPECT_EQ(run("cluster s.csv -k 3 --epochs 40 --save-model n.blob").code, 1);
  const Outcome again = run("cluster s.csv -k 3 --model n.blob -o d");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(read_file(path("d/U.npy")), read_file(path("c/U.npy")));
  const Outcome other = run("cluster m.csv -k 3 --model n.blob");
  EXPECT_EQ(other.code, 3);
  EXPECT_TRUE(has(other.err, "trained on another graph")) << other.err;
  EXPECT_EQ(run("cluster s.csv -k 3 --sharpen 0 --model n.blob").code, 3) << "the net is trained on a sharpened graph";
  EXPECT_EQ(run("cluster s.csv -k 3 --sharpen 1.5").code, 2);
  EXPECT_EQ(run("cluster s.csv -k 3 --solver hals --model n.blob").code, 2);
  EXPECT_EQ(run("cluster s.csv -k 37").code, 2);
  EXPECT_EQ(run("cluster s.csv -k 2 --graph given").code, 3);
  EXPECT_EQ(run("cluster s.csv -k 3 --solver hals --epochs 40").code, 2);
  // By default SymHALS from the better start on the sharpened graph, and the yardstick where classes are known.
  const Outcome plain = run("cluster s.csv -k 3 --json"), known = run("cluster s.csv -k 3 --labels l.csv");
  EXPECT_TRUE(has(plain.out, "\"solver\": \"hals\"") && !has(plain.out, "spectral")) << plain.out;
  EXPECT_TRUE(has(plain.out, "\"start\": \"best\"") && has(plain.out, "\"share\": 0.125,")) << plain.out;
  EXPECT_TRUE(has(plain.out, "\"graph\": \"gaussian\"")) << plain.out;
  EXPECT_TRUE(has(known.out, "\nhals ") && has(known.out, "\nspectral ") && has(known.out, "ACC 1.0000")) << known.out;
}

// Texts of four topics: each has its own order of the words, taken by Zipf's law, and seven words of ten are those
// of every text.  Lengths differ twentyfold, which is most of the distance between two of them.
TEST_F(Cli, ClusterComparesCountsByAngle) {
  const int words = 900, texts = 160, topics = 4;
  std::mt19937_64 random(3);
  const auto uniform = [&] { return double(random() >> 11) * 0x1p-53; };
  const auto zipf = [&](int most) { return int(std::pow(double(most), uniform())) - 1; };  // p(rank) about 1 / rank
  std::string table, labels;
  std::vector<std::array<double, 3>> entries;
  for (int i = 0; i < texts; ++i) {
    const int topic = i % topics, length = int(15 * std::pow(20, uniform()));
    std::vector<int> count(words);
    for (int k = 0; k < length; ++k) {
      if (uniform() < 0.7) ++count[zipf(words / 5)];
      else ++count[words / 5 * (1 + topic) + zipf(words / 5)];
    }
    for (int j = 0; j < words; ++j) {
      table += cat(count[j], j + 1 < words ? "," : "\n");
      if (count[j] > 0) entries.push_back({double(i + 1), double(j + 1), double(count[j])});
    }
    labels += cat(topic, "\n");
  }
  std::stable_sort(entries.begin(), entries.end(), [](const auto &a, const auto &b) { return a[1] < b[1]; });
  write_file(path("w.csv"), table, false), write_file(path("l.csv"), labels, false);
  write_sparse_mat("w.mat", texts, words, entries);
  const auto accuracy = [&](const std::string &arguments) {
    const Outcome o = run("cluster " + arguments + " -k 4 --labels l.csv --solver hals,spectral --json");
    EXPECT_EQ(o.code, 0) << o.err;
    const auto value = [&](size_t from) { return std::stod(o.out.substr(o.out.find("\"accuracy\": ", from) + 12)); };
    return std::pair(value(0), value(o.out.find("\"spectral\"")));
  };
  const Outcome said = run("cluster w.csv -k 4 --json");
  EXPECT_TRUE(has(said.out, "\"graph\": \"cosine\"") && has(said.err, "--graph cosine")) << said.err;
  const auto chosen = accuracy("w.csv"), distance = accuracy("w.csv --graph gaussian");
  EXPECT_GT(chosen.first, 0.9);
  EXPECT_GT(chosen.second, 0.9);
  EXPECT_LT(distance.first, chosen.first - 0.2);
  EXPECT_EQ(accuracy("w.mat:A"), chosen);
}

// On a graph of no clear groups too, SymHALS by default ends where the net does.
TEST_F(Cli, ClusterEndsWhereTheNetDoes) {
  std::mt19937_64 random(5);
  std::string points;
  for (int i = 0; i < 600; ++i) points += std::to_string(double(random() >> 11) * 0x1p-53) + (i % 5 == 4 ? "\n" : ",");
  write_file(path("p.csv"), points, true);
  const auto error = [&](const char *solver) {
    const Outcome o = run(cat("cluster p.csv -k 6 --json", solver));
    return std::stod(o.out.substr(o.out.find("\"error\": ") + 9));
  };
  EXPECT_NEAR(error("") / error(" --solver net"), 1, 2e-4);
}

// --init best: of the spectral starts of two graphs the one from which SymHALS ends lower.
TEST_F(Cli, ClusterTakesTheBetterStart) {
  int lower = 0;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    std::mt19937_64 random(seed);
    std::string points;
    for (int i = 0; i < 1000; ++i) points += std::to_string(double(random() >> 11) * 0x1p-53) + (i % 5 == 4 ? "\n" : ",");
    write_file(path("p.csv"), points, true);
    const auto error = [&](const char *init) {
      const Outcome o = run(cat("cluster p.csv -k 12 --sharpen 0 --max-iter 100 --tol -1 --json --init ", init));
      return std::stod(o.out.substr(o.out.find("\"error\": ") + 9));
    };
    const double best = error("best"), one = error("spectral");
    EXPECT_LE(best, one + 1e-6) << seed;  // f32
    lower += best < one - 1e-5;
  }
  EXPECT_GE(lower, 1);
}

TEST_F(Cli, ClusterNamesWhatIsWrongWithAGraph) {
  write_file(path("a.csv"), "0,1,0\n1,0,2\n0,3,0\n", false), write_file(path("n.csv"), "0,-1\n-1,0\n", false);
  write_file(path("l.csv"), "1\n2\n", false), write_file(path("s.csv"), "0,1\n1,0\n1,1\n", false);
  const Outcome mirror = run("cluster a.csv -k 2 --graph given"), below = run("cluster n.csv -k 1 --graph given");
  EXPECT_EQ(mirror.code, 3);
  EXPECT_TRUE(has(mirror.err, "entry (3, 2) is 3, its mirror 2")) << mirror.err;
  EXPECT_EQ(below.code, 3);
  EXPECT_TRUE(has(below.err, "entry (2, 1) is -1")) << below.err;
  const Outcome transposed = run("cluster s.csv -k 2 --labels l.csv");
  EXPECT_EQ(transposed.code, 3);
  EXPECT_TRUE(has(transposed.err, "add --columns")) << transposed.err;
}

TEST_F(Cli, NmfNamesTheEntryItRefuses) {
  write_file(path("n.csv"), "1,2\n3,-4\n", false);
  write_file(path("m.csv"), "1,\n3,4\n", false);
  const Outcome negative = run("nmf n.csv -k 1 -o x"), missing = run("nmf m.csv -k 1 -o x");
  EXPECT_EQ(negative.code, 3);
  EXPECT_TRUE(has(negative.err, "n.csv: entry (1, 1) is -4 and is negative")) << negative.err;
  EXPECT_EQ(missing.code, 3);
  EXPECT_TRUE(has(missing.err, "m.csv: entry (0, 1) is nan and is missing")) << missing.err;
}

TEST_F(Cli, OutputsAreRefusedUnlessForced) {
  ASSERT_EQ(run("unmix scene.img -e E.sli -o maps").code, 0);
  const Outcome again = run("unmix scene.img -e E.sli -o maps");
  EXPECT_EQ(again.code, 1);
  EXPECT_TRUE(has(again.err, "add --force"));
  EXPECT_EQ(run("unmix scene.img -e E.sli -o maps --force").code, 0);
  EXPECT_EQ(run("extract scene.img -p 2 -o E.sli").code, 1);
  EXPECT_EQ(run("nmf scene.img -k 2 -o E.sli").code, 1);
  EXPECT_EQ(run("nmf scene.img -k 2 --max-iter 2 -o /proc/none/x").code, 1);
}

TEST_F(Cli, DryRunSaysThePlanAndWritesNothing) {
  for (const char *plan : {"unmix scene.img -e E.sli -o x", "unmix scene.img -p 2 -o x", "nmf scene.img -k 2 -o x",
                           "extract scene.img -p 2 -o x.sli"}) {
    const Outcome o = run(std::string(plan) + " --dry-run");
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_TRUE(has(o.err, "would ")) << o.err;
    EXPECT_TRUE(has(o.err, "workspace")) << o.err;
    EXPECT_FALSE(fs::exists(path("x")) || fs::exists(path("x.sli")));
  }
}

TEST_F(Cli, StrictExitsWith4WhereNotConverged) {
  const std::string nmf = "nmf scene.img -k 3 --max-iter 1 --tol 1e-9 -o f --force",
                    mu = "unmix scene.img -e E.sli --method nnls --solver mu --max-iter 1 -o m --force";
  EXPECT_EQ(run(nmf).code, 0);
  EXPECT_EQ(run(nmf + " --strict").code, 4);
  EXPECT_EQ(run(mu).code, 0);
  EXPECT_EQ(run(mu + " --strict").code, 4);
  EXPECT_TRUE(fs::exists(path("m/abundances.img")));
}

TEST_F(Cli, QuietIsQuietAndSeedsRepeat) {
  EXPECT_EQ(run("nmf scene.img -k 2 --max-iter 3 -q -o a --seed 7").err, "");
  EXPECT_EQ(run("nmf scene.img -k 2 --max-iter 3 -q -o b --seed 7").err, "");
  EXPECT_EQ(read_file(path("a/W.npy")), read_file(path("b/W.npy")));
  EXPECT_TRUE(has(read_file(path("a/summary.json")), "\"seed\": 7"));
}

TEST_F(Cli, InfoDescribesAndChecks) {
  const Outcome o = run("info scene.img");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(has(o.out, "5 lines x 7 samples x 8 bands"));
  EXPECT_TRUE(has(o.out, "0.4 to 1.1 micrometres"));
  EXPECT_TRUE(has(o.out, "problems     none"));
  const Outcome json = run("info scene.img --json");
  EXPECT_TRUE(has(json.out, "\"schema_version\": 1"));
  write_file(path("m.csv"), "1,\n3,4\n", false);
  EXPECT_EQ(run("info m.csv").code, 0);
  const Outcome check = run("info m.csv --check");
  EXPECT_EQ(check.code, 3);
  EXPECT_TRUE(has(check.out, "1 values are missing"));
}

TEST_F(Cli, InterruptedRunsLeaveAPartialResult) {
  for (const int signal : {SIGINT, SIGTERM}) {
    // The bar shows that iterations have begun.
    const auto begun = [&] { return fs::exists(path(".err")) && has(read_file(path(".err")), "iteration"); };
    EXPECT_EQ(stopped({"nmf", "scene.img", "-k", "3", "-o", "f", "--force", "--tol", "0", "--max-iter", "100000000",
                       "--progress", "always"},
                      signal, begun),
              130)
        << signal;
    EXPECT_TRUE(has(read_file(path(".err")), "interrupted after"));
    EXPECT_TRUE(has(read_file(path(".err")), "factors so far are in f"));
    EXPECT_EQ(read_table<float>(path("f/W.npy")).cols, 3);
    EXPECT_TRUE(has(read_file(path("f/summary.json")), "\"stop\": \"cancelled\""));
  }
}

TEST_F(Cli, AScheduleIsTrainedOnFromWhereItStopped) {
  const std::string flags = "train schedule --problems 3 --largest 24 --population 4 --iterations 12 ";
  ASSERT_EQ(run(flags + "--generations 6 -o whole.orw").code, 0);
  ASSERT_EQ(run(flags + "--generations 2 -o half.orw --checkpoint state.orw").code, 0);
  EXPECT_EQ(run(flags + "--generations 6 -o resumed.orw --resume state.orw --checkpoint state.orw").code, 0);
  EXPECT_EQ(read_file(path("resumed.orw")), read_file(path("whole.orw")));
  const Outcome other = run(flags + "--seed 2 --generations 6 -o other.orw --resume state.orw");
  EXPECT_EQ(other.code, 3);
  EXPECT_TRUE(has(other.err, "state.orw: is no state of a training with these flags")) << other.err;
  const auto begun = [&] { return fs::exists(path("s.orw")); };
  std::vector<std::string> words = {"train",  "schedule", "--problems",   "3",  "--largest",     "24",
                                    "--population", "4",  "--iterations", "12", "--generations", "1000000",
                                    "-o",     "cut.orw",  "--checkpoint", "s.orw"};
  EXPECT_EQ(stopped(words, SIGTERM, begun), 130);
  EXPECT_TRUE(has(read_file(path(".err")), "interrupted after")) << read_file(path(".err"));
  EXPECT_TRUE(has(read_file(path(".err")), "of 1000000 generations; cut.orw holds the model so far, go on with --resume s.orw"))
      << read_file(path(".err"));
  EXPECT_EQ(run("weights verify cut.orw s.orw").code, 0);
}

// A model tells what its training was like, and NMF does not ask it for other data.
TEST_F(Cli, AFactormerIsForDataLikeThoseOfItsTraining) {
  const std::string shape = " --width 8 --heads 1 --layers 1 --rank 2 -q --force";
  ASSERT_EQ(run("train factormer --epochs 1 --epoch-matrices 3 --validation 1 -o f.orw" + shape).code, 0);
  EXPECT_EQ(run("train factormer --range 5 -o wide.orw" + shape).code, 2);  // of which model?
  ASSERT_EQ(run("train factormer --range 500 --resume f.orw -o wide.orw" + shape).code, 0);
  EXPECT_TRUE(has(run("weights inspect wide.orw").out, "range"));
  std::string recipe, sparse;
  const auto cube = [](int x) { return x * x * x; };  // factors about as skewed as exponential ones
  for (int i = 0; i < 20; ++i)
    for (int j = 0; j < 20; ++j) {
      recipe += cat(cube((1 + i % 9) * (1 + j % 8)) + cube((1 + 3 * i % 7) * (1 + 3 * j % 10)), j < 19 ? "," : "\n");
      sparse += cat((7 * i + j) % 19 == 0 ? 1 : 0, j < 19 ? "," : "\n");
    }
  write_file(path("recipe.csv"), recipe, true);
  write_file(path("sparse.csv"), sparse, true);
  EXPECT_FALSE(has(run("nmf recipe.csv -k 2 --model wide.orw -o a").out, "unlike the model's training"));
  EXPECT_TRUE(has(read_file(path("a/summary.json")), "\"model_asked\": true"));
  EXPECT_TRUE(has(run("nmf sparse.csv -k 2 --model wide.orw -o b").out, "unlike the model's training"));
  EXPECT_TRUE(has(read_file(path("b/summary.json")), "\"model_asked\": false"));
}

TEST_F(Cli, ACheckpointOverwritesNoForeignFile) {
  const std::string factormer = "train factormer --width 8 --heads 1 --layers 1 --rank 2 --epochs 1 --epoch-matrices 1 "
                                "--validation 1 -q -o f.orw --checkpoint mine.txt";
  for (const std::string &train :
       {factormer, std::string("train nalmu --library E.sli --steps 2 --batch 1 --patch 2x2 --layers 1 -o n.orw "
                               "--checkpoint mine.txt"),
        std::string("train schedule --problems 1 --largest 16 --population 4 --iterations 2 --generations 1 -o s.orw "
                    "--checkpoint mine.txt")}) {
    write_file(path("mine.txt"), "a letter", true);
    const Outcome o = run(train);
    EXPECT_EQ(o.code, 1) << train << o.err;
    EXPECT_TRUE(has(o.err, "mine.txt: exists already")) << o.err;
    EXPECT_EQ(read_file(path("mine.txt")), "a letter");
    EXPECT_EQ(run(train + " --force").code, 0) << train;
    EXPECT_EQ(run(train + " --force --resume mine.txt").code, 0) << train;
  }
  // What was gone on from is no foreign file.
  EXPECT_EQ(run("train schedule --problems 1 --largest 16 --population 4 --iterations 2 --generations 2 -o t.orw "
                "--checkpoint mine.txt --resume mine.txt").code, 0);
}

TEST_F(Cli, WhatCannotBePrintedIsAnError) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  for (const char *arguments : {"info scene.img", "info scene.img --json", "unmix scene.img -e E.sli -o x --json --force",
                                "extract scene.img -p 2 --force -o e.csv", "--help", "nmf --help", "--version"}) {
    EXPECT_EQ(shell(std::string("\"$T\" ") + arguments + " >/dev/full 2>.err"), 1) << arguments;
    EXPECT_TRUE(has(read_file(path(".err")), "standard output: cannot be written")) << arguments;
  }
  EXPECT_EQ(shell("\"$T\" info none >/dev/full 2>.err"), 3);
}

// Names in Latin-1, and one that would take over a terminal.
TEST_F(Cli, NamesOfHeadersAreTextForJsonAndForTheTerminal) {
  const std::string evil = "so\x1b]0;title\x07il \xc2\x9b" "2J";
  std::string header = read_file(path("E.sli.hdr"));
  const size_t from = header.find("spectra names"), to = header.find('}', from);
  header.replace(from, to + 1 - from, "spectra names = {Gr\xfcn, " + evil + ", water}");
  write_file(path("E.sli.hdr"), header, true);
  write_file(path("scene.img.hdr"), read_file(path("scene.img.hdr")) + "sensor type = " + evil + "\n", true);
  const auto clean = [](const std::string &text) {
    for (size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if ((c < 0x20 && c != '\n') || c == 0x7f || c == 0xfc) return false;
      if (c == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return false;
    }
    return true;
  };
  const Outcome json = run("unmix scene.img -e E.sli -o m --json"), text = run("unmix scene.img -e E.sli -o n");
  ASSERT_EQ(json.code, 0) << json.err;
  EXPECT_EQ(json.out, read_file(path("m/summary.json")));
  EXPECT_TRUE(has(json.out, "Gr\xc3\xbcn") && has(json.out, "so\\u001b]0;title\\u0007il \\u009b2J")) << json.out;
  EXPECT_TRUE(clean(json.out) && clean(json.err));
  EXPECT_TRUE(has(text.out, "Gr\xc3\xbcn") && has(text.out, "so?]0;title?il ?2J")) << text.out;
  EXPECT_TRUE(clean(text.out) && clean(text.err));
  for (const char *verb : {"info E.sli", "info scene.img", "eval --endmembers E.sli --truth-endmembers E.sli",
                           "eval --endmembers E.sli --truth-endmembers E.sli --json"}) {
    const Outcome o = run(verb);
    EXPECT_EQ(o.code, 0) << verb;
    EXPECT_TRUE(clean(o.out) && clean(o.err)) << verb << o.out;
  }
  // The end of a message is not cut within a character, and an error is as harmless.
  write_file(path("evil.hdr"), "ENVI\nsamples = " + evil + "\n", false);
  write_file(path("evil.img"), "x", false);
  EXPECT_TRUE(clean(run("info evil.img").err));
}

TEST_F(Cli, SparseDataStaySparse) {
  std::vector<std::array<double, 3>> entries;
  Table<double> full(30, 24);
  std::fill(full.values.begin(), full.values.end(), 0);
  for (int j = 0; j < 24; ++j) {  // two groups of columns, each on rows of its own
    for (int i = 0; i < 30; ++i) {
      if ((i < 15) != (j < 12) || (i * 7 + j * 5) % 4 != 0) continue;
      const double v = 1 + (i + j) % 3;
      entries.push_back({i + 1.0, j + 1.0, v});
      full(i, j) = v;
    }
  }
  write_sparse_mat("s.mat", 30, 24, entries);
  write_npy(path("d.npy"), full, false);
  std::vector<std::array<double, 3>> waves;  // max(0, M) with M of rank two
  Table<double> full_waves(30, 24);
  for (int j = 0; j < 24; ++j) {
    for (int i = 0; i < 30; ++i) {
      full_waves(i, j) = std::max(0.0, std::sin(0.9 * (i + 2 * j)));
      if (full_waves(i, j) > 0) waves.push_back({i + 1.0, j + 1.0, full_waves(i, j)});
    }
  }
  write_sparse_mat("waves.mat", 30, 24, waves);
  write_npy(path("waves.npy"), full_waves, false);
  const Outcome info = run("info s.mat:A");
  if (has(info.err, "no MATLAB reader")) GTEST_SKIP() << "this build reads no MATLAB files";
  ASSERT_EQ(info.code, 0) << info.err;
  EXPECT_TRUE(has(info.out, cat("nonzeros     ", entries.size()))) << info.out;
  const auto values = [&](const std::string &text) { return text.substr(text.find("  values"), 70); };
  EXPECT_EQ(values(info.out).substr(0, values(info.out).find('\n')),
            values(run("info d.npy").out).substr(0, values(info.out).find('\n')));
  EXPECT_FALSE(has(info.out, "in full")) << info.out;
  for (const char *more : {"cluster s -k 2 --columns --init scaled --graph cosine --neighbours 3",
                           "cluster s -k 2 --init scaled --graph binary --neighbours 3", "relu-nmd waves -k 2",
                           "relu-nmd waves -k 2 --transpose",
                           "nmf s -k 2 --loss kl --solver mu --init random --max-iter 20 --transpose"}) {
    const std::string words = more;
    const size_t verb = words.find(' ') + 1, end = words.find(' ', verb);
    const std::string name = words.substr(verb, end - verb), dense_name = name == "s" ? "d" : name;
    const auto with = [&](const std::string &input) { return words.substr(0, verb) + input + words.substr(end); };
    const Outcome sparse = run(with(name + ".mat:A") + " -o sparse --force");
    const Outcome dense = run(with(dense_name + ".npy") + " -o dense --force");
    ASSERT_EQ(sparse.code, 0) << more << sparse.err;
    EXPECT_FALSE(has(sparse.err, "in full")) << more << sparse.err;
    ASSERT_EQ(dense.code, 0) << more << dense.err;
    if (has(words, "cluster")) {
      EXPECT_EQ(read_file(path("sparse/labels.csv")), read_file(path("dense/labels.csv"))) << more;
    } else {
      const auto a = read_table<double>(path("sparse/convergence.csv")), b = read_table<double>(path("dense/convergence.csv"));
      EXPECT_NEAR(a(a.rows - 1, 3), b(b.rows - 1, 3), 1e-3) << more;
    }
  }
  // The default of KL is MU, as the README promises.
  EXPECT_EQ(run("nmf s.mat:A -k 2 --loss kl --max-iter 5 -o k").code, 0);
  // A graph, symmetric or not.
  write_sparse_mat("g.mat", 4, 4, {{{2, 1, 3}}, {{1, 2, 3}}, {{4, 3, 2}}, {{3, 4, 2}}});
  EXPECT_EQ(run("cluster g.mat:A -k 2 --graph given").code, 0);
  write_sparse_mat("h.mat", 4, 4, {{{2, 1, 3}}, {{4, 3, 2}}, {{3, 4, 2}}});
  const Outcome mirror = run("cluster h.mat:A -k 2 --graph given");
  EXPECT_EQ(mirror.code, 3);
  EXPECT_TRUE(has(mirror.err, "entry (2, 1) is 3, its mirror 0")) << mirror.err;
  // More entries than could be written out.
  std::vector<std::array<double, 3>> few;
  for (int j = 0; j < 20; ++j)
    for (int i = 0; i < 3; ++i) few.push_back({double(1 + 1000000 * (j % 2) + 17 * i), j + 1.0, 1 + (i + j) % 2 * 1.0});
  write_sparse_mat("large.mat", 14000000, 20, few);
  const Outcome large = run("info large.mat:A");
  EXPECT_EQ(large.code, 0) << large.err;
  EXPECT_TRUE(has(large.out, "14000000 x 20")) << large.out;
}

TEST_F(Cli, OptionsThatDoNotGoTogetherAreNamed) {
  write_sparse_mat("s.mat", 5, 4, {{{1, 1, 1}}, {{3, 2, 2}}, {{5, 3, 1}}, {{2, 4, 4}}});
  const std::pair<const char *, const char *> cases[] = {
      {"E.csv -k 2 --loss kl --solver ccd --missing", "--solver ccd does not go with --missing"},
      {"E.csv -k 2 --loss is --l2-h 1", "--loss is does not go with --l2-h"},
      {"E.csv -k 2 --solver ccd --max-iter 5", "--solver ccd does not go with --loss frobenius"},
      {"E.csv -k 2 --solver minvol --l1-w 0.1", "--solver minvol does not go with --l1-w"},
      {"E.csv -k 1:2 --holdout 0.2 --loss kl", "--loss kl does not go with --holdout"},
      {"s.mat:A -k 2 --init sub", "sparse data does not go with --init sub"},
      {"s.mat:A -k 2 --solver aurnmf", "--solver aurnmf does not go with sparse data"}};
  for (const auto &[arguments, text] : cases) {
    const Outcome o = run(std::string("nmf ") + arguments + " -o x");
    if (has(o.err, "no MATLAB reader")) continue;
    EXPECT_EQ(o.code, 2) << arguments << o.err;
    EXPECT_TRUE(has(o.err, text)) << o.err;
  }
  const Outcome one = run("extract scene.img -p 1 --method nfindr -o e.csv");
  EXPECT_EQ(one.code, 2);
  EXPECT_TRUE(has(one.err, "nfindr") && has(one.err, "-p 2 or more")) << one.err;
  EXPECT_EQ(run("unmix scene.img -p 1 --extract nfindr -o x").code, 2);
}

// Rank three with noise, and four entries a hundred times too large.
TEST_F(Cli, HoldoutChoosesTheRankAndSaysWhatItDoesNotKnow) {
  Table<double> V(40, 30);
  std::mt19937_64 random(5);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  std::vector<double> W, H;
  for (int i = 0; i < 40 * 3; ++i) W.push_back(-std::log(1 - uniform()));
  for (int i = 0; i < 30 * 3; ++i) H.push_back(-std::log(1 - uniform()));
  for (size_t j = 0; j < 30; ++j) {
    for (size_t i = 0; i < 40; ++i) {
      double v = 0;
      for (size_t k = 0; k < 3; ++k) v += W[i + 40 * k] * H[j + 30 * k];
      v *= 0.98 + 0.04 * uniform();  // its mean is one: no component of its own
      V(static_cast<int64_t>(i), static_cast<int64_t>(j)) = v;
    }
  }
  write_csv(path("V.csv"), V, false);
  const Outcome o = run("nmf V.csv -k 1:5 --holdout 0.1 -o v");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(has(o.err, "rank 3 chosen")) << o.err;
  const auto table = read_table<double>(path("v/rank.csv"));
  EXPECT_EQ(table.names, (std::vector<std::string>{"rank", "held_out_rmse", "spread", "fitted_rmse"}));
  EXPECT_LT(table(2, 1), 0.1);
  EXPECT_FALSE(has(o.err, "try larger") || has(o.err, "try smaller")) << o.err;
  const Outcome low = run("nmf V.csv -k 1:2 --holdout 0.1 -o low -q"), high = run("nmf V.csv -k 4:6 --holdout 0.1 -o high -q");
  EXPECT_TRUE(has(low.err, "still falls at rank 2; try larger ones")) << low.err;
  EXPECT_TRUE(has(high.err, "is the smallest that was tried; try smaller ones") || has(high.err, "try larger")) << high.err;
  // An entry alone in its row and column, a component of its own, cannot be predicted where a mask hides it: one mask of
  // nine, chosen so, whose error is 3 / sqrt(127) or so.  That moves the mean by a ninth of it, not the median.
  std::array<int, 41 * 31> hidden{};
  for (uint64_t seed = 1; seed <= 9; ++seed) {
    std::mt19937_64 engine(seed);
    for (int &count : hidden) count += static_cast<double>(engine() >> 11) * 0x1p-53 < 0.1;
  }
  const auto once = static_cast<int64_t>(std::find(hidden.begin(), hidden.end(), 1) - hidden.begin());
  ASSERT_LT(once, 41 * 31);
  Table<double> alone(41, 31);
  for (int64_t j = 0; j < 31; ++j) {
    for (int64_t i = 0; i < 41; ++i) {
      const bool beside = i == once % 41 || j == once / 41;
      alone(i, j) = beside ? 0 : (1 + 0.02 * static_cast<double>(i)) * (1 + 0.1 * static_cast<double>(j % 7)) + 0.05 * uniform();
    }
  }
  alone.values[static_cast<size_t>(once)] = 3;
  write_csv(path("alone.csv"), alone, false);
  ASSERT_EQ(run("nmf alone.csv -k 2 --holdout 0.1 --repeats 9 -o alone").code, 0);
  EXPECT_LT(read_table<double>(path("alone/rank.csv"))(0, 1), 3 / std::sqrt(127.0) / 9);
}

TEST_F(Cli, QuietHidesNoWarning) {
  write_file(path("scene.img.hdr"), read_file(path("scene.img.hdr")) + "a line of something\n", true);
  Image<float> counts = Y;
  for (float &v : counts.values) v = std::round(v * 1000);
  write_envi(path("counts.img"), counts, false);
  Image<float> holes = Y;
  holes.pixel(4)[0] = std::nanf("");
  write_envi(path("holes.img"), holes, false);
  const std::pair<const char *, const char *> cases[] = {
      {"unmix scene.img -e E.sli", "warning: scene.img: line "},
      {"nmf scene.img -k 2 --max-iter 2", "is not 'key = value' and was left out"},
      {"unmix counts.img -p 3", "no stated scale factor"},
      {"unmix holes.img -e E.sli", "1 pixels have missing values"},
      {"nmf holes.img -k 2 --max-iter 2", "1 pixels have missing values"}};
  for (const auto &[arguments, text] : cases) {
    const Outcome o = run(std::string(arguments) + " -q -o q --force");
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_TRUE(has(o.err, "warning: ") && has(o.err, text)) << arguments << o.err;
  }
  EXPECT_EQ(run("unmix counts.img -e E.sli --scale 1000 -q -o q --force").err, "");
}

TEST_F(Cli, StandardInputAndOutputWhereTheyMakeSense) {
  write_npy(path("E.npy"), E, false);
  ASSERT_EQ(run("nmf E.csv -k 2 --max-iter 5 -o a").code, 0);
  EXPECT_EQ(shell("\"$T\" nmf - -k 2 --max-iter 5 -o b <E.csv >.out 2>.err"), 0) << read_file(path(".err"));
  EXPECT_EQ(shell("\"$T\" nmf - -k 2 --max-iter 5 -o c <E.npy >.out 2>.err"), 0) << read_file(path(".err"));
  EXPECT_EQ(read_file(path("b/W.npy")), read_file(path("a/W.npy")));
  EXPECT_TRUE(has(read_file(path("b/summary.json")), sha256(read_file(path("E.csv")))));
  EXPECT_EQ(shell("\"$T\" eval --endmembers - --truth-endmembers - <E.csv >.out 2>.err"), 3);
  EXPECT_TRUE(has(read_file(path(".err")), "standard input can be read once")) << read_file(path(".err"));
  EXPECT_EQ(shell("\"$T\" info - <scene.img.hdr >.out 2>.err"), 3);
  EXPECT_TRUE(has(read_file(path(".err")), "read by name")) << read_file(path(".err"));
  EXPECT_EQ(shell("\"$T\" info - </dev/null >.out 2>.err"), 3);
  const Outcome spectra = run("extract scene.img -p 3 -o -");
  EXPECT_EQ(spectra.code, 0) << spectra.err;
  ASSERT_EQ(run("extract scene.img -p 3 -o e.csv").code, 0);
  EXPECT_EQ(spectra.out, read_file(path("e.csv")));
  EXPECT_EQ(run("plot E.sli -o -").out.rfind("<svg", 0), 0u);
  for (const char *several : {"unmix scene.img -e E.sli", "nmf E.csv -k 2", "relu-nmd E.csv -k 2", "cluster E.csv -k 2",
                              "demo --lines 8 --samples 8", "train schedule --generations 1",
                              "train nalmu --library E.sli --steps 1", "train factormer --epochs 1"}) {
    const Outcome o = run(std::string(several) + " -o -");
    EXPECT_EQ(o.code, 1) << several << o.err;
    EXPECT_TRUE(has(o.err, "-: standard output")) << several << o.err;
  }
  EXPECT_FALSE(fs::exists(path("-")));
}

#if !defined(__SANITIZE_THREAD__)
// The numbers of a scene are in memory once: as they were read, or as the solver wants them.
TEST_F(Cli, AnInputIsHeldOnce) {
  Image<float> large;
  large.bands = 64, large.lines = 512, large.samples = 512;
  large.values.resize(static_cast<size_t>(large.bands * large.pixels()));
  for (size_t i = 0; i < large.values.size(); ++i) large.values[i] = 0.5f + static_cast<float>(i * 7919 % 101) / 500;
  write_envi(path("large.img"), large, false);
#ifdef HAVE_GDAL
  write_geotiff(path("large.tif"), large, false);
#endif
  const auto bytes = static_cast<double>(large.values.size() * sizeof(float));
  large = {};
  const auto peak = [&](const char *image) {
    const pid_t child = fork();
    if (child == 0) {
      const int none = open("/dev/null", O_WRONLY);
      dup2(none, 1), dup2(none, 2);
      unsetenv("MALLOC_PERTURB_");  // which writes into memory that was given back
      if (chdir(directory.c_str()) == 0)
        execl(tool.c_str(), tool.c_str(), "extract", image, "-p", "2", "--dry-run", "--threads", "1", "-o", "e.csv",
              static_cast<char *>(nullptr));
      _exit(127);
    }
    rusage use{};
    int status = 0;
    wait4(child, &status, 0, &use);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << image;
    return 1024.0 * static_cast<double>(use.ru_maxrss);
  };
  const double small = peak("scene.img");
  EXPECT_LT(peak("large.img") - small, 1.5 * bytes);
#ifdef HAVE_GDAL
  EXPECT_LT(peak("large.tif") - small, 1.5 * bytes);
#endif
  // MATLAB's of version 4: in the file's doubles, and in the floats of the work.
  const int32_t pixels = 1 << 17, head[] = {0, 64, pixels, 0, 2};
  std::string file(reinterpret_cast<const char *>(head), sizeof head);
  file.append("V", 2);
  for (int32_t i = 0; i < 64 * pixels; ++i) {
    const double v = 0.5 + i % 101 / 500.0;
    file.append(reinterpret_cast<const char *>(&v), sizeof v);
  }
  write_file(path("large.mat"), file, false);
  const auto doubles = static_cast<double>(file.size());
  file = {};
  EXPECT_LT(peak("large.mat:V") - small, 1.75 * doubles);
}
#endif

TEST_F(Cli, WeightsAreInspectedVerifiedConvertedAndExported) {
  write_file(path("m.orw"), orthant::test::small_blob(6), false);
  const Outcome seen = run("weights inspect m.orw --json");
  EXPECT_EQ(seen.code, 0) << seen.err;
  EXPECT_TRUE(has(seen.out, "\"kind\": \"nalmu\"") && has(seen.out, "\"quantized\""));
  EXPECT_TRUE(has(run("weights inspect m.orw").out, "3 x 2"));
  EXPECT_EQ(run("weights verify m.orw").code, 0);
  EXPECT_EQ(run("weights convert m.orw -o h.orw --type f16 --align 16").code, 0);
  EXPECT_EQ(run("weights verify h.orw m.orw").out, "h.orw: ok\nm.orw: ok\n");
  EXPECT_EQ(run("weights convert m.orw -o h.orw").code, 1);  // it exists
  EXPECT_EQ(run("weights export-c h.orw -o h.c --name net").code, 0);
  const std::string c = read_file(path("h.c"));
  EXPECT_TRUE(has(c, "aligned(16)") && has(c, "net_bytes = ") && has(c, "  79,82,84,72,87,84,13,10,1,0,"));
  std::string bytes = orthant::test::small_blob(6);
  bytes.back() = 1;
  write_file(path("bad.orw"), bytes, false);
  write_file(path("cut.orw"), bytes.substr(0, 100), false);
  const Outcome bad = run("weights verify m.orw bad.orw cut.orw");
  EXPECT_EQ(bad.code, 3);
  EXPECT_TRUE(has(bad.out, "bad.orw: is not a good weight blob: a gap between payloads is not zero"));
  EXPECT_TRUE(has(bad.out, "cut.orw: is not a good weight blob: the length is not what the header says"));
  EXPECT_EQ(run("weights inspect cut.orw").code, 3);
}

TEST_F(Cli, TrainingIsResumedToTheSameModel) {
  const std::string shape = " --library E.sli --batch 2 --patch 6x6 --layers 5 --steps ";
  const Outcome o = run("train --kind nalmu -o m.orw --curve c.csv --json" + shape + "40");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(has(o.out, "\"kind\": \"nalmu\"") && has(o.out, "\"steps\": 40")) << o.out;
  EXPECT_EQ(run("weights verify m.orw").code, 0);
  const std::string curve = read_file(path("c.csv"));
  EXPECT_TRUE(has(curve, "step,training_loss,held_out_loss\n0,,") && has(curve, "\n40,")) << curve;
  EXPECT_LT(std::stod(curve.substr(curve.rfind(',') + 1)), std::stod(curve.substr(curve.find("0,,") + 3)));
  EXPECT_EQ(run("train --kind=nalmu -o half.orw --checkpoint state.orw --threads 1" + shape + "25").code, 0);
  EXPECT_EQ(run("train nalmu -o whole.orw --resume state.orw --threads 2" + shape + "40").code, 0);
  EXPECT_EQ(read_file(path("whole.orw")), read_file(path("m.orw")));
  EXPECT_NE(read_file(path("half.orw")), read_file(path("m.orw")));
  EXPECT_EQ(run("train nalmu -o n.orw --resume scene.hdr" + shape + "40").code, 3);
  EXPECT_EQ(run("train nalmu -o n.orw --resume state.orw --library E.sli --layers 4").code, 3);
  EXPECT_EQ(run("train nalmu -o m.orw" + shape + "40").code, 1);  // it exists
  for (const char *wrong : {"train", "train --kind", "train --kind best", "train nalmu -o x", "train nalmu -o x --image scene.img",
                            "train nalmu -o x --library E.sli --image scene.img -p 3", "train nalmu -o x --library E.sli -p 4",
                            "train nalmu -o x --library E.sli --abundances maps", "train nalmu -o x --library E.sli --clip-h 1 0",
                            "train nalmu -o x --library E.sli --patch 0x3"})
    EXPECT_EQ(run(wrong).code, 2) << wrong;
  EXPECT_EQ(run("train nalmu -o x --library E.sli --dry-run").code, 0);
  EXPECT_FALSE(fs::exists(path("x")));
}

TEST_F(Cli, UnmixingWithAModelIsAsExact) {
  EXPECT_EQ(run("train --kind nalmu -o m.orw --library E.sli --batch 2 --patch 6x6 --layers 5 --steps 30").code, 0);
  const std::string scene = "unmix scene.img -e E.sli ";
  EXPECT_EQ(run(scene + "-o cold").code, 0);
  const Outcome warm = run(scene + "--model m.orw -o warm");
  EXPECT_EQ(warm.code, 0) << warm.err;
  EXPECT_LT(error_of("warm"), 2 * error_of("cold") + 1e-6);
  EXPECT_TRUE(has(read_file(path("warm/summary.json")), "\"model\": \"m.orw\""));
  EXPECT_EQ(run(scene + "--model m.orw --method nnls -o nnls").code, 0);
  EXPECT_LT(error_of("nnls"), 1e-3);
  // In a fixed time: the layers alone, with their gap.
  const Outcome layers = run(scene + "--model m.orw --method nnls --solver nalmu -o layers");
  EXPECT_EQ(layers.code, 0) << layers.err;
  EXPECT_TRUE(has(layers.err, "the kkt residual of"));
  EXPECT_LT(error_of("layers"), 0.5);
  EXPECT_GT(error_of("layers"), error_of("warm"));
  EXPECT_EQ(run(scene + "--model m.orw --method nnls --solver nalmu -o strict --strict").code, 4);
  // What does not fit is refused, and nothing is written.
  EXPECT_EQ(run("train --kind nalmu --image scene.img -p 3 --factors both --shape-w full --abundances maps --draws 5 -o both.orw "
                "--batch 2 --patch 6x6 --layers 3 --steps 5").code, 0);
  for (const char *other : {"--model scene.hdr", "--model none.orw"}) {
    const Outcome o = run(scene + other + " -o x");
    EXPECT_EQ(o.code, 3) << other << o.err;
    EXPECT_TRUE(has(o.err, std::string(other).substr(8))) << o.err;
  }
  for (const char *wrong : {"--model both.orw", "--model m.orw --method ucls", "--model m.orw --method nnls --solver hals", "--solver nalmu",
                            "--model m.orw --solver nalmu"})
    EXPECT_EQ(run(scene + wrong + " -o x").code, 2) << wrong;
  EXPECT_FALSE(fs::exists(path("x")));
}

// A model of both factors makes the endmembers, from its own start or from one that is given.
TEST_F(Cli, AModelOfBothFactorsUnmixesItsImage) {
  const std::string small = " --batch 2 --patch 6x6 --layers 5 --steps 40";
  EXPECT_EQ(run("train --kind nalmu --image scene.img -p 3 --factors both --shape-w full -o both.orw" + small).code, 0);
  const Outcome o = run("unmix scene.img --model both.orw -o both");
  ASSERT_EQ(o.code, 0) << o.err;
  const auto residual = [&](const std::string &folder) {
    const std::string summary = read_file(path(folder + "/summary.json"));
    return std::stod(summary.substr(summary.find("\"relative_error\": ") + 18));
  };
  EXPECT_LT(residual("both"), 0.2);
  EXPECT_EQ(run("unmix scene.img -e both/endmembers.sli -o again").code, 0);
  EXPECT_EQ(read_file(path("both/abundances.img")), read_file(path("again/abundances.img")));
  EXPECT_EQ(run("unmix scene.img --model both.orw --method nnls -o nnls").code, 0);
  EXPECT_EQ(run("unmix scene.img --model both.orw --method nnls --solver nalmu -o layers").code, 0);
  EXPECT_EQ(read_file(path("layers/endmembers.sli")), read_file(path("nnls/endmembers.sli")));
  EXPECT_LT(residual("layers"), 0.5);
  EXPECT_GT(residual("layers"), residual("nnls"));
  EXPECT_EQ(run("train --kind nalmu --library E.sli -p 2 --factors both -o free.orw" + small).code, 0);
  EXPECT_EQ(run("unmix scene.img --model free.orw -o x").code, 2);  // where it begins is not in it
  EXPECT_EQ(run("unmix scene.img --model free.orw -e E.sli -o x").code, 3);  // three, for a model of two
  EXPECT_EQ(run("unmix scene.img --model free.orw -p 2 -o free").code, 0);
  EXPECT_EQ(run("extract scene.img -p 2 -o vca.sli").code, 0);
  EXPECT_NE(read_file(path("free/endmembers.sli")), read_file(path("vca.sli")));
  // Other bands than those of the training.
  EXPECT_EQ(run("unmix A.img --model both.orw -o x").code, 3);
  EXPECT_FALSE(fs::exists(path("x/abundances.img")));
}

}  // namespace
