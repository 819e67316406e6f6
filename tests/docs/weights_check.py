"""Beside orw.py of the guide to the weight format: what its tables say of SymNMF-Net's hash and of RALMU's networks."""
import ctypes

import numpy as np

import orthant
import orw
from orthant import _abi, _core


def hash_of(X):
    """Low and high half, as the guide says."""
    h, mask = 0xcbf29ce484222325, 2**64 - 1
    words = [len(X)]
    for column, row in zip(*np.nonzero(X.T)):
        words += [int(row) << 32 | int(column), int(X[row, column].view(np.uint32))]
    for word in words:
        h = (h ^ word) * 0x100000001b3 & mask
        h ^= h >> 32
    return np.array([h & 0xffffffff, h >> 32], np.uint32).view(np.int32)


def problem(job, data, blob):
    return _core.text("orthant_symnet_problem_f32", job._handle, ctypes.byref(data.abi), orthant.Model(blob).handle)


def saved(job):
    size = ctypes.c_size_t()
    _core.require(_core.library.orthant_symnet_save_f32(job._handle, None, 0, ctypes.byref(size)), "save")
    out = ctypes.create_string_buffer(size.value)
    _core.require(_core.library.orthant_symnet_save_f32(job._handle, out, size, ctypes.byref(size)), "save")
    return out.raw


X = (np.kron(np.eye(3), np.ones((4, 4))) + np.diag(np.arange(12) / 8)).astype(np.float32)
data = _core.Matrix(X, np.float32, "X")
job = orthant.Job("symnet", np.float32, n=12, rank=3, layers=2, epochs=5)
U = np.zeros((12, 3), np.float32, order="F")
job.start(X, U)
job.run(X, U)
blob = saved(job)
kind, records, alignment = orw.read(blob)
assert kind == _abi.NUMBERS["ORTHANT_MODEL_SYMNMF_NET"] and orw.write(kind, records, alignment) == blob
np.testing.assert_array_equal(records["config"][1], [5, *hash_of(X)])

# From the table alone, as the library made it: it runs to the same U.
mine = orw.write(3, {"P": (0, records["P"][1]), "U0": (0, records["U0"][1]), "config": (5, [5, *hash_of(X)]),
                     "lambda": (6, [records["lambda"][1][0]])})
assert problem(job, data, mine) == "ok"
again, loaded = orthant.Job("symnet", np.float32, n=12, rank=3, layers=2), np.zeros_like(U)
model = orthant.Model(mine)
_core.require(_core.library.orthant_symnet_load_f32(again._handle, ctypes.byref(data.abi), model.handle,
                                                    loaded.ctypes.data, 12), "load")
np.testing.assert_array_equal(loaded, U)
wrong = orw.write(3, {**records, "config": (5, [5, *hash_of(2 * X)])})
assert problem(job, data, wrong) == "X"
print("SymNMF-Net: the same")


# ---- RALMU: the guide's convolutions in NumPy, as multipliers of one update of H


def convolved(maps, weights, biases, kernel):
    """maps: lines x samples x channels in."""
    lines, samples, channels = maps.shape
    half = kernel // 2
    padded = np.pad(maps, ((half, half), (half, half), (0, 0)))
    out = np.zeros((lines, samples, len(biases)))
    for channel in range(channels):
        for dy in range(kernel):
            for dx in range(kernel):
                row = dx + kernel * dy + kernel**2 * channel
                out += padded[dy:dy + lines, dx:dx + samples, channel, None] * weights[row]
    return out + biases


lines, samples, r, kernel = 5, 6, 2, 3
rng = np.random.default_rng(4)
sizes = [r, 32, 32, 16, 8, r]
layers = [(rng.standard_normal((kernel**2 * a, b)) / (3 * np.sqrt(a)), rng.standard_normal(b))
          for a, b in zip(sizes, sizes[1:])]
theta = np.concatenate([np.concatenate([weights.ravel(order="F"), biases]) for weights, biases in layers])
config = [0, r, 1, lines, lines * samples, 0, 0, 0, kernel, 1, 3, 0]
blob = orw.write(2, {"A_H": (6, theta[:, None]), "config": (5, config),
                     "limits": (6, [2, 0, 0, 0, 0, 0.5])})
Y, W = rng.random((7, lines * samples)), rng.random((7, r))
H = orthant.nalmu(Y, orthant.Model(blob), W=W)[1]
first = np.full((r, lines * samples), 0.5)
maps = first.T.reshape(lines, samples, r)
for k, (weights, biases) in enumerate(layers):
    maps = convolved(maps, weights, biases, kernel)
    maps = np.maximum(maps, 0) if k < 4 else np.logaddexp(0, maps)
expected = first * maps.reshape(-1, r).T * (W.T @ Y) / (W.T @ W @ first)
np.testing.assert_allclose(H, expected, rtol=1e-10)
print("RALMU: the same")
