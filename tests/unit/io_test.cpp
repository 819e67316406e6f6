// The tool's readers and writers: round trips, the numbered rules of the formats, and hostile input.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <clocale>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <numeric>

#ifdef HAVE_MATIO
#include <matio.h>
#endif

#include "columns.hpp"

using namespace orthant::tool;

namespace {

class Io : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "orthant-io-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory = pattern;
  }
  void TearDown() override { fs::remove_all(directory); }

  std::string put(const std::string &name, const std::string &bytes) const {
    std::ofstream(directory / name, std::ios::binary) << bytes;
    return (directory / name).string();
  }
  fs::path directory;
};

template <class S>
std::string bytes_of(const std::vector<S> &values, bool swap = false) {
  std::string out;
  for (S v : values) {
    char raw[sizeof(S)];
    std::memcpy(raw, &v, sizeof(S));
    if (swap) std::reverse(raw, raw + sizeof(S));
    out.append(raw, sizeof(S));
  }
  return out;
}

std::string envi(const std::string &more, int samples = 2, int lines = 3, int bands = 2, int type = 12,
                 const std::string &interleave = "bip") {
  return "ENVI\nsamples = " + std::to_string(samples) + "\nlines = " + std::to_string(lines) +
         "\nbands = " + std::to_string(bands) + "\ndata type = " + std::to_string(type) +
         "\ninterleave = " + interleave + "\nbyte order = 0\n" + more;
}

std::vector<uint16_t> counted(size_t n) {
  std::vector<uint16_t> v(n);
  std::iota(v.begin(), v.end(), uint16_t{1});
  return v;
}

// The text of the InputError that `act` throws; empty if it throws none.
template <class Act>
std::string refusal(Act act) {
  try {
    act();
  } catch (const InputError &e) {
    return e.what();
  }
  return "";
}
std::string envi_refusal(const std::string &header, const std::string &data = std::string(1000, '\0')) {
  return refusal([&] { parse_envi(header, data, "scene.hdr"); });
}
bool has(const std::string &text, const std::string &part) { return text.find(part) != text.npos; }
bool noted(const Meta &meta, const std::string &part) {
  for (const std::string &n : meta.notes) {
    if (has(n, part)) return true;
  }
  return false;
}

// ---- Rules 1 to 7 of the formats
// -------------------------------------------------------------------------------------

TEST_F(Io, Rule1EitherHalfOfAnEnviPairNamesBoth) {
  const std::string data = bytes_of(counted(12));
  for (const char *pair : {"a.img a.img.hdr", "b.dat b.hdr", "c c.hdr", "d.raw d.hdr", "e.bsq e.hdr", "f.bil f.hdr",
                           "g.bip g.hdr", "h.img h.hdr"}) {
    const std::string text = pair;
    const std::string first = put(text.substr(0, text.find(' ')), data),
                      second = put(text.substr(text.find(' ') + 1), envi(""));
    for (const std::string &half : {first, second}) {
      const auto image = read_image<float>(half);
      EXPECT_EQ(image.values.size(), 12u) << half;
      EXPECT_EQ(image.values[11], 12.0f) << half;
      EXPECT_EQ(argument_path(half).string(), first);
    }
  }
  // The header beside the whole name wins over the one beside the stem.
  put("i.img", data);
  put("i.hdr", envi("", 1, 1, 1));
  put("i.img.hdr", envi(""));
  EXPECT_EQ(read_image<float>((directory / "i.img").string()).lines, 3);
  const std::string lonely = put("z.hdr", envi(""));
  EXPECT_TRUE(has(refusal([&] { read_data(lonely); }), "no data file beside this header; tried z, z.img"));
}

TEST_F(Io, Rule2SizesAreCheckedBeforeReading) {
  EXPECT_EQ(envi_refusal(envi("header offset = 198\n", 100, 100, 198), std::string(3960000, '\0')),
            "scene.hdr: data file has 3960000 bytes, the header asks for 3960198 (100 x 100 x 198, u16, offset 198); "
            "correct the header or fetch the data file again");
  const std::string big = "2147483647";
  const std::string huge = "ENVI\nsamples = " + big + "\nlines = " + big + "\nbands = " + big +
                           "\ndata type = 5\ninterleave = bsq\nbyte order = 0\n";
  EXPECT_TRUE(has(envi_refusal(huge), "more than any file holds"));
  for (const char *side : {"-1", "0", "1.5", "2147483648", "99999999999999999999", "1e400", "nan", "abc", ""}) {
    EXPECT_TRUE(has(envi_refusal("ENVI\nsamples = " + std::string(side) + "\nlines = 1\nbands = 1\n"), "samples"))
        << side;
  }
  EXPECT_TRUE(has(envi_refusal(envi("header offset = 9007199254740993\n")), "header offset"));
}

TEST_F(Io, Rule3LongLinesAndListsAreErrors) {
  EXPECT_TRUE(has(envi_refusal(envi("description = {" + std::string(65 << 10, 'x') + "}\n")), "longer than 64 KiB"));
  std::string list = "wavelength = {\n";
  while (list.size() < 11u << 20) list += std::string(1000, '1') + ",\n";
  EXPECT_TRUE(has(envi_refusal(envi(list + "}\n")), "longer than 10 MB"));
}

TEST_F(Io, Rule4NumbersDoNotDependOnTheLocale) {
  for (const char *name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"}) {
    if (std::setlocale(LC_ALL, name)) break;
  }
  EXPECT_EQ(parse_number(" 1.5 "), 1.5);
  EXPECT_EQ(parse_number("+2e-3"), 0.002);
  EXPECT_FALSE(parse_number("1,5"));
  EXPECT_FALSE(parse_number(""));
  EXPECT_FALSE(parse_number("+-1"));
  EXPECT_FALSE(parse_number("1 2"));
  EXPECT_EQ(shortest(0.1), "0.1");
  Table<double> t;
  t.rows = t.cols = 1;
  t.values = {0.5};
  write_csv(directory / "t.csv", t, false);
  EXPECT_EQ(read_file(directory / "t.csv"), "0.5\n");
  std::setlocale(LC_ALL, "C");
}

TEST_F(Io, Rule5ASpectralLibraryHasBandsAsSamples) {
  const std::string header =
      "ENVI\nsamples = 3\nlines = 2\nbands = 1\ndata type = 4\ninterleave = bsq\nbyte order = 0\n"
      "file type = ENVI Spectral Library\nspectra names = {dry grass, soil}\nwavelength units = nm\n"
      "wavelength = {400, 500,\n 600}\n";
  const std::string data = bytes_of(std::vector<float>{1, 2, 3, 4, 5, 6});
  const Data parsed = parse_envi(header, data, "l.hdr");
  const auto table = to_table<float>(parsed);
  EXPECT_EQ(table.rows, 3);
  EXPECT_EQ(table.cols, 2);
  EXPECT_EQ(table(2, 1), 6);
  EXPECT_EQ(table.names, (std::vector<std::string>{"dry grass", "soil"}));
  EXPECT_NEAR(table.meta.wavelength.at(2), 0.6, 1e-15);
  EXPECT_TRUE(has(refusal([&] { to_image<float>(parsed); }), "spectral library"));
}

TEST_F(Io, Rule6BadBandsScaleAndIgnoreValueApplyAndCanBeSwitchedOff) {
  const std::string header = envi(
      "bbl = {1.0, 0}\nreflectance scale factor = 10\ndata ignore value = 3\nwavelength units = um\nwavelength = {1, "
      "2}\n"
      "band names = {a, b}\n");
  const std::string data = bytes_of(counted(12));
  const Data parsed = parse_envi(header, data, "s.hdr");
  const auto image = to_image<double>(parsed);
  ASSERT_EQ(image.bands, 1);
  EXPECT_EQ(image.kept_bands, std::vector<int64_t>{0});
  EXPECT_EQ(image.file_bands, 2);
  EXPECT_DOUBLE_EQ(image.values[0], 0.1);
  EXPECT_TRUE(std::isnan(image.values[1]));
  EXPECT_EQ(image.meta.wavelength, std::vector<double>{1});
  EXPECT_EQ(image.meta.band_names, std::vector<std::string>{"a"});
  EXPECT_FALSE(image.whole);
  EXPECT_TRUE(noted(image.meta, "1 of 2 bands left out"));
  EXPECT_TRUE(noted(image.meta, "scale factor 10"));
  EXPECT_TRUE(noted(image.meta, "1 values equal the data ignore value 3"));
  ImageOptions off;
  off.bad_bands = off.scale = off.ignore = false;
  const auto raw = to_image<double>(parsed, off);
  EXPECT_EQ(raw.bands, 2);
  EXPECT_EQ(raw.values[2], 3);
  EXPECT_TRUE(raw.whole);
  EXPECT_TRUE(
      has(refusal([&] { to_image<double>(parse_envi(envi("bbl = {0, 0}\n"), data, "s.hdr")); }), "leaves no band"));
}

TEST_F(Io, Rule7AbundancesKeepNamesAndGeoreference) {
  const std::string map_info = "{UTM, 1.000, 1.000, 589110.000, 4141230.000, 17, 17, 10, North, WGS-84}";
  put("s.img", bytes_of(counted(12)));
  put("s.hdr", envi("map info = " + map_info + "\ncoordinate system string = {PROJCS[\"x\"]}\n"));
  const auto image = read_image<float>((directory / "s.hdr").string());
  Image<float> A = image;
  A.meta.band_names = {"dry, grass", "so{i}l"};
  A.meta.description = "orthant {unmix}";
  A.values[3] = std::numeric_limits<float>::quiet_NaN();
  write_envi(directory / "a.img", A, false);
  const std::string header = read_file(directory / "a.img.hdr");
  EXPECT_TRUE(has(header, "map info = " + map_info + "\n"));
  EXPECT_TRUE(has(header, "coordinate system string = {PROJCS[\"x\"]}\n"));
  EXPECT_TRUE(has(header, "data ignore value = nan"));
  const auto back = read_image<float>((directory / "a.img").string());
  EXPECT_EQ(back.meta.band_names, (std::vector<std::string>{"dry; grass", "so(i)l"}));
  EXPECT_EQ(back.meta.description, "orthant (unmix)");
  EXPECT_EQ(back.meta.carried, image.meta.carried);
  EXPECT_EQ(back.lines, 3);
  EXPECT_EQ(back.samples, 2);
  EXPECT_TRUE(std::isnan(back.values[3]));
  EXPECT_EQ(back.values[11], 12);
}

// ---- ENVI, the rest
// ---------------------------------------------------------------------------------------------------

TEST_F(Io, EveryInterleaveTypeAndByteOrderGivesTheSameImage) {
  const int S = 3, L = 2, B = 4;
  const auto value = [](int b, int l, int s) { return b + 10 * s + 40 * l; };
  const auto check = [&](auto zero, int type) {
    using E = decltype(zero);
    for (const std::string interleave : {"BSQ", "bil", "bip"}) {
      for (int big = 0; big < 2; ++big) {
        std::vector<E> v;
        const auto put_value = [&](int b, int l, int s) { v.push_back(static_cast<E>(value(b, l, s))); };
        if (interleave == "BSQ")
          for (int b = 0; b < B; ++b)
            for (int l = 0; l < L; ++l)
              for (int s = 0; s < S; ++s) put_value(b, l, s);
        if (interleave == "bil")
          for (int l = 0; l < L; ++l)
            for (int b = 0; b < B; ++b)
              for (int s = 0; s < S; ++s) put_value(b, l, s);
        if (interleave == "bip")
          for (int l = 0; l < L; ++l)
            for (int s = 0; s < S; ++s)
              for (int b = 0; b < B; ++b) put_value(b, l, s);
        const std::string header =
            "ENVI\n Samples=3\nLINES = 2\nbands = 4\nheader offset = 5\ndata type = " + std::to_string(type) +
            "\ninterleave = " + interleave + "\nbyte order = " + std::to_string(big) + "\n";
        const auto image = to_image<float>(parse_envi(header, "12345" + bytes_of(v, big == 1), "x.hdr"));
        for (int l = 0; l < L; ++l)
          for (int s = 0; s < S; ++s)
            for (int b = 0; b < B; ++b) {
              ASSERT_EQ(image.pixel(s + S * l)[b], static_cast<float>(value(b, l, s))) << type << interleave << big;
            }
      }
    }
  };
  check(uint8_t{}, 1), check(int16_t{}, 2), check(int32_t{}, 3), check(float{}, 4), check(double{}, 5);
  check(uint16_t{}, 12), check(uint32_t{}, 13), check(int64_t{}, 14), check(uint64_t{}, 15);
}

TEST_F(Io, EnviHeadersSayWhatIsWrong) {
  EXPECT_TRUE(has(envi_refusal(""), "not ENVI"));
  EXPECT_TRUE(has(envi_refusal("hello\n"), "'hello', not ENVI"));
  EXPECT_TRUE(has(envi_refusal(envi("", 2, 3, 2, 6)), "complex"));
  EXPECT_TRUE(has(envi_refusal(envi("", 2, 3, 2, 9)), "complex"));
  EXPECT_TRUE(has(envi_refusal(envi("", 2, 3, 2, 7)), "data type 7 is unknown"));
  EXPECT_TRUE(has(envi_refusal(envi("", 2, 3, 2, 12, "bzq")), "interleave is 'bzq'"));
  EXPECT_TRUE(has(envi_refusal(envi("file compression = 1\n")), "compressed"));
  EXPECT_EQ(envi_refusal(envi("file compression = 0\nmajor frame offsets = {0, 0}\n")), "");
  EXPECT_TRUE(has(envi_refusal(envi("minor frame offsets = {0, 4}\n")), "minor frame offsets"));
  EXPECT_TRUE(has(envi_refusal(envi("bands = 3\n")), "'bands' is given twice, as '2' and '3'"));
  EXPECT_TRUE(has(envi_refusal(envi("bbl = {1, 2\n")), "no closing brace"));
  EXPECT_TRUE(has(envi_refusal(envi("bbl = {1}\n")), "'bbl' has 1 values for 2 bands"));
  EXPECT_TRUE(has(envi_refusal(envi("data gain values = {1, 2, 3}\n")), "'data gain values' has 3 values for 2 bands"));
  EXPECT_TRUE(has(envi_refusal(envi("reflectance scale factor = 0\n")), "reflectance scale factor"));
  EXPECT_TRUE(has(envi_refusal(envi("data ignore value = none\n")), "data ignore value"));
  EXPECT_TRUE(
      has(envi_refusal("ENVI\nsamples = 1\nlines = 1\nbands = 1\ninterleave = bip\n"), "'data type' is missing"));
  EXPECT_TRUE(has(envi_refusal(envi("byte order = 2\n")), "byte order"));
}

TEST_F(Io, EnviHeadersAreReadWithPatience) {
  const std::string data = bytes_of(counted(12));
  const Data d = parse_envi(
      "ENVI\r\n; a comment = {\r\n\r\n  SAMPLES = 2\r\nlines=3\r\nbands = 2\r\ndata type = 12\r\n"
      "interleave = BIP\r\nnonsense\r\nsensor type =\r\nwavelength = {450,\r\n;between\r\n 900}\r\n"
      "data gain values = {2, 3}\r\ndata offset values = {1, 1}\r\nfwhm = {1}\r\ndefault bands = {2, 1, 9}\r\n",
      data, "p.hdr");
  EXPECT_TRUE(noted(d.meta, "byte order is not stated"));
  EXPECT_TRUE(noted(d.meta, "wavelength units are not stated; taken as nanometres"));
  EXPECT_TRUE(noted(d.meta, "line 9 of the header"));
  EXPECT_TRUE(noted(d.meta, "'fwhm' has 1 values for 2 bands"));
  EXPECT_NEAR(d.meta.wavelength.at(1), 0.9, 1e-15);
  EXPECT_EQ(d.meta.default_bands, (std::vector<int64_t>{2, 1}));
  const auto image = to_image<double>(d);
  EXPECT_EQ(image.values[0], 1 * 2 + 1);
  EXPECT_EQ(image.values[1], 2 * 3 + 1);
  const Data um = parse_envi(envi("wavelength units = Micrometers\nwavelength = {0.4, 0.5}\n"), data, "p.hdr");
  EXPECT_EQ(um.meta.wavelength.at(0), 0.4);
  const Data wave = parse_envi(envi("wavelength units = Wavenumber\nwavelength = {0.4, 0.5}\n"), data, "p.hdr");
  EXPECT_TRUE(wave.meta.wavelength.empty());
}

TEST_F(Io, TheShapeOfARasterCannotBeOverruled) {
  ImageOptions options;
  options.lines = 2, options.samples = 3;
  const Data d = parse_envi(envi(""), bytes_of(counted(12)), "s.hdr");
  EXPECT_TRUE(has(refusal([&] { to_image<float>(d, options); }), "leave --shape out"));
}

// ---- Plain matrices as images ---------------------------------------------------------------------------------------

Table<float> ramp(int64_t rows, int64_t cols) {
  Table<float> t;
  t.rows = rows, t.cols = cols;
  for (int64_t i = 0; i < rows * cols; ++i) t.values.push_back(static_cast<float>(i));
  return t;
}

TEST_F(Io, AMatrixBecomesAnImageByShapeThenBandsThenHabit) {
  write_npy(directory / "m.npy", ramp(6, 4), false);  // element (i, j) is i + 6 j
  const std::string file = (directory / "m.npy").string();
  ImageOptions options;
  auto image = read_image<float>(file);  // habit of NumPy: rows are pixels
  EXPECT_FALSE(image.shaped);
  EXPECT_EQ(image.bands, 4);
  EXPECT_EQ(image.pixel(1)[2], 1 + 6 * 2);
  options.bands = 6;
  image = read_image<float>(file, options);
  EXPECT_EQ(image.bands, 6);
  options.lines = 2, options.samples = 3;  // the shape decides: rows are the 6 pixels
  image = read_image<float>(file, options);
  EXPECT_EQ(image.bands, 4);
  EXPECT_TRUE(image.shaped);
  EXPECT_EQ(image.pixel(2 + 3 * 1)[0], 5);  // line 1, sample 2 is row 5: samples run fastest
  options.order = PixelOrder::column;
  image = read_image<float>(file, options);
  EXPECT_EQ(image.pixel(2 + 3 * 1)[0], 1 + 2 * 2);  // line + lines*sample
  options.lines = 5;
  EXPECT_TRUE(has(refusal([&] { read_image<float>(file, options); }), "neither side is 5 lines times 3 samples"));
  options.lines = options.samples = std::numeric_limits<int64_t>::max();
  EXPECT_TRUE(has(refusal([&] { read_image<float>(file, options); }), "neither side"));
}

TEST_F(Io, ATableTurnsOverWhereOnlyThatFits) {
  write_npy(directory / "m.npy", ramp(2, 5), false);
  EXPECT_EQ(read_table<float>((directory / "m.npy").string()).rows, 2);
  const auto transposed = read_table<float>((directory / "m.npy").string(), 5);
  EXPECT_EQ(transposed.rows, 5);
  EXPECT_EQ(transposed(3, 1), ramp(2, 5)(1, 3));
}

// ---- NumPy
// -------------------------------------------------------------------------------------------------------------

std::string npy(const std::string &dict, const std::string &data, int major = 1) {
  std::string head("\x93NUMPY", 6);
  head += static_cast<char>(major);
  head += '\0';
  const std::string padded = dict + "\n";
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i) head += static_cast<char>(padded.size() >> (8 * i) & 0xff);
  return head + padded + data;
}
std::string npy_refusal(const std::string &bytes) {
  return refusal([&] { parse_npy(bytes, "a.npy"); });
}

TEST_F(Io, NpyRoundTripIsExactAndAligned) {
  Table<double> t;
  t.rows = 3, t.cols = 2;
  t.values = {0.1, -2e300, 5e-324, std::nan(""), 1.0 / 3, INFINITY};
  write_npy(directory / "t.npy", t, false);
  const auto back = read_table<double>((directory / "t.npy").string());
  EXPECT_EQ(std::memcmp(back.values.data(), t.values.data(), 48), 0);
  const std::string bytes = read_file(directory / "t.npy");
  EXPECT_EQ((bytes.size() - 48) % 64, 0u);
  EXPECT_EQ(bytes[bytes.size() - 49], '\n');
}

TEST_F(Io, NpyReadsBothOrdersAllVersionsAndThreeDimensions) {
  const std::string data = bytes_of(counted(6));
  for (int major = 1; major <= 3; ++major) {
    const std::string c = npy("{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }", data, major);
    const std::string f = npy("{\"shape\": (2, 3), 'fortran_order': True, 'descr': '<u2'}", data, major);
    EXPECT_EQ(to_table<float>(parse_npy(c, "c"))(1, 0), 4) << major;
    EXPECT_EQ(to_table<float>(parse_npy(f, "f"))(1, 0), 2) << major;
  }
  const std::string one = npy("{'descr': '<u2', 'fortran_order': False, 'shape': (6,)}", data);
  EXPECT_EQ(to_table<float>(parse_npy(one, "o")).rows, 6);
  const std::string big = npy("{'descr': '>i4', 'fortran_order': False, 'shape': (1, 1)}", std::string("\0\0\1\0", 4));
  EXPECT_EQ(to_table<float>(parse_npy(big, "b")).values[0], 256);
  const std::string cube = npy("{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2, 3)}", data);
  const Data parsed = parse_npy(cube, "cube");
  const auto image = to_image<float>(parsed);
  EXPECT_EQ(image.lines, 1);
  EXPECT_EQ(image.samples, 2);
  EXPECT_EQ(image.bands, 3);
  EXPECT_EQ(image.pixel(1)[2], 6);
}

TEST_F(Io, NpyRefusesWhatItCannotHold) {
  const std::string data = bytes_of(counted(6));
  const auto with = [&](const std::string &descr, const std::string &shape) {
    return npy_refusal(npy("{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + "}", data));
  };
  EXPECT_EQ(with("'<u2'", "(2, 3)"), "");
  EXPECT_TRUE(has(with("'|O'", "(2, 3)"), "element type '|O' is not supported"));
  EXPECT_TRUE(has(with("'<c8'", "(1,)"), "not supported"));
  EXPECT_TRUE(has(with("'<f2'", "(1,)"), "not supported"));
  EXPECT_TRUE(has(with("[('a', '<f4')]", "(2,)"), "object and structured arrays are not supported"));
  EXPECT_TRUE(has(with("'<u2'", "(2, 3, 1, 1)"), "4 dimensions"));
  EXPECT_TRUE(has(with("'<u2'", "()"), "0 dimensions"));
  EXPECT_TRUE(has(with("'<u2'", "(0, 3)"), "empty"));
  EXPECT_TRUE(has(with("'<u2'", "(-2, 3)"), "whole number"));
  EXPECT_TRUE(has(with("'<u2'", "(2 3)"), "whole numbers"));
  EXPECT_TRUE(has(with("'<u2'", "(7,)"), "has 12 bytes of data, its header asks for 7 numbers of type u16"));
  EXPECT_TRUE(has(with("'<u2'", "(9223372036854775807, 3)"), "larger than any file"));
  EXPECT_TRUE(has(with("'<u2'", "(99999999999999999999,)"), "larger than any file"));
  EXPECT_TRUE(has(with("'<f8'", "(4611686018427387904,)"), "asks for"));
  EXPECT_TRUE(has(npy_refusal(npy("{'descr': '<u2', 'shape': (1,)}", data)), "lacks"));
  EXPECT_TRUE(has(npy_refusal(npy("{'descr': '<u2', 'descr': '<u2'}", data)), "twice"));
  EXPECT_TRUE(has(npy_refusal("not numpy at all"), "not a NumPy file"));
  const std::string good = npy("{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }", data);
  for (size_t n = 0; n < good.size(); ++n) EXPECT_NE(npy_refusal(good.substr(0, n)), "") << n;
  EXPECT_TRUE(has(npy_refusal(npy("{", data, 4)), "version 4"));
}

// ---- Text tables
// -------------------------------------------------------------------------------------------------------

std::string csv_refusal(const std::string &text) {
  return refusal([&] { parse_csv(text, "t.csv"); });
}

TEST_F(Io, TextTablesWithEverySeparatorReadTheSame) {
  for (const char *text : {"1,2\n3,4\n", "1;2\r\n3;4", "1\t2\n3\t4\n", " 1   2\n\n3 \t 4 \n",
                           "\xef\xbb\xbf# saved\n1,2\n3,4\n", "a,b\n1,2\n3,4\n", "\"1\", \"2\"\n3,\"4\""}) {
    const auto t = to_table<double>(parse_csv(text, "t.csv"));
    ASSERT_EQ(t.rows, 2) << text;
    ASSERT_EQ(t.cols, 2) << text;
    EXPECT_EQ(t.values, (std::vector<double>{1, 3, 2, 4})) << text;
  }
}

TEST_F(Io, TextTablesKnowHeadersMissingValuesAndWavelengths) {
  const auto t = to_table<double>(parse_csv("\"grass, dry\",\"a \"\"b\"\"\"\n1,\n,4\n", "t.csv"));
  EXPECT_EQ(t.names, (std::vector<std::string>{"grass, dry", "a \"b\""}));
  EXPECT_TRUE(std::isnan(t(0, 1)));
  EXPECT_TRUE(std::isnan(t(1, 0)));
  const auto s = to_table<double>(parse_csv("Wavelength (nm);soil\n400;0.1\n500;0.2\n", "t.csv"));
  EXPECT_EQ(s.cols, 1);
  EXPECT_EQ(s.names, std::vector<std::string>{"soil"});
  EXPECT_DOUBLE_EQ(s.meta.wavelength.at(1), 0.5);
  EXPECT_EQ(s(1, 0), 0.2);
}

TEST_F(Io, TextTablesNameTheLineAndColumnOfAnError) {
  EXPECT_EQ(csv_refusal("a,b\n1,2\n3,x4\n"),
            "t.csv: line 3, column 2: 'x4' is not a number; correct it, or leave the cell empty where nothing is "
            "known");
  EXPECT_EQ(csv_refusal("1,2\n3\n"), "t.csv: line 2 has 1 columns, line 1 has 2; each line needs the same number");
  EXPECT_TRUE(has(csv_refusal(""), "no numbers"));
  EXPECT_TRUE(has(csv_refusal("a,b\n"), "no numbers"));
  EXPECT_TRUE(has(csv_refusal(std::string("1,2\0\n", 5)), "zero bytes"));
  EXPECT_TRUE(has(csv_refusal("1;2\n1,5.0;2\n"), "line 2, column 1: '1,5.0' is not a number"));
  EXPECT_TRUE(has(csv_refusal("1,2\n3,\"4\n"), ""));  // an open quote ends with its line
}

TEST_F(Io, CsvRoundTripKeepsEveryDigit) {
  Table<double> t;
  t.rows = 2, t.cols = 2;
  t.values = {0.1, 1.0 / 3, std::nan(""), 1e-300};
  t.names = {"a, b", "c\"d"};
  t.meta.wavelength = {0.4, 0.5};
  write_csv(directory / "t.csv", t, false);
  const auto back = read_table<double>((directory / "t.csv").string());
  EXPECT_EQ(back.names, t.names);
  EXPECT_EQ(back.meta.wavelength, t.meta.wavelength);
  EXPECT_EQ(back.values[1], t.values[1]);
  EXPECT_TRUE(std::isnan(back.values[2]));
  Table<float> column;
  column.rows = 2, column.cols = 1;
  column.values = {1, std::nanf("")};
  write_csv(directory / "c.csv", column, false);
  EXPECT_EQ(read_table<float>((directory / "c.csv").string()).rows, 2);
}

// ---- IDX
// ---------------------------------------------------------------------------------------------------------------

std::string idx(unsigned char type, const std::vector<uint32_t> &sides, const std::string &data) {
  std::string out{'\0', '\0', static_cast<char>(type), static_cast<char>(sides.size())};
  for (uint32_t s : sides) out += bytes_of(std::vector<uint32_t>{s}, true);
  return out + data;
}
std::string gzip(const std::string &bytes) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&z, bytes.size()), '\0');
  z.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef *>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}
std::string idx_refusal(const std::string &bytes) {
  return refusal([&] { parse_idx(bytes, "i.idx"); });
}

TEST_F(Io, IdxImagesAreColumnsPlainOrGzip) {
  const std::string bytes = idx(8, {3, 2, 2}, "\1\2\3\4\5\6\7\10\11\12\13\14");
  for (const std::string &b : {bytes, gzip(bytes)}) {
    const Data d = parse_idx(b, "i");
    const auto t = to_table<float>(d);
    EXPECT_EQ(t.rows, 4);
    EXPECT_EQ(t.cols, 3);
    EXPECT_EQ(t(1, 2), 10);
    put("images-idx3-ubyte", b);
    EXPECT_EQ(read_table<float>((directory / "images-idx3-ubyte").string()).cols, 3);
  }
  const std::string doubles = idx(0x0e, {2}, bytes_of(std::vector<double>{1.5, -2}, true));
  EXPECT_EQ(to_table<double>(parse_idx(doubles, "i")).values, (std::vector<double>{1.5, -2}));
}

TEST_F(Io, IdxRefusesWhatItCannotHold) {
  EXPECT_TRUE(has(idx_refusal("\1\2\3\4"), "not an IDX file"));
  EXPECT_TRUE(has(idx_refusal(idx(0x0a, {1}, "a")), "type code 0x0a"));
  EXPECT_TRUE(has(idx_refusal(idx(8, {1, 1, 1, 1}, "a")), "4 dimensions"));
  EXPECT_TRUE(has(idx_refusal(idx(8, {}, "a")), "0 dimensions"));
  EXPECT_TRUE(has(idx_refusal(idx(8, {0}, "a")), "empty"));
  EXPECT_TRUE(has(idx_refusal(idx(0x0e, {0xffffffff, 0xffffffff, 0xffffffff}, "a")), "larger than any file"));
  EXPECT_TRUE(has(idx_refusal(idx(0x0e, {0xffffffff, 0x7fffffff}, "a")), "asks for"));
  EXPECT_TRUE(has(idx_refusal(gzip(idx(8, {0x10000000, 8}, "a"))), "asks for"));  // a small file asks for 2 GiB
  const std::string good = idx(8, {3, 2, 2}, "abcdefghijkl"), packed = gzip(good);
  for (size_t n = 0; n < good.size(); ++n) EXPECT_NE(idx_refusal(good.substr(0, n)), "") << n;
  for (size_t n = 0; n + 8 < packed.size(); ++n) EXPECT_NE(idx_refusal(packed.substr(0, n)), "") << n;
}

// ---- Any file, and writing
// ----------------------------------------------------------------------------------------------

TEST_F(Io, UnknownFilesNameWhatIsSupported) {
  EXPECT_TRUE(has(refusal([&] { read_data((directory / "none.npy").string()); }), "No such file"));
  EXPECT_TRUE(has(refusal([&] { read_data((directory / "none.mat").string() + ":Y"); }), "No such file"));
  EXPECT_TRUE(has(refusal([&] { read_data(directory.string()); }), "not a regular file"));
  EXPECT_TRUE(has(refusal([&] { read_data("/dev/zero"); }), "not a regular file"));
  const std::string file = put("x.jpg", "abc");
  EXPECT_TRUE(has(refusal([&] { read_data(file); }), "supported: ENVI"));
  const std::string mat = put("x.mat", std::string(200, 'x'));
  EXPECT_TRUE(has(refusal([&] { read_data(mat + ":Y"); }), "x.mat"));
  EXPECT_TRUE(has(refusal([&] { read_data(put("y.dat", "ENVI\n")); }), "name it with .hdr"));
}

TEST_F(Io, SliRoundTrip) {
  Table<float> t = ramp(3, 2);
  t.names = {"grass, dry", "soil"};
  t.meta.wavelength = {0.4, 0.5, 0.6};
  t.meta.description = "made by a test";
  write_sli(directory / "l.sli", t, false);
  for (const char *half : {"l.sli", "l.sli.hdr"}) {
    const auto back = read_table<float>((directory / half).string());
    EXPECT_EQ(back.values, t.values);
    EXPECT_EQ(back.names, (std::vector<std::string>{"grass; dry", "soil"}));
    EXPECT_EQ(back.meta.wavelength, t.meta.wavelength);
    EXPECT_EQ(back.meta.description, t.meta.description);
  }
}

TEST_F(Io, OutputsAreRefusedReplacedAndNeverLeftInPieces) {
  const fs::path file = directory / "t.csv";
  write_file(file, "first", false);
  EXPECT_THROW(write_file(file, "second", false), OutputError);
  EXPECT_EQ(read_file(file), "first");
  write_file(file, "second", true);
  EXPECT_EQ(read_file(file), "second");
  EXPECT_THROW(write_file(directory / "missing" / "t.csv", "x", false), OutputError);
  EXPECT_THROW(write_table(directory / "t.doc", ramp(1, 1), false), OutputError);
  write_file(directory / "p.sli.hdr", "x", false);
  EXPECT_THROW(write_sli(directory / "p.sli", ramp(2, 2), false), OutputError);
  EXPECT_FALSE(fs::exists(directory / "p.sli"));
  fs::create_symlink(directory / "nowhere", directory / "link.csv");
  EXPECT_THROW(write_file(directory / "link.csv", "x", false), OutputError);

  // A full disk, imitated by a file size limit: no half file may stay.
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = old;
  small.rlim_cur = 1000;
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_THROW(write_file(directory / "big.csv", std::string(5000, 'x'), false), OutputError);
  setrlimit(RLIMIT_FSIZE, &old);
  for (const auto &entry : fs::directory_iterator(directory)) {
    EXPECT_FALSE(has(entry.path().string(), "part-") || has(entry.path().string(), "big")) << entry.path();
  }
}

// Nothing that lies at a name to be guessed is followed or written to; what a killed run left is removed.
TEST_F(Io, TemporaryFilesAreNewAndOrphansAreRemoved) {
  write_file(directory / "victim", "safe", false);
  fs::create_symlink(directory / "victim", directory / ("t.csv.part-" + std::to_string(getpid())));
  write_file(directory / "t.csv", "mine", false);
  EXPECT_EQ(read_file(directory / "victim"), "safe");
  EXPECT_EQ(read_file(directory / "t.csv"), "mine");
  EXPECT_FALSE(fs::is_symlink(directory / "t.csv"));

  const auto put_in = [&](const char *folder, const char *name) {
    fs::create_directories(directory / folder);
    std::ofstream(directory / folder / name) << "half";
    return directory / folder / name;
  };
  const fs::path orphan = put_in("a", ".orthant-part-0123456789abcdef"),
                 held = put_in("a", ".orthant-part-fedcba9876543210"), other = put_in("a", ".orthant-part-notes"),
                 linked = directory / "a" / ".orthant-part-00000000000000aa";
  fs::create_symlink(directory / "victim", linked);
  const int fd = open(held.c_str(), O_RDONLY);
  ASSERT_EQ(flock(fd, LOCK_EX), 0);
  write_file(directory / "a" / "t", "x", false);
  EXPECT_FALSE(fs::exists(orphan));
  EXPECT_TRUE(fs::exists(held) && fs::exists(other) && fs::is_symlink(linked));
  close(fd);
  const fs::path left = put_in("b", ".orthant-part-0123456789abcdef");
  make_output_directory(directory / "b", false);  // nothing else is in it
  EXPECT_FALSE(fs::exists(left));

  ASSERT_EQ(mkfifo((directory / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(write_file(directory / "pipe", "x", true), OutputError);
  EXPECT_THROW(write_file("-", "x", true), OutputError);
}

TEST_F(Io, OutputDirectoriesAreMadeOrRefused) {
  make_output_directory(directory / "a" / "b", false);
  EXPECT_TRUE(fs::is_directory(directory / "a" / "b"));
  make_output_directory(directory / "a" / "b", false);
  EXPECT_THROW(make_output_directory(directory / "a", false), OutputError);
  make_output_directory(directory / "a", true);
  const std::string file = put("f", "x");
  EXPECT_THROW(make_output_directory(file, true), OutputError);
  make_output_directory(directory / "dry", false, true);
  EXPECT_FALSE(fs::exists(directory / "dry"));
}

// ---- MATLAB files ---------------------------------------------------------------------------------------------------

#ifdef HAVE_MATIO

// Writes the given variables, one after the other; `data` of a complex one are its two parts.
class MatFile {
 public:
  MatFile(const std::string &path, mat_ft version, matio_compression compression = MAT_COMPRESSION_NONE)
      : file_(Mat_CreateVer(path.c_str(), nullptr, version)), compression_(compression) {}
  ~MatFile() { Mat_Close(file_); }
  MatFile(const MatFile &) = delete;
  MatFile &operator=(const MatFile &) = delete;

  static matvar_t *made(const char *name, matio_classes kind, matio_types type, std::vector<size_t> sides,
                        const void *data, int options = 0) {
    return Mat_VarCreate(name, kind, type, static_cast<int>(sides.size()), sides.data(), const_cast<void *>(data),
                         options);
  }
  void add(matvar_t *v) {
    ASSERT_NE(v, nullptr);
    EXPECT_EQ(Mat_VarWrite(file_, v, compression_), 0) << v->name;
    Mat_VarFree(v);
  }
  void numbers(const char *name, std::vector<size_t> sides, const std::vector<double> &values) {
    add(made(name, MAT_C_DOUBLE, MAT_T_DOUBLE, sides, values.data()));
  }
  void complex(const char *name, matio_classes kind, matio_types type, std::vector<size_t> sides, const void *part) {
    mat_complex_split_t parts{const_cast<void *>(part), const_cast<void *>(part)};
    add(made(name, kind, type, sides, &parts, MAT_F_COMPLEX));
  }
  void texts(const char *name, const std::vector<std::string> &list) {
    std::vector<matvar_t *> cells;
    for (const std::string &text : list)
      cells.push_back(made(nullptr, MAT_C_CHAR, MAT_T_UINT8, {1, text.size()}, text.data()));
    add(made(name, MAT_C_CELL, MAT_T_CELL, {1, cells.size()}, cells.data()));
  }

 private:
  mat_t *file_;
  matio_compression compression_;
};

const std::vector<double> six{1, 2, 3, 4, 5, 6};

TEST_F(Io, MatVariablesComeWithTheirNamesAndSides) {
  for (const mat_ft version : {MAT_FT_MAT4, MAT_FT_MAT5, MAT_FT_MAT73})
    for (const matio_compression compression : {MAT_COMPRESSION_NONE, MAT_COMPRESSION_ZLIB}) {
      const std::string path = (directory / "a.mat").string();
      fs::remove(path);
      {
        MatFile file(path, version, compression);
        file.numbers("nrow", {1, 1}, {1});
        file.numbers("Y", {2, 3}, six);
        if (version == MAT_FT_MAT4) {
          file.numbers("names", {2, 2}, {'a', 'c', 'b', 'd'});
        } else {
          file.texts("names", {"soil", "water"});
        }
        file.numbers("ncol", {1, 1}, {3});
      }
      const Data data = read_data(path + ":Y");
      EXPECT_EQ(to_table<double>(data).values, six);
      EXPECT_EQ(data.lines, 1);
      EXPECT_EQ(data.samples, 3);
      ASSERT_EQ(data.name_lists.size(), 1u) << version << " " << compression;
      const bool codes = version == MAT_FT_MAT4;
      EXPECT_EQ(data.name_lists[0],
                codes ? (std::vector<std::string>{"ab", "cd"}) : (std::vector<std::string>{"soil", "water"}));
      EXPECT_EQ(list_mat(path).size(), 4u);
    }
}

// What matio gives for them is not what their class lets expect: two pointers, nothing, or fewer bytes.
TEST_F(Io, MatCompanionsThatAreNoNamesAreLeftAlone) {
  const std::string path = (directory / "a.mat").string();
  const double one = 1;
  const std::string text = "abcdef";
  std::vector<double> many(4096, 65);
  for (const mat_ft version : {MAT_FT_MAT5, MAT_FT_MAT73})
    for (const matio_compression compression : {MAT_COMPRESSION_NONE, MAT_COMPRESSION_ZLIB}) {
      fs::remove(path);
      {
        MatFile file(path, version, compression);
        file.numbers("Y", {2, 3}, six);
        file.complex("names", MAT_C_DOUBLE, MAT_T_DOUBLE, {64, 64}, many.data());
        file.complex("label8", MAT_C_UINT8, MAT_T_UINT8, {64, 64}, many.data());
        file.complex("label16", MAT_C_INT16, MAT_T_INT16, {64, 64}, many.data());
        file.complex("lines", MAT_C_DOUBLE, MAT_T_DOUBLE, {1, 1}, &one);
        file.complex("samples", MAT_C_DOUBLE, MAT_T_DOUBLE, {1, 1}, &one);
        file.add(MatFile::made("name_cube", MAT_C_CHAR, MAT_T_UINT8, {1, 2, 3}, text.data()));
        matvar_t *inner[] = {MatFile::made(nullptr, MAT_C_CHAR, MAT_T_UINT8, {1, 6}, text.data())};
        matvar_t *outer[] = {MatFile::made(nullptr, MAT_C_CELL, MAT_T_CELL, {1, 1}, inner)};
        file.add(MatFile::made("material", MAT_C_CELL, MAT_T_CELL, {1, 1}, outer));
      }
      const Data data = read_data(path + ":Y");
      EXPECT_EQ(to_table<double>(data).values, six);
      EXPECT_EQ(data.lines, 0);
      EXPECT_EQ(data.samples, 0);
      EXPECT_TRUE(data.name_lists.empty()) << data.name_lists.size();
      EXPECT_TRUE(has(refusal([&] { read_data(path + ":names"); }), "is complex"));
    }
}

// A version 5 file by hand, where matio would not write what is wrong.
std::string mat_element(uint32_t type, const std::string &content, uint32_t bytes) {
  return bytes_of<uint32_t>({type, bytes}) + content + std::string((8 - content.size() % 8) % 8, '\0');
}
std::string mat_element(uint32_t type, const std::string &content) {
  return mat_element(type, content, static_cast<uint32_t>(content.size()));
}
std::string mat_matrix(uint32_t kind, const std::vector<uint32_t> &sides, const std::string &name,
                       const std::string &content) {
  return mat_element(14, mat_element(6, bytes_of<uint32_t>({kind, 0})) + mat_element(5, bytes_of(sides)) +
                             mat_element(1, name) + content);
}
std::string mat_file(const std::string &variables) {
  std::string head = "MATLAB 5.0 MAT-file";
  head.resize(124, ' ');
  return head + bytes_of<uint16_t>({0x0100, 0x4d49}) + variables;
}
std::string mat_compressed(const std::string &one) {
  uLongf size = compressBound(one.size());
  std::string small(size, '\0');
  compress(reinterpret_cast<Bytef *>(small.data()), &size, reinterpret_cast<const Bytef *>(one.data()), one.size());
  return bytes_of<uint32_t>({15, static_cast<uint32_t>(size)}) + small.substr(0, size);
}

TEST_F(Io, MatTextThatIsShorterThanItsSidesIsNoName) {
  const std::string good = mat_matrix(6, {2, 3}, "Y", mat_element(9, bytes_of(six)));
  for (const std::vector<uint32_t> &sides : {std::vector<uint32_t>{1, 4000}, {64, 64}, {1024, 1024}})
    for (const uint32_t type : {2u, 4u, 16u, 17u}) {
      const std::string text = mat_element(type, "ab");
      const std::string cells = mat_matrix(1, {1, 1}, "names", mat_matrix(4, sides, "", text));
      const std::string path = put("a.mat", mat_file(good + mat_matrix(4, sides, "label", text) + cells));
      for (const auto &list : read_data(path + ":Y").name_lists)
        for (const std::string &name : list) EXPECT_TRUE(name.empty() || (type == 16 && name == "ab")) << name;
    }
}

TEST_F(Io, MatPartsThatDoNotFitAreRefusedBeforeTheyAreRead) {
  const std::string good = mat_matrix(6, {2, 3}, "Y", mat_element(9, bytes_of(six)));
  const auto said = [&](const std::string &bad) {
    std::string first;
    for (const std::string &one : {bad, mat_compressed(bad)}) {
      const std::string path = put("a.mat", mat_file(good + one));
      const std::string listed = refusal([&] { list_mat(path); }), read = refusal([&] { read_data(path + ":Y"); });
      EXPECT_EQ(listed, read);
      EXPECT_TRUE(has(read, "is a damaged MATLAB file")) << read;
      first = first.empty() ? read : first;
    }
    return first;
  };
  const std::string few = mat_element(9, bytes_of(six));
  EXPECT_TRUE(has(said(mat_matrix(6, {7, 1}, "x", few)), "fewer numbers"));
  EXPECT_TRUE(has(said(mat_matrix(6, {0x7fffffff, 0x7fffffff, 4}, "x", few)), "more numbers"));
  EXPECT_TRUE(has(said(mat_matrix(6, {0xffffffff, 1}, "x", few)), "more numbers"));
  EXPECT_TRUE(has(said(mat_matrix(6, std::vector<uint32_t>(100, 1), "x", few)), "no list"));
  EXPECT_TRUE(has(said(mat_matrix(6, {1, 1}, "x", mat_element(9, bytes_of(six), 1u << 31))), "larger than the whole"));
  EXPECT_TRUE(has(said(mat_matrix(4, {1, 1}, "x", mat_element(2, "a", 0xfffffff0))), "larger than the whole"));
  EXPECT_TRUE(has(said(mat_matrix(5, {1, 1}, "x", mat_element(5, "abcd", 0x7ffffff0))), "larger than the whole"));
  EXPECT_TRUE(has(said(mat_matrix(5, {1, 1}, "x", mat_element(9, "abcdefgh") + mat_element(5, "abcd") + few)),
                  "indices of a sparse"));
  EXPECT_TRUE(has(said(mat_matrix(1, {1 << 20, 1}, "x", mat_element(14, ""))), "fewer elements"));
  EXPECT_TRUE(has(said(mat_matrix(16, {1 << 20, 1}, "x", mat_element(14, ""))), "fewer elements"));
  const std::string fields = bytes_of<uint32_t>({4 << 16 | 5, 2}) + mat_element(1, std::string("a\0b\0", 4));
  EXPECT_TRUE(has(said(mat_matrix(2, {1 << 20, 1}, "x", fields + mat_element(14, ""))), "fewer elements"));
  EXPECT_TRUE(has(said(mat_element(14, "")), "larger than the whole"));
  std::string nest = mat_matrix(1, {0, 0}, "", "");
  for (int depth = 0; depth < 100; ++depth) nest = mat_matrix(1, {1, 1}, "", nest);
  EXPECT_TRUE(has(said(nest), "nested too deeply"));

  const std::string cut = put("cut.mat", mat_file(good).substr(0, 200));
  EXPECT_TRUE(has(refusal([&] { list_mat(cut); }), "ends within a variable"));
  const std::string bomb = put("bomb.mat", mat_file(mat_compressed(bytes_of<uint32_t>({14, 0x7ffffff8}))));
  EXPECT_TRUE(has(refusal([&] { list_mat(bomb); }), "announces more"));
  // Version 4: type, sides, complex, length of the name.
  for (const auto &head : {std::vector<uint32_t>{0, 1, 1, 0, 0x7fffffff},
                           {0, 0x7fffffff, 0x7fffffff, 0, 2},
                           {0, 0xffffffff, 1, 0, 2},
                           {2, 2, 2, 0, 2}}) {
    const std::string old = put("old.mat", bytes_of(head) + std::string("Y\0", 2) + std::string(64, '\0'));
    EXPECT_TRUE(has(refusal([&] { list_mat(old); }), "is a damaged MATLAB file"));
  }
}

TEST_F(Io, MatSparseMatricesHaveTwoSides) {
  const std::string parts = mat_element(5, bytes_of<int32_t>({0, 1})) + mat_element(5, bytes_of<int32_t>({0, 1, 2})) +
                            mat_element(9, bytes_of<double>({3, 4}));
  const Table<double> t = to_table<double>(read_data(put("a.mat", mat_file(mat_matrix(5, {2, 2}, "Y", parts))) + ":Y"));
  EXPECT_EQ(t.values, (std::vector<double>{3, 0, 0, 4}));
  const std::string cube = put("b.mat", mat_file(mat_matrix(5, {2, 2, 5}, "Y", parts)));
  EXPECT_TRUE(has(refusal([&] { read_data(cube + ":Y"); }), "more than 2 dimensions"));
  const std::string none = put("c.mat", mat_file(mat_matrix(5, {2, 2}, "Y", parts.substr(0, 32))));
  EXPECT_FALSE(refusal([&] { read_data(none + ":Y"); }).empty());
}

TEST_F(Io, MatSparseLogicalMatricesAreOnesAndZeros) {
  constexpr uint32_t sparse = 5, logical = 2 << 8;
  const std::string places =
      mat_element(5, bytes_of<int32_t>({0, 2, 1})) + mat_element(5, bytes_of<int32_t>({0, 2, 3}));
  for (const std::string &ones : {mat_element(2, "\1\1\1"), mat_element(9, bytes_of<double>({1, 1, 1}))}) {
    const std::string path = put("a.mat", mat_file(mat_matrix(sparse | logical, {3, 2}, "A", places + ones)));
    const Data data = read_data(path + ":A");
    ASSERT_TRUE(data.sparse);
    EXPECT_EQ(to_table<double>(data).values, (std::vector<double>{1, 0, 1, 0, 1, 0}));
  }
}

TEST_F(Io, MatFieldsAreReachedThroughStructsInStructs) {
  const auto structure = [](const std::string &name, const std::string &field, const std::string &content) {
    const std::string names = bytes_of<uint32_t>({4 << 16 | 5, 2}) + mat_element(1, field + std::string(1, '\0'));
    return mat_matrix(2, {1, 1}, name, names + content);
  };
  const std::string numbers = mat_matrix(6, {2, 3}, "", mat_element(9, bytes_of(six)));
  const std::string path = put("s.mat", mat_file(structure("V", "b", structure("", "c", numbers))));
  EXPECT_EQ(to_table<double>(read_data(path + ":V.b.c")).values, six);
  const auto said = [&](const char *name) { return refusal([&] { read_data(path + ":" + name); }); };
  EXPECT_TRUE(has(said("V.b.x"), "no such field 'x'; it has c")) << said("V.b.x");
  EXPECT_TRUE(has(said("V.b.c.d"), "no such field 'd'; what is before it is no struct")) << said("V.b.c.d");
  EXPECT_TRUE(has(said("V.b"), "is no numeric matrix")) << said("V.b");
}

#endif

TEST_F(Io, ChecksumsOfFilesAreThoseOfTheirBytes) {
  for (const size_t size : {0, 1, 55, 56, 63, 64, 65, 119, 120, 1 << 20, (1 << 20) + 7}) {
    std::string bytes(size, 'x');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * i % 251);
    write_file(directory / "bytes", bytes, true);
    EXPECT_EQ(sha256_of_file(directory / "bytes"), sha256(bytes)) << size;
  }
  const std::string file = put("t.csv", "1,2\n3,4\n");
  EXPECT_EQ(read_data(file, Checksum::sha256).meta.sha256, sha256("1,2\n3,4\n"));
  EXPECT_EQ(read_data(file).meta.sha256, "");
}

// What was read, given back to the system on the way, or kept, is the same image.
TEST_F(Io, ASpentFileGivesTheSameImage) {
  for (const char *interleave : {"bsq", "bil", "bip"}) {
    std::string numbers;
    for (int i = 0; i < 90 * 70 * 20; ++i) {
      const auto v = static_cast<uint16_t>(i * 7919 % 65521);
      numbers.append(reinterpret_cast<const char *>(&v), sizeof v);
    }
    put("s.img", numbers);
    put("s.img.hdr",
        std::string("ENVI\nsamples = 70\nlines = 90\nbands = 20\ndata type = 12\nbyte order = 0\ninterleave = ") +
            interleave + "\nbbl = {0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,0}\n");
    const std::string file = (directory / "s.img").string();
    EXPECT_EQ(read_image<float>(file).values, to_image<float>(read_data(file)).values) << interleave;
  }
}

// ---- Data that stay in their file
// ------------------------------------------------------------------------------------

// An image of 18 lines, 7 samples and 5 bands: with fill, a saturated and a flat pixel, and a band without a value.
template <class S>
std::string scene_bytes(const std::string &interleave, bool swap) {
  constexpr int64_t lines = 18, samples = 7, bands = 5;
  std::string bytes(static_cast<size_t>(lines * samples * bands) * sizeof(S), 0);
  for (int64_t l = 0; l < lines; ++l) {
    for (int64_t s = 0; s < samples; ++s) {
      for (int64_t b = 0; b < bands; ++b) {
        auto v = static_cast<S>(1 + (l * 31 + s * 17 + b * 7) % 100);
        if (l == 2 && s < 3) v = std::is_signed_v<S> ? static_cast<S>(-99) : S(0);
        if (l == 4 && s == 4) v = S(55);
        if (b == 3) v = S(77);
        int64_t at = (l * samples + s) * bands + b;
        if (interleave == "bil") at = (l * bands + b) * samples + s;
        if (interleave == "bsq") at = (b * lines + l) * samples + s;
        char raw[sizeof(S)];
        std::memcpy(raw, &v, sizeof(S));
        if (swap) std::reverse(raw, raw + sizeof(S));
        std::memcpy(bytes.data() + static_cast<size_t>(at) * sizeof(S), raw, sizeof(S));
      }
    }
  }
  return bytes;
}

// Panel by panel, of any size and in any order, the columns of the file are those of memory, and so is what is said.
template <class T>
void expect_same_columns(const std::string &file, ImageOptions options, int64_t room = 1) {
  const auto whole = read_image<T>(file, options);
  options.room = room;
  const auto parts = read_image<T>(file, options);
  ASSERT_TRUE(parts.source && parts.values.empty()) << file;
  EXPECT_EQ(parts.meta.notes, whole.meta.notes);
  EXPECT_EQ(parts.meta.warnings, whole.meta.warnings);
  EXPECT_EQ(parts.whole, whole.whole);
  EXPECT_EQ(parts.doubtful, whole.doubtful);
  ASSERT_EQ(parts.bands, whole.bands);
  ColumnFacts facts;
  add_facts(facts, whole.doubtful, whole.bands, 0, whole.pixels(), whole.values.data());
  EXPECT_EQ(parts.source->facts().valid, facts.valid);
  EXPECT_EQ(parts.source->facts().largest, facts.largest);
  std::vector<T> values(whole.values.size());
  for (const int64_t panel : {int64_t{1}, int64_t{5}, int64_t{16}, whole.pixels()}) {
    for (int64_t first = (whole.pixels() - 1) / panel * panel; first >= 0; first -= panel) {
      parts.source->read(first, std::min(panel, whole.pixels() - first), values.data() + whole.bands * first);
    }
    EXPECT_EQ(bytes_of(values, false), bytes_of(whole.values, false)) << file << ", panels of " << panel;
  }
  const ChosenColumns<T> chosen(parts.source, facts.valid);
  ASSERT_EQ(chosen.columns(), facts.valid_count);
  for (int64_t k = 0; k < chosen.columns(); k += 3) {
    const int64_t n = std::min<int64_t>(3, chosen.columns() - k);
    chosen.read(k, n, values.data());
    for (int64_t j = 0; j < n; ++j) {
      EXPECT_EQ(0, std::memcmp(values.data() + j * whole.bands, whole.pixel(chosen.at(k + j)),
                               static_cast<size_t>(whole.bands) * sizeof(T)));
    }
  }
}

TEST_F(Io, ColumnsOfAFileAreThoseOfMemory) {
  const auto check = [&](const std::string &interleave, int type, bool big, const std::string &bytes) {
    put("s.img", "123" + bytes + "after");
    put("s.hdr", cat("ENVI\nsamples = 7\nlines = 18\nbands = 5\nheader offset = 3\ndata type = ", type,
                     "\nbyte order = ", int(big), "\ninterleave = ", interleave,
                     "\nbbl = {1,0,1,1,1}\ndata ignore value = 77\nreflectance scale factor = 100\n"));
    ImageOptions options;
    for (const bool notice : {false, true}) {
      options.notice = notice;
      // In the buffer: a pixel, a part of a line, or some lines.
      for (const int64_t room : {1, 700, 2000})
        expect_same_columns<float>((directory / "s.hdr").string(), options, room);
    }
    options.mask.assign(126, 1);
    options.mask[11] = options.mask[125] = 0;
    expect_same_columns<double>((directory / "s.hdr").string(), options);
  };
  for (const std::string interleave : {"bip", "bil", "bsq"}) {
    for (const bool big : {false, true}) {
      check(interleave, 1, big, scene_bytes<uint8_t>(interleave, big));
      check(interleave, 2, big, scene_bytes<int16_t>(interleave, big));
      check(interleave, 3, big, scene_bytes<int32_t>(interleave, big));
      check(interleave, 4, big, scene_bytes<float>(interleave, big));
      check(interleave, 5, big, scene_bytes<double>(interleave, big));
      check(interleave, 12, big, scene_bytes<uint16_t>(interleave, big));
      check(interleave, 13, big, scene_bytes<uint32_t>(interleave, big));
      check(interleave, 14, big, scene_bytes<int64_t>(interleave, big));
      check(interleave, 15, big, scene_bytes<uint64_t>(interleave, big));
    }
  }
}

TEST_F(Io, ColumnsOfAnArrayAreThoseOfMemory) {
  std::string numbers = scene_bytes<float>("bip", false);
  for (const std::string order : {"False", "True"}) {
    for (const std::string shape : {"(18, 7, 5)", "(126, 5)", "(5, 126)"}) {
      const std::string dict = cat("{'descr': '<f4', 'fortran_order': ", order, ", 'shape': ", shape, ", }");
      const std::string padded = dict + std::string(117 - dict.size(), ' ') + "\n";
      put("a.npy", std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(padded.size()) + '\0' + padded + numbers);
      ImageOptions options;
      options.notice = true;
      if (shape == "(5, 126)") options.bands = 5;
      expect_same_columns<float>((directory / "a.npy").string(), options);
      options.order = PixelOrder::column;
      if (shape == "(18, 7, 5)") continue;
      options.lines = 18;
      options.samples = 7;
      expect_same_columns<float>((directory / "a.npy").string(), options);
    }
  }
}

// The checksum is of the whole file, though its numbers are read once, whatever their order.
TEST_F(Io, AFileIsHashedAsItIsRead) {
  for (const std::string interleave : {"bip", "bil", "bsq"}) {
    const std::string bytes = "123" + scene_bytes<int16_t>(interleave, false) + "after";
    put("s.img", bytes);
    put("s.hdr",
        "ENVI\nsamples = 7\nlines = 18\nbands = 5\nheader offset = 3\ndata type = 2\nbyte order = 0\n"
        "interleave = " +
            interleave + "\n");
    const auto image = read_image<float>((directory / "s.hdr").string(), {}, Checksum::sha256);
    EXPECT_EQ(image.meta.sha256, sha256(bytes)) << interleave;
  }
}

TEST_F(Io, AFileThatBecomesShorterIsRefused) {
  put("s.img", scene_bytes<int16_t>("bip", false));
  put("s.hdr", "ENVI\nsamples = 7\nlines = 18\nbands = 5\ndata type = 2\nbyte order = 0\ninterleave = bip\n");
  ImageOptions options;
  options.room = 1;
  const auto image = read_image<float>((directory / "s.hdr").string(), options);
  fs::resize_file(directory / "s.img", 100);
  std::vector<float> values(5);
  const std::string text = refusal([&] { image.source->read(124, 1, values.data()); });
  EXPECT_TRUE(has(text, "became shorter") || has(text, "cannot be read")) << text;
}

TEST(Sha256, KnownAnswers) {  // FIPS 180-4 examples
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
