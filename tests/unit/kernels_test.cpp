// The built-in kernels of every instruction set against plain loops, inside canaries and against unreadable pages.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "ops.hpp"
#include "typed_api.hpp"

namespace orthant::test {
namespace {

template <class T, class Table = Kernels<T>>
std::vector<const Table *> tables() {
  std::vector<const Table *> all{&table_at<Table>(Level::plain)};
#ifdef ORTHANT_X86
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back(&table_at<Table>(Level::avx2));
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
    all.push_back(&table_at<Table>(Level::avx512));
#endif
  return all;
}

// An array whose last element ends at an unreadable page, or whose first begins after one.
template <class T>
class PageEdge {
 public:
  PageEdge(size_t elements, bool at_end) {
    const size_t page = size_t(sysconf(_SC_PAGESIZE)), need = std::max<size_t>(elements * sizeof(T), 1);
    const size_t inner = (need + page - 1) / page * page;
    bytes_ = inner + 2 * page;
    base_ = static_cast<unsigned char *>(mmap(nullptr, bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base_ == MAP_FAILED || mprotect(base_ + page, inner, PROT_READ | PROT_WRITE) != 0) abort();
    data_ = reinterpret_cast<T *>(base_ + page + (at_end ? inner - elements * sizeof(T) : 0));
  }
  ~PageEdge() { munmap(base_, bytes_); }
  PageEdge(const PageEdge &) = delete;
  PageEdge &operator=(const PageEdge &) = delete;
  T *data() { return data_; }

 private:
  unsigned char *base_;
  size_t bytes_;
  T *data_;
};

template <class T>
class KernelsTest : public testing::Test {
 protected:
  Random random{20240607};
  // Whole numbers so small that every product and sum is exact in T: results must be equal, in any order of summation.
  void fill_whole(Matrix<T> &A) {
    A.each([&](int32_t, int32_t) { return uniform_int(random, -8, 8); });
  }
};
TYPED_TEST_SUITE(KernelsTest, Types, TypeNames);

struct Shape {
  int32_t M, N, K;
};

// Every size from 0 to 70 in each direction beside small ones, and some that pass the blocking sizes.
std::vector<Shape> shapes(Random &random) {
  std::vector<Shape> all;
  for (int32_t n = 0; n <= 70; ++n) {
    all.push_back({uniform_int(random, 1, 9), uniform_int(random, 1, 14), n});
    all.push_back({n, uniform_int(random, 1, 9), uniform_int(random, 1, 9)});
    all.push_back({uniform_int(random, 1, 9), n, uniform_int(random, 1, 9)});
    all.push_back({uniform_int(random, 0, 70), uniform_int(random, 0, 70), uniform_int(random, 0, 70)});
  }
  for (const int32_t k : {511, 512, 513, 1023, 1024, 1025, 2100}) {
    all.push_back({5, 7, k});
    all.push_back({k, 7, 5});
  }
  return all;
}

TYPED_TEST(KernelsTest, GemmTnIsExactOnWholeNumbers) {
  using T = TypeParam;
  for (const Kernels<T> *table : tables<T>())
    for (const Shape &s : shapes(this->random))
      for (const bool add : {false, true}) {
        Matrix<T> A(s.K, s.M, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15));
        Matrix<T> B(s.K, s.N, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15));
        Matrix<T> C(s.M, s.N, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15)), expected(s.M, s.N,
            0);
        this->fill_whole(A);
        this->fill_whole(B);
        if (add) this->fill_whole(C);  // else C holds canaries, which must not be read
        expected.each([&](int32_t i, int32_t j) {
          double sum = add ? double(C(i, j)) : 0;
          for (int32_t k = 0; k < s.K; ++k) sum += double(A(k, i)) * double(B(k, j));
          return sum + 0.0;
        });
        table->gemm_tn(s.M, s.N, s.K, A.data(), A.ld(), B.data(), B.ld(), C.data(), C.ld(), add);
        for (int32_t j = 0; j < s.N; ++j)
          for (int32_t i = 0; i < s.M; ++i)
            ASSERT_EQ(C(i, j), expected(i, j)) << table->name << " " << s.M << "x" << s.N << "x" << s.K << " add "
                << add;
        ASSERT_TRUE(A.intact() && B.intact() && C.intact()) << table->name << " " << s.M << "x" << s.N << "x" << s.K;
      }
}

TYPED_TEST(KernelsTest, ProjectIsExactOnWholeNumbers) {
  using T = TypeParam;
  for (const Kernels<T> *table : tables<T>())
    for (const Shape &s : shapes(this->random)) {
      if (s.N == 0) continue;
      Matrix<T> A(s.K, s.M, uniform_int(this->random, 0, 5)), B(s.K, s.N, uniform_int(this->random, 0, 5));
      Matrix<T> C(s.M, s.N, uniform_int(this->random, 0, 5)), squares(s.M, 1, 0);
      this->fill_whole(A);
      this->fill_whole(B);
      table->project(s.M, s.N, s.K, A.data(), A.ld(), B.data(), B.ld(), C.data(), C.ld(), squares.data());
      for (int32_t i = 0; i < s.M; ++i) {
        double square = 0;
        for (int32_t k = 0; k < s.K; ++k) square += double(A(k, i)) * double(A(k, i));
        ASSERT_EQ(squares(i, 0), T(square)) << table->name << " " << s.M << "x" << s.N << "x" << s.K;
        for (int32_t j = 0; j < s.N; ++j) {
          double sum = 0;
          for (int32_t k = 0; k < s.K; ++k) sum += double(A(k, i)) * double(B(k, j));
          ASSERT_EQ(C(i, j), T(sum)) << table->name << " " << s.M << "x" << s.N << "x" << s.K;
        }
      }
      ASSERT_TRUE(A.intact() && B.intact() && C.intact() && squares.intact()) << table->name;
    }
}

TYPED_TEST(KernelsTest, GemmNnIsExactOnWholeNumbers) {
  using T = TypeParam;
  for (const Kernels<T> *table : tables<T>())
    for (const Shape &s : shapes(this->random))
      for (const bool add : {false, true}) {
        Matrix<T> A(s.M, s.K, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15));
        Matrix<T> B(s.K, s.N, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15));
        Matrix<T> C(s.M, s.N, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15)), expected(s.M, s.N,
            0);
        this->fill_whole(A);
        this->fill_whole(B);
        if (add) this->fill_whole(C);
        expected.each([&](int32_t i, int32_t j) {
          double sum = add ? double(C(i, j)) : 0;
          for (int32_t k = 0; k < s.K; ++k) sum += double(A(i, k)) * double(B(k, j));
          return sum + 0.0;
        });
        // The address to prefetch changes nothing, wherever it points.
        table->gemm_nn(s.M, s.N, s.K, A.data(), A.ld(), B.data(), B.ld(), C.data(), C.ld(), add,
            add ? nullptr : C.data());
        for (int32_t j = 0; j < s.N; ++j)
          for (int32_t i = 0; i < s.M; ++i)
            ASSERT_EQ(C(i, j), expected(i, j)) << table->name << " " << s.M << "x" << s.N << "x" << s.K << " add "
                << add;
        ASSERT_TRUE(A.intact() && B.intact() && C.intact()) << table->name << " " << s.M << "x" << s.N << "x" << s.K;
      }
}

// C = A B and A B' of a network's layer.
TYPED_TEST(KernelsTest, LayerProductsAreExactOnWholeNumbers) {
  using T = TypeParam;
  const auto layers = tables<T, FactormerKernels<T>>();
  const auto training = tables<T, TrainKernels<T>>();
  for (size_t t = 0; t < layers.size(); ++t)
    for (const Shape &s : shapes(this->random))
      for (const bool transposed : {false, true}) {
        const bool add = uniform_int(this->random, 0, 1) == 1;
        Matrix<T> A(s.M, s.K, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15));
        Matrix<T> B(transposed ? s.N : s.K, transposed ? s.K : s.N, uniform_int(this->random, 0, 5),
                     uniform_int(this->random, 0, 15));
        Matrix<T> C(s.M, s.N, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15));
        Matrix<T> expected(s.M, s.N, 0);
        this->fill_whole(A);
        this->fill_whole(B);
        if (add) this->fill_whole(C);  // else C holds canaries, which must not be read
        expected.each([&](int32_t i, int32_t j) {
          double sum = add ? double(C(i, j)) : 0;
          for (int32_t k = 0; k < s.K; ++k) sum += double(A(i, k)) * double(transposed ? B(j, k) : B(k, j));
          return sum + 0.0;
        });
        const auto product = transposed ? training[t]->nt : layers[t]->nn;
        product(s.M, s.N, s.K, A.data(), A.ld(), B.data(), B.ld(), C.data(), C.ld(), add);
        for (int32_t j = 0; j < s.N; ++j)
          for (int32_t i = 0; i < s.M; ++i)
            ASSERT_EQ(C(i, j), expected(i, j))
                << t << ": " << s.M << "x" << s.N << "x" << s.K << " transposed " << transposed;
        ASSERT_TRUE(A.intact() && B.intact() && C.intact()) << t << ": " << s.M << "x" << s.N << "x" << s.K;
      }
}

// Real numbers: within (K + 2) roundings of the sum of the products' magnitudes, whatever the order [Higham 2002, 3.5].
TYPED_TEST(KernelsTest, ProductsRoundAsSumsMay) {
  using T = TypeParam;
  for (const Kernels<T> *table : tables<T>())
    for (const Shape &s : {Shape{7, 11, 64}, {16, 3, 1300}, {65, 13, 33}, {1, 1, 1}}) {
      Matrix<T> A(s.K, s.M), At(s.M, s.K), B(s.K, s.N), C(s.M, s.N), D(s.M, s.N);
      A.each([&](int32_t, int32_t) { return normal(this->random); });
      B.each([&](int32_t, int32_t) { return normal(this->random); });
      At.each([&](int32_t i, int32_t k) { return A(k, i); });
      table->gemm_tn(s.M, s.N, s.K, A.data(), A.ld(), B.data(), B.ld(), C.data(), C.ld(), false);
      table->gemm_nn(s.M, s.N, s.K, At.data(), At.ld(), B.data(), B.ld(), D.data(), D.ld(), false, nullptr);
      for (int32_t j = 0; j < s.N; ++j)
        for (int32_t i = 0; i < s.M; ++i) {
          long double sum = 0, size = 0;
          for (int32_t k = 0; k < s.K; ++k) {
            const long double p = static_cast<long double>(A(k, i)) * B(k, j);
            sum += p;
            size += fabsl(p);
          }
          const double allowed = double((s.K + 2) * size) * double(Real<T>::eps) / 2;
          ASSERT_LE(fabs(double(C(i, j) - sum)), allowed) << table->name;
          ASSERT_LE(fabs(double(D(i, j) - sum)), allowed) << table->name;
        }
    }
}

// X after the sweeps, and a running bound of what rounding may have done to it.
template <class T>
void reference_hals(int32_t p, int32_t r, int32_t sweeps, const Matrix<T> &G, const T *inv, const Matrix<T> &F,
                    std::vector<double> &X, std::vector<double> &bound) {
  const double u = double(Real<T>::eps);
  for (int32_t s = 0; s < sweeps; ++s)
    for (int32_t k = 0; k < r; ++k) {
      if (inv[k] == T(0)) continue;
      for (int32_t j = 0; j < p; ++j) {
        double sum = double(F(j, k)), size = fabs(sum), carried = 0;
        for (int32_t l = 0; l < r; ++l) {
          const double g = double(G(l, k)), x = X[size_t(j + p * l)];
          sum -= x * g;
          size += fabs(x * g);
          // The error of X_k itself cancels up to the rounding of inv.
          carried += bound[size_t(j + p * l)] * (l == k ? 2 * u * fabs(g) : fabs(g));
        }
        const size_t at = size_t(j + p * k);
        const double before = X[at];
        X[at] = std::max(0.0, before + sum * double(inv[k]));
        bound[at] = (carried + (r + 2) * u * size) * double(inv[k]) + 2 * u * (fabs(before) + fabs(X[at]));
      }
    }
}

TYPED_TEST(KernelsTest, HalsFollowsItsFormula) {
  using T = TypeParam;
  for (const Kernels<T> *table : tables<T>()) {
    std::vector<std::pair<int32_t, int32_t>> sizes;  // problems, rank
    for (int32_t p = 0; p <= 70; ++p) sizes.push_back({p, uniform_int(this->random, 1, 7)});
    for (int32_t r = 1; r <= 33; ++r) sizes.push_back({uniform_int(this->random, 1, 40), r});
    sizes.push_back({300, 5});
    for (const std::pair<int32_t, int32_t> &size : sizes) {
      const int32_t p = size.first, r = size.second;
      const int32_t sweeps = uniform_int(this->random, 0, 3);
      Matrix<T> G(r, r, 0), F(p, r, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15));
      Matrix<T> X(p, r, uniform_int(this->random, 0, 5), uniform_int(this->random, 0, 15));
      G.fill_uniform(this->random);  // made symmetric, with a heavy diagonal so that the error bound stays small
      for (int32_t j = 0; j < r; ++j)
        for (int32_t i = 0; i < j; ++i) G(i, j) = G(j, i);
      for (int32_t j = 0; j < r; ++j) G(j, j) += T(r);
      F.each([&](int32_t, int32_t) { return r * normal(this->random); });
      X.fill_uniform(this->random);
      std::vector<T> inv(size_t(r), T(0));
      const int32_t dead = uniform_int(this->random, 0, 2 * r);  // half of the time a component is dead
      for (int32_t k = 0; k < r; ++k) {
        if (k == dead)
          for (int32_t i = 0; i < r; ++i) G(i, k) = G(k, i) = T(0);
        inv[size_t(k)] = k == dead ? T(0) : T(1) / G(k, k);
      }
      std::vector<double> expected(size_t(p) * size_t(r)), bound(size_t(p) * size_t(r), 0.0);
      for (int32_t k = 0; k < r; ++k)
        for (int32_t j = 0; j < p; ++j) expected[size_t(j + p * k)] = double(X(j, k));
      reference_hals(p, r, sweeps, G, inv.data(), F, expected, bound);
      table->hals(p, r, sweeps, G.data(), inv.data(), F.data(), F.ld(), X.data(), X.ld());
      for (int32_t k = 0; k < r; ++k)
        for (int32_t j = 0; j < p; ++j) {
          ASSERT_LE(fabs(double(X(j, k)) - expected[size_t(j + p * k)]), bound[size_t(j + p * k)])
              << table->name << " p " << p << " r " << r << " sweeps " << sweeps << " at " << j << "," << k;
          ASSERT_GE(X(j, k), T(0));
        }
      ASSERT_TRUE(G.intact() && F.intact() && X.intact()) << table->name << " p " << p << " r " << r;
    }
  }
}

// One column by coordinate descent on sum(A x) - v' log(A x) + l2/2 |x|^2, as the kernel's comment has its steps.
void reference_ccd(const Matrix<double> &A, const Matrix<double> &v, double l2, int32_t sweeps, Matrix<double> &x) {
  for (int32_t s = 0; s < sweeps; ++s)
    for (int32_t k = 0; k < A.cols(); ++k) {
      const Matrix<double> p = A * x;
      double D = 0, N = 0, h = l2;
      for (int32_t i = 0; i < A.rows(); ++i) {
        const double t = A(i, k) / p(i, 0);
        D += A(i, k);
        N += v(i, 0) * t;
        h += v(i, 0) * t * t;
      }
      const double d = D + l2 * x(k, 0), g = d - N;
      if (g < 0) x(k, 0) -= g / h * (l2 > 0 ? 1 : N / d);
      else x(k, 0) *= h * x(k, 0) / (h * x(k, 0) + g);
    }
}

TYPED_TEST(KernelsTest, CoordinateDescentFollowsItsFormula) {
  using T = TypeParam;
  for (const auto *table : tables<T, LossKernels<T>>())
    for (const int32_t n : {1, 3, 8, 17, 41})
      for (const int32_t count : {1, 2, 4, 7})
        for (const double l2 : {0.0, 0.3}) {
          const int32_t r = uniform_int(this->random, 1, 4), sweeps = uniform_int(this->random, 1, 3);
          SCOPED_TRACE(testing::Message() << "n " << n << " count " << count << " r " << r);
          Matrix<T> A(n, r, 3), v(n, count, 2), p(n, count, 1), x(r, count, 2), D(r, 1);
          for (Matrix<T> *M : {&A, &v, &x}) M->fill_uniform(this->random, 0.2);
          p.set(A * x);
          D.set(transposed(A) * Matrix<double>(n, 1).fill(1));
          Matrix<double> expected(x);
          for (int32_t c = 0; c < count; ++c) {
            Matrix<double> column(r, 1), data(n, 1);
            column.each([&](int32_t k, int32_t) { return x(k, c); });
            data.each([&](int32_t i, int32_t) { return v(i, c); });
            reference_ccd(Matrix<double>(A), data, l2, sweeps, column);
            for (int32_t k = 0; k < r; ++k) expected(k, c) = column(k, 0);
          }
          table->ccd(n, r, count, sweeps, A.data(), A.ld(), D.data(), T(l2), T(1e-30), v.data(), v.ld(), p.data(),
                     p.ld(), x.data(), x.ld());
          // Sums of n terms in each of a few steps, which contract.
          EXPECT_LE(largest(x - expected), 1e3 * (n + r) * double(Real<T>::eps) * largest(expected));
          EXPECT_TRUE(A.intact() && v.intact() && p.intact() && x.intact());
        }
}

TYPED_TEST(KernelsTest, ScanSumsSquaresAndFindsTheLeast) {
  using T = TypeParam;
  for (const Kernels<T> *table : tables<T>())
    for (int32_t n = 0; n <= 300; n += n < 70 ? 1 : 23) {
      Matrix<T> x(n, 1, 2, uniform_int(this->random, 0, 15));
      this->fill_whole(x);
      double squares = 0, least = 0;  // the least of nothing is zero: only its sign is asked for
      for (int32_t i = 0; i < n; ++i) {
        squares += double(x(i, 0)) * double(x(i, 0));
        least = std::min(least, double(x(i, 0)));
      }
      T s = -1, low = -1;
      table->scan(n, x.data(), &s, &low);
      ASSERT_EQ(double(s), squares) << table->name << " " << n;
      ASSERT_EQ(double(low), least) << table->name << " " << n;
      ASSERT_TRUE(x.intact());
      for (int32_t i = 0; i < n; ++i) {  // a bad value is found at every position
        const T kept = x(i, 0);
        for (const T bad : {T(NAN), T(INFINITY), T(-INFINITY), Real<T>::huge}) {
          x(i, 0) = bad;
          table->scan(n, x.data(), &s, &low);
          ASSERT_FALSE(is_finite(s)) << table->name << " " << n << " at " << i << " value " << double(bad);
        }
        x(i, 0) = T(-100);
        table->scan(n, x.data(), &s, &low);
        ASSERT_EQ(low, T(-100)) << table->name << " " << n << " at " << i;
        x(i, 0) = kept;
      }
    }
}

// The two kernels of the ReLU decomposition on whole numbers, where they must be exact; a = 1/2 keeps halves exact too.
// The second keeps the data in z, here four times as large before and half as large after.
TYPED_TEST(KernelsTest, ReluFollowsItsFormulas) {
  using T = TypeParam;
  for (const auto *table : tables<T, ReluKernels<T>>())
    for (int32_t n = 1; n <= 75; ++n) {
      const int32_t N = 3;
      Matrix<T> m(n, N, 4), p(n, N, 3), r(n, N, 2), t(n, N, 5), z(n, N, 6), t0(n, N), z0(n, N);
      m.each([&](int32_t, int32_t) { return std::max(0, uniform_int(this->random, -8, 8)); });
      for (Matrix<T> *g : {&p, &t, &z}) this->fill_whole(*g);
      r.each([&](int32_t i, int32_t j) { return p(i, j); });
      t.each([&](int32_t i, int32_t j) { return m(i, j) > T(0) ? Real<T>::huge : t(i, j); });
      z.each([&](int32_t i, int32_t j) { return m(i, j) > T(0) ? 4 * m(i, j) : z(i, j); });
      t0.each([&](int32_t i, int32_t j) { return t(i, j); });
      z0.each([&](int32_t i, int32_t j) { return z(i, j); });
      const std::string model = p.bits();
      T sums[4];
      double squares = 0, error = 0;
      table->momentum(n, N, T(0.5), T(0.25), T(0.5), p.data(), p.ld(), t.data(), t.ld(), z.data(), z.ld(), sums,
                      sums + 1);
      for (int32_t j = 0; j < N; ++j) {
        double squares_j = 0, error_j = 0;
        table->residual(n, &m(0, j), &r(0, j), sums + 2, sums + 3);
        for (int32_t i = 0; i < n; ++i) {
          const double mi = double(m(i, j)), pi = double(p(i, j)), rest = mi > 0 ? pi - mi : std::max(pi, 0.0);
          const double gap = mi - std::max(pi, 0.0), t_before = double(t0(i, j)), z_before = double(z0(i, j));
          const double next = mi > 0 ? t_before : 1.5 * pi - 0.5 * t_before;
          squares_j += rest * rest;
          error_j += gap * gap;
          ASSERT_EQ(double(r(i, j)), rest) << n << " " << j;
          ASSERT_EQ(double(t(i, j)), next) << n << " " << j;
          ASSERT_EQ(double(z(i, j)), mi > 0 ? 0.5 * mi : 1.5 * std::min(next, 0.0) - 0.5 * z_before) << n << " " << j;
        }
        ASSERT_EQ(double(sums[2]), squares_j) << n;
        ASSERT_EQ(double(sums[3]), error_j) << n;
        squares += squares_j;
        error += error_j;
      }
      ASSERT_EQ(double(sums[0]), squares) << n;
      ASSERT_EQ(double(sums[1]), error) << n;
      ASSERT_TRUE(m.intact() && p.intact() && r.intact() && t.intact() && z.intact() && p.bits() == model);
    }
}

// Results do not depend on the addresses of the buffers, so that they are the same bits in any workspace.
TYPED_TEST(KernelsTest, SameBitsAtEveryAddress) {
  using T = TypeParam;
  for (const Kernels<T> *table : tables<T>()) {
    const int32_t p = 61, r = 11;
    Matrix<T> G0(r, r, 0), F0(p, r), X0(p, r), A0(p, r), B0(p, r);
    for (Matrix<T> *m : {&F0, &X0, &A0, &B0}) m->fill_uniform(this->random);
    G0.each([&](int32_t i, int32_t j) { return 1.0 / (1 + abs(i - j)) + (i == j) * r; });
    std::vector<T> inv(size_t(r), T(0));
    for (int32_t k = 0; k < r; ++k) inv[size_t(k)] = T(1) / G0(k, k);
    std::string first;
    for (int32_t shift = 0; shift < 16; ++shift) {
      Matrix<T> F(p, r, 3, shift), X(p, r, 5, (3 * shift) % 16), A(p, r, 1, (5 * shift) % 16), B(p, r, 2, shift);
      Matrix<T> C(r, r, 4, (7 * shift) % 16), D(p, r, 0, (9 * shift) % 16), S(2, 1, 0, shift);
      F.each([&](int32_t i, int32_t j) { return F0(i, j); });
      X.each([&](int32_t i, int32_t j) { return X0(i, j); });
      A.each([&](int32_t i, int32_t j) { return A0(i, j); });
      B.each([&](int32_t i, int32_t j) { return B0(i, j); });
      table->gemm_tn(r, r, p, A.data(), A.ld(), B.data(), B.ld(), C.data(), C.ld(), false);
      table->gemm_nn(p, r, r, A.data(), A.ld(), C.data(), C.ld(), D.data(), D.ld(), false, nullptr);
      table->hals(p, r, 3, G0.data(), inv.data(), F.data(), F.ld(), X.data(), X.ld());
      table->scan(p, A.data(), S.data(), S.data() + 1);
      const std::string bits = C.bits() + D.bits() + X.bits() + S.bits();
      if (shift == 0) first = bits;
      ASSERT_TRUE(bits == first) << table->name << " shift " << shift;
    }
  }
}

// Arrays that end, or begin, at a page that may not be touched.
TYPED_TEST(KernelsTest, NothingIsTouchedBeyondTheEdges) {
  using T = TypeParam;
  for (const Kernels<T> *table : tables<T>())
    for (const bool at_end : {true, false})
      for (int32_t n = 1; n <= 70; n += n < 36 ? 1 : 7) {
        const int32_t r = 1 + n % 9;
        const size_t tall = size_t(n) * size_t(r), square = size_t(r) * size_t(r);
        PageEdge<T> A(tall, at_end), X(tall, at_end), F(tall, at_end), C(square, at_end), G(square, at_end);
        PageEdge<T> inv(size_t(r), at_end);
        for (size_t k = 0; k < tall; ++k) A.data()[k] = X.data()[k] = F.data()[k] = T(1);
        for (size_t k = 0; k < square; ++k) C.data()[k] = G.data()[k] = T(1);
        for (int32_t k = 0; k < r; ++k) inv.data()[k] = T(0.5);
        T s, low;
        table->gemm_tn(r, r, n, A.data(), n, X.data(), n, C.data(), r, true);
        table->gemm_nn(n, r, r, A.data(), n, G.data(), r, X.data(), n, true, A.data() + tall);
        table->hals(n, r, 2, G.data(), inv.data(), F.data(), n, X.data(), n);
        table->scan(n, A.data(), &s, &low);
        ASSERT_EQ(C.data()[square - 1], T(1 + n));
        ASSERT_EQ(s, T(n));
      }
  const auto layers = tables<T, FactormerKernels<T>>();
  const auto training = tables<T, TrainKernels<T>>();
  for (size_t t = 0; t < layers.size(); ++t)
    for (const bool at_end : {true, false})
      for (int32_t n = 1; n <= 70; n += n < 36 ? 1 : 7) {
        const int32_t r = 1 + n % 9;
        const size_t tall = size_t(n) * size_t(r), square = size_t(r) * size_t(r);
        PageEdge<T> A(tall, at_end), B(square, at_end), C(tall, at_end);
        for (size_t k = 0; k < tall; ++k) A.data()[k] = T(1);
        for (size_t k = 0; k < square; ++k) B.data()[k] = T(1);
        layers[t]->nn(n, r, r, A.data(), n, B.data(), r, C.data(), n, false);
        training[t]->nt(n, r, r, A.data(), n, B.data(), r, C.data(), n, true);
        for (size_t k = 0; k < tall; ++k) ASSERT_EQ(C.data()[k], T(2 * r));
      }
}

TYPED_TEST(KernelsTest, TheFastestTableIsChosen) {
  using T = TypeParam;
  EXPECT_STREQ(fastest<Kernels<T>>().name, tables<T>()[size_t(level())]->name);
  EXPECT_STREQ(orthant_build_kernels(), tables<float>()[size_t(level())]->name);
}

// Shapes on both sides of every dispatch rule, BLIS where the build has it, with leading dimensions.
TYPED_TEST(KernelsTest, OpsAgreeWithPlainLoops) {
  using T = TypeParam;
  const Ops<T> ops;
  for (const Shape &s : {Shape{3, 4, 5}, {63, 65, 64}, {64, 64, 64}, {70, 90, 110}, {191, 192, 200}, {192, 192, 192},
                         {200, 210, 220}, {230, 2, 300}})
    for (const bool add : {false, true}) {
      Matrix<T> A(s.M, s.K, 5), At(s.K, s.M, 3), B(s.K, s.N, 2), C(s.M, s.N, 4), D(s.M, s.N, 1);
      this->fill_whole(A);
      this->fill_whole(B);
      At.each([&](int32_t k, int32_t i) { return A(i, k); });
      if (add) {
        this->fill_whole(C);
        D.each([&](int32_t i, int32_t j) { return C(i, j); });
      }
      std::vector<double> expected(size_t(s.M) * size_t(s.N));
      for (int32_t j = 0; j < s.N; ++j)
        for (int32_t i = 0; i < s.M; ++i) {
          double sum = add ? double(C(i, j)) : 0;
          for (int32_t k = 0; k < s.K; ++k) sum += double(A(i, k)) * double(B(k, j));
          expected[size_t(i + s.M * j)] = sum;
        }
      ops.nn({A.data(), s.M, s.K, A.ld()}, {B.data(), s.K, s.N, B.ld()}, {C.data(), s.M, s.N, C.ld()}, add);
      ops.tn({At.data(), s.K, s.M, At.ld()}, {B.data(), s.K, s.N, B.ld()}, {D.data(), s.M, s.N, D.ld()}, add);
      for (int32_t j = 0; j < s.N; ++j)
        for (int32_t i = 0; i < s.M; ++i) {
          ASSERT_EQ(double(C(i, j)), expected[size_t(i + s.M * j)]) << s.M << "x" << s.N << "x" << s.K;
          ASSERT_EQ(double(D(i, j)), expected[size_t(i + s.M * j)]) << s.M << "x" << s.N << "x" << s.K;
        }
      ASSERT_TRUE(A.intact() && At.intact() && B.intact() && C.intact() && D.intact());
    }
}

TYPED_TEST(KernelsTest, SmallHelpers) {
  using T = TypeParam;
  Matrix<T> A(13, 5), B(13, 5), C(5, 13);
  this->fill_whole(A);
  this->fill_whole(B);
  const Mat<T> a{A.data(), 13, 5, A.ld()}, b{B.data(), 13, 5, B.ld()}, c{C.data(), 5, 13, C.ld()};
  double dot = 0;
  for (int32_t j = 0; j < 5; ++j)
    for (int32_t i = 0; i < 13; ++i) dot += double(A(i, j)) * double(B(i, j));
  EXPECT_EQ(inner<T>(a, b), dot);
  transpose<T>(a, c);
  for (int32_t j = 0; j < 5; ++j)
    for (int32_t i = 0; i < 13; ++i) EXPECT_EQ(C(j, i), A(i, j));
  const std::string before = B.bits();
  accumulate<T>(a, b);
  for (int32_t j = 0; j < 5; ++j)
    for (int32_t i = 0; i < 13; ++i) B(i, j) -= A(i, j);
  EXPECT_EQ(B.bits(), before);
  copy<T>(a, b);
  EXPECT_EQ(B.bits(), A.bits());
  fill(b, T(2));
  for (int32_t j = 0; j < 5; ++j)
    for (int32_t i = 0; i < 13; ++i) EXPECT_EQ(B(i, j), T(2));
  EXPECT_TRUE(A.intact() && B.intact() && C.intact());
}

TYPED_TEST(KernelsTest, SparseProductsTouchWhatTheyName) {
  using T = TypeParam;
  for (const auto *k : tables<T, SparseKernels<T>>())
    for (const int32_t r : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 20, 31, 33, 48, 64, 65, 130})
      for (const int32_t count : {0, 1, 5}) {
        Matrix<T> B(r, 11, 3, 1), C(r, 11, 2, 3), x(r, 1, 0, 2), out(r, 1, 0, 1);
        for (Matrix<T> *m : {&B, &C, &x}) this->fill_whole(*m);
        std::vector<int32_t> index;
        std::vector<T> value, before;
        for (int32_t t = 0; t < count; ++t) {
          index.push_back(uniform_int(this->random, 0, 10));
          value.push_back(T(uniform_int(this->random, -8, 8)));
        }
        std::vector<double> want(size_t(r), 0.0), added(size_t(r) * 11);
        for (int32_t j = 0; j < 11; ++j)
          for (int32_t i = 0; i < r; ++i) added[size_t(i + r * j)] = double(C(i, j));
        for (size_t t = 0; t < index.size(); ++t)
          for (int32_t i = 0; i < r; ++i) {
            want[size_t(i)] += double(value[t]) * double(B(i, index[t]));
            added[size_t(i + r * index[t])] += double(value[t]) * double(x(i, 0));
          }
        k->gather(r, count, index.data(), value.data(), B.data(), B.ld(), out.data());
        k->scatter(r, count, index.data(), value.data(), x.data(), C.data(), C.ld());
        for (int32_t i = 0; i < r; ++i) {
          ASSERT_EQ(double(out(i, 0)), want[size_t(i)]) << "r " << r;
          for (int32_t j = 0; j < 11; ++j) ASSERT_EQ(double(C(i, j)), added[size_t(i + r * j)]) << "r " << r;
        }
        ASSERT_TRUE(B.intact() && C.intact() && x.intact() && out.intact()) << "r " << r;
      }
}

// Runs of no entry, of some and of many; with quotients by whole numbers, and to the bit by the kernels of one line.
TYPED_TEST(KernelsTest, RunsAddWhatTheirEntriesDo) {
  using T = TypeParam;
  constexpr int32_t lines = 30, length = 90;
  const auto all = tables<T, RunKernels<T>>();
  for (size_t level = 0; level < all.size(); ++level)
    for (const int32_t r : {1, 3, 4, 8, 16, 17, 20, 33, 64, 65, 130}) {
      Matrix<T> X(r, lines, 3, 1), B(r, length, 2, 3), C(r, length, 1, 2);
      X.fill_uniform(this->random), B.fill_uniform(this->random), this->fill_whole(C);
      std::vector<Run> runs;
      std::vector<int32_t> index;
      std::vector<T> value;
      for (int32_t line = 0; line < lines; ++line) {
        const int32_t from = int32_t(index.size()), most = line % 7 == 0 ? 80 : 9;
        for (int32_t i = 0; i < length; ++i)
          if (uniform_int(this->random, 0, length) < most) index.push_back(i), value.push_back(T(uniform(this->random)));
        const int32_t to = int32_t(index.size());  // less some at either end
        runs.push_back({line, std::min(from + line % 3, to), to - (line % 2 && from + 3 < to)});
      }
      const SparseKernels<T> &sparse = *tables<T, SparseKernels<T>>()[level];
      const LossKernels<T> &loss = *tables<T, LossKernels<T>>()[level];
      Matrix<T> plain(C), want(C), want_ratio(C), ratio(C);
      const T least = T(r) / 4;  // near the median of the products
      std::vector<T> q(length);
      for (const Run &run : runs) {
        const int32_t count = run.to - run.from, *i = index.data() + run.from;
        const T *v = value.data() + run.from, *x = &X(0, run.line);
        sparse.scatter(r, count, i, v, x, want.data(), want.ld());
        loss.dots(r, count, i, B.data(), B.ld(), x, q.data());
        loss.ratio(count, v, q.data(), least, q.data());
        sparse.scatter(r, count, i, q.data(), x, want_ratio.data(), want_ratio.ld());
      }
      all[level]->scatter(r, lines, runs.data(), index.data(), value.data(), X.data(), X.ld(), C.data(), C.ld());
      all[level]->scatter_ratio(r, lines, runs.data(), index.data(), value.data(), X.data(), X.ld(), B.data(), B.ld(),
                                least, ratio.data(), ratio.ld());
      ASSERT_TRUE(C == want && ratio == want_ratio) << "r " << r << ", level " << level;
      ASSERT_TRUE(!(want == plain) && !(want_ratio == want) && C.intact() && ratio.intact());
    }
}

// Products of a column with some rows of a factor, between canaries, which no lane beyond the last may meet.
TYPED_TEST(KernelsTest, DotsTouchWhatTheyName) {
  using T = TypeParam;
  for (const auto *k : tables<T, LossKernels<T>>())
    for (int32_t r = 1; r <= 35; ++r)
      for (const int32_t count : {0, 1, 3, 4, 5, 9}) {
        Matrix<T> B(r, 7, 19, 1), x(r, 1, 0, 2), out(count, 1, 3, 1);
        this->fill_whole(B);
        this->fill_whole(x);
        std::vector<int32_t> index;
        for (int32_t t = 0; t < count; ++t) index.push_back(uniform_int(this->random, 0, 6));
        k->dots(r, count, index.data(), B.data(), B.ld(), x.data(), out.data());
        for (int32_t t = 0; t < count; ++t) {
          double want = 0;
          for (int32_t i = 0; i < r; ++i) want += double(B(i, index[size_t(t)])) * double(x(i, 0));
          ASSERT_EQ(double(out(t, 0)), want) << "r " << r << ", " << t;
        }
        ASSERT_TRUE(out.intact()) << "r " << r;
      }
}

// Multiplicative updates, one column: each value to a few roundings, clips and floors met exactly, nothing read or
// written beyond, the same for any instruction set.
TYPED_TEST(KernelsTest, MultiplicativeUpdates) {
  using T = TypeParam;
  const T least = T(1e-12), low = T(0.4), high = T(1.5), eps = Real<T>::eps;
  for (const auto *k : tables<T, MuKernels<T>>())
    for (const int32_t n : {1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 33, 100})
      for (const bool each : {false, true})
        for (const bool clipped : {false, true})
          for (const bool at_end : {false, true}) {
            PageEdge<T> a(size_t(each ? n : 1), at_end), x(size_t(n), at_end), N(size_t(n), at_end);
            PageEdge<T> D(size_t(n), at_end);
            PageEdge<T> o(size_t(n), at_end), r(size_t(n), at_end), ab(size_t(each ? n : 1), at_end);
            PageEdge<T> nb(size_t(n), at_end), db(size_t(n), at_end), xb(size_t(n), at_end);
            for (int32_t i = 0; i < n; ++i) {
              if (i == 0 || each) {
                a.data()[i] = T(0.5 + uniform(this->random));
                ab.data()[i] = T(0.25);
              }
              x.data()[i] = T(uniform(this->random));
              N.data()[i] = T(uniform(this->random));
              D.data()[i] = i % 5 == 3 ? T(0) : T(0.2 + uniform(this->random));  // some below the floor
              r.data()[i] = T(normal(this->random));
            }
            const T top = clipped ? high : T(0);
            k->forward(n, each, a.data(), x.data(), N.data(), D.data(), least, low, top, o.data());
            k->back(n, each, a.data(), x.data(), N.data(), D.data(), o.data(), least, low, top, r.data(), ab.data(),
                    nb.data(), db.data(), xb.data());
            double sum = 0.25, size = 0.25;
            for (int32_t i = 0; i < n; ++i) {
              const double A = double(a.data()[each ? i : 0]), X = double(x.data()[i]), Ni = double(N.data()[i]);
              const bool floored = !(D.data()[i] > least);
              const double Di = floored ? double(least) : double(D.data()[i]);
              double want = A * X * Ni / Di;
              const bool at_clip = clipped && (want <= double(low) || want >= double(high));
              if (clipped) want = std::min(std::max(want, double(low)), double(high));
              ASSERT_NEAR(double(o.data()[i]), want, 4 * double(eps) * want) << n << " " << i;
              const double R = at_clip ? 0 : double(r.data()[i]), t = R * X * Ni / Di;
              ASSERT_NEAR(double(nb.data()[i]), R * X * A / Di, 4 * double(eps) * std::abs(R * X * A / Di));
              ASSERT_NEAR(double(xb.data()[i]), R * Ni * A / Di, 4 * double(eps) * std::abs(R * Ni * A / Di));
              ASSERT_NEAR(double(db.data()[i]), floored ? 0 : -t * A / Di, 6 * double(eps) * std::abs(t * A / Di));
              if (each) ASSERT_NEAR(double(ab.data()[i]), 0.25 + t, 4 * double(eps) * (0.25 + std::abs(t)));
              sum += t;
              size += std::abs(t);
            }
            if (!each) ASSERT_NEAR(double(ab.data()[0]), sum, (n + 4) * double(eps) * size) << n;
          }
}

TYPED_TEST(KernelsTest, TransposeMovesJustTheNamedElements) {
  using T = TypeParam;
  for (const int32_t m : {1, 2, 3, 4, 5, 8, 11, 20})
    for (const int32_t n : {1, 2, 3, 4, 6, 7, 9, 33}) {
      Matrix<T> A(m, n, 3, 1), B(n, m, 2, 5);
      A.fill_uniform(this->random);
      transpose<T>(Mat<const T>{A.data(), m, n, A.ld()}, Mat<T>{B.data(), n, m, B.ld()});
      for (int32_t j = 0; j < n; ++j)
        for (int32_t i = 0; i < m; ++i) ASSERT_EQ(B(j, i), A(i, j)) << m << " x " << n;
      ASSERT_TRUE(A.intact() && B.intact()) << m << " x " << n;
    }
}

}  // namespace
}  // namespace orthant::test
