#include "json.hpp"

#include <cmath>

#include "io.hpp"

namespace orthant::tool {

void Json::before() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) text_ += ',';
  if (!stack_.empty()) text_ += "\n" + std::string(2 * stack_.size(), ' ');
  first_ = false;
}

Json &Json::open(char bracket) {
  before();
  text_ += bracket;
  stack_ += bracket == '{' ? '}' : ']';
  first_ = true;
  return *this;
}

Json &Json::end() {
  const char bracket = stack_.back();
  stack_.pop_back();
  if (!first_) text_ += "\n" + std::string(2 * stack_.size(), ' ');
  text_ += bracket;
  first_ = false;
  return *this;
}

Json &Json::key(std::string_view name) {
  value(name);
  text_ += ": ";
  after_key_ = true;
  return *this;
}

Json &Json::value(std::string_view text) {
  before();
  text_ += '"' + json_escaped(text) + '"';
  return *this;
}

Json &Json::value(double v) {
  before();
  text_ += std::isfinite(v) ? shortest(v) : "null";
  return *this;
}
Json &Json::value(int64_t v) {
  before();
  text_ += std::to_string(v);
  return *this;
}
Json &Json::value(uint64_t v) {
  before();
  text_ += std::to_string(v);
  return *this;
}
Json &Json::value(bool truth) {
  before();
  text_ += truth ? "true" : "false";
  return *this;
}

}  // namespace orthant::tool
