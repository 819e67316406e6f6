// Products of matrices, HALS, and one pass over the data: what every solver calls.
#pragma once
#include "simd/vectors.hpp"

namespace orthant {
namespace {

// C = A' B of I columns of A and J of B, a register of sums for each entry.  squares: also |A_i|^2, while A is in
// registers.
template <class V, int I, int J, bool squares = false, class T = typename V::Scalar>
inline void tn_tile(int K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc, bool add,
                    T *own = nullptr) {
  using reg = typename V::reg;
  reg sum[J][I], square[I];
  for (int i = 0; i < I; ++i) square[i] = V::zero();
  for (int j = 0; j < J; ++j)
    for (int i = 0; i < I; ++i) sum[j][i] = V::zero();
  int k = 0;
  for (; k + V::lanes <= K; k += V::lanes) {
    reg a[I];
    for (int i = 0; i < I; ++i) a[i] = V::load(A + i * lda + k);
    if constexpr (squares)
      for (int i = 0; i < I; ++i) square[i] = V::fma(a[i], a[i], square[i]);
    for (int j = 0; j < J; ++j) {
      const reg b = V::load(B + j * ldb + k);
      for (int i = 0; i < I; ++i) sum[j][i] = V::fma(a[i], b, sum[j][i]);
    }
  }
  if (k < K) {
    reg a[I];
    for (int i = 0; i < I; ++i) a[i] = V::load_part(A + i * lda + k, K - k);
    if constexpr (squares)
      for (int i = 0; i < I; ++i) square[i] = V::fma(a[i], a[i], square[i]);
    for (int j = 0; j < J; ++j) {
      const reg b = V::load_part(B + j * ldb + k, K - k);
      for (int i = 0; i < I; ++i) sum[j][i] = V::fma(a[i], b, sum[j][i]);
    }
  }
  for (int j = 0; j < J; ++j) {
    T s[I];
    for (int i = 0; i + 4 <= I; i += 4) V::sum4(sum[j] + i, s + i);
    for (int i = I / 4 * 4; i < I; ++i) s[i] = V::sum(sum[j][i]);
    T *c = C + j * ldc;
    for (int i = 0; i < I; ++i) c[i] = add ? c[i] + s[i] : s[i];
  }
  if constexpr (squares)
    for (int i = 0; i < I; ++i) own[i] = V::sum(square[i]);
}

template <class V, class T = typename V::Scalar>
void gemm_tn(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
             bool add) {
  constexpr int most = 2048 / int(sizeof(T));  // tn_rows columns of A, so long, stay in the first cache for all of B
  const int panel = even_part(N, V::tn_columns);
  if (K <= 0 && !add)
    for (int j = 0; j < N; ++j)
      for (int i = 0; i < M; ++i) C[i + j * ldc] = T(0);
  for (int k = 0; k < K; k += most) {
    const int now = K - k < most ? K - k : most;
    for (int i = 0; i < M; i += V::tn_rows)
      for (int j = 0; j < N; j += panel) {
        const T *a = A + k + i * lda, *b = B + k + j * ldb;
        T *c = C + i + j * ldc;
        const bool more = add || k > 0;
        with_count<V::tn_rows>(M - i < V::tn_rows ? M - i : V::tn_rows, [&](auto ni) {
          with_count<V::tn_columns>(N - j < panel ? N - j : panel, [&](auto nj) {
            tn_tile<V, decltype(ni)::value, decltype(nj)::value>(now, a, lda, b, ldb, c, ldc, more);
          });
        });
      }
  }
}

// C = A B of J columns and R whole vectors of rows, or with R = 1 and partial the first `part` lanes of one.  Of each
// column of A, `lines` vectors are fetched that lie `ahead` of it.
template <class V, int R, int J, bool partial, class T = typename V::Scalar>
inline void nn_tile(int K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc, bool add,
                    int part, int lines, ptrdiff_t ahead) {
  using reg = typename V::reg;
  constexpr int group = 3;  // columns of B that share a pointer: there are few registers
  constexpr int groups = (J + group - 1) / group;
  reg sum[J][R];
  const T *b[groups];
  each<groups>([&](auto g) { b[g.value] = B + group * g.value * ldb; });
  each<J>([&](auto j) { each<R>([&](auto i) { sum[j.value][i.value] = V::zero(); }); });
  for (int k = 0; k < K; ++k, A += lda) {
    reg a[R];
    each<R>([&](auto i) { a[i.value] = partial ? V::load_part(A, part) : V::load(A + i.value * V::lanes); });
    if (lines > 0) {
      __builtin_prefetch(A + ahead, 0, 2);
      if (lines > 1) each<R - 1>([&](auto i) { __builtin_prefetch(A + ahead + (i.value + 1) * V::lanes, 0, 2); });
    }
    each<J>([&](auto j) {
      const reg x = V::set(b[j.value / group][j.value % group * ldb]);
      each<R>([&](auto i) { sum[j.value][i.value] = V::fma(a[i.value], x, sum[j.value][i.value]); });
    });
    each<groups>([&](auto g) { ++b[g.value]; });
  }
  each<J>([&](auto j) {
    each<R>([&](auto i) {
      T *c = C + i.value * V::lanes;
      reg x = sum[j.value][i.value];
      if (add) x = V::add(partial ? V::load_part(c, part) : V::load(c), x);
      if (partial) V::store_part(c, part, x);
      else V::store(c, x);
    });
    C += ldc;  // cppcheck-suppress uselessAssignmentPtrArg ; the next column of the loop over j
  });
}

// In tiles of nn_vectors by nn_columns; where A is long, of half the rows by twice the columns, so that A is read less.
template <class V, class T = typename V::Scalar>
void gemm_nn(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
             bool add, const T *next) {
  constexpr int half = V::nn_vectors / 2 > 1 ? V::nn_vectors / 2 : 1;
  constexpr int widest = V::nn_vectors > 1 ? 2 * V::nn_columns : V::nn_columns;
  constexpr int near = 16384 / int(sizeof(T));  // elements: where a tile's rows of all A are no more, they stay near
  const bool tall = N <= V::nn_columns || (M >= V::nn_vectors * V::lanes && K <= near / (V::nn_vectors * V::lanes));
  const int high = tall ? V::nn_vectors : half;
  const int panel = even_part(N, tall ? V::nn_columns : widest);
  const int panels = panel > 0 ? (N + panel - 1) / panel : 0;
  int i = 0;
  while (i < M) {
    const int vectors = (M - i) / V::lanes;
    const int rows = vectors >= high ? high * V::lanes : vectors > 0 ? V::lanes : M - i;
    // What follows, `next` or the next rows, is fetched: a vector of each column with every panel of B, or all vectors
    // with the first where there are too few panels.
    ptrdiff_t ahead = next ? next - A : lda > M ? rows : 0;
    int lines = ahead == 0 ? 0 : panels < high ? high : 1;
    for (int j = 0; j < N; j += panel, ahead += V::lanes) {
      const T *a = A + i, *b = B + j * ldb;
      T *c = C + i + j * ldc;
      with_count<widest>(N - j < panel ? N - j : panel, [&](auto nj) {
        constexpr int J = decltype(nj)::value;
        // Of one lane there are no parts, and nothing is less than a half.
        if (V::lanes > 1 && vectors < 1) nn_tile<V, 1, J, true>(K, a, lda, b, ldb, c, ldc, add, rows, 0, 0);
        else if (vectors < high || (V::lanes == 1 && high == half))
          nn_tile<V, 1, J, false>(K, a, lda, b, ldb, c, ldc, add, 0, lines, ahead);
        else if (high == half) nn_tile<V, half, J, false>(K, a, lda, b, ldb, c, ldc, add, 0, lines, ahead);
        else if constexpr (J <= V::nn_columns)
          nn_tile<V, V::nn_vectors, J, false>(K, a, lda, b, ldb, c, ldc, add, 0, lines, ahead);
      });
      lines = lines == 1 && j + panel < high * panel ? 1 : 0;
    }
    i += rows;
  }
}

// R whole vectors of rows, or with R = 1 and partial the first `part` lanes of one.  A step needs the x that the step
// before it wrote: that comes last into the sum, so that all other terms are under way while it is made.
template <class V, int R, bool partial, class T = typename V::Scalar>
inline void hals_rows(int r, int sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X, ptrdiff_t ldx,
                      int part) {
  using reg = typename V::reg;
  for (int s = 0; s < sweeps; ++s)
    for (int k = 0; k < r; ++k) {
      if (inv[k] == T(0)) continue;
      const T *g = G + ptrdiff_t(k) * r;
      reg sum[R];
      for (int i = 0; i < R; ++i) {
        const T *f = F + k * ldf + i * V::lanes;
        sum[i] = partial ? V::load_part(f, part) : V::load(f);
      }
      const auto terms = [&](int from, int to) {
        for (int l = from; l < to; ++l) {
          const reg minus = V::set(-g[l]);
          for (int i = 0; i < R; ++i) {
            const T *x = X + l * ldx + i * V::lanes;
            sum[i] = V::fma(minus, partial ? V::load_part(x, part) : V::load(x), sum[i]);
          }
        }
      };
      terms(k, r);
      terms(0, k);
      const reg d = V::set(inv[k]);
      for (int i = 0; i < R; ++i) {
        T *x = X + k * ldx + i * V::lanes;
        if (partial) V::store_part(x, part, V::max(V::fma(sum[i], d, V::load_part(x, part)), V::zero()));
        else V::store(x, V::max(V::fma(sum[i], d, V::load(x)), V::zero()));
      }
    }
}

// The last rows, of which the last vector has `part` lanes: in a copy filled up with zeros, where each step finds what
// the step before it stored without the wait that a masked store costs.
template <class V, int R, class T = typename V::Scalar>
inline void hals_copied(int r, int sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X, ptrdiff_t ldx,
                        int part, T *room) {
  constexpr int ld = R * V::lanes;
  T *x = room, *f = room + r * ld;
  for (int k = 0; k < r; ++k)
    for (int i = 0; i < R; ++i) {
      const int n = i == R - 1 ? part : V::lanes, at = i * V::lanes;
      V::store(x + k * ld + at, V::load_part(X + k * ldx + at, n));
      V::store(f + k * ld + at, V::load_part(F + k * ldf + at, n));
    }
  hals_rows<V, R, false>(r, sweeps, G, inv, f, ld, x, ld, 0);
  for (int k = 0; k < r; ++k)
    for (int i = 0; i < R; ++i)
      V::store_part(X + k * ldx + i * V::lanes, i == R - 1 ? part : V::lanes, V::load(x + k * ld + i * V::lanes));
}

template <class V, class T = typename V::Scalar>
void hals(int32_t p, int32_t r, int32_t sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X,
          ptrdiff_t ldx) {
  if constexpr (V::lanes == 1) {
    int i = 0;
    for (; i + V::hals_vectors <= p; i += V::hals_vectors)
      hals_rows<V, V::hals_vectors, false>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, 0);
    for (; i < p; ++i) hals_rows<V, 1, false>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, 0);
  } else {
    constexpr int room = 1024;  // elements, for two copies
    alignas(64) T copies[room];
    const int vectors = (p + V::lanes - 1) / V::lanes, last = p - (vectors - 1) * V::lanes;
    const int most = room / (2 * r * V::lanes), block = even_part(vectors, V::hals_vectors);
    for (int v = 0; v < vectors;) {
      const int i = v * V::lanes, left = vectors - v, n = left < block ? left : block;
      const int part = n == left ? last : V::lanes;
      const bool whole = part == V::lanes, copied = n <= most;
      // The short vector alone where all are too many to copy.
      const int now = whole || copied ? n : n > 1 ? n - 1 : 1;
      if (whole || now < n)
        with_count<V::hals_vectors>(now, [&](auto R) {
          hals_rows<V, decltype(R)::value, false>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, 0);
        });
      else if (copied)
        with_count<V::hals_vectors>(now, [&](auto R) {
          hals_copied<V, decltype(R)::value>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, part, copies);
        });
      else hals_rows<V, 1, true>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, part);
      v += now;
    }
  }
}

template <class V, class T = typename V::Scalar>
void scan(int32_t n, const T *x, T *squares, T *least) {
  using reg = typename V::reg;
  reg sum[4], low[4];  // four: an addition takes some cycles
  for (int u = 0; u < 4; ++u) sum[u] = low[u] = V::zero();
  int i = 0;
  for (; i + 4 * V::lanes <= n; i += 4 * V::lanes)
    for (int u = 0; u < 4; ++u) {
      const reg v = V::load(x + i + u * V::lanes);
      sum[u] = V::fma(v, v, sum[u]);
      low[u] = V::min(low[u], v);
    }
  T s = V::sum(V::add(V::add(sum[0], sum[1]), V::add(sum[2], sum[3])));
  T lanes[V::lanes];
  V::store(lanes, V::min(V::min(low[0], low[1]), V::min(low[2], low[3])));
  T m = T(0);
  for (int l = 0; l < V::lanes; ++l) m = lanes[l] < m ? lanes[l] : m;
  for (; i < n; ++i) {
    s += x[i] * x[i];
    m = x[i] < m ? x[i] : m;
  }
  *squares = s;
  *least = m;
}

// With few lanes each band of project_rows pixels is loaded once for all products, four endmembers at a time.  With
// many, the columns are in cache the second time.
template <class V, class T = typename V::Scalar>
void project(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
             T *squares) {
  if constexpr (V::project_rows > 0) {
    constexpr int I = V::project_rows, J = 4;
    const int panel = even_part(N, J);
    for (int i = 0; i < M;) {
      const bool whole = i + I <= M;
      for (int j = 0; j < N; j += panel) {
        const T *a = A + i * lda, *b = B + j * ldb;
        T *c = C + i + j * ldc;
        with_count<J>(N - j < panel ? N - j : panel, [&](auto nj) {
          constexpr int n = decltype(nj)::value;
          if (whole) tn_tile<V, I, n, true>(K, a, lda, b, ldb, c, ldc, false, squares + i);
          else tn_tile<V, 1, n, true>(K, a, lda, b, ldb, c, ldc, false, squares + i);
        });
      }
      i += whole ? I : 1;
    }
  } else {
    gemm_tn<V>(M, N, K, A, lda, B, ldb, C, ldc, false);
    for (int i = 0; i < M; ++i) {
      T least;
      scan<V>(K, A + i * lda, squares + i, &least);
    }
  }
}

template <class T, class V>
constexpr Kernels<T> made<Kernels<T>, V> = {V::name, gemm_tn<V>, gemm_nn<V>, hals<V>, scan<V>, project<V>};

}  // namespace
}  // namespace orthant
