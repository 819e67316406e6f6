"""SymNMF-Net in PyTorch and two classical solvers in NumPy, against the library: losses, gradients, time.

usage: symnet_torch.py LIB ORL_112x92.mat [REPEAT [OUT.csv]]

LIB is a shared object of the static archive, which has the training too:
    cc -shared -o LIB -Wl,--whole-archive build/capi/liborthant.a -Wl,--no-whole-archive -lm

The graph is made by the library (f32), as a dense matrix.  Checks in f32: loss and every gradient of the net to 1e-5
relative to the largest; one whole epoch is timed on both sides (forward, backward, Adam), dense X on both.  SymHALS and
SymANLS are timed for an iteration against straightforward NumPy (HALS by columns; ANLS by block principal pivoting with
grouped columns).  All on one thread, the contestants in turn.  OUT.csv receives what is printed: contestant,
seconds, seconds of the reference over those.
"""
import ctypes as C
import os
import sys
import time

for name in ("OMP", "OPENBLAS", "BLIS", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"

import numpy as np
import scipy.io
import torch

torch.set_num_threads(1)
lib = C.CDLL(sys.argv[1])
repeat = int(sys.argv[3]) if len(sys.argv) > 3 else 9
table = open(sys.argv[4], "w") if len(sys.argv) > 4 else None
i32, f64, u64, ptr = C.c_int32, C.c_double, C.c_uint64, C.c_void_p


def struct(name, *fields):
    return type(name, (C.Structure,), {"_fields_": [("size", C.c_uint32), *fields]})


Matrix = struct("Matrix", *[(k, i32) for k in ("kind", "rows", "cols", "ld", "ld_weights")], ("values", ptr),
                ("starts", ptr), ("indices", ptr), ("weights", ptr))
Graph = struct("Graph", *[(k, i32) for k in ("features", "samples", "kind", "neighbours", "scale_at", "unnormalised",
                                             "reserved")], ("parallel", ptr))
Symnmf = struct("Symnmf", *[(k, i32) for k in ("n", "rank", "method", "start", "penalty", "max_iter", "bound")],
                *[(k, f64) for k in ("lambda_", "tol", "tol_obj")], ("seed", u64), ("progress", ptr), ("user", ptr),
                ("parallel", ptr))
Symnet = struct("Symnet", *[(k, i32) for k in ("n", "rank", "layers", "epochs", "max_iter", "start", "lambda_bound",
                                               "last_only", "l1_all", "bound", "reserved")],
                *[(k, f64) for k in ("beta", "rate", "decay", "weight_decay", "l1", "lambda_", "leak", "leak_until")],
                ("seed", u64), ("progress", ptr), ("user", ptr), ("parallel", ptr))


def sized(struct_, **fields):
    return struct_(size=C.sizeof(struct_), **fields)


def call(name, *args):
    status = getattr(lib, "orthant_" + name)(*args)
    assert status == 0, (name, status)


def at(a):
    return a.ctypes.data_as(ptr)


def workspace(noun, config):
    bytes_ = C.c_size_t()
    call(noun + "_size_f32", C.byref(config), C.byref(bytes_))
    return np.zeros(bytes_.value, np.uint8)


def opened(noun, config):
    memory = workspace(noun, config)
    handle = ptr()
    call(noun + "_init_f32", C.byref(config), at(memory), C.c_size_t(memory.size), C.byref(handle))
    return handle, memory


def row(contestant, seconds, reference):
    line = f"{contestant},{seconds:.6f},{reference / seconds:.3g}"
    print(line)
    if table:
        print(line, file=table, flush=True)


# Of each work, in turn with the others: a machine's pace changes, and no contestant shall have the better of it.
def medians(works):
    times = [[] for _ in works]
    for work in works:
        work()
    for _ in range(repeat):
        for work, spent in zip(works, times):
            begin = time.perf_counter()
            work()
            spent.append(time.perf_counter() - begin)
    return [sorted(spent)[repeat // 2] for spent in times]


# ---- the graph
samples = np.ascontiguousarray(scipy.io.loadmat(sys.argv[2])["data"].astype(np.float32))  # C order: features x samples
n, p = samples.shape
r, L = 40, 10
c = sized(Graph, features=p, samples=n)
capacity = i32()
call("graph_capacity", C.byref(c), C.byref(capacity))
starts, indices = np.zeros(n + 1, np.int32), np.zeros(capacity.value, np.int32)
values, X = np.zeros(capacity.value, np.float32), np.zeros((n, n), np.float32)
memory = workspace("graph", c)
M = sized(Matrix, rows=p, cols=n, ld=p, values=at(samples))
call("graph_run_f32", C.byref(c), at(memory), C.c_size_t(memory.size), C.byref(M), at(starts), at(indices), at(values),
     capacity)
call("graph_dense_f32", i32(n), at(starts), at(indices), at(values), at(X), i32(n))
data = sized(Matrix, rows=n, cols=n, ld=n, values=at(X))
sparse = sized(Matrix, kind=1, rows=n, cols=n, values=at(values), starts=at(starts), indices=at(indices))

# ---- loss and gradients
beta, rate = 0.01, 0.1
net = sized(Symnet, n=n, rank=r, layers=L, epochs=400, max_iter=1, beta=beta, rate=rate, leak=-1, seed=1)
handle, memory = opened("symnet", net)
U = np.zeros((r, n), np.float32)  # rows here are columns there
call("symnet_start_f32", handle, C.byref(data), at(U), i32(n))
P, U0, lam = np.zeros((L, r, n), np.float32), np.zeros((r, n), np.float32), f64()
call("symnet_parameters_f32", handle, at(P), at(U0), C.byref(lam))
random = np.random.default_rng(5)
P *= (1 + 0.3 * random.standard_normal(P.shape)).astype(np.float32)
dP, dU0, dlam, loss = np.zeros_like(P), np.zeros_like(U0), f64(), f64()
call("symnet_gradient_f32", handle, C.byref(data), at(P), at(U0), f64(lam.value), C.byref(loss), at(dP), at(dU0),
     C.byref(dlam))

Xt, eye = torch.tensor(X), torch.eye(r)


def network(Ps, lam_t, U):
    total = 0.0
    for P_i in Ps:
        R = P_i - Xt @ U - lam_t * U
        U = torch.relu(P_i @ torch.linalg.inv(U.T @ U + lam_t * eye))
        total = total + ((Xt - U @ U.T) ** 2).sum() + beta * (R * R).sum()
    return total


def close(name, ours, theirs):
    error = float(np.max(np.abs(np.asarray(ours) - np.asarray(theirs))) / np.max(np.abs(np.asarray(theirs))))
    print(f"{name:22s} largest difference {error:.1e} of the largest")
    assert error < 1e-5, name


Ps = [torch.tensor(P_i.T.copy(), requires_grad=True) for P_i in P]
lam_t, U_t = torch.tensor(np.float32(lam.value), requires_grad=True), torch.tensor(U0.T.copy(), requires_grad=True)
value = network(Ps, lam_t, U_t)
value.backward()
close("loss", loss.value, value.item())
close("gradient of P", dP, np.stack([P_i.grad.numpy().T for P_i in Ps]))
close("gradient of U_0", dU0, U_t.grad.numpy().T)
close("gradient of lambda", dlam.value, lam_t.grad.item())

# ---- an epoch
optimiser = torch.optim.Adam([*Ps, lam_t], lr=rate)
U_t = U_t.detach()


def torch_epoch():
    optimiser.zero_grad()
    network(Ps, lam_t, U_t).backward()
    optimiser.step()


def ten_epochs(X_):
    # Through one run of ten epochs, so that the forward pass after a run's last step is a small part of it.
    config = sized(Symnet, n=n, rank=r, layers=L, epochs=400, max_iter=10, seed=1)
    handle, memory = opened("symnet", config)
    V = np.zeros_like(U)
    call("symnet_start_f32", handle, C.byref(X_), at(V), i32(n))

    def run(memory=memory):  # which must outlive the handle
        call("symnet_run_f32", handle, C.byref(X_), at(V), i32(n), None)
    return run


# The matrix products of an epoch alone, as NumPy's BLAS does them: what bounds it with dense X.
def products():
    A, B = X, np.ascontiguousarray(U.T)
    for _ in range(L):
        G = B.T @ B
        for _ in range(2):
            A @ B
        for _ in range(4):
            B @ G
        B.T @ B


theirs, bare, dense, few = medians([torch_epoch, products, ten_epochs(data), ten_epochs(sparse)])
head = "contestant,seconds,reference_over_this"
print(head)
if table:
    print(head, file=table)
row("epoch in PyTorch; the reference of an epoch", theirs, theirs)
row("epoch's matrix products alone in NumPy", bare, theirs)
row("epoch here; dense X", dense / 10, theirs)
row("epoch here; sparse X", few / 10, theirs)


# ---- SymHALS and SymANLS, an iteration
def hals_half(V, F, G):
    for k in range(r):
        V[:, k] = np.maximum(V[:, k] + (F[:, k] - V @ G[:, k]) / G[k, k], 0)


def bpp_half(V, F, G):  # rows are problems; rows with equal passive sets share a solution
    passive, left = V > 0, np.arange(n)
    best, tries = np.full(n, r + 1), np.full(n, 3)
    for _ in range(5 * r):
        sets, group = np.unique(passive[left], axis=0, return_inverse=True)
        Y = np.zeros((left.size, r), np.float32)
        for g, s in enumerate(sets):
            rows = left[group == g]
            V[np.ix_(rows, np.flatnonzero(~s))] = 0
            if s.any():
                V[np.ix_(rows, np.flatnonzero(s))] = np.linalg.solve(G[np.ix_(s, s)], F[rows][:, s].T).T
        Y = V[left] @ G - F[left]
        bad = np.where(passive[left], V[left] < -1e-6, Y < -1e-6)
        count = bad.sum(1)
        keep = count > 0
        if not keep.any():
            break
        left, bad, count = left[keep], bad[keep], count[keep]
        fewer = count < best[left]
        best[left[fewer]], tries[left[fewer]] = count[fewer], 3
        tries[left[~fewer]] -= 1
        last = tries[left] < 0
        only = np.zeros_like(bad)
        only[np.arange(left.size), r - 1 - np.argmax(bad[:, ::-1], 1)] = True
        passive[left] ^= np.where(last[:, None], only, bad)
    np.maximum(V, 0, out=V)


def numpy_run(half, iterations=20):
    A, B = U0.T.copy(), U0.T.copy()
    lam_ = np.float32(0.66)
    begin = time.perf_counter()
    for _ in range(iterations):
        half(A, X @ B + lam_ * B, B.T @ B + lam_ * np.eye(r, dtype=np.float32))
        half(B, X @ A + lam_ * A, A.T @ A + lam_ * np.eye(r, dtype=np.float32))
    return (time.perf_counter() - begin) / iterations


def twenty_iterations(method, X_):
    config = sized(Symnmf, n=n, rank=r, method=method, max_iter=20, lambda_=0.66, tol=-1, seed=1)
    handle, memory = opened("symnmf", config)

    def run(memory=memory):
        call("symnmf_start_f32", handle, C.byref(X_), at(U), i32(n))
        begin = time.perf_counter()
        call("symnmf_run_f32", handle, C.byref(X_), at(U), i32(n), None)
        return (time.perf_counter() - begin) / 20
    return run


for name, method, half, tries in (("SymANLS", 1, bpp_half, 3), ("SymHALS", 2, hals_half, repeat)):
    works = [lambda: numpy_run(half), twenty_iterations(method, data), twenty_iterations(method, sparse)]
    rounds = [[work() for work in works] for _ in range(tries)]
    theirs, *ours = [sorted(times)[tries // 2] for times in zip(*rounds)]
    row(f"{name} iteration in NumPy; its reference", theirs, theirs)
    for kind, seconds in zip(("dense", "sparse"), ours):
        row(f"{name} iteration here; {kind} X", seconds, theirs)
