// The settings that make one network another: numbers under the names of the fields that a caller sets.  A model lists
// them once, for its file and for the one comparison of a file with what it is loaded into.
#pragma once
#include "blob.hpp"

namespace orthant {

struct Setting {
  const char *name;
  double value;
};

// The name of the first of `count` settings that differ; null where none does.
inline const char *first_difference(const Setting *ours, const Setting *theirs, int32_t count) {
  for (int32_t i = 0; i < count; ++i)
    if (ours[i].value != theirs[i].value) return ours[i].name;
  return nullptr;
}

// A record of `length` numbers: the settings, then zeros.
inline void add_settings(BlobWriter &w, const char *name, Element type, const Setting *settings, int32_t count,
                         int32_t length) {
  w.add({name, type, 1, {uint32_t(length)}});
  for (int32_t i = 0; i < length; ++i) {
    const double value = i < count ? settings[i].value : 0;
    w.store(size_t(i), 1, &value);
  }
}

}  // namespace orthant
