// What the fields of each config may be, described once: for the check that refuses and for the sentence that names the
// field.
#pragma once
#include "sentence.hpp"
#include "shim.hpp"

namespace orthant {

// ---- What a field may be

// Inlined also where size counts: then the ranges are constants of the code, and of names nothing is left.
#define ORTHANT_FOLDED __attribute__((always_inline))

struct Whole {
  int32_t least, most;
  bool or_zero;  // the default, which lies elsewhere
  ORTHANT_FOLDED bool holds(int32_t x) const { return (or_zero && x == 0) || (x >= least && x <= most); }
};
struct Either {
  int32_t one, other, third;  // the third may be the other
  ORTHANT_FOLDED bool holds(int32_t x) const { return x == one || x == other || x == third; }
};
struct Number {
  double least, most;  // -huge, huge: without a limit
  bool below;          // most itself is none
  ORTHANT_FOLDED bool holds(double x) const {
    constexpr double huge = Real<double>::huge;
    return is_finite(x) && (least <= -huge || x >= least) && (most >= huge || (below ? x < most : x <= most));
  }
};
struct Pointer {
  bool required;
  template <class X>
  ORTHANT_FOLDED bool holds(X *x) const {
    return !required || x;
  }
};
inline Sentence &operator<<(Sentence &s, const Whole &range) {
  if (range.or_zero) s << "0 or ";
  if (range.least == range.most) return s << range.least;
  if (range.most == INT32_MAX) return s << "at least " << range.least;
  if (range.most == range.least + 1) return s << range.least << " or " << range.most;
  return s << "from " << range.least << " to " << range.most;
}
inline Sentence &operator<<(Sentence &s, const Either &range) {
  s << range.one;
  if (range.third != range.other) s << ", " << range.other;
  return s << " or " << range.third;
}
inline Sentence &operator<<(Sentence &s, const Number &range) {
  const bool low = range.least > -Real<double>::huge, high = range.most < Real<double>::huge;
  s << "finite";
  if (low) s << ", at least " << range.least;
  if (high) s << (range.below ? ", below " : ", at most ") << range.most;
  return s;
}
inline Sentence &operator<<(Sentence &s, const Pointer &) { return s << "given"; }

// Names for the lists below alone.
namespace ranges {
constexpr Whole from(int32_t least, int32_t most) { return {least, most, false}; }
constexpr Whole zero_or_from(int32_t least, int32_t most) { return {least, most, true}; }
constexpr Whole at_least(int32_t least) { return {least, INT32_MAX, false}; }
constexpr Whole up_to(int32_t most) { return {0, most, false}; }
constexpr Whole reserved_zero{0, 0, false}, a_switch{0, 1, false};
constexpr Number finite{-Real<double>::huge, Real<double>::huge, false}, not_negative{0, Real<double>::huge, false};
constexpr Number finite_up_to(double most) { return {-Real<double>::huge, most, false}; }
constexpr Number finite_below(double most) { return {-Real<double>::huge, most, true}; }
constexpr Number zero_to(double most) { return {0, most, false}; }
constexpr Number below(double most) { return {0, most, true}; }
constexpr Pointer or_null{false}, not_null{true};
}  // namespace ranges

// What a noun has: the bytes of its config without which there is nothing to do, and see(name, value, range) for field
// after field while it is true.  Seeds, the progress function and what is passed on to it may be anything; `parallel`
// is a struct of its own.  unmix_fields are those of orthant_unmix_config.
#define ORTHANT_FIELDS_OF(Name, Type, last_required, ...)                    \
  struct Name {                                                              \
    using Config = Type;                                                     \
    static constexpr size_t required = ORTHANT_THROUGH(Type, last_required); \
    template <class See>                                                     \
    static bool all(const Type &c, const See &see) {                         \
      using namespace ranges;                                                \
      return __VA_ARGS__;                                                    \
    }                                                                        \
  };
#define ORTHANT_FIELDS(noun, last_required, ...) \
  ORTHANT_FIELDS_OF(noun##_fields, orthant_##noun##_config, last_required, __VA_ARGS__)
#define ORTHANT_IS(field, ...) see(#field, c.field, __VA_ARGS__)

ORTHANT_FIELDS_OF(parallel_fields, orthant_parallel, user,
                  ORTHANT_IS(workers, from(1, 4096)) && ORTHANT_IS(run, Pointer{c.workers > 1}))

ORTHANT_FIELDS_OF(reduce_fields, orthant_reduce, user,
                  ORTHANT_IS(processes, from(1, 1 << 24)) && ORTHANT_IS(process, from(0, c.processes - 1)) &&
                  ORTHANT_IS(all_columns, at_least(1)) && ORTHANT_IS(first_column, up_to(c.all_columns)) &&
                  ORTHANT_IS(reserved, reserved_zero) && ORTHANT_IS(sum, not_null))

struct InRange {
  template <class X, class Range>
  ORTHANT_FOLDED bool operator()(const char *, const X &x, Range range) const {
    return range.holds(x);
  }
};

// The caller's config, every field in range by itself; what does not go together is for resolve.
template <class Fields>
ORTHANT_FOLDED inline bool read_fields(const typename Fields::Config *given, typename Fields::Config *c) {
  return read_config(given, Fields::required, c) && Fields::all(*c, InRange{});
}
inline bool read_parallel(const orthant_parallel *given, Parallel *p) {
  if (!given) return true;
  orthant_parallel c;
  if (!read_fields<parallel_fields>(given, &c)) return false;
  *p = {c.workers, c.run, c.user};
  return true;
}
template <class Fields>
bool read_fields(const typename Fields::Config *given, typename Fields::Config *c, Parallel *p) {
  return read_fields<Fields>(given, c) && read_parallel(c->parallel, p);
}

// ---- What is wrong with a config

struct Naming {
  Sentence *s;
  template <class X, class Range>
  bool operator()(const char *name, const X &x, Range range) const {
    if (range.holds(x)) return true;
    *s << name << " is " << shown(x) << "; it must be " << range;
    return false;
  }
  static int32_t shown(int32_t x) { return x; }
  static double shown(double x) { return x; }
  template <class X>
  static const void *shown(X *x) {
    return reinterpret_cast<const void *>(x);
  }
};

// Each field is in range, and all together are refused: those of which one alone would have to be zero.
template <class Config>
struct Without {
  using Size = orthant_status(const Config *c, size_t *bytes);
  Sentence *s;
  Config *own;  // whose fields are seen
  Size *size;
  int32_t *found;
  template <class X, class Range>
  bool operator()(const char *name, const X &x, Range) const {
    X &field = const_cast<X &>(x);
    const X was = field;
    size_t bytes = 0;
    field = X{};
    const orthant_status without = size(own, &bytes);
    field = was;
    if (without == ORTHANT_OK) *s << (++*found > 1 ? ", " : "") << name << " is " << Naming::shown(x);
    return true;
  }
};
struct Largest {
  const char **name;
  int32_t *value;
  template <class X, class Range>
  bool operator()(const char *, const X &, Range) const {
    return true;
  }
  bool operator()(const char *field, const int32_t &x, Whole) const {
    if (x <= *value) return true;
    *name = field;
    *value = x;
    return true;
  }
};

inline void say_unreadable(Sentence *s, const void *config, size_t required, size_t known) {
  if (!config) {
    *s << "the struct is null";
    return;
  }
  uint32_t size = 0;
  memcpy(&size, config, sizeof size);
  *s << "size is " << int64_t(size);
  if (size < required || size <= known)
    *s << "; it must be sizeof the struct, at least " << int64_t(required);
  else
    *s << "; this library knows " << int64_t(known) << " bytes of the struct, and what follows must be zero";
}
inline void say_together(Sentence *s, int32_t found) {
  *s << ": with zero in " << (found > 1 ? "the place of one of them" : "its place") << " the rest is good";
}
inline void say_refusal(Sentence *s, const char *largest, int32_t value, orthant_status status) {
  if (status == ORTHANT_E_ARG)
    *s << largest << " is " << value << "; no workspace is as large as that asks for";
  else if (status == ORTHANT_E_BLOB)
    *s << "model is of another kind than is needed, or of other sizes";
  else
    *s << orthant_status_text(status);
}

template <class Fields>
bool says_fields(Sentence *s, const typename Fields::Config *given, typename Fields::Config *c) {
  if (!read_config(given, Fields::required, c))
    say_unreadable(s, given, Fields::required, sizeof *c);
  else
    Fields::all(*c, Naming{s});
  return s->length() > 0;
}
inline bool says_threads(Sentence *s, const orthant_parallel *given) {
  orthant_parallel c{};
  Parallel p;
  if (read_parallel(given, &p)) return false;
  *s << "parallel: ";
  return says_fields<parallel_fields>(s, given, &c);
}
template <class Config>
auto says_threads_of(Sentence *s, const Config &c, int) -> decltype(c.parallel, bool()) {
  return says_threads(s, c.parallel);
}
template <class Config>
bool says_threads_of(Sentence *, const Config &, long) {
  return false;
}  // a config without threads

template <class Config>
auto says_sums_of(Sentence *s, const Config &c, int) -> decltype(c.reduce, bool()) {
  orthant_reduce r{};
  if (!c.reduce) return false;
  if (!read_fields<reduce_fields>(c.reduce, &r)) {
    *s << "reduce: ";
    return says_fields<reduce_fields>(s, c.reduce, &r);
  }
  if (r.all_columns - r.first_column >= c.cols) return false;
  *s << "cols is " << c.cols << "; of all_columns of reduce there are " << r.all_columns - r.first_column
     << " from first_column on";
  return true;
}
template <class Config>
bool says_sums_of(Sentence *, const Config &, long) {
  return false;
}  // a config without sums over processes

// size: of the noun, or null where nothing is placed.
template <class Fields, class Config = typename Fields::Config>
size_t say_problem(const Config *given, char *text, size_t room, typename Without<Config>::Size *size) {
  Sentence s(text, room);
  Config c{};
  size_t bytes = 0;
  if (says_fields<Fields>(&s, given, &c) || says_threads_of(&s, c, 0) || says_sums_of(&s, c, 0) || !size)
    return s.length();
  c.size = sizeof c;
  const orthant_status status = size(&c, &bytes);
  if (status == ORTHANT_OK) return 0;
  const char *largest = "";
  int32_t value = 0, found = 0;
  Fields::all(c, Without<Config>{&s, &c, size, &found});
  Fields::all(c, Largest{&largest, &value});
  if (found > 0)
    say_together(&s, found);
  else
    say_refusal(&s, largest, value, status);
  return s.length();
}

// Fields: orthant::unmix_fields, and so on.
#define ORTHANT_CONFIG_PROBLEM(noun, Fields, size)                                                    \
  size_t orthant_##noun##_config_problem(const orthant_##noun##_config *c, char *text, size_t room) { \
    return orthant::say_problem<Fields>(c, text, room, size);                                         \
  }

}  // namespace orthant
