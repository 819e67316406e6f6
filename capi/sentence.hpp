// Words for the caller, in the caller's buffer.
#pragma once
#include <string.h>

#include "real.hpp"

namespace orthant {

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

inline void Sentence::add(char c) {
  if (length_ + 1 < room_) text_[length_] = c;
  ++length_;
}
inline void Sentence::end() {
  if (room_ > 0) text_[min_of(length_, room_ - 1)] = '\0';
}
inline Sentence &Sentence::operator<<(const char *words) {
  for (; *words; ++words) add(*words);
  end();
  return *this;
}
inline Sentence &Sentence::operator<<(int64_t number) {
  uint64_t rest = number < 0 ? uint64_t(0) - uint64_t(number) : uint64_t(number);
  char digits[20];
  int32_t count = 0;
  do digits[count++] = char('0' + rest % 10);
  while (rest /= 10);
  if (number < 0) add('-');
  while (count > 0) add(digits[--count]);
  end();
  return *this;
}
// Six digits, as %g writes them: it is read, not computed with.
inline Sentence &Sentence::operator<<(double number) {
  if (number != number) return *this << "NaN";
  if (!is_finite(number)) return *this << (number < 0 ? "-infinity" : "infinity");
  if (number < 0) add('-');
  double x = abs_of(number);
  int32_t exponent = 0;
  for (; x >= 10; ++exponent) x /= 10;
  for (; x > 0 && x < 1; --exponent) x *= 10;
  const double nearest = x * 1e5 + 0.5;
  int64_t digits = int64_t(nearest);
  if (digits >= 1000000) {
    digits /= 10;
    ++exponent;
  }
  int32_t places = 5;
  for (; places > 0 && digits % 10 == 0; --places) digits /= 10;
  const bool plain = exponent >= -5 && exponent < 6;
  const int32_t point = plain ? exponent : 0;  // digits before it, less one
  for (; places < point; ++places) digits *= 10;
  int64_t one = 1;
  for (int32_t i = point; i < places; ++i) one *= 10;
  *this << digits / one;
  if (one > 1) add('.');
  while (one > 1) {
    digits %= one;
    one /= 10;
    // cppcheck-suppress zerodivcond
    add(char('0' + digits / one));
  }
  if (!plain) *this << "e" << exponent;
  end();
  return *this;
}

}  // namespace orthant
