// Weight files are little-endian, whatever the machine: the same bytes are written, and their numbers are read right
// where they lie and where they are converted.  Runs on hosts and, emulated, on a machine of the other order.
#include "kinds.hpp"
#include "model_bytes.hpp"
#include "nmf_run.hpp"
#include "orthant/experimental.h"

namespace orthant::test {
namespace {

// What a function of the library writes as a weight file, given (out, capacity, bytes).
template <class Save>
ModelBytes saved(const Save &save) {
  size_t bytes = 0;
  EXPECT_EQ(save(nullptr, 0, &bytes), ORTHANT_OK);
  ModelBytes file(bytes);
  EXPECT_EQ(save(file.data(), bytes, &bytes), ORTHANT_OK);
  return file;
}

ModelBytes own_schedule() { return saved(orthant_schedule_default); }

// A Factormer as training begins with it.
ModelBytes new_factormer() {
  orthant_factormer_train_config c{};
  c.size = sizeof c, c.max_rows = 6, c.max_cols = 6, c.rank = 4, c.width = 8, c.heads = 2, c.layers = 2, c.hidden = 8;
  size_t bytes = 0;
  EXPECT_EQ(orthant_factormer_train_size_f32(&c, &bytes), ORTHANT_OK);
  std::vector<unsigned char> memory(bytes);
  orthant_factormer_train_f32 *handle = nullptr;
  EXPECT_EQ(orthant_factormer_train_init_f32(&c, memory.data(), bytes, &handle), ORTHANT_OK);
  return saved([&](void *out, size_t capacity, size_t *n) {
    return orthant_factormer_train_save_f32(handle, 0, out, capacity, n);
  });
}

ModelBytes converted(const ModelBytes &file, int32_t element) {
  return saved([&](void *out, size_t capacity, size_t *n) {
    return orthant_model_convert(file.verified(), element, 0, out, capacity, n);
  });
}

TEST(ByteOrder, FilesAreLittleEndian) {
  const ModelBytes file = own_schedule();
  const unsigned char *at = file.data();
  EXPECT_EQ(at[12], 0x04);  // the tag 0x01020304
  EXPECT_EQ(at[15], 0x01);
  EXPECT_EQ(at[16], ORTHANT_MODEL_SCHEDULE);
  // The first number of the table, -0.78224856f, is 0xBF484171; its payload begins after header and record.
  EXPECT_EQ(at[128], 0x71);
  EXPECT_EQ(at[129], 0x41);
  EXPECT_EQ(at[130], 0x48);
  EXPECT_EQ(at[131], 0xBF);
  float first = 0;
  ASSERT_EQ(orthant_model_values_f32(file.verified(), 0, 0, 1, &first), ORTHANT_OK);
  EXPECT_EQ(first, -0.78224856f);
}

TEST(ByteOrder, AnotherMachinesOrderIsRefused) {
  ModelBytes file = own_schedule();
  unsigned char *at = file.data();
  for (int32_t i = 0; i < 4; ++i) at[12 + i] = static_cast<unsigned char>(i + 1);
  const orthant_model *model = nullptr;
  EXPECT_EQ(orthant_model_open(at, file.size(), &model), ORTHANT_E_BLOB);
  EXPECT_EQ(std::string(orthant_model_problem(at, file.size())),
            "the endian tag is wrong: byte order was changed on the way");
}

// The library's own schedule from a file steers as the table in the library does: the same bits.
TEST(ByteOrder, ScheduleOfAFileSteers) {
  Random random(5);
  Matrix<float> V(14, 11);
  V.each([&](int32_t, int32_t) { return uniform(random); });
  const ModelBytes file = own_schedule();
  Matrix<float> W[2] = {{14, 3}, {14, 3}}, H[2] = {{3, 11}, {3, 11}};
  for (int32_t from_file = 0; from_file < 2; ++from_file) {
    orthant_nmf_config c{};
    c.size = sizeof c, c.rows = 14, c.cols = 11, c.rank = 3, c.max_iter = 6, c.tol = -1;
    c.schedule = from_file ? file.verified() : nullptr;
    std::vector<unsigned char> memory(size_t(1) << 16);
    orthant_nmf_f32 *nmf = nullptr;
    ASSERT_EQ(orthant_nmf_init_f32(&c, memory.data(), memory.size(), &nmf), ORTHANT_OK);
    const orthant_matrix_f32 data = view(V);
    Matrix<float> &w = W[from_file], &h = H[from_file];
    ASSERT_EQ(orthant_nmf_start_f32(nmf, &data, w.data(), w.ld(), h.data(), h.ld()), ORTHANT_OK);
    ASSERT_EQ(orthant_nmf_run_f32(nmf, &data, w.data(), w.ld(), h.data(), h.ld(), nullptr), ORTHANT_OK);
  }
  for (int32_t i = 0; i < 14; ++i)
    for (int32_t k = 0; k < 3; ++k) EXPECT_EQ(W[0](i, k), W[1](i, k));
}

// W after one application of the network; its numbers are read in place where they have the type of the call.
Matrix<float> applied(const ModelBytes &file) {
  Random random(6);
  Matrix<float> V(6, 5), W(6, 4), H(4, 5);
  for (Matrix<float> *X : {&V, &W, &H}) X->each([&](int32_t, int32_t) { return 0.1 + uniform(random); });
  orthant_factormer_config c{};
  c.size = sizeof c, c.rows = 6, c.cols = 5, c.model = file.verified();
  std::vector<unsigned char> memory(size_t(1) << 17);
  orthant_factormer_f32 *net = nullptr;
  EXPECT_EQ(orthant_factormer_init_f32(&c, memory.data(), memory.size(), &net), ORTHANT_OK);
  const orthant_matrix_f32 data = view(V);
  EXPECT_EQ(orthant_factormer_run_f32(net, &data, W.data(), W.ld(), H.data(), H.ld(), nullptr, 0, nullptr, 0),
            ORTHANT_OK);
  return W;
}

TEST(ByteOrder, WeightsInPlaceAreWeightsConverted) {
  const ModelBytes single = new_factormer(), twice = converted(single, ORTHANT_ELEMENT_F64);
  const Matrix<float> W = applied(single), W2 = applied(twice);
  double sum = 0;
  for (int32_t i = 0; i < W.rows(); ++i)
    for (int32_t k = 0; k < W.cols(); ++k) {
      EXPECT_EQ(W(i, k), W2(i, k));
      sum += double(W(i, k));
    }
  EXPECT_GT(sum, 0.0);
}

}  // namespace
}  // namespace orthant::test
