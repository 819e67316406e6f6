// Tables, archives and sparse matrices as other programs write them: what the readers make of them, and what the tool
// carries from them into its results.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "io.hpp"

using namespace orthant::tool;

namespace {

using Names = std::vector<std::string>;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

bool has(const std::string &text, const std::string &part) { return text.find(part) != text.npos; }

std::string refusal(const std::string &file) {
  try {
    read_table<double>(file);
  } catch (const InputError &e) {
    return e.what();
  }
  return "";
}

class Tables : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "orthant-tables-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory = pattern;
  }
  void TearDown() override { fs::remove_all(directory); }

  std::string put(const std::string &name, const std::string &bytes) const {
    std::ofstream(directory / name, std::ios::binary) << bytes;
    return (directory / name).string();
  }
  std::string text(const std::string &name) const { return read_file(directory / name); }
  // Runs the tool in the directory: its exit code, and what it says.
  int run(const std::string &arguments) {
    const char *tool = std::getenv("ORTHANT_TOOL");
    const std::string command =
        cat("cd '", directory.string(), "' && '", fs::absolute(tool ? tool : "orthant").string(), "' ", arguments,
            " >.out 2>&1 </dev/null");
    const int status = std::system(command.c_str());
    said = read_file(directory / ".out");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  fs::path directory;
  std::string said;
};

// ---- Text tables ----------------------------------------------------------------------------------------------------

struct Read {
  const char *what, *text;
  int64_t rows, cols;
  std::vector<double> values;  // row by row
  Names names, row_names;
  std::vector<double> wavelength;  // nanometres
};

// The numbers of all these are 2 x 2 or 2 x 3 of one and the same few, so that a lost row or column shows.
const Read readable[] = {
    {"pandas", ",0,1\n0,0.5,0.25\n1,0.75,1\n", 2, 2, {.5, .25, .75, 1}, {"0", "1"}, {"0", "1"}, {}},
    {"pandas without its index",
     "0,1,2\n0.5,0.25,1\n0.75,1,2\n",
     2,
     3,
     {.5, .25, 1, .75, 1, 2},
     {"0", "1", "2"},
     {},
     {}},
    {"pandas after rows were chosen",
     ",a,b\n3,0.5,0.25\n17,0.75,1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"a", "b"},
     {"3", "17"},
     {}},
    {"an index saved twice",
     "Unnamed: 0,a,b\n0,0.5,0.25\n1,0.75,1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"a", "b"},
     {"0", "1"},
     {}},
    {"gene names",
     "gene,s1,s2\nTP53,0.5,0.25\n7SK,0.75,1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"s1", "s2"},
     {"TP53", "7SK"},
     {}},
    {"labels without a header", "soil,0.5,0.25\ngrass,0.75,1\n", 2, 2, {.5, .25, .75, 1}, {}, {"soil", "grass"}, {}},
    {"labels whose first row rises",
     "class 1,0.25,0.5\nclass 2,0.75,1\n",
     2,
     2,
     {.25, .5, .75, 1},
     {},
     {"class 1", "class 2"},
     {}},
    {"labels last", "0.5,0.25,soil\n0.75,1,grass\n", 2, 2, {.5, .25, .75, 1}, {}, {"soil", "grass"}, {}},
    {"labels last under a header",
     "a,b,kind\n0.5,0.25,x\n0.75,1,y\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"a", "b"},
     {"x", "y"},
     {}},
    {"R, write.table",
     "\"a\" \"b\"\n\"1\" 0.5 0.25\n\"2\" 0.75 1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"a", "b"},
     {"1", "2"},
     {}},
    {"R, write.csv",
     "\"\",\"a\",\"b\"\n\"r1\",0.5,0.25\n\"r2\",0.75,NA\n",
     2,
     2,
     {.5, .25, .75, missing},
     {"a", "b"},
     {"r1", "r2"},
     {}},
    {"R, numbers as names", "\"7\",\"3\"\n0.5,0.25\n0.75,1\n", 2, 2, {.5, .25, .75, 1}, {"7", "3"}, {}, {}},
    {"R, one column shorter with text",
     "a\tb\nr1\t0.5\t0.25\nr2\t0.75\t1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"a", "b"},
     {"r1", "r2"},
     {}},
    {"Excel in German", "a;b\r\n0,5;0,25\r\n0,75;1\r\n", 2, 2, {.5, .25, .75, 1}, {"a", "b"}, {}, {}},
    {"decimal commas, tabs", "0,5\t0,25\n0,75\t1\n", 2, 2, {.5, .25, .75, 1}, {}, {}, {}},
    {"decimal commas, blanks", "0,5 0,25\n0,75 1,0\n", 2, 2, {.5, .25, .75, 1}, {}, {}, {}},
    {"decimal commas in quotes", "\"0,5\",\"0,25\"\n\"0,75\",1\n", 2, 2, {.5, .25, .75, 1}, {}, {}, {}},
    {"one decimal comma late", "1;2\n1,5;2\n", 2, 2, {1, 2, 1.5, 2}, {}, {}, {}},
    {"Excel's sep line", "sep=;\na;b\n0.5;0.25\n0.75;1\n", 2, 2, {.5, .25, .75, 1}, {"a", "b"}, {}, {}},
    {"byte order mark, old line ends",
     "\xef\xbb\xbf"
     "a,b\r0.5,0.25\r0.75,1\r",
     2,
     2,
     {.5, .25, .75, 1},
     {"a", "b"},
     {},
     {}},
    {"separators at the ends of lines", "a,b,\n0.5,0.25,\n0.75,1,\n", 2, 2, {.5, .25, .75, 1}, {"a", "b"}, {}, {}},
    {"the same, but for the header", "a,b\n0.5,0.25,\n0.75,1,\n", 2, 2, {.5, .25, .75, 1}, {"a", "b"}, {}, {}},
    {"lines of separators at the end", "a;b\n0,5;0,25\n0,75;1\n;\n;\n", 2, 2, {.5, .25, .75, 1}, {"a", "b"}, {}, {}},
    {"a title", "Counts of May\na,b,c\n0.5,0.25,1\n0.75,1,2\n", 2, 3, {.5, .25, 1, .75, 1, 2}, {"a", "b", "c"}, {}, {}},
    {"names in a comment", "# a b\n0.5 0.25\n0.75 1\n", 2, 2, {.5, .25, .75, 1}, {"a", "b"}, {}, {}},
    {"NA in the first line", "0.5,NA\n0.75,1\n", 2, 2, {.5, missing, .75, 1}, {}, {}, {}},
    {"all words for nothing",
     "0.5,n/a,NaN\n,#N/A,1\nNULL,<NA>,None\n",
     3,
     3,
     {.5, missing, missing, missing, missing, 1, missing, missing, missing},
     {},
     {},
     {}},
    {"commas and semicolons in names",
     "\"x;y\",\"p,q\"\n0.5,0.25\n0.75,1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"x;y", "p,q"},
     {},
     {}},
    {"years are no wavelengths",
     "country,1990,1991,1992\nA,5,2,7\nB,3,4,1\n",
     2,
     3,
     {5, 2, 7, 3, 4, 1},
     {"1990", "1991", "1992"},
     {"A", "B"},
     {}},
    {"library, EMIT",
     "Class,450,520,600\nPV,0.5,0.25,1\nSOIL,0.75,1,2\n",
     3,
     2,
     {.5, .75, .25, 1, 1, 2},
     {"PV", "SOIL"},
     {"450", "520", "600"},
     {450, 520, 600}},
    {"library, class and name",
     "class,name,450,520,600\nPV,oak,0.5,0.25,1\nPV,fir,0.75,1,2\n",
     3,
     2,
     {.5, .75, .25, 1, 1, 2},
     {"oak", "fir"},
     {"450", "520", "600"},
     {450, 520, 600}},
    {"library, EcoSIS",
     "Species,Age,Site,450,520,600\noak,7,A,0.5,0.25,1\nfir,9,B,0.75,1,2\n",
     3,
     2,
     {.5, .75, .25, 1, 1, 2},
     {"oak", "fir"},
     {"450", "520", "600"},
     {450, 520, 600}},
    {"library, R's names",
     "name,X450,X520,X600\noak,0.5,0.25,1\nfir,0.75,1,2\n",
     3,
     2,
     {.5, .75, .25, 1, 1, 2},
     {"oak", "fir"},
     {"X450", "X520", "X600"},
     {450, 520, 600}},
    {"library, micrometres",
     "name,0.45,0.52,0.6\noak,0.5,0.25,1\nfir,0.75,1,2\n",
     3,
     2,
     {.5, .75, .25, 1, 1, 2},
     {"oak", "fir"},
     {"0.45", "0.52", "0.6"},
     {450, 520, 600}},
    {"library, nm", "nm,oak,fir\n450,0.5,0.25\n520,0.75,1\n", 2, 2, {.5, .25, .75, 1}, {"oak", "fir"}, {}, {450, 520}},
    {"library, um",
     "um;oak;fir\n0,45;0,5;0,25\n0,52;0,75;1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"oak", "fir"},
     {},
     {450, 520}},
    {"library, fwhm",
     "wavelength,fwhm,oak,fir\n450,10,0.5,0.25\n520,10,0.75,1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"oak", "fir"},
     {},
     {450, 520}},
    {"library, fwhm last",
     "wavelength,oak,fir,FWHM\n450,0.5,0.25,10\n520,0.75,1,10\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"oak", "fir"},
     {},
     {450, 520}},
    {"library, band and wavelength",
     "Band,Wavelength (nm),1,2\n1,450,0.5,0.25\n2,520,0.75,1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"1", "2"},
     {},
     {450, 520}},
    {"library with pandas' index",
     ",wavelength,oak,fir\n0,450,0.5,0.25\n1,520,0.75,1\n",
     2,
     2,
     {.5, .25, .75, 1},
     {"oak", "fir"},
     {},
     {450, 520}},
    {"library, band alone", "band,oak,fir\n1,0.5,0.25\n2,0.75,1\n", 2, 2, {.5, .25, .75, 1}, {"oak", "fir"}, {}, {}},
    {"USGS, version 7",
     " splib07a Record=12: Oak  leaf          BECKb AREF\n 0.5\n -1.23e34\n 0.75\n",
     3,
     1,
     {.5, missing, .75},
     {"Oak leaf BECKb AREF"},
     {},
     {}},
    {"USGS, version 6",
     "USGS Digital Spectral Library splib06a\n\nline 15 title\n-----\nOak leaf\ncopy of r 1\n"
     " 0.45  0.5  0.0\n 0.52 -1.23e34 0.0\n",
     2,
     1,
     {.5, missing},
     {"Oak leaf"},
     {},
     {450, 520}},
    {"ECOSTRESS",
     "Name: Oak leaf\nX Units: Wavelength (micrometers)\nY Units: Reflectance (percent)\n\n"
     "0.45\t50\n0.52\t75\n",
     2,
     1,
     {.5, .75},
     {"Oak leaf"},
     {},
     {450, 520}},
};

TEST_F(Tables, TextIsReadAsItsProgramMeantIt) {
  for (const Read &c : readable) {
    SCOPED_TRACE(c.what);
    const std::string file = put("t.csv", c.text);
    EXPECT_EQ(refusal(file), "");
    if (testing::Test::HasFailure()) return;
    const auto t = read_table<double>(file);
    ASSERT_EQ(t.rows, c.rows);
    ASSERT_EQ(t.cols, c.cols);
    for (int64_t i = 0; i < t.rows; ++i) {
      for (int64_t j = 0; j < t.cols; ++j) {
        const double v = c.values[static_cast<size_t>(i * t.cols + j)];
        EXPECT_TRUE(std::isnan(v) ? std::isnan(t(i, j)) : t(i, j) == v) << i << ", " << j << ": " << t(i, j);
      }
    }
    EXPECT_EQ(t.names, c.names);
    EXPECT_EQ(t.row_names, c.row_names);
    ASSERT_EQ(t.meta.wavelength.size(), c.wavelength.size());
    for (size_t b = 0; b < c.wavelength.size(); ++b) EXPECT_DOUBLE_EQ(t.meta.wavelength[b], c.wavelength[b] * 1e-3);
  }
}

TEST_F(Tables, WidthsOfBandsAreKept) {
  const auto t = read_table<double>(put("t.csv", "wavelength_nm,fwhm_um,oak\n450,0.01,0.5\n520,0.02,0.75\n"));
  EXPECT_EQ(t.meta.fwhm, (std::vector<double>{.01, .02}));
}

struct Refused {
  const char *what, *text, *why;
};
const Refused refused[] = {
    {"a bound", "a,b\n0.5,<0.01\n0.75,1\n", "line 2, column 2: '<0.01' is a bound"},
    {"a bound in the first line", "0.5,<0.01\n0.75,1\n", "line 1, column 2: '<0.01' is a bound"},
    {"a bound that would be a label", "<0.01,0.5\n<0.02,1\n", "line 1, column 1: '<0.01' is a bound"},
    {"a word in the first line", "0.5,0.25,x4\n0.75,1,2\n", "line 1, column 3: 'x4' is not a number"},
    {"a word among numbers", "a,b\n1,2\n3,x4\n", "line 3, column 2: 'x4' is not a number"},
    {"a word late in a column", "1,2\nx,3\n4,5\n", "line 2, column 1: 'x' is not a number"},
    {"a word below the one number before it", "1,2\n3,x\n", "line 2, column 2: 'x' is not a number"},
    {"words below a number", "1,2\n3,x\n5,y\n", "line 2, column 2: 'x' is not a number"},
    {"words below what counts", "1,2,3,4\n5,6,7,x\n", "line 2, column 4: 'x' is not a number"},
    {"text between numbers", "a,b,c\n1,x,2\n3,y,4\n", "line 2, column 2: 'x' is not a number"},
    {"a percentage", "a,b\n1,5%\n3,4\n", "line 2, column 2: '5%' is not a number"},
    {"thousands", "a;b\n1,234;5\n2,345;6\n", "line 2: '1,234' may mean 1.234 or a thousand times that"},
    {"thousands and decimals", "a\tb\n1,234.5\t2\n", "line 2, column 1: '1,234.5' is not a number; write it without"},
    {"two decimal marks", "0,5;0,25\n0.75;1\n", "line 2, column 1: '0.75' has a decimal point"},
    {"a short line", "a,b\n1,2\n3\n", "line 3 has 1 columns, line 2 has 2"},
    {"a wavelength that is missing", "wavelength,oak\n450,1\n,2\n", "line 3, column 1: has no wavelength"},
    {"no numbers", "a,b\nc,d\n", "holds no numbers"},
    {"UTF-16",
     "\xff\xfe"
     "1",
     "UTF-16"},
    {"a damaged USGS file", "splib07a Record=1: X\n0.5\n0.x\n", "line 3: '0.x' is not 1 number"},
};

TEST_F(Tables, WhatCannotBeMeantIsRefusedByLineAndColumn) {
  for (const Refused &c : refused) {
    const std::string why = refusal(put("t.csv", c.text));
    EXPECT_TRUE(has(why, c.why)) << c.what << ": " << why;
    EXPECT_TRUE(has(why, "t.csv: ")) << why;
  }
}

TEST_F(Tables, WhatWasWrittenIsReadAgain) {
  Table<double> t(2, 2);
  t.values = {1, 0.5, 2, 4};
  t.names = {"7", "3"};
  for (const Names &rows : {Names{}, Names{"a, b", "12"}}) {
    t.row_names = rows;
    write_csv(directory / "t.csv", t, true);
    const auto back = read_table<double>((directory / "t.csv").string());
    EXPECT_EQ(back.values, t.values);
    EXPECT_EQ(back.names, t.names);
    EXPECT_EQ(back.row_names, rows);
    EXPECT_EQ(transposed(back).names, rows);
  }
}

TEST_F(Tables, MissingCellsAreNotedByLineAndColumn) {
  const auto t = read_table<double>(put("t.csv", "a,b\n1,2\n3,NA\n,4\n"));
  ASSERT_EQ(t.meta.notes.size(), 1u);
  EXPECT_EQ(t.meta.notes[0], "2 cells are missing, the first in line 3, column 2 ('NA')");
  EXPECT_EQ(read_table<double>(put("u.csv", "1,\n")).meta.notes.at(0),
            "a cell is missing, in line 1, column 2 (empty)");
}

// ---- Compressed, archived, sparse -----------------------------------------------------------------------------------

std::string deflated(const std::string &bytes, int window) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
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
std::string gzip(const std::string &bytes) { return deflated(bytes, 15 + 16); }

std::string little(uint64_t value, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
  return out;
}

struct Member {
  std::string name, content;
};
// A zip file; `large`: with the sizes of 64 bits that NumPy writes.
std::string zip(const std::vector<Member> &members, bool packed = false, bool large = false) {
  std::string out, directory;
  for (const Member &m : members) {
    const std::string body = packed ? deflated(m.content, -15) : m.content;
    const auto sum = crc32(0, reinterpret_cast<const Bytef *>(m.content.data()), static_cast<uInt>(m.content.size()));
    const std::string sizes =
        large ? little(~0u, 4) + little(~0u, 4) : little(body.size(), 4) + little(m.content.size(), 4);
    const std::string extra =
        large ? little(1, 2) + little(16, 2) + little(m.content.size(), 8) + little(body.size(), 8) : "";
    const std::string common = little(packed ? 8 : 0, 2) + little(0, 4) + little(sum, 4) + sizes +
                               little(m.name.size(), 2) + little(extra.size(), 2);
    directory += "PK\x01\x02" + little(20, 2) + little(20, 2) + little(0, 2) + common + little(0, 10) +
                 little(out.size(), 4) + m.name + extra;
    out += "PK\x03\x04" + little(20, 2) + little(0, 2) + common + m.name + extra + body;
  }
  const std::string count = little(members.size(), 2);
  return out + directory + "PK\x05\x06" + little(0, 4) + count + count + little(directory.size(), 4) +
         little(out.size(), 4) + little(0, 2);
}

std::string npy(const std::string &type, const std::string &shape, const std::string &data) {
  const std::string head = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  return "\x93NUMPY\x01" + std::string(1, '\0') + little(head.size(), 2) + head + data;
}
std::string npy_of(const std::vector<int64_t> &values, const char *type = "<i4") {
  const size_t size = static_cast<size_t>(type[2] - '0');
  std::string data;
  for (int64_t v : values) data += little(static_cast<uint64_t>(v), size);
  return npy(type, cat("(", values.size(), ",)"), data);
}
std::vector<Member> sparse_members(const std::string &kind, const std::vector<int64_t> &values,
                                   const std::vector<std::pair<std::string, std::vector<int64_t>>> &places) {
  std::vector<Member> members = {{"format.npy", npy("|S3", "()", kind)},
                                 {"shape.npy", npy_of({3, 2}, "<i8")},
                                 {"data.npy", npy_of(values, "<i8")}};
  for (const auto &[name, list] : places) members.push_back({name + ".npy", npy_of(list)});
  return members;
}

// 3 x 2: 5 at (0, 0), 7 at (2, 0), 9 at (1, 1).
const std::vector<double> sparse_values = {5, 0, 7, 0, 9, 0};

TEST_F(Tables, CompressedFilesAreReadByWhatTheyHold) {
  const std::string table = "a,b\n1,2\n3,4\n", more = "5,6\n";
  for (const char *name : {"t.csv.gz", "t.txt.gz", "t.gz"}) {
    const auto t = read_table<double>(put(name, gzip(table) + gzip(more)));  // members follow each other
    EXPECT_EQ(t.values, (std::vector<double>{1, 3, 5, 2, 4, 6})) << name;
    EXPECT_EQ(t.names, (Names{"a", "b"})) << name;
  }
  EXPECT_EQ(read_table<double>(put("v.npy.gz", gzip(npy_of({1, 2})))).values, (std::vector<double>{1, 2}));
  const std::string market = "%%MatrixMarket matrix array integer general\n1 2\n5\n6\n";
  EXPECT_EQ(read_table<double>(put("m.mtx.gz", gzip(market))).values, (std::vector<double>{5, 6}));
  const std::string cut_short = gzip(table).substr(0, 20);
  EXPECT_TRUE(has(refusal(put("t.csv.gz", cut_short)), "t.csv.gz: its compressed data are damaged or cut short"));
  EXPECT_TRUE(has(refusal(put("u.csv.gz", gzip(gzip(table)))), "compressed twice"));
  EXPECT_TRUE(has(refusal(put("v.mat.gz", gzip("MATLAB 5.0"))), "decompress it first"));
  EXPECT_TRUE(has(refusal(put("v.csv.bz2", "BZh9")), "decompress it first"));
}

struct Market {
  const char *text;
  std::vector<double> values;  // of 3 x 2 or, where symmetric, 2 x 2
};
TEST_F(Tables, MatrixMarketIsReadInAllItsForms) {
  const std::string head = "%%MatrixMarket matrix ";
  const Market forms[] = {
      {"coordinate real general\n% a comment\n\n3 2 3\n3 1 7.0\n1 1 5\n2 2 9e0\n", sparse_values},
      {"coordinate integer general\n3 2 4\n1 1 2\n1 1 3\n3 1 7\n2 2 9\n", sparse_values},  // one given twice
      {"COORDINATE PATTERN GENERAL\r\n3 2 2\r\n1 1\r\n3 1\r\n", {1, 0, 1, 0, 0, 0}},
      {"coordinate real symmetric\n2 2 2\n1 1 3\n2 1 4\n", {3, 4, 4, 0}},
      {"coordinate pattern symmetric\n2 2 1\n2 1\n", {0, 1, 1, 0}},
      {"coordinate real skew-symmetric\n2 2 1\n2 1 4\n", {0, 4, -4, 0}},
      {"array real general\n3 2\n5\n0\n7\n0\n9\n0\n", sparse_values},
      {"array real symmetric\n2 2\n3\n4\n0\n", {3, 4, 4, 0}},
      {"array real skew-symmetric\n2 2\n4\n", {0, 4, -4, 0}}};
  for (const Market &form : forms) {
    EXPECT_EQ(read_table<double>(put("m.mtx", head + form.text)).values, form.values) << form.text;
  }
  EXPECT_TRUE(read_data(put("m.mtx", head + forms[0].text)).sparse);
}

TEST_F(Tables, MatrixMarketSaysWhereItIsWrong) {
  const std::string head = "%%MatrixMarket matrix ";
  const std::pair<std::string, const char *> wrong[] = {
      {"1 1 1\n", "line 1 is no banner"},
      {head + "coordinate complex general\n1 1 1\n1 1 1 0\n", "is complex"},
      {head + "coordinate real general\n2 2 1\n3 1 1\n", "line 3: row 3 lies outside 1 to 2"},
      {head + "coordinate real general\n2 2 1\n0 1 1\n", "line 3: row 0 lies outside"},
      {head + "coordinate real general\n2 2 1\n1 1 x\n", "line 3: 'x' is not a number"},
      {head + "coordinate real general\n2 2 2\n1 1 1\n", "ends after 1 of the 2 entries of line 2"},
      {head + "coordinate real general\n2 2 1\n1 1 1\n2 2 1\n", "line 4: more entries follow"},
      {head + "coordinate pattern general\n2 2 1\n1 1 1\n", "line 3: '1' is too much"},
      {head + "coordinate real symmetric\n2 3 1\n1 1 1\n", "as many rows as columns"},
      {head + "coordinate real general\n2 2 999999\n1 1 1\n", "999999 entries are announced"},
      {head + "array real general\n99999 99999\n1\n", "9999800001 entries are announced"},
      {head + "coordinate real general\n2 2000000000 1\n1 1 1\n", "can fill few of them"},
      {head + "coordinate real general\n2 9999999999 1\n1 1 1\n", "2147483647 rows and columns"},
      {head + "coordinate real general\n0 2 0\n", "is empty"}};
  for (const auto &[text, why] : wrong) {
    const std::string said_so = refusal(put("m.mtx", text));
    EXPECT_TRUE(has(said_so, why)) << text << said_so;
  }
}

TEST_F(Tables, SparseMatricesOfSciPyAreReadInEveryOrder) {
  const auto csc = sparse_members("csc", {5, 7, 9}, {{"indices", {0, 2, 1}}, {"indptr", {0, 2, 3}}});
  const auto csr = sparse_members("csr", {5, 9, 7}, {{"indices", {0, 1, 0}}, {"indptr", {0, 1, 2, 3}}});
  const auto coo = sparse_members("coo", {9, 7, 5}, {{"row", {1, 2, 0}}, {"col", {1, 0, 0}}});
  for (const auto &members : {csc, csr, coo}) {
    for (const std::string &bytes : {zip(members), zip(members, true), zip(members, false, true)}) {
      const std::string file = put("s.npz", bytes);
      EXPECT_TRUE(read_data(file).sparse);
      EXPECT_EQ(read_table<double>(file).values, sparse_values);
      for (size_t n = 0; n < bytes.size(); n += 7) {
        EXPECT_THROW(parse_npz(std::string_view(bytes).substr(0, n), "", "c.npz"), InputError) << n;
      }
    }
  }
  const auto none = sparse_members("csc", {}, {{"indices", {}}, {"indptr", {0, 0, 0}}});
  EXPECT_EQ(read_table<double>(put("s.npz", zip(none))).values, std::vector<double>(6, 0.0));
  const auto dia = sparse_members("dia", {1}, {});
  EXPECT_TRUE(has(refusal(put("s.npz", zip(dia))), "its format is 'dia'; save it with scipy.sparse.save_npz"));
  const auto outside = sparse_members("csc", {5, 7, 9}, {{"indices", {0, 3, 1}}, {"indptr", {0, 2, 3}}});
  EXPECT_TRUE(has(refusal(put("s.npz", zip(outside))), "row 3 lies outside its 3 x 2 entries"));
  const auto falling = sparse_members("csc", {5, 7, 9}, {{"indices", {0, 2, 1}}, {"indptr", {0, 3, 2}}});
  EXPECT_NE(refusal(put("s.npz", zip(falling))), "");
  const auto falls = sparse_members("csc", {5, 7, 9}, {{"indices", {0, 2, 1}}, {"indptr", {0, 4, 3}}});
  EXPECT_TRUE(has(refusal(put("s.npz", zip(falls))), "do not rise"));
}

TEST_F(Tables, ArchivesOfArraysAreReadByName) {
  const std::string V = npy("<i4", "(1, 2)", little(3, 4) + little(4, 4)), one = zip({{"V.npy", V}}, true);
  EXPECT_EQ(read_table<double>(put("a.npz", one)).values, (std::vector<double>{3, 4}));
  const std::string file = put("a.npz", zip({{"V.npy", V}, {"W.npy", npy_of({8})}}, true));
  EXPECT_EQ(read_table<double>(file + ":W").values, std::vector<double>{8});
  EXPECT_TRUE(has(refusal(file), "select an array, ")) << refusal(file);
  EXPECT_TRUE(has(refusal(file), ":NAME; it holds V, W"));
  EXPECT_TRUE(has(refusal(file + ":X"), "no array 'X'; select one"));
  std::string damaged = zip({{"V.npy", V}});
  damaged[damaged.find(little(4, 4) + "PK")] = 9;
  EXPECT_TRUE(has(refusal(put("a.npz", damaged)), "checksum is wrong"));
  EXPECT_TRUE(has(refusal(put("book.xlsx", zip({{"sheet.xml", "x"}}))), "or save the sheet as CSV"));
  EXPECT_TRUE(has(refusal(put("book.csv", zip({{"sheet.xml", "x"}}))), "or save the sheet as CSV"));
}

// ---- The tool -------------------------------------------------------------------------------------------------------

TEST_F(Tables, NamesGoFromTheDataIntoTheFactors) {
  if (!std::getenv("ORTHANT_TOOL")) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
  put("t.csv", "gene,s1,\"s, 2\",s3\ng1,1,2,3\n\"g 2\",2,4,7\ng3,5,1,1\n");
  ASSERT_EQ(run("nmf t.csv -k 2 -o out"), 0) << said;
  EXPECT_EQ(text("out/H.csv").substr(0, 12), "s1,\"s, 2\",s3") << text("out/H.csv");
  const auto W = read_table<double>((directory / "out/W.csv").string());
  EXPECT_EQ(W.row_names, (Names{"g1", "g 2", "g3"}));
  EXPECT_EQ(W.names, (Names{"component1", "component2"}));
  EXPECT_EQ(W.values.size(), read_table<double>((directory / "out/W.npy").string()).values.size());
  EXPECT_TRUE(has(text("out/summary.json"), "\"W.csv\""));
  ASSERT_EQ(run("nmf t.csv --transpose -k 2 --format csv -o turned"), 0) << said;
  EXPECT_EQ(read_table<double>((directory / "turned/W.csv").string()).row_names, (Names{"s1", "s, 2", "s3"}));
  EXPECT_EQ(read_table<double>((directory / "turned/H.csv").string()).names, (Names{"g1", "g 2", "g3"}));
  EXPECT_FALSE(fs::exists(directory / "turned/W.npy"));
  ASSERT_EQ(run("nmf t.csv --transform out/W.csv -o again"), 0) << said;
  ASSERT_EQ(run("nmf t.csv -k 2 --w0 out/W.csv --h0 out/H.csv -o more"), 0) << said;
  put("plain.csv", "1,2,3\n2,4,7\n5,1,1\n");
  ASSERT_EQ(run("nmf plain.csv -k 2 -o plain"), 0) << said;
  EXPECT_FALSE(fs::exists(directory / "plain/W.csv"));
}

TEST_F(Tables, ALibraryWithSpectraInRowsIsAMatrixOfRowsToNmf) {
  if (!std::getenv("ORTHANT_TOOL")) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
  put("t.csv", "Class,450,520,600\nPV,1,2,3\nSOIL,4,4,1\n");
  ASSERT_EQ(run("nmf t.csv -k 1 -o out"), 0) << said;
  EXPECT_EQ(read_table<double>((directory / "out/W.csv").string()).row_names, (Names{"PV", "SOIL"}));
  EXPECT_EQ(read_table<double>((directory / "out/H.csv").string()).names, (Names{"450", "520", "600"}));
}

TEST_F(Tables, EveryFormOfALibraryUnmixesTheSameScene) {
  if (!std::getenv("ORTHANT_TOOL")) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
  const double spectra[2][3] = {{.5, .25, .75}, {.125, 1, .5}}, share = .25;
  Image<float> scene;
  scene.bands = 3, scene.lines = 1, scene.samples = 2;
  for (double a : {share, 1 - share}) {
    for (int b = 0; b < 3; ++b) scene.values.push_back(static_cast<float>(a * spectra[0][b] + (1 - a) * spectra[1][b]));
  }
  scene.meta.wavelength = {.45, .52, .6};
  write_envi(directory / "scene.img", scene, false);
  const char *libraries[] = {"Class,450,520,600\noak,0.5,0.25,0.75\nsoil,0.125,1,0.5\n",
                             "name,Age,450,520,600\noak,3,0.5,0.25,0.75\nsoil,4,0.125,1,0.5\n",
                             "nm,oak,soil\n450,0.5,0.125\n520,0.25,1\n600,0.75,0.5\n",
                             "wavelength;fwhm;oak;soil\n450;10;0,5;0,125\n520;10;0,25;1\n600;10;0,75;0,5\n",
                             "band,um,oak,soil\n1,0.45,0.5,0.125\n2,0.52,0.25,1\n3,0.6,0.75,0.5\n"};
  for (const char *library : libraries) {
    put("lib.csv", library);
    ASSERT_EQ(run("unmix scene.img -e lib.csv -o out --force"), 0) << library << said;
    const auto A = read_image<double>((directory / "out/abundances.img").string());
    EXPECT_EQ(A.meta.band_names, (Names{"oak", "soil"})) << library;
    ASSERT_EQ(A.values.size(), 4u) << library;
    EXPECT_NEAR(A.values[0], share, 1e-5) << library;
    EXPECT_NEAR(A.values[2], 1 - share, 1e-5) << library;
  }
}

TEST_F(Tables, SparseFilesStaySparseInNmf) {
  if (!std::getenv("ORTHANT_TOOL")) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
  put("m.mtx", "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 3\n1 1\n2 1\n3 2\n");
  put("s.npz", zip(sparse_members("coo", {9, 7, 5}, {{"row", {1, 2, 0}}, {"col", {1, 0, 0}}}), true));
  ASSERT_EQ(run("nmf m.mtx -k 2 -o m"), 0) << said;
  EXPECT_TRUE(has(said, "sparse: 5 of 3 x 3 entries are not zero")) << said;
  ASSERT_EQ(run("nmf s.npz -k 2 -o s"), 0) << said;
  EXPECT_TRUE(has(said, "sparse: 3 of 3 x 2 entries are not zero")) << said;
}

// ---- GDAL -----------------------------------------------------------------------------------------------------------

// Two bands of 2 x 3 pixels in UTM zone 33, and what it is as a GeoTIFF of GDAL's own.
Image<float> small_scene() {
  Image<float> scene;
  scene.bands = 2, scene.lines = 2, scene.samples = 3;
  scene.values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  scene.meta.wavelength = {.45, .52};
  scene.meta.carried = {{"map info", "{UTM, 1, 1, 500000, 4000000, 20, 20, 33, North, WGS-84, units=Meters}"}};
  return scene;
}

#ifdef HAVE_GDAL

class Gdal : public Tables {
 protected:
  void SetUp() override {
    Tables::SetUp();
    if (std::system("gdalinfo --version >/dev/null 2>&1") != 0)
      GTEST_SKIP() << "GDAL's programs (gdal-bin) are not here";
    if (!std::getenv("ORTHANT_TOOL")) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
    write_envi(directory / "scene.img", small_scene(), false);
  }
  bool gdal(const std::string &command) const {
    return std::system(cat("cd '", directory.string(), "' && { ", command, "; } >.gdal 2>&1").c_str()) == 0;
  }
};

TEST_F(Gdal, GeoTiffsOfEveryTypeAreRead) {
  const std::string file = (directory / "s.tif").string();
  for (const char *type : {"Byte", "Int16", "UInt32", "Float64"}) {
    ASSERT_TRUE(gdal(cat("gdal_translate -of GTiff -ot ", type, " -a_nodata 5 scene.img s.tif"))) << text(".gdal");
    const auto image = read_image<double>(file);
    ASSERT_EQ(image.values.size(), 12u) << type;
    for (size_t i = 0; i < 12; ++i) {
      if (i == 4) EXPECT_TRUE(std::isnan(image.values[i])) << type;
      if (i != 4) EXPECT_EQ(image.values[i], static_cast<double>(i + 1)) << type;
    }
    ASSERT_EQ(image.meta.wavelength.size(), 2u);
    EXPECT_DOUBLE_EQ(image.meta.wavelength[1], .52);
    ASSERT_FALSE(image.meta.carried.empty());
    EXPECT_TRUE(has(image.meta.carried[0].second, "UTM, 1, 1, 500000, 4000000, 20, 20, 33, North")) << type;
  }
  // More lines than are read at a time.
  Image<float> tall;
  tall.bands = 2, tall.lines = 300, tall.samples = 3;
  for (int i = 0; i < 1800; ++i) tall.values.push_back(static_cast<float>(i * 7919 % 1801));
  write_envi(directory / "tall.img", tall, false);
  for (const char *how : {"INTERLEAVE=PIXEL", "INTERLEAVE=BAND -co BLOCKYSIZE=48"}) {
    ASSERT_TRUE(gdal(cat("gdal_translate -of GTiff -co ", how, " tall.img s.tif"))) << text(".gdal");
    EXPECT_EQ(read_image<float>(file).values, tall.values) << how;
  }
  // The value that means missing is compared as the file's type has it; scale and offset are applied.
  ASSERT_TRUE(gdal("gdal_translate -ot Float32 -a_nodata -9999.9 -scale 5 6 -9999.9 6 -b 1 scene.img s.tif"));
  EXPECT_TRUE(std::isnan(read_image<double>(file).values[2])) << read_image<double>(file).values[2];
  ASSERT_TRUE(gdal("gdal_translate -ot Float32 -scale 5 6 -9999.9 6 -b 1 scene.img t.tif"));
  put("t.vrt", R"(<VRTDataset rasterXSize="3" rasterYSize="2"><VRTRasterBand dataType="Float32" band="1">
    <NoDataValue>-9999.9</NoDataValue><SimpleSource><SourceFilename relativeToVRT="1">t.tif</SourceFilename>
    <SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>)");
  EXPECT_TRUE(std::isnan(read_image<double>((directory / "t.vrt").string()).values[2]));
  ASSERT_TRUE(gdal("gdal_translate -ot UInt16 -a_scale 0.5 -a_offset 1 scene.img s.tif"));
  EXPECT_EQ(read_image<double>(file).values[11], 7);
  ASSERT_TRUE(gdal("gdal_translate -ot UInt16 -mask 2 -b 1 --config GDAL_TIFF_INTERNAL_MASK YES scene.img m.tif"));
  EXPECT_EQ(read_image<double>((directory / "m.tif").string()).values, (std::vector<double>{1, 3, 5, 7, 9, 11}));
  EXPECT_TRUE(has(refusal(put("bad.tif", "II*\0 no more")), "bad.tif: GDAL cannot read it"));
  EXPECT_TRUE(has(refusal(file + ":x"), "No such file"));
}

TEST_F(Gdal, MapsAreGeoTiffsThatGdalReads) {
  put("lib.csv", "nm,oak,\"soil, dry\"\n450,1,4\n520,2,1\n");
  ASSERT_TRUE(gdal("gdal_translate -a_nodata 3 scene.img s.tif"));
  ASSERT_EQ(run("unmix s.tif -e lib.csv --method nnls --scale none -o maps.tif"), 0) << said;
  ASSERT_TRUE(gdal("gdalinfo maps.tif"));
  const std::string info = text(".gdal");
  for (const char *part : {"UTM zone 33N", "Origin = (500000", "Pixel Size = (20", "Description = oak",
                           "Description = soil, dry", "NoData Value=nan", "Size is 3, 2"}) {
    EXPECT_TRUE(has(info, part)) << part << info;
  }
  ASSERT_EQ(run("unmix s.tif -e lib.csv --method nnls --scale none -o maps"), 0) << said;
  ASSERT_TRUE(gdal("gdal_translate -of ENVI maps.tif back.img"));
  const auto expected = read_image<float>((directory / "maps/abundances.img").string());
  for (const char *name : {"back.img", "maps.tif"}) {
    const auto A = read_image<float>((directory / name).string());
    ASSERT_EQ(A.values.size(), expected.values.size());
    for (size_t i = 0; i < A.values.size(); ++i) {
      EXPECT_TRUE(A.values[i] == expected.values[i] || (std::isnan(A.values[i]) && std::isnan(expected.values[i])))
          << i;
    }
  }
  ASSERT_TRUE(gdal("gdalinfo maps/abundances.img"));
  EXPECT_TRUE(has(text(".gdal"), "Origin = (500000")) << text(".gdal");
  EXPECT_TRUE(fs::exists(directory / "maps-endmembers.sli"));
  EXPECT_TRUE(fs::exists(directory / "maps-quality.tif"));
  EXPECT_EQ(run("unmix s.tif -e lib.csv --method nnls --scale none -o maps.tif"), 1) << said;
  EXPECT_TRUE(has(said, "maps.tif: exists already")) << said;
}

// A granule in the form of EMIT's: bands last, what describes them in a group of their own.
const char *const granule = R"(<VRTDataset><Group name="/">
  <Dimension name="downtrack" size="2"/><Dimension name="crosstrack" size="2"/><Dimension name="bands" size="3"/>
  <Array name="reflectance"><DataType>Float32</DataType><DimensionRef ref="downtrack"/><DimensionRef ref="crosstrack"/>
    <DimensionRef ref="bands"/><NoDataValue>-9999</NoDataValue>
    <InlineValues>1 2 3 4 5 6 7 8 9 -9999 -9999 -9999</InlineValues></Array>
  <Group name="sensor_band_parameters">
    <Array name="wavelengths"><DataType>Float32</DataType><DimensionRef ref="/bands"/><Unit>nm</Unit>
      <InlineValues>450 520 600</InlineValues></Array>
    <Array name="fwhm"><DataType>Float32</DataType><DimensionRef ref="/bands"/>
      <InlineValues>8 9 10</InlineValues></Array>
    <Array name="good_wavelengths"><DataType>Float32</DataType><DimensionRef ref="/bands"/>
      <InlineValues>1 0 1</InlineValues></Array>
  </Group></Group></VRTDataset>)";

TEST_F(Gdal, CubesInGroupsOfNetCdfAndHdf5AreRead) {
  put("e.vrt", granule);
  ASSERT_TRUE(gdal("gdalmdimtranslate -of netCDF -co FORMAT=NC4 e.vrt e.nc && cp e.nc e.h5 && cp e.nc e.he5"));
  for (const char *name : {"e.nc", "e.nc:reflectance", "e.nc:/reflectance", "e.h5:reflectance", "e.he5"}) {
    const auto image = read_image<double>((directory / name).string());
    EXPECT_EQ(image.lines, 2) << name;
    ASSERT_EQ(image.bands, 2) << name;  // of three one is not good
    EXPECT_EQ(image.pixel(2)[0], 7) << name;
    EXPECT_EQ(image.pixel(2)[1], 9) << name;
    EXPECT_TRUE(std::isnan(image.pixel(3)[0])) << name;
    EXPECT_EQ(image.meta.fwhm.size(), 2u) << name;
    ASSERT_EQ(image.meta.wavelength.size(), 2u) << name;
    EXPECT_NEAR(image.meta.wavelength[1], .6, 1e-12) << name;
  }
  const auto list = read_table<double>((directory / "e.nc:sensor_band_parameters/wavelengths").string());
  EXPECT_EQ(list.values, (std::vector<double>{450, 520, 600}));
  EXPECT_TRUE(has(refusal((directory / "e.nc:nothing").string()), "has not one array 'nothing'; select one"));
  EXPECT_TRUE(has(refusal((directory / "e.nc:nothing").string()), "/sensor_band_parameters/fwhm  3"));
  fs::copy_file(directory / "e.h5", directory / "e.mat");
  EXPECT_TRUE(has(refusal((directory / "e.mat:V").string()), "e.mat: is an HDF5 file without MATLAB's header"));
}

// As PRISMA keeps its cubes: lines x bands x samples, and what describes them as attributes of the file.
const char *const swath = R"(<VRTDataset><Group name="/">
  <Dimension name="d0" size="2"/><Dimension name="d1" size="3"/><Dimension name="d2" size="1"/>
  <Attribute name="List_Cw_Vnir"><DataType>Float32</DataType><Value>450</Value><Value>520</Value><Value>0</Value>
  </Attribute>
  <Attribute name="List_Fwhm_Vnir"><DataType>Float32</DataType><Value>8</Value><Value>9</Value><Value>0</Value>
  </Attribute>
  <Attribute name="L2ScaleVnirMin"><DataType>Float32</DataType><Value>1</Value></Attribute>
  <Attribute name="L2ScaleVnirMax"><DataType>Float32</DataType><Value>3</Value></Attribute>
  <Group name="Data Fields"><Array name="VNIR_Cube"><DataType>UInt16</DataType><DimensionRef ref="/d0"/>
    <DimensionRef ref="/d1"/><DimensionRef ref="/d2"/><InlineValues>0 65535 7 13107 26214 7</InlineValues></Array>
  </Group></Group></VRTDataset>)";

TEST_F(Gdal, CubesOfPrismaComeWithTheirWavelengthsAndScale) {
  put("p.vrt", swath);
  ASSERT_TRUE(gdal("gdalmdimtranslate -of netCDF -co FORMAT=NC4 p.vrt p.nc && cp p.nc p.he5")) << text(".gdal");
  const auto image = read_image<double>((directory / "p.he5:VNIR_Cube").string());
  ASSERT_EQ(image.bands, 2);  // a band without a wavelength is none
  EXPECT_EQ(image.lines, 2);
  EXPECT_EQ(image.samples, 1);
  EXPECT_DOUBLE_EQ(image.pixel(0)[0], 1);
  EXPECT_DOUBLE_EQ(image.pixel(0)[1], 3);
  EXPECT_NEAR(image.pixel(1)[0], 1 + 2 * 13107 / 65535.0, 1e-12);
  ASSERT_EQ(image.meta.wavelength.size(), 2u);
  EXPECT_DOUBLE_EQ(image.meta.wavelength[1], .52);
  EXPECT_DOUBLE_EQ(image.meta.fwhm.at(1), .009);
}

TEST_F(Gdal, GridsThatBeginInTheSouthAreTurned) {
  put("g.vrt", R"(<VRTDataset><Group name="/">
    <Dimension name="band" size="1"/><Dimension name="y" size="2" indexingVariable="y"/><Dimension name="x" size="2"/>
    <Array name="y"><DataType>Float64</DataType><DimensionRef ref="y"/><InlineValues>10 20</InlineValues></Array>
    <Array name="cube"><DataType>Int16</DataType><DimensionRef ref="band"/><DimensionRef ref="y"/>
      <DimensionRef ref="x"/><InlineValues>1 2 3 4</InlineValues></Array></Group></VRTDataset>)");
  ASSERT_TRUE(gdal("gdalmdimtranslate -of netCDF g.vrt g.nc"));
  EXPECT_EQ(read_image<double>((directory / "g.nc:cube").string()).values, (std::vector<double>{3, 4, 1, 2}));
}

#else

TEST_F(Tables, WithoutGdalItsFormatsAreRefusedWithWhatToInstall) {
  const std::string bytes[] = {std::string("II*\0....", 8), "\x89HDF....", "CDF\x01...."};
  for (const char *name : {"s.tif", "s.h5", "s.nc", "s.raw"}) {
    for (const std::string &b : bytes) {
      EXPECT_TRUE(has(refusal(put(name, b)), "install libgdal-dev and build anew")) << name;
    }
  }
  EXPECT_TRUE(has(refusal(put("s.mat", bytes[1]) + ":V"), "HDF5 is read through GDAL"))
      << refusal(put("s.mat", bytes[1]) + ":V");
  if (!std::getenv("ORTHANT_TOOL")) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
  write_envi(directory / "scene.img", small_scene(), false);
  put("lib.csv", "nm,oak\n450,1\n520,2\n");
  EXPECT_EQ(run("unmix scene.img -e lib.csv -o maps.tif"), 1) << said;
  EXPECT_TRUE(has(said, "GeoTIFF is written through GDAL")) << said;
  EXPECT_FALSE(fs::exists(directory / "maps.tif"));
}

#endif

TEST_F(Tables, BadTablesExitWith3AndLeaveNothing) {
  if (!std::getenv("ORTHANT_TOOL")) GTEST_SKIP() << "ORTHANT_TOOL does not name the program";
  put("t.csv", "a,b\n1,<0.5\n2,3\n");
  put("m.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 9 1\n");
  put("s.npz", "PK");
  for (const char *file : {"t.csv", "m.mtx", "s.npz"}) {
    EXPECT_EQ(run(cat("nmf ", file, " -k 1 --missing -o out")), 3) << said;
    EXPECT_TRUE(has(said, cat("error: ", file, ": "))) << said;
    EXPECT_FALSE(fs::exists(directory / "out"));
  }
}

}  // namespace
