// Bytes of files as text: what a header calls a name may be in any encoding, and may hold anything.
#include "io.hpp"

namespace orthant::tool {

namespace {

struct Character {
  size_t length;  // in bytes; 0: no UTF-8 character begins here
  unsigned code;
};

Character first_of(std::string_view s) {
  const auto byte = [&](size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(s[i])); };
  if (byte(0) < 0x80) return {1, byte(0)};
  size_t length = 2;
  while (length <= 4 && (byte(0) >> (7 - length) & 1) != 0) ++length;
  if ((byte(0) & 0x40) == 0 || length > 4 || s.size() < length) return {0, 0};
  unsigned code = byte(0) & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {0, 0};
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < least[length] || surrogate || code > 0x10ffff) return {0, 0};
  return {length, code};
}

bool control(unsigned code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

// The text in UTF-8, each character as `shown` has it; where that is empty, as it is.
template <class Shown>
std::string written(std::string_view text, Shown shown) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    Character c = first_of(text);
    std::string bytes(text.substr(0, c.length));
    if (c.length == 0) {  // Latin-1, as the software behind older headers wrote it
      c = {1, static_cast<unsigned char>(text[0])};
      bytes = {static_cast<char>(0xc0 | c.code >> 6), static_cast<char>(0x80 | (c.code & 0x3f))};
    }
    const std::string other = shown(c.code);
    out += other.empty() ? bytes : other;
    text.remove_prefix(c.length);
  }
  return out;
}

}  // namespace

std::string json_escaped(std::string_view text) {
  return written(text, [](unsigned code) -> std::string {
    if (control(code)) return format("\\u%04x", code);
    return code == '"' || code == '\\' ? std::string{'\\', static_cast<char>(code)} : "";
  });
}

std::string visible(std::string_view text) {
  return written(text, [](unsigned code) { return control(code) && code != '\n' && code != '\t' ? "?" : ""; });
}

}  // namespace orthant::tool
