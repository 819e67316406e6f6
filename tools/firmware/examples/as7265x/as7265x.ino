// Fractions of three materials in a reading of an 18-channel spectral sensor of the AS7265x class.
// The spectra are examples: put in your own, measured with the sensor, in the unit of its readings.
#include <orthant.h>

enum { BANDS = 18, MATERIALS = 3 };  // 410 to 940 nm
static const float spectra[BANDS * MATERIALS] = {
    /* leaf  */ 0.04f, 0.04f, 0.05f, 0.05f, 0.09f, 0.11f, 0.10f, 0.07f, 0.06f, 0.05f, 0.05f, 0.09f, 0.30f, 0.42f, 0.47f, 0.49f, 0.50f, 0.50f,
    /* soil  */ 0.08f, 0.09f, 0.11f, 0.12f, 0.15f, 0.18f, 0.20f, 0.22f, 0.24f, 0.25f, 0.26f, 0.27f, 0.29f, 0.30f, 0.31f, 0.33f, 0.34f, 0.35f,
    /* paper */ 0.60f, 0.66f, 0.72f, 0.75f, 0.78f, 0.79f, 0.80f, 0.80f, 0.81f, 0.81f, 0.81f, 0.82f, 0.82f, 0.82f, 0.82f, 0.83f, 0.83f, 0.83f};
static unsigned char memory[ORTHANT_UNMIX_BYTES_F32(BANDS, MATERIALS)];
static orthant_unmix_f32 *unmix;

static bool read_sensor(float *reading) {  // two thirds leaf, one third soil; put in the sensor's own calls
  for (int b = 0; b < BANDS; ++b) reading[b] = (2 * spectra[b] + spectra[BANDS + b]) / 3;
  return true;
}

void setup() {
  Serial.begin(115200);
  orthant_unmix_config config = {};
  config.size = sizeof config;
  config.bands = BANDS;
  config.endmembers = MATERIALS;
  config.sum_to_one = 1;
  const orthant_status status = orthant_unmix_init_f32(&config, spectra, BANDS, memory, sizeof memory, &unmix);
  if (status != ORTHANT_OK) Serial.println(orthant_status_text(status));
}

void loop() {
  float reading[BANDS], fraction[MATERIALS];
  if (!unmix || !read_sensor(reading)) return;
  const orthant_matrix_f32 pixel = ORTHANT_DENSE_F32(reading, BANDS, 1, BANDS);
  if (orthant_unmix_run_f32(unmix, &pixel, fraction, MATERIALS, NULL) == ORTHANT_OK)
    for (int k = 0; k < MATERIALS; ++k) Serial.println(fraction[k], 3);
  delay(1000);
}
