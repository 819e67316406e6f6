#!/usr/bin/python3
"""NMF on one, two and four processes beside PLANC [Eswar et al. 2021]: seconds an iteration, and seconds to an error.

usage: planc.py DENSE SPARSE [TOOL [DATA]]
DENSE, SPARSE: PLANC's programs dense_distnmf and sparse_distnmf, built by you; TOOL: this project's `orthant` (default
build/orthant); DATA: the folder of jasper_ridge, cbcl and reuters.  Both get the same V in double precision, as many
processes of one thread each, and run in turns.  "to 1 %": until the error is within 1 % of the lowest that any of the
runs on this V reached.
"""
import csv, os, re, statistics, subprocess, sys, tempfile

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = "1"
for name in ("OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"):
    os.environ[name] = "1"
try:
    import numpy as np
    from scipy.io import loadmat, mmwrite
    from scipy import sparse
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)
if len(sys.argv) < 3:
    sys.exit(__doc__)
dense, sparse_program = map(os.path.abspath, sys.argv[1:3])
tool = os.path.abspath(sys.argv[3] if len(sys.argv) > 3 else "build/orthant")
data = sys.argv[4] if len(sys.argv) > 4 else "../shared/data"
rounds, iterations = 3, 60
methods = {"HALS": ("1", "hals"), "ANLS-BPP": ("2", "anls")}
ours_best = "ehals"  # what the tool would choose


def sets():
    """name, V, rank"""
    random = np.random.default_rng(1)
    W, H = random.random((3000, 50)) ** 4, random.random((50, 5000)) ** 4
    yield "low rank 3000 x 5000", W @ H * (1 + 0.1 * random.random((3000, 5000))), 50
    yield "Jasper Ridge", loadmat(data + "/jasper_ridge/jasperRidge2_R198.mat")["Y"].astype(float) / 5437, 10
    yield "CBCL", loadmat(data + "/cbcl/CBCL.mat")["X"].astype(float), 40
    V = sparse.csc_matrix(loadmat(data + "/reuters/Reuters21578.mat")["fea"]).T.tocsc().astype(float)
    yield "Reuters, sparse", V, 40


def launch(processes, command):
    return subprocess.run(["mpirun", "-n", str(processes), "--oversubscribe", "--bind-to", "none"] + command, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True).stdout


def split(n, parts, i):
    """The first of the columns of part i, as PLANC cuts them: the first n % parts have one more."""
    return n // parts * i + min(i, n % parts)


def planc(folder, V, rank, method, processes, grid):
    m, n = V.shape
    rows, cols = grid
    name = folder + "/V.raw"
    if sparse.issparse(V):
        name = folder + f"/V{rows}x{cols}_"
        for i in range(rows):
            for j in range(cols):
                block = V[split(m, rows, i):split(m, rows, i + 1), split(n, cols, j):split(n, cols, j + 1)].tocoo()
                if not os.path.exists(name + f"{i}_{j}"):
                    np.savetxt(name + f"{i}_{j}", np.c_[block.row, block.col, block.data], fmt="%d %d %.17g")
    program = sparse_program if sparse.issparse(V) else dense
    text = launch(processes, [program, "-a", methods[method][0], "-i", name, "-d", f"{m} {n}", "-p", f"{rows} {cols}",
                              "-k", str(rank), "-t", str(iterations), "-e", "1", "--unpartitioned", "0"])
    taken = {int(i): float(t) for i, t in re.findall(r"completed it=(\d+)::taken::([\d.e+-]+)", text)}
    errors = [float(e) for e in re.findall(r"::relative error::([\d.e+-]+)", text)]
    assert len(taken) == iterations, text[-2000:]
    first = iterations - len(errors)
    return [taken[i] for i in range(first, iterations)], errors, taken[iterations - 1] / iterations


def ours(folder, V, rank, method, processes):
    to = f"{folder}/out"
    launch(processes, [tool, "nmf", folder + ("/V.mtx" if sparse.issparse(V) else "/V.npy"), "-k", str(rank),
                               "--f64", "--solver", method, "--mpi", "--max-iter", str(iterations), "--tol", "0",
                               "--init", "cols", "-o", to, "--force", "-q"])
    with open(to + "/convergence.csv") as file:
        lines = list(csv.DictReader(file))
    times, errors = [float(l["seconds"]) for l in lines], [float(l["relative_error"]) for l in lines]
    return times, errors, times[-1] / iterations


def reached(times, errors, level):
    return next((t for t, e in zip(times, errors) if e <= level), float("inf"))


for name, V, rank in sets():
    with tempfile.TemporaryDirectory() as folder:
        if sparse.issparse(V):
            mmwrite(folder + "/V.mtx", V)
        else:
            np.asfortranarray(V).T.tofile(folder + "/V.raw")
            np.save(folder + "/V.npy", np.asfortranarray(V))
        for processes in (1, 2, 4):
            grids = sorted({(1, processes), (2, processes // 2)} if processes > 2 else {(1, processes)})
            runs = {}
            for _ in range(rounds):
                for method in methods:
                    for grid in grids:
                        runs.setdefault(("PLANC", method, grid), []).append(
                            planc(folder, V, rank, method, processes, grid))
                    runs.setdefault(("ours", method), []).append(ours(folder, V, rank, methods[method][1], processes))
                runs.setdefault(("ours", "default"), []).append(ours(folder, V, rank, ours_best, processes))
            level = 1.01 * min(min(e) for results in runs.values() for _, e, _ in results)
            for method in methods:
                each = {who: statistics.median(r[2] for r in results) for who, results in runs.items()}
                to = {who: statistics.median(reached(t, e, level) for t, e, _ in results)
                      for who, results in runs.items()}
                peer = [who for who in runs if who[:2] == ("PLANC", method)]
                a, b = min(each[who] for who in peer), each["ours", method]
                c, d, f = min(to[who] for who in peer), to["ours", method], to["ours", "default"]
                print(f"{name}, rank {rank}, {processes} processes, {method}: {1e3 * b:.2f} ms an iteration, PLANC "
                      f"{1e3 * a:.2f}: ratio {a / b:.1f}; to 1 %: {d:.3f} s, E-HALS {f:.3f} s, PLANC {c:.3f} s",
                      flush=True)
