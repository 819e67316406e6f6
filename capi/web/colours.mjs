// Numbers as colours: maps and composites, in RGBA.

// Nine points of matplotlib's viridis, linear in between.
const VIRIDIS = [[68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129],
  [92, 200, 99], [170, 220, 50], [253, 231, 37]];

const TABLE = new Uint8ClampedArray(256 * 3);
for (let i = 0; i < 256; ++i) {
  const t = i / 255 * 8, k = Math.min(Math.floor(t), 7);
  for (let c = 0; c < 3; ++c) TABLE[3 * i + c] = VIRIDIS[k][c] + (t - k) * (VIRIDIS[k + 1][c] - VIRIDIS[k][c]);
}

export const GRADIENT = `linear-gradient(90deg, ${VIRIDIS.map(c => `rgb(${c})`).join(', ')})`;

// value(column) in [0, top] for every pixel; those that are left out stay transparent.
export function drawMap(columnOf, value, top) {
  const rgba = new Uint8ClampedArray(4 * columnOf.length);
  columnOf.forEach((column, i) => {
    if (column < 0) return;
    const t = Math.round(255 * Math.min(Math.max(value(column) / top, 0), 1));
    rgba.set([TABLE[3 * t], TABLE[3 * t + 1], TABLE[3 * t + 2], 255], 4 * i);
  });
  return rgba;
}

// The value below which the share q of the numbers lies, from a sample of them.
export function percentile(numbers, q) {
  const step = Math.ceil(numbers.length / 50000), some = numbers.filter((_, i) => i % step === 0).sort();
  return some[Math.round(q * (some.length - 1))];
}

// Reflectance as a camera shows it where wavelengths (micrometres) give the bands: one scale for all three, dark tones
// lifted by a gamma of 1.7.  Else three bands over the range, each between its own percentiles.
export function composite({bands, columns, Y, columnOf, wavelength}) {
  const wanted = [0.65, 0.55, 0.46], far = (b, w) => Math.abs(wavelength[b] - w);
  const nearest = w => wavelength.reduce((best, _, b) => (far(b, w) < far(best, w) ? b : best), 0);
  let rgb = wavelength && wanted.map(nearest);
  const camera = rgb !== null && rgb.every((b, i) => far(b, wanted[i]) < 0.03);
  if (!camera) rgb = [0.75, 0.5, 0.25].map(t => Math.floor(t * bands));
  const numbers = Y.view, plane = rgb.map(b => Float32Array.from({length: columns}, (_, p) => numbers[p * bands + b]));
  const white = Math.max(...plane.map(p => percentile(p, 0.99)));
  const range = plane.map(p => (camera ? [0, white] : [percentile(p, 0.02), percentile(p, 0.98)]));
  const rgba = new Uint8ClampedArray(4 * columnOf.length);
  columnOf.forEach((column, i) => {
    if (column < 0) return;
    for (let c = 0; c < 3; ++c) {
      const [low, high] = range[c], t = Math.min(Math.max((plane[c][column] - low) / (high - low || 1), 0), 1);
      rgba[4 * i + c] = 255 * (camera ? t ** (1 / 1.7) : t);
    }
    rgba[4 * i + 3] = 255;
  });
  return {rgba, bands: rgb, camera};
}
