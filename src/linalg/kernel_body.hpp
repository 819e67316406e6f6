// The kernels, written once over a vector type V.  Included inside the unnamed namespace of each instruction set's file:
// templates with external names would be merged by the linker, and the wrong instruction set would run.
//
// V has: Scalar, reg, N lanes; block sizes I, J (gemm_tn), R, JN (gemm_nn), RH (hals), chosen so that I*J, R*J and RH
// accumulators and their operands fit the registers; zero, set, load, store, load_part, store_part, fma, add, max, min,
// sum, sum4.

template <int n>
struct Int { static constexpr int value = n; };

// f(Int<n>) for 1 <= n <= Max.
template <int Max, class F>
inline void with_count(int n, const F &f) {
  if constexpr (Max > 1) {
    if (n < Max) return with_count<Max - 1>(n, f);
  }
  f(Int<Max>{});
}

// The first of `parts` near-equal pieces of n, for blocking without a thin last block.
inline int even_piece(int n, int most) {
  const int parts = (n + most - 1) / most;
  return parts > 0 ? (n + parts - 1) / parts : 0;
}

template <class V, int I, int J, class T = typename V::Scalar>
inline void tn_block(int K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc, bool add) {
  typename V::reg acc[J][I];
  for (int j = 0; j < J; ++j)
    for (int i = 0; i < I; ++i) acc[j][i] = V::zero();
  int k = 0;
  for (; k + V::N <= K; k += V::N) {
    typename V::reg a[I];
    for (int i = 0; i < I; ++i) a[i] = V::load(A + i * lda + k);
    for (int j = 0; j < J; ++j) {
      const typename V::reg b = V::load(B + j * ldb + k);
      for (int i = 0; i < I; ++i) acc[j][i] = V::fma(a[i], b, acc[j][i]);
    }
  }
  if (k < K) {
    typename V::reg a[I];
    for (int i = 0; i < I; ++i) a[i] = V::load_part(A + i * lda + k, K - k);
    for (int j = 0; j < J; ++j) {
      const typename V::reg b = V::load_part(B + j * ldb + k, K - k);
      for (int i = 0; i < I; ++i) acc[j][i] = V::fma(a[i], b, acc[j][i]);
    }
  }
  for (int j = 0; j < J; ++j) {
    T s[I];
    for (int i = 0; i + 4 <= I; i += 4) V::sum4(acc[j] + i, s + i);
    for (int i = I / 4 * 4; i < I; ++i) s[i] = V::sum(acc[j][i]);
    T *c = C + j * ldc;
    for (int i = 0; i < I; ++i) c[i] = add ? c[i] + s[i] : s[i];
  }
}

template <class V, class T = typename V::Scalar>
void gemm_tn(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
             bool add) {
  constexpr int KC = 2048 / int(sizeof(T));  // I columns of A stay in the first cache for all blocks of B
  const int nb = even_piece(N, V::J);
  if (K <= 0 && !add)
    for (int j = 0; j < N; ++j)
      for (int i = 0; i < M; ++i) C[i + j * ldc] = T(0);
  for (int k = 0; k < K; k += KC) {
    const int kc = K - k < KC ? K - k : KC;
    for (int i = 0; i < M; i += V::I)
      for (int j = 0; j < N; j += nb) {
        const T *a = A + k + i * lda, *b = B + k + j * ldb;
        T *c = C + i + j * ldc;
        const bool more = add || k > 0;
        with_count<V::I>(M - i < V::I ? M - i : V::I, [&](auto ni) {
          with_count<V::J>(N - j < nb ? N - j : nb, [&](auto nj) {
            tn_block<V, decltype(ni)::value, decltype(nj)::value>(kc, a, lda, b, ldb, c, ldc, more);
          });
        });
      }
  }
}

// rows: R whole vectors, or with R = 1 and part > 0 the first `part` lanes of one.
template <class V, int R, int J, bool partial, class T = typename V::Scalar>
inline void nn_block(int K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc, bool add,
                     int part, ptrdiff_t ahead) {
  typename V::reg acc[J][R];
  for (int j = 0; j < J; ++j)
    for (int i = 0; i < R; ++i) {
      const T *c = C + j * ldc + i * V::N;
      acc[j][i] = !add ? V::zero() : partial ? V::load_part(c, part) : V::load(c);
    }
  for (int k = 0; k < K; ++k) {
    typename V::reg a[R];
    for (int i = 0; i < R; ++i) {
      const T *at = A + k * lda + i * V::N;
      a[i] = partial ? V::load_part(at, part) : V::load(at);
      if (!partial) {
        __builtin_prefetch(at + R * V::N);            // the next block of rows: a stride that no hardware follows
        if (ahead) __builtin_prefetch(at + ahead, 0, 2);  // and its successor in A's place, into the second cache
      }
    }
    for (int j = 0; j < J; ++j) {
      const typename V::reg b = V::set(B[k + j * ldb]);
      for (int i = 0; i < R; ++i) acc[j][i] = V::fma(a[i], b, acc[j][i]);
    }
  }
  for (int j = 0; j < J; ++j)
    for (int i = 0; i < R; ++i) {
      T *c = C + j * ldc + i * V::N;
      if (partial) V::store_part(c, part, acc[j][i]);
      else V::store(c, acc[j][i]);
    }
}

template <class V, class T = typename V::Scalar>
void gemm_nn(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
             bool add, const T *next) {
  constexpr int wide = V::R / 2 > 1 ? V::R / 2 : 1;      // many columns: half the rows, so that A is read once
  constexpr int JW = V::R > 1 ? 2 * V::JN : V::JN;
  const int nb = even_piece(N, N <= V::JN ? V::JN : JW);
  const int rv = nb <= V::JN ? V::R : wide;
  int i = 0;
  while (i < M) {
    const int vectors = (M - i) / V::N;
    const int rows = vectors >= rv ? rv * V::N : vectors > 0 ? V::N : M - i;
    for (int j = 0; j < N; j += nb) {
      const T *a = A + i, *b = B + j * ldb;
      T *c = C + i + j * ldc;
      const ptrdiff_t ahead = next && j == 0 ? next - A : 0;
      with_count<JW>(N - j < nb ? N - j : nb, [&](auto nj) {
        constexpr int J = decltype(nj)::value;
        if (vectors < 1) nn_block<V, 1, J, true>(K, a, lda, b, ldb, c, ldc, add, rows, 0);
        else if (vectors < rv) nn_block<V, 1, J, false>(K, a, lda, b, ldb, c, ldc, add, 0, ahead);
        else if (rv == wide) nn_block<V, wide, J, false>(K, a, lda, b, ldb, c, ldc, add, 0, ahead);
        else if constexpr (J <= V::JN) nn_block<V, V::R, J, false>(K, a, lda, b, ldb, c, ldc, add, 0, ahead);
      });
    }
    i += rows;
  }
}

template <class V, int R, bool partial, class T = typename V::Scalar>
inline void hals_rows(int r, int sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X, ptrdiff_t ldx,
                      int part) {
  for (int s = 0; s < sweeps; ++s)
    for (int k = 0; k < r; ++k) {
      if (inv[k] == T(0)) continue;
      typename V::reg acc[R];
      for (int i = 0; i < R; ++i) {
        const T *f = F + k * ldf + i * V::N;
        acc[i] = partial ? V::load_part(f, part) : V::load(f);
      }
      for (int l = 0; l < r; ++l) {
        const typename V::reg g = V::set(-G[l + ptrdiff_t(k) * r]);
        for (int i = 0; i < R; ++i) {
          const T *x = X + l * ldx + i * V::N;
          acc[i] = V::fma(g, partial ? V::load_part(x, part) : V::load(x), acc[i]);
        }
      }
      const typename V::reg d = V::set(inv[k]);
      for (int i = 0; i < R; ++i) {
        T *x = X + k * ldx + i * V::N;
        if (partial) V::store_part(x, part, V::max(V::fma(acc[i], d, V::load_part(x, part)), V::zero()));
        else V::store(x, V::max(V::fma(acc[i], d, V::load(x)), V::zero()));
      }
    }
}

template <class V, class T = typename V::Scalar>
void hals(int32_t p, int32_t r, int32_t sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X,
          ptrdiff_t ldx) {
  int i = 0;
  for (; i + V::RH * V::N <= p; i += V::RH * V::N)
    hals_rows<V, V::RH, false>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, 0);
  for (; i + V::N <= p; i += V::N) hals_rows<V, 1, false>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, 0);
  if (i < p) hals_rows<V, 1, true>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, p - i);
}

template <class V, class T = typename V::Scalar>
void scan(int32_t n, const T *x, T *squares, T *least) {
  typename V::reg sum[4], low[4];
  for (int u = 0; u < 4; ++u) sum[u] = low[u] = V::zero();
  int i = 0;
  for (; i + 4 * V::N <= n; i += 4 * V::N)
    for (int u = 0; u < 4; ++u) {
      const typename V::reg v = V::load(x + i + u * V::N);
      sum[u] = V::fma(v, v, sum[u]);
      low[u] = V::min(low[u], v);
    }
  T s = V::sum(V::add(V::add(sum[0], sum[1]), V::add(sum[2], sum[3])));
  T lanes[V::N];
  V::store(lanes, V::min(V::min(low[0], low[1]), V::min(low[2], low[3])));
  T m = T(0);
  for (int l = 0; l < V::N; ++l) m = lanes[l] < m ? lanes[l] : m;
  for (; i < n; ++i) {
    s += x[i] * x[i];
    m = x[i] < m ? x[i] : m;
  }
  *squares = s;
  *least = m;
}

// R whole vectors and, where tail > 0, the first `tail` lanes of one more: small dense vectors of a sparse product.
template <class V, int R, bool more, class T = typename V::Scalar>
inline void gather_piece(int32_t count, const int32_t *index, const T *value, const T *B, ptrdiff_t ldb, T *out, int tail) {
  typename V::reg acc[R + more];
  for (int i = 0; i < R + more; ++i) acc[i] = V::zero();
  for (int32_t t = 0; t < count; ++t) {
    const T *b = B + index[t] * ldb;
    const typename V::reg v = V::set(value[t]);
    for (int i = 0; i < R; ++i) acc[i] = V::fma(v, V::load(b + i * V::N), acc[i]);
    if (more) acc[R] = V::fma(v, V::load_part(b + R * V::N, tail), acc[R]);
  }
  for (int i = 0; i < R; ++i) V::store(out + i * V::N, acc[i]);
  if (more) V::store_part(out + R * V::N, tail, acc[R]);
}
template <class V, int R, bool more, class T = typename V::Scalar>
inline void scatter_piece(int32_t count, const int32_t *index, const T *value, const T *x, T *C, ptrdiff_t ldc, int tail) {
  typename V::reg a[R + more];
  for (int i = 0; i < R; ++i) a[i] = V::load(x + i * V::N);
  if (more) a[R] = V::load_part(x + R * V::N, tail);
  for (int32_t t = 0; t < count; ++t) {
    T *c = C + index[t] * ldc;
    const typename V::reg v = V::set(value[t]);
    for (int i = 0; i < R; ++i) V::store(c + i * V::N, V::fma(v, a[i], V::load(c + i * V::N)));
    if (more) V::store_part(c + R * V::N, tail, V::fma(v, a[R], V::load_part(c + R * V::N, tail)));
  }
}

// piece(offset, Int<whole vectors>, lanes of a partial one) until r is covered.
template <class V, class Piece>
inline void in_pieces(int32_t r, const Piece &piece) {
  constexpr int most = V::N > 1 ? 4 : 1;  // a scalar target wants little code
  int32_t k = 0;
  for (; r - k >= most * V::N; k += most * V::N) piece(k, Int<most>{}, 0);
  const int tail = (r - k) % V::N, whole = (r - k) / V::N;
  if (whole > 0) with_count<most>(whole, [&](auto n) { piece(k, n, tail); });
  else if (tail > 0) piece(k, Int<0>{}, tail);
}

template <class V, class T = typename V::Scalar>
void gather(int32_t r, int32_t count, const int32_t *index, const T *value, const T *B, ptrdiff_t ldb, T *out) {
  in_pieces<V>(r, [&](int32_t k, auto n, int tail) {
    constexpr int R = decltype(n)::value;
    if (tail > 0) gather_piece<V, R, true>(count, index, value, B + k, ldb, out + k, tail);
    else if constexpr (R > 0) gather_piece<V, R, false>(count, index, value, B + k, ldb, out + k, 0);
  });
}

template <class V, class T = typename V::Scalar>
void scatter(int32_t r, int32_t count, const int32_t *index, const T *value, const T *x, T *C, ptrdiff_t ldc) {
  in_pieces<V>(r, [&](int32_t k, auto n, int tail) {
    constexpr int R = decltype(n)::value;
    if (tail > 0) scatter_piece<V, R, true>(count, index, value, x + k, C + k, ldc, tail);
    else if constexpr (R > 0) scatter_piece<V, R, false>(count, index, value, x + k, C + k, ldc, 0);
  });
}

template <class V>
constexpr Kernels<typename V::Scalar> table(const char *name) {
  return {name, gemm_tn<V>, gemm_nn<V>, hals<V>, scan<V>, gather<V>, scatter<V>};
}
