#!/usr/bin/python3
"""One iteration of NMD-TM in NumPy and in Orthant, side by side: 10000 x 784, rank 32, f32, the same number of threads.

usage: relu_nmd_numpy.py ORTHANT_TOOL [IDX_FILE] [THREADS]
Checks that both reach the same error after the same iterations from the same start.  Then they run alternately, since the
speed of a shared machine drifts: medians of the times, and of the ratios within a round with the smallest and largest.
The set is the first 10000 images of the file; without it, max(0, A B + noise) of random A, B.
"""
import json, os, statistics, subprocess, sys, tempfile, time

tool = sys.argv[1]
idx = sys.argv[2] if len(sys.argv) > 2 else "../shared/data/mnist/train-images-idx3-ubyte.gz"
threads = sys.argv[3] if len(sys.argv) > 3 else "2"
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = threads
try:
    import numpy as np
except ImportError:
    print("skipped: NumPy is not there")
    sys.exit(77)

n, p, r, iterations, alpha, beta, lam = 10000, 784, 32, 20, 0.95, 0.95, 1e-4
if os.path.exists(idx):
    import gzip
    raw = gzip.open(idx).read(16 + n * p)[16:]
    M = np.frombuffer(raw, np.uint8).reshape(n, p).astype(np.float32) / np.float32(255)
else:
    print(idx, "is not there: synthetic data")
    g = np.random.default_rng(1)
    M = np.maximum(0, g.standard_normal((n, 10)) @ g.standard_normal((10, p)) + 0.3 * g.standard_normal((n, p))).astype(np.float32)
g = np.random.default_rng(2)
U0 = (0.1 * g.standard_normal((n, r))).astype(np.float32)
V0 = (0.1 * g.standard_normal((r, p))).astype(np.float32)
I = np.float32(lam) * np.eye(r, dtype=np.float32)

# The authors' script, line by line: mask by index, everything dense.
on = M > 0
off = ~on
U, V = U0.copy(), V0.copy()
T = U @ V
Z = np.where(on, M, np.float32(0))
size = np.linalg.norm(M)
seconds, errors = [], []


def iterate(count):
    global U, V, T, Z
    for k in range(count):
        begin = time.perf_counter()
        half = np.where(on, M, np.minimum(np.float32(0), T))
        Z = half + np.float32(alpha) * (half - Z)
        U = np.float32(beta) * np.linalg.solve(V @ V.T + I, V @ Z.T).T + np.float32(1 - beta) * U
        V = np.float32(beta) * np.linalg.solve(U.T @ U + I, U.T @ Z) + np.float32(1 - beta) * V
        Theta = U @ V
        errors.append(float(np.linalg.norm(M - np.maximum(np.float32(0), Theta)) / size))
        T = Theta + np.float32(alpha) * (Theta - T)
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds[-count:])


iterate(iterations)
blas = sorted({os.path.basename(os.path.dirname(l.split()[-1])) + "/" + os.path.basename(l.split()[-1])
               for l in open("/proc/self/maps") if "blas" in l or "blis" in l})

with tempfile.TemporaryDirectory() as d:
    for name, x in (("M", M), ("U", U0), ("V", V0)):
        np.save(f"{d}/{name}.npy", x)

    def ours(count):
        out = subprocess.run([tool, "relu-nmd", f"{d}/M.npy", "-k", str(r), "--solver", "nmd-tm", "--u0", f"{d}/U.npy",
                              "--v0", f"{d}/V.npy", "--max-iter", str(count), "--tol", "0", "--tol-error", "0",
                              "--threads", threads, "-o", f"{d}/out", "--force", "--json", "-q"], check=True, capture_output=True)
        s = json.loads(out.stdout)
        return s["seconds"]["run"] / count, s["relative_error"]

    same, error = ours(iterations)
    assert abs(error - errors[iterations - 1]) < 1e-4, (error, errors[iterations - 1])
    print(f"# error after {iterations} iterations: NumPy {errors[iterations - 1]:.6f}, Orthant {error:.6f}")
    print(f"# NumPy's products: {', '.join(blas)}")
    timings = {"10000x784": [], "784x10000": []}
    for _ in range(8):
        for layout, times in timings.items():
            # Images as columns, which is how the tool reads the digits' own file: U and V change places.
            transposed = layout == "784x10000"
            for name, x in (("M", M.T if transposed else M), ("U", V0.T if transposed else U0), ("V", U0.T if transposed else V0)):
                np.save(f"{d}/{name}.npy", np.ascontiguousarray(x))
            times.append((iterate(4), ours(40)[0]))
print("layout,threads,numpy_ms,orthant_ms,ratio,least,greatest")
for layout, times in timings.items():
    ratios = [a / b for a, b in times]
    middle = [1e3 * statistics.median(column) for column in zip(*times)]
    print(f"{layout},{threads},{middle[0]:.1f},{middle[1]:.1f},"
          f"{statistics.median(ratios):.2f},{min(ratios):.2f},{max(ratios):.2f}")
