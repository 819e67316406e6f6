#include "factormer_shape.hpp"

#include "data_range.hpp"
#include "real.hpp"

namespace orthant {

const char *FactormerShape::name(int32_t t) {
  static constexpr const char *names[tensors] = {"F1", "F1.b", "F2", "F2.b", "K", "N1", "N2", "Q", "Q.b", "V", "V.b",
                                                 "embed", "embed.b", "extract", "extract.b"};
  return t >= 0 && t < tensors ? names[t] : nullptr;
}

int32_t FactormerShape::rows(int32_t t) const {
  switch (t) {
    case f1:
    case f1_bias: return hidden;
    case key:
    case value: return stacked();
    case extract:
    case extract_bias: return rank;
    default: return width;
  }
}

int32_t FactormerShape::cols(int32_t t) const {
  switch (t) {
    case f2: return hidden;
    case norm1:
    case norm2: return 2;  // gain, shift
    case f1:
    case key:
    case query:
    case value:
    case extract: return width;
    case embed: return inputs();
    default: return 1;
  }
}

size_t FactormerShape::at(int32_t t, int32_t set) const {
  size_t from = 0;
  for (int32_t i = 0; i < t; ++i) from += count(i) * size_t(copies(i));
  return from + count(t) * size_t(set);  // of `tensors`, behind all, there is no other set
}

size_t FactormerShape::layer_params() const {
  size_t n = 0;
  for (int32_t t = 0; t < embed; ++t) n += count(t);
  return n;
}

bool FactormerShape::good() const {
  const auto flag = [](int32_t x) { return x == 0 || x == 1; };
  return rank >= 1 && rank <= 1 << 12 && width >= 1 && width <= 1 << 12 && heads >= 1 && heads <= width &&
         width % heads == 0 && layers >= 1 && layers <= 256 && hidden >= 1 && hidden <= 1 << 13 &&
         residual >= Residual::input && residual <= Residual::norm && flag(separate) && flag(wide_scale) &&
         flag(last_norm) && flag(accelerates);
}

Status factormer_read(const Blob &blob, FactormerShape *s) {
  constexpr uint32_t numbers = 12;
  Record c, r;
  if (blob.kind() != ModelKind::factormer || !blob.find("config", &c) || c.type != Element::i32 || !c.is(1, numbers))
    return E_BLOB;
  const auto number = [&](size_t i) { return int32_t(c.value<double>(i)); };
  s->rank = number(0);
  s->width = number(1);
  s->heads = number(2);
  s->layers = number(3);
  s->hidden = number(4);
  s->residual = Residual(number(5));
  s->separate = number(6);
  s->wide_scale = number(7);
  s->last_norm = number(8);
  s->accelerates = number(9);
  if (number(10) != 0 || number(11) != 0 || !s->good()) return E_BLOB;
  for (int32_t t = 0; t < s->tensors; ++t) {
    if (!blob.find(s->name(t), &r) || r.type == Element::i32) return E_BLOB;
    if (!r.is(3, uint32_t(s->rows(t)), uint32_t(s->cols(t)), uint32_t(s->copies(t)))) return E_BLOB;
  }
  DataRange range;
  return range.read(blob) ? OK : E_BLOB;
}

template <class T>
FactormerWeights<T> FactormerSource<T>::load(const FactormerShape &s, int32_t from, int32_t to, int32_t set,
                                             T *buffer) const {
  FactormerWeights<T> w;
  if (transposed) w.transposed = transposed + s.transposed_at(s.f1, set);
  size_t first = s.at(from);
  for (int32_t t = from; t < to; ++t) {
    const size_t count = s.count(t), skipped = count * size_t(set);
    if (theta) {
      w.at[t] = theta + first + skipped;
      first += count * size_t(s.copies(t));
      continue;
    }
    Record r;
    Blob(blob).find(s.name(t), &r);
    if (r.type == own_element<T> && !big_endian && reinterpret_cast<uintptr_t>(r.data) % sizeof(T) == 0) {
      w.at[t] = reinterpret_cast<const T *>(r.data) + skipped;
    } else {
      r.read(skipped, count, buffer);
      w.at[t] = buffer;
      buffer += count;
    }
  }
  return w;
}

#define INSTANTIATE(T) template struct FactormerSource<T>;
ORTHANT_FOR_TYPES(INSTANTIATE)

}  // namespace orthant
