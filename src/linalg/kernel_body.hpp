// The kernels, written once over a vector type V.  Included inside the unnamed namespace of each instruction set's file:
// templates with external names would be merged by the linker, and the wrong instruction set would run.
//
// V has: Scalar, reg, N lanes; block sizes I, J (gemm_tn), R, JN (gemm_nn), RH (hals), chosen so that I*J, R*J and RH
// accumulators and their operands fit the registers; zero, set, load, store, load_part, store_part, fma, add, mul, div,
// max, min, where_positive (m, a, b: a in the lanes where m > 0, else b), normal (zero for denormal numbers), sum, sum4.

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

// squares: also those of A's columns, which are in registers here.
template <class V, int I, int J, bool squares = false, class T = typename V::Scalar>
inline void tn_block(int K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc, bool add,
                     T *own = nullptr) {
  typename V::reg acc[J][I], acc2[I];
  for (int i = 0; i < I; ++i) acc2[i] = V::zero();
  for (int j = 0; j < J; ++j)
    for (int i = 0; i < I; ++i) acc[j][i] = V::zero();
  int k = 0;
  for (; k + V::N <= K; k += V::N) {
    typename V::reg a[I];
    for (int i = 0; i < I; ++i) a[i] = V::load(A + i * lda + k);
    if constexpr (squares)
      for (int i = 0; i < I; ++i) acc2[i] = V::fma(a[i], a[i], acc2[i]);
    for (int j = 0; j < J; ++j) {
      const typename V::reg b = V::load(B + j * ldb + k);
      for (int i = 0; i < I; ++i) acc[j][i] = V::fma(a[i], b, acc[j][i]);
    }
  }
  if (k < K) {
    typename V::reg a[I];
    for (int i = 0; i < I; ++i) a[i] = V::load_part(A + i * lda + k, K - k);
    if constexpr (squares)
      for (int i = 0; i < I; ++i) acc2[i] = V::fma(a[i], a[i], acc2[i]);
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
  if constexpr (squares)
    for (int i = 0; i < I; ++i) own[i] = V::sum(acc2[i]);
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

// f(Int<0>), ..., f(Int<n - 1>): what a compiler must unroll, so that sums stay in registers.
template <int n, class F>
inline void each(const F &f) {
  if constexpr (n > 0) {
    each<n - 1>(f);
    f(Int<n - 1>{});
  }
}

// rows: R whole vectors, or with R = 1 and part > 0 the first `part` lanes of one.  `lines` vectors of each column of A are
// fetched that lie `ahead` of it.
template <class V, int R, int J, bool partial, class T = typename V::Scalar>
inline void nn_block(int K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc, bool add,
                     int part, int lines, ptrdiff_t ahead) {
  constexpr int group = 3, groups = (J + group - 1) / group;  // columns of B that share a pointer: there are few registers
  typename V::reg acc[J][R];
  const T *b[groups];
  each<groups>([&](auto g) { b[g.value] = B + group * g.value * ldb; });
  each<J>([&](auto j) { each<R>([&](auto i) { acc[j.value][i.value] = V::zero(); }); });
  for (int k = 0; k < K; ++k, A += lda) {
    typename V::reg a[R];
    each<R>([&](auto i) { a[i.value] = partial ? V::load_part(A, part) : V::load(A + i.value * V::N); });
    if (lines > 0) {
      __builtin_prefetch(A + ahead, 0, 2);
      if (lines > 1) each<R - 1>([&](auto i) { __builtin_prefetch(A + ahead + (i.value + 1) * V::N, 0, 2); });
    }
    each<J>([&](auto j) {
      const typename V::reg x = V::set(b[j.value / group][j.value % group * ldb]);
      each<R>([&](auto i) { acc[j.value][i.value] = V::fma(a[i.value], x, acc[j.value][i.value]); });
    });
    each<groups>([&](auto g) { ++b[g.value]; });
  }
  each<J>([&](auto j) {
    each<R>([&](auto i) {
      T *c = C + i.value * V::N;
      typename V::reg x = acc[j.value][i.value];
      if (add) x = V::add(partial ? V::load_part(c, part) : V::load(c), x);
      if (partial) V::store_part(c, part, x);
      else V::store(c, x);
    });
    C += ldc;
  });
}

template <class V, class T = typename V::Scalar>
void gemm_nn(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
             bool add, const T *next) {
  constexpr int wide = V::R / 2 > 1 ? V::R / 2 : 1;  // rows where A is long: half, for twice the columns at a time
  constexpr int JW = V::R > 1 ? 2 * V::JN : V::JN, near = 16384 / int(sizeof(T));
  const bool tall = N <= V::JN || (M >= V::R * V::N && K <= near / (V::R * V::N));  // R vectors of all A stay near
  const int rv = tall ? V::R : wide, nb = even_piece(N, tall ? V::JN : JW), blocks = nb > 0 ? (N + nb - 1) / nb : 0;
  int i = 0;
  while (i < M) {
    const int vectors = (M - i) / V::N;
    const int rows = vectors >= rv ? rv * V::N : vectors > 0 ? V::N : M - i;
    // What follows, `next` or the next rows, is fetched a vector of each column with every block of B, or all with the first.
    ptrdiff_t ahead = next ? next - A : lda > M ? rows : 0;
    const int all = ahead == 0 ? 0 : blocks < rv ? rv : 1;
    int lines = all;
    for (int j = 0; j < N; j += nb, ahead += V::N) {
      const T *a = A + i, *b = B + j * ldb;
      T *c = C + i + j * ldc;
      with_count<JW>(N - j < nb ? N - j : nb, [&](auto nj) {
        constexpr int J = decltype(nj)::value;
        if (vectors < 1) nn_block<V, 1, J, true>(K, a, lda, b, ldb, c, ldc, add, rows, 0, 0);
        else if (vectors < rv) nn_block<V, 1, J, false>(K, a, lda, b, ldb, c, ldc, add, 0, lines, ahead);
        else if (rv == wide) nn_block<V, wide, J, false>(K, a, lda, b, ldb, c, ldc, add, 0, lines, ahead);
        else if constexpr (J <= V::JN) nn_block<V, V::R, J, false>(K, a, lda, b, ldb, c, ldc, add, 0, lines, ahead);
      });
      lines = lines == 1 && j + nb < rv * nb ? 1 : 0;
    }
    i += rows;
  }
}

// R whole vectors, or with R = 1 and part > 0 the first `part` lanes of one.  A step needs what the last one wrote: its x
// comes last into the sum, so that all other terms are on their way while that one is made.
template <class V, int R, bool partial, class T = typename V::Scalar>
inline void hals_rows(int r, int sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X, ptrdiff_t ldx,
                      int part) {
  for (int s = 0; s < sweeps; ++s)
    for (int k = 0; k < r; ++k) {
      if (inv[k] == T(0)) continue;
      const T *g = G + ptrdiff_t(k) * r;
      typename V::reg acc[R];
      for (int i = 0; i < R; ++i) {
        const T *f = F + k * ldf + i * V::N;
        acc[i] = partial ? V::load_part(f, part) : V::load(f);
      }
      const auto terms = [&](int from, int to) {
        for (int l = from; l < to; ++l) {
          const typename V::reg minus = V::set(-g[l]);
          for (int i = 0; i < R; ++i) {
            const T *x = X + l * ldx + i * V::N;
            acc[i] = V::fma(minus, partial ? V::load_part(x, part) : V::load(x), acc[i]);
          }
        }
      };
      terms(k, r);
      terms(0, k);
      const typename V::reg d = V::set(inv[k]);
      for (int i = 0; i < R; ++i) {
        T *x = X + k * ldx + i * V::N;
        if (partial) V::store_part(x, part, V::max(V::fma(acc[i], d, V::load_part(x, part)), V::zero()));
        else V::store(x, V::max(V::fma(acc[i], d, V::load(x)), V::zero()));
      }
    }
}

// The last rows, `part` lanes short of whole vectors or not aligned: in a copy filled up with zeros, where each step finds
// what the last one stored without the wait that a masked store costs.
template <class V, int R, class T = typename V::Scalar>
inline void hals_copied(int r, int sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X, ptrdiff_t ldx,
                        int part, T *room) {
  constexpr int ld = R * V::N;
  T *x = room, *f = room + r * ld;
  for (int k = 0; k < r; ++k)
    for (int i = 0; i < R; ++i) {
      const int n = i == R - 1 ? part : V::N, at = i * V::N;
      V::store(x + k * ld + at, V::load_part(X + k * ldx + at, n));
      V::store(f + k * ld + at, V::load_part(F + k * ldf + at, n));
    }
  hals_rows<V, R, false>(r, sweeps, G, inv, f, ld, x, ld, 0);
  for (int k = 0; k < r; ++k)
    for (int i = 0; i < R; ++i) V::store_part(X + k * ldx + i * V::N, i == R - 1 ? part : V::N, V::load(x + k * ld + i * V::N));
}

template <class V, class T = typename V::Scalar>
void hals(int32_t p, int32_t r, int32_t sweeps, const T *G, const T *inv, const T *F, ptrdiff_t ldf, T *X,
          ptrdiff_t ldx) {
  if constexpr (V::N == 1) {
    int i = 0;
    for (; i + V::RH <= p; i += V::RH) hals_rows<V, V::RH, false>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, 0);
    for (; i < p; ++i) hals_rows<V, 1, false>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, 0);
  } else {
    constexpr int room = 1024;  // elements, for two copies
    alignas(64) T copies[room];
    const int vectors = (p + V::N - 1) / V::N, last = p - (vectors - 1) * V::N, most = room / (2 * r * V::N);
    const int piece = even_piece(vectors, V::RH);
    for (int v = 0; v < vectors;) {
      const int i = v * V::N, left = vectors - v, n = left < piece ? left : piece, part = n == left ? last : V::N;
      const bool whole = part == V::N, copied = n <= most;
      const int now = whole || copied ? n : n > 1 ? n - 1 : 1;  // the short vector alone where all are too many to copy
      if (whole || now < n)
        with_count<V::RH>(now, [&](auto R) {
          hals_rows<V, decltype(R)::value, false>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, 0);
        });
      else if (copied)
        with_count<V::RH>(now, [&](auto R) {
          hals_copied<V, decltype(R)::value>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, part, copies);
        });
      else hals_rows<V, 1, true>(r, sweeps, G, inv, F + i, ldf, X + i, ldx, part);
      v += now;
    }
  }
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

// Few lanes: each band of V::P pixels is loaded once for all products, four endmembers at a time.  Many: the columns are in
// cache the second time.
template <class V, class T = typename V::Scalar>
void project(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
             T *squares) {
  if constexpr (V::P > 0) {
    constexpr int I = V::P, J = 4;
    const int nb = even_piece(N, J);
    for (int i = 0; i < M;) {
      const bool whole = i + I <= M;
      for (int j = 0; j < N; j += nb) {
        const T *a = A + i * lda, *b = B + j * ldb;
        T *c = C + i + j * ldc;
        with_count<J>(N - j < nb ? N - j : nb, [&](auto nj) {
          constexpr int n = decltype(nj)::value;
          if (whole) tn_block<V, I, n, true>(K, a, lda, b, ldb, c, ldc, false, squares + i);
          else tn_block<V, 1, n, true>(K, a, lda, b, ldb, c, ldc, false, squares + i);
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

// r = p - m where known > 0, elsewhere max(p, 0) with m = 0; adds r^2 and (m - max(p, 0))^2.
template <class V, class R = typename V::reg>
inline R relu_rest(R known, R m, R p, R *squares, R *error) {
  const R up = V::max(p, V::zero()), minus = V::set(-1);
  const R r = V::fma(minus, m, V::where_positive(known, p, up)), e = V::fma(minus, m, up);
  *squares = V::fma(r, r, *squares);
  *error = V::fma(e, e, *error);
  return r;
}

template <class V, class T = typename V::Scalar>
void relu_residual(int32_t n, const T *m, T *p, T *squares, T *error) {
  typename V::reg s[2] = {V::zero(), V::zero()}, e[2] = {V::zero(), V::zero()};
  int i = 0;
  for (; i + 2 * V::N <= n; i += 2 * V::N)
    for (int u = 0; u < 2; ++u) {
      T *at = p + i + u * V::N;
      const typename V::reg v = V::load(m + i + u * V::N);
      V::store(at, relu_rest<V>(v, v, V::load(at), s + u, e + u));
    }
  for (int part = 0; i < n; i += part) {
    part = n - i < V::N ? n - i : V::N;
    const typename V::reg v = V::load_part(m + i, part);
    V::store_part(p + i, part, relu_rest<V>(v, v, V::load_part(p + i, part), s, e));
  }
  *squares = V::sum(V::add(s[0], s[1]));
  *error = V::sum(V::add(e[0], e[1]));
}

template <class V, class T = typename V::Scalar>
void relu_momentum(int32_t M, int32_t N, T a, T back, T c, const T *p, ptrdiff_t ldp, T *t, ptrdiff_t ldt, T *z,
                   ptrdiff_t ldz, T *squares, T *error) {
  using reg = typename V::reg;
  reg s = V::zero(), e = V::zero();
  const reg one_a = V::set(T(1) + a), minus_a = V::set(-a), high = V::set(Real<T>::huge / -2), to_m = V::set(back),
            from_m = V::set(c);
  // Where the model rests, t and z shrink by a each time: to zero, not through denormals, which are slow.
  const auto update = [&](reg pi, reg ti, reg zi, auto &&store) {
    const reg known = V::add(ti, high), m = V::where_positive(known, V::mul(to_m, zi), V::zero());
    relu_rest<V>(known, m, pi, &s, &e);
    const reg next = V::fma(one_a, pi, V::mul(minus_a, ti));
    const reg below = V::fma(one_a, V::min(next, V::zero()), V::mul(minus_a, zi));
    store(V::where_positive(known, ti, V::normal(next)), V::where_positive(known, V::mul(from_m, m), V::normal(below)));
  };
  for (int j = 0; j < N; ++j, p += ldp, t += ldt, z += ldz) {
    int i = 0;
    for (; i + V::N <= M; i += V::N)
      update(V::load(p + i), V::load(t + i), V::load(z + i), [&](auto next, auto zn) {
        V::store(t + i, next);
        V::store(z + i, zn);
      });
    const int rest = M - i;
    if (rest > 0)
      update(V::load_part(p + i, rest), V::load_part(t + i, rest), V::load_part(z + i, rest), [&](auto next, auto zn) {
        V::store_part(t + i, rest, next);
        V::store_part(z + i, rest, zn);
      });
  }
  *squares = V::sum(s);
  *error = V::sum(e);
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

// ---- Losses -----------------------------------------------------------------------------------------------------------

template <class V, class T = typename V::Scalar>
void ratio(int32_t n, const T *v, const T *p, T least, T *q) {
  const typename V::reg low = V::set(least);
  int i = 0;
  for (; i + V::N <= n; i += V::N) V::store(q + i, V::div(V::load(v + i), V::max(V::load(p + i), low)));
  if (i < n) V::store_part(q + i, n - i, V::div(V::load_part(v + i, n - i), V::max(V::load_part(p + i, n - i), low)));
}

template <class V, class T = typename V::Scalar>
void dots(int32_t r, int32_t count, const int32_t *index, const T *B, ptrdiff_t ldb, const T *x, T *out) {
  constexpr int most = 4;
  for (int t = 0; t < count; t += most) {
    const int n = count - t < most ? count - t : most;
    const T *b[most];
    typename V::reg acc[most];
    for (int q = 0; q < most; ++q) {
      b[q] = B + index[t + (q < n ? q : 0)] * ldb;  // a short last group repeats its first
      acc[q] = V::zero();
    }
    int k = 0;
    for (; k + V::N <= r; k += V::N) {
      const typename V::reg at = V::load(x + k);
      for (int q = 0; q < most; ++q) acc[q] = V::fma(V::load(b[q] + k), at, acc[q]);
    }
    if (k < r) {
      const typename V::reg at = V::load_part(x + k, r - k);
      for (int q = 0; q < most; ++q) acc[q] = V::fma(V::load_part(b[q] + k, r - k), at, acc[q]);
    }
    T s[most];
    V::sum4(acc, s);
    for (int q = 0; q < n; ++q) out[t + q] = s[q];
  }
}

// log x for normal x > 0, in operations that a compiler can put into vectors: x = 2^e m with m in [sqrt 1/2, sqrt 2),
// log m = 2 artanh s = 2 s (1 + z/3 + z^2/5 + ...), s = (m-1)/(m+1), z = s^2 <= 0.0295: eleven terms reach 1e-17.
inline double log_of(double x) {
  constexpr uint64_t one = 0x3FF0000000000000u, root = 0x3FE6A09E667F3BCDu;
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  bits += one - root;
  const uint64_t shifted = (bits >> 52) | 0x4330000000000000u;  // 2^52 + the biased exponent: no conversion needed
  double e, m;
  __builtin_memcpy(&e, &shifted, sizeof e);
  e -= 0x1p52 + 1023;
  bits = (bits & 0xFFFFFFFFFFFFFu) + root;
  __builtin_memcpy(&m, &bits, sizeof m);
  const double s = (m - 1) / (m + 1), z = s * s;
  double series = 1.0 / 21;
  for (int k = 19; k > 0; k -= 2) series = series * z + 1.0 / k;
  return e * 0.693147180559945309417 + 2 * s * series;
}

// In double: near a fit the terms cancel, and the sum is what descent is judged by.  Terms first and sums after them, so
// that a compiler sees a loop of independent terms, which it can put into vectors.
template <class T, bool kl>
void divergence(int32_t n, const T *v, const T *p, double *sum, double *squares) {
  constexpr int piece = 64, lanes = 8;
  double term[piece], d[lanes] = {}, s[lanes] = {};
  for (int i = 0; i < n; i += piece) {
    const int count = n - i < piece ? n - i : piece;
    for (int l = 0; l < count; ++l) {
      const double a = double(v[i + l]), b = double(p[i + l]), q = a / b, log_q = log_of(q > 1e-300 ? q : 1e-300);
      term[l] = kl ? a * log_q - a + b : q - log_q - 1;
    }
    for (int l = count; l < piece; ++l) term[l] = 0;
    for (int l = 0; l < piece; l += lanes)
      for (int u = 0; u < lanes; ++u) d[u] += term[l + u];
    for (int l = 0; l < count; ++l) term[l] = double(v[i + l]) - double(p[i + l]);
    for (int l = 0; l < piece; l += lanes)
      for (int u = 0; u < lanes; ++u) s[u] += term[l + u] * term[l + u];
  }
  for (int u = 1; u < lanes; ++u) d[0] += d[u], s[0] += s[u];
  *sum += d[0];
  *squares += s[0];
}

// One coordinate of sum(A x) - v' log(A x):  f' = D - N with N = sum a v/p, f'' = h = sum a^2 v/p^2.
// Differs from the Newton step of [Hsieh, Dhillon 2011], which may ascend: neither step here passes the minimum.
//   Upwards: 1/N is concave in x (a parallel sum of affine functions), so Newton's step on 1/N = 1/D falls short of it.
//   Downwards: p(y) >= p(x) y/x for y < x, hence f''(y) <= (x/y)^2 h and f'(y) >= g - h x (x - y)/y; y is the zero of that.
// A quadratic term keeps the second; upwards f' is concave, and Newton's own step falls short.
template <class T>
inline T ccd_step(T x, T D, T l2, T N, T curvature) {
  const T d = D + l2 * x, g = d - N, h = curvature + l2;
  if (!(D > T(0))) return x;
  const T y = g < T(0) ? x - g / h * (l2 > T(0) ? T(1) : N / d) : h * x > T(0) ? x * (h * x / (h * x + g)) : T(0);
  return !(y - y == T(0)) ? x : y < Real<T>::tiny ? T(0) : y;
}

template <class V, int C, class T = typename V::Scalar>
inline void ccd_group(int n, int r, int sweeps, const T *A, ptrdiff_t lda, const T *D, T l2, T least, const T *v,
                      ptrdiff_t ldv, T *p, ptrdiff_t ldp, T *x, ptrdiff_t ldx) {
  using reg = typename V::reg;
  const reg low = V::set(least);
  T step[C] = {};
  const T *before = A;  // the column that moved last: its share reaches p while p is read for the next one
  for (int s = 0; s < sweeps; ++s)
    for (int k = 0; k < r; ++k) {
      const T *a = A + k * lda;
      reg N[C], h[C], move[C];
      for (int c = 0; c < C; ++c) N[c] = h[c] = V::zero(), move[c] = V::set(step[c]);
      int i = 0;
      for (; i + V::N <= n; i += V::N) {
        const reg w = V::load(a + i), b = V::load(before + i);
        for (int c = 0; c < C; ++c) {
          const reg q = V::max(V::fma(move[c], b, V::load(p + c * ldp + i)), low);
          V::store(p + c * ldp + i, q);
          const reg t = V::div(w, q), u = V::mul(V::load(v + c * ldv + i), t);
          N[c] = V::add(N[c], u);
          h[c] = V::fma(u, t, h[c]);
        }
      }
      if (i < n) {
        const int part = n - i;
        const reg w = V::load_part(a + i, part), b = V::load_part(before + i, part);
        for (int c = 0; c < C; ++c) {
          const reg q = V::max(V::fma(move[c], b, V::load_part(p + c * ldp + i, part)), low);
          V::store_part(p + c * ldp + i, part, q);
          const reg t = V::div(w, q), u = V::mul(V::load_part(v + c * ldv + i, part), t);
          N[c] = V::add(N[c], u);
          h[c] = V::fma(u, t, h[c]);
        }
      }
      for (int c = 0; c < C; ++c) {
        T *at = x + c * ldx + k;
        const T y = ccd_step(*at, D[k], l2, V::sum(N[c]), V::sum(h[c]));
        step[c] = y - *at;
        *at = y;
      }
      before = a;
    }
}

template <class V, class T = typename V::Scalar>
void ccd(int32_t n, int32_t r, int32_t count, int32_t sweeps, const T *A, ptrdiff_t lda, const T *D, T l2, T least,
         const T *v, ptrdiff_t ldv, T *p, ptrdiff_t ldp, T *x, ptrdiff_t ldx) {
  constexpr int most = 4;
  for (int c = 0; c < count; c += most)
    with_count<most>(count - c < most ? count - c : most, [&](auto columns) {
      ccd_group<V, decltype(columns)::value>(n, r, sweeps, A, lda, D, l2, least, v + c * ldv, ldv, p + c * ldp, ldp,
                                             x + c * ldx, ldx);
    });
}

// ---- Factormer ----------------------------------------------------------------------------------------------------------

// R vectors of rows, of which the last may have `part` lanes, by J columns.  turned: C = A B'.  ahead: what of A is wanted
// next, a line for each k.
template <class V, int R, int J, bool partial, bool turned, class T = typename V::Scalar>
inline void layer_block(int K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc, bool add, int part,
                        const T *ahead) {
  typename V::reg acc[J][R];
  for (int j = 0; j < J; ++j)
    for (int i = 0; i < R; ++i) {
      acc[j][i] = V::zero();
      if (turned) __builtin_prefetch(C + j * ldc + i * V::N, 1);  // a gradient, larger than the caches
    }
  for (int k = 0; k < K; ++k) {
    typename V::reg a[R];
    for (int i = 0; i < R; ++i) {
      const T *at = A + k * lda + i * V::N;
      a[i] = partial && i == R - 1 ? V::load_part(at, part) : V::load(at);
    }
    if (!turned) __builtin_prefetch(ahead + k * lda);
    for (int j = 0; j < J; ++j) {
      const typename V::reg b = V::set(turned ? B[j + k * ldb] : B[k + j * ldb]);
      for (int i = 0; i < R; ++i) acc[j][i] = V::fma(a[i], b, acc[j][i]);
    }
  }
  for (int j = 0; j < J; ++j)
    for (int i = 0; i < R; ++i) {
      T *c = C + j * ldc + i * V::N;
      if (partial && i == R - 1) V::store_part(c, part, add ? V::add(V::load_part(c, part), acc[j][i]) : acc[j][i]);
      else V::store(c, add ? V::add(V::load(c), acc[j][i]) : acc[j][i]);
    }
}

// Near-equal groups of rows by near-equal blocks of columns; a group and the columns of B stay in the first cache.
template <class V, bool turned, class T = typename V::Scalar>
void layer_gemm(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
                bool add) {
  const int vectors = (M + V::N - 1) / V::N, last = M - (vectors - 1) * V::N;
  const int groups = (vectors + V::R - 1) / V::R, depth = K > 0 ? even_piece(K, 56) : 1;
  for (int k = 0; k == 0 || k < K; k += depth) {
    const int now = K - k < depth ? K - k : depth;
    const bool more = add || k > 0;
    for (int g = 0; g < groups; ++g) {
      const int v = vectors * g / groups, next = vectors * (g + 1) / groups;
      const T *a = A + k * lda + v * V::N, *b = turned ? B + k * ldb : B + k;
      const T *ahead = g + 1 < groups ? A + k * lda + next * V::N : k + depth < K ? A + (k + depth) * lda : a;
      with_count<V::R>(next - v, [&](auto rows) {
        constexpr int R = decltype(rows)::value, fit = V::R * V::JN / R, most = fit < 8 ? fit : 8;
        const int blocks = (N + most - 1) / most;
        for (int t = 0; t < blocks; ++t) {
          const int j = N * t / blocks;
          const T *from = turned ? b + j : b + j * ldb;
          T *c = C + v * V::N + j * ldc;
          with_count<most>(N * (t + 1) / blocks - j, [&](auto columns) {
            constexpr int J = decltype(columns)::value;
            if (g + 1 == groups && last < V::N)
              layer_block<V, R, J, true, turned>(now, a, lda, from, ldb, c, ldc, more, last, ahead + t * V::N);
            else
              layer_block<V, R, J, false, turned>(now, a, lda, from, ldb, c, ldc, more, 0, ahead + t * V::N);
          });
        }
      });
    }
  }
}

template <class V, class T = typename V::Scalar>
void layer_nn(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
              bool add) {
  if constexpr (sizeof(typename V::reg) > 16) layer_gemm<V, false>(M, N, K, A, lda, B, ldb, C, ldc, add);
  else gemm_nn<V>(M, N, K, A, lda, B, ldb, C, ldc, add, static_cast<const T *>(nullptr));  // little code for little registers
}
template <class V, class T = typename V::Scalar>
void layer_nt(int32_t M, int32_t N, int32_t K, const T *A, ptrdiff_t lda, const T *B, ptrdiff_t ldb, T *C, ptrdiff_t ldc,
              bool add) {
  if constexpr (sizeof(typename V::reg) > 16) return layer_gemm<V, true>(M, N, K, A, lda, B, ldb, C, ldc, add);
  for (int j = 0; j < N; ++j) {
    T *c = C + j * ldc;
    for (int i = 0; i < M; ++i) c[i] = add ? c[i] : T(0);
    for (int k = 0; k < K; ++k) {
      const T b = B[j + k * ldb], *a = A + k * lda;
      for (int i = 0; i < M; ++i) c[i] += a[i] * b;
    }
  }
}

template <class T>
struct ExpOf;
template <>
struct ExpOf<float> {
  using Bits = uint32_t;
  static constexpr int shift = 23, terms = 7;
  static constexpr float magic = 12582912.0f, low = -86, high = 0.693359375f, rest = -2.12194440e-4f;
};
template <>
struct ExpOf<double> {
  using Bits = uint64_t;
  static constexpr int shift = 52, terms = 13;
  static constexpr double magic = 6755399441055744.0, low = -700, high = 6.93145751953125e-1, rest = 1.42860682030941723e-6;
};

// exp x for x <= 0, never below exp(low): x = k log 2 + r, |r| <= log(2)/2, and Taylor's series of r, whose first missing
// term is below half a unit roundoff.  k is rounded by adding 1.5 * 2^p, in whose last bits it then stands; NaN stays NaN.
template <class V, class T = typename V::Scalar>
inline typename V::reg exp_of(typename V::reg x) {
  using E = ExpOf<T>;
  typedef typename E::Bits Bits __attribute__((vector_size(sizeof(typename V::reg))));
  x = V::max(V::set(E::low), x);
  const typename V::reg t = V::fma(x, V::set(T(1.44269504088896341)), V::set(E::magic));
  const typename V::reg k = t - V::set(E::magic);
  const typename V::reg r = V::fma(k, V::set(-E::rest), V::fma(k, V::set(-E::high), x));
  typename V::reg p = V::set(T(1));
  for (int i = E::terms; i > 0; --i) p = V::fma(p, V::mul(r, V::set(T(1.0 / i))), V::set(T(1)));
  Bits bits, power;
  __builtin_memcpy(&bits, &p, sizeof bits);
  __builtin_memcpy(&power, &t, sizeof power);
  bits += power << E::shift;
  __builtin_memcpy(&p, &bits, sizeof p);
  return p;
}

template <class T>
constexpr T one_each[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

// body(load, store, alive, offset): as by_vectors, and what makes a number of lanes that are not there the second one.
template <class V, class T, class Body>
inline void by_live_vectors(int32_t n, const Body &body) {
  using reg = typename V::reg;
  int32_t i = 0;
  for (; i + V::N <= n; i += V::N)
    body([](const T *p) { return V::load(p); }, [](T *p, reg x) { V::store(p, x); }, [](reg x, reg) { return x; }, i);
  const int32_t rest = n - i;
  if (rest > 0) {
    const reg live = V::load_part(one_each<T>, rest);
    body([rest](const T *p) { return V::load_part(p, rest); }, [rest](T *p, reg x) { V::store_part(p, rest, x); },
         [live](reg x, reg dead) { return V::where_positive(live, x, dead); }, i);
  }
}

template <class V, class T = typename V::Scalar>
inline T largest(typename V::reg x) {
  T lane[V::N];
  V::store(lane, x);
  for (int w = V::N / 2; w > 0; w /= 2)
    for (int l = 0; l < w; ++l) lane[l] = lane[l + w] > lane[l] ? lane[l + w] : lane[l];
  return lane[0];
}

template <class V, class T = typename V::Scalar>
T soften(int32_t n, const T *e, T c, T *z, T *top, T *sum, T *weighted) {
  using reg = typename V::reg;
  const reg slope = V::set(c), none = V::set(*top);
  reg most = none;
  by_live_vectors<V, T>(n, [&](const auto &load, const auto &store, const auto &alive, int32_t i) {
    const reg x = V::fma(slope, load(e + i), load(z + i));
    store(z + i, x);
    most = V::max(most, alive(x, none));
  });
  const T now = largest<V>(most);
  T shrink[V::N];
  V::store(shrink, exp_of<V>(V::set(*top - now)));
  const reg minus = V::set(-now);
  reg s = V::zero(), w = V::zero();
  by_live_vectors<V, T>(n, [&](const auto &load, const auto &store, const auto &alive, int32_t i) {
    const reg p = alive(exp_of<V>(V::add(load(z + i), minus)), V::zero());
    store(z + i, p);
    s = V::add(s, p);
    w = V::fma(p, load(e + i), w);
  });
  *top = now;
  *sum = *sum * shrink[0] + V::sum(s);
  *weighted = *weighted * shrink[0] + V::sum(w);
  return shrink[0];
}

template <class V, class T = typename V::Scalar>
T harden(int32_t n, const T *e, T c, T top, T inverse, T du, T mean, T *z, T *d) {
  using reg = typename V::reg;
  const reg slope = V::set(c), minus = V::set(-top), inv = V::set(inverse), by = V::set(du), off = V::set(-mean);
  reg s = V::zero();
  by_live_vectors<V, T>(n, [&](const auto &load, const auto &store, const auto &alive, int32_t i) {
    const reg at = load(e + i), a = V::mul(inv, exp_of<V>(V::add(V::fma(slope, at, load(z + i)), minus)));
    const reg x = alive(V::mul(a, V::add(V::fma(by, at, load(d + i)), off)), V::zero());
    store(z + i, a);
    store(d + i, x);
    s = V::fma(x, at, s);
  });
  return V::sum(s);
}

template <class V, class T = typename V::Scalar>
T norm(int32_t n, const T *x, const T *gain, const T *shift, T *hat, T *out) {
  using reg = typename V::reg;
  reg s = V::zero(), q = V::zero();
  by_vectors<V, T>(n, [&](const auto &load, const auto &, int32_t i) { s = V::add(s, load(x + i)); });
  const reg minus = V::set(-V::sum(s) / T(n));
  by_live_vectors<V, T>(n, [&](const auto &load, const auto &, const auto &alive, int32_t i) {
    const reg t = alive(V::add(load(x + i), minus), V::zero());
    q = V::fma(t, t, q);
  });
  const T inverse = T(1) / sqrt_of(V::sum(q) / T(n) + T(1e-5));  // the usual epsilon
  const reg inv = V::set(inverse);
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    const reg t = V::mul(inv, V::add(load(x + i), minus));
    store(hat + i, t);
    store(out + i, V::fma(load(gain + i), t, load(shift + i)));
  });
  return inverse;
}

template <class V, class T = typename V::Scalar>
void norm_back(int32_t n, T inverse, const T *gain, const T *hat, const T *dy, T *dgain, T *dshift, T *dx) {
  using reg = typename V::reg;
  reg s = V::zero(), q = V::zero();
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    const reg y = load(dy + i), h = load(hat + i), t = V::mul(y, load(gain + i));
    store(dgain + i, V::fma(y, h, load(dgain + i)));
    store(dshift + i, V::add(y, load(dshift + i)));
    s = V::add(s, t);
    q = V::fma(t, h, q);
  });
  const reg inv = V::set(inverse), mean = V::set(-V::sum(s) / T(n)), slope = V::set(-V::sum(q) / T(n));
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    const reg t = V::mul(load(dy + i), load(gain + i));
    store(dx + i, V::mul(inv, V::fma(load(hat + i), slope, V::add(t, mean))));
  });
}

template <class V, class T = typename V::Scalar>
void madd(int32_t n, const T *a, const T *b, const T *c, T *out) {
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    store(out + i, V::fma(load(b + i), load(c + i), load(a + i)));
  });
}
template <class V, class T = typename V::Scalar>
void times(int32_t n, T s, const T *a, const T *b, T *out) {
  const typename V::reg by = V::set(s);
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    const typename V::reg x = V::mul(by, load(a + i));
    store(out + i, b ? V::mul(x, load(b + i)) : x);
  });
}
template <class V, class T = typename V::Scalar>
void add(int32_t n, const T *a, T *out) {
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) { store(out + i, V::add(load(out + i), load(a + i))); });
}
template <class V, class T = typename V::Scalar>
void rectify(int32_t n, const T *h, T *x) {
  by_vectors<V, T>(n, [&](const auto &load, const auto &store, int32_t i) {
    store(x + i, V::where_positive(load(h + i), load(x + i), V::zero()));
  });
}
template <class V, class T = typename V::Scalar>
T dot(int32_t n, const T *a, const T *b) {
  typename V::reg s = V::zero();
  by_vectors<V, T>(n, [&](const auto &load, const auto &, int32_t i) { s = V::fma(load(a + i), load(b + i), s); });
  return V::sum(s);
}
template <class T>
void adam(size_t n, const T *k, const T *__restrict g, T *__restrict p, T *__restrict m, T *__restrict v) {
  const T b1 = k[0], b2 = k[1], epsilon = k[2], keep = k[3], step = k[4], second = k[5], by = k[6];
  for (size_t i = 0; i < n; ++i) {
    const T x = by * g[i];
    m[i] = b1 * m[i] + (T(1) - b1) * x;
    v[i] = b2 * v[i] + (T(1) - b2) * x * x;
    p[i] = keep * p[i] - step * m[i] / (sqrt_of(v[i] * second) + epsilon);
  }
}

// ---- The tables, made by the type that is asked for ---------------------------------------------------------------------

template <class V>
struct Made {
  using T = typename V::Scalar;
  const char *name;
  constexpr operator Kernels<T>() const { return {name, gemm_tn<V>, gemm_nn<V>, hals<V>, scan<V>, project<V>}; }
  constexpr operator SparseKernels<T>() const { return {gather<V>, scatter<V>}; }
  constexpr operator ReluKernels<T>() const { return {relu_residual<V>, relu_momentum<V>}; }
  constexpr operator LossKernels<T>() const {
    return {ratio<V>, dots<V>, divergence<T, true>, divergence<T, false>, ccd<V>};
  }
  constexpr operator MuKernels<T>() const { return {mu_forward<V>, mu_back<V>}; }
  constexpr operator FactormerKernels<T>() const {
    return {layer_nn<V>, soften<V>, harden<V>, norm<V>, norm_back<V>, madd<V>, times<V>, add<V>, rectify<V>, dot<V>};
  }
  constexpr operator TrainKernels<T>() const { return {layer_nt<V>, adam<T>}; }
};
template <class Table, class V>
constexpr Table made = Made<V>{ORTHANT_ISA_NAME};

#define ORTHANT_TABLES(on, T, V)                                                       \
  template <>                                                                          \
  const Kernels<T> *on<Kernels<T>>() { return &made<Kernels<T>, V>; }                  \
  template <>                                                                          \
  const SparseKernels<T> *on<SparseKernels<T>>() { return &made<SparseKernels<T>, V>; } \
  template <>                                                                          \
  const ReluKernels<T> *on<ReluKernels<T>>() { return &made<ReluKernels<T>, V>; }      \
  template <>                                                                          \
  const LossKernels<T> *on<LossKernels<T>>() { return &made<LossKernels<T>, V>; }      \
  template <>                                                                          \
  const MuKernels<T> *on<MuKernels<T>>() { return &made<MuKernels<T>, V>; }            \
  template <>                                                                          \
  const FactormerKernels<T> *on<FactormerKernels<T>>() { return &made<FactormerKernels<T>, V>; } \
  template <>                                                                          \
  const TrainKernels<T> *on<TrainKernels<T>>() { return &made<TrainKernels<T>, V>; }
