/* The line of pixels that firmware.c and models.c unmix. */
#ifndef PIXELS_H
#define PIXELS_H
#include <stdint.h>

#include "line.h"

static uint32_t state = 1;
static float uniform(void) { /* [0, 1) */
  state = state * 1664525u + 1013904223u;
  return (float)(state >> 8) * (1.0f / 16777216.0f);
}

/* Mixtures of which every second one lacks a material, so that constraints are active; a little noise. */
static void generate(float *line, int pixels) {
  for (int j = 0; j < pixels; ++j) {
    float truth[ENDMEMBERS], sum = 0;
    for (int k = 0; k < ENDMEMBERS; ++k) {
      truth[k] = k == j / 2 % ENDMEMBERS && j % 2 ? 0.0f : 0.05f + uniform();
      sum += truth[k];
    }
    for (int k = 0; k < ENDMEMBERS; ++k) truth[k] /= sum;
    for (int i = 0; i < BANDS; ++i) {
      float y = 0.0005f * (uniform() - 0.5f);
      for (int k = 0; k < ENDMEMBERS; ++k) y += endmembers[i + BANDS * k] * truth[k];
      line[i + BANDS * j] = y;
    }
  }
}
#endif
