#!/usr/bin/env python3
"""The Factormer in PyTorch, with a vector for every edge and dense: outputs, gradients and times beside the library's.

factormer_torch.py check LIB   the library against autograd: f32 and f64, both kinds of model
factormer_torch.py time LIB    CSV of processor seconds, one thread: forward at 25, 200 and 10000 x 198, a step at 25; the
                               bound is the time that its operations take at the rate of a product of 1024

LIB is a shared object of the static archive, which has the training too:
    cc -shared -o LIB -Wl,--whole-archive build/capi/liborthant.a -Wl,--no-whole-archive -lm
"""
import ctypes
import math
import struct
import sys
import time

import numpy as np
import torch

F = torch.nn.functional


def blob_arrays(blob):
    """name -> array of a weight blob, first index fastest as in the file."""
    kinds = {0: "<f4", 1: "<f2", 5: "<i4", 6: "<f8"}
    out = {}
    for i in range(struct.unpack_from("<I", blob, 20)[0]):
        at = 64 + 64 * i
        name = blob[at : at + 24].split(b"\0")[0].decode()
        kind, rank = blob[at + 24], blob[at + 25]
        dims = struct.unpack_from("<4I", blob, at + 28)[:rank]
        offset, size = struct.unpack_from("<2I", blob, at + 44)
        out[name] = np.frombuffer(blob[offset : offset + size], kinds[kind]).reshape(dims, order="F")
    return out


class Model:
    """Parameters as leaves, by set: matrices map from the right, y = x Theta."""

    names = "F1 F1.b F2 F2.b K N1 N2 Q Q.b V V.b embed embed.b extract extract.b".split()

    def __init__(self, arrays, dtype):
        config = [int(x) for x in arrays["config"][:10]]
        self.r, self.d, self.h, self.N, self.f = config[:5]
        self.residual, self.separate, self.wide, self.last, self.accelerates = config[5:]
        self.leaf = {n: torch.tensor(np.ascontiguousarray(arrays[n]), dtype=dtype).requires_grad_() for n in self.names}

    def at(self, name, layer, side):
        k = 2 * layer + side if self.separate else layer
        x = self.leaf[name][..., k]
        return x[:, 0] if name.endswith(".b") else x

    def norm(self, x, name, layer, side):
        w = self.at(name, layer, side)
        return F.layer_norm(x, (self.d,), w[:, 0], w[:, 1], 1e-5)

    def message_per_edge(self, X, x, E, layer, side):
        """A vector [x_i, x_i * x_j, e_ij] for every edge: (sources, targets, 2 d + 1)."""
        d, h = self.d, self.h
        m, n = X.shape[0], x.shape[0]
        scale = 1 / math.sqrt(d if self.wide else d // h)
        q = (x @ self.at("Q", layer, side).T + self.at("Q.b", layer, side)).reshape(n, h, d // h) * scale
        edge = torch.cat([X[:, None, :].expand(m, n, d), X[:, None, :] * x[None, :, :], E[:, :, None]], 2)
        key = (edge @ self.at("K", layer, side)).reshape(m, n, h, d // h)
        value = (edge @ self.at("V", layer, side) + self.at("V.b", layer, side)).reshape(m, n, h, d // h)
        alpha = torch.softmax((key * q[None]).sum(3), 0)
        return (alpha[..., None] * value).sum(0).reshape(n, d)

    def message_dense(self, X, x, E, layer, side):
        """Without the edges' vectors, but with all scores: (h, sources, targets)."""
        d, h = self.d, self.h
        n, own = x.shape[0], d // h
        scale = 1 / math.sqrt(d if self.wide else own)
        q = (x @ self.at("Q", layer, side).T + self.at("Q.b", layer, side)).reshape(n, h, own) * scale
        K = self.at("K", layer, side).reshape(2 * d + 1, h, own)
        A = torch.einsum("who,nho->hnw", K, q)
        G = A[:, :, :d] + A[:, :, d : 2 * d] * x
        z = torch.matmul(X, G.transpose(1, 2)) + E * A[:, None, :, 2 * d]
        alpha = torch.softmax(z, 1)
        y = torch.matmul(alpha.transpose(1, 2), X)
        u = (alpha * E).sum(1)
        Z = torch.cat([y, y * x, u[:, :, None]], 2)
        V = self.at("V", layer, side).reshape(2 * d + 1, h, own).transpose(0, 1)
        return torch.bmm(Z, V).transpose(0, 1).reshape(n, d) + self.at("V.b", layer, side)

    def update(self, X, x, E, layer, side, dense):
        m = (self.message_dense if dense else self.message_per_edge)(X, x, E, layer, side)
        t = self.norm(x + m, "N1", layer, side)
        hidden = torch.relu(t @ self.at("F1", layer, side).T + self.at("F1.b", layer, side))
        out = (x, m, t)[self.residual - 1] + hidden @ self.at("F2", layer, side).T + self.at("F2.b", layer, side)
        return self.norm(out, "N2", layer, side) if self.last or layer + 1 < self.N else out

    def forward(self, V, W, H, W0=None, H0=None, dense=True):
        """V m x n, W m x r, H n x r."""
        if self.accelerates:
            W, H = torch.cat([W0, W], 1), torch.cat([H0, H], 1)
        E = self.leaf["embed"][:, :, 0]
        xw, xh = (X @ E.T + self.leaf["embed.b"][:, 0, 0] for X in (W, H))
        for k in range(self.N):
            xh = self.update(xw, xh, V, k, 1, dense)
            xw = self.update(xh, xw, V.T, k, 0, dense)
        extract, bias = self.leaf["extract"][:, :, 0], self.leaf["extract.b"][:, 0, 0]
        return tuple(torch.relu(x @ extract.T + bias) for x in (xw, xh))


def admm(V, W, H, rho):
    def half(F_, G, X):
        K = G + rho * torch.eye(G.shape[0], dtype=G.dtype)
        L = torch.linalg.cholesky(K)
        U = torch.zeros_like(X)
        for _ in range(5):
            Z = torch.cholesky_solve((F_ + rho * (X + U)).T, L).T
            X = torch.relu(Z - U)
            U = U + X - Z
        return X

    W = half(V @ H, H.T @ H, W)
    return W, half(V.T @ W, W.T @ W, H)


def log_rmse(V, W, H):
    return 0.5 * torch.log(((V - W @ H.T) ** 2).mean())


def training_loss(model, V, W, H, unrolled, gamma, dense=True):
    if not model.accelerates:
        W, H = model.forward(V, W, H, dense=dense)
        loss = log_rmse(V, W, H)
        for _ in range(unrolled):
            W, H = admm(V, W, H, 1.0)
            loss = loss + log_rmse(V, W, H)
        return loss
    loss = 0
    for t in range(unrolled):
        Wa, Ha = admm(V, W, H, 1.0)
        W, H = model.forward(V, Wa, Ha, W, H, dense=dense)
        loss = loss + gamma ** (unrolled - 1 - t) * log_rmse(V, W, H)
    return loss


def gradient_of(model):
    return np.concatenate([leaf.grad.numpy().ravel(order="F") if leaf.grad is not None else np.zeros(leaf.numel())
                           for leaf in model.leaf.values()])


# ---- The library ----------------------------------------------------------------------------------------------------

I, D, U, P, Z = ctypes.c_int32, ctypes.c_double, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_size_t


class Matrix(ctypes.Structure):
    _fields_ = [("size", U)] + [(n, I) for n in "kind rows cols ld ld_weights".split()] + [
        (n, P) for n in "values starts indices weights".split()]


class TrainConfig(ctypes.Structure):
    _fields_ = (
        [("size", U)]
        + [(n, I) for n in "max_rows max_cols rank width heads layers hidden residual separate wide_scale last_norm "
           "accelerates unrolled epoch_steps epochs one_cycle warmup grow_epochs reserved".split()]
        + [(n, D) for n in "rate epoch_decay weight_decay beta1 beta2 epsilon clip rho gamma".split()]
        + [("seed", ctypes.c_uint64), ("parallel", P)]
    )


class Config(ctypes.Structure):
    _fields_ = [("size", U), ("rows", I), ("cols", I), ("reserved", I), ("model", P), ("parallel", P)]


class NmfConfig(ctypes.Structure):  # as far as the start needs it
    _fields_ = [("size", U)] + [(n, I) for n in "rows cols rank method start max_iter sweeps loss data ortho_axis full_step "
                                              "fixed_w reserved".split()] + [
        (n, D) for n in "tol tol_obj rho beta l1_w l1_h l2_w l2_h ortho_w ortho_h volume delta tau anneal zero_tol "
        "min_step".split()] + [("seed", ctypes.c_uint64)]


class Library:
    def __init__(self, path, dtype):
        self.lib = ctypes.CDLL(path)
        self.type = "f32" if dtype == torch.float32 else "f64"
        self.np = np.float32 if dtype == torch.float32 else np.float64

    def call(self, name, *args):
        status = getattr(self.lib, f"orthant_{name}_{self.type}")(*args)
        assert status == 0, (name, status)

    def matrix(self, A):
        A = np.asfortranarray(A, dtype=self.np)
        return A, Matrix(ctypes.sizeof(Matrix), 0, A.shape[0], A.shape[1], A.shape[0], 0, A.ctypes.data)

    def place(self, noun, c):
        n, handle = Z(), P()
        self.call(noun + "_size", ctypes.byref(c), ctypes.byref(n))
        memory = np.zeros(n.value, np.uint8)
        self.call(noun + "_init", ctypes.byref(c), memory.ctypes.data_as(P), n, ctypes.byref(handle))
        return memory, handle

    def train(self, **options):
        c = TrainConfig(size=ctypes.sizeof(TrainConfig), **options)
        return self.place("factormer_train", c)

    def save(self, handle, state):
        n = Z()
        self.call("factormer_train_save", handle, I(state), None, Z(0), ctypes.byref(n))
        memory = np.zeros(n.value + 64, np.uint8)
        blob = memory[-memory.ctypes.data % 64 :][: n.value]
        self.call("factormer_train_save", handle, I(state), blob.ctypes.data_as(P), n, ctypes.byref(n))
        return blob

    def forward(self, blob, V, W, H, W0=None, H0=None, repeat=0):
        model = P()
        assert self.lib.orthant_model_open(blob.ctypes.data_as(P), Z(blob.size), ctypes.byref(model)) == 0
        memory, handle = self.place("factormer", Config(ctypes.sizeof(Config), *V.shape, 0, model))
        keep, data = self.matrix(V)
        W_, H_ = (np.array(X, dtype=self.np, order="F") for X in (W, H.T))  # copies: they are written
        before = [] if W0 is None else [np.asfortranarray(X, dtype=self.np) for X in (W0, H0.T)]
        at = lambda k: (before[k].ctypes.data_as(P), I(before[k].shape[0])) if before else (None, I(0))
        factors = (W_.ctypes.data_as(P), I(W_.shape[0]), H_.ctypes.data_as(P), I(H_.shape[0]))
        run = lambda: self.call("factormer_run", handle, ctypes.byref(data), *factors, *at(0), *at(1))
        run()
        return (best_of(run, repeat), memory.size) if repeat else (W_, H_.T)

    def nndsvd(self, V, r, seed):
        c = NmfConfig(size=ctypes.sizeof(NmfConfig), rows=V.shape[0], cols=V.shape[1], rank=r, method=2, start=5,
                      tol=-1, seed=seed)
        memory, handle = self.place("nmf", c)
        keep, data = self.matrix(V)
        W, H = np.zeros((V.shape[0], r), self.np, order="F"), np.zeros((r, V.shape[1]), self.np, order="F")
        self.call("nmf_start", handle, ctypes.byref(data), W.ctypes.data_as(P), I(V.shape[0]), H.ctypes.data_as(P),
                  I(r))
        return W, H.T


def best_of(run, repeat):
    best = 1e9
    for _ in range(repeat):
        begun = time.process_time()  # one thread: its processor time, which other work on the machine moves less
        run()
        best = min(best, time.process_time() - begun)
    return best


def well_conditioned(lib, handle, random, m, n, r):
    """A matrix of mean one, its start, and factors [W, H, W0, H0].  Two codes in f32 can agree only where rounding does
    little: what is passed over is whose gradient or output here in f32, dense or per edge, is further from that in f64 than
    a quarter of the limit, or a gradient of zero."""
    blob = lib.save(handle, 0).tobytes()
    forms = [(Model(blob_arrays(blob), d), d, f) for d, f in ((torch.float64, True), (torch.float32, True), (torch.float32, False))]
    off = lambda results, least: max(np.abs(x - results[0]).max() / max(np.abs(results[0]).max(), least) for x in results)
    while True:
        V = random.exponential(size=(m, r)) @ random.exponential(size=(r, n)) + random.random((m, n))
        V = np.round(1024 * V / V.mean()) / 1024  # a mean of just one: the library takes V as it is
        V[0, 0] += V.size - V.sum()
        V = np.abs(V).astype(lib.np)
        start = lib.nndsvd(V, r, 7)
        factors = [random.random((k, r)).astype(lib.np) for k in (m, n, m, n)]
        gradients, outputs = [], []
        for model, dtype, dense in forms:
            t = lambda A: torch.tensor(np.ascontiguousarray(A), dtype=dtype)
            for leaf in model.leaf.values():
                leaf.grad = None
            training_loss(model, t(V), t(start[0]), t(start[1]), 2, 0.5, dense).backward()
            gradients.append(gradient_of(model).astype(np.float64))
            out = model.forward(t(V), *(t(A) for A in factors[: 4 if model.accelerates else 2]), dense=dense)
            outputs.append([A.detach().numpy().astype(np.float64) for A in out])
        if np.abs(gradients[0]).max() > 0 and off(gradients, 1e-300) < 1e-5 / 4 and all(
            off(side, 1e-3) < 1e-5 / 4 for side in zip(*outputs)
        ):
            return V, start, factors


def check(path):
    torch.manual_seed(5)
    worst, limit = {}, {torch.float32: 1e-5, torch.float64: 1e-11}
    random = np.random.default_rng(5)
    for dtype in limit:
        lib = Library(path, dtype)

        def note(what, error):
            worst[what, dtype] = max(worst.get((what, dtype), 0.0), error)
            if not error <= limit[dtype]:
                print(f"{lib.type} {what}: {error:.2e} ({accelerates=}, {separate=}, {residual=})")

        for accelerates in (0, 1):
            for separate in (0, 1):
                for residual in (1, 2, 3):
                    m, n, r = 13, 9, 3
                    options = dict(max_rows=m, max_cols=n, rank=r, width=20, heads=4, layers=2, hidden=24, seed=7,
                                   accelerates=accelerates, separate=separate, residual=residual, unrolled=2,
                                   epoch_steps=1, grow_epochs=1, gamma=0.5, rate=1e-30, last_norm=int(residual == 2))
                    memory, handle = lib.train(**options)
                    model = Model(blob_arrays(lib.save(handle, 0).tobytes()), dtype)
                    V, start, (W, H, W0, H0) = well_conditioned(lib, handle, random, m, n, r)
                    t = lambda A: torch.tensor(np.ascontiguousarray(A), dtype=dtype)
                    given = (W, H, W0, H0) if accelerates else (W, H)
                    ours = lib.forward(lib.save(handle, 0), V, *given)
                    for dense in (True, False):
                        theirs = model.forward(t(V), *(t(X) for X in given), dense=dense)
                        for a, b in zip(ours, theirs):
                            b = b.detach().numpy()
                            note("outputs", np.abs(a - b).max() / max(np.abs(b).max(), 1e-3))  # all may be zero
                    # Steps of no length bring an acceleration model to all of its applications.
                    keep, data = lib.matrix(V)
                    report = (ctypes.c_double * 16)()
                    ctypes.cast(report, ctypes.POINTER(U))[0] = 64
                    step = lambda: lib.call("factormer_train_step", handle, I(1), ctypes.byref(data), I(1), report)
                    step()
                    before = blob_arrays(lib.save(handle, 1).tobytes())["train.m"].astype(np.float64)
                    gradient = before / 0.1
                    unrolled = 2
                    if accelerates:
                        step()
                        after = blob_arrays(lib.save(handle, 1).tobytes())["train.m"].astype(np.float64)
                        gradient = (after - 0.9 * before) / 0.1
                    for dense in (True, False):
                        for leaf in model.leaf.values():
                            leaf.grad = None
                        training_loss(model, t(V), t(start[0]), t(start[1]), unrolled, 0.5, dense).backward()
                        flat = gradient_of(model)
                        note("gradients", np.abs(flat - gradient).max() / max(np.abs(flat).max(), 1e-3))
        print(f"{lib.type}: largest difference of outputs {worst['outputs', dtype]:.2e}, of gradients "
              f"{worst['gradients', dtype]:.2e}, limit {limit[dtype]:.0e}")
    if any(worst[k] > limit[k[1]] for k in worst):
        sys.exit("too far apart")


def timing(path):
    torch.set_num_threads(1)
    lib = Library(path, torch.float32)
    random = np.random.default_rng(5)
    processor = [x.split(":")[1].strip() for x in open("/proc/cpuinfo") if x.startswith("model name")]
    print(f"# factormer_torch.py time LIB; one thread; {processor[0]}; PyTorch {torch.__version__}")
    print("case,rows,cols,form,seconds,times_ours,mflop,gflops,bound_seconds,share_of_bound,workspace_bytes")
    A, B = (torch.rand(1024, 1024) for _ in range(2))
    peak = 2 * 1024**3 / best_of(lambda: A @ B, 5) * 1e-9
    print(f"product,1024,1024,torch,{2 * 1024**3 / peak * 1e-9:.5f},,{2 * 1024**3 * 1e-6:.1f},{peak:.1f},,,", flush=True)

    def ours_line(case, m, n, seconds, flops, workspace):
        bound = flops / peak * 1e-9
        print(f"{case},{m},{n},orthant,{seconds:.6f},1,{flops * 1e-6:.1f},{flops / seconds * 1e-9:.1f},{bound:.6f},"
              f"{bound / seconds:.2f},{workspace}", flush=True)

    def their_line(case, m, n, form, seconds, ours):
        print(f"{case},{m},{n},torch {form},{seconds:.6f},{seconds / ours:.1f},,,,,", flush=True)

    # Layers, then of each target its linear maps and of each pair its scores: forward, and with the way back.
    d, h, f, layers, wide = 100, 4, 200, 4, 201
    forward_flops = lambda m, n: layers * ((m + n) * (2 * d * d + 4 * wide * d + 4 * d * f) + 8 * m * n * d * h)
    step_flops = lambda m, n: layers * ((m + n) * (6 * d * d + 14 * wide * d + 12 * d * f) + 28 * m * n * d * h)
    memory, handle = lib.train(max_rows=25, max_cols=25, seed=7)
    blob = lib.save(handle, 0)
    model = Model(blob_arrays(blob.tobytes()), torch.float32)
    t = lambda X: torch.tensor(np.ascontiguousarray(X), dtype=torch.float32)
    for m, n in ((25, 25), (200, 200), (10000, 198)):
        V, W, H = (random.random(s).astype(np.float32) for s in ((m, n), (m, 10), (n, 10)))
        repeat = 30 if m == 25 else 9 if m == 200 else 3
        ours, workspace = lib.forward(blob, V, W, H, repeat=repeat)
        ours_line("forward", m, n, ours, forward_flops(m, n), workspace)
        for form in ("dense", "per edge"):
            if m == 10000 and form == "per edge":
                continue  # tens of gigabytes
            with torch.no_grad():
                run = lambda: model.forward(t(V), t(W), t(H), dense=form == "dense")
                run()
                theirs = best_of(run, max(2, repeat // 3))
            their_line("forward", m, n, form, theirs, ours)
    m = n = 25
    V = random.random((m, n)).astype(np.float32)
    keep, data = lib.matrix(V)
    report = (ctypes.c_double * 16)()
    ctypes.cast(report, ctypes.POINTER(U))[0] = 64
    ours = best_of(lambda: lib.call("factormer_train_step", handle, I(1), ctypes.byref(data), I(1), report), 40)
    ours_line("step", m, n, ours, step_flops(m, n), memory.size)
    W, H = lib.nndsvd(V, 10, 7)
    for form in ("dense", "per edge"):
        optimizer = torch.optim.AdamW(list(model.leaf.values()), lr=1e-4)

        def run():
            optimizer.zero_grad()
            training_loss(model, t(V), t(W), t(H), 2, 0.2, form == "dense").backward()
            optimizer.step()

        run()
        theirs = best_of(run, 9 if form == "dense" else 3)
        their_line("step", m, n, form, theirs, ours)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("check", "time"):
        sys.exit(__doc__)
    (check if sys.argv[1] == "check" else timing)(sys.argv[2])
