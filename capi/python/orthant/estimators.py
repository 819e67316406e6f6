"""Estimators in scikit-learn's manner on the functions of this package.

A C-order X (samples, features) is column-major features x samples, and rows of `components_` are columns of W: nothing
is copied on the way.  float32 stays float32; CSR matrices are read in place."""
import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, check_non_negative

from . import functions

_FLOATS = [np.float64, np.float32]


def _chosen(value):
    """An option of the library: "auto" leaves the choice to it."""
    return None if value == "auto" else value


class _Estimator(BaseEstimator):
    def _seed(self):
        return int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))

    def _data(self, X, reset, accept_sparse="csr", **checks):
        missing = getattr(self, "missing", False)
        return self._validate_data(X, reset=reset, dtype=_FLOATS, accept_sparse=accept_sparse,
                                   accept_large_sparse=False,
                                   force_all_finite="allow-nan" if missing else True, **checks)

    def _rank(self, X):
        return min(X.shape) if self.n_components is None else self.n_components

    def _finish(self, report):
        self.report_ = report
        self.n_iter_ = max(report.iters, 1)
        return self

    @property
    def _n_features_out(self):
        return self.components_.shape[0]

    def get_feature_names_out(self, input_features=None):
        check_is_fitted(self)
        return np.asarray([f"{type(self).__name__.lower()}{i}" for i in range(self._n_features_out)], dtype=object)

    def _more_tags(self):
        return {"preserves_dtype": _FLOATS, "allow_nan": getattr(self, "missing", False)}


class NMF(TransformerMixin, _Estimator):
    """X ~ codes @ components_, both nonnegative.

    n_components  rank; None: the smaller side of X
    method        "auto", "ehals", "hals", "ahals", "anls", "aoadmm", "pg", "mu", "ccd", "minvol", ...
    start         "auto", "cols", "spas", "spa", "random", "nndsvd", "nndsvda", "nndsvdar"
    loss          "frobenius", "kl", "is", or a number: the beta-divergence
    l1_codes, l1_components, l2_codes, l2_components   weights of the sum and of half the squared sum of entries
    missing       NaN in X is a missing entry

    components_ (n_components, n_features), n_iter_, report_ (objective, rel_error, kkt, stop)

    The codes of a transform are the best ones for components_; those of fit_transform are the same."""

    def __init__(self, n_components=None, *, method="auto", start="auto", loss="frobenius", tol=1e-4, max_iter=500,
                 l1_codes=0.0, l1_components=0.0, l2_codes=0.0, l2_components=0.0, missing=False, random_state=None):
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
        loss = {"loss": self.loss} if isinstance(self.loss, str) else {"loss": "beta", "beta": self.loss}
        return dict(loss, tol=self.tol, max_iter=self.max_iter, l1_h=self.l1_codes, l2_h=self.l2_codes,
                    missing=self.missing)

    def fit(self, X, y=None):
        X = self._data(X, True)
        check_non_negative(X, "NMF")
        W, _, report = functions.nmf(X.T, self._rank(X), method=_chosen(self.method), start=_chosen(self.start),
                                     l1_w=self.l1_components, l2_w=self.l2_components, seed=self._seed(),
                                     **self._options())
        self.components_ = W.T
        return self._finish(report)

    def transform(self, X):
        check_is_fitted(self)
        X = self._data(X, False)
        check_non_negative(X, "NMF")
        _, H, _ = functions.nmf(X.T, W=self.components_.T, fixed_w=1, **self._options())
        return H.T

    def inverse_transform(self, codes):
        check_is_fitted(self)
        return codes @ self.components_

    def _more_tags(self):
        return dict(super()._more_tags(), requires_positive_X=True)


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
        X = self._data(X, True)
        check_non_negative(X, "ReluNMD")
        U, _, report = functions.relu_nmd(X.T, self._rank(X), method=_chosen(self.method), start=_chosen(self.start),
                                          tol=self.tol, max_iter=self.max_iter, seed=self._seed())
        self.components_ = U.T
        return self._finish(report)

    def transform(self, X):
        check_is_fitted(self)
        X = self._data(X, False)
        check_non_negative(X, "ReluNMD")
        codes = np.empty((X.shape[0], len(self.components_)), X.dtype)
        for rows in (slice(i, i + 1024) for i in range(0, X.shape[0], 1024)):
            part = X[rows].toarray() if hasattr(X, "toarray") else X[rows]
            codes[rows] = _relu_codes(part.astype(np.float64), self.components_.astype(np.float64))
        return codes

    def inverse_transform(self, codes):
        check_is_fitted(self)
        return np.maximum(codes @ self.components_, 0)

    def _more_tags(self):
        return dict(super()._more_tags(), requires_positive_X=True)


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
        return self.fit(X).embedding_

    def _more_tags(self):
        return dict(super()._more_tags(), pairwise=self.affinity == "precomputed")


class Unmixer(TransformerMixin, _Estimator):
    """Abundances of pixels (rows of X) for spectra that are found in the image or given.

    n_components  how many endmembers to find; None: 4, or the smaller side of X
    endmembers    (n_endmembers, n_bands) given, or None: found by fit
    extraction    "vca", "spa", "nfindr"
    sum_to_one    abundances of a pixel sum to one (FCLS); else NNLS
    method        "auto": exact; "bpp", "active_set", "hals", "admm", "fast_pg", "mu", "unconstrained", "clip"
    inner_tol, inner_iter   of the methods that are not exact; 0: the library's own
    model         orthant.Model that proposes starting points, or None;   missing  NaN in X is a band that a pixel lacks

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
        X = self._data(X, True, accept_sparse=False)
        if self.endmembers is not None:
            E = np.array(self.endmembers, dtype=X.dtype, order="C", ndmin=2)
            if E.shape[1] != X.shape[1]:
                raise ValueError(f"the endmembers have {E.shape[1]} bands and X has {X.shape[1]} features")
            self.components_, self.pixels_ = E, None
            return self
        n_samples, n_features = X.shape
        count = min(4, *X.shape) if self.n_components is None else self.n_components
        if count > min(X.shape):
            raise ValueError(f"{count} endmembers need as many samples and features; "
                             f"n_samples={n_samples}, n_features={n_features}")
        E, self.pixels_ = functions.endmembers(X.T, count, method=self.extraction, seed=self._seed())
        self.components_ = E.T
        return self

    @property
    def endmembers_(self):
        return self.components_

    def transform(self, X):
        check_is_fitted(self)
        X = self._data(X, False, accept_sparse=False)
        A, _ = functions.unmix(X.T, self.components_.T, sum_to_one=int(self.sum_to_one), method=_chosen(self.method),
                               tol=self.inner_tol, max_iter=self.inner_iter, model=self.model, missing=self.missing)
        return A.T

    def inverse_transform(self, abundances):
        check_is_fitted(self)
        return abundances @ self.components_
