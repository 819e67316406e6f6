// The data matrix as solvers see it, in every kind, and the ways through it, against plain loops: on whole numbers, so
// that every sum is exact, in any order.
#include "passes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kinds.hpp"

namespace orthant::test {
namespace {

template <class T>
class OperandTest : public testing::Test {};
TYPED_TEST_SUITE(OperandTest, Types, TypeNames);

// A matrix as an operand of each kind.  Weights are quarters, some zero; some entries are missing.
template <class T>
class Operands {
 public:
  Operands(int32_t m, int32_t n, Random &random) : data_(Matrix<T>(m, n)) {
    data_.weights = Matrix<T>(m, n);
    data_.dense.each([&](int32_t, int32_t) { return uniform(random) < 0.4 ? 0 : uniform_int(random, 1, 8); });
    data_.compress(3);
    data_.weights.each([&](int32_t, int32_t) { return 0.25 * uniform_int(random, 0, 4); });
    masked_ = data_.dense;
    masked_.each([&](int32_t i, int32_t j) { return uniform(random) < 0.2 ? T(NAN) : masked_(i, j); });
    const int32_t group = std::min(n, group_columns<T>(m));
    room_memory_.resize(bytes_of([&](Carver &carve) { room_.layout(carve, m, group, 2); }) + Carver::alignment);
    Carver carve(Carver::align(room_memory_.data(), room_memory_.size(), 0));
    room_.layout(carve, m, group, 2);
  }
  const Matrix<T> &dense() const { return data_.dense; }
  const Matrix<T> &weights() const { return data_.weights; }
  bool present(int32_t kind, int32_t i, int32_t j) const {
    return kind != ORTHANT_MASKED || (masked_(i, j) == masked_(i, j) && data_.weights(i, j) > T(0));
  }
  // Of masked data missing entries are zero.
  Matrix<double> entries(int32_t kind) const {
    return Matrix<double>(dense()).each([&](int32_t i, int32_t j) { return present(kind, i, j) ? dense()(i, j) : 0; });
  }
  Operand<T> of(int32_t kind) const {
    const int32_t m = dense().rows(), n = dense().cols();
    if (kind == ORTHANT_DENSE) return Operand<T>(as_mat(dense()));
    if (kind == ORTHANT_MASKED) return Operand<T>(as_mat(masked_), as_mat(data_.weights));
    if (kind == ORTHANT_STREAM) {
      Operand<T> V(m, n, read_columns<T>, const_cast<Matrix<T> *>(&dense()));
      V.use(room_);
      return V;
    }
    const Sparse<T> &s = data_.nonzeros[kind == ORTHANT_CSR];
    return Operand<T>(kind == ORTHANT_CSR ? Kind::csr : Kind::csc, m, n, s.values.data(), s.starts.data(),
                      s.indices.data());
  }
  static Mat<const T> as_mat(const Matrix<T> &A) { return {A.data(), A.rows(), A.cols(), A.ld()}; }
  static Mat<T> as_mat(Matrix<T> &A) { return {A.data(), A.rows(), A.cols(), A.ld()}; }

 private:
  EveryKind<T> data_;
  Matrix<T> masked_{0, 0};
  std::vector<unsigned char> room_memory_;
  StreamRoom<T> room_;
};

// Tasks from the last to the first, by four workers in turn.
const Parallel backwards{4, [](void *, int32_t tasks, void (*task)(void *, int32_t, int32_t), void *arg) {
  for (int32_t i = tasks - 1; i >= 0; --i) task(arg, i, i % 4);
}, nullptr};

template <class T>
Matrix<T> whole_numbers(int32_t m, int32_t n, Random &random) {
  return Matrix<T>(m, n).each([&](int32_t, int32_t) { return uniform_int(random, -4, 4); });
}
template <class T>
Matrix<double> columns_of(const Matrix<T> &A, int32_t j, int32_t count) {
  return Matrix<double>(A.rows(), count).each([&](int32_t i, int32_t q) { return A(i, j + q); });
}

TYPED_TEST(OperandTest, PanelsOfEveryKindAreThoseOfTheMatrix) {
  using T = TypeParam;
  Random random(11);
  const int32_t m = 45, n = 83, r = 5;
  const Operands<T> all(m, n, random);
  const Ops<T> ops;
  for (const int32_t kind : kinds)
    for (const Range J : {Range{0, 1}, Range{0, n}, Range{7, 31}, Range{60, n}}) {
      SCOPED_TRACE(kind_names[kind]);
      const Operand<T> V = all.of(kind);
      ASSERT_TRUE(V.bring(J, {0, 0}));
      const Matrix<T> B = whole_numbers<T>(m, r, random), X = whole_numbers<T>(J.size(), r, random);
      const Matrix<double> VJ = columns_of(all.entries(kind), J.from, J.size());
      Matrix<T> C = whole_numbers<T>(J.size(), r, random), D = whole_numbers<T>(m, r, random);
      V.panel_tn(ops, J.from, J.size(), all.as_mat(B), all.as_mat(C));
      EXPECT_TRUE(Matrix<double>(C) == transposed(VJ) * B);
      const Matrix<double> before(D);
      V.panel_nn(ops, J.from, J.size(), all.as_mat(X), all.as_mat(D), true);
      EXPECT_TRUE(Matrix<double>(D) == before + VJ * X);
      V.panel_nn(ops, J.from, J.size(), all.as_mat(X), all.as_mat(D), false);
      EXPECT_TRUE(Matrix<double>(D) == VJ * X);
      EXPECT_TRUE(C.intact() && D.intact());
      if (kind == ORTHANT_MASKED) continue;
      Matrix<T> room(m, J.size());
      const Mat<const T> panel = V.panel(J.from, J.size(), all.as_mat(room));
      VJ.visit([&](int32_t i, int32_t q) { ASSERT_EQ(double(panel(i, q)), VJ(i, q)); });
    }
}

TYPED_TEST(OperandTest, WholeProductsOfEveryKindAreThoseOfTheMatrix) {
  using T = TypeParam;
  Random random(12);
  // Of the last a stream is read in two groups.
  for (const Range shape : {Range{301, 277}, Range{40, 261}, Range{515, 130}, Range{9000, 150}}) {
    const int32_t m = shape.from, n = shape.to, r = m < 1000 ? 37 : 3;
    const Operands<T> all(m, n, random);
    const Ops<T> ops;
    const Matrix<double> A(all.dense());
    for (const int32_t kind : {ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_STREAM})
      for (const Parallel &par : {Parallel{}, backwards}) {
        SCOPED_TRACE(kind_names[kind]);
        const Operand<T> V = all.of(kind);
        const Matrix<T> B = whole_numbers<T>(n, r, random), X = whole_numbers<T>(m, r, random);
        Matrix<T> C(m, r), D(n, r);
        V.times(ops, par, all.as_mat(B), all.as_mat(C));
        V.transposed_times(ops, par, all.as_mat(X), all.as_mat(D));
        EXPECT_TRUE(Matrix<double>(C) == A * B);
        EXPECT_TRUE(Matrix<double>(D) == transposed(A) * X);
        EXPECT_EQ(V.mean(), mean(A));
        double squares = 3;
        EXPECT_TRUE(V.scan(ops, 0, n, true, &squares));
        EXPECT_EQ(squares, 3 + norm2(A));
        EXPECT_TRUE(V.rows() == m && V.cols() == n && C.intact() && D.intact());
        if (!V.sparse()) continue;
        const Matrix<T> Bt = transposed(B), Xt = transposed(X);
        Matrix<T> Ct(r, m), Dt(r, n);
        V.right_all(ops, par, all.as_mat(Bt), all.as_mat(Ct));
        V.left_all(ops, par, all.as_mat(Xt), all.as_mat(Dt));
        EXPECT_TRUE(Ct == transposed(C) && Dt == transposed(D) && Ct.intact() && Dt.intact());
      }
  }
}

// ---- what scatters

// So many workers, whose tasks are done in order or from the last to the first: what one writes where it should not
// may be overwritten by a later one.
struct InTurn {
  int32_t workers;
  bool forwards = true;
  Parallel parallel() {
    return {workers, [](void *user, int32_t tasks, void (*task)(void *, int32_t, int32_t), void *arg) {
      const InTurn &self = *static_cast<InTurn *>(user);
      for (int32_t i = 0; i < tasks; ++i) task(arg, self.forwards ? i : tasks - 1 - i, i % self.workers);
    }, this};
  }
};

// A sparse matrix of whole numbers and what its products need, the room for so many workers.
template <class T>
class Scattering {
 public:
  Scattering(const Matrix<T> &A, int32_t kind, int32_t rank, int32_t workers, uint64_t seed = 0)
      : nonzeros_(sparse(A, kind, seed)), by_rows_(kind == ORTHANT_CSR) {
    const auto lay_out = [&](Carver &carve) { room_.layout(carve, lines(), length(), rank, workers); };
    const size_t bytes = bytes_of(lay_out);
    memory_.assign(bytes + Carver::alignment, 0xA5);
    Carver carve(Carver::align(memory_.data(), memory_.size(), 0));
    lay_out(carve);
  }
  int32_t lines() const { return by_rows_ ? nonzeros_.rows : nonzeros_.cols; }
  int32_t length() const { return by_rows_ ? nonzeros_.cols : nonzeros_.rows; }
  Operand<T> operand() const {
    Operand<T> V(by_rows_ ? Kind::csr : Kind::csc, nonzeros_.rows, nonzeros_.cols, nonzeros_.values.data(),
                 nonzeros_.starts.data(), nonzeros_.indices.data());
    V.use(room_);
    return V;
  }
  Matrix<T> product(const Parallel &par, const Matrix<T> &X) const {
    const Operand<T> V = operand();
    Matrix<T> C(X.rows(), length());
    for (int times = 0; times < 2; ++times)  // the second one finds the table
      if (by_rows_) V.left_all(Ops<T>(), par, mat(X), mat(C));
      else V.right_all(Ops<T>(), par, mat(X), mat(C));
    EXPECT_TRUE(C.intact());
    return C;
  }
  // The same by the body of another.
  Matrix<T> own_product(const Parallel &par, const Matrix<T> &X) const {
    const Operand<T> V = operand();
    Matrix<T> C(X.rows(), length());
    const int32_t *index;
    const T *v;
    V.major(0, &index, &v);
    V.by_scatter_blocks(par, mat(C), [&](Mat<T> to, const auto &runs) {
      runs([&](int32_t count, const Run *run) {
        fastest<RunKernels<T>>().scatter(X.rows(), count, run, index, v, X.data(), X.ld(), to.data, to.ld);
      });
    });
    EXPECT_TRUE(C.intact());
    return C;
  }
  static Mat<const T> mat(const Matrix<T> &A) { return {A.data(), A.rows(), A.cols(), A.ld()}; }
  static Mat<T> mat(Matrix<T> &A) { return {A.data(), A.rows(), A.cols(), A.ld()}; }

 private:
  Sparse<T> nonzeros_;
  bool by_rows_;
  std::vector<unsigned char> memory_;
  ScatterRoom<T> room_;
};

struct Scattered {
  const char *name;
  int32_t rows, cols;
  double (*density)(int32_t i, int32_t j);
};
const Scattered scattered[] = {
    {"even", 300, 700, [](int32_t, int32_t) { return 0.3; }},
    {"empty rows and columns, a dense one of each", 300, 700, [](int32_t i, int32_t j) {
      if (i == 17 || j == 511) return 1.0;
      return i % 5 == 1 || j % 3 == 2 ? 0.0 : 0.4;
    }},
    {"most in few rows", 900, 400, [](int32_t i, int32_t) { return 1 / (1 + 0.02 * i); }},
    {"a band", 1000, 1000, [](int32_t i, int32_t j) { return std::abs(i - j) < 40 ? 0.8 : 0.0; }},
    {"long columns", 20000, 30, [](int32_t i, int32_t j) { return i < 200 * j ? 0.5 : 0.2; }},
    {"more blocks than rows", 3, 20000, [](int32_t, int32_t) { return 0.9; }},
    {"one row", 1, 30000, [](int32_t, int32_t) { return 0.9; }},
    {"one column", 30000, 1, [](int32_t, int32_t) { return 0.9; }},
    {"few entries", 1000, 2000, [](int32_t, int32_t j) { return j % 2 ? 0.01 : 0.0; }},
    {"none", 20, 30, [](int32_t, int32_t) { return 0.0; }},
};

TYPED_TEST(OperandTest, WhatScattersIsTheMatrixProductHoweverItIsCut) {
  using T = TypeParam;
  Random random(15);
  for (const Scattered &s : scattered) {
    Matrix<T> A(s.rows, s.cols);
    A.each([&](int32_t i, int32_t j) { return uniform(random) < s.density(i, j) ? uniform_int(random, 1, 3) : 0; });
    for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR}) {
      SCOPED_TRACE(std::string(s.name) + (kind == ORTHANT_CSR ? ", by rows" : ", by columns"));
      const int32_t lines = kind == ORTHANT_CSR ? s.rows : s.cols, r = 5;
      const Matrix<T> whole = whole_numbers<T>(r, lines, random);
      Matrix<T> real(r, lines);
      real.fill_uniform(random);
      const Matrix<double> want = kind == ORTHANT_CSR ? whole * Matrix<double>(A) : whole * transposed(Matrix<double>(A));
      const Matrix<T> bits = Scattering<T>(A, kind, r, 1).product(Parallel{}, real);
      // With room for fewer workers than there are it is cut into fewer blocks.
      for (const Range workers : {Range{1, 1}, Range{2, 2}, Range{3, 3}, Range{7, 7}, Range{64, 64}, Range{5, 64}})
        for (const auto &[shuffled, forwards] : {std::pair<uint64_t, bool>{0, true}, {0, false}, {7, true}}) {
          SCOPED_TRACE(std::to_string(workers.to) + (shuffled ? " workers, shuffled" : " workers"));
          InTurn many{workers.to, forwards};
          const Parallel par = workers.to > 1 ? many.parallel() : Parallel{};
          const Scattering<T> V(A, kind, r, workers.from, shuffled);
          EXPECT_TRUE(Matrix<double>(V.product(par, whole)) == want);
          EXPECT_TRUE(V.product(par, real) == bits);
          if (V.operand().scatters_apart(par, r)) EXPECT_TRUE(V.own_product(par, real) == bits);
        }
    }
  }
}

// Where it is worth it: else the test before this one would be of one task.
TYPED_TEST(OperandTest, WhatScattersIsCutWhereItPays) {
  using T = TypeParam;
  Matrix<T> A(300, 700), few(20, 30);
  A.each([](int32_t i, int32_t j) { return (i + j) % 3 == 0; });
  few.fill(1);
  for (const int32_t kind : {ORTHANT_CSC, ORTHANT_CSR})
    for (const int32_t workers : {1, 2, 7, 64}) {
      InTurn many{workers};
      const Parallel par = many.parallel();
      EXPECT_EQ(Scattering<T>(A, kind, 3, workers).operand().scatters_apart(par, 3), workers > 1);
      EXPECT_FALSE(Scattering<T>(few, kind, 3, workers).operand().scatters_apart(par, 3));
    }
}

TYPED_TEST(OperandTest, EntriesOfEveryKindAreThoseOfTheMatrix) {
  using T = TypeParam;
  Random random(13);
  const int32_t m = 45, n = 83;
  const Operands<T> all(m, n, random);
  const Ops<T> ops;
  for (const int32_t kind : kinds) {
    SCOPED_TRACE(kind_names[kind]);
    const Operand<T> V = all.of(kind);
    ASSERT_TRUE(V.bring({0, n}, {0, 0}));
    const Matrix<double> A = all.entries(kind);
    double sum = 0, number = 0;
    for (int32_t j = 0; j < n; ++j) {
      double column_sum = 0, there = 0, squares = 0;
      for (int32_t i = 0; i < m; ++i) {
        const double weight = kind == ORTHANT_MASKED && all.present(kind, i, j) ? double(all.weights()(i, j)) : 1;
        column_sum += A(i, j), there += all.present(kind, i, j), squares += weight * A(i, j) * A(i, j);
        if (kind != ORTHANT_MASKED) EXPECT_EQ(double(V.entry(i, j)), A(i, j));
        if (!V.sparse() && all.present(kind, i, j)) EXPECT_EQ(double(V.weight(i, j)), weight);
        if (!V.sparse() && !all.present(kind, i, j)) EXPECT_EQ(V.weight(i, j), T(0));
      }
      std::vector<T> column(size_t(m), T(-1));
      V.column(j, column.data());
      for (int32_t i = 0; i < m; ++i)
        EXPECT_EQ(column[size_t(i)], all.present(kind, i, j) ? T(A(i, j)) : T(column_sum) / T(there)) << i << " " << j;
      double found = 1;
      EXPECT_TRUE(V.scan(ops, j, 1, true, &found));
      EXPECT_EQ(found, 1 + squares);
      EXPECT_EQ(V.is_zero(j, 1), column_sum == 0);
      Matrix<double> seen = zeros(m, 1);
      V.entries(j, [&](int32_t i, T v) { seen(i, 0) += double(v); });
      EXPECT_TRUE(seen == columns_of(A, j, 1));
      sum += column_sum, number += there;
    }
    EXPECT_EQ(V.mean(), sum / number);
  }
}

// P = M V + (1 - M) W H, |sqrt(M) (V - W H)|^2 and |P|^2, of some columns; weights are quarters: all is exact.
TYPED_TEST(OperandTest, CompletionFollowsItsFormula) {
  using T = TypeParam;
  Random random(14);
  const int32_t m = 37, n = 50, r = 3, from = 11, count = 20;
  const Operands<T> all(m, n, random);
  const Matrix<T> W = whole_numbers<T>(m, r, random), H = whole_numbers<T>(r, count, random);
  Matrix<T> P(m, count);
  double residual = 5, squares = 7, want_residual = 5, want_squares = 7;
  all.of(ORTHANT_MASKED).complete(Ops<T>(), from, all.as_mat(W), all.as_mat(H), all.as_mat(P), &residual, &squares);
  const Matrix<double> model = W * H;
  model.visit([&](int32_t i, int32_t q) {
    const double weight = all.present(ORTHANT_MASKED, i, from + q) ? double(all.weights()(i, from + q)) : 0;
    const double e = double(all.dense()(i, from + q)) - model(i, q), p = model(i, q) + weight * e;
    EXPECT_EQ(double(P(i, q)), p) << i << " " << q;
    want_residual += weight * e * e, want_squares += p * p;
  });
  EXPECT_NEAR(residual, want_residual, 1e-12 * want_residual);
  EXPECT_NEAR(squares, want_squares, 1e2 * unit_roundoff<T> * want_squares);
}

TYPED_TEST(OperandTest, ResidualIsThatOfItsColumns) {
  using T = TypeParam;
  Random random(15);
  const int32_t m = 300, n = 43, r = 4;
  const Operands<T> all(m, n, random);
  const Matrix<T> W = whole_numbers<T>(m, r, random);
  std::vector<T> tile(size_t(Operand<T>::tile_elements));
  for (const Range J : {Range{0, n}, Range{5, 6}, Range{9, 26}}) {
    const Matrix<T> H = whole_numbers<T>(r, n, random);
    const double found = all.of(ORTHANT_DENSE).residual(Ops<T>(), J.from, J.size(), all.as_mat(W), all.as_mat(H),
                                                        tile.data());
    EXPECT_EQ(found, norm2(columns_of(all.dense(), J.from, J.size()) - W * columns_of(H, J.from, J.size())));
  }
}

// What is not finite, negative where it must not be, or a weight outside [0, 1], is found in the first and in the last
// entry, and only in the columns that are looked at.
TYPED_TEST(OperandTest, ScansSeeTheFirstAndTheLastEntry) {
  using T = TypeParam;
  const int32_t m = 5, n = 7;
  const Ops<T> ops;
  for (const int32_t corner : {0, 1})
    for (const T bad : {T(-1), T(INFINITY)})
      for (const int32_t kind : {ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED}) {
        SCOPED_TRACE(kind_names[kind]);
        Matrix<T> V = Matrix<T>(m, n).fill(2), weights = Matrix<T>(m, n).fill(0.5);
        V(corner * (m - 1), corner * (n - 1)) = bad;
        const Sparse<T> s = sparse(V, kind == ORTHANT_CSR ? ORTHANT_CSR : ORTHANT_CSC);
        const Mat<const T> v{V.data(), m, n, V.ld()}, w{weights.data(), m, n, weights.ld()};
        Operand<T> X(v);
        if (kind == ORTHANT_MASKED) X = Operand<T>(v, w);
        if (kind == ORTHANT_CSC || kind == ORTHANT_CSR)
          X = Operand<T>(kind == ORTHANT_CSR ? Kind::csr : Kind::csc, m, n, s.values.data(), s.starts.data(),
                         s.indices.data());
        double squares = 0;
        EXPECT_FALSE(X.scan(ops, 0, n, true, &squares));
        EXPECT_EQ(X.scan(ops, 0, n, false, &squares), bad == T(-1));
        EXPECT_FALSE(X.scan(ops, corner * (n - 1), 1, true, &squares));
        EXPECT_TRUE(X.scan(ops, 1 - corner, n - 1, true, &squares));
        if (kind != ORTHANT_MASKED) continue;
        for (const T weight : {T(-0.125), T(1.125), T(0), T(1)}) {
          V.fill(2);
          weights(corner * (m - 1), corner * (n - 1)) = weight;
          EXPECT_EQ(X.scan(ops, 0, n, true, &squares), weight >= T(0) && weight <= T(1)) << weight;
        }
      }
}

// ---- the ways through a matrix

// All of V in parts: more entries than one part has, and what no part may miss in the last column of each.
TYPED_TEST(OperandTest, ScansByManyWorkersMissNothing) {
  using T = TypeParam;
  Random random(21);
  const int32_t m = 200, n = 1500;
  const Operands<T> all(m, n, random);
  const Ops<T> ops;
  for (const Parallel &par : {Parallel{}, backwards})
    for (const int32_t kind : {ORTHANT_DENSE, ORTHANT_CSC, ORTHANT_CSR, ORTHANT_MASKED, ORTHANT_STREAM}) {
      SCOPED_TRACE(kind_names[kind]);
      double squares = 3;
      EXPECT_TRUE(scan(ops, par, all.of(kind), true, &squares));
      double want = 3;
      all.dense().visit([&](int32_t i, int32_t j) {
        const double v = double(all.dense()(i, j)), weight = kind == ORTHANT_MASKED ? double(all.weights()(i, j)) : 1;
        if (all.present(kind, i, j)) want += weight * v * v;
      });
      EXPECT_EQ(squares, want);
    }
  Matrix<T> V = Matrix<T>(m, n).fill(1);
  for (const int32_t j : {0, 374, 375, 749, 1124, n - 1})
    for (const T bad : {T(-1), T(INFINITY)}) {
      V(m - 1, j) = bad;
      double squares = 0;
      EXPECT_FALSE(scan(ops, backwards, Operand<T>(all.as_mat(V)), true, &squares)) << j;
      EXPECT_EQ(scan(ops, backwards, Operand<T>(all.as_mat(V)), false, &squares), bad == T(-1)) << j;
      V(m - 1, j) = 1;
    }
}

TYPED_TEST(OperandTest, TheLargestIsTheFirstOfEquals) {
  using T = TypeParam;
  std::vector<T> x(5000, T(1));
  x[1700] = x[1701] = x[4990] = T(2);
  const auto largest = [&](Range mine, T *value) {
    const auto at = std::max_element(x.begin() + mine.from, x.begin() + mine.to);
    *value = *at;
    return int32_t(at - x.begin());
  };
  for (const Parallel &par : {Parallel{}, backwards})
    for (const auto &[n, want] : {std::pair{5000, 1700}, {1700, 0}, {1, 0}}) {
      T value = 0;
      EXPECT_EQ(first_largest(par, n, 1e3, &value, largest), want);
      EXPECT_EQ(value, x[size_t(want)]);
    }
}

TYPED_TEST(OperandTest, SumsOfColumnsAreInTheirOrder) {
  using T = TypeParam;
  Random random(22);
  const Matrix<T> A = Matrix<T>(301, 40).fill_uniform(random), B = Matrix<T>(301, 40).fill_uniform(random);
  std::vector<double> room(40);
  for (const Parallel &par : {Parallel{}, backwards})
    EXPECT_EQ(inner<T>(par, Operands<T>::as_mat(A), Operands<T>::as_mat(B), room.data()),
              inner<T>(Operands<T>::as_mat(A), Operands<T>::as_mat(B)));
}

TYPED_TEST(OperandTest, CopiesAndTransposesByManyWorkers) {
  using T = TypeParam;
  Random random(16);
  for (const Parallel &par : {Parallel{}, backwards})
    for (const int32_t gap : {0, 3})
      for (const Range shape : {Range{9001, 3}, Range{5, 700}, Range{300, 257}, Range{1, 1}}) {
        const Matrix<T> A = Matrix<T>(shape.from, shape.to, gap).fill_uniform(random);
        Matrix<T> B(shape.from, shape.to, gap), C(shape.to, shape.from, gap);
        copy<T>(par, Operands<T>::as_mat(A), Operands<T>::as_mat(B));
        transpose<T>(par, Operands<T>::as_mat(A), Operands<T>::as_mat(C));
        EXPECT_TRUE(B == A && C == transposed(A) && B.intact() && C.intact()) << shape.from << " x " << shape.to;
      }
}

TYPED_TEST(OperandTest, GramMatricesByManyWorkers) {
  using T = TypeParam;
  Random random(17);
  for (const Parallel &par : {Parallel{}, backwards})
    for (const int32_t rows : {40, 3001, 5500})
      for (const int32_t r : {3, 37}) {
        const Matrix<T> X = whole_numbers<T>(rows, r, random), Y = whole_numbers<T>(rows, r, random);
        const int32_t parts = gram_parts(rows, r);
        EXPECT_EQ(parts, std::max(1, rows / 1024));
        std::vector<T> room(size_t(parts * r * r));
        Matrix<T> G(r, r), S(r, r);
        gram<T>(Ops<T>(), par, Operands<T>::as_mat(X), Operands<T>::as_mat(Y), Operands<T>::as_mat(G), parts,
                room.data());
        gram_by_columns<T>(Ops<T>(), par, Operands<T>::as_mat(X), Operands<T>::as_mat(S));
        EXPECT_TRUE(Matrix<double>(G) == transposed(X) * Y && G.intact()) << rows << " " << r;
        EXPECT_TRUE(Matrix<double>(S) == transposed(X) * X && S.intact()) << rows << " " << r;
      }
  // Of long factors as many as a quarter of the factor has room for.
  EXPECT_EQ(gram_parts(1 << 20, 4096), 64);
  EXPECT_EQ(gram_parts(1 << 20, 1 << 17), 16);
  EXPECT_EQ(gram_parts(1 << 20, 10), 256);
}

// Every column in one panel, of its chunk's place, waves one after another, and sums in the order of the chunks.
TEST(Passes, PanelsCoverTheColumnsOnce) {
  Random random(18);
  struct Seen {
    uint64_t order = 0;  // wraps
    int32_t columns = 0;
    void operator+=(const Seen &other) {
      order = 3 * order + other.order;
      columns += other.columns;
    }
  };
  for (int i = 0; i < 200; ++i) {
    const int32_t cols = uniform_int(random, 1, 300), chunks = uniform_int(random, 1, std::min(cols, 9));
    PanelCut cut{cols, uniform_int(random, 1, 40), chunks, uniform_int(random, 1, chunks)};
    if (i % 3 == 0) cut.fixed = (cols + chunks - 1) / chunks;
    if (i % 3 == 0) cut.chunks = (cols + cut.fixed - 1) / cut.fixed;
    cut.hold(uniform_int(random, 1, 2 * cols));
    std::vector<int32_t> visits(size_t(cols), 0);
    std::vector<Seen> room(size_t(cut.wave));
    int32_t added = 0, end = 0;
    const Seen all = by_panels(backwards, NoData{}, cut, room.data(), no_scratch,
                               [&](const Panel &p, NoScratch, Seen &sum) {
      const Range chunk = cut.chunk(p.chunk);
      EXPECT_TRUE(p.place == p.chunk - added && p.place >= 0 && p.place < cut.wave);
      EXPECT_TRUE(p.col >= chunk.from && p.col + p.cols <= chunk.to && (p.col - chunk.from) % cut.width == 0);
      EXPECT_EQ(p.cols, std::min(cut.width, chunk.to - p.col));
      EXPECT_EQ(p.first, p.col == chunk.from);
      EXPECT_EQ(p.more, p.cols == cut.width && p.col + 2 * p.cols <= chunk.to);
      for (int32_t j = p.col; j < p.col + p.cols; ++j) ++visits[size_t(j)];
      sum.order = uint64_t(p.col) + 1, sum.columns = p.cols;
    }, [&](int32_t first, int32_t wave) {
      EXPECT_EQ(first, added);
      added += wave;
    });
    uint64_t order = 0;
    for (int32_t chunk = 0; chunk < cut.chunks; ++chunk) {
      uint64_t own = 0;
      EXPECT_EQ(cut.chunk(chunk).from, end);
      end = cut.chunk(chunk).to;
      for (int32_t j = cut.chunk(chunk).from; j < end; j += cut.width) own = 3 * own + uint64_t(j) + 1;
      order = 3 * order + own;
    }
    EXPECT_EQ(end, cols);
    EXPECT_EQ(added, cut.chunks);
    EXPECT_EQ(visits, std::vector<int32_t>(size_t(cols), 1));
    EXPECT_EQ(all.columns, cols);
    EXPECT_EQ(all.order, order);
  }
}

// Parts in order, blocks of each in order, the last of what is left.
TEST(Passes, BlocksCoverTheRowsOnce) {
  Random random(19);
  for (int i = 0; i < 200; ++i) {
    const int32_t rows = uniform_int(random, 1, 400), block = uniform_int(random, 1, 50);
    const int32_t most = uniform_int(random, 1, 9), blocks = (rows + block - 1) / block;
    std::vector<int32_t> visits(size_t(rows), 0), next(size_t(most), -1);
    std::vector<double> room(static_cast<size_t>(most));
    const double sum = by_blocks(backwards, rows, block, most, room.data(), no_scratch,
                                 [&](const Block &at, NoScratch, double &part) {
      EXPECT_TRUE(at.part >= 0 && at.part < std::min(most, blocks));
      EXPECT_EQ(at.first, next[size_t(at.part)] < 0);
      if (!at.first) EXPECT_EQ(at.row, next[size_t(at.part)]);
      next[size_t(at.part)] = at.row + at.rows;
      EXPECT_EQ(at.rows, std::min(block, rows - at.row));
      for (int32_t row = at.row; row < at.row + at.rows; ++row) ++visits[size_t(row)];
      part += at.rows;
    });
    EXPECT_EQ(sum, rows);
    EXPECT_EQ(visits, std::vector<int32_t>(size_t(rows), 1));
  }
}

}  // namespace
}  // namespace orthant::test
