// Structs with fields of any value, and data with any numbers, on small problems: every call answers with a status, and
// touches only what it was given.  Every array and workspace has just its size, for a sanitizer to watch.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#include "orthant.h"

namespace {

constexpr int32_t largest_side = 40;
constexpr size_t largest_workspace = size_t(1) << 24;  // a stream has buffers of megabytes

// The input, then zeros.
class Bytes {
 public:
  Bytes(const uint8_t *at, size_t size) : at_(at), end_(at + size) {}
  uint32_t byte() { return at_ < end_ ? *at_++ : 0; }
  int32_t below(int32_t n) { return int32_t(byte()) % n; }
  template <class T>
  T raw() {
    uint8_t b[sizeof(T)];
    for (uint8_t &x : b) x = uint8_t(byte());
    T value;
    memcpy(&value, b, sizeof value);
    return value;
  }

 private:
  const uint8_t *at_, *end_;
};

int32_t any_int(Bytes &in) {
  constexpr int32_t special[] = {-1, INT32_MAX, INT32_MIN, 46341, 65536, 1 << 30, 255, -7};
  const int32_t kind = in.below(16);
  if (kind < 8) return kind;
  return kind < 15 ? special[in.below(8)] : in.raw<int32_t>();
}

template <class T>
T any_number(Bytes &in) {
  using Limits = std::numeric_limits<T>;
  const T special[] = {T(0), T(-1), Limits::quiet_NaN(), Limits::infinity(), Limits::max(), Limits::min(),
                       Limits::denorm_min(), T(1e-30), T(1e30), T(-0.0)};
  const uint32_t kind = in.byte();
  if (kind < 240) return T(kind) / 64;
  return kind < 250 ? special[kind - 240] : in.raw<T>();
}

[[noreturn]] void fail() { abort(); }

void expect_status(orthant_status s) {
  if (s > ORTHANT_OK || s < ORTHANT_E_READ) fail();
}

orthant_report empty_report() {
  orthant_report r{};
  r.size = sizeof r;
  return r;
}

struct Array {
  std::vector<float> values;
  Array(size_t n, Bytes &in) : values(n) {
    // Of most inputs few bytes are left: the rest follows from them.
    uint32_t state = in.raw<uint32_t>();
    const int32_t odd = in.below(8);
    for (size_t i = 0; i < n; ++i) {
      state = state * 1664525u + 1013904223u;
      values[i] = float(state >> 8) / float(1 << 24);
    }
    for (int32_t k = 0; k < odd && n > 0; ++k) values[in.raw<uint16_t>() % n] = any_number<float>(in);
    values.shrink_to_fit();
  }
  float *data() { return values.empty() ? nullptr : values.data(); }
};

// One matrix of rows x cols of a kind, from an array; the kind may be unknown.
struct Data {
  Array dense, weights;
  std::vector<float> values;
  std::vector<int32_t> starts, indices;
  orthant_matrix_f32 view;
  int32_t reads_left = INT32_MAX;  // until one fails
  // Of a stream.
  static int32_t read(void *user, int32_t first, int32_t count, float *out) {
    Data &d = *static_cast<Data *>(user);
    if (first < 0 || count < 1 || first > d.view.cols - count) fail();
    if (d.reads_left-- <= 0) return 7;
    const size_t rows = size_t(d.view.rows);
    memcpy(out, d.dense.values.data() + rows * size_t(first), rows * size_t(count) * sizeof(float));
    return 0;
  }
  Data(int32_t rows, int32_t cols, int32_t kind, Bytes &in)
      : dense(size_t(rows) * size_t(cols), in), weights(kind == ORTHANT_MASKED ? dense.values.size() : 0, in) {
    const bool by_rows = kind == ORTHANT_CSR, sparse = by_rows || kind == ORTHANT_CSC;
    view = {sizeof view, kind, rows, cols, rows, rows, dense.data(), nullptr, nullptr, nullptr, nullptr, nullptr};
    if (kind == ORTHANT_MASKED && in.below(2)) view.weights = weights.data();
    if (kind == ORTHANT_STREAM) {
      view.read = read;
      view.user = this;
      if (in.below(3) == 2) reads_left = in.below(12);
    }
    if (!sparse) return;
    starts.push_back(0);
    for (int32_t a = 0; a < (by_rows ? rows : cols); ++a) {
      for (int32_t b = 0; b < (by_rows ? cols : rows); ++b) {
        const float x = by_rows ? dense.values[size_t(a) + size_t(rows) * size_t(b)]
                                : dense.values[size_t(b) + size_t(rows) * size_t(a)];
        if (x < 0.5f) continue;
        indices.push_back(b);
        values.push_back(x);
      }
      starts.push_back(int32_t(indices.size()));
    }
    // The last one says how long the other arrays are: that must be true for memory to be there.
    if (in.below(8) == 1) starts[size_t(in.below(int32_t(starts.size()) - 1))] = any_int(in);
    if (in.below(8) == 1 && !indices.empty()) indices[0] = any_int(in);
    values.shrink_to_fit(), starts.shrink_to_fit(), indices.shrink_to_fit();
    view.ld = view.ld_weights = 0;
    view.values = values.data(), view.starts = starts.data(), view.indices = indices.data();
  }
};

void run_tasks(void *user, int32_t tasks, orthant_task_fn task, void *arg) {
  const int32_t workers = *static_cast<int32_t *>(user);
  for (int32_t i = 0; i < tasks; ++i) task(arg, i, i % workers);
}

// A config whose fields from the second on were changed, `pointers` the offset of the first pointer; what the library
// is given has just the size that its first field says.
template <class C>
class Config {
 public:
  C full{};
  Config(Bytes &in, size_t pointers) {
    unsigned char *at = reinterpret_cast<unsigned char *>(&full);
    for (int32_t edits = in.below(5); edits > 0; --edits) {
      const size_t where = 4 + 4 * size_t(in.below(int32_t(pointers / 4)));
      const double number = any_number<double>(in);
      const int32_t whole = any_int(in);
      if (where % 8 == 0 && in.below(2) && where + 8 <= pointers) memcpy(at + where, &number, 8);
      else if (where + 4 <= pointers) memcpy(at + where, &whole, 4);
    }
    workers_ = 1 + in.below(3);
    parallel_ = {sizeof parallel_, in.below(16) == 15 ? any_int(in) : workers_, run_tasks, &workers_};
    threads_ = in.below(2);
    const int32_t kind = in.below(16);
    size_ = sizeof(C);
    if (kind == 14) size_ = size_t(in.below(int32_t(pointers) + 1));  // half a pointer would lead anywhere
    if (kind == 15) size_ += in.byte();
    tail_ = kind == 15 && in.below(2) ? 1 : 0;
  }
  const orthant_parallel *parallel() const { return threads_ && parallel_.workers <= 3 ? &parallel_ : nullptr; }
  // For the library.
  const C *given() {
    full.size = uint32_t(size_);
    bytes_.assign(size_ < sizeof(uint32_t) ? sizeof(uint32_t) : size_, tail_);
    bytes_.shrink_to_fit();
    memcpy(bytes_.data(), &full, size_ < sizeof(C) ? bytes_.size() : sizeof(C));
    return reinterpret_cast<const C *>(bytes_.data());
  }

 private:
  int32_t workers_ = 1;
  orthant_parallel parallel_{};
  bool threads_ = false;
  size_t size_ = 0;
  unsigned char tail_ = 0;
  std::vector<unsigned char> bytes_;
};

// A field that says how many times, small; and sides that arrays can have.
void limit(int32_t &times, Bytes &in) {
  if (times == 0 || times > 12) times = 1 + in.below(8);
}
template <class... Side>
bool small_enough(Side... sides) { return ((sides >= 1 && sides <= largest_side) && ...); }

// The size of a job and a workspace of it, with its handle; false where the library refuses.
template <class Handle>
struct Placed {
  std::vector<unsigned char> memory;
  Handle *handle = nullptr;
  template <class C, class Size, class Init>
  bool place(Config<C> &c, bool small, Size size, Init init) {
    size_t bytes = 0;
    const C *given = c.given();
    const orthant_status sized = size(given, &bytes);
    expect_status(sized);
    if (sized != ORTHANT_OK || bytes > largest_workspace || !small) return false;
    memory.assign(bytes - 1, 0xFF);
    memory.shrink_to_fit();
    if (init(given, memory.data(), bytes - 1, &handle) == ORTHANT_OK) fail();
    memory.assign(bytes, 0xFF);
    memory.shrink_to_fit();
    const orthant_status placed = init(given, memory.data(), bytes, &handle);
    expect_status(placed);
    return placed == ORTHANT_OK;
  }
};

// ---- One function for each kind of job ------------------------------------------------------------------------------

void set_shape(int32_t &rows, int32_t &cols, int32_t &rank, Bytes &in) {
  if (rows == 0) rows = 1 + in.below(12);
  if (cols == 0) cols = 1 + in.below(12);
  if (rank == 0) rank = 1 + in.below(4);
}

void unmix(Bytes &in) {
  Config<orthant_unmix_config> c(in, offsetof(orthant_unmix_config, parallel));
  auto &f = c.full;
  int32_t pixels = 1 + in.below(20);
  set_shape(f.bands, pixels, f.endmembers, in);
  limit(f.max_iter, in);
  f.parallel = c.parallel();
  const bool small = small_enough(f.bands, f.endmembers);
  Array E(small ? size_t(f.bands) * size_t(f.endmembers) : 0, in);
  Placed<orthant_unmix_f32> p;
  const auto init = [&](const orthant_unmix_config *given, void *mem, size_t bytes, orthant_unmix_f32 **out) {
    return orthant_unmix_init_f32(given, E.data(), f.bands, mem, bytes, out);
  };
  if (!p.place(c, small, orthant_unmix_size_f32, init)) return;
  Data Y(f.bands, pixels, f.data, in);
  Array A(size_t(f.endmembers) * size_t(pixels), in);
  orthant_report report = empty_report();
  expect_status(orthant_unmix_run_f32(p.handle, &Y.view, A.data(), f.endmembers, &report));
}

orthant_symmetric_f32 symmetric(int32_t n, Array &values, Bytes &in) {
  const int32_t kind = in.below(8) == 7 ? any_int(in) : in.below(4);
  for (int32_t j = 0; j < n && kind == ORTHANT_SYMMETRIC; ++j)
    for (int32_t i = 0; i < j; ++i) values.values[size_t(i + n * j)] = values.values[size_t(j + n * i)];
  return {kind, n, any_number<double>(in), values.data()};
}

void nmf(Bytes &in) {
  Config<orthant_nmf_config> c(in, offsetof(orthant_nmf_config, progress));
  auto &f = c.full;
  set_shape(f.rows, f.cols, f.rank, in);
  if (f.method == 0) f.method = in.below(13);
  if (f.loss == 0 && in.below(3) == 2) f.loss = in.below(5);
  limit(f.max_iter, in);
  limit(f.sweeps, in);
  f.parallel = c.parallel();
  Placed<orthant_nmf_f32> p;
  if (!p.place(c, small_enough(f.rows, f.cols, f.rank), orthant_nmf_size_f32, orthant_nmf_init_f32)) return;
  const size_t m = size_t(f.rows), n = size_t(f.cols), r = size_t(f.rank);
  Array P(m * m, in), Q(n * n, in), W(m * r, in), H(r * n, in);
  if (in.below(2)) {
    orthant_terms_f32 terms{};
    terms.size = sizeof terms;
    terms.weight_rows = symmetric(f.rows, P, in);
    terms.weight_cols = symmetric(f.cols, Q, in);
    expect_status(orthant_nmf_terms_f32(p.handle, &terms));
  }
  Data V(f.rows, f.cols, f.data, in);
  orthant_report report = empty_report();
  if (in.below(4) > 0) expect_status(orthant_nmf_start_f32(p.handle, &V.view, W.data(), f.rows, H.data(), f.rank));
  expect_status(orthant_nmf_run_f32(p.handle, &V.view, W.data(), f.rows, H.data(), f.rank, &report));
  expect_status(orthant_nmf_run_f32(p.handle, &V.view, W.data(), f.rows, H.data(), f.rank, nullptr));
}

void endmembers(Bytes &in) {
  Config<orthant_endmembers_config> c(in, offsetof(orthant_endmembers_config, parallel));
  auto &f = c.full;
  set_shape(f.bands, f.pixels, f.endmembers, in);
  if (f.method == 0) f.method = in.below(4);
  limit(f.max_iter, in);
  f.parallel = c.parallel();
  Placed<orthant_endmembers_f32> p;
  if (!p.place(c, small_enough(f.bands, f.pixels, f.endmembers), orthant_endmembers_size_f32,
               orthant_endmembers_init_f32))
    return;
  Data Y(f.bands, f.pixels, in.below(5), in);
  Array E(size_t(f.bands) * size_t(f.endmembers), in);
  std::vector<int32_t> pixel(size_t(f.endmembers));
  expect_status(orthant_endmembers_run_f32(p.handle, &Y.view, nullptr, 0, E.data(), f.bands, pixel.data()));
}

void scores(Bytes &in) {
  Config<orthant_scores_config> c(in, sizeof(orthant_scores_config));
  auto &f = c.full;
  set_shape(f.bands, f.pixels, f.endmembers, in);
  size_t bytes = 0;
  const orthant_scores_config *given = c.given();
  const orthant_status sized = orthant_scores_size_f32(given, &bytes);
  expect_status(sized);
  if (sized != ORTHANT_OK || bytes > largest_workspace || !small_enough(f.bands, f.pixels, f.endmembers)) return;
  const size_t b = size_t(f.bands), r = size_t(f.endmembers), n = size_t(f.pixels);
  Array E(b * r, in), E_true(b * r, in), A(r * n, in), A_true(r * n, in);
  std::vector<unsigned char> memory(bytes);
  std::vector<int32_t> match(r);
  std::vector<double> angle(r);
  orthant_scores out{};
  out.size = sizeof out;
  expect_status(orthant_scores_run_f32(given, memory.data(), bytes, E.data(), f.bands, E_true.data(), f.bands, A.data(),
                                       f.endmembers, A_true.data(), f.endmembers, match.data(), angle.data(), &out));
}

void qp(Bytes &in) {
  Config<orthant_qp_config> c(in, offsetof(orthant_qp_config, progress));
  auto &f = c.full;
  if (f.n == 0) f.n = 1 + in.below(12);
  if (f.rule == 0) f.rule = in.below(6);
  limit(f.max_iter, in);
  f.parallel = c.parallel();
  Placed<orthant_qp_f32> p;
  if (!p.place(c, small_enough(f.n), orthant_qp_size_f32, orthant_qp_init_f32)) return;
  Array G(size_t(f.n) * size_t(f.n), in), d(size_t(f.n), in), x(size_t(f.n), in);
  symmetric(f.n, G, in);
  orthant_report report = empty_report();
  expect_status(orthant_qp_run_f32(p.handle, G.data(), f.n, d.data(), x.data(), &report));
}

void relu_nmd(Bytes &in) {
  Config<orthant_relu_nmd_config> c(in, offsetof(orthant_relu_nmd_config, progress));
  auto &f = c.full;
  set_shape(f.rows, f.cols, f.rank, in);
  if (f.method == 0) f.method = in.below(12);
  limit(f.max_iter, in);
  limit(f.svd_steps, in);
  f.parallel = c.parallel();
  Placed<orthant_relu_nmd_f32> p;
  if (!p.place(c, small_enough(f.rows, f.cols, f.rank), orthant_relu_nmd_size_f32, orthant_relu_nmd_init_f32)) return;
  Data M(f.rows, f.cols, in.below(5), in);
  Array U(size_t(f.rows) * size_t(f.rank), in), V(size_t(f.rank) * size_t(f.cols), in);
  orthant_report report = empty_report();
  if (in.below(4) > 0)
    expect_status(orthant_relu_nmd_start_f32(p.handle, &M.view, U.data(), f.rows, V.data(), f.rank));
  expect_status(orthant_relu_nmd_run_f32(p.handle, &M.view, U.data(), f.rows, V.data(), f.rank, &report));
}

void tsvd(Bytes &in) {
  Config<orthant_tsvd_config> c(in, offsetof(orthant_tsvd_config, parallel));
  auto &f = c.full;
  set_shape(f.rows, f.cols, f.rank, in);
  limit(f.max_iter, in);
  f.parallel = c.parallel();
  Placed<orthant_tsvd_f32> p;
  if (!p.place(c, small_enough(f.rows, f.cols, f.rank), orthant_tsvd_size_f32, orthant_tsvd_init_f32)) return;
  Data X(f.rows, f.cols, in.below(5), in);
  const size_t r = size_t(f.rank);
  Array U(size_t(f.rows) * r, in), s(r, in), V(size_t(f.cols) * r, in);
  orthant_report report = empty_report();
  expect_status(orthant_tsvd_run_f32(p.handle, &X.view, U.data(), f.rows, s.data(), V.data(), f.cols, &report));
}

void graph(Bytes &in) {
  Config<orthant_graph_config> c(in, offsetof(orthant_graph_config, parallel));
  auto &f = c.full;
  int32_t none = 1;
  set_shape(f.features, f.samples, none, in);
  f.parallel = c.parallel();
  size_t bytes = 0;
  int32_t capacity = 0;
  const orthant_graph_config *given = c.given();
  const orthant_status sized = orthant_graph_size_f32(given, &bytes);
  expect_status(sized);
  expect_status(orthant_graph_capacity(given, &capacity));
  if (sized != ORTHANT_OK || bytes > largest_workspace || !small_enough(f.features, f.samples)) return;
  Data M(f.features, f.samples, in.below(5), in);
  std::vector<unsigned char> memory(bytes);
  std::vector<int32_t> starts(size_t(f.samples) + 1), indices(static_cast<size_t>(capacity));
  std::vector<float> values(static_cast<size_t>(capacity));
  expect_status(orthant_graph_run_f32(given, memory.data(), bytes, &M.view, starts.data(), indices.data(),
                                      values.data(), capacity));
}

// Dense and, now and then, not symmetric.
Data similarities(int32_t n, Bytes &in) {
  Data X(n, n, in.below(5), in);
  const bool as_drawn = in.below(8) == 7;
  for (int32_t j = 0; j < n && !as_drawn; ++j)
    for (int32_t i = 0; i < j; ++i) X.dense.values[size_t(i + n * j)] = X.dense.values[size_t(j + n * i)];
  return X;
}

template <class C, class Handle, class Size, class Init, class Start, class Run>
void one_factor(Config<C> &c, Bytes &in, Size size, Init init, Start start, Run run) {
  auto &f = c.full;
  int32_t none = 1;
  set_shape(f.n, none, f.rank, in);
  limit(f.max_iter, in);
  f.parallel = c.parallel();
  Placed<Handle> p;
  if (!p.place(c, small_enough(f.n, f.rank), size, init)) return;
  const Data X = similarities(f.n, in);
  Array U(size_t(f.n) * size_t(f.rank), in);
  orthant_report report = empty_report();
  expect_status(start(p.handle, &X.view, U.data(), f.n));
  expect_status(run(p.handle, &X.view, U.data(), f.n, &report));
}

void symnmf(Bytes &in) {
  Config<orthant_symnmf_config> c(in, offsetof(orthant_symnmf_config, progress));
  if (c.full.method == 0) c.full.method = in.below(9);
  one_factor<orthant_symnmf_config, orthant_symnmf_f32>(c, in, orthant_symnmf_size_f32, orthant_symnmf_init_f32,
                                                        orthant_symnmf_start_f32, orthant_symnmf_run_f32);
}

void symnet(Bytes &in) {
  Config<orthant_symnet_config> c(in, offsetof(orthant_symnet_config, progress));
  if (c.full.layers == 0) c.full.layers = 1 + in.below(3);
  one_factor<orthant_symnet_config, orthant_symnet_f32>(c, in, orthant_symnet_size_f32, orthant_symnet_init_f32,
                                                        orthant_symnet_start_f32, orthant_symnet_run_f32);
}

void nalmu(Bytes &in) {
  Config<orthant_nalmu_config> c(in, offsetof(orthant_nalmu_config, model));
  auto &f = c.full;
  set_shape(f.bands, f.pixels, f.endmembers, in);
  limit(f.layers, in);
  f.parallel = c.parallel();
  Placed<orthant_nalmu_f32> p;
  const bool small = small_enough(f.bands, f.pixels, f.endmembers);
  if (!p.place(c, small, orthant_nalmu_size_f32, orthant_nalmu_init_f32)) return;
  Data Y(f.bands, f.pixels, in.below(5), in);
  Array W(size_t(f.bands) * size_t(f.endmembers), in), H(size_t(f.endmembers) * size_t(f.pixels), in);
  orthant_report report = empty_report();
  expect_status(orthant_nalmu_run_f32(p.handle, &Y.view, W.data(), f.bands, H.data(), f.endmembers, &report));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  constexpr void (*jobs[])(Bytes &) = {unmix, nmf,  endmembers, scores, qp,    relu_nmd,
                                       tsvd,  graph, symnmf,     symnet, nalmu, nmf};
  Bytes in(bytes, size);
  jobs[in.below(12)](in);
  return 0;
}
