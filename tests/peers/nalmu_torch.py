#!/usr/bin/env python3
"""NALMU in PyTorch: losses and gradients to compare with the library's, and the time of the toy's training.

nalmu_torch.py check LIB    losses and gradients of the library against autograd, f32 and f64
nalmu_torch.py time         seconds of the toy's training: r 5, m 20, 500 columns, 20 layers, 500 epochs

LIB is a shared object of the static archive, which has the training too:
    cc -shared -o LIB -Wl,--whole-archive build/capi/liborthant.a -Wl,--no-whole-archive -lm
"""
import ctypes
import sys
import time

import numpy as np
import torch

LOSSES = {1: "l2", 2: "mse", 3: "nmse", 4: "angle", 5: "negcos"}


def loss_of(kind, X, G):  # of matrices whose columns are the vectors
    if kind == "l2":
        return ((X - G) ** 2).sum()
    if kind == "mse":
        return ((X - G) ** 2).mean()
    if kind == "nmse":
        return ((X - G) ** 2).sum() / (G**2).sum()
    u, v = X / X.norm(dim=0), G / G.norm(dim=0)
    c = (u * v).sum(0)
    return -c.mean() if kind == "negcos" else torch.atan2((v - c * u).norm(dim=0), c).mean()


def network(Y, W, H, A_W, A_H, beta, both, h_first, low, high):
    """All iterates; A_W, A_H lists over layers, rows for `component`."""
    out = []

    def clip(X, s):
        return X.clamp(low[s], high[s]) if high[s] > 0 else X

    def terms(W, H, left):
        if beta == 2:
            return (Y @ H.T, W @ (H @ H.T)) if left else (W.T @ Y, (W.T @ W) @ H)
        V = (W @ H).clamp_min(1e-12)
        P, Q = Y * V ** (beta - 2), V ** (beta - 1)
        return (P @ H.T, Q @ H.T) if left else (W.T @ P, W.T @ Q)

    for k in range(len(A_H)):
        for side in (["H"] if not both else ["H", "W"] if h_first else ["W", "H"]):
            N, D = terms(W, H, side == "W")
            if side == "W":
                W = clip(W * A_W[k] * N / D.clamp_min(1e-12), 0)
            else:
                H = clip(H * A_H[k] * N / D.clamp_min(1e-12), 1)
        out.append((W, H))
    return out


def smallest_sine(its, W, H, both, lw, lh):
    """Between a column of an iterate that the loss weighs (not the first's, nu = 0) and its target, where the loss is an angle."""
    least = 1.0
    for k, (Wk, Hk) in enumerate(its):
        for X, G, loss in ((Wk, W, lw if both else 0), (Hk, H, lh)):
            if k > 0 and LOSSES.get(loss) == "angle":
                u, v = X / X.norm(dim=0), G / G.norm(dim=0)
                least = min(least, (v - (u * v).sum(0) * u).norm(dim=0).min().item())
    return least


class TrainConfig(ctypes.Structure):
    _fields_ = (
        [("size", ctypes.c_uint32)]
        + [(n, ctypes.c_int32) for n in "bands endmembers columns layers factors order tied spread_w spread_h "
           "positivity nu loss_w loss_h keep lines kernel divergence".split()]
        + [(n, ctypes.c_double) for n in "beta low_w high_w low_h high_h start_h rate rate_decay weight_decay beta1 beta2 "
           "epsilon".split()]
        + [("seed", ctypes.c_uint64), ("parallel", ctypes.c_void_p)])


class Report(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32)] + [(n, ctypes.c_int32) for n in "stop iters worst clipped proposals".split()] + [
                ("objective", ctypes.c_double), ("rel_error", ctypes.c_double), ("kkt", ctypes.c_double)]


def check(path):
    lib = ctypes.CDLL(path)
    rng = np.random.default_rng(1)
    m, r, n, K = 12, 3, 30, 4
    worst, truth, theirs_worst = ({"f32": 0.0, "f64": 0.0} for _ in range(3))
    errors = {"f32": [], "f64": []}
    cases = failed = 0
    for name, dtype, real in (("f32", np.float32, torch.float32), ("f64", np.float64, torch.float64)):
        call = lambda what: getattr(lib, f"orthant_nalmu_train_{what}_{name}")
        for both in (False, True):
            for h_first in ((False, True) if both else (False,)):
                for spread in (1, 2):
                    for beta in (2.0, 1.0, 0.0, 1.5):
                        for lw in LOSSES:
                            for clipped in (False, True):
                                lh = 1 + (lw + 1) % 5
                                c = TrainConfig(size=ctypes.sizeof(TrainConfig), bands=m, endmembers=r, columns=n, layers=K,
                                                factors=2 if both else 1, order=int(h_first), spread_w=spread,
                                                spread_h=spread, nu=1, loss_w=lw, loss_h=lh, divergence=3, beta=beta,
                                                rate=1e-3, start_h=0.5)
                                low, high = [0.0, 0.0], [0.0, 0.0]
                                if clipped:
                                    low, high = [0.3, 0.2], [1.1, 0.8]
                                    c.low_w, c.low_h = low
                                    c.high_w, c.high_h = high
                                W = (0.1 + rng.random((m, r))).astype(dtype)
                                H = (0.05 + rng.random((r, n))).astype(dtype)
                                Y = (W @ H + 0.02 * rng.random((m, n))).astype(dtype)
                                W0 = (0.5 + 0.5 * rng.random((m, r))).astype(dtype)
                                size = ctypes.c_size_t()
                                assert call("size")(ctypes.byref(c), ctypes.byref(size)) == 0
                                memory = ctypes.create_string_buffer(size.value)
                                handle = ctypes.c_void_p()
                                flat = lambda M: np.ascontiguousarray(M.T)  # columns one after another
                                fY, fW, fH, fW0 = flat(Y), flat(W), flat(H), flat(W0)
                                ptr = lambda a: a.ctypes.data_as(ctypes.c_void_p)
                                assert call("init")(ctypes.byref(c), ptr(fW0), m, memory, size, ctypes.byref(handle)) == 0
                                rep = Report(size=ctypes.sizeof(Report))
                                # The gradient from Adam's first moment after one step: m = (1 - beta1) g.
                                step = lambda: call("step")(handle, 1, ptr(fY), ptr(fW), ptr(fH), 1, ctypes.byref(rep))
                                assert step() == 0
                                got_loss = rep.objective
                                length = ctypes.c_size_t()
                                assert call("save")(handle, 1, None, 0, ctypes.byref(length)) == 0
                                raw = ctypes.create_string_buffer(length.value)
                                assert call("save")(handle, 1, raw, length, ctypes.byref(length)) == 0
                                got = record(raw.raw, "train.m", dtype) / (1 - 0.9)
                                # The same by autograd, and in f64 on the same numbers: what f32 itself can say.
                                def autograd(real):
                                    T = lambda a: torch.tensor(a, dtype=real)
                                    th_W = [torch.zeros((1, r) if spread == 1 else (m, r), dtype=real, requires_grad=True)
                                            for _ in range(K)]
                                    th_H = [torch.zeros((r, 1) if spread == 1 else (r, n), dtype=real, requires_grad=True)
                                            for _ in range(K)]
                                    its = network(T(Y), T(W0 if both else W), torch.full((r, n), 0.5, dtype=real),
                                                  [t.exp() for t in th_W], [t.exp() for t in th_H], beta, both, h_first,
                                                  low, high)
                                    nu = np.linspace(0, 1, K)
                                    J = sum(nu[k] * ((loss_of(LOSSES[lw], its[k][0], T(W)) if both else 0)
                                                     + loss_of(LOSSES[lh], its[k][1], T(H))) for k in range(K))
                                    J.backward()
                                    return smallest_sine(its, T(W), T(H), both, lw, lh), J.item(), np.concatenate([np.concatenate(
                                        ([th_W[k].grad.numpy().T.ravel()] if both else [])
                                        + [th_H[k].grad.numpy().ravel()]) for k in range(K)])

                                _, J, want = autograd(real)
                                sine, J64, want64 = autograd(torch.float64)
                                deviation = lambda g, f, g0, f0: max(abs(f - f0) / abs(f0), np.abs(g - g0).max() / np.abs(g0).max())
                                error = deviation(got, got_loss, want, J)
                                own, theirs = deviation(got, got_loss, want64, J64), deviation(want, J, want64, J64)
                                worst[name] = max(worst[name], error)
                                truth[name] = max(truth[name], own)
                                theirs_worst[name] = max(theirs_worst[name], theirs)
                                errors[name].append(error)
                                cases += 1
                                # In f32 rounding alone moves the gradient of an angle, (v - c u) / (s |x|), by u / s of its
                                # size, s the sine: v - c u cancels (u = 2^-24, four roundings of v, c and u each).  That bound,
                                # from the iterates in f64, holds for our deviation from f64 and, twice, for that from PyTorch.
                                limit = 1e-10
                                if name == "f32":
                                    limit = 1e-5
                                    if LOSSES[lh] == "angle" or both and LOSSES[lw] == "angle":
                                        limit += 12 * 2.0**-24 / sine
                                if own > limit or error > 2 * limit:
                                    failed += 1
                                    print("FAILED", name, both, h_first, spread, beta, lw, clipped, error, own, theirs, limit)
                                if name == "f32" and error > 1e-5:
                                    print(f"angle of sine {sine:.1e}: from PyTorch {error:.1e}, from f64 ours {own:.1e}, "
                                          f"PyTorch's {theirs:.1e}, allowed {limit:.1e}")
    over = sum(e > 1e-5 for e in errors["f32"])
    print(f"{cases} cases, {failed} failed; largest relative deviation of a loss or gradient from PyTorch's: f32 "
          f"{worst['f32']:.1e} ({over} of {len(errors['f32'])} above 1e-5), f64 {worst['f64']:.1e}; from PyTorch's in f64: "
          f"ours in f32 {truth['f32']:.1e}, PyTorch's in f32 {theirs_worst['f32']:.1e}")
    return failed == 0


def record(blob, name, dtype):
    count = int.from_bytes(blob[20:24], "little")
    for i in range(count):
        r = blob[64 + 64 * i : 128 + 64 * i]
        if r[:24].rstrip(b"\0").decode() == name:
            at, size = int.from_bytes(r[44:48], "little"), int.from_bytes(r[48:52], "little")
            return np.frombuffer(blob[at : at + size], dtype=dtype)
    raise KeyError(name)


def toy(seed):
    rng = np.random.default_rng(seed)
    mu = 50 * rng.random((5, 1))
    H = rng.standard_normal((5, 500)) + mu
    W = rng.random((20, 5))
    return W, np.maximum(H, 0), np.maximum(W @ H + 0.1 * rng.standard_normal((20, 500)), 0)


def train_time(repeat):
    torch.set_num_threads(1)
    W, H, Y = (torch.tensor(a, dtype=torch.float32) for a in toy(1))
    nu = torch.logspace(-7, 0, 20)
    seconds = []
    for _ in range(repeat):
        A = torch.ones((20, 5, 1), requires_grad=True)
        optimiser = torch.optim.Adam([A], lr=1e-2)
        begun = time.perf_counter()
        G, B = W.T @ W, W.T @ Y
        for _ in range(500):
            X, J = torch.ones_like(H), 0.0
            for k in range(20):
                X = X * A[k] * B / (G @ X).clamp_min(1e-12)
                J = J + nu[k] * ((X - H) ** 2).sum()
            optimiser.zero_grad()
            J.backward()
            optimiser.step()
        seconds.append(time.perf_counter() - begun)
    seconds.sort()
    print(f"{seconds[len(seconds) // 2]:.6f},{seconds[0]:.6f},{seconds[-1]:.6f},{torch.__version__}")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "check":
        sys.exit(0 if check(sys.argv[2]) else 1)
    if len(sys.argv) >= 2 and sys.argv[1] == "time":
        train_time(int(sys.argv[2]) if len(sys.argv) > 2 else 3)
    else:
        sys.exit(__doc__)
