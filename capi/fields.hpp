// What the fields of each config may be, told once: to the check that refuses, and to the sentence that names the
// field.
#pragma once
#include "shim.hpp"

namespace orthant {

// ---- Words for the caller, in the caller's buffer

class Sentence {
 public:
  Sentence(char *text, size_t room) : text_(text), room_(text ? room : 0) { end(); }
  Sentence &operator<<(const char *words);
  Sentence &operator<<(int64_t number);
  Sentence &operator<<(double number);
  Sentence &operator<<(int32_t number) { return *this << int64_t(number); }
  Sentence &operator<<(float number) { return *this << double(number); }
  Sentence &operator<<(const void *address) { return *this << (address ? "given" : "null"); }
  size_t length() const { return length_; }

 private:
  void add(char c);
  void end();
  char *text_;
  size_t room_, length_ = 0;  // the length of all, also where there is no room for it
};

// ---- What a field may be

struct Whole {
  int32_t least, most;
  bool or_zero;  // the default, which lies elsewhere
  bool holds(int32_t x) const { return (or_zero && x == 0) || (x >= least && x <= most); }
};
struct Either {
  int32_t one, other;
  bool holds(int32_t x) const { return x == one || x == other; }
};
struct Number {
  double least, most;  // -huge, huge: without a limit
  bool below;          // most itself is none
  bool holds(double x) const {
    constexpr double huge = Real<double>::huge;
    return is_finite(x) && (least <= -huge || x >= least) && (most >= huge || (below ? x < most : x <= most));
  }
};
struct Pointer {
  bool required;
  template <class X>
  bool holds(X *x) const {
    return !required || x;
  }
};
Sentence &operator<<(Sentence &s, const Whole &range);
Sentence &operator<<(Sentence &s, const Either &range);
Sentence &operator<<(Sentence &s, const Number &range);
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

// Of each config: the bytes without which there is nothing to do, and see(name, value, range) for field after field
// while it is true.  Seeds, the progress function and what is passed on to it may be anything; `parallel` is a struct
// of its own.
template <class Config>
struct Fields;
#define ORTHANT_FIELDS_OF(Config, last_required, ...)                          \
  template <>                                                                  \
  struct Fields<Config> {                                                      \
    static constexpr size_t required = ORTHANT_THROUGH(Config, last_required); \
    template <class See>                                                       \
    static bool all(const Config &c, const See &see) {                         \
      using namespace ranges;                                                  \
      return __VA_ARGS__;                                                      \
    }                                                                          \
  };
#define ORTHANT_FIELDS(noun, last_required, ...) ORTHANT_FIELDS_OF(orthant_##noun##_config, last_required, __VA_ARGS__)
#define ORTHANT_IS(field, ...) see(#field, c.field, __VA_ARGS__)

ORTHANT_FIELDS_OF(orthant_parallel, user, ORTHANT_IS(workers, from(1, 4096)) && ORTHANT_IS(run, Pointer{c.workers > 1}))

// Inlined, and the names with it: firmware holds none of them.
struct InRange {
  template <class X, class Range>
  __attribute__((always_inline)) bool operator()(const char *, const X &x, const Range &range) const {
    return range.holds(x);
  }
};

// The caller's config, every field in range by itself; what does not go together is for resolve.
template <class Config>
bool read_fields(const Config *given, Config *c) {
  return read_config(given, Fields<Config>::required, c) && Fields<Config>::all(*c, InRange{});
}
inline bool read_parallel(const orthant_parallel *given, Parallel *p) {
  if (!given) return true;
  orthant_parallel c;
  if (!read_fields(given, &c)) return false;
  *p = {c.workers, c.run, c.user};
  return true;
}
template <class Config>
bool read_fields(const Config *given, Config *c, Parallel *p) {
  return read_fields(given, c) && read_parallel(c->parallel, p);
}

// ---- What is wrong with a config

struct Naming {
  Sentence *s;
  template <class X, class Range>
  bool operator()(const char *name, const X &x, const Range &range) const {
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
  bool operator()(const char *name, const X &x, const Range &) const {
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
  bool operator()(const char *, const X &, const Range &) const {
    return true;
  }
  bool operator()(const char *field, const int32_t &x, const Whole &) const {
    if (x > *value) *name = field, *value = x;
    return true;
  }
};

void say_unreadable(Sentence *s, const void *config, size_t required, size_t known);
void say_together(Sentence *s, int32_t found);
void say_refusal(Sentence *s, const char *largest, int32_t value, orthant_status status);

template <class Config>
bool says_fields(Sentence *s, const Config *given, Config *c) {
  if (!read_config(given, Fields<Config>::required, c))
    say_unreadable(s, given, Fields<Config>::required, sizeof *c);
  else
    Fields<Config>::all(*c, Naming{s});
  return s->length() > 0;
}
inline bool says_threads(Sentence *s, const orthant_parallel *given) {
  orthant_parallel c;
  Parallel p;
  if (read_parallel(given, &p)) return false;
  *s << "parallel: ";
  return says_fields(s, given, &c);
}
template <class Config>
auto says_threads_of(Sentence *s, const Config &c, int) -> decltype(c.parallel, bool()) {
  return says_threads(s, c.parallel);
}
template <class Config>
bool says_threads_of(Sentence *, const Config &, long) {
  return false;
}  // a config without threads

// size: of the noun, or null where nothing is placed.
template <class Config>
size_t say_problem(const Config *given, char *text, size_t room, typename Without<Config>::Size *size) {
  Sentence s(text, room);
  Config c;
  size_t bytes = 0;
  if (says_fields(&s, given, &c) || says_threads_of(&s, c, 0) || !size) return s.length();
  c.size = sizeof c;
  const orthant_status status = size(&c, &bytes);
  if (status == ORTHANT_OK) return 0;
  const char *largest = "";
  int32_t value = 0, found = 0;
  Fields<Config>::all(c, Without<Config>{&s, &c, size, &found});
  Fields<Config>::all(c, Largest{&largest, &value});
  if (found > 0)
    say_together(&s, found);
  else
    say_refusal(&s, largest, value, status);
  return s.length();
}

#define ORTHANT_CONFIG_PROBLEM(noun, size)                                                            \
  size_t orthant_##noun##_config_problem(const orthant_##noun##_config *c, char *text, size_t room) { \
    return orthant::say_problem<orthant_##noun##_config>(c, text, room, size);                        \
  }

}  // namespace orthant
