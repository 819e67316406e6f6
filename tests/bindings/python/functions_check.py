"""The functions of the Python package: results, arrays used in place, and misuse, which is an exception."""
import ctypes
import gc
import inspect
import mmap
import os
import sys
import tempfile
import threading
import unittest
import unittest.mock
from pathlib import Path

try:
    import numpy as np
    import scipy.sparse
except ImportError as missing:
    print(f"skipped: {missing} (python3-numpy, python3-scipy)")
    sys.exit(77)

import orthant
from orthant import _abi, _core
from synthetic import scene


def readme(dtype=np.float32):
    """The matrix of the README's example."""
    return ((np.arange(4800) * 7919) % 101).astype(dtype).reshape((60, 80), order="F")


def nalmu_blob():
    """A trained model of four endmembers, for any sensor."""
    return (Path(__file__).resolve().parents[3] / "tools/models/generic-4.orw").read_bytes()


class Results(unittest.TestCase):
    def test_nmf(self):
        for dtype in (np.float32, np.float64):
            V = readme(dtype)
            W, H, report = orthant.nmf(V, 4)
            self.assertEqual((W.dtype, H.dtype, W.shape, H.shape), (dtype, dtype, (60, 4), (4, 80)))
            self.assertTrue((W >= 0).all() and (H >= 0).all())
            self.assertEqual(report.stop, "kkt")
            self.assertLessEqual(report.kkt, 1e-4)
            found = np.linalg.norm(V - W.astype(float) @ H) / np.linalg.norm(V)
            self.assertAlmostEqual(found, report.rel_error, delta=1e-5)

    def test_sparse_is_dense(self):
        V = np.where(np.random.default_rng(1).random((40, 30)) < 0.2, 1.5, 0.0)
        dense = orthant.nmf(V, 3, method="hals", start="random", seed=5, max_iter=20, tol=-1)
        np.testing.assert_array_equal(orthant.nmf(V, 3, method="hals", start="random", seed=5, max_iter=20, tol="none")[0], dense[0])
        with self.assertRaises(orthant.ArgumentError):
            orthant.nmf(V, 3, tol="dense")
        for kind in (scipy.sparse.csc_matrix, scipy.sparse.csr_matrix, scipy.sparse.coo_matrix):
            sparse = orthant.nmf(kind(V), 3, method="hals", start="random", seed=5, max_iter=20, tol=-1)
            np.testing.assert_allclose(sparse[0], dense[0], atol=1e-8)

    def test_stream_is_dense(self):
        rng = np.random.default_rng(2)
        V, E = rng.random((600, 5000)), rng.random((600, 3))
        calls = []

        def read(first, count):
            calls.append((first, count))
            return V[:, first:first + count]

        stream = orthant.Stream(read, *V.shape)
        for workers in (1, 3):
            options = {"method": "hals", "start": "cols", "max_iter": 2, "workers": workers}
            for one, other in zip(orthant.nmf(stream, 3, **options), orthant.nmf(V, 3, **options)):
                np.testing.assert_array_equal(one, other)
            for one, other in zip(orthant.unmix(stream, E, workers=workers), orthant.unmix(V, E)):
                np.testing.assert_array_equal(one, other)
            for one, other in zip(orthant.endmembers(stream, 3, method="spa"), orthant.endmembers(V, 3, method="spa")):
                np.testing.assert_array_equal(one, other)
        self.assertLess(max(count for _, count in calls), V.shape[1])

    def test_stream_that_fails(self):
        def fails(first, count):
            raise OSError("the disk is gone")

        with self.assertRaises(orthant.ReadError) as caught:
            orthant.nmf(orthant.Stream(fails, 20, 30, np.float32), 2)
        self.assertIsInstance(caught.exception.__cause__, OSError)
        with self.assertRaises(orthant.ReadError) as caught:
            orthant.unmix(orthant.Stream(lambda first, count: np.ones((3, count)), 20, 30), np.ones((20, 2)))
        self.assertIsInstance(caught.exception.__cause__, orthant.ArgumentError)

    def test_duplicates_are_summed(self):
        twice = scipy.sparse.csc_matrix(([1.0, 2.0, 4.0], [0, 0, 1], [0, 2, 3]), shape=(2, 2))
        W, H, _ = orthant.nmf(twice, 2, max_iter=5000, tol=1e-10)
        np.testing.assert_allclose(W @ H, [[3, 0], [0, 4]], atol=1e-6)
        self.assertEqual(twice.nnz, 3)

    def test_missing(self):
        rng = np.random.default_rng(2)
        V = rng.random((20, 3)) @ rng.random((3, 15))
        holes = V.copy()
        holes[3, 4] = holes[10, 2] = np.nan
        W, H, _ = orthant.nmf(holes, 3, missing=True, max_iter=5000, tol=1e-8)
        np.testing.assert_allclose(W @ H, V, atol=1e-2)

    def test_unmix(self):
        for dtype in (np.float32, np.float64):
            made = scene(50, 8, 9, 4, dtype=dtype, snr_db=-1.0)
            A, report = orthant.unmix(made["Y"], made["E"], sum_to_one=1)
            self.assertEqual(A.dtype, dtype)
            np.testing.assert_allclose(A, made["A"], atol=1e-3)
            rms, kkt, again = orthant.unmix_check(made["Y"], made["E"], A, sum_to_one=1)
            self.assertEqual(rms.shape, (72,))
            self.assertAlmostEqual(again.kkt, report.kkt, delta=1e-6)
        order = [2, 0, 3, 1]
        found = orthant.scores(E=made["E"][:, order], E_true=made["E"], A=A[order], A_true=made["A"])
        self.assertLess(found["rmse"], 1e-3)
        np.testing.assert_array_equal(found["match"], np.argsort(order))
        self.assertLess(found["angle"].max(), 1e-6)
        E, pixels = orthant.endmembers(made["Y"], 4, method="spa")
        np.testing.assert_array_equal(E, made["Y"][:, pixels])
        noisy = scene(30, 20, 20, 4, snr_db=-1.0)["Y"]
        noisy = noisy + 1e-3 * np.random.default_rng(1).standard_normal(noisy.shape)
        for method in ("hysime", "hfc", "nwhfc"):
            count, power, limit, noise = orthant.dimension(noisy, method=method)
            self.assertEqual(count, np.sum(power > limit))
        self.assertEqual(orthant.dimension(noisy)[0], 4)
        np.testing.assert_allclose(noise, 1e-3, rtol=0.5)

    def test_unmix_library(self):
        rng = np.random.default_rng(4)
        E = rng.random((12, 30)).astype(np.float32)
        Y = E[:, [3, 20]] @ np.array([[0.5, 0.2], [0.3, 0.8]], np.float32)
        A, D, report = orthant.unmix_library(Y, E, l1=1e-6, variance=np.full(12, 1e-4, np.float32), deviations=True)
        np.testing.assert_allclose(E @ A, Y, atol=1e-3)
        self.assertLess(report.kkt, 1e-6)
        np.testing.assert_array_equal(D > 0, A > 0)
        with self.assertRaises(orthant.ArgumentError):
            orthant.unmix_library(Y, E, variance=np.ones(11, np.float32))

    def test_mesma(self):
        rng = np.random.default_rng(5)
        E = rng.random((12, 5))
        Y = np.column_stack([0.6 * E[:, 3] + 0.3 * E[:, 1], 0.7 * E[:, 0]])
        model, A, rms, report = orthant.mesma(Y, E, [0, 1, 1, 0, 1], max_rmse=0.01)
        np.testing.assert_array_equal(model, [[3, 0], [1, -1]])
        np.testing.assert_allclose(A, [[0.6, 0.7], [0.3, 0]], atol=1e-9)
        self.assertLess(max(rms.max(), report.rel_error), 1e-9)
        with self.assertRaises(orthant.ArgumentError):
            orthant.mesma(Y, E, [0, 1, 1, 0])

    def test_unmix_bootstrap(self):
        E = np.random.default_rng(6).random((12, 3))
        E = np.column_stack([E, 2 * E[:, 0]])  # a class of two brightnesses
        A, D = orthant.unmix_bootstrap(E[:, :2], E, [0, 1, 2, 0], draws=400, seed=3)
        np.testing.assert_allclose(A, [[0.75, 0], [0, 1], [0, 0]], atol=0.07)
        np.testing.assert_allclose(D, [[0.25, 0], [0, 0], [0, 0]], atol=0.02)
        with self.assertRaises(orthant.ArgumentError):
            orthant.unmix_bootstrap(E, E, [0, 1, 2, 0], draws=1)

    def test_other_nouns(self):
        rng = np.random.default_rng(3)
        M = np.maximum(rng.standard_normal((30, 3)) @ rng.standard_normal((3, 25)), 0)
        U, V, report = orthant.relu_nmd(M, 3)
        self.assertLess(report.rel_error, 1e-3)
        np.testing.assert_allclose(np.maximum(U @ V, 0), M, atol=1e-2)
        U, s, V, _ = orthant.tsvd(M, 3)
        np.testing.assert_allclose(s, np.linalg.svd(M)[1][:3], rtol=1e-8)
        groups = np.repeat([0.0, 5.0], 20) + 0.1 * rng.standard_normal((2, 40))
        for solve in (orthant.symnmf, orthant.symnet):
            U, _ = solve(orthant.graph(groups), 2, seed=1)
            found = orthant.labels(U)
            self.assertEqual(len(set(found[:20])), 1)
            self.assertEqual(set(found[:20]) | set(found[20:]), {0, 1})
            self.assertEqual(orthant.cluster_scores(1 - found, np.repeat([0, 1], 20))["accuracy"], 1)
        x, _ = orthant.qp(np.eye(3), np.array([-1.0, 0, -2]), np.ones(3))
        np.testing.assert_allclose(x, [1, 0, 2], atol=1e-6)

    def test_terms(self):
        V = readme(np.float64)
        weights = np.linspace(1, 2, 60)
        smooth = np.diag(np.full(80, 2.0)) + np.diag(np.ones(79), 1) + np.diag(np.ones(79), -1)
        terms = {"weight_rows": weights, "l1_h": np.full((4, 80), 0.5), "penalty_h": [(np.eye(4), 0.1 * smooth)],
                 "penalty_w": [(0.5, None), (weights, 2.0)]}
        W, H, report = orthant.nmf(V, 4, method="murnmf", max_iter=30, terms=terms)
        R = V - W @ H
        value = 0.5 * np.sum(weights[:, None] * R * R) + 0.5 * H.sum() + 0.05 * np.trace(H.T @ H @ smooth)
        value += 0.25 * np.sum(W * W) + np.sum(weights[:, None] * W * W)
        self.assertAlmostEqual(report.objective, value, delta=1e-9 * value)
        with self.assertRaisesRegex(orthant.ArgumentError, "terms has no 'weight'"):
            orthant.nmf(V, 4, method="murnmf", terms={"weight": 1})
        with self.assertRaisesRegex(orthant.ArgumentError, "weight_rows has the shape"):
            orthant.nmf(V, 4, method="murnmf", terms={"weight_rows": np.ones(80)})

    def test_networks(self):
        made = scene(30, 6, 6, 4)
        W, H, _ = orthant.nalmu(made["Y"], W=made["E"], factors="one", layers=200)  # multiplicative updates as they are
        A, _ = orthant.unmix(made["Y"], made["E"], method="mu", max_iter=200, tol=-1)
        np.testing.assert_array_equal(W, made["E"])
        np.testing.assert_allclose(H, A, atol=2e-2)
        _, learned, report = orthant.nalmu(made["Y"], orthant.Model(nalmu_blob()), W=made["E"])
        self.assertEqual(learned.shape, (4, 36))
        with self.assertRaisesRegex(orthant.ArgumentError, "give W"):
            orthant.nalmu(made["Y"], orthant.Model(nalmu_blob()))
        tiny = orthant.Model(Path(__file__).resolve().parents[3] / "tools/models/tiny-f16.orw")
        V = np.random.default_rng(9).random((30, 10)) @ np.random.default_rng(10).random((10, 25))
        start = orthant.nmf(V, 10, start="nndsvd", max_iter=-1)
        W, H = orthant.factormer(V, tiny, start[0], start[1])
        self.assertTrue((W >= 0).all() and (H >= 0).all())
        self.assertLess(np.linalg.norm(V - W @ H), np.linalg.norm(V - start[0] @ start[1]))

    def test_goes_on(self):
        V = readme(np.float64)
        straight = orthant.nmf(V, 4, method="hals", max_iter=20, tol=-1)
        job = orthant.Job("nmf", np.float64, rows=60, cols=80, rank=4, method="hals", max_iter=10, tol=-1)
        W, H = np.empty((60, 4), order="F"), np.empty((4, 80), order="F")
        job.start(V, W, H)
        self.assertEqual(job.run(V, W, H).iters, 10)
        self.assertEqual(job.run(V=V, W=W, H=H).iters, 20)
        np.testing.assert_array_equal(W, straight[0])

    def test_progress(self):
        seen = []
        orthant.nmf(readme(), 4, max_iter=5, tol=-1, progress=lambda report: seen.append(report.iters))
        self.assertGreaterEqual(len(seen), 4)
        _, _, report = orthant.nmf(readme(), 4, progress=lambda report: report.iters >= 3)
        self.assertEqual((report.stop, report.iters), ("cancelled", 3))

    def test_workers(self):
        V = np.random.default_rng(7).random((300, 900)).astype(np.float32)
        serial, threaded = orthant.nmf(V, 5, max_iter=10), orthant.nmf(V, 5, max_iter=10, workers=3)
        np.testing.assert_array_equal(serial[0], threaded[0])
        np.testing.assert_array_equal(serial[1], threaded[1])
        made = scene(50, 40, 40, 4)
        np.testing.assert_array_equal(orthant.unmix(made["Y"], made["E"])[0],
                                      orthant.unmix(made["Y"], made["E"], workers=2)[0])

    def test_threads_after_a_fork(self):
        V = np.random.default_rng(8).random((300, 900)).astype(np.float32)
        expected = orthant.nmf(V, 5, max_iter=3, workers=3)[0]
        child = os.fork()
        if child == 0:
            os._exit(int(not np.array_equal(orthant.nmf(V, 5, max_iter=3, workers=3)[0], expected)))
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_fewer_threads_than_workers(self):
        V = np.random.default_rng(8).random((300, 900)).astype(np.float32)
        serial = orthant.nmf(V, 5, max_iter=10)
        start = threading.Thread.start
        for most in range(3):
            started, refused = [], []

            def limited(thread):
                if len(started) == most:
                    refused.append(thread)
                    raise RuntimeError("can't start new thread")
                started.append(thread)
                start(thread)

            with unittest.mock.patch.object(threading.Thread, "start", limited), \
                    unittest.mock.patch.object(_core, "_pool", _core._Workers):
                few = orthant.nmf(V, 5, max_iter=10, workers=8)
            self.assertTrue(refused)
            np.testing.assert_array_equal(serial[0], few[0])
            np.testing.assert_array_equal(serial[1], few[1])

    def test_model(self):
        made = scene(30, 6, 6, 4)
        blob = nalmu_blob()
        model = orthant.Model(blob)
        model.verify()
        self.assertEqual(model.kind, "nalmu")
        self.assertTrue(model.records())
        plain, _ = orthant.unmix(made["Y"], made["E"])
        proposed, _ = orthant.unmix(made["Y"], made["E"], model=model)
        np.testing.assert_allclose(proposed, plain, atol=1e-9)


class AsPeopleHaveThem(unittest.TestCase):
    """Bad pixels, masked arrays, images of three dimensions, the words of other packages."""

    def setUp(self):
        self.made = scene(30, 6, 5, 3, snr_db=-1.0)

    def test_a_bad_pixel_is_nan(self):
        Y = self.made["Y"].copy(order="F")
        Y[4, 7] = np.nan
        with self.assertWarnsRegex(orthant.DataWarning, r"1 of 30 pixels, the first 7: .*Y: entry \(4, 7\), counted from 0, is NaN"):
            A, report = orthant.unmix(Y, self.made["E"])
        whole, _ = orthant.unmix(self.made["Y"], self.made["E"])
        self.assertTrue(np.isnan(A[:, 7]).all())
        others = np.delete(np.arange(30), 7)
        np.testing.assert_allclose(A[:, others], whole[:, others], atol=1e-8)
        with self.assertRaisesRegex(orthant.DataError, "Y: entry .* is NaN"):
            orthant.unmix(np.full((30, 2), np.nan), self.made["E"])

    def test_masked_arrays(self):
        Y = np.ma.array(self.made["Y"].copy(), copy=True)
        Y.data[2, 4] = 1e6
        Y[2, 4] = np.ma.masked
        A, _ = orthant.unmix(Y, self.made["E"], sum_to_one=1)
        np.testing.assert_allclose(A, self.made["A"], atol=1e-3)
        V = np.ma.masked_less(np.arange(20).reshape(4, 5) % 7, 1)
        W, H, report = orthant.nmf(V, 2, max_iter=3)
        self.assertTrue(np.isfinite(W).all() and np.isfinite(H).all())

    def test_weights_are_for_dense_data(self):
        S = scipy.sparse.csr_matrix(readme(np.float64))
        for options in ({"weights": np.ones(S.shape)}, {"missing": True}):
            with self.assertRaisesRegex(orthant.UnsupportedError, "sparse"):
                orthant.nmf(S, 2, **options)

    def test_images(self):
        cube = np.ascontiguousarray(self.made["Y"].T).reshape(6, 5, 30)
        A, _ = orthant.unmix(cube, self.made["E"])
        flat, _ = orthant.unmix(self.made["Y"], self.made["E"])
        self.assertEqual(A.shape, (6, 5, 3))
        np.testing.assert_array_equal(A.reshape(30, 3).T, flat)
        rms, _, _ = orthant.unmix_check(cube, self.made["E"], A)
        self.assertEqual(rms.shape, (6, 5))
        E, pixel = orthant.endmembers(cube, 3, method="spa")
        np.testing.assert_array_equal(E.T, cube.reshape(30, 30)[pixel])

    def test_words(self):
        V = readme(np.float64)
        for theirs, ours in ({"loss": "kullback-leibler"}, {"loss": "kl"}), ({"method": "cd"}, {"method": "hals"}):
            np.testing.assert_array_equal(orthant.nmf(V, 2, max_iter=3, **theirs)[0],
                                          orthant.nmf(V, 2, max_iter=3, **ours)[0])
        np.testing.assert_array_equal(orthant.nmf(V, 2, n_jobs=2)[0], orthant.nmf(V, 2)[0])
        self.assertIn("regularization", inspect.signature(orthant.symnmf).parameters)
        np.testing.assert_array_equal(orthant.symnmf(np.eye(4), 2, regularization=0.5)[0],
                                      orthant.symnmf(np.eye(4), 2, **{"lambda": 0.5})[0])

    def test_signatures_and_help(self):
        for call in (orthant.nmf, orthant.unmix, orthant.endmembers, orthant.relu_nmd, orthant.tsvd, orthant.symnmf,
                     orthant.symnet, orthant.qp, orthant.graph):
            kinds = [p.kind for p in inspect.signature(call).parameters.values()]
            self.assertNotIn(inspect.Parameter.VAR_KEYWORD, kinds)
        self.assertRegex(orthant.nmf.__doc__, r"max_iter: outer iterations of one run; 0: 500")

    def test_nothing_known_of_a_column(self):
        V = readme(np.float64)
        V[:, 3] = np.nan
        W, H, _ = orthant.nmf(V, 3, missing=True)
        np.testing.assert_array_equal(H[:, 3], 0)


class InPlace(unittest.TestCase):
    def same(self, value, ld, dtype=np.float64):
        matrix = _core.Matrix(value, dtype, "X")
        self.assertEqual((matrix.abi.values, matrix.abi.ld), (value.ctypes.data, ld))

    def test_layouts(self):
        a = np.zeros((6, 5), order="F")
        self.same(a, 6)
        self.same(a[1:4], 6)
        self.same(a[:, 1:3], 6)
        self.same(a[:, ::2], 12)
        self.same(np.zeros((5, 6)).T, 6)
        self.same(np.zeros((6, 5), np.float32, order="F"), 6, np.float32)
        for copied in (np.zeros((6, 5)), a[::2], a[::-1], a[:, ::-1], np.zeros((6, 5), ">f8", order="F")):
            matrix = _core.Matrix(copied, np.float64, "X")
            self.assertNotEqual(matrix.abi.values, copied.ctypes.data)

    def test_results_do_not_depend_on_layout(self):
        V = readme(np.float64)
        padded = np.zeros((70, 160), order="F")[:60, ::2]
        padded[:] = V
        np.testing.assert_array_equal(orthant.nmf(V, 4)[0], orthant.nmf(padded, 4)[0])
        np.testing.assert_array_equal(orthant.nmf(V, 4)[0], orthant.nmf(np.ascontiguousarray(V), 4)[0])

    def test_sparse(self):
        for kind in (scipy.sparse.csc_matrix, scipy.sparse.csr_matrix):
            X = kind(np.eye(4))
            matrix = _core.Matrix(X, np.float64, "X")
            self.assertEqual((matrix.abi.values, matrix.abi.starts, matrix.abi.indices),
                             tuple(a.ctypes.data for a in (X.data, X.indptr, X.indices)))

    def test_mapped_weights(self):
        with tempfile.TemporaryFile() as file:
            file.write(nalmu_blob())
            file.flush()
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            model = orthant.Model(mapped)
            self.assertEqual(model.blob.ctypes.data, np.frombuffer(mapped, np.uint8).ctypes.data)
            with self.assertRaises(BufferError):  # the model lives: its blob cannot go
                mapped.close()
            del model
            gc.collect()
            mapped.close()


class Misuse(unittest.TestCase):
    def refused(self, error, pattern, call, *arguments, **options):
        with self.assertRaisesRegex(error, pattern):
            call(*arguments, **options)

    def test_fields(self):
        V = readme(np.float64)
        self.refused(orthant.ArgumentError, "^nmf: rank is 0; it must be from 1 to 32768$", orthant.nmf, V, 0)
        self.refused(orthant.ArgumentError, "^nmf: tau is 2; it must be", orthant.nmf, V, 3, tau=2)
        self.refused(orthant.UnsupportedError, "^nmf: method is 9, l1_w is 1: with zero", orthant.nmf, V, 3,
                     method="minvol", l1_w=1)
        self.refused(orthant.ArgumentError, "^graph: neighbours is -3; it must be at least 0$", orthant.graph, V,
                     neighbours=-3)
        self.refused(orthant.DataError, r"V: weight \(0, 1\), counted from 0, is 2; it must be from 0 to 1", orthant.nmf,
                     np.ones((2, 2)), 1, weights=np.array([[1.0, 2], [1, 1]]))

    def test_data(self):
        V = readme(np.float64)
        for bad, name in ((np.nan, "NaN"), (np.inf, "infinity, which is not finite"), (-1.0, "-1, which is negative"),
                          (1e200, r"1e200, which is too large to square")):
            V[5, 6] = bad
            self.refused(orthant.DataError, rf"V: entry \(5, 6\), counted from 0, is {name}", orthant.nmf, V, 3)
        self.refused(orthant.DataError, r"V: entry \(1, 0\), counted from 0, is -2, which is negative", orthant.nmf,
                     scipy.sparse.csr_matrix([[1.0, 0], [-2, 1]]), 1)
        self.refused(orthant.DataError, r"X: entry \(\d, \d\), counted from 0, is .*: not symmetric", orthant.symnmf,
                     np.array([[1.0, 2], [3, 1]]), 1)
        E = np.ones((3, 2))
        E[:, 1] = 1e200
        self.refused(orthant.DataError, r"E: entry \(0, 1\), counted from 0, is 1e200, which", orthant.unmix,
                     np.ones((3, 2)), E)
        W, H = -np.ones((60, 2), order="F"), np.ones((2, 80), order="F")
        self.refused(orthant.DataError, r"W: entry \(0, 0\), counted from 0, is -1, which is negative",
                     orthant.Job("nmf", np.float64, rows=60, cols=80, rank=2, start="given").start,
                     readme(np.float64), W, H)
        self.refused(ValueError, "dimensions", orthant.nmf, np.ones(5), 3)
        self.refused(orthant.ArgumentError, "labels", orthant.cluster_scores, [0, 1], [0])
        self.refused(orthant.DataError, "clusters", orthant.cluster_scores, [0, -1], [0, 1])
        self.refused(orthant.ArgumentError, "give", orthant.scores, E=np.ones((3, 2)))
        self.refused(ValueError, "V: ", orthant.nmf, np.ones((5, 5), complex), 3)
        self.refused(ValueError, "V: ", orthant.nmf, np.full((5, 5), "a"), 3)

    def test_shapes(self):
        V, W, H = readme(np.float64), np.ones((60, 4), order="F"), np.ones((4, 80), order="F")
        job = orthant.Job("nmf", np.float64, rows=60, cols=80, rank=4)
        wrong = {"W": np.ones((60, 3), order="F"), "H": np.ones((80, 4), order="F"), "V": V[:, :79]}
        for name, array in wrong.items():
            arrays = dict({"V": V, "W": W, "H": H}, **{name: array})
            self.refused(orthant.ArgumentError, f"{name} has the shape", job.start, **arrays)
        self.refused(orthant.ArgumentError, "float64", job.start, V, W.astype(np.float32), H)
        self.refused(orthant.ArgumentError, "column-major", job.start, V, np.ones((60, 4)), H)
        fixed = W.copy(order="F")
        fixed.flags.writeable = False
        self.refused(orthant.ArgumentError, "writable", job.start, V, fixed, H)
        self.refused(orthant.ArgumentError, "overlaps", job.start, V, V[:, :4], H)
        self.refused(TypeError, "takes V, W, H", job.start, V, W, H, Q=W)
        self.refused(orthant.ArgumentError, "nmf start", job.start, V, W)  # H is missing
        self.refused(orthant.ArgumentError, "shape", orthant.unmix, np.ones((30, 5)), np.ones((29, 3)))

    def test_options(self):
        V = readme()
        self.refused(orthant.ArgumentError, "no option 'sise'", orthant.nmf, V, 3, sise=1)
        self.refused(orthant.ArgumentError, "no method 'best'; it has auto, ehals, hals", orthant.nmf, V, 3, method="best")
        self.refused(orthant.ArgumentError, "32 bits", orthant.nmf, V, 2**32 + 3)
        self.refused(orthant.ArgumentError, "workers", orthant.nmf, V, 3, workers=-2)
        self.refused(orthant.ArgumentError, "seed", orthant.nmf, V, 3, seed=-1)
        self.refused(orthant.ArgumentError, "rank is 0", orthant.nmf, V, 0)
        self.refused(orthant.UnsupportedError, "method is 4, loss is 2: with zero", orthant.nmf, V, 3, loss="is",
                     method="anls")

    def test_what_a_job_borrows_lives(self):
        made = scene(30, 6, 6, 4)
        expected, _ = orthant.unmix(made["Y"], made["E"], sum_to_one=1, model=orthant.Model(nalmu_blob()))
        job = orthant.Job("unmix", np.float64, {"E": made["E"].copy(order="F")}, bands=30, endmembers=4, sum_to_one=1,
                          model=orthant.Model(nalmu_blob()))
        gc.collect()
        junk = [np.full((30, 3), 7.0) for _ in range(100)]  # where a freed array would be found again
        A = np.empty((4, 36), order="F")
        job.run(made["Y"], A)
        np.testing.assert_array_equal(A, expected)
        del junk

    def test_model(self):
        blob = bytearray(nalmu_blob())
        model = orthant.Model(blob)
        if model.blob.ctypes.data == np.frombuffer(blob, np.uint8).ctypes.data:
            with self.assertRaises(BufferError):
                blob.clear()
        self.refused(orthant.BlobError, "not a model", orthant.Model, b"x" * 200)
        self.refused(orthant.BlobError, "not a model", orthant.Model, bytes(blob[:-1]))
        self.refused(orthant.BlobError, "unmix", orthant.unmix, np.ones((30, 2)), np.ones((30, 2)), model=model)

    def test_exceptions_pass(self):
        def progress(report):
            raise KeyError("mine")

        self.refused(KeyError, "mine", orthant.nmf, readme(), 4, progress=progress)

    def test_one_caller_at_a_time(self):
        V, W, H = readme(), np.empty((60, 4), np.float32, order="F"), np.empty((4, 80), np.float32, order="F")
        inside, leave = threading.Event(), threading.Event()

        def progress(report):
            inside.set()
            leave.wait(10)
            return True

        job = orthant.Job("nmf", np.float32, rows=60, cols=80, rank=4, progress=progress, tol=-1)
        job.start(V, W, H)
        thread = threading.Thread(target=job.run, args=(V, W, H))
        thread.start()
        self.assertTrue(inside.wait(10))
        self.refused(RuntimeError, "another thread", job.run, V, W, H)
        leave.set()
        thread.join()

    def test_every_array_has_a_shape(self):
        for noun, shapes in _core._SHAPES.items():
            for verb in ("init", "start", "run", "check"):
                for name, kind, element, _ in _abi.FUNCTIONS.get(f"orthant_{noun}_{verb}_f32", (None, []))[1]:
                    if element.startswith("orthant_matrix") or element in _core.ELEMENTS and kind is ctypes.c_void_p:
                        self.assertIn(name, shapes, f"{noun} {verb}: the header has an array without a shape here")

    def test_words_of_the_header(self):
        for (noun, field), prefix in (item for item in _core._WORDS.items() if isinstance(item[0], tuple)):
            self.assertIn(field, dict(getattr(_abi, f"orthant_{noun}_config")._fields_))
            self.assertTrue(any(name.startswith(f"ORTHANT_{prefix}_") for name in _abi.NUMBERS), prefix)

    def test_words_of_the_library(self):
        for noun in ("nmf", "unmix", "endmembers"):
            name = f"orthant_{noun}_method_name"
            words = list(iter(lambda count=iter(range(99)), name=name: _core.text(name, next(count)), None))
            self.assertGreater(len(words), 3)
            self.assertEqual([_core._number_of(noun, "method", word) for word in words], list(range(len(words))))

    def test_every_public_name_has_help(self):
        for name in orthant.__all__:
            value = getattr(orthant, name)
            if not callable(value):
                continue
            self.assertTrue(inspect.getdoc(value), name)
            members = vars(value).items() if inspect.isclass(value) and value.__module__.startswith("orthant") else ()
            for member, what in members:
                if not member.startswith("_") and (callable(what) or isinstance(what, property)):
                    self.assertTrue(inspect.getdoc(getattr(value, member)), f"{name}.{member}")

    def test_numbers_of_the_header(self):
        self.assertEqual(orthant.build()["version"], orthant.__version__)
        self.assertEqual(_core.library.orthant_abi(), _abi.NUMBERS["ORTHANT_ABI"])


if __name__ == "__main__":
    unittest.main()
