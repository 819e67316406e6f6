"""scikit-learn's coordinate descent on a sparse matrix from a given start.

usage: peer_sparse.py DIR RANK ITERATIONS
DIR holds the nonzeros by columns (values.npy, starts.npy, indices.npy) and the start (W.npy, H.npy, column-major).
Prints seconds of one call, and 1/2 |X - W H|^2.
"""
import sys
import time
import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.decomposition import non_negative_factorization

warnings.simplefilter("ignore")
folder, rank, iterations = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def load(name):
    return np.load(f"{folder}/{name}.npy").ravel(order="F")


W = load("W").reshape((rank, -1)).T
H = load("H").reshape((-1, rank)).T
parts = load("values").astype(np.float32), load("indices").astype(np.int32), load("starts").astype(np.int32)
X = sp.csc_matrix(parts, shape=(W.shape[0], H.shape[1])).tocsr()


def call(count):
    w, h = np.ascontiguousarray(W, dtype=np.float32), np.ascontiguousarray(H, dtype=np.float32)
    begin = time.perf_counter()
    w, h, _ = non_negative_factorization(X, W=w.copy(), H=h.copy(), n_components=rank, init="custom", solver="cd",
                                         tol=0, max_iter=count)
    return time.perf_counter() - begin, w.astype(np.float64), h.astype(np.float64)


call(2)
seconds, w, h = call(iterations)
coo = X.tocoo()
fit = np.einsum("ij,ij->i", w[coo.row], h.T[coo.col])
square = np.sum(coo.data.astype(np.float64) ** 2)
objective = 0.5 * (square - 2 * np.sum(coo.data * fit) + np.sum((w.T @ w) * (h @ h.T)))
print(f"{seconds!r},{objective!r}")
