/* Included by first.c for each element type T. */
static T OF(V)[ROWS * COLS], OF(W)[ROWS * RANK], OF(H)[RANK * COLS], OF(A)[ENDMEMBERS * PIXELS];
static unsigned char OF(nmf_memory)[NMF_BYTES(ROWS, COLS, RANK)], OF(unmix_memory)[UNMIX_BYTES(BANDS, ENDMEMBERS)];

static int OF(factored)(void) {
  const OF(orthant_matrix) data = DENSE(OF(V), ROWS, COLS, ROWS);
  const orthant_nmf_config c = {.size = sizeof c, .rows = ROWS, .cols = COLS, .rank = RANK};
  orthant_report r = {.size = sizeof r};
  OF(orthant_nmf) * nmf;
  double squares = 0, all = 0;
  for (int i = 0; i < ROWS * COLS; ++i) OF(V)[i] = (T)((i * 7919) % 101);
  if (OF(orthant_nmf_init)(&c, OF(nmf_memory), sizeof OF(nmf_memory), &nmf) ||
      OF(orthant_nmf_start)(nmf, &data, OF(W), ROWS, OF(H), RANK) ||
      OF(orthant_nmf_run)(nmf, &data, OF(W), ROWS, OF(H), RANK, &r))
    return 0;
  for (int j = 0; j < COLS; ++j)
    for (int i = 0; i < ROWS; ++i) {
      double v = OF(V)[i + ROWS * j];
      all += v * v;
      for (int k = 0; k < RANK; ++k) v -= (double)OF(W)[i + ROWS * k] * (double)OF(H)[k + RANK * j];
      squares += v * v;
    }
  return near(squares / all, r.rel_error * r.rel_error) && r.rel_error < 0.6;
}

static int OF(unmixed)(void) {
  static const T E[] = {(T)0.1, (T)0.2, (T)0.3, (T)0.4, (T)0.9, (T)0.5, (T)0.2, (T)0.1};
  static const double truth[] = {0.75, 0.25, 0, 0, 0, 1};
  const T zero = OF(V)[0]; /* V begins with 0; not a constant, whose quotient a compiler warns of */
  const T Y[] = {(T)0.3,  (T)0.275, (T)0.275, (T)0.325, zero / zero, (T)0.35,
                 (T)0.25, (T)0.25,  (T)0.9,   (T)0.5,   (T)0.2,      (T)0.1};
  const OF(orthant_matrix) image = DENSE(Y, BANDS, PIXELS, BANDS);
  const orthant_unmix_config c = {.size = sizeof c, .bands = BANDS, .endmembers = ENDMEMBERS, .sum_to_one = 1};
  OF(orthant_unmix) * unmix;
  if (OF(orthant_unmix_init)(&c, E, BANDS, OF(unmix_memory), sizeof OF(unmix_memory), &unmix) ||
      OF(orthant_unmix_run)(unmix, &image, OF(A), ENDMEMBERS, NULL) != ORTHANT_E_DATA)
    return 0;
  for (int k = 0; k < ENDMEMBERS * PIXELS; ++k) {
    const T a = OF(A)[k];
    if (k / ENDMEMBERS == 1 ? a == a : !near(a, truth[k])) return 0;
  }
  return 1;
}

static int OF(first)(const char *out) {
  char name[4096];
  FILE *f;
  if (!OF(factored)() || !OF(unmixed)()) return 0;
  if (!out) return 1;
  snprintf(name, sizeof name, "%s.%s", out, sizeof(T) == 4 ? "f32" : "f64");
  f = fopen(name, "wb");
  return f && fwrite(OF(W), sizeof OF(W), 1, f) == 1 && fwrite(OF(H), sizeof OF(H), 1, f) == 1 &&
         fwrite(OF(A), sizeof OF(A), 1, f) == 1 && fclose(f) == 0;
}
