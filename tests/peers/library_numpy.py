#!/usr/bin/python3
"""Unmixing by a library and MESMA against plain loops of NumPy and SciPy: agreement, then times in turns.

usage: library_numpy.py PYTHON_PACKAGE LIBRARY [DATA]
PYTHON_PACKAGE: the folder that holds `orthant`; LIBRARY: liborthant.so.N; DATA: the folder of usgs and jasper_ridge.
Sparse: mixtures of five of the 498 spectra of USGS 1995 in 224 bands, 30 dB, against scipy.optimize.nnls a pixel and
SUnSAL's ADMM on all pixels at once.  MESMA: Jasper Ridge with 3 and with 10 spectra a class, against a loop over models
that fits each to all pixels at once.  One thread each.
"""
import itertools, os, statistics, sys, time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = "1"
try:
    import numpy as np
    from scipy.io import loadmat
    from scipy.optimize import nnls
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)
sys.path.insert(0, sys.argv[1])
os.environ["ORTHANT_LIBRARY"] = os.path.abspath(sys.argv[2])
folder = sys.argv[3] if len(sys.argv) > 3 else "../shared/data"
if not os.path.exists(folder + "/usgs"):
    print(f"skipped: {folder}/usgs is not there")
    sys.exit(77)
import orthant

rounds = 3


def timed(call):
    begin = time.perf_counter()
    result = call()
    return time.perf_counter() - begin, result


def tell(what, mine, theirs, pixels):
    ratios = [b / a for a, b in zip(mine, theirs)]
    print(f"{what}: {1e6 * statistics.median(mine) / pixels:.1f} us a pixel, the peer "
          f"{1e6 * statistics.median(theirs) / pixels:.0f}; ratio {statistics.median(ratios):.0f} "
          f"({min(ratios):.0f} to {max(ratios):.0f})", flush=True)


# ---- sparse

E = np.asfortranarray(loadmat(folder + "/usgs/USGS_1995_Library.mat")["datalib"][:, 3:])
random, pixels = np.random.default_rng(1), 96
Y = np.empty((224, pixels), order="F")
for j in range(pixels):
    Y[:, j] = E[:, random.choice(498, 5, replace=False)] @ random.dirichlet(np.ones(5))
Y += np.sqrt((Y**2).mean() / 1000) * random.standard_normal(Y.shape)
Yf, Ef = Y.astype(np.float32, order="F"), E.astype(np.float32, order="F")
G, top = E.T @ E, np.sqrt((E**2).sum(axis=0)).max()


def residual(A, l1):
    """The residual that orthant.h defines, with spectra as they are, in double."""
    R = E @ A - Y
    g = E.T @ R + l1
    size = top * np.maximum(np.linalg.norm(Y, axis=0), np.linalg.norm(E @ A, axis=0))
    return (np.abs(np.minimum(A, g)).max(axis=0) / size).max()


def sunsal(l1, iterations, rho=1.0):
    """The authors' ADMM for a >= 0, all pixels at once; rho: the best of 1e-5, 1e-4, ..., 1 after 1000 iterations."""
    inverse, F = np.linalg.inv(G + rho * np.eye(498)), E.T @ Y
    U = np.maximum(inverse @ F, 0)
    D = np.zeros_like(U)
    for _ in range(iterations):
        X = inverse @ (F + rho * (U + D))
        U = np.maximum(X - D - l1 / rho, 0)
        D -= X - U
    return U


for l1 in (0.0, 1e-3):
    A, report = orthant.unmix_library(Yf, Ef, l1=l1)
    print(f"l1 {l1}: KKT residual {report.kkt:.1e} as reported, {residual(A.astype(float), l1):.1e} in double; "
          f"{(A > 0).sum(axis=0).mean():.1f} spectra a pixel")
    mine, theirs = [], []
    for _ in range(rounds):
        mine.append(timed(lambda: orthant.unmix_library(Yf, Ef, l1=l1))[0])
        seconds, U = timed(lambda: sunsal(l1, 1000))
        theirs.append(seconds)
    tell(f"ADMM, 1000 iterations, which end at {residual(U, l1):.1e}", mine, theirs, pixels)
mine, theirs = [], []
for _ in range(rounds):
    mine.append(timed(lambda: orthant.unmix_library(Yf, Ef))[0])
    seconds, X = timed(lambda: np.array([nnls(E, Y[:, j])[0] for j in range(24)]).T)
    theirs.append(seconds * pixels / 24)
tell("scipy.optimize.nnls", mine, theirs, pixels)
A, _ = orthant.unmix_library(Y, E)
print(f"f64: the largest difference of an abundance to SciPy's is {np.abs(A[:, :24] - X).max():.1e}")

# ---- MESMA

scene = loadmat(folder + "/jasper_ridge/jasperRidge2_R198.mat")["Y"].astype(np.float32) / np.float32(5000)
bundles = loadmat(folder + "/jasper_ridge/spectral_library_jasperRidge.mat")
# The bundles are in the unit of the scene's maximum.
classes = [bundles[f"lib{k}"].astype(np.float32) * np.float32(5437 / 5000) for k in (1, 2, 3, 4)]


def loop(Y, E, class_of, slack=0.05, shade=0.8, cap=0.025, gain=0.007):
    """Every model in turn, fitted to all pixels at once."""
    members = [[-1, *np.flatnonzero(class_of == k)] for k in range(class_of.max() + 1)]
    best = [(np.full(Y.shape[1], np.inf), np.full((len(members), Y.shape[1]), -1)) for _ in members]
    for model in itertools.product(*members):
        M = np.array([k for k in model if k >= 0])
        if not M.size:
            continue
        a = np.linalg.pinv(E[:, M]) @ Y
        rmse = np.sqrt(((Y - E[:, M] @ a) ** 2).mean(axis=0))
        rest = 1 - a.sum(axis=0)
        good = ((a >= -slack) & (a <= 1 + slack)).all(axis=0) & (rest >= -slack) & (rest <= shade) & (rmse < cap)
        level_rmse, level_model = best[M.size - 1]
        good &= rmse < level_rmse
        level_rmse[good] = rmse[good]
        level_model[:, good] = np.array(model)[:, None]
    rmse, chosen = best[0]
    for level_rmse, level_model in best[1:]:
        with np.errstate(invalid="ignore"):
            better = level_rmse < np.where(np.isinf(rmse), np.inf, rmse - gain)
        rmse, chosen = np.where(better, level_rmse, rmse), np.where(better, level_model, chosen)
    return chosen


for each, count in ((3, 10000), (10, 200)):
    E = np.asfortranarray(np.hstack([c[:, np.linspace(0, c.shape[1] - 1, each).astype(int)] for c in classes]))
    class_of = np.repeat(np.arange(4, dtype=np.int32), each)
    some = np.asfortranarray(scene[:, :: scene.shape[1] // count])
    models = (each + 1) ** 4 - 1
    mine, theirs = [], []
    for _ in range(rounds if each > 3 else 1):
        seconds, (model, A, rms, report) = timed(lambda: orthant.mesma(some, E, class_of))
        mine.append(seconds)
        seconds, chosen = timed(lambda: loop(some.astype(float), E.astype(float), class_of))
        theirs.append(seconds)
    same = (chosen == model).all(axis=0).mean()
    tell(f"MESMA of {models} models, {some.shape[1]} pixels, {100 * same:.2f} % the same, "
         f"{100 * (model >= 0).any(axis=0).mean():.1f} % modelled", mine, theirs, some.shape[1])
    mine = [timed(lambda: orthant.mesma(some, E, class_of, gain=-1))[0] for _ in range(rounds)]
    print(f"  all levels of every pixel (gain -1): {1e6 * statistics.median(mine) / some.shape[1]:.1f} us a pixel")
