// The weight blob: what is written is read back, and nothing else is accepted.
#include "blob.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <limits>

#include "blob_cases.hpp"
#include "blob_layout.hpp"
#include "model_bytes.hpp"
#include "random.hpp"
#include "orthant.h"

namespace orthant::test {
namespace {

// Bytes that end where the addressable memory ends, so that one read too far is a crash.  Whole blobs are aligned.
class Cliff {
 public:
  Cliff() : page_(size_t(sysconf(_SC_PAGESIZE))) {
    base_ = static_cast<char *>(mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(base_ + page_, page_, PROT_NONE);
  }
  ~Cliff() { munmap(base_, 2 * page_); }
  Cliff(const Cliff &) = delete;
  Cliff &operator=(const Cliff &) = delete;
  const char *put(const std::string &s) {
    char *at = base_ + page_ - s.size();
    memcpy(at, s.data(), s.size());
    return at;
  }

 private:
  size_t page_;
  char *base_;
};

std::string problem(const std::string &s) {
  Cliff cliff;
  return orthant_model_problem(cliff.put(s), s.size());
}
std::string text(BlobFault f) { return blob_fault_text(f); }

TEST(Blob, ReadsBackWhatWasWritten) {
  const std::string s = small_blob();
  EXPECT_TRUE(reference_accepts(s));
  EXPECT_EQ(problem(s), "ok");
  Cliff cliff;
  const orthant_model *m = nullptr;
  ASSERT_EQ(orthant_model_open(cliff.put(s), s.size(), &m), ORTHANT_OK);
  ASSERT_EQ(orthant_model_verify(m), ORTHANT_OK);
  EXPECT_EQ(orthant_model_kind(m), ORTHANT_MODEL_NALMU);
  EXPECT_EQ(orthant_model_records(m), 3);
  EXPECT_EQ(orthant_model_bytes(m), s.size());
  const double expected[3][6] = {{0.5, -1.25, 3, 0, 100, -0.0625}, {0, 100, 3}, {1, -1, 3, 0, 100, 0}};
  for (int32_t i = 0; i < 3; ++i) {
    orthant_record r{};
    r.size = sizeof r;
    ASSERT_EQ(orthant_model_record(m, i, &r), ORTHANT_OK);
    EXPECT_STREQ(r.name, i == 0 ? "A" : i == 1 ? "config" : "quantized");
    std::vector<double> v(r.count);
    std::vector<float> f(r.count);
    ASSERT_EQ(orthant_model_values_f64(m, i, 0, r.count, v.data()), ORTHANT_OK);
    ASSERT_EQ(orthant_model_values_f32(m, i, 0, r.count, f.data()), ORTHANT_OK);
    for (size_t k = 0; k < r.count; ++k) {
      EXPECT_EQ(v[k], expected[i][k]) << i << " " << k;
      EXPECT_EQ(double(f[k]), expected[i][k]);
    }
    EXPECT_EQ(orthant_model_values_f64(m, i, 1, r.count, v.data()), ORTHANT_E_ARG);
    EXPECT_EQ(orthant_model_values_f64(m, i, SIZE_MAX, 2, v.data()), ORTHANT_E_ARG);
  }
  Record r;
  EXPECT_TRUE(Blob(m).find("config", &r) && r.is(1, 3));
  EXPECT_TRUE(Blob(m).find("A", &r) && r.is(2, 3, 2));
  EXPECT_TRUE(Blob(m).find("quantized", &r));
  for (const char *absent : {"", "@", "AA", "configs", "z"}) EXPECT_FALSE(Blob(m).find(absent, &r)) << absent;
  EXPECT_EQ(orthant_model_record(m, 3, nullptr), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_model_open(nullptr, 64, &m), ORTHANT_E_ARG);
  EXPECT_EQ(crc32(0, reinterpret_cast<const unsigned char *>("123456789"), 9), 0xCBF43926u);
}

TEST(Blob, TheWriterRefusesWhatTheReaderWould) {
  const auto size = [](std::vector<BlobItem> items, int32_t align = 6) {
    BlobWriter w(ModelKind::nalmu, int32_t(items.size()), nullptr, align);
    for (const BlobItem &i : items) w.add(i);
    return w.finish();
  };
  EXPECT_EQ(size({{"a", Element::f32, 0, {}}}), 256u - 64u);
  EXPECT_EQ(size({{"a", Element::f32, 0, {}}}, 8), 512u);
  EXPECT_EQ(size({}), 0u);
  EXPECT_EQ(size({{"a", Element::f32, 0, {}}}, 3), 0u);
  EXPECT_EQ(size({{"b", Element::f32, 0, {}}, {"a", Element::f32, 0, {}}}), 0u);
  EXPECT_EQ(size({{"a", Element::f32, 0, {}}, {"a", Element::f32, 0, {}}}), 0u);
  EXPECT_EQ(size({{"", Element::f32, 0, {}}}), 0u);
  EXPECT_EQ(size({{"123456789012345678901234", Element::f32, 0, {}}}), 0u);
  EXPECT_EQ(size({{"a", Element::f32, 1, {0}}}), 0u);
  EXPECT_EQ(size({{"a", Element::f32, 1, {2, 2}}}), 0u);
  EXPECT_EQ(size({{"a", Element::f32, 2, {65536, 65536}}}), 0u);
  EXPECT_EQ(size({{"a", Element::f32, 0, {}, 2.0f}}), 0u);
  EXPECT_EQ(size({{"a", Element::i8, 0, {}, 0.0f}}), 0u);
  for (const double bad : {double(INFINITY), double(NAN), 70000.0}) {
    std::string out(192, 0);
    BlobWriter w(ModelKind::nalmu, 1, &out[0]);
    w.add({"a", Element::f16, 0, {}});
    w.store(0, 1, &bad);
    EXPECT_EQ(w.finish(), 0u) << bad;
  }
}

TEST(Blob, OpensAtEveryAlignment) {
  for (int32_t log2 = 4; log2 <= 8; ++log2) {
    const std::string blob = small_blob(log2);
    const ModelBytes file(blob);
    EXPECT_STREQ(orthant_model_problem(file.data(), file.size()), "ok") << log2;
    EXPECT_EQ(Blob(file.data()).align_log2(), log2);
  }
}

TEST(Blob, CountsOfElements) {
  using blob_layout::element_count;
  const auto count = [](int32_t rank, std::array<uint32_t, 4> dims) { return element_count(rank, dims.data()); };
  EXPECT_EQ(count(0, {0, 0, 0, 0}), 1u);
  EXPECT_EQ(count(4, {2, 3, 5, 7}), 210u);
  EXPECT_EQ(count(1, {UINT32_MAX, 0, 0, 0}), UINT32_MAX);
  EXPECT_EQ(count(2, {3, UINT32_MAX / 3, 0, 0}), UINT32_MAX);
  EXPECT_EQ(count(2, {2, 1u << 31, 0, 0}), 0u);   // too many
  EXPECT_EQ(count(4, {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}), 0u);
  EXPECT_EQ(count(-1, {0, 0, 0, 0}), 0u);
  EXPECT_EQ(count(5, {1, 1, 1, 1}), 0u);
  EXPECT_EQ(count(2, {2, 0, 0, 0}), 0u);          // a dimension of nothing
  EXPECT_EQ(count(2, {2, 2, 1, 0}), 0u);          // one too many
}

TEST(Blob, TruncationAtEveryByteIsRefusedByName) {
  for (const int32_t align : {4, 6}) {
    const std::string s = small_blob(align);
    for (size_t n = 0; n < s.size(); ++n)
      EXPECT_EQ(problem(s.substr(0, n)), text(n < 64 ? BlobFault::too_short : BlobFault::total)) << n;
    EXPECT_EQ(problem(s + '\0'), text(BlobFault::total));
  }
}

TEST(Blob, EveryRefusalHasItsName) {
  const std::string good = small_blob();
  const auto with = [&](size_t at, uint64_t x, size_t bytes, bool seal = true) {
    std::string s = good;
    set_little(s, at, x, bytes);
    if (seal) reseal(s);
    return problem(s);
  };
  EXPECT_EQ(with(0, 'o', 1), text(BlobFault::magic));
  EXPECT_EQ(with(12, 0x04030201, 4), text(BlobFault::endian));
  EXPECT_EQ(with(8, 2, 2), text(BlobFault::version));
  EXPECT_EQ(with(16, 0, 4), text(BlobFault::kind));
  EXPECT_EQ(with(16, 6, 4), text(BlobFault::kind));
  EXPECT_EQ(with(20, 0, 4), text(BlobFault::count));
  EXPECT_EQ(with(20, 257, 4), text(BlobFault::count));
  EXPECT_EQ(with(20, 256, 4), text(BlobFault::directory));
  EXPECT_EQ(with(40, 3, 4), text(BlobFault::alignment));
  EXPECT_EQ(with(40, 9, 4), text(BlobFault::alignment));
  EXPECT_EQ(with(52, 1, 4), text(BlobFault::flags));
  EXPECT_EQ(with(63, 1, 1), text(BlobFault::reserved));
  EXPECT_EQ(with(24, UINT64_MAX, 8), text(BlobFault::total));
  EXPECT_EQ(with(32, 128, 4), text(BlobFault::directory));
  EXPECT_EQ(with(36, 0, 4), text(BlobFault::directory));
  EXPECT_EQ(with(44, 0, 4, false), text(BlobFault::directory_crc));
  EXPECT_EQ(with(64, 0, 1), text(BlobFault::name));
  EXPECT_EQ(with(64, ' ', 1), text(BlobFault::name));
  EXPECT_EQ(with(64 + 23, 'x', 1), text(BlobFault::name));
  EXPECT_EQ(with(64, 'z', 1), text(BlobFault::order));
  EXPECT_EQ(with(64 + 24, 7, 1), text(BlobFault::type));
  EXPECT_EQ(with(64 + 26, 1, 2), text(BlobFault::record_flags));
  EXPECT_EQ(with(64 + 60, 1, 4), text(BlobFault::record_reserved));
  EXPECT_EQ(with(64 + 25, 5, 1), text(BlobFault::dims));
  EXPECT_EQ(with(64 + 25, 1, 1), text(BlobFault::dims));
  EXPECT_EQ(with(64 + 28, 0, 4), text(BlobFault::dims));
  EXPECT_EQ(with(64 + 28, 4, 4), text(BlobFault::bytes));
  EXPECT_EQ(with(64 + 28, 0xFFFFFFFF, 4), text(BlobFault::dims));
  EXPECT_EQ(with(64 + 48, 25, 4), text(BlobFault::bytes));
  EXPECT_EQ(with(64 + 52, 0x40000000, 4), text(BlobFault::scale));      // f32 with a scale of two
  EXPECT_EQ(with(192 + 52, 0x7FC00000, 4), text(BlobFault::scale));     // NaN
  EXPECT_EQ(with(192 + 52, 0x7F800000, 4), text(BlobFault::scale));     // infinite
  EXPECT_EQ(with(192 + 52, 0xBF800000, 4), text(BlobFault::scale));     // negative
  EXPECT_EQ(with(64 + 44, 272, 4), text(BlobFault::offset));            // a hole
  EXPECT_EQ(with(128 + 44, 256, 4), text(BlobFault::offset));           // an overlap
  EXPECT_EQ(with(284, 1, 1), text(BlobFault::padding));
  EXPECT_EQ(with(good.size() - 1, 1, 1), text(BlobFault::padding));
  EXPECT_EQ(with(256, 1, 1, false), text(BlobFault::data_crc));
  std::string longer = good + std::string(16, '\0');
  set_little(longer, 24, longer.size(), 8);
  reseal(longer);
  EXPECT_EQ(problem(longer), text(BlobFault::end));
  std::string shorter = good.substr(0, 288);
  set_little(shorter, 24, shorter.size(), 8);
  reseal(shorter);
  EXPECT_EQ(problem(shorter), text(BlobFault::end));
  std::vector<char> moved(good.size() + 64);
  char *at = moved.data() + (64 - reinterpret_cast<uintptr_t>(moved.data()) % 64) % 64 + 8;
  memcpy(at, good.data(), good.size());
  EXPECT_EQ(std::string(orthant_model_problem(at, good.size())), text(BlobFault::address));
  EXPECT_EQ(with(16, 5, 4), "ok");  // the sheet allows any known kind
}

// Half of the files get fitting CRCs, so that the checks after those are reached too.
TEST(Blob, AMillionMutations) {
#if defined(__SANITIZE_ADDRESS__)
  const int32_t mutations = 100000;  // ten times slower there
#else
  const int32_t mutations = 1000000;
#endif
  Random random(7);
  const std::string seeds[] = {small_blob(4), small_blob(5)};
  Cliff cliff;
  int64_t opened = 0, accepted = 0;
  for (int32_t t = 0; t < mutations; ++t) {
    std::string s = seeds[random() % 2];
    const int edits = uniform_int(random, 1, 4);
    for (int e = 0; e < edits; ++e) {
      const uint64_t what = random();
      const size_t at = size_t(random() % s.size());
      switch (what % 8) {
        case 0: s[at] = char(s[at] ^ (1 << (what >> 8) % 8)); break;
        case 1: s[at] = char(what >> 8); break;
        case 2: set_little(s, at / 4 * 4, what >> 8 & 15, 4); break;
        case 3: set_little(s, at / 4 * 4, UINT32_MAX - (what >> 8 & 3), 4); break;
        case 4: set_little(s, at / 4 * 4, little<uint32_t>(s, at / 4 * 4) + ((what >> 8) % 129 - 64), 4); break;
        case 5: set_little(s, at / 4 * 4, little<uint32_t>(s, size_t(what >> 8) % (s.size() / 4) * 4), 4); break;
        case 6:
          if ((what >> 8) % 4 == 0) s.resize(at > 64 ? at / 16 * 16 : 64);
          break;
        case 7:  // an edit to a field
          set_little(s, 64 * (size_t(what >> 8) % 4) + 24 + 4 * (size_t(what >> 16) % 10), what >> 24, 1);
      }
      if (s.size() < 128) s.resize(s.size() + 64);
    }
    if (t % 16 >= 4) set_little(s, 24, s.size(), 8);
    if (t % 16 >= 2) reseal(s);
    const char *at = cliff.put(s);
    const orthant_model *m = nullptr;
    const orthant_status open = orthant_model_open(at, s.size(), &m);
    ASSERT_TRUE(open == ORTHANT_OK || open == ORTHANT_E_BLOB);
    const bool aligned = (s.size() & ((size_t(1) << (s[40] & 15)) - 1)) == 0;
    bool good = open == ORTHANT_OK;
    if (good) {
      ++opened;
      good = orthant_model_verify(m) == ORTHANT_OK;
      double sum = 0;
      for (int32_t i = 0; i < orthant_model_records(m); ++i) {
        const Record r = Blob(m).record(i);
        double x[64];
        for (size_t k = 0; k < r.count; k += 64) {  // every byte that a reader may touch
          const size_t n = std::min<size_t>(64, r.count - k);
          r.read(k, n, x);
          sum += x[n - 1];
        }
        Record found;
        ASSERT_TRUE(Blob(m).find(r.name, &found) && found.data == r.data);
      }
      ASSERT_TRUE(sum == sum || sum != sum);
    }
    accepted += good;
    ASSERT_EQ(good, aligned && reference_accepts(s)) << "mutation " << t << ": " << orthant_model_problem(at, s.size());
    ASSERT_EQ(good, std::string(orthant_model_problem(at, s.size())) == "ok");
  }
  RecordProperty("opened", int(opened));
  RecordProperty("accepted", int(accepted));
  EXPECT_GT(opened, accepted);
  EXPECT_GT(accepted, mutations / 100);  // the mutations that change numbers and nothing else
}

TEST(Blob, HalfPrecisionIsExactBothWays) {
  std::string s(64 + 64 + 2 * 65536, 0);
  std::vector<double> all;
  std::vector<uint16_t> patterns;
  for (uint32_t h = 0; h < 65536; ++h) {
    const uint32_t e = h >> 10 & 31, f = h & 1023;
    if (e == 31) continue;
    const double magnitude = e == 0 ? std::ldexp(f, -24) : std::ldexp(1024 + f, int(e) - 25);
    all.push_back(h & 0x8000 ? -magnitude : magnitude);
    patterns.push_back(uint16_t(h));
  }
  const uint32_t n = uint32_t(all.size());
  const auto write = [&](Element type, const std::vector<double> &v, std::string *out) {
    for (int pass = 0; pass < 2; ++pass) {
      BlobWriter w(ModelKind::nalmu, 1, pass ? &(*out)[0] : nullptr);
      w.add({"a", type, 1, {uint32_t(v.size())}});
      w.store(0, v.size(), v.data());
      const size_t bytes = w.finish();
      ASSERT_NE(bytes, 0u);
      if (!pass) out->assign(bytes, 0);
    }
  };
  write(Element::f16, all, &s);
  std::vector<double> back(n);
  Blob(s.data()).record(0).read(0, n, back.data());
  for (uint32_t i = 0; i < n; ++i) {
    ASSERT_EQ(back[i], all[i]);
    ASSERT_EQ(little<uint16_t>(s, 128 + 2 * i), patterns[i]);
  }
  // Halfway points go to the even neighbour, others to the nearest.
  std::vector<double> between;
  for (uint32_t i = 0; i + 1 < n / 2; ++i) between.push_back(0.5 * (all[i] + all[i + 1]));
  write(Element::f16, between, &s);
  for (uint32_t i = 0; i < between.size(); ++i)
    ASSERT_EQ(little<uint16_t>(s, 128 + 2 * i), patterns[i] & 1 ? patterns[i + 1] : patterns[i]) << all[i];
  // bf16 holds what f32 holds, within 2^-9.
  Random random(3);
  std::vector<double> wide;
  for (int i = 0; i < 1000; ++i) wide.push_back(std::ldexp(uniform(random) - 0.5, uniform_int(random, -120, 120)));
  write(Element::bf16, wide, &s);
  for (size_t i = 0; i < wide.size(); ++i) {
    const double x = Blob(s.data()).record(0).value<double>(i);
    EXPECT_LE(std::abs(x - wide[i]), std::ldexp(std::abs(wide[i]), -8));
  }
}

// From the least to the largest integer, in the shortest steps for which both ends of the range have a place: those
// that rounding asks for are no more than some units in the last place longer.
TEST(Blob, QuantizedRangesUseEveryStep) {
  Random random(5);
  for (const Element type : {Element::i8, Element::i16}) {
    const double bottom = type == Element::i8 ? -128 : -32768, top = -bottom - 1;
    int longer = 0;
    for (int i = 0; i < 3000; ++i) {
      const int32_t steps = uniform_int(random, 0, int32_t(top - bottom) - 1);
      // Ends half a step beyond a whole number of them round outwards, and ask for more.
      const double unit = std::exp(20 * normal(random)), low = -unit * (steps + (i % 3 ? 0.5 : 0));
      const double high = unit * (top - bottom - steps - (i % 3 ? 0.5 : 0));
      float scale = 0;
      int32_t zero = 0;
      blob_quantize(type, low, high, &scale, &zero);
      const auto place = [&](double x) { return std::floor(x / double(scale) + 0.5) + zero; };
      ASSERT_EQ(place(low), bottom) << low << " " << high;
      ASSERT_LE(place(high), top) << low << " " << high;
      ASSERT_GE(place(high), top - 1) << low << " " << high;
      ASSERT_NEAR(double(scale), unit, 4 * unit * double(FLT_EPSILON));
      longer += double(scale) > unit * (1 + double(FLT_EPSILON));
    }
    EXPECT_GT(longer, 0);
  }
  float scale = 0;
  int32_t zero = 0;
  blob_quantize(Element::i8, 0, 0, &scale, &zero);
  EXPECT_EQ(scale, 1);
  EXPECT_EQ(zero, -128);
}

TEST(Blob, ConversionKeepsTheNumbers) {
  const std::string s = small_blob();
  Cliff cliff;
  const orthant_model *m = nullptr;
  ASSERT_EQ(orthant_model_open(cliff.put(s), s.size(), &m), ORTHANT_OK);
  for (const int32_t type : {0, 1, 2, 3, 4, 6})
    for (const int32_t align : {0, 16, 256}) {
      size_t bytes = 0;
      ASSERT_EQ(orthant_model_convert(m, type, align, nullptr, 0, &bytes), ORTHANT_OK);
      std::string out(bytes, '\x55');
      EXPECT_EQ(orthant_model_convert(m, type, align, &out[0], bytes - 1, &bytes), ORTHANT_E_SCRATCH);
      ASSERT_EQ(orthant_model_convert(m, type, align, &out[0], bytes, &bytes), ORTHANT_OK);
      EXPECT_TRUE(reference_accepts(out));
      for (int32_t i = 0; i < 3; ++i) {
        const Record a = Blob(m).record(i), b = Blob(out.data()).record(i);
        EXPECT_EQ(int32_t(b.type), i == 1 ? ORTHANT_ELEMENT_I32 : type);
        // Half a step of the integer types over the range -1.25 .. 100; half a unit of the short floats at 100.
        const double tolerance = i == 1 || type == 0 || type == 6 ? 0
                                 : type == 3                       ? (i == 2 ? 0.2 : 0.51 * 101.25 / 255)
                                 : type == 4                       ? 0.51 * 101.25 / 65535
                                                                   : 0.25;
        for (size_t k = 0; k < a.count; ++k)
          EXPECT_LE(std::abs(a.value<double>(k) - b.value<double>(k)), tolerance) << type << " " << i << " " << k;
      }
    }
  size_t bytes = 0;
  EXPECT_EQ(orthant_model_convert(m, ORTHANT_ELEMENT_I32, 0, nullptr, 0, &bytes), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_model_convert(m, 0, 48, nullptr, 0, &bytes), ORTHANT_E_ARG);
  EXPECT_EQ(orthant_model_convert(m, 0, 8, nullptr, 0, &bytes), ORTHANT_E_ARG);
}

}  // namespace
}  // namespace orthant::test
