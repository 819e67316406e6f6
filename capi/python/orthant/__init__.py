"""Nonnegative matrix factorization and hyperspectral unmixing: Orthant's C library on NumPy arrays.

Functions (nmf, unmix, relu_nmd, symnmf, ...) have the shapes of orthant.h; the estimators NMF, SymNMF, ReluNMD and
Unmixer follow scikit-learn, which only they need."""
from ._abi import VERSION as __version__
from ._core import (ArgumentError, BlobError, DataError, DataWarning, Error, Job, Model, ReadError, Report, Stream,
                    UnsupportedError)
from .functions import (build, cluster_scores, dimension, endmembers, factormer, graph, labels, mesma, nalmu, nmf, qp,
                        relu_nmd, scores, symnet, symnmf, tsvd, unmix, unmix_bootstrap, unmix_check, unmix_library)

_ESTIMATORS = ("NMF", "ReluNMD", "SymNMF", "Unmixer")
__all__ = ["ArgumentError", "BlobError", "DataError", "DataWarning", "Error", "Job", "Model", "ReadError",
           "Report", "Stream", "UnsupportedError", "build", "cluster_scores", "dimension", "endmembers", "factormer",
           "graph", "labels",
           "mesma", "nalmu", "nmf", "qp", "relu_nmd", "scores", "symnet", "symnmf", "tsvd", "unmix", "unmix_bootstrap",
           "unmix_check", "unmix_library", "__version__", *_ESTIMATORS]


def __getattr__(name):
    if name in _ESTIMATORS:
        from . import estimators
        return getattr(estimators, name)
    raise AttributeError(f"module 'orthant' has no attribute {name!r}")
