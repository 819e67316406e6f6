// A line of a spectral camera with 198 bands: fractions of four materials in each of its pixels, as they come.
#include <orthant.h>

enum { BANDS = 198, MATERIALS = 4, PIXELS = 16 };
static float spectra[BANDS * MATERIALS];  // in flash for a camera: here four bumps
static float line[BANDS * PIXELS], fractions[MATERIALS * PIXELS];
static unsigned char memory[ORTHANT_UNMIX_BYTES_F32(BANDS, MATERIALS)];
static orthant_unmix_f32 *unmix;

static void make_spectra() {
  for (int k = 0; k < MATERIALS; ++k)
    for (int b = 0; b < BANDS; ++b) {
      const float d = (b - 30 - 45 * k) / 25.0f;
      spectra[k * BANDS + b] = 0.1f + 0.8f / (1 + d * d);
    }
}

static void read_line() {  // put in the camera's own calls
  for (int j = 0; j < PIXELS; ++j)
    for (int b = 0; b < BANDS; ++b) {
      const float t = j / float(PIXELS - 1);
      line[j * BANDS + b] = (1 - t) * spectra[b] + t * spectra[2 * BANDS + b];
    }
}

void setup() {
  Serial.begin(115200);
  make_spectra();
  orthant_unmix_config config = {};
  config.size = sizeof config;
  config.bands = BANDS;
  config.endmembers = MATERIALS;
  config.sum_to_one = 1;
  const orthant_status status = orthant_unmix_init_f32(&config, spectra, BANDS, memory, sizeof memory, &unmix);
  if (status != ORTHANT_OK) Serial.println(orthant_status_text(status));
}

void loop() {
  read_line();
  const orthant_matrix_f32 data = ORTHANT_DENSE_F32(line, BANDS, PIXELS, BANDS);
  if (!unmix || orthant_unmix_run_f32(unmix, &data, fractions, MATERIALS, NULL) != ORTHANT_OK) return;
  for (int j = 0; j < PIXELS; ++j) Serial.println(fractions[j * MATERIALS], 3);
  delay(100);
}
