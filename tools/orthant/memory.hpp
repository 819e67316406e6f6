// How much memory data may take.
#pragma once

#include "verbs.hpp"

namespace orthant::tool {

// Half of what is at hand, or of --memory SIZE; an image that takes more stays in its file.  In bytes.
int64_t data_room(const Common &common);

// Says that the image stays in its file, and what that means.
template <class T>
void say_stays(const Common &common, const Image<T> &image);

}  // namespace orthant::tool
