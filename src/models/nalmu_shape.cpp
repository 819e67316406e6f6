#include "nalmu_shape.hpp"

#include <initializer_list>

#include "real.hpp"

namespace orthant {
namespace {

ConvShape chain(std::initializer_list<int32_t> channels) {
  ConvShape c;
  for (const int32_t n : channels) c.channels[c.layers++] = n;
  --c.layers;
  return c;
}

bool good_clips(double low, double high) {
  return low >= 0 && high >= 0 && is_finite(high) && (high == 0 || low < high);
}

bool good_side(const NalmuShape &s, Side side) {
  const Spread spread = s.spread[side];
  if (spread < Spread::component || spread > Spread::network) return false;
  if (spread != Spread::component && s.rows(side) < 1) return false;
  if (spread == Spread::network && side == side_w && int64_t(s.bands) * s.rank > 1 << 16) return false;
  return good_clips(s.low[side], s.high[side]);
}

bool good_kernel(int32_t kernel) { return kernel >= 1 && kernel <= 15 && kernel % 2 == 1; }

// The numbers of the records "config" and "limits".
bool read_config(const Blob &blob, NalmuShape *s) {
  constexpr uint32_t numbers = 12;
  Record config;
  if (!blob.find("config", &config) || !config.is(1, numbers) || config.type != Element::i32) return false;
  int32_t c[numbers];
  for (size_t i = 0; i < numbers; ++i) {
    const double v = config.value<double>(i);
    if (!(v >= 0 && v <= 1 << 26)) return false;
    c[i] = int32_t(v);
  }
  s->bands = c[0];
  s->rank = c[1];
  s->layers = c[2];
  s->lines = c[3];
  s->pixels = c[4];
  s->both = c[5];
  s->h_first = c[6];
  s->tied = c[7];
  s->kernel = c[8];
  s->spread[side_w] = Spread(c[9]);
  s->spread[side_h] = Spread(c[10]);
  return true;
}
bool read_limits(const Blob &blob, NalmuShape *s, double *start_h) {
  Record limits;
  if (!blob.find("limits", &limits) || !limits.is(1, 6)) return false;
  s->beta = limits.value<double>(0);
  for (size_t i = 0; i < 2; ++i) {
    s->low[i] = limits.value<double>(1 + i);
    s->high[i] = limits.value<double>(3 + i);
  }
  *start_h = limits.value<double>(5);
  return *start_h > 0 && is_finite(*start_h);
}

bool good_multipliers(const Blob &blob, const NalmuShape &s, Side side) {
  Record a;
  if (!blob.find(multiplier_name(side), &a) || !a.is(2, uint32_t(s.count(side)), uint32_t(s.sets()))) return false;
  for (size_t i = 0; i < a.count; ++i) {
    const double v = a.value<double>(i);
    if (!is_finite(v) || (v < 0 && s.spread[side] != Spread::network)) return false;
  }
  return true;
}

bool good_start(const Blob &blob, const NalmuShape &s) {
  Record W0;
  if (!blob.find("W0", &W0)) return true;
  if (!W0.is(2, uint32_t(s.bands), uint32_t(s.rank))) return false;
  for (size_t i = 0; i < W0.count; ++i)
    if (const double v = W0.value<double>(i); !is_finite(v) || v < 0) return false;
  return true;
}

}  // namespace

ConvShape NalmuShape::net(Side side) const {
  if (side == side_w) return chain({bands * rank, 130, 75, bands * rank});
  ConvShape c = chain({rank, 32, 32, 16, 8, rank});
  c.lines = lines;
  c.samples = pixels / lines;
  c.kernel = kernel;
  return c;
}

size_t NalmuShape::count(Side side) const {
  if (!moves(side)) return 0;
  switch (spread[side]) {
    case Spread::component: return size_t(rank);
    case Spread::full: return size_t(rows(side)) * size_t(rank);
    case Spread::network: return net(side).params();
  }
  return 0;
}

bool NalmuShape::good() const {
  constexpr int64_t most = 1 << 30;  // of parameters a layer, and of entries of a factor
  if (rank < 1 || layers < 1 || layers > 4096 || bands < 0 || pixels < 0 || lines < 1) return false;
  if (int64_t(rank) * max_of(bands, pixels) > most || int64_t(rank) * layers > most) return false;
  for (const Side side : {side_w, side_h})
    if (moves(side) && !good_side(*this, side)) return false;
  if (spread[side_h] == Spread::network && (pixels % lines != 0 || !good_kernel(kernel))) return false;
  return is_finite(beta) && beta >= -8 && beta <= 8 && int64_t(layer_params()) <= most;
}

Status nalmu_read(const Blob &blob, NalmuShape *s, double *start_h) {
  if (blob.kind() != ModelKind::nalmu && blob.kind() != ModelKind::ralmu) return E_BLOB;
  if (!read_config(blob, s) || !read_limits(blob, s, start_h)) return E_BLOB;
  if (s->both > 1 || s->h_first > 1 || s->tied > 1 || !s->good()) return E_BLOB;
  if ((blob.kind() == ModelKind::ralmu) != s->adaptive()) return E_BLOB;
  for (const Side side : {side_w, side_h})
    if (s->moves(side) && !good_multipliers(blob, *s, side)) return E_BLOB;
  return s->both && !good_start(blob, *s) ? E_BLOB : OK;
}

}  // namespace orthant
