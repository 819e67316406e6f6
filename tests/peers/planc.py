#!/usr/bin/python3
"""NMF on one, two and four processes beside PLANC [Eswar et al. 2021]: seconds an iteration, and seconds to an error.

usage: planc.py DENSE SPARSE [TOOL [DATA]]
DENSE, SPARSE: PLANC's programs dense_distnmf and sparse_distnmf, built by you; TOOL: this project's `orthant` (default
build/orthant); DATA: the folder of jasper_ridge, cbcl and reuters.  Both get the same V in double precision, as many
processes of one thread each, and run in turns; E-HALS, which is what `orthant` chooses, also in single precision.  "to
1 %": until the error is within 1 % of the lowest that any of the runs on this V reached; after > stands all the time of
a run that did not.  Medians of the rounds, as rows of the table in tools/docs/scaling.md.
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
rounds, iterations = 3, 40
methods = {"HALS": ("1", "hals"), "ANLS-BPP": ("2", "anls")}
ours_best = "ehals"  # what the tool chooses


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


def ours(folder, V, rank, method, processes, precision=("--f64",)):
    to = f"{folder}/out"
    launch(processes, [tool, "nmf", folder + ("/V.mtx" if sparse.issparse(V) else "/V.npy"), "-k", str(rank),
                       *precision, "--solver", method, "--mpi", "--max-iter", str(iterations), "--tol", "0",
                       "--threads", "1", "--init", "cols", "-o", to, "--force", "-q"])
    with open(to + "/convergence.csv") as file:
        lines = list(csv.DictReader(file))
    times, errors = [float(l["seconds"]) for l in lines], [float(l["relative_error"]) for l in lines]
    return times, errors, times[-1] / iterations


def reached(results, level):
    """The median of the times, and how it is written."""
    times = sorted(next((t for t, e in zip(t, e) if e <= level), float("inf")) for t, e, _ in results)
    middle = times[len(times) // 2]
    if middle < float("inf"):
        return middle, f"{middle:.3g}"
    return middle, f"> {statistics.median(t[-1] for t, _, _ in results):.3g}"


print("| V, rank | processes | method | ms an iteration | PLANC | ratio | to 1 %, s | E-HALS | E-HALS f32 | PLANC |")
print("|" + "---|" * 10, flush=True)
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
                runs.setdefault(("ours", "E-HALS"), []).append(ours(folder, V, rank, ours_best, processes))
                runs.setdefault(("ours", "f32"), []).append(ours(folder, V, rank, ours_best, processes, ()))
            level = 1.01 * min(min(e) for results in runs.values() for _, e, _ in results)
            each = {who: statistics.median(r[2] for r in results) for who, results in runs.items()}
            to = {who: reached(results, level) for who, results in runs.items()}
            for method in methods:
                peer = [who for who in runs if who[:2] == ("PLANC", method)]
                a, b = min(each[who] for who in peer), each["ours", method]
                columns = [f"{name}, {rank}", processes, method, f"{1e3 * b:.3g}", f"{1e3 * a:.3g}", f"{a / b:.1f}",
                           to["ours", method][1], to["ours", "E-HALS"][1], to["ours", "f32"][1],
                           min(to[who] for who in peer)[1]]
                print("|", " | ".join(map(str, columns)), "|", flush=True)
