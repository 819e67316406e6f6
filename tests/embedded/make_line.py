#!/usr/bin/env python3
"""tests/embedded/make_line.py: writes line.h, the endmembers of tests/embedded/firmware.c and what it must find.

Four smooth reflectances with the bands and the materials of Jasper Ridge (tree, water, soil, road), in 1/10000 as its
data are.  The line is mixed by the firmware itself; here the same operations in the same order, in float32.  The
references are computed in double: FCLS by trying every support, and multiplicative updates with the multipliers of
tools/models/generic-4.orw.
"""
import itertools
import pathlib
import struct
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
BANDS, ENDMEMBERS, PIXELS, MODEL_PIXELS, LAYERS = 198, 4, 100, 8, 4


def spectra():
    x = np.linspace(0.38, 2.5, BANDS)
    bump = lambda at, width: np.exp(-((x - at) / width) ** 2)
    edge = 1 / (1 + np.exp(-(x - 0.71) / 0.015))
    water = 1 - 0.75 * bump(1.42, 0.09) - 0.85 * bump(1.93, 0.13)
    tree = (0.04 + 0.06 * bump(0.55, 0.05) + 0.42 * edge * np.exp(-(x - 0.71) / 1.1)) * water
    lake = 0.13 * np.exp(-(x - 0.38) / 0.5) + 0.02
    soil = 0.07 + 0.34 * (1 - np.exp(-(x - 0.38) / 0.75)) - 0.05 * bump(2.2, 0.05) - 0.06 * bump(1.93, 0.1)
    road = 0.17 + 0.05 * np.sqrt(x - 0.37) - 0.03 * bump(1.93, 0.2)
    return np.rint(1e4 * np.stack([tree, lake, soil, road], 1)).astype(int)


def mixed(E):
    f, state = np.float32, 1

    def uniform():
        nonlocal state
        state = (state * 1664525 + 1013904223) % 2**32
        return f(state >> 8) * f(2.0**-24)

    Y = np.zeros((BANDS, PIXELS), f)
    for j in range(PIXELS):
        truth = []
        for k in range(ENDMEMBERS):
            missing = k == j // 2 % ENDMEMBERS and j % 2
            truth.append(f(0) if missing else f(0.05) + uniform())
        total = f(0)
        for a in truth:
            total += a
        truth = [a / total for a in truth]
        for i in range(BANDS):
            y = f(0.0005) * (uniform() - f(0.5))
            for k in range(ENDMEMBERS):
                y = f(y + f(E[i, k] * truth[k]))
            Y[i, j] = y
    return Y


def fcls(E, y):
    best = (np.inf, None)
    for n in range(1, ENDMEMBERS + 1):
        for P in map(list, itertools.combinations(range(ENDMEMBERS), n)):
            K = np.block([[E[:, P].T @ E[:, P], np.ones((n, 1))], [np.ones((1, n)), np.zeros((1, 1))]])
            a = np.linalg.solve(K, np.append(E[:, P].T @ y, 1.0))[:n]
            if a.min() >= 0:
                x = np.zeros(ENDMEMBERS)
                x[P] = a
                best = min(best, (np.sum((y - E @ x) ** 2), list(x)))
    return best[1]


def reach(E, y, a, u):
    """How far f32 may be from the solution a.  All terms are positive, so a sum of n products errs by n u of itself: in
    the gradient E'E a - E'y, with a Cholesky solution of order r, by  d = (bands + 4 r^2) u (E'E a + E'y).  The solution
    is piecewise linear in that, and its slope on a support P is that of the equality constrained problem there."""
    d = (BANDS + 4 * ENDMEMBERS**2) * u * (E.T @ (E @ a) + E.T @ y)
    far = 0.0
    for n in range(1, ENDMEMBERS + 1):
        for P in map(list, itertools.combinations(range(ENDMEMBERS), n)):
            K = np.block([[E[:, P].T @ E[:, P], np.ones((n, 1))], [np.ones((1, n)), np.zeros((1, 1))]])
            far = max(far, (np.abs(np.linalg.inv(K)[:n, :n]) @ d[P]).max())
    return far


def multipliers():
    blob = (HERE / "../../tools/models/generic-4.orw").read_bytes()
    for i in range(struct.unpack_from("<I", blob, 20)[0]):
        record = blob[64 + 64 * i:128 + 64 * i]
        if record[:24].rstrip(b"\0") == b"A_H":
            assert record[24] == 0, "multipliers in f32"
            offset, size = struct.unpack_from("<II", record, 44)
            return np.frombuffer(blob[offset:offset + size], "<f4").astype(float).reshape(-1, ENDMEMBERS)


def table(name, numbers, form, width):
    words = [form % n for n in numbers]
    lines = [", ".join(words[i:i + width]) for i in range(0, len(words), width)]
    return "static const float %s[] = {\n    %s};\n" % (name, ",\n    ".join(lines))


def main():
    counts = spectra()
    E = np.array([[np.float32("%.4f" % (c / 1e4)) for c in row] for row in counts], np.float32)
    Y, D = mixed(E).astype(float), E.astype(float)
    A = np.array([fcls(D, Y[:, j]) for j in range(PIXELS)])
    H = np.full((ENDMEMBERS, MODEL_PIXELS), 0.25)
    for a in multipliers()[:LAYERS]:
        H *= a[:, None] * (D.T @ Y[:, :MODEL_PIXELS]) / (D.T @ D @ H)
    u = 2.0**-24
    far = max(reach(D, Y[:, j], A[j], u) for j in range(PIXELS))
    # A layer's quotient errs by 2 bands + r + 6 roundings, and doubles what H errs by: all terms are positive.
    relative = (2**LAYERS - 1) * (2 * BANDS + ENDMEMBERS + 6) * u
    text = "/* Written by make_line.py: do not edit. */\n"
    text += "enum { BANDS = %d, ENDMEMBERS = %d, PIXELS = %d, MODEL_PIXELS = %d, MODEL_LAYERS = %d };\n" % (
        BANDS, ENDMEMBERS, PIXELS, MODEL_PIXELS, LAYERS)
    text += "/* Reflectances, band by band and material by material. */\n"
    text += table("endmembers", (counts.T / 1e4).ravel(), "%.4ff", 12)
    text += "/* FCLS in double, and how far f32 may be from it. */\n"
    text += table("expected", A.ravel(), "%.9ef", 6) + "static const float expected_within = %.3ef;\n" % far
    text += "/* The model's first layers from H = 1/4, in double, and how far f32 may be, relatively. */\n"
    text += table("expected_of_model", H.T.ravel(), "%.9ef", 6)
    text += "static const float expected_of_model_within = %.3ef;\n" % relative
    (HERE / "line.h").write_text(text)
    print("f32 may be %.3g away, the model %.3g relatively" % (far, relative))


main()
