// The tool on data that do not fit in the memory it may take: what it writes is what it writes of data in memory.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>

#include "io.hpp"

using namespace orthant::tool;

namespace {

bool has(const std::string &text, const std::string &part) { return text.find(part) != text.npos; }

struct Outcome {
  int code, signal;
  std::string out, err;
  long peak;  // kilobytes
};

class Streaming : public testing::Test {
 protected:
  static constexpr int64_t bands = 20, lines = 260, samples = 130, p = 3, pixels = lines * samples;

  void SetUp() override {
    const char *named = std::getenv("ORTHANT_TOOL");
    if (!named) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
    tool = fs::absolute(named).string();
    std::string pattern = (fs::temp_directory_path() / "orthant-streaming-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory = pattern;
    Table<float> E(bands, p);
    for (int64_t k = 0; k < p; ++k) {
      for (int64_t b = 0; b < bands; ++b) E(b, k) = static_cast<float>(spectrum(b, k));
    }
    write_sli(path("E.sli"), E, false);
  }
  void TearDown() override {
    if (!directory.empty()) fs::remove_all(directory);
  }
  std::string path(const std::string &name) const { return (directory / name).string(); }

  // Runs the tool in the directory, words separated by blanks, under limits of its address space and of its files.
  Outcome run(const std::string &arguments, rlim_t address_space = RLIM_INFINITY, rlim_t file = RLIM_INFINITY) const {
    const std::string command = "exec '" + tool + "' " + arguments + " >.out 2>.err </dev/null";
    const pid_t child = fork();
    if (child == 0) {
      const rlimit space{address_space, address_space}, size{file, file}, none{0, 0};
      if (chdir(directory.c_str()) != 0 || setrlimit(RLIMIT_AS, &space) != 0 || setrlimit(RLIMIT_FSIZE, &size) != 0)
        _exit(126);
      setrlimit(RLIMIT_CORE, &none);
      execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      _exit(127);
    }
    int status = 0;
    rusage used{};
    wait4(child, &status, 0, &used);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
            read_file(path(".out")), read_file(path(".err")), used.ru_maxrss};
  }

  static double spectrum(int64_t b, int64_t k) {
    return 0.2 + 0.1 * static_cast<double>(k) + 0.5 * static_cast<double>((b * (k + 2) * 7 + k * 5) % 19) / 19;
  }
  // Mixtures of the spectra, rounded; a pixel of each alone, one that is missing, one flat.
  static double value(int64_t pixel, int64_t b) {
    if (pixel == 77) return -999;
    if (pixel == 200) return 1234;
    double share[p], sum = 0;
    for (int64_t k = 0; k < p; ++k) {
      share[k] = pixel < p ? pixel == k : static_cast<double>((pixel * (2 * k + 3) + k) % 17);
      sum += share[k];
    }
    double y = 0;
    for (int64_t k = 0; k < p; ++k) y += sum > 0 ? share[k] / sum * spectrum(b, k) : 0;
    return std::round(10000 * y) + (pixel < p ? 0 : static_cast<double>((pixel * 31 + b * 17) % 23));
  }

  template <class S>
  void write_scene(const std::string &name, const std::string &interleave, int type, bool big) const {
    std::string bytes(static_cast<size_t>(pixels * bands) * sizeof(S), 0);
    for (int64_t i = 0; i < pixels; ++i) {
      for (int64_t b = 0; b < bands; ++b) {
        const auto v = static_cast<S>(value(i, b));
        int64_t at = i * bands + b;
        if (interleave == "bil") at = (i / samples * bands + b) * samples + i % samples;
        if (interleave == "bsq") at = b * pixels + i;
        char raw[sizeof(S)];
        std::memcpy(raw, &v, sizeof(S));
        if (big) std::reverse(raw, raw + sizeof(S));
        std::memcpy(bytes.data() + static_cast<size_t>(at) * sizeof(S), raw, sizeof(S));
      }
    }
    write_file(path(name), bytes, true);
    write_file(path(name + ".hdr"),
               cat("ENVI\nsamples = ", samples, "\nlines = ", lines, "\nbands = ", bands, "\ndata type = ", type,
                   "\nbyte order = ", int(big), "\ninterleave = ", interleave,
                   "\ndata ignore value = -999\nreflectance scale factor = 10000\n"),
               true);
  }

  // Both ways, the same files of the same bytes.
  void expect_same(const std::string &arguments, const std::vector<std::string> &files, const std::string &streamed) {
    for (const char *name : {"memory", "stream"}) fs::remove_all(path(name));
    const Outcome whole = run(arguments + " -o memory");
    const Outcome parts = run(arguments + " --memory 64k -o stream");
    ASSERT_EQ(whole.code, 0) << whole.err;
    ASSERT_EQ(parts.code, 0) << parts.err;
    EXPECT_TRUE(has(parts.err, "read from its file as it is needed")) << parts.err;
    EXPECT_FALSE(has(whole.err, "read from its file as it is needed")) << whole.err;
    for (const std::string &file : files) {
      EXPECT_TRUE(read_file(directory / "memory" / file) == read_file(directory / "stream" / file))
          << file << " of " << arguments << " of " << streamed;
    }
    EXPECT_FALSE(fs::exists(directory / "stream" / ".orthant-unfinished-journal"));
  }
  std::string tool;
  fs::path directory;
};

const std::vector<std::string> maps = {"abundances.img", "quality.img", "endmembers.sli", "maps.png", "residual.png"};

TEST_F(Streaming, UnmixOfAFileIsThatOfMemory) {
  for (const std::string interleave : {"bip", "bil", "bsq"}) {
    write_scene<int16_t>("s.img", interleave, 2, interleave == "bil");
    expect_same("unmix s.img -e E.sli", maps, interleave);
  }
  write_scene<float>("s.img", "bsq", 4, true);
  std::string mask;
  for (int64_t i = 0; i < pixels; ++i)
    mask += i % samples == samples - 1 ? (i % 7 ? "1\n" : "0\n") : (i % 7 ? "1," : "0,");
  write_file(path("mask.csv"), mask, true);
  for (const std::string more : {"--normalize", "--method nnls --mask mask.csv", "--method ucls --f64 --scale max",
                                 "--missing --keep-ignored --ignore=1234", "--solver hals --method nnls"}) {
    expect_same("unmix s.img -e E.sli " + more, maps, "bsq");
  }
}

TEST_F(Streaming, ARunThatWasKilledIsGoneOnWith) {
  write_scene<int16_t>("s.img", "bil", 2, false);
  const Outcome whole = run("unmix s.img -e E.sli -o whole");
  ASSERT_EQ(whole.code, 0) << whole.err;
  // The file of the abundances may not become as long as it is to be.
  const std::string command = "unmix s.img -e E.sli --memory 64k -o maps";
  const Outcome killed = run(command, RLIM_INFINITY, 4 * p * pixels / 2);
  ASSERT_EQ(killed.signal, SIGXFSZ) << killed.code << killed.err;
  EXPECT_FALSE(fs::exists(directory / "maps/abundances.img"));
  const Outcome other = run("unmix s.img -e E.sli --memory 64k --method nnls -o maps");
  EXPECT_EQ(other.code, 1);
  EXPECT_TRUE(has(other.err, "holds an unfinished run of another command")) << other.err;
  const Outcome on = run(command);
  ASSERT_EQ(on.code, 0) << on.err;
  EXPECT_TRUE(has(on.err, "going on after")) << on.err;
  for (const std::string &file : maps) {
    EXPECT_TRUE(read_file(directory / "maps" / file) == read_file(directory / "whole" / file)) << file;
  }
  const auto scores = [](const Outcome &o) { return o.out.substr(0, o.out.find("unmixed ")); };
  EXPECT_EQ(scores(on), scores(whole));
  for (const auto &entry : fs::directory_iterator(directory / "maps")) {
    EXPECT_FALSE(has(entry.path().filename().string(), "unfinished")) << entry.path();
  }
  // A file that was changed is another one.
  const std::string anew = "unmix s.img -e E.sli --memory 64k -o anew";
  EXPECT_EQ(run(anew, RLIM_INFINITY, 4 * p * pixels / 2).signal, SIGXFSZ);
  write_scene<int16_t>("s.img", "bil", 2, false);
  const Outcome changed = run(anew);
  EXPECT_EQ(changed.code, 1);
  EXPECT_TRUE(has(changed.err, "inputs that were changed")) << changed.err;
  const Outcome forced = run(anew + " --force");
  ASSERT_EQ(forced.code, 0) << forced.err;
  EXPECT_FALSE(has(forced.err, "going on after")) << forced.err;
  EXPECT_TRUE(read_file(path("anew/abundances.img")) == read_file(path("whole/abundances.img")));
}

// The start by default is another one: coarse to fine, which needs all data at once, or columns.
TEST_F(Streaming, NmfAndEndmembersOfAFileAreThoseOfMemory) {
  for (const std::string interleave : {"bip", "bil", "bsq"}) {
    write_scene<uint16_t>("s.img", interleave, 12, interleave == "bip");
    expect_same("nmf s.img -k 3 --max-iter 20 --init cols", {"W.npy", "H.npy"}, interleave);
    for (const std::string method : {"vca", "spa"}) {
      ASSERT_EQ(run("extract s.img -p 3 --force -o memory.sli --method " + method).code, 0);
      const Outcome parts = run("extract s.img -p 3 --force -o stream.sli --memory 64k --method " + method);
      ASSERT_EQ(parts.code, 0) << parts.err;
      EXPECT_TRUE(read_file(path("memory.sli")) == read_file(path("stream.sli"))) << method << " of " << interleave;
    }
    expect_same("unmix s.img -p 3", {"abundances.img", "quality.img", "endmembers.sli"}, interleave);
  }
  // From there on, with an H of more than a megabyte, of which the pixel that was left out has a column.
  ASSERT_EQ(run("nmf s.img -k 5 --max-iter 5 --init cols --f64 -o begun").code, 0);
  expect_same("nmf s.img -k 5 --w0 begun/W.npy --h0 begun/H.npy --max-iter 1 --f64 --format csv", {"W.csv", "H.csv"},
              "an image with factors");
  // A plain array, either way round.
  Table<double> V(60, 300);
  for (size_t i = 0; i < V.values.size(); ++i) V.values[i] = static_cast<double>(i * 7919 % 101);
  write_npy(path("v.npy"), V, false);
  expect_same("nmf v.npy -k 4 --max-iter 10", {"W.npy", "H.npy"}, "an array");
  expect_same("nmf v.npy -k 4 --max-iter 10 --transpose --f64", {"W.npy", "H.npy"}, "an array, transposed");
  V(17, 200) = -1;
  write_npy(path("v.npy"), V, true);
  const Outcome bad = run("nmf v.npy -k 4 --memory 64k -o x");
  EXPECT_EQ(bad.code, 3);
  EXPECT_TRUE(has(bad.err, "entry (17, 200) is -1")) << bad.err;
}

TEST_F(Streaming, NmfWithCheckpointsIsGoneOnWith) {
  Table<float> V(40, 60);
  for (size_t i = 0; i < V.values.size(); ++i) V.values[i] = static_cast<float>(i * 7919 % 101);
  write_npy(path("v.npy"), V, false);
  const std::string command = "nmf v.npy -k 4 --max-iter 12 --tol 0 --checkpoint 4 --format csv -o ";
  ASSERT_EQ(run(command + "whole").code, 0);
  // Room for the factors, but not for the longer text of them: it ends when it writes its results.
  const Outcome killed = run(command + "parts", RLIM_INFINITY, 4 * 4 * (40 + 60));
  ASSERT_EQ(killed.signal, SIGXFSZ) << killed.code << killed.err;
  ASSERT_TRUE(fs::exists(directory / "parts/.orthant-unfinished-journal")) << killed.err;
  const Outcome on = run(command + "parts --strict");
  EXPECT_TRUE(has(on.err, "holds an unfinished run of another command")) << on.err;
  const Outcome same = run(command + "parts");
  ASSERT_EQ(same.code, 0) << same.err;
  EXPECT_TRUE(has(same.err, "going on after iteration 8")) << same.err;
  for (const char *file : {"W.csv", "H.csv"}) {
    EXPECT_TRUE(read_file(directory / "parts" / file) == read_file(directory / "whole" / file)) << file;
  }
}

TEST_F(Streaming, AFileOfThreeTimesTheLimitIsRead) {
  const rlim_t limit = rlim_t{512} << 20;  // of which the libraries that the program is linked with take most
  if (run("--version", limit).code != 0) GTEST_SKIP() << "the program does not begin in this limit";
  // Pixels that are all alike but for few: the file has holes, which are zeros.
  const int64_t side = 1000, deep = static_cast<int64_t>(3 * limit) / (side * side * 8) + 1;
  {
    std::ofstream file(path("big.img"), std::ios::binary);
    for (int64_t i = 0; i < 50; ++i) {
      std::vector<double> pixel(static_cast<size_t>(deep));
      for (int64_t b = 0; b < deep; ++b) pixel[static_cast<size_t>(b)] = spectrum(b, i % p) + 0.001 * double(i % 7);
      file.seekp(i * 20011 * deep * 8);
      file.write(reinterpret_cast<const char *>(pixel.data()), deep * 8);
    }
  }
  fs::resize_file(path("big.img"), static_cast<uintmax_t>(side * side * deep * 8));
  write_file(path("big.img.hdr"),
             cat("ENVI\nsamples = ", side, "\nlines = ", side, "\nbands = ", deep,
                 "\ndata type = 5\nbyte order = 0\ninterleave = bip\n"),
             true);
  ASSERT_GE(fs::file_size(path("big.img")), 3 * limit);
  const std::string rest = " --f64 --scale none --threads 2 -o ";
  for (const std::string &command :
       {"extract big.img -p 2 --method spa" + rest + "E.csv", "unmix big.img -e E.csv --method nnls" + rest + "maps",
        "nmf big.img -k 2 --max-iter 1 --init cols" + rest + "factors"}) {
    const Outcome o = run(command, limit);
    EXPECT_EQ(o.code, 0) << command << o.err;
    std::printf("%-70s file %4lld MB, limit %4lld MB, peak %4ld MB\n", command.c_str(),
                static_cast<long long>(fs::file_size(path("big.img")) >> 20), static_cast<long long>(limit >> 20),
                o.peak >> 10);
  }
}

TEST_F(Streaming, WhatNeedsAllPixelsSaysSo) {
  write_scene<int16_t>("s.img", "bip", 2, false);
  for (const std::string what :
       {"unmix s.img -e E.sli --mesma -o x", "unmix s.img -e E.sli --sparse 0.01 -o x",
        "unmix s.img -p 3 --extract-method nfindr -o x", "extract s.img -p auto -o x.sli",
        "extract s.img -p 3 --method nfindr -o x.sli", "nmf s.img -k 3 --missing -o x",
        "nmf s.img -k 3 --holdout 0.1 -o x", "nmf s.img -k 3 --transpose -o x"}) {
    const Outcome o = run(what + " --memory 64k");
    EXPECT_EQ(o.code, 2) << what << o.err;
    EXPECT_TRUE(has(o.err, "needs all pixels at once") && has(o.err, "--memory")) << what << o.err;
  }
  for (const std::string size : {"1", "x", "-3M"}) {
    EXPECT_EQ(run("extract s.img -p 3 -o x.sli --memory '" + size + "'").code, 2) << size;
  }
}

}  // namespace
