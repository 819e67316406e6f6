// What our tests use of GoogleTest, for targets without threads, files and exceptions: TEST, TYPED_TEST, EXPECT_*,
// ASSERT_*, SCOPED_TRACE.  A line is printed for each test, and the exit status says whether all passed.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <string>

#include "board.h"

namespace testing {

class Test {
 public:
  virtual ~Test() {}
  virtual void SetUp() {}
  virtual void TearDown() {}
  virtual void TestBody() = 0;
};

template <class... T>
struct Types {};

namespace tiny {

inline void print(const char *text) { board_print(text); }
inline void print(const std::string &text) { board_print(text.c_str()); }
inline void print(char c) {
  const char text[2] = {c, 0};
  board_print(text);
}
inline void print(bool b) { board_print(b ? "true" : "false"); }
inline void print(unsigned long long n) {
  char digits[21];
  char *at = digits + sizeof digits - 1;
  *at = 0;
  do {
    *--at = char('0' + n % 10);
    n /= 10;
  } while (n);
  board_print(at);
}
inline void print(long long n) {
  if (n < 0) board_print("-");
  print(n < 0 ? 0ull - static_cast<unsigned long long>(n) : static_cast<unsigned long long>(n));
}
inline void print(int n) { print(static_cast<long long>(n)); }
inline void print(long n) { print(static_cast<long long>(n)); }
inline void print(unsigned n) { print(static_cast<unsigned long long>(n)); }
inline void print(unsigned long n) { print(static_cast<unsigned long long>(n)); }
inline void print(double x) {  // six digits: to read, not to compute with
  if (x != x) return board_print("nan");
  if (x < 0) {
    board_print("-");
    x = -x;
  }
  if (x > 1.7e308) return board_print("inf");
  int e = 0;
  for (; x >= 10; ++e) x /= 10;
  for (; x > 0 && x < 1; --e) x *= 10;
  const auto digits = static_cast<unsigned long long>(x * 1e5 + 0.5);
  print(digits / 100000);
  board_print(".");
  char rest[6] = {0, 0, 0, 0, 0, 0};
  for (unsigned long long n = digits % 100000, i = 0; i < 5; ++i, n /= 10) rest[4 - i] = char('0' + n % 10);
  board_print(rest);
  board_print("e");
  print(e);
}
inline void print(const void *) { board_print("(pointer)"); }

struct Registered {
  const char *suite, *name;
  std::string type;
  Test *(*make)();
  Registered *next;
};
inline Registered *first = nullptr, **last = &first;
inline int failures = 0;  // of the test that runs
struct Trace {
  const char *file;
  int line;
  std::string text;
  Trace *outer;
};
inline Trace *trace = nullptr;

template <class T>
Test *make() { return new T; }

inline bool add(const char *suite, const char *name, std::string type, Test *(*make)()) {
  *last = new Registered{suite, name, type, make, nullptr};
  last = &(*last)->next;
  return true;
}
template <template <class> class Case, class Names, class... T>
bool add_types(const char *suite, const char *name, Types<T...>) {
  int i = 0;
  return (add(suite, name, "/" + Names::template GetName<T>(i++), make<Case<T>>) && ...);
}

inline void place(const char *file, int line) {
  const char *slash = strrchr(file, '/');
  board_print(slash ? slash + 1 : file);
  board_print(":");
  print(line);
  board_print(": ");
}

// Begins a failure's lines; what is streamed into it follows, and its end ends them.
class Failure {
 public:
  Failure(const char *file, int line, const char *what) {
    ++failures;
    place(file, line);
    board_print(what);
  }
  Failure(const Failure &) = delete;
  ~Failure() {
    board_print("\n");
    for (const Trace *t = trace; t; t = t->outer) {
      board_print("  in ");
      place(t->file, t->line);
      print(t->text);
      board_print("\n");
    }
  }
  template <class T>
  Failure &operator<<(const T &x) {
    print(x);
    return *this;
  }
};
// Takes a message back to void, so that an ASSERT may return it.
struct Void {
  void operator=(const Failure &) const {}
};

class Scope {
 public:
  Scope(const char *file, int line, std::string text) : here_{file, line, text, trace} { trace = &here_; }
  Scope(const Scope &) = delete;
  ~Scope() { trace = here_.outer; }

 private:
  Trace here_;
};

}  // namespace tiny
}  // namespace testing

#define TINY_TEST_(suite, name, base)                                                                \
  struct suite##_##name : base {                                                                     \
    void TestBody() override;                                                                        \
  };                                                                                                 \
  [[maybe_unused]] static const bool suite##_##name##_added =                                        \
      testing::tiny::add(#suite, #name, "", testing::tiny::make<suite##_##name>);                    \
  void suite##_##name::TestBody()
#define TEST(suite, name) TINY_TEST_(suite, name, testing::Test)
#define TEST_F(fixture, name) TINY_TEST_(fixture, name, fixture)
#define TYPED_TEST_SUITE(suite, types, names) \
  using suite##_types = types;                \
  using suite##_names = names
#define TYPED_TEST(suite, name)                                                                            \
  template <class TypeParam>                                                                               \
  struct suite##_##name : suite<TypeParam> {                                                               \
    void TestBody() override;                                                                              \
  };                                                                                                       \
  [[maybe_unused]] static const bool suite##_##name##_added =                                              \
      testing::tiny::add_types<suite##_##name, suite##_names>(#suite, #name, suite##_types{});             \
  template <class TypeParam>                                                                               \
  void suite##_##name<TypeParam>::TestBody()

#define TINY_FAILURE_(what) testing::tiny::Failure(__FILE__, __LINE__, what)
#define TINY_EXPECT_(condition, what) \
  if (condition) {                    \
  } else                              \
    TINY_FAILURE_(what)
#define TINY_ASSERT_(condition, what) \
  if (condition) {                    \
  } else                              \
    return testing::tiny::Void() = TINY_FAILURE_(what)
#define TINY_COMPARE_(check, a, op, b) check((a)op(b), #a " " #op " " #b " is false: ") << (a) << " and " << (b) << "  "

#define EXPECT_TRUE(x) TINY_EXPECT_(bool(x), #x " is false  ")
#define EXPECT_FALSE(x) TINY_EXPECT_(!bool(x), #x " is true  ")
#define EXPECT_EQ(a, b) TINY_COMPARE_(TINY_EXPECT_, a, ==, b)
#define EXPECT_NE(a, b) TINY_COMPARE_(TINY_EXPECT_, a, !=, b)
#define EXPECT_LT(a, b) TINY_COMPARE_(TINY_EXPECT_, a, <, b)
#define EXPECT_LE(a, b) TINY_COMPARE_(TINY_EXPECT_, a, <=, b)
#define EXPECT_GT(a, b) TINY_COMPARE_(TINY_EXPECT_, a, >, b)
#define EXPECT_GE(a, b) TINY_COMPARE_(TINY_EXPECT_, a, >=, b)
#define EXPECT_NEAR(a, b, tolerance)                                                                  \
  TINY_EXPECT_(fabs(double(a) - double(b)) <= double(tolerance), #a " is not near " #b ": ")          \
      << double(a) << " and " << double(b) << ", tolerance " << double(tolerance) << "  "
#define ASSERT_TRUE(x) TINY_ASSERT_(bool(x), #x " is false  ")
#define ASSERT_FALSE(x) TINY_ASSERT_(!bool(x), #x " is true  ")
#define ASSERT_EQ(a, b) TINY_COMPARE_(TINY_ASSERT_, a, ==, b)
#define ASSERT_NE(a, b) TINY_COMPARE_(TINY_ASSERT_, a, !=, b)
#define ASSERT_LT(a, b) TINY_COMPARE_(TINY_ASSERT_, a, <, b)
#define ASSERT_GT(a, b) TINY_COMPARE_(TINY_ASSERT_, a, >, b)
#define ASSERT_LE(a, b) TINY_COMPARE_(TINY_ASSERT_, a, <=, b)
#define ASSERT_GE(a, b) TINY_COMPARE_(TINY_ASSERT_, a, >=, b)
#define TINY_JOIN2_(a, b) a##b
#define TINY_JOIN_(a, b) TINY_JOIN2_(a, b)
#define SCOPED_TRACE(text) const testing::tiny::Scope TINY_JOIN_(scope_, __LINE__)(__FILE__, __LINE__, text)

#ifdef ORTHANT_TINY_TEST_MAIN
int main() {
  using namespace testing::tiny;
  int passed = 0, failed = 0;
  for (const Registered *r = first; r; r = r->next) {
    failures = 0;
    testing::Test *test = r->make();
    test->SetUp();
    test->TestBody();
    test->TearDown();
    delete test;
    board_print(failures ? "failed  " : "passed  ");
    board_print(r->suite);
    print(r->type);
    board_print(".");
    board_print(r->name);
    board_print("\n");
    ++(failures ? failed : passed);
  }
  print(passed);
  board_print(" passed, ");
  print(failed);
  board_print(" failed\n");
  return failed ? 1 : 0;
}
#endif
