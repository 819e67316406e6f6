"""The estimators: scikit-learn's own checks, and that they compute what the functions do."""
import sys
import types
import unittest
import unittest.mock
import warnings

try:
    import numpy as np
    import scipy.sparse
    import sklearn.decomposition
    from sklearn.base import clone
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics import adjusted_rand_score
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.utils.estimator_checks import check_estimator
except ImportError as missing:
    print(f"skipped: {missing} (python3-numpy, python3-sklearn)")
    sys.exit(77)

import orthant
from synthetic import scene

ESTIMATORS = [orthant.NMF(), orthant.NMF(loss="kl"), orthant.SymNMF(), orthant.ReluNMD(), orthant.Unmixer(),
              orthant.Unmixer(sum_to_one=False, extraction="spa")]


class Estimators(unittest.TestCase):
    def test_conventions(self):
        for estimator in ESTIMATORS:
            for one, check in check_estimator(estimator, generate_only=True):
                with self.subTest(estimator=str(estimator), check=str(check)), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    check(one)

    def test_nmf(self):
        rng = np.random.default_rng(1)
        for dtype in (np.float32, np.float64):
            X = (rng.random((50, 3)) @ rng.random((3, 20))).astype(dtype)
            for value in (X, np.asfortranarray(X), scipy.sparse.csr_matrix(X), scipy.sparse.csc_matrix(X)):
                model = orthant.NMF(3, random_state=0, tol=1e-6, max_iter=2000)
                codes = model.fit_transform(value)
                self.assertEqual((codes.dtype, model.components_.dtype), (dtype, dtype))
                self.assertEqual(model.components_.shape, (3, 20))
                self.assertTrue((codes >= 0).all() and (model.components_ >= 0).all())
                np.testing.assert_allclose(model.inverse_transform(codes), X, atol=1e-2)
                np.testing.assert_allclose(model.transform(value), codes, atol=1e-5)
        seed = int(np.random.RandomState(0).randint(2**31 - 1))
        W, _, _ = orthant.nmf(X.T, 3, seed=seed, tol=1e-6, max_iter=2000)
        np.testing.assert_array_equal(orthant.NMF(3, random_state=0, tol=1e-6, max_iter=2000).fit(X).components_, W.T)

    def test_losses(self):
        X = np.random.default_rng(2).random((30, 12)) + 0.1
        for loss in ("kl", "is", 0.5):
            model = orthant.NMF(3, loss=loss, random_state=0).fit(X)
            self.assertEqual(model.transform(X[:4]).shape, (4, 3))

    def test_missing(self):
        rng = np.random.default_rng(3)
        X = rng.random((40, 3)) @ rng.random((3, 15))
        holes = np.where(rng.random(X.shape) < 0.05, np.nan, X)
        model = orthant.NMF(3, missing=True, random_state=0, tol=1e-7, max_iter=5000)
        np.testing.assert_allclose(model.inverse_transform(model.fit_transform(holes)), X, atol=0.05)
        with self.assertRaisesRegex(ValueError, "NaN"):
            orthant.NMF(3).fit(holes)

    def test_names_of_scikit_learn(self):
        X = np.random.default_rng(4).random((30, 12)) + 0.1
        ours = orthant.NMF(3, start="nndsvda", loss="kl", random_state=0, max_iter=20).fit(X)
        theirs = orthant.NMF(3, init="nndsvda", beta_loss="kullback-leibler", random_state=0, max_iter=20, n_jobs=2).fit(X)
        np.testing.assert_array_equal(ours.components_, theirs.components_)
        P = theirs.transform(X) @ theirs.components_
        divergence = np.sum(X * np.log(X / P) - X + P)
        self.assertAlmostEqual(theirs.reconstruction_err_, np.sqrt(2 * divergence), delta=0.02)
        for options in ({}, {"alpha_W": 1e-3}, {"alpha_W": 0.01, "alpha_H": 0.0, "l1_ratio": 0.5}):
            model = orthant.NMF(3, random_state=0, tol=1e-6, max_iter=5000, **options)
            codes = model.fit_transform(X)
            plain = np.linalg.norm(X - codes @ model.components_)
            self.assertAlmostEqual(model.reconstruction_err_, plain, delta=1e-3 * plain)
            reference = sklearn.decomposition.NMF(3, init="nndsvda", tol=1e-8, max_iter=5000, **options).fit(X)
            self.assertLess(abs(plain / reference.reconstruction_err_ - 1), 0.03)

    def test_convergence_is_said(self):
        X = np.random.default_rng(5).random((30, 12))
        with self.assertWarns(ConvergenceWarning):
            orthant.NMF(3, max_iter=1, tol=1e-12).fit(X)

    def test_wide_indices(self):
        X = scipy.sparse.csr_matrix(np.random.default_rng(6).random((30, 12)))
        wide = X.copy()
        wide.indices, wide.indptr = X.indices.astype(np.int64), X.indptr.astype(np.int64)
        np.testing.assert_array_equal(orthant.NMF(2, random_state=0).fit(wide).components_,
                                      orthant.NMF(2, random_state=0).fit(X).components_)

    def test_hooks_of_newer_releases(self):
        """Against stand-ins of the signatures of scikit-learn 1.6; not against that release itself."""
        asked = {}

        def validate_data(estimator, X, *, reset, ensure_all_finite, accept_sparse, dtype, **checks):
            asked[type(estimator).__name__] = ensure_all_finite
            return estimator._validate_data(X, reset=reset, force_all_finite=ensure_all_finite,
                                            accept_sparse=accept_sparse, dtype=dtype, **checks)

        def tags(self):
            parts = {"input_tags": {"sparse": False, "allow_nan": False, "positive_only": False, "pairwise": False},
                     "transformer_tags": {"preserves_dtype": []}}
            return types.SimpleNamespace(**{k: types.SimpleNamespace(**v) for k, v in parts.items()})

        X = np.random.default_rng(7).random((30, 12))
        with unittest.mock.patch.object(sklearn.utils.validation, "validate_data", validate_data, create=True), \
                unittest.mock.patch.object(sklearn.base.BaseEstimator, "__sklearn_tags__", tags, create=True):
            for estimator in (orthant.NMF(2, missing=True), orthant.Unmixer(2), orthant.SymNMF(2), orthant.ReluNMD(2)):
                estimator.fit(X)
            found = orthant.NMF(2, missing=True).__sklearn_tags__()
            self.assertEqual(vars(found.input_tags),
                             {"sparse": True, "allow_nan": True, "positive_only": True, "pairwise": False})
            self.assertEqual(found.transformer_tags.preserves_dtype, ["float64", "float32"])
            self.assertTrue(orthant.SymNMF(affinity="precomputed").__sklearn_tags__().input_tags.pairwise)
        self.assertEqual(asked, {"NMF": "allow-nan", "Unmixer": "allow-nan", "SymNMF": True, "ReluNMD": True})

    def test_symnmf(self):
        rng = np.random.default_rng(4)
        truth = np.repeat([0, 1, 2], 20)
        X = np.array([[0, 0], [6, 0], [0, 6]])[truth] + rng.standard_normal((60, 2))
        for method in ("auto", "anls", "net"):
            model = orthant.SymNMF(3, method=method, random_state=0)
            self.assertGreater(adjusted_rand_score(truth, model.fit_predict(X)), 0.9)
        again = orthant.SymNMF(3, affinity="precomputed", random_state=0)
        self.assertGreater(adjusted_rand_score(truth, again.fit_predict(model.affinity_matrix_)), 0.9)

    def test_relu_nmd(self):
        rng = np.random.default_rng(5)
        X = np.maximum(rng.standard_normal((40, 3)) @ rng.standard_normal((3, 25)), 0)
        for value in (X, scipy.sparse.csr_matrix(X)):
            model = orthant.ReluNMD(3, random_state=0)
            np.testing.assert_allclose(model.inverse_transform(model.fit_transform(value)), X, atol=1e-2)
        # Codes of samples that were not seen: the gradient of the objective vanishes.
        new = np.maximum(rng.standard_normal((30, 25)), 0)
        codes = model.transform(new)
        T = codes @ model.components_
        gradient = np.where((new > 0) | (T > 0), T - new, 0) @ model.components_.T
        self.assertLess(abs(gradient).max(), 1e-9 * np.linalg.norm(new) * np.linalg.norm(model.components_))
        np.testing.assert_allclose(model.transform(new[3:4]), codes[3:4], atol=1e-9)

    def test_unmixer(self):
        made = scene(60, 20, 20, 3, snr_db=-1.0)
        X = made["Y"].T
        given = orthant.Unmixer(endmembers=made["E"].T).fit(X)
        np.testing.assert_allclose(given.transform(X), made["A"].T, atol=1e-6)
        found = orthant.Unmixer(3, random_state=0).fit(X)
        A = found.transform(X)
        np.testing.assert_allclose(A.sum(axis=1), 1, atol=1e-9)
        self.assertEqual(found.endmembers_.shape, (3, 60))
        image = X.reshape(20, 20, 60).copy()
        np.testing.assert_array_equal(found.transform(image).reshape(400, 3), A)
        image[3, 4, 5] = np.nan
        again = orthant.Unmixer(3, random_state=0)
        with self.assertWarns(orthant.DataWarning):
            maps = again.fit(image).transform(image)
        self.assertTrue(np.isnan(maps[3, 4]).all())
        self.assertEqual(np.isnan(maps).sum(), 3)
        np.testing.assert_allclose(again.endmembers_, image.reshape(400, 60)[again.pixels_], atol=1e-6)
        with self.assertRaisesRegex(ValueError, "bands"):
            orthant.Unmixer(endmembers=np.ones((3, 59))).fit(X)

    def test_among_others(self):
        X = np.random.default_rng(6).random((40, 6))
        search = GridSearchCV(make_pipeline(orthant.NMF(random_state=0)), {"nmf__n_components": [1, 2]}, cv=2,
                              scoring=lambda model, X, y=None: -np.linalg.norm(
                                  X - model.inverse_transform(model.transform(X))))
        self.assertEqual(search.fit(X).best_params_["nmf__n_components"], 2)
        for estimator in ESTIMATORS:
            self.assertEqual(clone(estimator).get_params(), estimator.get_params())
        names = orthant.NMF(2).fit(X).get_feature_names_out()
        self.assertEqual(list(names), ["nmf0", "nmf1"])


if __name__ == "__main__":
    unittest.main()
