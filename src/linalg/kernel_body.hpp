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

// body(load, store, offset) for whole vectors, then for what is left of one; load and store take an address.
template <class V, class T, class Body>
inline void by_vectors(int32_t rows, const Body &body) {
  int32_t i = 0;
  for (; i + V::N <= rows; i += V::N)
    body([](const T *p) { return V::load(p); }, [](T *p, typename V::reg x) { V::store(p, x); }, i);
  const int32_t rest = rows - i;
  if (rest > 0)
    body([rest](const T *p) { return V::load_part(p, rest); },
         [rest](T *p, typename V::reg x) { V::store_part(p, rest, x); }, i);
}

template <class V, bool each, bool bounded, class T = typename V::Scalar>
void mu_forward_rows(int32_t rows, const T *a, const T *x, const T *n, const T *d, T least, T low, T high, T *o) {
  const typename V::reg floor = V::set(least), bottom = V::set(low), top = V::set(high), one = V::set(*a);
  by_vectors<V, T>(rows, [&](const auto &load, const auto &store, int32_t i) {
    typename V::reg y = (each ? load(a + i) : one) * (load(x + i) * load(n + i)) / V::max(load(d + i), floor);
    if (bounded) y = V::min(V::max(y, bottom), top);
    store(o + i, y);
  });
}

template <class V, bool each, bool bounded, class T = typename V::Scalar>
void mu_back_rows(int32_t rows, const T *a, const T *x, const T *n, const T *d, const T *o, T least, T low, T high,
                  const T *r, T *ab, T *nb, T *db, T *xb) {
  using reg = typename V::reg;
  const reg floor = V::set(least), bottom = V::set(low), top = V::set(high), one = V::set(*a), unit = V::set(T(1));
  reg sum = V::zero();
  by_vectors<V, T>(rows, [&](const auto &load, const auto &store, int32_t i) {
    const reg D = load(d + i), inv = unit / V::max(D, floor), A = each ? load(a + i) : one, X = load(x + i), N = load(n + i);
    reg R = load(r + i);
    if (bounded) {
      const reg O = load(o + i);
      R = O > bottom ? R : V::zero();
      R = O < top ? R : V::zero();
    }
    R = R * inv;
    const reg RX = R * X, t = RX * N;
    if (each) store(ab + i, load(ab + i) + t);
    else sum = sum + t;
    store(nb + i, RX * A);
    store(xb + i, R * N * A);
    store(db + i, D > floor ? V::zero() - t * A * inv : V::zero());
  });
  if (!each) *ab += V::sum(sum);
}

template <class V, class T = typename V::Scalar>
void mu_forward(int32_t rows, bool each, const T *a, const T *x, const T *n, const T *d, T least, T low, T high, T *o) {
  const auto run = each ? (high > T(0) ? mu_forward_rows<V, true, true> : mu_forward_rows<V, true, false>)
                        : (high > T(0) ? mu_forward_rows<V, false, true> : mu_forward_rows<V, false, false>);
  run(rows, a, x, n, d, least, low, high, o);
}
template <class V, class T = typename V::Scalar>
void mu_back(int32_t rows, bool each, const T *a, const T *x, const T *n, const T *d, const T *o, T least, T low, T high,
             const T *r, T *ab, T *nb, T *db, T *xb) {
  const auto run = each ? (high > T(0) ? mu_back_rows<V, true, true> : mu_back_rows<V, true, false>)
                        : (high > T(0) ? mu_back_rows<V, false, true> : mu_back_rows<V, false, false>);
  run(rows, a, x, n, d, o, least, low, high, r, ab, nb, db, xb);
}

template <class V>
constexpr MuKernels<typename V::Scalar> mu_table() {
  return {mu_forward<V>, mu_back<V>};
}

template <class V>
constexpr Kernels<typename V::Scalar> table(const char *name) {
  return {name, gemm_tn<V>, gemm_nn<V>, hals<V>, scan<V>};
}
