// Letters drawn by strokes, so that a PNG can carry labels without a font library or font files.
#pragma once

#include <cstdint>
#include <string>

namespace orthant::tool {

// Pixels that `text` takes at an em of `size` pixels; capitals are 0.71 em high.
double text_width(const std::string &text, double size);
// Dark text onto 8-bit RGB pixels, smoothed at its edges; what lies outside the picture is cut off.
void draw_text(std::uint8_t *rgb, int width, int height, const std::string &text, double left, double baseline,
               double size);

}  // namespace orthant::tool
