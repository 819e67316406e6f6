"""Estimators in scikit-learn's manner on the functions of this package.

A C-order X (samples, features) is column-major features x samples, and rows of `components_` are columns of W: nothing
is copied on the way.  float32 stays float32; CSR matrices are read in place.  scikit-learn 1.2 or newer: the hooks
of 1.6 (validate_data, __sklearn_tags__) stand beside the older ones."""
import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state, validation
from sklearn.utils.validation import check_is_fitted, check_non_negative

from . import functions

_FLOATS = [np.float64, np.float32]


def _validated(estimator, X, *, allow_nan, **checks):
    """scikit-learn's checks of the data, by whichever hook it has."""
    finite = "allow-nan" if allow_nan else True
    if hasattr(validation, "validate_data"):
        return validation.validate_data(estimator, X, ensure_all_finite=finite, **checks)
    return estimator._validate_data(X, force_all_finite=finite, **checks)


def _chosen(value):
    """An option of the library: "auto" leaves the choice to it."""
    return None if value == "auto" else value


class _Estimator(BaseEstimator):
    def _seed(self):
        return int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))

    def _data(self, X, reset, accept_sparse="csr", **checks):
        return _validated(self, X, reset=reset, dtype=_FLOATS, accept_sparse=accept_sparse,
                          allow_nan=self._about["allow_nan"], **checks)

    def _rank(self, X):
        return min(X.shape) if self.n_components in (None, "auto") else self.n_components

    def _finish(self, report):
        self.report_ = report
        self.n_iter_ = max(report.iters, 1)
        if report.stop == "iterations" and getattr(self, "method", "") != "net":  # whose epochs are its rule
            warnings.warn(f"{type(self).__name__} ended after {report.iters} iterations with a residual of "
                          f"{report.kkt:.1e}; a larger max_iter or tol lets it converge", ConvergenceWarning, 3)
        return self

    @property
    def _n_features_out(self):
        return self.components_.shape[0]

    def get_feature_names_out(self, input_features=None):
        check_is_fitted(self)
        return np.asarray([f"{type(self).__name__.lower()}{i}" for i in range(self._n_features_out)], dtype=object)

    @property
    def _about(self):
        """What the tags of scikit-learn say, by the names of the older ones."""
        return {"preserves_dtype": _FLOATS, "allow_nan": getattr(self, "missing", False), "requires_positive_X": False,
                "pairwise": False}

    def _more_tags(self):
        return self._about

    def __sklearn_tags__(self):
        tags, about = super().__sklearn_tags__(), self._about
        tags.input_tags.allow_nan = about["allow_nan"]
        tags.input_tags.positive_only = about["requires_positive_X"]
        tags.input_tags.pairwise = about["pairwise"]
        tags.input_tags.sparse = not isinstance(self, (SymNMF, Unmixer)) or about["pairwise"]
        if tags.transformer_tags is not None:
            tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


class NMF(TransformerMixin, _Estimator):
    """X ~ codes @ components_, both nonnegative.

    n_components  rank; None: the smaller side of X
    method        "auto", "ehals", "hals", "ahals", "anls", "aoadmm", "pg", "mu", "ccd", "minvol", ...
    start         "auto", "cols", "spas", "spa", "random", "nndsvd", "nndsvda", "nndsvdar"
    loss          "frobenius", "kl", "is", or a number: the beta-divergence
    l1_codes, l1_components, l2_codes, l2_components   weights of the sum and of half the squared sum of entries
    missing       NaN in X is a missing entry
    n_jobs        threads, for the same bits; -1: all

    scikit-learn's own names are understood: init for start, solver for method, beta_loss for loss, alpha_W, alpha_H and
    l1_ratio for the penalties, in its scaling; where both are given, these count.

    components_ (n_components, n_features), n_iter_, reconstruction_err_, report_ (objective, rel_error, kkt, stop)

    The codes of a transform are the best ones for components_; those of fit_transform are the same."""

    def __init__(self, n_components=None, *, method="auto", start="auto", loss="frobenius", tol=1e-4, max_iter=500,
                 l1_codes=0.0, l1_components=0.0, l2_codes=0.0, l2_components=0.0, missing=False, random_state=None,
                 n_jobs=None, init=None, solver=None, beta_loss=None, alpha_W=0.0, alpha_H="same", l1_ratio=0.0):
        self.n_jobs = n_jobs
        self.init = init
        self.solver = solver
        self.beta_loss = beta_loss
        self.alpha_W = alpha_W
        self.alpha_H = alpha_H
        self.l1_ratio = l1_ratio
        self.n_components = n_components
        self.method = method
        self.start = start
        self.loss = loss
        self.tol = tol
        self.max_iter = max_iter
        self.l1_codes = l1_codes
        self.l1_components = l1_components
        self.l2_codes = l2_codes
        self.l2_components = l2_components
        self.missing = missing
        self.random_state = random_state

    def _options(self):
        given = self.loss if self.beta_loss is None else self.beta_loss
        loss = {"loss": given} if isinstance(given, str) else {"loss": "beta", "beta": given}
        return dict(loss, tol=self.tol, max_iter=self.max_iter, missing=self.missing, n_jobs=self.n_jobs)

    def _penalties(self, X):
        """l1 and l2 of the codes and of the components.  scikit-learn scales those of the codes by the features, those
        of the components by the samples."""
        alpha_h = self.alpha_W if self.alpha_H == "same" else self.alpha_H
        codes, components = self.alpha_W * X.shape[1], alpha_h * X.shape[0]
        return {"l1_h": self.l1_codes + self.l1_ratio * codes, "l2_h": self.l2_codes + (1 - self.l1_ratio) * codes,
                "l1_w": self.l1_components + self.l1_ratio * components,
                "l2_w": self.l2_components + (1 - self.l1_ratio) * components}

    def fit(self, X, y=None):
        """Find components_ for the rows of X."""
        X = self._data(X, True)
        check_non_negative(X, "NMF")
        penalties = self._penalties(X)
        method, start = self.solver or self.method, self.init or self.start
        W, H, report = functions.nmf(X.T, self._rank(X), method=_chosen(method), start=_chosen(start),
                                     seed=self._seed(), **penalties, **self._options())
        self.components_ = W.T
        self.reconstruction_err_ = self._error(X, W, H, report, any(penalties.values()))
        return self._finish(report)

    def _error(self, X, W, H, report, penalized):
        """|X - codes components|, or the root of twice the divergence."""
        if penalized:  # the objective has the penalties in it
            options = dict(self._options(), max_iter=-1, tol=-1)
            report = functions.nmf(X.T, W=W.copy(order="F"), H=H.copy(order="F"), **options)[2]
        return float(np.sqrt(2 * max(report.objective, 0)))

    def transform(self, X):
        """Codes of the rows of X for these components."""
        check_is_fitted(self)
        X = self._data(X, False)
        check_non_negative(X, "NMF")
        penalties = {name: value for name, value in self._penalties(X).items() if name.endswith("_h")}
        _, H, _ = functions.nmf(X.T, W=self.components_.T, fixed_w=1, **penalties, **self._options())
        return H.T

    def inverse_transform(self, codes):
        """What these codes stand for: codes @ components_."""
        check_is_fitted(self)
        return codes @ self.components_

    @property
    def _about(self):
        return dict(super()._about, requires_positive_X=True)


class ReluNMD(TransformerMixin, _Estimator):
    """X ~ max(0, codes @ components_) for sparse or binary nonnegative X; codes and components of any sign.

    method  "auto", "qn", "tm", "3b", "anmd", "naive", "anaive", "em", "aem"
    start   "auto", "tsvd", "nuclear", "random"

    components_ (n_components, n_features), n_iter_, report_

    The codes of a transform are the best ones for components_; those of fit_transform are the same."""

    def __init__(self, n_components=None, *, method="auto", start="auto", tol=1e-4, max_iter=1000, random_state=None):
        self.n_components = n_components
        self.method = method
        self.start = start
        self.tol = tol
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X, y=None):
        """Find components_ for the rows of X."""
        X = self._data(X, True)
        check_non_negative(X, "ReluNMD")
        U, _, report = functions.relu_nmd(X.T, self._rank(X), method=_chosen(self.method), start=_chosen(self.start),
                                          tol=self.tol, max_iter=self.max_iter, seed=self._seed())
        self.components_ = U.T
        return self._finish(report)

    def transform(self, X):
        """Codes of the rows of X for these components."""
        check_is_fitted(self)
        X = self._data(X, False)
        check_non_negative(X, "ReluNMD")
        codes = np.empty((X.shape[0], len(self.components_)), X.dtype)
        for rows in (slice(i, i + 1024) for i in range(0, X.shape[0], 1024)):
            part = X[rows].toarray() if hasattr(X, "toarray") else X[rows]
            codes[rows] = _relu_codes(part.astype(np.float64), self.components_.astype(np.float64))
        return codes

    def inverse_transform(self, codes):
        """What these codes stand for: max(0, codes @ components_)."""
        check_is_fitted(self)
        return np.maximum(codes @ self.components_, 0)

    @property
    def _about(self):
        return dict(super()._about, requires_positive_X=True)


def _relu_codes(X, C):
    """minimise over v, for each row x:  f = 1/2 sum (x_j - t_j)^2 over x_j > 0 or t_j > 0,  t = v C.

    f is the library's objective with one factor held, for which orthant.h has no run: convex and piecewise quadratic,
    so Newton's method on the pieces, halving a step that does not descend, ends at the exact minimiser."""
    k = len(C)
    ridge = np.finfo(float).eps * k * max(np.sum(C * C), np.finfo(float).tiny) * np.eye(k)
    squares = (C[:, None, :] * C[None, :, :]).reshape(k * k, -1).T

    def residual(V):
        T = V @ C
        return np.where((X > 0) | (T > 0), T - X, 0.0)

    V = np.linalg.solve(C @ C.T + ridge, C @ X.T).T
    R = residual(V)
    for _ in range(100):
        H = ((R != 0) | (X > 0)).astype(float) @ squares
        step = np.linalg.solve(H.reshape(-1, k, k) + ridge, (R @ C.T)[:, :, None])[:, :, 0]
        f, length = np.sum(R * R, axis=1), np.ones(len(X))
        for _ in range(30):
            trial = residual(V - length[:, None] * step)
            worse = np.sum(trial * trial, axis=1) > f
            if not worse.any():
                break
            length[worse] /= 2
        length[worse] = 0
        V, R = V - length[:, None] * step, residual(V - length[:, None] * step)
        if not (f - np.sum(R * R, axis=1) > 1e-14 * f).any():
            break
    return V


class SymNMF(ClusterMixin, _Estimator):
    """Clusters of samples by symmetric NMF of their similarity graph: S ~ U U', labels are the largest entries of rows.

    affinity     "gaussian", "cosine", "binary", or "precomputed": X is S, dense or sparse
    n_neighbors  of the graph; None: floor(log2(n_samples)) + 1
    method       "auto", "hals", "anls", "alternate", "fixed_point", "admm", "newton", "pgd", or "net": SymNMF-Net

    embedding_ (n_samples, n_clusters), labels_, affinity_matrix_, n_iter_, report_"""

    def __init__(self, n_clusters=8, *, affinity="gaussian", n_neighbors=None, method="auto", tol=1e-5, max_iter=500,
                 random_state=None):
        self.n_clusters = n_clusters
        self.affinity = affinity
        self.n_neighbors = n_neighbors
        self.method = method
        self.tol = tol
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X, y=None):
        """Find labels_ and embedding_ of the samples, or of the graph."""
        given = self.affinity == "precomputed"
        X = self._data(X, True, accept_sparse="csc" if given else False, ensure_min_samples=2)
        if given and X.shape[0] != X.shape[1]:
            raise ValueError(f"a precomputed affinity must be square, not {X.shape}")
        if self.n_clusters > X.shape[0]:
            raise ValueError(f"n_clusters={self.n_clusters} is more than n_samples={X.shape[0]}")
        S = X if given else functions.graph(X.T, kind=self.affinity, neighbours=self.n_neighbors)
        if self.method == "net":
            U, report = functions.symnet(S, self.n_clusters, seed=self._seed())
        else:
            U, report = functions.symnmf(S, self.n_clusters, method=_chosen(self.method), tol=self.tol,
                                         max_iter=self.max_iter, seed=self._seed())
        self.affinity_matrix_, self.embedding_, self.labels_ = S, U, functions.labels(U)
        return self._finish(report)

    def fit_transform(self, X, y=None):
        """U: the weight of each sample in each cluster."""
        return self.fit(X).embedding_

    @property
    def _about(self):
        return dict(super()._about, pairwise=self.affinity == "precomputed")


def _rows(X):
    """The pixels of an image of lines x samples x bands in its order, and the shape of a map; else X as it is."""
    shape = getattr(X, "shape", ())
    return (np.asarray(X).reshape(-1, shape[2]), shape[:2]) if len(shape) == 3 else (X, (-1,))


class Unmixer(TransformerMixin, _Estimator):
    """Abundances of pixels (rows of X) for spectra that are found in the image or given.

    n_components  how many endmembers to find; None: 4, or the smaller side of X
    endmembers    (n_endmembers, n_bands) given, or None: found by fit
    extraction    "vca", "spa", "nfindr"
    sum_to_one    abundances of a pixel sum to one (FCLS); else NNLS
    method        "auto": exact; "bpp", "active_set", "hals", "admm", "fast_pg", "mu", "unconstrained", "clip"
    inner_tol, inner_iter   of the methods that are not exact; 0: the library's own
    model         orthant.Model that proposes starting points, or None
    missing       NaN in X is a band that a pixel lacks; without it such a pixel has the abundances NaN

    Images of lines x samples x bands are taken, and maps of the same lines and samples given back.

    endmembers_ and components_ (the same: n_endmembers, n_bands), pixels_ (indices of the found ones, or None)"""

    def __init__(self, n_components=None, *, endmembers=None, extraction="vca", sum_to_one=True, method="auto",
                 inner_tol=0.0, inner_iter=0, model=None, missing=False, random_state=None):
        self.n_components = n_components
        self.endmembers = endmembers
        self.extraction = extraction
        self.sum_to_one = sum_to_one
        self.method = method
        self.inner_tol = inner_tol
        self.inner_iter = inner_iter
        self.model = model
        self.missing = missing
        self.random_state = random_state

    def fit(self, X, y=None):
        """Find, or take, components_: the spectra of the endmembers."""
        X = self._data(_rows(X)[0], True, accept_sparse=False)
        whole = np.flatnonzero(np.isfinite(X).all(axis=1))
        if self.endmembers is not None:
            E = np.array(self.endmembers, dtype=X.dtype, order="C", ndmin=2)
            if E.shape[1] != X.shape[1]:
                raise ValueError(f"the endmembers have {E.shape[1]} bands and X has {X.shape[1]} features")
            self.components_, self.pixels_ = E, None
            return self
        X = X[whole]
        n_samples, n_features = X.shape
        count = min(4, *X.shape) if self.n_components is None else self.n_components
        if count > min(X.shape):
            raise ValueError(f"{count} endmembers need as many samples without NaN, and features; "
                             f"n_samples={n_samples}, n_features={n_features}")
        E, found = functions.endmembers(X.T, count, method=self.extraction, seed=self._seed())
        self.pixels_ = whole[found]
        self.components_ = E.T
        return self

    @property
    def _about(self):
        return dict(super()._about, allow_nan=True)

    @property
    def endmembers_(self):
        """The same as components_."""
        return self.components_

    def transform(self, X):
        """Abundances of the pixels; of an image, maps."""
        check_is_fitted(self)
        X, shape = _rows(X)
        X = self._data(X, False, accept_sparse=False)
        A, _ = functions.unmix(X.T, self.components_.T, sum_to_one=int(self.sum_to_one), method=_chosen(self.method),
                               tol=self.inner_tol, max_iter=self.inner_iter, model=self.model, missing=self.missing)
        return A.T.reshape(*shape, len(self.components_))

    def inverse_transform(self, abundances):
        """The spectra of pixels of these abundances."""
        check_is_fitted(self)
        return abundances @ self.components_
