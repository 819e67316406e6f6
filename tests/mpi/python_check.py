"""orthant.mpi on the processes of mpirun: the result of one process, a bad share, options that differ."""
import sys

import numpy as np
from mpi4py import MPI
from scipy import sparse

import orthant
import orthant.mpi

comm = MPI.COMM_WORLD
random = np.random.default_rng(5)
V = random.random((30, 5)) @ random.random((5, 61)) + 0.1 * random.random((30, 61))
V[V < 0.9] = 0
cuts = [61 * p * p // comm.size**2 for p in range(comm.size + 1)]
mine = slice(cuts[comm.rank], cuts[comm.rank + 1])
options = {"start": "cols", "max_iter": 40, "tol": -1, "seed": 2}

for kind, dtype, tolerance in ((np.asarray, np.float64, 1e-11), (np.asarray, np.float32, 1e-5),
                               (sparse.csc_matrix, np.float64, 1e-11), (sparse.csr_matrix, np.float64, 1e-11)):
    for method in ("ehals", "hals", "anls", "mu"):
        W1, H1, one = orthant.nmf(kind(V.astype(dtype)), 4, method=method, **options)
        W, H, report = orthant.mpi.nmf(kind(V[:, mine].astype(dtype)), 4, method=method, **options)
        assert abs(report.objective - one.objective) < tolerance * one.objective, (method, report, one)
        assert dtype == np.float32 or np.allclose(W, W1, rtol=1e-8, atol=1e-8)
        assert H.shape == (4, mine.stop - mine.start)
        assert all(np.array_equal(W, other) for other in comm.allgather(W))
        assert report.reduced_bytes > 40 * dtype().itemsize * 4 * (30 + 4)


def refused(kind, call):
    try:
        call()
    except kind as error:
        return str(error)
    raise AssertionError("not refused")


bad = V[:, mine].copy()
if comm.rank == comm.size - 1:
    bad[1, 1] = np.nan
print(refused(orthant.DataError, lambda: orthant.mpi.nmf(bad, 4)))
if comm.size > 1:
    print(refused(orthant.ArgumentError, lambda: orthant.mpi.nmf(V[:, mine], 4, max_iter=5 + (comm.rank == 0))))
print(refused(orthant.Error, lambda: orthant.mpi.nmf(V[:, mine], 4, method="ehals" if comm.rank else "none such")))
W, H, report = orthant.mpi.nmf(V[:, mine], 4, progress=lambda so_far: comm.rank == 0 and so_far.iters == 3)
assert report.stop == "cancelled" and report.iters == 4, report
# Going on from W and H, with shares that are another process's.
parts = comm.allgather(H)
half = np.array_split(np.concatenate(parts, axis=1), comm.size, axis=1)[comm.rank].copy(order="F")
part = np.array_split(V, comm.size, axis=1)[comm.rank]
_, _, later = orthant.mpi.nmf(part, 4, W=W.copy(order="F"), H=half)
assert later.objective < report.objective
sys.stdout.flush()
