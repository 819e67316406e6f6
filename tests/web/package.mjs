// In an empty project with the package installed: the README's factorization, and an unmixing with a pixel without a number.
import assert from 'node:assert/strict';
import {Orthant} from 'orthant';

const orthant = await Orthant.load();
const V = Float32Array.from({length: 60 * 80}, (_, i) => (i * 7919) % 101);
const {W, H, relativeError} = orthant.nmf(V, 60, 4);
assert.deepEqual([W.length, H.length], [240, 320]);
assert.throws(() => orthant.nmf(V, 60, 4, {loss: 'best'}), /there is no best, but frobenius, kl, is, beta/);
const [half, other] = [0.5, 1.5].map((beta) => orthant.nmf(V, 60, 4, {loss: 'beta', beta, maxIter: 30}));
assert.ok(half.relativeError < 0.5 && other.relativeError < half.relativeError);
let squares = 0, all = 0;
for (let j = 0; j < 80; ++j)
  for (let i = 0; i < 60; ++i) {
    let p = 0;
    for (let k = 0; k < 4; ++k) p += W[i + 60 * k] * H[k + 4 * j];
    squares += (V[i + 60 * j] - p) ** 2;
    all += V[i + 60 * j] ** 2;
  }
assert.ok(Math.abs(Math.sqrt(squares / all) - relativeError) < 1e-5);
console.log(`Node: |V - W H| / |V| = ${relativeError.toFixed(4)}`);

const E = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.9, 0.5, 0.2, 0.1), truth = [0.75, 0.25, 0.5, 0.5, 0, 1];
const Y = new Float32Array(12);
for (let j = 0; j < 3; ++j)
  for (let i = 0; i < 4; ++i) Y[i + 4 * j] = E[i] * truth[2 * j] + E[i + 4] * truth[2 * j + 1];
Y[5] = NaN;
const {A} = orthant.unmix(Y, 4, E);
for (const k of [0, 1, 4, 5]) assert.ok(Math.abs(A[k] - truth[k]) < 1e-5);
assert.ok(Number.isNaN(A[2]) && Number.isNaN(A[3]));
assert.throws(() => orthant.unmix(Y.slice(4, 8), 4, E), {status: -3});
