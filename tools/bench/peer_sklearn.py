"""scikit-learn's NMF from a given start: time to reach targets of 1/2 |X - W H|^2, with SOLVER mu-kl of KL(X | W H).

usage: peer_sklearn.py DIR SOLVER REPEAT BUDGET TARGET...
DIR holds V.npy, W.npy, H.npy (Fortran order, V rows x cols ~ W H).  For each target: the smallest tried number of
iterations that reaches it, then the median, least and greatest time of REPEAT whole calls.  One CSV line a target:
target,iterations,median,least,greatest; iterations 0 where no call under BUDGET seconds reached it.
"""
import sys
import time
import warnings

import numpy as np
from sklearn.decomposition import non_negative_factorization

warnings.simplefilter("ignore")
folder, solver, repeat, budget = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
targets = [float(t) for t in sys.argv[5:]]
# The transpose of a Fortran array is a C array of the same bytes: samples are our columns.
X = np.load(folder + "/V.npy").T
W0, H0 = np.load(folder + "/H.npy").T, np.load(folder + "/W.npy").T


def call(iterations):
    W, H = W0.copy(), H0.copy()
    kl = {"beta_loss": "kullback-leibler"} if solver == "mu-kl" else {}
    begin = time.perf_counter()
    W, H, _ = non_negative_factorization(
        X, W=W, H=H, n_components=W.shape[1], init="custom", solver=solver[:2], tol=0, max_iter=iterations, **kl)
    return time.perf_counter() - begin, W, H


def divergence(V, P):
    return float(np.sum(np.where(V > 0, V * np.log(np.where(V > 0, V, 1) / P), 0) - V + P))


def objective(W, H):
    if solver == "mu-kl":
        return sum(divergence(X[i:i + 500].astype(np.float64), W[i:i + 500].astype(np.float64) @ H.astype(np.float64))
                   for i in range(0, X.shape[0], 500))
    return 0.5 * sum(
        float(np.sum((X[i:i + 500].astype(np.float64) - W[i:i + 500].astype(np.float64) @ H.astype(np.float64)) ** 2))
        for i in range(0, X.shape[0], 500))


call(1)
reached = {}
k = 1
while len(reached) < len(targets):
    seconds, W, H = call(k)
    value = objective(W, H)
    for t in targets:
        if t not in reached and value <= t:
            reached[t] = k
    if seconds > budget or k > 3000:
        break
    k = max(k + 1, int(k * 1.2))
for t in targets:
    if t not in reached:
        print(f"{t!r},0,0,0,0")
        continue
    times = sorted(call(reached[t])[0] for _ in range(repeat))
    print(f"{t!r},{reached[t]},{times[len(times) // 2]!r},{times[0]!r},{times[-1]!r}")
