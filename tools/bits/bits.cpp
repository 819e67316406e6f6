// A hash of every result: proof that a change of the code changes no bit.
//
//   bits MODELS [PREFIX]     rows `name/wN,hash` of all cases, or of those whose names begin with PREFIX
//   bits --kernels           the instruction set of the library
//
// Each case runs for 1, 2, 3 and 7 workers, each time with its workspace at another address and with other garbage in
// the workspace and in the arrays that are only written: all four must agree.  A case that is refused is a row as well.
// Only the public interface is used, and no function of libm makes the inputs.  What may be renamed stands in the
// tables below.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "orthant/experimental.hpp"

namespace {

using std::string;
template <class T>
using Abi = orthant::Experimental<T>;

// ---- Names -------------------------------------------------------------------------------------------------------

struct Named {
  const char *name;
  int32_t value;
};

constexpr Named nmf_methods[] = {
    {"auto", 0},
    {"ehals", ORTHANT_NMF_EHALS},
    {"hals", ORTHANT_NMF_HALS},
    {"ahals", ORTHANT_NMF_AHALS},
    {"anls", ORTHANT_NMF_ANLS},
    {"aoadmm", ORTHANT_NMF_AOADMM},
    {"pg", ORTHANT_NMF_PG},
    {"mu", ORTHANT_NMF_MU},
    {"ccd", ORTHANT_NMF_CCD},
    {"minvol", ORTHANT_NMF_MINVOL},
    {"murnmf", ORTHANT_NMF_MURNMF},
    {"aurnmf", ORTHANT_NMF_AURNMF},
};
constexpr Named nmf_starts[] = {
    {"auto", 0},
    {"cols", ORTHANT_START_COLS},
    {"spas", ORTHANT_START_SPAS},
    {"spa", ORTHANT_START_SPA},
    {"random", ORTHANT_START_RANDOM},
    {"nndsvd", ORTHANT_START_NNDSVD},
    {"nndsvda", ORTHANT_START_NNDSVDA},
    {"nndsvdar", ORTHANT_START_NNDSVDAR},
    {"given", ORTHANT_START_GIVEN},
    {"sub", ORTHANT_START_SUB},
};
struct LossNamed {
  const char *name;
  int32_t loss;
  double beta;
};
constexpr LossNamed losses[] = {
    {"kl", ORTHANT_LOSS_KL, 0},          {"is", ORTHANT_LOSS_IS, 0},        {"beta-0.5", ORTHANT_LOSS_BETA, -0.5},
    {"beta0.5", ORTHANT_LOSS_BETA, 0.5}, {"beta1", ORTHANT_LOSS_BETA, 1},   {"beta1.5", ORTHANT_LOSS_BETA, 1.5},
    {"beta2", ORTHANT_LOSS_BETA, 2},     {"beta3", ORTHANT_LOSS_BETA, 3},
};
// The kinds of data; MASKED with NaN alone, and with weights too.
constexpr int32_t weighted = 100;
constexpr Named kinds[] = {
    {"dense", ORTHANT_DENSE},
    {"csc", ORTHANT_CSC},
    {"csr", ORTHANT_CSR},
    {"masked", ORTHANT_MASKED},
    {"weighted", weighted},
};
// A kind whose code is that of another one.
constexpr bool twin(int32_t kind) { return kind == ORTHANT_CSR || kind == weighted; }
constexpr Named unmasked[] = {kinds[0], kinds[1], kinds[2]};
constexpr Named unmix_methods[] = {
    {"auto", 0},
    {"bpp", ORTHANT_UNMIX_BPP},
    {"active_set", ORTHANT_UNMIX_ACTIVE_SET},
    {"hals", ORTHANT_UNMIX_HALS},
    {"admm", ORTHANT_UNMIX_ADMM},
    {"fast_pg", ORTHANT_UNMIX_FAST_PG},
    {"mu", ORTHANT_UNMIX_MU},
    {"unconstrained", ORTHANT_UNMIX_UNCONSTRAINED},
    {"clip", ORTHANT_UNMIX_CLIP},
};
constexpr Named endmember_methods[] = {
    {"auto", 0},
    {"vca", ORTHANT_ENDMEMBERS_VCA},
    {"spa", ORTHANT_ENDMEMBERS_SPA},
    {"nfindr", ORTHANT_ENDMEMBERS_NFINDR},
};
constexpr Named projections[] = {
    {"auto", 0},
    {"affine", ORTHANT_PROJECTION_AFFINE},
    {"projective", ORTHANT_PROJECTION_PROJECTIVE},
    {"published", ORTHANT_PROJECTION_PUBLISHED},
};
constexpr Named symmetric_kinds[] = {
    {"identity", ORTHANT_IDENTITY},
    {"scalar", ORTHANT_SCALAR},
    {"diagonal", ORTHANT_DIAGONAL},
    {"symmetric", ORTHANT_SYMMETRIC},
};
constexpr Named qp_rules[] = {
    {"auto", 0},
    {"lee_seung", ORTHANT_QP_LEE_SEUNG},
    {"escape", ORTHANT_QP_ESCAPE},
    {"complementarity", ORTHANT_QP_COMPLEMENTARITY},
    {"sqrt", ORTHANT_QP_SQRT},
    {"steepest", ORTHANT_QP_STEEPEST},
    {"lemma_b", ORTHANT_QP_LEMMA_B},
};
constexpr Named relu_methods[] = {
    {"auto", 0},
    {"qn", ORTHANT_RELU_NMD_QN},
    {"tm", ORTHANT_RELU_NMD_TM},
    {"3b", ORTHANT_RELU_NMD_3B},
    {"anmd", ORTHANT_RELU_NMD_ANMD},
    {"naive", ORTHANT_RELU_NMD_NAIVE},
    {"anaive", ORTHANT_RELU_NMD_ANAIVE},
    {"em", ORTHANT_RELU_NMD_EM},
    {"aem", ORTHANT_RELU_NMD_AEM},
};
constexpr Named relu_starts[] = {
    {"auto", 0},
    {"tsvd", ORTHANT_RELU_START_TSVD},
    {"nuclear", ORTHANT_RELU_START_NUCLEAR},
    {"random", ORTHANT_RELU_START_RANDOM},
    {"given", ORTHANT_RELU_START_GIVEN},
};
// The misprint of NMD-TM, in the place of a z_start.
constexpr int32_t literal = 100;
constexpr Named relu_z_starts[] = {
    {"auto", 0},
    {"data", ORTHANT_RELU_Z_DATA},
    {"feasible", ORTHANT_RELU_Z_FEASIBLE},
    {"literal", literal},
};
constexpr Named graph_kinds[] = {
    {"auto", 0},
    {"gaussian", ORTHANT_GRAPH_GAUSSIAN},
    {"cosine", ORTHANT_GRAPH_COSINE},
    {"binary", ORTHANT_GRAPH_BINARY},
};
constexpr Named symnmf_methods[] = {
    {"auto", 0},
    {"anls", ORTHANT_SYMNMF_ANLS},
    {"hals", ORTHANT_SYMNMF_HALS},
    {"alternate", ORTHANT_SYMNMF_ALTERNATE},
    {"fixed_point", ORTHANT_SYMNMF_FIXED_POINT},
    {"admm", ORTHANT_SYMNMF_ADMM},
    {"newton", ORTHANT_SYMNMF_NEWTON},
    {"pgd", ORTHANT_SYMNMF_PGD},
};
constexpr Named symnmf_starts[] = {
    {"auto", 0},
    {"scaled", ORTHANT_SYMNMF_START_SCALED},
    {"plain", ORTHANT_SYMNMF_START_PLAIN},
    {"given", ORTHANT_SYMNMF_START_GIVEN},
    {"spectral", ORTHANT_SYMNMF_START_SPECTRAL},
};
constexpr Named symnmf_penalties[] = {
    {"auto", 0},
    {"practical", ORTHANT_PENALTY_PRACTICAL},
    {"sufficient", ORTHANT_PENALTY_SUFFICIENT},
    {"none", ORTHANT_PENALTY_NONE},
};
constexpr Named symnet_bounds[] = {
    {"auto", 0},
    {"sufficient", ORTHANT_SYMNET_SUFFICIENT},
    {"prop1", ORTHANT_SYMNET_PROP1},
    {"free", ORTHANT_SYMNET_FREE},
};
constexpr Named abundance_kinds[] = {
    {"auto", 0},
    {"dirichlet", ORTHANT_ABUNDANCES_DIRICHLET},
    {"dead_leaves", ORTHANT_ABUNDANCES_DEAD_LEAVES},
    {"maps", ORTHANT_ABUNDANCES_MAPS},
};
constexpr Named factor_sets[] = {
    {"training", ORTHANT_FACTORS_TRAINING},
    {"small", ORTHANT_FACTORS_SMALL},
    {"large", ORTHANT_FACTORS_LARGE},
};
constexpr Named moving_factors[] = {
    {"auto", 0},
    {"one", ORTHANT_NALMU_ONE},
    {"both", ORTHANT_NALMU_BOTH},
};
constexpr Named spreads[] = {
    {"component", ORTHANT_SPREAD_COMPONENT},
    {"full", ORTHANT_SPREAD_FULL},
    {"network", ORTHANT_SPREAD_NETWORK},
};
constexpr Named positivities[] = {
    {"exp", ORTHANT_POSITIVITY_EXP},
    {"direct", ORTHANT_POSITIVITY_DIRECT},
    {"softplus", ORTHANT_POSITIVITY_SOFTPLUS},
};
constexpr Named layer_weights[] = {
    {"linear", ORTHANT_NU_LINEAR},
    {"log", ORTHANT_NU_LOG},
    {"last", ORTHANT_NU_LAST},
};
constexpr Named fits[] = {
    {"none", ORTHANT_FIT_NONE}, {"l2", ORTHANT_FIT_L2},       {"mse", ORTHANT_FIT_MSE},
    {"nmse", ORTHANT_FIT_NMSE}, {"angle", ORTHANT_FIT_ANGLE}, {"negcos", ORTHANT_FIT_NEGCOS},
};
constexpr Named residuals[] = {
    {"input", ORTHANT_RESIDUAL_INPUT},
    {"message", ORTHANT_RESIDUAL_MESSAGE},
    {"norm", ORTHANT_RESIDUAL_NORM},
};
constexpr Named elements[] = {
    {"f32", ORTHANT_ELEMENT_F32}, {"f16", ORTHANT_ELEMENT_F16}, {"bf16", ORTHANT_ELEMENT_BF16},
    {"i8", ORTHANT_ELEMENT_I8},   {"i16", ORTHANT_ELEMENT_I16}, {"i32", ORTHANT_ELEMENT_I32},
    {"f64", ORTHANT_ELEMENT_F64},
};

string part(const char *s) { return s; }
string part(const string &s) { return s; }
string part(const Named &n) { return n.name; }
string part(const LossNamed &n) { return n.name; }
string part(int32_t n) { return std::to_string(n); }

template <class... P>
string path(const P &...p) {
  string out;
  ((out += out.empty() ? part(p) : "/" + part(p)), ...);
  return out;
}

// ---- Inputs ------------------------------------------------------------------------------------------------------

// Number `index` of a stream, in [0, 1): the mixer of SplitMix64 on a counter.
double uniform(uint64_t stream, uint64_t index) {
  uint64_t z = (stream << 40) + index * 0x9E3779B97F4A7C15u + 0x632BE59BD9B4E019u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return double((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

// Column-major with a gap between columns.
template <class T>
struct Array {
  int32_t rows, cols, ld;
  std::vector<T> store;
  Array(int32_t m, int32_t n, int32_t gap = 0) : rows(m), cols(n), ld(m + gap), store(size_t(ld) * size_t(n)) {}
  T *data() { return store.data(); }
  const T *data() const { return store.data(); }
  T &operator()(int32_t i, int32_t j) { return store[size_t(i) + size_t(ld) * size_t(j)]; }
  const T &operator()(int32_t i, int32_t j) const { return store[size_t(i) + size_t(ld) * size_t(j)]; }
  template <class F>
  Array &each(const F &f) {
    for (int32_t j = 0; j < cols; ++j)
      for (int32_t i = 0; i < rows; ++i) (*this)(i, j) = T(f(i, j));
    return *this;
  }
  Array &random(uint64_t stream) {
    return each([&](int32_t i, int32_t j) { return uniform(stream, uint64_t(i) + uint64_t(rows) * uint64_t(j)); });
  }
};

template <class T>
typename Abi<T>::Matrix dense(const Array<T> &A) {
  return {sizeof(typename Abi<T>::Matrix), ORTHANT_DENSE, A.rows, A.cols, A.ld, 0, A.data(), {}, {}, {}, {}, {}};
}

struct Shape {
  int32_t rows, cols, rank;
};
string part(const Shape &s) {
  return std::to_string(s.rows) + "x" + std::to_string(s.cols) + "r" + std::to_string(s.rank);
}

// Compressed by lines, which are columns or rows; the entries of every third line in descending order.
template <class T>
struct Sparse {
  std::vector<T> values;
  std::vector<int32_t> starts{0}, indices;
  Sparse(const Array<T> &A, bool by_rows) {
    const int32_t lines = by_rows ? A.rows : A.cols, across = by_rows ? A.cols : A.rows;
    for (int32_t a = 0; a < lines; ++a) {
      for (int32_t k = 0; k < across; ++k) {
        const int32_t b = a % 3 == 2 ? across - 1 - k : k;
        const T v = by_rows ? A(a, b) : A(b, a);
        if (v == T(0)) continue;
        values.push_back(v);
        indices.push_back(b);
      }
      starts.push_back(int32_t(indices.size()));
    }
  }
};

// One matrix in all kinds: positive of low rank, with noise; thinned for the sparse kinds, with holes for the masked.
template <class T>
struct Data {
  Shape s;
  Array<T> full, thin, holes, weights;
  Sparse<T> by_cols, by_rows;
  explicit Data(const Shape &shape, double threshold = 0.6)
      : s(shape), full(make(shape)), thin(thinned(full, threshold)), holes(with_holes(full)),
        weights(Array<T>(s.rows, s.cols, 1).random(5)), by_cols(thin, false), by_rows(thin, true) {
    weights.each([&](int32_t i, int32_t j) { return (i + 3 * j) % 11 == 4 ? 0 : double(weights(i, j)); });
  }
  typename Abi<T>::Matrix matrix(int32_t kind) const {
    using Matrix = typename Abi<T>::Matrix;
    if (kind == ORTHANT_CSC || kind == ORTHANT_CSR) {
      const Sparse<T> &p = kind == ORTHANT_CSC ? by_cols : by_rows;
      return {sizeof(Matrix), kind, s.rows, s.cols, 0, 0, p.values.data(), p.starts.data(), p.indices.data(), {}};
    }
    Matrix M = dense(kind == ORTHANT_DENSE ? full : holes);
    if (kind != ORTHANT_DENSE) M.kind = ORTHANT_MASKED;
    if (kind == weighted) M.weights = weights.data(), M.ld_weights = weights.ld;
    return M;
  }

 private:
  static Array<T> make(const Shape &s) {
    const Array<double> A = Array<double>(s.rows, 3).random(1), B = Array<double>(3, s.cols).random(2);
    Array<T> out(s.rows, s.cols, 3);
    const Array<double> noise = Array<double>(s.rows, s.cols).random(3);
    out.each([&](int32_t i, int32_t j) {
      double sum = 0.01 + 0.2 * noise(i, j);
      for (int32_t k = 0; k < 3; ++k) sum += A(i, k) * B(k, j);
      return sum;
    });
    return out;
  }
  static Array<T> thinned(const Array<T> &A, double threshold) {
    Array<T> out(A.rows, A.cols, 2);
    out.each([&](int32_t i, int32_t j) {
      const bool zero = uniform(4, uint64_t(i) + uint64_t(A.rows) * uint64_t(j)) < threshold || (j == 4 && A.cols > 9);
      return zero ? T(0) : A(i, j);
    });
    return out;
  }
  static Array<T> with_holes(const Array<T> &A) {
    Array<T> out(A.rows, A.cols, 1);
    return out.each([&](int32_t i, int32_t j) { return (7 * i + 5 * j) % 13 == 3 ? T(NAN) : A(i, j); });
  }
};

// A symmetric graph with three groups.
template <class T>
struct Graph {
  Array<T> X;
  Sparse<T> by_cols, by_rows;
  explicit Graph(int32_t n) : X(make(n)), by_cols(X, false), by_rows(X, true) {}
  typename Abi<T>::Matrix matrix(int32_t kind) const {
    typename Abi<T>::Matrix M = dense(X);
    if (kind == ORTHANT_MASKED || kind == weighted) M.kind = ORTHANT_MASKED;
    if (kind != ORTHANT_CSC && kind != ORTHANT_CSR) return M;
    const Sparse<T> &p = kind == ORTHANT_CSC ? by_cols : by_rows;
    M.kind = kind, M.ld = 0;
    M.values = p.values.data(), M.starts = p.starts.data(), M.indices = p.indices.data();
    return M;
  }

 private:
  static Array<T> make(int32_t n) {
    Array<T> out(n, n, 2);
    return out.each([&](int32_t i, int32_t j) {
      const int32_t low = std::min(i, j), high = std::max(i, j);
      const double u = uniform(6, uint64_t(low) + uint64_t(n) * uint64_t(high));
      const bool same = low % 3 == high % 3;
      return low == high ? 0 : same ? (u < 0.5 ? 0 : u) : u < 0.9 ? 0 : 0.2 * u;
    });
  }
};

// A weight blob at an aligned address.
class Blob {
 public:
  Blob() = default;
  explicit Blob(size_t bytes) : bytes_(bytes), store_(bytes / sizeof(Line) + 1) {}
  unsigned char *data() { return store_.empty() ? nullptr : store_[0].bytes; }
  size_t bytes() const { return bytes_; }
  // Null where there is none, or where it is refused.
  const orthant_model *model() {
    const orthant_model *m = nullptr;
    if (bytes_ && orthant_model_open(data(), bytes_, &m) != ORTHANT_OK) return nullptr;
    return m;
  }

 private:
  struct alignas(64) Line {
    unsigned char bytes[64];
  };
  size_t bytes_ = 0;
  std::vector<Line> store_;
};

// What save(out, capacity, bytes) writes; empty where it refuses.
template <class Save>
Blob saved(const Save &save) {
  size_t bytes = 0;
  if (save(nullptr, size_t(0), &bytes) != ORTHANT_OK) return {};
  Blob out(bytes);
  if (save(out.data(), bytes, &bytes) != ORTHANT_OK) return {};
  return out;
}

string models_folder;

Blob read_model(const string &name) {
  std::ifstream in(models_folder + "/" + name, std::ios::binary);
  const string s((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (s.empty()) {
    fprintf(stderr, "bits: no model %s\n", name.c_str());
    exit(1);
  }
  Blob out(s.size());
  memcpy(out.data(), s.data(), s.size());
  return out;
}

// ---- A case ------------------------------------------------------------------------------------------------------

template <class Config>
Config config() {
  Config c;
  memset(&c, 0, sizeof c);
  c.size = sizeof c;
  return c;
}

#define TRY(call)                                                \
  do {                                                           \
    if (const orthant_status status_ = (call); status_ != ORTHANT_OK) return status_; \
  } while (0)

// One run of one case: a pool of so many workers, garbage of its own, and the hash of what came out.
class Case {
 public:
  explicit Case(int32_t workers) : workers_(workers), pool_{sizeof pool_, workers, run, this} {}
  Case(const Case &) = delete;
  Case &operator=(const Case &) = delete;

  const orthant_parallel *parallel() const { return workers_ == 1 ? nullptr : &pool_; }
  uint64_t hash() const { return hash_; }

  // Bytes full of garbage, at an address that depends on the number of workers.
  void *memory(size_t bytes) {
    const size_t shift = workers_ == 1 ? 0 : workers_ == 2 ? 1 : workers_ == 3 ? 17 : 40;
    memory_.emplace_back(bytes + 128, garbage());
    unsigned char *p = memory_.back().data();
    return p + (64 - reinterpret_cast<uintptr_t>(p) % 64) % 64 + shift;
  }
  template <class T>
  Array<T> blank(int32_t rows, int32_t cols, int32_t gap = 0) const {
    Array<T> out(rows, cols, gap);
    memset(static_cast<void *>(out.data()), garbage(), out.store.size() * sizeof(T));
    return out;
  }
  template <class T>
  std::vector<T> blank_list(size_t n) const {
    std::vector<T> out(n);
    memset(static_cast<void *>(out.data()), garbage(), n * sizeof(T));
    return out;
  }
  // A struct that the library writes, all but its size.
  template <class S>
  S blank_struct() const {
    S s;
    memset(&s, garbage(), sizeof s);
    s.size = sizeof s;
    return s;
  }

  void add_bytes(const void *data, size_t n) {
    const unsigned char *p = static_cast<const unsigned char *>(data);
    for (size_t i = 0; i < n; ++i) hash_ = (hash_ ^ p[i]) * 1099511628211u;
  }
  // Each NaN is as any other: which of two operands gave its bits is the compiler's choice.
  template <class T>
  void add(T x) {
    if (x != x) x = std::numeric_limits<T>::has_quiet_NaN ? std::numeric_limits<T>::quiet_NaN() : x;
    add_bytes(&x, sizeof x);
  }
  void add(const char *text) { add_bytes(text ? text : "(null)", text ? strlen(text) : 6); }
  template <class T>
  void add(const std::vector<T> &v) {
    for (const T x : v) add(x);
  }
  template <class T>
  void add(const Array<T> &A) {
    for (int32_t j = 0; j < A.cols; ++j)
      for (int32_t i = 0; i < A.rows; ++i) add(A(i, j));
  }
  void add(const orthant_report &r) {
    // One of `worst` and `clipped` is zero, and the hashes are those of when they were one field.
    for (const int32_t x : {r.stop, r.iters, r.worst + r.clipped, r.proposals}) add(x);
    for (const double x : {r.objective, r.rel_error, r.kkt, r.gap, r.bound}) add(x);
  }
  void add(Blob b) { add_bytes(b.data(), b.bytes()); }

 private:
  unsigned char garbage() const { return workers_ == 1 ? 0 : workers_ == 2 ? 0xFF : workers_ == 3 ? 0x3F : 0xA5; }

  // On the calling thread, shuffled: how work is cut must not depend on who does it, nor on the order.
  static void run(void *user, int32_t tasks, orthant_task_fn task, void *arg) {
    Case &c = *static_cast<Case *>(user);
    std::vector<int32_t> order;
    for (int32_t i = 0; i < tasks; ++i) order.push_back(i);
    for (size_t k = order.size(); k > 1; --k)
      std::swap(order[k - 1], order[size_t(uniform(99, c.drawn_++) * double(k))]);
    for (const int32_t index : order) task(arg, index, int32_t(c.turn_++ % uint64_t(c.workers_)));
  }

  int32_t workers_;
  orthant_parallel pool_;
  uint64_t drawn_ = 0, turn_ = 0, hash_ = 14695981039346656037u;
  std::vector<std::vector<unsigned char>> memory_;
};

// The rows of body(case), a status.
class Table {
 public:
  string prefix;
  bool wanted(const string &name) const { return name.compare(0, prefix.size(), prefix) == 0; }
  // Whether a row below `name` may be wanted.
  bool wants_part(const string &name) const {
    const size_t n = std::min(name.size(), prefix.size());
    return name.compare(0, n, prefix, 0, n) == 0;
  }
  template <class Body>
  void row(const string &name, const Body &body) { rows(name, {1, 2, 3, 7}, body); }
  template <class Body>
  void serial_row(const string &name, const Body &body) { rows(name, {1, 2}, body); }

 private:
  template <class Body>
  void rows(const string &name, std::initializer_list<int32_t> workers, const Body &body) {
    if (!names_.insert(name).second) {
      fprintf(stderr, "bits: two rows named %s\n", name.c_str());
      exit(1);
    }
    if (!wanted(name)) return;
    for (const int32_t w : workers) {
      Case k(w);
      const orthant_status st = body(k);
      if (st != ORTHANT_OK) printf("%s/w%d,status %d\n", name.c_str(), w, st);
      else printf("%s/w%d,%016llx\n", name.c_str(), w, static_cast<unsigned long long>(k.hash()));
    }
  }
  std::set<string> names_;
};
Table table;

// A handle of any noun whose init takes the config, memory and nothing else.
template <class Handle, class Config>
orthant_status make(Case &k, const Config &c, orthant_status (*size)(const Config *, size_t *),
                    orthant_status (*init)(const Config *, void *, size_t, Handle **), Handle **out) {
  size_t bytes = 0;
  TRY(size(&c, &bytes));
  return init(&c, k.memory(bytes), bytes, out);
}

int32_t add_progress(void *user, const orthant_report *r) {
  static_cast<Case *>(user)->add(*r);
  return 0;
}
int32_t cancel_at_two(void *user, const orthant_report *r) {
  static_cast<Case *>(user)->add(*r);
  return r->iters >= 2;
}

// ---- NMF ---------------------------------------------------------------------------------------------------------

template <class T>
struct Nmf {
  orthant_nmf_config c = config<orthant_nmf_config>();
  const typename Abi<T>::Terms *terms = nullptr;
  int32_t misprints = 0;
  bool started = true;  // false: the first run takes the factors as given

  Nmf(const Named &method, const Named &start, int32_t iterations) {
    c.method = method.value, c.start = start.value, c.max_iter = iterations;
    c.tol = -1;
    c.seed = 7;
  }
  orthant_status operator()(Case &k, const Data<T> &d, int32_t kind) const {
    orthant_nmf_config own = c;
    own.rows = d.s.rows, own.cols = d.s.cols, own.rank = d.s.rank;
    own.data = kind == weighted ? ORTHANT_MASKED : kind;
    own.parallel = k.parallel();
    own.user = &k;
    typename Abi<T>::Nmf *s = nullptr;
    TRY(make(k, own, Abi<T>::nmf_size, Abi<T>::nmf_init, &s));
    if (misprints) TRY(Abi<T>::nmf_misprints(s, misprints));
    if (terms) TRY(Abi<T>::nmf_terms(s, terms));
    Array<T> W = k.blank<T>(d.s.rows, d.s.rank, 2), H = k.blank<T>(d.s.rank, d.s.cols, 1);
    const bool given = own.start == ORTHANT_START_GIVEN || !started;
    if (given || own.fixed_w) W.random(11);
    if (given) H.random(12);
    const auto V = d.matrix(kind);
    if (started) TRY(Abi<T>::nmf_start(s, &V, W.data(), W.ld, H.data(), H.ld));
    k.add(W);
    k.add(H);
    for (int i = 0; i < 2; ++i) {
      orthant_report r = k.blank_struct<orthant_report>();
      TRY(Abi<T>::nmf_run(s, &V, W.data(), W.ld, H.data(), H.ld, &r));
      k.add(W);
      k.add(H);
      k.add(r);
    }
    return ORTHANT_OK;
  }
};

// Rows for the kinds of data; for dense data alone where that is refused.
template <class T>
void nmf_rows(const string &name, const Nmf<T> &job, const Data<T> &d, bool some_kinds = false) {
  orthant_nmf_config c = job.c;
  c.rows = d.s.rows, c.cols = d.s.cols, c.rank = d.s.rank;
  Case asked(1);
  typename Abi<T>::Nmf *s = nullptr;
  const bool accepted = make(asked, c, Abi<T>::nmf_size, Abi<T>::nmf_init, &s) == ORTHANT_OK &&
                        (!job.misprints || Abi<T>::nmf_misprints(s, job.misprints) == ORTHANT_OK);
  for (const Named &kind : kinds)
    if (kind.value == ORTHANT_DENSE || (accepted && !(some_kinds && twin(kind.value))))
      table.row(path(name, kind, d.s, Abi<T>::name), [&](Case &k) { return job(k, d, kind.value); });
}

constexpr Named by_default{"auto", 0}, from_cols{"cols", ORTHANT_START_COLS}, from_given{"given", ORTHANT_START_GIVEN},
    from_random{"random", ORTHANT_START_RANDOM}, from_nndsvd{"nndsvd", ORTHANT_START_NNDSVD};

template <class T>
void nmf_plain() {
  const Data<T> small({40, 30, 3});
  for (const Named &method : nmf_methods)
    for (const Named &start : nmf_starts)
      nmf_rows(path("nmf", method, start, "frobenius"), Nmf<T>(method, start, 4), small);
  for (const Shape &s : {Shape{1, 17, 1}, Shape{17, 1, 2}, Shape{6, 5, 7}, Shape{1, 1, 1}}) {
    const Data<T> tiny(s, 0.2);
    for (const Named &method : nmf_methods)
      for (const Named &start : {from_cols, from_nndsvd})
        nmf_rows(path("nmf", method, start, "frobenius"), Nmf<T>(method, start, 3), tiny);
  }
  for (const Shape &s : {Shape{700, 500, 4}, Shape{64, 2000, 5}, Shape{3000, 40, 4}, Shape{90, 1100, 19}}) {
    const Data<T> large(s, 0.9);
    for (const Named &method : nmf_methods)
      nmf_rows(path("nmf", method, by_default, "frobenius"), Nmf<T>(method, by_default, 2), large);
  }
}

template <class T>
void nmf_starts_large() {
  const Data<T> d({300, 400, 4}, 0.9);
  for (const Named &start : nmf_starts)
    nmf_rows(path("nmf/hals", start, "frobenius"), Nmf<T>(nmf_methods[2], start, 1), d);
  // Coarse to fine: one sample, and with more iterations a sample of a sample.
  for (const Shape &s : {Shape{400, 300, 3}, Shape{1000, 700, 3}, Shape{60, 1500, 8}}) {
    const Data<T> large(s, 0.9);
    for (const Named &method : {nmf_methods[0], nmf_methods[1], nmf_methods[2], nmf_methods[4], nmf_methods[7]})
      for (const int32_t iterations : {2, 5}) {
        if (s.rows == 1000 && method.value > ORTHANT_NMF_EHALS) continue;
        const Nmf<T> job(method, {"sub", ORTHANT_START_SUB}, iterations);
        table.row(path("nmf", method, "sub/frobenius/dense", s, "iterations", iterations, Abi<T>::name),
                  [&](Case &k) { return job(k, large, ORTHANT_DENSE); });
      }
  }
}

template <class T>
void nmf_losses() {
  const Data<T> small({40, 30, 3}), large({300, 520, 4}, 0.9), tall({1200, 40, 3}, 0.9);
  for (const LossNamed &loss : losses) {
    const auto job = [&](const Named &method, const Named &start, int32_t iterations) {
      Nmf<T> out(method, start, iterations);
      out.c.loss = loss.loss, out.c.beta = loss.beta;
      return out;
    };
    for (const Named &method : nmf_methods) {
      nmf_rows(path("nmf", method, by_default, loss), job(method, by_default, 4), small);
      if (method.value && method.value != ORTHANT_NMF_MU && method.value != ORTHANT_NMF_CCD && loss.beta != 2) continue;
      nmf_rows(path("nmf", method, from_given, loss), job(method, from_given, 4), small);
      Nmf<T> penalized = job(method, from_random, 4);
      penalized.c.l1_w = 0.01, penalized.c.l1_h = 0.02;
      nmf_rows(path("nmf", method, "random", loss, "l1"), penalized, small);
      penalized.c.l2_w = 0.03, penalized.c.l2_h = 0.01;
      nmf_rows(path("nmf", method, "random", loss, "l1+l2"), penalized, small);
    }
    for (const Named &method : {nmf_methods[0], nmf_methods[7]}) {
      nmf_rows(path("nmf", method, by_default, loss), job(method, by_default, 1), large);
      nmf_rows(path("nmf", method, by_default, loss), job(method, by_default, 1), tall);
    }
    Nmf<T> to_the_end = job(nmf_methods[0], from_random, 60);
    to_the_end.c.tol = 0, to_the_end.c.tol_obj = 1e-3;
    nmf_rows(path("nmf/auto/random", loss, "stop"), to_the_end, small);
  }
}

template <class T>
void nmf_options() {
  const Data<T> small({40, 30, 3}), large({300, 400, 4}, 0.9), fine({23, 31, 4});
  struct Option {
    const char *name;
    void (*set)(orthant_nmf_config &);
    int32_t misprints = 0;
  };
  const Option options[] = {
      {"l1", [](orthant_nmf_config &c) { c.l1_w = 0.02, c.l1_h = 0.03; }},
      {"l2", [](orthant_nmf_config &c) { c.l2_w = 0.02, c.l2_h = 0.03; }},
      {"ortho_w", [](orthant_nmf_config &c) { c.ortho_w = 0.02; }},
      {"ortho_components",
       [](orthant_nmf_config &c) { c.ortho_w = 0.02, c.ortho_h = 0.03, c.ortho_axis = ORTHANT_ORTHO_COMPONENTS; }},
      {"ortho_observations",
       [](orthant_nmf_config &c) { c.ortho_w = 0.02, c.ortho_h = 0.03, c.ortho_axis = ORTHANT_ORTHO_OBSERVATIONS; }},
      {"penalties",
       [](orthant_nmf_config &c) { c.l1_w = c.l2_h = 0.02, c.l1_h = c.l2_w = 0.01, c.ortho_w = c.ortho_h = 0.03; }},
      {"fixed_w", [](orthant_nmf_config &c) { c.fixed_w = 1; }},
      {"fixed_w+penalties", [](orthant_nmf_config &c) { c.fixed_w = 1, c.l1_h = 0.02, c.l2_h = c.ortho_h = 0.01; }},
      {"sweeps", [](orthant_nmf_config &c) { c.sweeps = 3; }},
      {"rho", [](orthant_nmf_config &c) { c.rho = 0.7; }},
      {"none", [](orthant_nmf_config &c) { c.max_iter = -1; }},
      {"progress", [](orthant_nmf_config &c) { c.progress = add_progress; }},
      {"cancel", [](orthant_nmf_config &c) { c.progress = cancel_at_two; }},
      {"stop_kkt", [](orthant_nmf_config &c) { c.tol = 1e-2, c.max_iter = 60; }},
      {"stop_objective", [](orthant_nmf_config &c) { c.tol_obj = 1e-3, c.max_iter = 60; }},
      {"stop_step", [](orthant_nmf_config &c) { c.min_step = 1e-2, c.max_iter = 60; }},
      {"volume", [](orthant_nmf_config &c) { c.volume = 0.3, c.delta = 0.05; }},
      {"clip_paper", [](orthant_nmf_config &c) { c.l1_w = 0.01; }, ORTHANT_MISPRINT_CLIP},
      {"direction_paper", [](orthant_nmf_config &) {}, ORTHANT_MISPRINT_DIRECTION},
      {"curvature_paper", [](orthant_nmf_config &) {}, ORTHANT_MISPRINT_CURVATURE},
      {"full_step", [](orthant_nmf_config &c) { c.full_step = 1; }},
      {"tau", [](orthant_nmf_config &c) { c.tau = 0.3, c.anneal = 0.2; }},
      {"no_anneal", [](orthant_nmf_config &c) { c.anneal = -1, c.zero_tol = 1e-3; }},
      {"seed0", [](orthant_nmf_config &c) { c.seed = 0; }},
  };
  for (const Named &method : nmf_methods) {
    for (const Option &option : options) {
      Nmf<T> job(method, from_cols, 5);
      option.set(job.c);
      job.misprints = option.misprints;
      nmf_rows(path("nmf", method, "cols/frobenius", option.name), job, small, true);
    }
    Nmf<T> job(method, from_cols, 1);
    job.c.l1_w = job.c.l2_h = 0.02, job.c.l1_h = job.c.l2_w = 0.01;
    nmf_rows(path("nmf", method, "cols/frobenius/l1+l2"), job, large);
    job.c.ortho_w = job.c.ortho_h = 0.03;
    nmf_rows(path("nmf", method, "cols/frobenius/penalties"), job, large);
    Nmf<T> fixed(method, from_given, 1);
    fixed.c.fixed_w = 1;
    nmf_rows(path("nmf", method, "given/frobenius/fixed_w"), fixed, large);
    Nmf<T> not_started(method, from_given, 3);
    not_started.started = false;
    nmf_rows(path("nmf", method, "not_started/frobenius"), not_started, fine);
  }
}

// A schedule, the library's own as a blob and one from a file.
template <class T>
void nmf_schedules() {
  Blob own = saved([](void *out, size_t capacity, size_t *n) { return orthant_schedule_default(out, capacity, n); });
  Blob file = read_model("schedule.orw");
  const Data<T> small({40, 30, 3}), wide({64, 2000, 5}, 0.9), square({90, 80, 12});
  for (const Named &method : nmf_methods)
    for (Blob *blob : {&own, &file}) {
      Nmf<T> job(method, from_cols, 12);
      job.c.schedule = blob->model();
      const string name = path("nmf", method, "cols/frobenius", blob == &own ? "schedule_own" : "schedule_file");
      nmf_rows(name, job, small);
      if (method.value > ORTHANT_NMF_EHALS) continue;
      nmf_rows(name, job, square);
      job.c.max_iter = 2;
      nmf_rows(name, job, wide);
      job.c.start = ORTHANT_START_SUB;
      nmf_rows(name + "/sub", job, wide);
    }
}

// An untrained Factormer.
template <class T>
Blob factormer_blob(int32_t rank, int32_t accelerates) {
  auto c = config<orthant_factormer_train_config>();
  c.max_rows = c.max_cols = 4, c.rank = rank, c.width = 12, c.heads = 2, c.layers = 2, c.seed = 4;
  c.accelerates = accelerates;
  Case k(1);
  typename Abi<T>::FactormerTrain *s = nullptr;
  if (make(k, c, Abi<T>::factormer_train_size, Abi<T>::factormer_train_init, &s) != ORTHANT_OK) return {};
  return saved([&](void *out, size_t capacity, size_t *bytes) {
    return Abi<T>::factormer_train_save(s, 0, out, capacity, bytes);
  });
}

template <class T>
void nmf_proposals() {
  Blob start_own = factormer_blob<T>(4, 0), accelerate_own = factormer_blob<T>(4, 1);
  Blob tiny = read_model("tiny-f16.orw"), trained = read_model("accelerate-f16.orw");
  const Data<T> small({40, 30, 4}), large({300, 280, 4}, 0.9), small10({40, 30, 10}), little({18, 15, 10});
  for (const Named &method : nmf_methods) {
    for (const bool accelerates : {false, true}) {
      Nmf<T> job(method, from_nndsvd, 7);
      job.c.model = (accelerates ? accelerate_own : start_own).model();
      const string name = path("nmf", method, "nndsvd/frobenius", accelerates ? "accelerate" : "propose");
      nmf_rows(name, job, small);
      job.c.l1_w = job.c.l2_h = 0.01;
      nmf_rows(name + "+penalties", job, small);
      job.c.l1_w = job.c.l2_h = 0;
      job.c.max_iter = 2;
      if (method.value == ORTHANT_NMF_HALS || method.value == 0) nmf_rows(name, job, large);
      nmf_rows(name + "/rank_of_another", job, small10);
    }
    if (method.value > ORTHANT_NMF_MU) continue;
    Nmf<T> by_tiny(method, from_nndsvd, 4);
    by_tiny.c.model = tiny.model();
    table.row(path("nmf", method, "nndsvd/frobenius/tiny-f16/dense", Abi<T>::name),
              [&](Case &k) { return by_tiny(k, small10, ORTHANT_DENSE); });
    if (method.value > ORTHANT_NMF_HALS) continue;
    Nmf<T> by_trained(method, from_nndsvd, 2);
    by_trained.c.model = trained.model();
    table.row(path("nmf", method, "nndsvd/frobenius/accelerate-f16/dense", Abi<T>::name),
              [&](Case &k) { return by_trained(k, little, ORTHANT_DENSE); });
  }
}

// Weights and penalties of one kind of matrix, or a mixture of the kinds.
template <class T>
struct Terms {
  using Symmetric = typename Abi<T>::Symmetric;
  Array<T> P, Q, B, l1_w, l1_h, diagonal;
  typename Abi<T>::Penalty w[2], h[2];
  typename Abi<T>::Terms terms = config<typename Abi<T>::Terms>();
  explicit Terms(const Shape &s)
      : P(symmetric(s.rows, 21)), Q(symmetric(s.cols, 22)), B(symmetric(s.rank, 23)),
        l1_w(Array<T>(s.rows, s.rank, 1).random(24)), l1_h(Array<T>(s.rank, s.cols, 2).random(25)),
        diagonal(Array<T>(s.rows + s.cols, 1).random(26)) {}
  Terms(const Terms &) = delete;
  Symmetric of(int32_t kind, const Array<T> &full) const {
    Symmetric out{};
    out.kind = kind;
    if (kind == ORTHANT_SCALAR) out.factor = 0.5;
    if (kind == ORTHANT_DIAGONAL) out.values = diagonal.data();
    if (kind == ORTHANT_SYMMETRIC) out.values = full.data(), out.ld = full.ld;
    return out;
  }
  void weights(int32_t kind) { terms.weight_rows = of(kind, P), terms.weight_cols = of(kind, Q); }
  void linear() { terms.l1_w = l1_w.data(), terms.ldl1_w = l1_w.ld, terms.l1_h = l1_h.data(), terms.ldl1_h = l1_h.ld; }
  void penalties(int32_t outer, int32_t inner) {
    w[0] = {of(outer, P), of(inner, B)}, w[1] = {of(ORTHANT_SCALAR, P), of(ORTHANT_SYMMETRIC, B)};
    h[0] = {of(inner, B), of(outer, Q)}, h[1] = {of(ORTHANT_IDENTITY, B), of(ORTHANT_DIAGONAL, Q)};
    terms.penalties_w = terms.penalties_h = 2;
    terms.penalty_w = w, terms.penalty_h = h;
  }

 private:
  static Array<T> symmetric(int32_t n, uint64_t stream) {
    Array<T> out(n, n, 3);
    return out.each([&](int32_t i, int32_t j) {
      return uniform(stream, uint64_t(std::min(i, j)) + uint64_t(n) * uint64_t(std::max(i, j))) + (i == j ? 1 : 0);
    });
  }
};

template <class T>
void nmf_terms() {
  for (const Shape &s : {Shape{40, 30, 3}, Shape{600, 90, 4}, Shape{40, 1100, 3}}) {
    const Data<T> d(s);
    const bool large = s.rows * s.cols > 2000;
    for (const Named &method : nmf_methods) {
      if (method.value < ORTHANT_NMF_MINVOL && (large || method.value != ORTHANT_NMF_HALS)) continue;
      Nmf<T> job(method, from_random, large ? 1 : 4);
      const auto rows = [&](const string &name, const Terms<T> &t) {
        job.terms = &t.terms;
        nmf_rows(path("nmf", method, "random/terms", name), job, d);
      };
      for (const Named &kind : symmetric_kinds) {
        Terms<T> weights(s);
        weights.weights(kind.value);
        rows(path("weights", kind), weights);
        Terms<T> penalties(s);
        penalties.penalties(kind.value, kind.value);
        rows(path("penalties", kind), penalties);
      }
      Terms<T> linear(s);
      linear.linear();
      rows("l1", linear);
      job.c.l1_w = job.c.l2_h = job.c.ortho_h = 0.1, job.c.ortho_w = 0.05;
      for (const Named &kind : {symmetric_kinds[2], symmetric_kinds[3]}) {
        Terms<T> all(s);
        all.weights(kind.value);
        all.linear();
        all.penalties(kind.value, ORTHANT_SYMMETRIC);
        rows(path("all", kind), all);
      }
    }
  }
}

template <class T>
void nmf() {
  nmf_plain<T>();
  nmf_starts_large<T>();
  nmf_losses<T>();
  nmf_options<T>();
  nmf_schedules<T>();
  nmf_proposals<T>();
  nmf_terms<T>();
}

// ---- Quadratic programs ------------------------------------------------------------------------------------------

template <class T>
void qp() {
  using Set = void (*)(orthant_qp_config &);
  const std::pair<const char *, Set> options[] = {
      {"plain", [](orthant_qp_config &) {}},
      {"full_step", [](orthant_qp_config &c) { c.full_step = 1; }},
      {"tau", [](orthant_qp_config &c) { c.tau = 0.9, c.anneal = -1; }},
      {"zero_tol", [](orthant_qp_config &c) { c.zero_tol = 1e-2, c.min_step = -1; }},
      {"stop", [](orthant_qp_config &c) { c.tol = 1e-3, c.max_iter = 200; }},
      {"none", [](orthant_qp_config &c) { c.max_iter = -1; }},
      {"progress", [](orthant_qp_config &c) { c.progress = add_progress; }},
      {"cancel", [](orthant_qp_config &c) { c.progress = cancel_at_two; }},
  };
  for (const int32_t n : {1, 7, 60, 700})
    for (const Named &rule : qp_rules)
      for (const auto &[name, set] : options) {
        orthant_qp_config c = config<orthant_qp_config>();
        c.n = n, c.rule = rule.value, c.max_iter = 6;
        set(c);
        if (n == 700 && c.max_iter > 6) continue;
        table.row(path("qp", rule, name, n, Abi<T>::name), [&](Case &k) {
          orthant_qp_config own = c;
          own.parallel = k.parallel();
          own.user = &k;
          typename Abi<T>::Qp *s = nullptr;
          TRY(make(k, own, Abi<T>::qp_size, Abi<T>::qp_init, &s));
          Array<T> G(n, n, 2), d(n, 1), x(n, 1);
          G.each([&](int32_t i, int32_t j) {
            return uniform(31, uint64_t(std::min(i, j)) + uint64_t(n) * uint64_t(std::max(i, j))) + (i == j ? n : 0);
          });
          d.each([&](int32_t i, int32_t) { return n * (0.3 - uniform(32, uint64_t(i))); });
          x.each([](int32_t i, int32_t) { return 0.1 * (i % 7); });
          for (int i = 0; i < 2; ++i) {
            orthant_report r = k.blank_struct<orthant_report>();
            TRY(Abi<T>::qp_run(s, G.data(), G.ld, d.data(), x.data(), &r));
            k.add(x);
            k.add(r);
          }
          return ORTHANT_OK;
        });
      }
}

// ---- Unmixing ----------------------------------------------------------------------------------------------------

template <class T>
struct Unmix {
  Array<T> E, truth;
  Data<T> Y;
  static Data<T> pixels(const Shape &s, const Array<T> &E, const Array<T> &truth) {
    Data<T> d(s);
    d.full.each([&](int32_t i, int32_t j) {
      double sum = 0.1 * (uniform(43, uint64_t(i) + uint64_t(s.rows) * uint64_t(j)) - 0.5);
      for (int32_t k = 0; k < s.rank; ++k) sum += double(E(i, k)) * double(truth(k, j));
      return j == 5 ? 0 : sum;
    });
    d.holes.each([&](int32_t i, int32_t j) { return j == 3 || (7 * i + 5 * j) % 13 == 3 ? T(NAN) : d.full(i, j); });
    return d;
  }
  explicit Unmix(const Shape &s)
      : E(Array<T>(s.rows, s.rank, 1).random(41)), truth(Array<T>(s.rank, s.cols, 2).random(42)),
        Y(pixels(s, E, truth)) {}

  orthant_status operator()(Case &k, orthant_unmix_config c, int32_t kind, bool spoiled = false) const {
    const Shape &s = Y.s;
    c.bands = s.rows, c.endmembers = s.rank;
    c.data = kind == weighted ? ORTHANT_MASKED : kind;
    c.parallel = k.parallel();
    typename Abi<T>::Unmix *u = nullptr;
    size_t bytes = 0;
    TRY(Abi<T>::unmix_size(&c, &bytes));
    TRY(Abi<T>::unmix_init(&c, E.data(), E.ld, k.memory(bytes), bytes, &u));
    auto V = Y.matrix(kind);
    Array<T> spoilt = Y.full;
    if (spoiled) spoilt(1, 2) = T(NAN), spoilt(0, s.cols - 1) = T(INFINITY), V.values = spoilt.data();
    // The pixels beside one that is bad are valid, so a refusal is a result like others.
    Array<T> A = k.blank<T>(s.rank, s.cols, 3);
    orthant_report r = k.blank_struct<orthant_report>();
    const orthant_status st = Abi<T>::unmix_run(u, &V, A.data(), A.ld, &r);
    if (st != ORTHANT_OK && st != ORTHANT_E_DATA) return st;
    k.add(st);
    k.add(A);
    if (st == ORTHANT_OK) k.add(r);
    if (spoiled) return ORTHANT_OK;
    const Array<T> *const given[] = {&A, &truth};
    for (const Array<T> *which : given) {
      std::vector<T> rms = k.blank_list<T>(size_t(s.cols)), kkt = rms;
      orthant_report checked = k.blank_struct<orthant_report>();
      const orthant_status done =
          Abi<T>::unmix_check(u, &V, which->data(), which->ld, rms.data(), kkt.data(), &checked);
      k.add(done);
      if (done != ORTHANT_OK) continue;
      k.add(rms);
      k.add(kkt);
      k.add(checked);
    }
    return ORTHANT_OK;
  }
  // From E'y, in a place of its own and in the place of the abundances.
  orthant_status products(Case &k, orthant_unmix_config c) const {
    const Shape &s = Y.s;
    c.bands = s.rows, c.endmembers = s.rank;
    c.parallel = k.parallel();
    typename Abi<T>::Unmix *u = nullptr;
    size_t bytes = 0;
    TRY(Abi<T>::unmix_size(&c, &bytes));
    TRY(Abi<T>::unmix_init(&c, E.data(), E.ld, k.memory(bytes), bytes, &u));
    Array<T> B(s.rank, s.cols, 2), A = k.blank<T>(s.rank, s.cols, 1);
    B.each([&](int32_t q, int32_t j) {
      double sum = 0;
      for (int32_t i = 0; i < s.rows; ++i) sum += double(E(i, q)) * double(Y.full(i, j));
      return sum;
    });
    TRY(Abi<T>::unmix_products(u, B.data(), B.ld, s.cols, A.data(), A.ld));
    k.add(A);
    TRY(Abi<T>::unmix_products(u, B.data(), B.ld, s.cols, B.data(), B.ld));
    k.add(B);
    return ORTHANT_OK;
  }
};

template <class T>
void unmix() {
  Blob generic = read_model("generic-4.orw");
  const auto iterative = [](int32_t m) { return m >= ORTHANT_UNMIX_HALS && m <= ORTHANT_UNMIX_MU; };
  for (const Shape &s : {Shape{20, 33, 4}, Shape{50, 700, 9}, Shape{5, 40, 8}, Shape{198, 1500, 4}, Shape{3, 1, 1},
                         Shape{60, 300, 35}}) {
    const Unmix<T> job(s);
    for (const Named &method : unmix_methods)
      for (const int32_t sum : {0, 1}) {
        auto c = config<orthant_unmix_config>();
        c.method = method.value, c.sum_to_one = sum;
        c.max_iter = iterative(method.value) ? (s.rows == 20 ? 40 : 10) : 0;
        const string name = path("unmix", method, sum ? "sum_to_one" : "free");
        for (const Named &kind : kinds) {
          if ((kind.value == ORTHANT_CSC || kind.value == ORTHANT_CSR) && s.rows != 20) continue;
          table.row(path(name, kind, s, Abi<T>::name), [&](Case &k) { return job(k, c, kind.value); });
        }
        table.row(path(name, "products", s, Abi<T>::name), [&](Case &k) { return job.products(k, c); });
        if (s.rank == 4) {
          auto with_model = c;
          with_model.model = generic.model();
          for (const Named &kind : {kinds[0], kinds[3]})
            table.row(path(name, "model", kind, s, Abi<T>::name),
                      [&](Case &k) { return job(k, with_model, kind.value); });
          table.row(path(name, "model/products", s, Abi<T>::name),
                    [&](Case &k) { return job.products(k, with_model); });
        }
        if (s.rows != 20) continue;
        table.row(path(name, "bad_pixels", s, Abi<T>::name), [&](Case &k) { return job(k, c, ORTHANT_DENSE, true); });
        auto few = c;
        few.max_iter = 2;
        table.row(path(name, "max_iter2", s, Abi<T>::name), [&](Case &k) { return job(k, few, ORTHANT_DENSE); });
        auto coarse = c;
        coarse.tol = 1e-2, coarse.max_iter = 0;
        table.row(path(name, "tol", s, Abi<T>::name), [&](Case &k) { return job(k, coarse, ORTHANT_DENSE); });
        Unmix<T> negative(s);
        negative.E(2, 1) = T(-0.25);
        table.row(path(name, "negative", s, Abi<T>::name), [&](Case &k) { return negative(k, c, ORTHANT_DENSE); });
      }
  }
}

// ---- Fixed point -------------------------------------------------------------------------------------------------

template <class Q, class Quantize, class Project>
void fixed_of(const char *name, Quantize quantize, Project project) {
  for (const Shape &s : {Shape{20, 33, 4}, Shape{198, 60, 5}, Shape{7, 9, 1}, Shape{131, 40, 17}}) {
    const Unmix<float> job(s);
    table.serial_row(path("fixed", name, s), [&](Case &k) {
      Array<Q> E = k.blank<Q>(s.rows, s.rank, 3), Y = k.blank<Q>(s.rows, s.cols, 1);
      std::vector<float> e_steps = k.blank_list<float>(size_t(s.rank)), y_steps = k.blank_list<float>(size_t(s.cols));
      TRY(quantize(job.E.data(), job.E.ld, s.rows, s.rank, E.data(), E.ld, e_steps.data()));
      TRY(quantize(job.Y.full.data(), job.Y.full.ld, s.rows, s.cols, Y.data(), Y.ld, y_steps.data()));
      k.add(E);
      k.add(Y);
      k.add(e_steps);
      k.add(y_steps);
      for (const float *steps : {static_cast<const float *>(y_steps.data()), static_cast<const float *>(nullptr)}) {
        Array<float> B = k.blank<float>(s.rank, s.cols, 2);
        TRY(project(E.data(), E.ld, e_steps.data(), Y.data(), Y.ld, steps, s.rows, s.rank, s.cols, B.data(), B.ld));
        k.add(B);
      }
      return ORTHANT_OK;
    });
    Array<float> bad = job.E;
    bad(1, 0) = NAN;
    table.serial_row(path("fixed", name, "bad", s), [&](Case &k) {
      Array<Q> E = k.blank<Q>(s.rows, s.rank, 3);
      std::vector<float> steps = k.blank_list<float>(size_t(s.rank));
      return quantize(bad.data(), bad.ld, s.rows, s.rank, E.data(), E.ld, steps.data());
    });
  }
}

void fixed() {
  fixed_of<int16_t>("i16", orthant_fixed_quantize_i16, orthant_fixed_project_i16);
  fixed_of<int8_t>("i8", orthant_fixed_quantize_i8, orthant_fixed_project_i8);
}

// ---- Endmembers, scores, scenes ----------------------------------------------------------------------------------

template <class T>
void endmembers() {
  for (const Shape &s : {Shape{20, 60, 4}, Shape{30, 3000, 5}, Shape{6, 6, 6}, Shape{3, 40, 2}, Shape{200, 900, 12}}) {
    const Data<T> d(s);
    for (const Named &method : endmember_methods)
      for (const Named &projection : projections)
        for (const bool directions : {false, true})
          for (const int32_t most : {0, 1}) {
            if (most && (directions || projection.value)) continue;
            auto c = config<orthant_endmembers_config>();
            c.bands = s.rows, c.pixels = s.cols, c.endmembers = s.rank, c.method = method.value;
            c.projection = projection.value, c.seed = 5, c.max_iter = most;
            const char *const drawn = directions ? "given" : most ? "max_iter1" : "drawn";
            const string name = path("endmembers", method, projection, drawn);
            const auto body = [&](Case &k, int32_t kind) {
              auto own = c;
              own.parallel = k.parallel();
              typename Abi<T>::Endmembers *e = nullptr;
              TRY(make(k, own, Abi<T>::endmembers_size, Abi<T>::endmembers_init, &e));
              const Array<T> D = Array<T>(s.rank, s.rank, 2).random(51);
              Array<T> E = k.blank<T>(s.rows, s.rank, 1);
              std::vector<int32_t> pixel = k.blank_list<int32_t>(size_t(s.rank));
              const auto Y = d.matrix(kind);
              TRY(Abi<T>::endmembers_run(e, &Y, directions ? D.data() : nullptr, D.ld, E.data(), E.ld, pixel.data()));
              k.add(E);
              k.add(pixel);
              return ORTHANT_OK;
            };
            table.row(path(name, "dense", s, Abi<T>::name), [&](Case &k) { return body(k, ORTHANT_DENSE); });
            if (s.rows != 20 || most || directions || projection.value) continue;
            for (const Named &kind : kinds)
              if (kind.value != ORTHANT_DENSE && kind.value != weighted)
                table.row(path(name, kind, s, Abi<T>::name), [&](Case &k) { return body(k, kind.value); });
          }
  }
}

template <class T>
void scores() {
  for (const Shape &s : {Shape{20, 33, 4}, Shape{100, 300, 9}, Shape{5, 7, 1}})
    for (const int which : {1, 2, 3}) {
      const bool spectra = which & 1, abundances = which & 2;
      table.serial_row(path("scores", which == 3 ? "both" : spectra ? "spectra" : "abundances", s, Abi<T>::name),
                       [&](Case &k) {
        auto c = config<orthant_scores_config>();
        c.bands = spectra ? s.rows : 0, c.endmembers = s.rank, c.pixels = abundances ? s.cols : 0;
        size_t bytes = 0;
        TRY(Abi<T>::scores_size(&c, &bytes));
        const Array<T> E = Array<T>(s.rows, s.rank, 1).random(61), E_true = Array<T>(s.rows, s.rank, 2).random(62);
        const Array<T> A = Array<T>(s.rank, s.cols, 3).random(63), A_true = Array<T>(s.rank, s.cols).random(64);
        std::vector<int32_t> match = k.blank_list<int32_t>(size_t(s.rank));
        std::vector<double> angle = k.blank_list<double>(spectra ? size_t(s.rank) : 0);
        orthant_scores out = k.blank_struct<orthant_scores>();
        TRY(Abi<T>::scores_run(&c, k.memory(bytes), bytes, spectra ? E.data() : nullptr, E.ld,
                               spectra ? E_true.data() : nullptr, E_true.ld, abundances ? A.data() : nullptr, A.ld,
                               abundances ? A_true.data() : nullptr, A_true.ld, match.data(),
                               spectra ? angle.data() : nullptr, &out));
        k.add(match);
        k.add(angle);
        for (const double x : {out.mean_angle, out.rmse, out.armse}) k.add(x);
        return ORTHANT_OK;
      });
    }
}

template <class T>
void scene() {
  for (const int32_t endmembers : {2, 5, 8, 9})
    for (const double snr : {0.0, 15.0, -1.0})
      table.serial_row(path("scene", endmembers, snr < 0 ? "clean" : snr > 0 ? "snr15" : "snr30", Abi<T>::name),
                       [&](Case &k) {
        auto c = config<orthant_scene_config>();
        c.bands = 23, c.lines = 7, c.samples = 11, c.endmembers = endmembers, c.seed = 3, c.snr_db = snr;
        std::vector<T> wavelength = k.blank_list<T>(23);
        Array<T> E = k.blank<T>(23, endmembers, 1), A = k.blank<T>(endmembers, 77, 2), Y = k.blank<T>(23, 77, 3);
        TRY(Abi<T>::scene_run(&c, wavelength.data(), E.data(), E.ld, A.data(), A.ld, Y.data(), Y.ld));
        k.add(wavelength);
        k.add(E);
        k.add(A);
        k.add(Y);
        return ORTHANT_OK;
      });
}

template <class T>
void mixtures() {
  using Set = void (*)(orthant_mixtures_config &);
  const std::pair<const char *, Set> options[] = {
      {"plain", [](orthant_mixtures_config &) {}},
      {"active", [](orthant_mixtures_config &c) { c.active = 2, c.alpha = 0.4; }},
      {"unit", [](orthant_mixtures_config &c) { c.unit = 1; }},
      {"spread", [](orthant_mixtures_config &c) { c.spread = 0.2, c.snr_db = 12; }},
      {"clean", [](orthant_mixtures_config &c) { c.snr_db = -1; }},
  };
  constexpr int32_t bands = 17, r = 3, spectra = 7, pixels = 30, count = 5;
  for (const Named &kind : abundance_kinds)
    for (const auto &[name, set] : options)
      for (const bool grouped : {false, true}) {
        auto c = config<orthant_mixtures_config>();
        c.bands = bands, c.endmembers = r, c.lines = 5, c.samples = 6, c.spectra = spectra;
        c.abundances = kind.value, c.seed = 9;
        if (kind.value == ORTHANT_ABUNDANCES_MAPS) c.map_columns = 12;
        set(c);
        table.row(path("mixtures", kind, name, grouped ? "grouped" : "any", Abi<T>::name), [&](Case &k) {
          auto own = c;
          own.parallel = k.parallel();
          const Array<T> S = Array<T>(bands, spectra, 1).random(71), maps = Array<T>(r, 12).random(72);
          const int32_t group[spectra] = {0, 1, 2, 2, 1, -1, 0};
          Array<T> Y = k.blank<T>(bands, pixels * count), W = k.blank<T>(bands, r * count);
          Array<T> H = k.blank<T>(r, pixels * count);
          TRY(Abi<T>::mixtures_run(&own, 3, count, S.data(), S.ld, grouped ? group : nullptr,
                                   kind.value == ORTHANT_ABUNDANCES_MAPS ? maps.data() : nullptr, Y.data(), W.data(),
                                   H.data()));
          k.add(Y);
          k.add(W);
          k.add(H);
          return ORTHANT_OK;
        });
      }
}

template <class T>
void factors() {
  for (const Named &set : factor_sets)
    for (const double noise : {0.0, 0.1, -1.0})
      for (const int32_t rank : {0, 3}) {
        const char *const noisy = noise < 0 ? "clean" : noise > 0 ? "noise0.1" : "noise";
        table.serial_row(path("factors", set, noisy, rank, Abi<T>::name), [&](Case &k) {
          auto c = config<orthant_factors_config>();
          c.rank = rank, c.set = set.value, c.noise = noise, c.seed = 2;
          for (const uint64_t index : {0, 1, 11000, 13900, 14999}) {
            int32_t rows = 0, cols = 0;
            TRY(Abi<T>::factors_run(&c, index, &rows, &cols, nullptr, 0));
            Array<T> V = k.blank<T>(rows, cols);
            TRY(Abi<T>::factors_run(&c, index, &rows, &cols, V.data(), V.store.size()));
            k.add(V);
          }
          return ORTHANT_OK;
        });
      }
}

// ---- Singular values and ReLU decomposition ----------------------------------------------------------------------

template <class T>
void tsvd() {
  for (const Shape &s : {Shape{40, 30, 3}, Shape{1, 9, 1}, Shape{9, 9, 9}, Shape{600, 300, 6}, Shape{50, 2000, 5}}) {
    const Data<T> d(s);
    for (const Named &kind : kinds)
      for (const int32_t warm : {0, 1})
        for (const int32_t steps : {0, 3}) {
          if (steps == 0 && s.rows * s.cols > 100000) continue;
          const string name = path("tsvd", kind, warm ? "warm" : "cold", steps ? "steps3" : "to_tol", s, Abi<T>::name);
          table.row(name, [&](Case &k) {
            auto c = config<orthant_tsvd_config>();
            c.rows = s.rows, c.cols = s.cols, c.rank = s.rank, c.max_iter = steps, c.warm = warm, c.seed = 3;
            c.parallel = k.parallel();
            typename Abi<T>::Tsvd *t = nullptr;
            TRY(make(k, c, Abi<T>::tsvd_size, Abi<T>::tsvd_init, &t));
            Array<T> U = k.blank<T>(s.rows, s.rank, 2), V = k.blank<T>(s.cols, s.rank, 1);
            if (warm) V.random(81);
            const auto X = d.matrix(kind.value);
            for (int i = 0; i < 2; ++i) {
              std::vector<T> values = k.blank_list<T>(size_t(s.rank));
              orthant_report r = k.blank_struct<orthant_report>();
              TRY(Abi<T>::tsvd_run(t, &X, U.data(), U.ld, values.data(), V.data(), V.ld, &r));
              k.add(U);
              k.add(values);
              k.add(V);
              k.add(r);
            }
            return ORTHANT_OK;
          });
        }
  }
}

template <class T>
struct Relu {
  orthant_relu_nmd_config c = config<orthant_relu_nmd_config>();
  bool started = true;
  Relu(const Named &method, int32_t start, int32_t iterations) {
    c.method = method.value, c.start = start, c.max_iter = iterations;
    c.tol = c.tol_obj = -1;
    c.svd_steps = 2;
    c.seed = 9;
  }
  orthant_status operator()(Case &k, const Data<T> &d, int32_t kind) const {
    auto own = c;
    own.rows = d.s.rows, own.cols = d.s.cols, own.rank = d.s.rank;
    own.parallel = k.parallel();
    own.user = &k;
    const bool misprint = own.z_start == literal;
    if (misprint) own.z_start = 0;
    typename Abi<T>::ReluNmd *s = nullptr;
    TRY(make(k, own, Abi<T>::relu_nmd_size, Abi<T>::relu_nmd_init, &s));
    // QN has no Z: it ignores a z_start, and would refuse the misprint.
    if (misprint && own.method != ORTHANT_RELU_NMD_QN) TRY(Abi<T>::relu_nmd_misprints(s, ORTHANT_MISPRINT_FIRST_Z));
    Array<T> U = k.blank<T>(d.s.rows, d.s.rank, 2), V = k.blank<T>(d.s.rank, d.s.cols, 1);
    if (own.start == ORTHANT_RELU_START_GIVEN || !started) {
      U.random(83).each([&](int32_t i, int32_t j) { return double(U(i, j)) - 0.4; });
      V.random(84).each([&](int32_t i, int32_t j) { return double(V(i, j)) - 0.4; });
    }
    auto M = d.matrix(kind);
    if (kind == ORTHANT_DENSE) M.values = d.thin.data(), M.ld = d.thin.ld;
    if (started) TRY(Abi<T>::relu_nmd_start(s, &M, U.data(), U.ld, V.data(), V.ld));
    k.add(U);
    k.add(V);
    for (int i = 0; i < 2; ++i) {
      orthant_report r = k.blank_struct<orthant_report>();
      TRY(Abi<T>::relu_nmd_run(s, &M, U.data(), U.ld, V.data(), V.ld, &r));
      k.add(U);
      k.add(V);
      k.add(r);
    }
    return ORTHANT_OK;
  }
};

template <class T>
void relu_rows(const string &name, const Relu<T> &job, const Data<T> &d) {
  for (const Named &kind : unmasked)
    table.row(path(name, kind, d.s, Abi<T>::name), [&](Case &k) { return job(k, d, kind.value); });
}

template <class T>
void relu_nmd() {
  using Set = void (*)(orthant_relu_nmd_config &);
  const std::pair<const char *, Set> options[] = {
      {"no_momentum", [](orthant_relu_nmd_config &c) { c.alpha = -1; }},
      {"alpha", [](orthant_relu_nmd_config &c) { c.alpha = 0.4; }},
      {"beta", [](orthant_relu_nmd_config &c) { c.beta = 0.5; }},
      {"lambda", [](orthant_relu_nmd_config &c) { c.lambda = 0.1; }},
      {"no_lambda", [](orthant_relu_nmd_config &c) { c.lambda = -1; }},
      {"history", [](orthant_relu_nmd_config &c) { c.history = 2, c.max_iter = 9; }},
      {"svd", [](orthant_relu_nmd_config &c) { c.svd_steps = 0, c.svd_tol = 1e-2; }},
      {"none", [](orthant_relu_nmd_config &c) { c.max_iter = -1; }},
      {"long", [](orthant_relu_nmd_config &c) { c.max_iter = 30; }},
      {"stop", [](orthant_relu_nmd_config &c) { c.max_iter = 60, c.tol_obj = 1e-2; }},
      {"stop_error", [](orthant_relu_nmd_config &c) { c.max_iter = 20, c.tol = 0.7; }},
      {"progress", [](orthant_relu_nmd_config &c) { c.progress = add_progress; }},
      {"cancel", [](orthant_relu_nmd_config &c) { c.progress = cancel_at_two; }},
  };
  const Data<T> small({40, 30, 3}), fine({9, 12, 4});
  for (const Named &method : relu_methods) {
    const Relu<T> masked(method, 0, 1);
    table.row(path("relu_nmd", method, "auto/masked", small.s, Abi<T>::name),
              [&](Case &k) { return masked(k, small, ORTHANT_MASKED); });
    for (const Named &start : relu_starts)
      for (const Named &z : relu_z_starts) {
        Relu<T> job(method, start.value, 3);
        job.c.z_start = z.value;
        relu_rows(path("relu_nmd", method, start, z), job, small);
      }
    for (const auto &[name, set] : options) {
      Relu<T> job(method, ORTHANT_RELU_START_RANDOM, 5);
      set(job.c);
      for (const Named &kind : {kinds[0], kinds[1]})
        table.row(path("relu_nmd", method, "random", name, kind, small.s, Abi<T>::name),
                  [&](Case &k) { return job(k, small, kind.value); });
    }
    Relu<T> not_started(method, 0, 3);
    not_started.started = false;
    relu_rows(path("relu_nmd", method, "not_started"), not_started, fine);
  }
  for (const Shape &s : {Shape{1, 7, 1}, Shape{6, 5, 7}, Shape{400, 300, 4}, Shape{64, 1500, 5}, Shape{1500, 40, 4}}) {
    const Data<T> d(s, 0.7);
    for (const Named &method : relu_methods)
      relu_rows(path("relu_nmd", method, "random/auto"), Relu<T>(method, ORTHANT_RELU_START_RANDOM, 2), d);
  }
}

// ---- Graphs, symmetric NMF, clusters -----------------------------------------------------------------------------

template <class T>
void graph() {
  for (const Shape &s : {Shape{5, 40, 0}, Shape{9, 300, 4}, Shape{3, 2, 1}, Shape{40, 150, 200}}) {
    const Data<T> d({s.rows, s.cols, 1});
    for (const Named &kind : graph_kinds)
      for (const int32_t option : {0, 1, 2})
        for (const Named &data : kinds) {
          if (option && data.value) continue;
          const char *const names[] = {"plain", "scale_at3", "unnormalised"};
          table.row(path("graph", kind, names[option], data, s, Abi<T>::name), [&](Case &k) {
            auto c = config<orthant_graph_config>();
            c.features = s.rows, c.samples = s.cols, c.kind = kind.value, c.neighbours = s.rank;
            c.scale_at = option == 1 ? 3 : 0, c.unnormalised = option == 2;
            c.parallel = k.parallel();
            int32_t capacity = 0;
            TRY(orthant_graph_capacity(&c, &capacity));
            size_t bytes = 0;
            TRY(Abi<T>::graph_size(&c, &bytes));
            std::vector<int32_t> starts = k.blank_list<int32_t>(size_t(s.cols) + 1);
            std::vector<int32_t> indices = k.blank_list<int32_t>(size_t(capacity));
            std::vector<T> values = k.blank_list<T>(size_t(capacity));
            const auto M = d.matrix(data.value);
            TRY(Abi<T>::graph_run(&c, k.memory(bytes), bytes, &M, starts.data(), indices.data(), values.data(),
                                  capacity));
            Array<T> X = k.blank<T>(s.cols, s.cols, 1);
            TRY(Abi<T>::graph_dense(s.cols, starts.data(), indices.data(), values.data(), X.data(), X.ld));
            k.add(X);
            indices.resize(size_t(starts.back()));
            values.resize(size_t(starts.back()));
            k.add(starts);
            k.add(indices);
            k.add(values);
            return ORTHANT_OK;
          });
        }
  }
}

template <class T>
struct Symnmf {
  orthant_symnmf_config c = config<orthant_symnmf_config>();
  bool started = true;
  Symnmf(const Named &method, int32_t start, int32_t iterations) {
    c.method = method.value, c.start = start, c.max_iter = iterations;
    c.tol = -1;
    c.seed = 3;
  }
  orthant_status operator()(Case &k, const Graph<T> &g, int32_t rank, int32_t kind) const {
    auto own = c;
    own.n = g.X.rows, own.rank = rank;
    own.parallel = k.parallel();
    own.user = &k;
    typename Abi<T>::Symnmf *s = nullptr;
    TRY(make(k, own, Abi<T>::symnmf_size, Abi<T>::symnmf_init, &s));
    Array<T> U = k.blank<T>(own.n, rank, 2);
    if (own.start == ORTHANT_SYMNMF_START_GIVEN || !started) U.random(91);
    const auto X = g.matrix(kind);
    if (started) TRY(Abi<T>::symnmf_start(s, &X, U.data(), U.ld));
    k.add(U);
    for (int i = 0; i < 2; ++i) {
      orthant_report r = k.blank_struct<orthant_report>();
      TRY(Abi<T>::symnmf_run(s, &X, U.data(), U.ld, &r));
      k.add(U);
      k.add(r);
    }
    return ORTHANT_OK;
  }
};

template <class T>
void symnmf() {
  using Set = void (*)(orthant_symnmf_config &);
  const std::pair<const char *, Set> options[] = {
      {"bound", [](orthant_symnmf_config &c) { c.bound = 1; }},
      {"lambda", [](orthant_symnmf_config &c) { c.lambda = 0.8; }},
      {"none", [](orthant_symnmf_config &c) { c.max_iter = -1; }},
      {"stop", [](orthant_symnmf_config &c) { c.max_iter = 60, c.tol = 1e-2; }},
      {"stop_objective", [](orthant_symnmf_config &c) { c.max_iter = 60, c.tol_obj = 1e-3; }},
      {"progress", [](orthant_symnmf_config &c) { c.progress = add_progress; }},
      {"cancel", [](orthant_symnmf_config &c) { c.progress = cancel_at_two; }},
  };
  const Graph<T> small(30), tiny(2), large(300);
  for (const Named &method : symnmf_methods) {
    const auto rows = [&](const string &name, const Symnmf<T> &job, const Graph<T> &g, int32_t rank) {
      for (const Named &kind : unmasked)
        table.row(path("symnmf", method, name, kind, g.X.rows, Abi<T>::name),
                  [&](Case &k) { return job(k, g, rank, kind.value); });
    };
    const Symnmf<T> masked(method, 0, 1);
    table.row(path("symnmf", method, "auto/masked", 30, Abi<T>::name),
              [&](Case &k) { return masked(k, small, 3, ORTHANT_MASKED); });
    for (const Named &start : symnmf_starts)
      for (const Named &penalty : symnmf_penalties) {
        Symnmf<T> job(method, start.value, 4);
        job.c.penalty = penalty.value;
        rows(path(start, penalty), job, small, 3);
      }
    for (const auto &[name, set] : options) {
      Symnmf<T> job(method, 0, 4);
      set(job.c);
      rows(name, job, small, 3);
    }
    Symnmf<T> not_started(method, 0, 3);
    not_started.started = false;
    rows("not_started", not_started, small, 3);
    rows("auto", Symnmf<T>(method, 0, 2), tiny, 2);
    if (method.value == ORTHANT_SYMNMF_NEWTON) continue;  // its workspace and time grow with the square of n
    rows("auto", Symnmf<T>(method, 0, 2), large, 5);
    if (method.value == 0) rows("spectral", Symnmf<T>(method, ORTHANT_SYMNMF_START_SPECTRAL, 1), large, 5);
  }
}

template <class T>
void symnet() {
  using Set = void (*)(orthant_symnet_config &);
  const std::pair<const char *, Set> options[] = {
      {"plain", [](orthant_symnet_config &) {}},
      {"last_only", [](orthant_symnet_config &c) { c.last_only = 1; }},
      {"l1", [](orthant_symnet_config &c) { c.l1 = 0.01; }},
      {"l1_all", [](orthant_symnet_config &c) { c.l1 = 0.01, c.l1_all = 1; }},
      {"bound", [](orthant_symnet_config &c) { c.bound = 1; }},
      {"beta", [](orthant_symnet_config &c) { c.beta = 0.05; }},
      {"no_beta", [](orthant_symnet_config &c) { c.beta = -1; }},
      {"rate", [](orthant_symnet_config &c) { c.rate = 0.02, c.decay = 0.5, c.weight_decay = 0.01; }},
      {"lambda", [](orthant_symnet_config &c) { c.lambda = 20; }},
      {"no_leak", [](orthant_symnet_config &c) { c.leak = -1; }},
      {"leak", [](orthant_symnet_config &c) { c.leak = 0.3, c.leak_until = 0.5; }},
      {"none", [](orthant_symnet_config &c) { c.max_iter = -1; }},
      {"progress", [](orthant_symnet_config &c) { c.progress = add_progress; }},
      {"cancel", [](orthant_symnet_config &c) { c.progress = cancel_at_two; }},
  };
  const auto body = [](Case &k, orthant_symnet_config c, const Graph<T> &g, int32_t rank, int32_t kind) {
    const int32_t n = g.X.rows, layers = 3;
    c.n = n, c.rank = rank, c.layers = layers, c.seed = 3;
    c.parallel = k.parallel();
    c.user = &k;
    typename Abi<T>::Symnet *s = nullptr;
    TRY(make(k, c, Abi<T>::symnet_size, Abi<T>::symnet_init, &s));
    Array<T> U = k.blank<T>(n, rank, 2), P = k.blank<T>(n, rank * layers), U0 = k.blank<T>(n, rank), dP = P, dU0 = U0;
    if (c.start == ORTHANT_SYMNMF_START_GIVEN) U.random(93);
    const auto X = g.matrix(kind);
    TRY(Abi<T>::symnet_start(s, &X, U.data(), U.ld));
    k.add(U);
    for (int i = 0; i < 2; ++i) {
      orthant_report r = k.blank_struct<orthant_report>();
      TRY(Abi<T>::symnet_run(s, &X, U.data(), U.ld, &r));
      k.add(U);
      k.add(r);
    }
    double lambda = 0, loss = 0, slope = 0;
    TRY(Abi<T>::symnet_parameters(s, P.data(), U0.data(), &lambda));
    k.add(P);
    k.add(U0);
    k.add(lambda);
    TRY(Abi<T>::symnet_gradient(s, &X, nullptr, nullptr, 0, &loss, dP.data(), dU0.data(), &slope));
    k.add(loss);
    k.add(dP);
    k.add(dU0);
    k.add(slope);
    Blob blob = saved([&](void *out, size_t capacity, size_t *bytes) {
      return Abi<T>::symnet_save(s, out, capacity, bytes);
    });
    k.add(blob);
    P.each([&](int32_t i, int32_t j) { return double(P(i, j)) * (i % 2 ? 1.1 : 0.9); });
    TRY(Abi<T>::symnet_gradient(s, &X, P.data(), U0.data(), 1.5 * lambda, &loss, dP.data(), dU0.data(), &slope));
    k.add(loss);
    k.add(dP);
    k.add(dU0);
    k.add(slope);
    auto fresh = c;
    fresh.max_iter = -1;
    TRY(make(k, fresh, Abi<T>::symnet_size, Abi<T>::symnet_init, &s));
    Array<T> loaded = k.blank<T>(n, rank, 1);
    const orthant_status st = Abi<T>::symnet_load(s, &X, blob.model(), loaded.data(), loaded.ld);
    k.add(st);
    if (st != ORTHANT_OK) return ORTHANT_OK;
    orthant_report r = k.blank_struct<orthant_report>();
    TRY(Abi<T>::symnet_run(s, &X, loaded.data(), loaded.ld, &r));
    k.add(loaded);
    k.add(r);
    return ORTHANT_OK;
  };
  const Graph<T> small(30), large(300);
  for (const Named &kind : unmasked) {
    auto c = config<orthant_symnet_config>();
    c.epochs = 5, c.max_iter = 3;
    for (const auto &[name, set] : options) {
      auto own = c;
      set(own);
      table.row(path("symnet", name, kind, "30", Abi<T>::name),
                [&](Case &k) { return body(k, own, small, 3, kind.value); });
    }
    for (const Named &start : symnmf_starts)
      for (const Named &bound : symnet_bounds) {
        auto own = c;
        own.start = start.value, own.lambda_bound = bound.value;
        table.row(path("symnet", start, bound, kind, "30", Abi<T>::name),
                  [&](Case &k) { return body(k, own, small, 3, kind.value); });
      }
    table.row(path("symnet/plain", kind, "300", Abi<T>::name),
              [&](Case &k) { return body(k, c, large, 5, kind.value); });
  }
}

template <class T>
void labels() {
  for (const Shape &s : {Shape{40, 3, 0}, Shape{1, 1, 0}, Shape{500, 17, 0}})
    for (const bool bad : {false, true})
      table.serial_row(path("clusters/labels", bad ? "bad" : "good", s, Abi<T>::name), [&](Case &k) {
        Array<T> U = Array<T>(s.rows, s.cols, 2).random(95);
        U.each([&](int32_t i, int32_t j) { return double(U(i, j)) < 0.5 ? 0 : double(U(i, j)); });
        if (bad) U(0, 0) = T(NAN);
        std::vector<int32_t> found = k.blank_list<int32_t>(size_t(s.rows));
        double share = 0;
        TRY(Abi<T>::clusters_labels(s.rows, s.cols, U.data(), U.ld, found.data(), &share));
        k.add(found);
        k.add(share);
        return ORTHANT_OK;
      });
}

void clusters() {
  for (const Shape &s : {Shape{40, 3, 3}, Shape{200, 9, 4}, Shape{50, 2, 7}, Shape{1, 1, 1}})
    table.serial_row(path("clusters/score", s), [&](Case &k) {
      auto c = config<orthant_clusters_config>();
      c.samples = s.rows, c.clusters = s.cols, c.classes = s.rank;
      size_t bytes = 0;
      TRY(orthant_clusters_size(&c, &bytes));
      std::vector<int32_t> found, truth;
      for (int32_t i = 0; i < s.rows; ++i) {
        const double u = uniform(96, uint64_t(i)), v = uniform(97, uint64_t(i));
        found.push_back(int32_t(u * s.cols));
        truth.push_back(int32_t((v < 0.6 ? u : uniform(98, uint64_t(i))) * s.rank));
      }
      orthant_clusters_scores out = k.blank_struct<orthant_clusters_scores>();
      TRY(orthant_clusters_score(&c, k.memory(bytes), bytes, found.data(), truth.data(), &out));
      for (const double x : {out.accuracy, out.purity, out.nmi, out.nmi_min, out.nmi_sqrt, out.nmi_mean, out.nmi_joint})
        k.add(x);
      return ORTHANT_OK;
    });
}

// ---- Unrolled multiplicative updates -----------------------------------------------------------------------------

constexpr int32_t net_bands = 6, net_rank = 3, net_columns = 12;

orthant_nalmu_train_config nalmu_training(int32_t factors, int32_t spread) {
  auto c = config<orthant_nalmu_train_config>();
  c.bands = net_bands, c.endmembers = net_rank, c.columns = net_columns, c.layers = 3, c.lines = 3;
  c.factors = factors, c.spread_w = c.spread_h = spread, c.seed = 5;
  return c;
}

template <class T>
struct Samples {
  int32_t count;
  Array<T> Y, W, H;
  explicit Samples(int32_t n)
      : count(n), Y(Array<T>(net_bands, net_columns * n).random(101)), W(Array<T>(net_bands, net_rank * n).random(102)),
        H(Array<T>(net_rank, net_columns * n).random(103)) {
    for (Array<T> *A : {&Y, &W, &H}) A->each([&](int32_t i, int32_t j) { return 0.1 + double((*A)(i, j)); });
  }
};

// The blob of a few steps, by one worker.
template <class T>
Blob nalmu_blob(const orthant_nalmu_train_config &c) {
  Case k(1);
  size_t bytes = 0;
  typename Abi<T>::NalmuTrain *s = nullptr;
  const Samples<T> x(4);
  if (Abi<T>::nalmu_train_size(&c, &bytes) != ORTHANT_OK) return {};
  if (Abi<T>::nalmu_train_init(&c, nullptr, 0, k.memory(bytes), bytes, &s) != ORTHANT_OK) return {};
  for (int i = 0; i < 2; ++i) {
    orthant_report r = k.blank_struct<orthant_report>();
    if (Abi<T>::nalmu_train_step(s, x.count, x.Y.data(), x.W.data(), x.H.data(), 1, &r) != ORTHANT_OK) return {};
  }
  return saved([&](void *out, size_t capacity, size_t *n) { return Abi<T>::nalmu_train_save(s, 0, out, capacity, n); });
}

template <class T>
orthant_status nalmu_run(Case &k, orthant_nalmu_config c, const Data<T> &d, int32_t kind) {
  c.bands = d.s.rows, c.pixels = d.s.cols, c.endmembers = d.s.rank;
  c.parallel = k.parallel();
  typename Abi<T>::Nalmu *s = nullptr;
  TRY(make(k, c, Abi<T>::nalmu_size, Abi<T>::nalmu_init, &s));
  Array<T> W = Array<T>(d.s.rows, d.s.rank, 2).random(105), H = k.blank<T>(d.s.rank, d.s.cols, 1);
  if (c.given) H.random(106);
  const auto Y = d.matrix(kind);
  for (const bool reported : {true, false}) {
    orthant_report r = k.blank_struct<orthant_report>();
    TRY(Abi<T>::nalmu_run(s, &Y, W.data(), W.ld, H.data(), H.ld, reported ? &r : nullptr));
    k.add(W);
    k.add(H);
    if (reported) k.add(r);
  }
  return ORTHANT_OK;
}

template <class T>
void nalmu() {
  for (const Shape &s : {Shape{20, 33, 4}, Shape{50, 2100, 5}, Shape{1, 7, 1}, Shape{5, 40, 8}, Shape{700, 90, 3}}) {
    const Data<T> d(s);
    for (const Named &factors : moving_factors)
      for (const int32_t given : {0, 1})
        for (const int32_t layers : {0, 1, 4})
          for (const Named &kind : kinds) {
            if (kind.value && (layers != 4 || s.rows != 20 || given || kind.value == weighted)) continue;
            auto c = config<orthant_nalmu_config>();
            c.factors = factors.value, c.given = given, c.layers = layers;
            table.row(path("nalmu/mu", factors, given ? "given" : "constant", "layers", layers, kind, s, Abi<T>::name),
                      [&](Case &k) { return nalmu_run(k, c, d, kind.value); });
          }
  }
  Blob generic = read_model("generic-4.orw");
  for (const Shape &s : {Shape{20, 33, 4}, Shape{198, 900, 4}, Shape{20, 33, 5}}) {
    const Data<T> d(s);
    for (const int32_t layers : {0, 3})
      for (const int32_t given : {0, 1}) {
        auto c = config<orthant_nalmu_config>();
        c.model = generic.model(), c.layers = layers, c.given = given;
        table.row(path("nalmu/generic-4", given ? "given" : "constant", "layers", layers, s, Abi<T>::name),
                  [&](Case &k) { return nalmu_run(k, c, d, ORTHANT_DENSE); });
      }
  }
  for (const Named &spread_w : spreads)
    for (const Named &spread_h : spreads)
      for (const Named &factors : {moving_factors[1], moving_factors[2]}) {
        auto training = nalmu_training(factors.value, spread_w.value);
        training.spread_h = spread_h.value;
        Blob single = nalmu_blob<float>(training), twofold = nalmu_blob<double>(training);
        for (const int32_t pixels : {net_columns, 2 * net_columns, 300}) {
          const Data<T> d({net_bands, pixels, net_rank});
          for (const bool of_f32 : {true, false})
            for (const int32_t given : {0, 1}) {
              auto c = config<orthant_nalmu_config>();
              c.model = (of_f32 ? single : twofold).model(), c.given = given;
              if (!c.model) continue;
              table.row(path("nalmu", spread_w, spread_h, factors, of_f32 ? "of_f32" : "of_f64",
                             given ? "given" : "constant", pixels, Abi<T>::name),
                        [&](Case &k) { return nalmu_run(k, c, d, ORTHANT_DENSE); });
            }
        }
      }
}

template <class T>
orthant_status nalmu_train_run(Case &k, orthant_nalmu_train_config c, const Samples<T> &x, bool start) {
  c.parallel = k.parallel();
  size_t bytes = 0;
  typename Abi<T>::NalmuTrain *s = nullptr;
  const Array<T> W0 = Array<T>(net_bands, net_rank, 2).random(107);
  TRY(Abi<T>::nalmu_train_size(&c, &bytes));
  TRY(Abi<T>::nalmu_train_init(&c, start ? W0.data() : nullptr, W0.ld, k.memory(bytes), bytes, &s));
  const auto step = [&](int32_t learn) -> orthant_status {
    orthant_report r = k.blank_struct<orthant_report>();
    TRY(Abi<T>::nalmu_train_step(s, x.count, x.Y.data(), x.W.data(), x.H.data(), learn, &r));
    k.add(r);
    return ORTHANT_OK;
  };
  const auto save = [&](int32_t state) {
    return saved([&](void *out, size_t capacity, size_t *n) {
      return Abi<T>::nalmu_train_save(s, state, out, capacity, n);
    });
  };
  for (const int32_t learn : {1, 1, 0, 1}) TRY(step(learn));
  k.add(save(0));
  Blob state = save(1);
  k.add(state);
  TRY(Abi<T>::nalmu_train_init(&c, start ? W0.data() : nullptr, W0.ld, k.memory(bytes), bytes, &s));
  const orthant_status st = Abi<T>::nalmu_train_load(s, state.model());
  k.add(st);
  if (st == ORTHANT_OK) TRY(step(1));
  k.add(save(1));
  return ORTHANT_OK;
}

template <class T>
void nalmu_train() {
  const auto row = [](const string &name, const orthant_nalmu_train_config &c, int32_t count, bool start) {
    const Samples<T> x(count);
    table.row(path("nalmu_train", name, start ? "from_w0" : "from_ones", count, Abi<T>::name),
              [&](Case &k) { return nalmu_train_run(k, c, x, start); });
  };
  using Set = void (*)(orthant_nalmu_train_config &);
  const std::pair<const char *, Set> options[] = {
      {"order", [](orthant_nalmu_train_config &c) { c.order = 1; }},
      {"tied", [](orthant_nalmu_train_config &c) { c.tied = 1; }},
      {"keep", [](orthant_nalmu_train_config &c) { c.layers = 5, c.keep = 2; }},
      {"kernel", [](orthant_nalmu_train_config &c) { c.kernel = 5; }},
      {"clips", [](orthant_nalmu_train_config &c) { c.low_w = c.low_h = 0.05, c.high_w = 0.9, c.high_h = 0.8; }},
      {"start_h", [](orthant_nalmu_train_config &c) { c.start_h = 0.3; }},
      {"rate", [](orthant_nalmu_train_config &c) { c.rate = 0.1, c.rate_decay = 0.9, c.weight_decay = 0.01; }},
      {"adam", [](orthant_nalmu_train_config &c) { c.beta1 = 0.8, c.beta2 = 0.95, c.epsilon = 1e-6; }},
      {"kl", [](orthant_nalmu_train_config &c) { c.divergence = ORTHANT_LOSS_KL; }},
      {"is", [](orthant_nalmu_train_config &c) { c.divergence = ORTHANT_LOSS_IS; }},
      {"beta0.5", [](orthant_nalmu_train_config &c) { c.divergence = ORTHANT_LOSS_BETA, c.beta = 0.5; }},
      {"beta3", [](orthant_nalmu_train_config &c) { c.divergence = ORTHANT_LOSS_BETA, c.beta = 3; }},
  };
  for (const Named &factors : {moving_factors[1], moving_factors[2]}) {
    for (const Named &spread : spreads) {
      const bool network = spread.value == ORTHANT_SPREAD_NETWORK;  // large: only what its code depends on
      row(path(factors, spread), nalmu_training(factors.value, spread.value), 5, true);
      if (!network) row(path(factors, spread), nalmu_training(factors.value, spread.value), 1, true);
      if (!network) row(path(factors, spread), nalmu_training(factors.value, spread.value), 5, false);
      for (const auto &[name, set] : options) {
        auto c = nalmu_training(factors.value, spread.value);
        set(c);
        if (network && !c.order && !c.tied && !c.keep && !c.kernel) continue;
        row(path(factors, spread, name), c, network ? 2 : 5, true);
      }
    }
    for (const Named &positivity : positivities)
      for (const Named &nu : layer_weights) {
        auto c = nalmu_training(factors.value, ORTHANT_SPREAD_COMPONENT);
        c.positivity = positivity.value, c.nu = nu.value;
        row(path(factors, "positivity", positivity, nu), c, 3, true);
      }
    for (const Named &w : fits)
      for (const Named &h : fits) {
        auto c = nalmu_training(factors.value, ORTHANT_SPREAD_FULL);
        c.loss_w = w.value, c.loss_h = h.value;
        row(path(factors, "fit", w, h), c, 3, true);
      }
  }
}

// ---- The Factormer -----------------------------------------------------------------------------------------------

template <class T>
orthant_status factormer_run(Case &k, const orthant_model *m, const Data<T> &d, int32_t kind, bool before) {
  auto c = config<orthant_factormer_config>();
  c.rows = d.s.rows, c.cols = d.s.cols, c.model = m;
  c.parallel = k.parallel();
  typename Abi<T>::Factormer *s = nullptr;
  TRY(make(k, c, Abi<T>::factormer_size, Abi<T>::factormer_init, &s));
  Array<T> W = Array<T>(d.s.rows, d.s.rank, 2).random(111), H = Array<T>(d.s.rank, d.s.cols, 1).random(112);
  const Array<T> W0 = Array<T>(d.s.rows, d.s.rank, 1).random(113), H0 = Array<T>(d.s.rank, d.s.cols).random(114);
  const auto V = d.matrix(kind);
  for (int i = 0; i < 2; ++i) {
    TRY(Abi<T>::factormer_run(s, &V, W.data(), W.ld, H.data(), H.ld, before ? W0.data() : nullptr, W0.ld,
                              before ? H0.data() : nullptr, H0.ld));
    k.add(W);
    k.add(H);
  }
  return ORTHANT_OK;
}

template <class T>
void factormer() {
  for (const bool of_f32 : {true, false})
    for (const bool accelerates : {false, true}) {
      Blob blob = of_f32 ? factormer_blob<float>(4, accelerates) : factormer_blob<double>(4, accelerates);
      for (const Shape &s : {Shape{40, 30, 4}, Shape{7, 300, 4}, Shape{1, 1, 4}, Shape{150, 70, 4}}) {
        const Data<T> d(s);
        for (const bool before : {false, true})
          for (const Named &kind : kinds) {
            if (kind.value && s.rows != 40) continue;
            table.row(path("factormer/own", of_f32 ? "of_f32" : "of_f64", accelerates ? "accelerate" : "propose",
                           before ? "before" : "alone", kind, s, Abi<T>::name),
                      [&](Case &k) { return factormer_run(k, blob.model(), d, kind.value, before); });
          }
      }
    }
  for (const char *const name : {"tiny-f16", "paper-f16", "accelerate-f16"}) {
    Blob blob = read_model(string(name) + ".orw");
    const bool tiny = name[0] == 't';
    const Shape s{tiny ? 70 : 19, tiny ? 90 : 15, 10};
    const Data<T> d(s);
    table.row(path("factormer", name, s, Abi<T>::name),
              [&](Case &k) { return factormer_run(k, blob.model(), d, ORTHANT_DENSE, name[0] == 'a'); });
  }
}

void describe() {
  for (const char *const name : {"tiny-f16", "paper-f16", "accelerate-f16", "generic-4", "schedule"}) {
    Blob blob = read_model(string(name) + ".orw");
    table.serial_row(path("factormer/describe", name), [&](Case &k) {
      orthant_factormer_info i = k.blank_struct<orthant_factormer_info>();
      TRY(orthant_factormer_describe(blob.model(), &i));
      for (const int32_t x : {i.rank, i.width, i.heads, i.layers, i.hidden, i.accelerates}) k.add(x);
      k.add(i.parameters);
      return ORTHANT_OK;
    });
  }
}

template <class T>
void factormer_train() {
  using Set = void (*)(orthant_factormer_train_config &);
  const std::pair<const char *, Set> options[] = {
      {"plain", [](orthant_factormer_train_config &) {}},
      {"separate", [](orthant_factormer_train_config &c) { c.separate = 1; }},
      {"wide_scale", [](orthant_factormer_train_config &c) { c.wide_scale = 1; }},
      {"last_norm", [](orthant_factormer_train_config &c) { c.last_norm = 1; }},
      {"hidden", [](orthant_factormer_train_config &c) { c.hidden = 7; }},
      {"one_cycle", [](orthant_factormer_train_config &c) { c.one_cycle = 1, c.warmup = 2, c.epochs = 2; }},
      {"epoch_decay",
       [](orthant_factormer_train_config &c) { c.epoch_steps = 2, c.epoch_decay = 0.5, c.grow_epochs = 1; }},
      {"no_weight_decay", [](orthant_factormer_train_config &c) { c.weight_decay = -1, c.clip = 0; }},
      {"adam", [](orthant_factormer_train_config &c) { c.beta1 = 0.8, c.beta2 = 0.95, c.epsilon = 1e-6; }},
      {"rho", [](orthant_factormer_train_config &c) { c.rho = 0.5, c.gamma = 0.6, c.unrolled = 3; }},
  };
  std::vector<Array<T>> data;
  for (int32_t i = 0; i < 5; ++i) {
    Array<T> A(9 - i % 3, 70 - 20 * (i % 2), 1);
    A.random(uint64_t(120 + i)).each([&](int32_t p, int32_t q) { return double(A(p, q)) - 0.01; });
    data.push_back(A);
  }
  std::vector<typename Abi<T>::Matrix> views;
  for (const Array<T> &A : data) views.push_back(dense(A));
  for (const int32_t accelerates : {0, 1})
    for (const Named &residual : residuals)
      for (const auto &[name, set] : options) {
        auto c = config<orthant_factormer_train_config>();
        c.max_rows = 9, c.max_cols = 70, c.rank = 3, c.width = 8, c.heads = 2, c.layers = 2;
        c.accelerates = accelerates, c.unrolled = accelerates ? 2 : 1, c.rate = 1e-3, c.clip = 1, c.seed = 6;
        c.residual = residual.value;
        set(c);
        if (residual.value != ORTHANT_RESIDUAL_INPUT && c.rho > 0) continue;
        table.row(path("factormer_train", accelerates ? "accelerate" : "propose", residual, name, Abi<T>::name),
                  [&](Case &k) {
          auto own = c;
          own.parallel = k.parallel();
          typename Abi<T>::FactormerTrain *s = nullptr;
          TRY(make(k, own, Abi<T>::factormer_train_size, Abi<T>::factormer_train_init, &s));
          const auto step = [&](int32_t count, int32_t learn) -> orthant_status {
            orthant_report r = k.blank_struct<orthant_report>();
            TRY(Abi<T>::factormer_train_step(s, count, views.data(), learn, &r));
            k.add(r);
            return ORTHANT_OK;
          };
          const auto save = [&](int32_t state) {
            return saved([&](void *out, size_t capacity, size_t *n) {
              return Abi<T>::factormer_train_save(s, state, out, capacity, n);
            });
          };
          TRY(step(5, 1));
          TRY(step(2, 1));
          TRY(step(1, 0));
          k.add(save(0));
          Blob state = save(1);
          k.add(state);
          TRY(make(k, own, Abi<T>::factormer_train_size, Abi<T>::factormer_train_init, &s));
          const orthant_status st = Abi<T>::factormer_train_load(s, state.model());
          k.add(st);
          if (st == ORTHANT_OK) TRY(step(3, 1));
          k.add(save(1));
          return ORTHANT_OK;
        });
      }
}

// ---- Schedules ---------------------------------------------------------------------------------------------------

template <class T>
void schedule_train() {
  for (const int32_t problems : {2, 5})
    for (const uint64_t seed : {0, 3})
      table.row(path("schedule_train", problems, seed ? "seed3" : "seed0", Abi<T>::name), [&](Case &k) {
        auto c = config<orthant_schedule_train_config>();
        c.problems = problems, c.largest = 24, c.population = 4, c.iterations = 8, c.seed = seed;
        c.parallel = k.parallel();
        typename Abi<T>::ScheduleTrain *s = nullptr;
        TRY(make(k, c, Abi<T>::schedule_train_size, Abi<T>::schedule_train_init, &s));
        for (const int32_t generations : {0, 2, 1}) {
          orthant_report r = k.blank_struct<orthant_report>();
          TRY(Abi<T>::schedule_train_run(s, generations, &r));
          k.add(r);
        }
        k.add(saved([&](void *out, size_t capacity, size_t *n) {
          return Abi<T>::schedule_train_save(s, 0, out, capacity, n);
        }));
        return ORTHANT_OK;
      });
}

// ---- Blobs -------------------------------------------------------------------------------------------------------

void add_record(Case &k, const orthant_record &r) {
  k.add(r.name);
  for (const int32_t x : {r.element, r.rank, r.zero_point}) k.add(x);
  for (const uint32_t x : r.dims) k.add(x);
  k.add(r.scale);
  k.add_bytes(r.data, r.bytes);
}

template <class T>
orthant_status add_values(Case &k, const orthant_model *m) {
  for (int32_t i = 0; i < orthant_model_records(m); ++i) {
    orthant_record r = k.blank_struct<orthant_record>();
    TRY(orthant_model_record(m, i, &r));
    std::vector<T> values = k.blank_list<T>(r.count);
    TRY(Abi<T>::model_values(m, i, 0, r.count, values.data()));
    k.add(values);
    const size_t from = r.count / 3, count = r.count - from;
    TRY(Abi<T>::model_values(m, i, from, count, values.data()));
    k.add(values);
  }
  return ORTHANT_OK;
}

void models() {
  for (const char *const name : {"generic-4", "schedule", "tiny-f16", "accelerate-f16"}) {
    Blob blob = read_model(string(name) + ".orw");
    const orthant_model *m = blob.model();
    table.serial_row(path("model", name, "records"), [&](Case &k) {
      k.add(orthant_model_verify(m));
      k.add(orthant_model_kind(m));
      k.add(uint64_t(orthant_model_bytes(m)));
      for (int32_t i = 0; i < orthant_model_records(m); ++i) {
        orthant_record r = k.blank_struct<orthant_record>();
        TRY(orthant_model_record(m, i, &r));
        add_record(k, r);
      }
      return ORTHANT_OK;
    });
    table.serial_row(path("model", name, "values/f32"), [&](Case &k) { return add_values<float>(k, m); });
    table.serial_row(path("model", name, "values/f64"), [&](Case &k) { return add_values<double>(k, m); });
    for (const Named &element : elements)
      for (const int32_t alignment : {0, 16, 256, 3})
        table.serial_row(path("model", name, "convert", element, alignment), [&](Case &k) {
          size_t bytes = 0;
          TRY(orthant_model_convert(m, element.value, alignment, nullptr, 0, &bytes));
          std::vector<unsigned char> out = k.blank_list<unsigned char>(bytes);
          TRY(orthant_model_convert(m, element.value, alignment, out.data(), bytes, &bytes));
          k.add_bytes(out.data(), out.size());
          return ORTHANT_OK;
        });
    if (blob.bytes() > 100000) continue;
    // Every byte of the header and of the first records spoilt, then the length.
    table.serial_row(path("model", name, "spoilt"), [&](Case &k) {
      const orthant_model *out = nullptr;
      for (size_t i = 0; i < std::min(blob.bytes(), size_t(512)); ++i) {
        Blob bad = blob;
        bad.data()[i] = static_cast<unsigned char>(bad.data()[i] ^ (1u << (i % 8)));
        k.add(orthant_model_open(bad.data(), bad.bytes(), &out));
        k.add(orthant_model_problem(bad.data(), bad.bytes()));
      }
      for (const size_t length : {size_t(0), size_t(63), size_t(64), size_t(200), blob.bytes() - 1}) {
        k.add(orthant_model_open(blob.data(), length, &out));
        k.add(orthant_model_problem(blob.data(), length));
      }
      return ORTHANT_OK;
    });
  }
  table.serial_row("names", [&](Case &k) {
    for (int32_t i = -2; i < 12; ++i) {
      k.add(orthant_status_text(-i));
      k.add(orthant_model_kind_name(i));
      k.add(orthant_element_name(i));
      k.add(orthant_scene_name(i));
    }
    return ORTHANT_OK;
  });
}

// ---- All of it ---------------------------------------------------------------------------------------------------

// The rows of both element types, where the prefix asks for any of them.
void both(const char *name, void (*single)(), void (*twofold)()) {
  if (!table.wants_part(name)) return;
  single();
  twofold();
}

}  // namespace

#define BOTH(name, noun) both(name, noun<float>, noun<double>)

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) {
    fprintf(stderr, "bits MODELS [PREFIX] | bits --kernels\n");
    return 2;
  }
  if (argv[1] == string("--kernels")) {
    puts(orthant_build_kernels());
    return 0;
  }
  models_folder = argv[1];
  if (argc > 2) table.prefix = argv[2];
  BOTH("nmf/", nmf);
  BOTH("qp/", qp);
  BOTH("unmix/", unmix);
  if (table.wants_part("fixed/")) fixed();
  BOTH("endmembers/", endmembers);
  BOTH("scores/", scores);
  BOTH("scene/", scene);
  BOTH("mixtures/", mixtures);
  BOTH("factors/", factors);
  BOTH("tsvd/", tsvd);
  BOTH("relu_nmd/", relu_nmd);
  BOTH("graph/", graph);
  BOTH("symnmf/", symnmf);
  BOTH("symnet/", symnet);
  BOTH("clusters/", labels);
  if (table.wants_part("clusters/")) clusters();
  BOTH("nalmu/", nalmu);
  BOTH("nalmu_train/", nalmu_train);
  BOTH("factormer/", factormer);
  if (table.wants_part("factormer/")) describe();
  BOTH("factormer_train/", factormer_train);
  BOTH("schedule_train/", schedule_train);
  models();
  return 0;
}
