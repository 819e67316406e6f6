// A small JSON writer: values go out in the order of the calls, commas and indentation are kept here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orthant::tool {

class Json {
 public:
  Json &object() { return open('{'); }
  Json &object(std::string_view k) { return key(k).open('{'); }
  Json &array() { return open('['); }
  Json &array(std::string_view k) { return key(k).open('['); }
  Json &end();  // closes the innermost object or array
  Json &key(std::string_view name);

  Json &value(std::string_view text);
  Json &value(const char *text) { return value(std::string_view(text)); }
  Json &value(const std::string &text) { return value(std::string_view(text)); }
  Json &value(double number);  // NaN and infinities become null
  Json &value(int64_t number);
  Json &value(uint64_t number);
  Json &value(int number) { return value(static_cast<int64_t>(number)); }
  Json &value(bool truth);
  template <class T>
  Json &value(const std::vector<T> &list) {
    array();
    for (const T &item : list) value(item);
    return end();
  }
  template <class T>
  Json &value(std::string_view k, const T &v) {
    return key(k).value(v);
  }

  std::string text() const { return text_ + "\n"; }  // after the last end()

 private:
  Json &open(char bracket);
  void before();
  std::string text_;
  std::string stack_;  // closing brackets
  bool first_ = true, after_key_ = false;
};

}  // namespace orthant::tool
