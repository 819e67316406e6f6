// What zlib compressed.
#include <zlib.h>

#include <algorithm>
#include <climits>

#include "parse.hpp"

namespace orthant::tool {

namespace {

// zlib's state with what is still to be read.
class Inflater {
 public:
  Inflater(std::string_view bytes, int window, const std::string &name) : bytes_(bytes), name_(name) {
    if (inflateInit2(&z_, window) != Z_OK) throw InputError(name + ": zlib cannot start");
    z_.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));  // zlib does not write there
  }
  ~Inflater() { inflateEnd(&z_); }
  Inflater(const Inflater &) = delete;
  Inflater &operator=(const Inflater &) = delete;

  // Appends one stream, as far as `limit` bytes; true where it ended.
  bool append(std::string &out, size_t limit) {
    int status = Z_OK;
    while (status == Z_OK && out.size() < limit) {
      if (z_.avail_in == 0) {
        z_.avail_in = static_cast<uInt>(std::min<size_t>(bytes_.size() - fed_, INT_MAX));
        fed_ += z_.avail_in;
      }
      const size_t done = out.size();
      out.resize(std::min(limit, std::max<size_t>(2 * done, 4096)));
      z_.next_out = reinterpret_cast<Bytef *>(out.data() + done);
      z_.avail_out = static_cast<uInt>(std::min<size_t>(out.size() - done, INT_MAX));
      const uInt room = z_.avail_out;
      status = inflate(&z_, Z_NO_FLUSH);
      out.resize(done + room - z_.avail_out);
    }
    if (status != Z_OK && status != Z_STREAM_END) {
      throw InputError(name_ + ": its compressed data are damaged or cut short; fetch it again");
    }
    return status == Z_STREAM_END;
  }
  // What follows the last stream.
  std::string_view rest() const { return bytes_.substr(fed_ - z_.avail_in); }
  void again() { inflateReset(&z_); }

 private:
  z_stream z_{};
  std::string_view bytes_;
  const std::string &name_;
  size_t fed_ = 0;
};

}  // namespace

std::string inflate_gzip(std::string_view bytes, size_t limit, const std::string &name) {
  constexpr int gzip_window = 15 + 16;
  Inflater inflater(bytes, gzip_window, name);
  std::string out;
  // Files that were put together, and those of bgzip, have several members.
  while (inflater.append(out, limit) && inflater.rest().substr(0, 2) == "\x1f\x8b") inflater.again();
  return out;
}

std::string inflate_raw(std::string_view bytes, size_t size, const std::string &name) {
  Inflater inflater(bytes, -15, name);
  std::string out;
  inflater.append(out, size + 1);  // one more, to see the end
  if (out.size() != size) throw InputError(name + ": is longer or shorter than its archive says; fetch it again");
  return out;
}

}  // namespace orthant::tool
