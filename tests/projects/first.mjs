// What first.c does, in JavaScript.  In Node: node first.mjs [OUT]; in a browser a page asks for first().
import {Orthant} from 'orthant';

function holds(condition, what) {
  if (!condition) throw new Error(what);
}

// The numbers of W, H and A, as first.c writes them.
export async function first() {
  const orthant = await Orthant.load();
  const V = Float32Array.from({length: 60 * 80}, (_, i) => (i * 7919) % 101);
  const {W, H, relativeError} = orthant.nmf(V, 60, 4);
  let squares = 0, all = 0;
  for (let j = 0; j < 80; ++j)
    for (let i = 0; i < 60; ++i) {
      let p = 0;
      for (let k = 0; k < 4; ++k) p += W[i + 60 * k] * H[k + 4 * j];
      squares += (V[i + 60 * j] - p) ** 2;
      all += V[i + 60 * j] ** 2;
    }
  holds(Math.abs(Math.sqrt(squares / all) - relativeError) < 1e-5, 'the relative error');

  const E = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.9, 0.5, 0.2, 0.1);
  const Y = Float32Array.of(0.3, 0.275, 0.275, 0.325, NaN, 0.35, 0.25, 0.25, 0.9, 0.5, 0.2, 0.1);
  const {A} = orthant.unmix(Y, 4, E);
  [0.75, 0.25, NaN, NaN, 0, 1].forEach((a, k) =>
    holds(Number.isNaN(a) ? Number.isNaN(A[k]) : Math.abs(A[k] - a) < 1e-5, `abundance ${k}`));
  const [half, other] = [0.5, 1.5].map((beta) => orthant.nmf(V, 60, 4, {loss: 'beta', beta, maxIter: 30}));
  holds(half.relativeError < 0.5 && other.relativeError < half.relativeError, 'the loss beta');
  let words = '';
  try {
    orthant.nmf(V, 60, 4, {loss: 'best'});
  } catch (error) {
    words = error.message;
  }
  holds(words.includes('there is no best, but frobenius, kl, is, beta'), `a loss that is none: ${words}`);
  let status = 0;
  try {
    orthant.unmix(Y.slice(4, 8), 4, E);
  } catch (error) {
    ({status} = error);
  }
  holds(status === -3, 'no pixel with numbers is an error');
  return Float32Array.of(...W, ...H, ...A);
}

if (globalThis.process?.argv[2]) {
  const {writeFileSync} = await import('node:fs');
  writeFileSync(`${process.argv[2]}.f32`, new Uint8Array((await first()).buffer));
}
