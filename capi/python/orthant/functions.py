"""One function for each noun of orthant.h: arrays in, arrays and a report out.

Shapes, names and options are those of the header, whose comments say what each means; options that are a choice there
are words here (method="hals"), and `workers` is how many threads, for the same bits.  Arrays that are column-major
already (order="F", or the transpose of a C-order array) are used where they lie; others are copied.  float32 is
computed in float32, all else in float64.  `nmf`, `unmix` and `endmembers` take a Stream too, whose columns are read as
they are needed.  Images of three dimensions, lines x samples x bands, are taken by `unmix`,
`unmix_check` and `endmembers`, and maps given back in the same shape.  Masked arrays: what is hidden is missing."""
import ctypes
import functools
import inspect
import warnings

import numpy as np

from . import _abi
from ._core import (ArgumentError, DataError, DataWarning, Job, Matrix, column_major, config_problem, configure,
                    element_of, function, int32, leading, require, suffix, text)


def new(dtype, *shape):
    return np.empty([int32(n, "a dimension") for n in shape], dtype, order="F")


def start_given(given, options):
    if given:
        options.setdefault("start", "given")


def _documented(noun, *made):
    """The options of a noun as keyword arguments with their defaults and the header's words; `made`: fields that the
    function fills itself."""
    config = getattr(_abi, f"orthant_{noun}_config")
    hidden = {"size", "reserved", "user", "parallel", "reduce", *made}
    fields = [name for name, _ in config._fields_ if name not in hidden]
    names = ["regularization" if name == "lambda" else name for name in fields]

    def decorate(call):
        @functools.wraps(call)
        def checked(*arguments, **options):
            if "n_jobs" in options:  # scikit-learn's name
                jobs = options.pop("n_jobs")
                options["workers"] = 0 if jobs is not None and jobs < 0 else jobs
            return call(*arguments, **options)

        own = inspect.signature(call)
        kept = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
        more = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in names + ["workers"]
                if name not in own.parameters]
        checked.__signature__ = own.replace(parameters=kept + more)
        lines = [f"    {name}: {_abi.DOCS.get((noun, field), '')}".rstrip(": ")
                 for name, field in zip(names, fields)] + [
                     "    workers: threads, for the same bits; 0: as many as there are processors"]
        checked.__doc__ = f"{inspect.cleandoc(call.__doc__)}\n\nOptions; None is the default:\n" + "\n".join(lines)
        return checked

    return decorate


def _pixels(image, dtype):
    """bands x pixels of an image of lines x samples x bands, and the shape of a map; or the matrix itself and None."""
    if np.ndim(image) != 3:
        return image, None
    image = image if isinstance(image, np.ma.MaskedArray) else np.asarray(image)
    return image.astype(dtype, copy=False).reshape(-1, image.shape[2]).T, image.shape[:2]


def _maps(A, shape):
    return A if shape is None else A.T.reshape(*shape, -1)


@_documented("nmf", "rows", "cols", "rank", "data")
def nmf(V, rank=None, *, W=None, H=None, weights=None, missing=False, fixed_w=0, terms=None, **options):
    """V ~ W H with W, H >= 0.  Returns W (rows x rank), H (rank x cols), report.

    W and H, if given, are the start, and are overwritten.  With fixed_w=1 only H is solved for.  `weights`, or NaN with
    missing=True: the entries that count.  terms: a dictionary of the weights and penalties of murnmf and aurnmf
    (Job.terms).  `progress` is called with a report between iterations; true stops."""
    dtype = element_of(V)
    data = Matrix(V, dtype, "V", weights, missing)
    rows, cols = data.shape
    if rank is None:
        rank = np.shape(W)[1] if W is not None else min(rows, cols)
    if H is not None and W is None or W is not None and H is None and not fixed_w:
        raise ArgumentError("give W and H, or W with fixed_w=1, or neither")
    start_given(W is not None, options)
    if W is not None:
        W = column_major(W, dtype, "W", (rows, rank)) if fixed_w else W
        W = W.copy(order="F") if not W.flags.writeable else W
    else:
        W = new(dtype, rows, rank)
    H = np.ones((rank, cols), dtype, order="F") if H is None else H
    job = Job("nmf", dtype, rows=rows, cols=cols, rank=rank, data=data.kind, fixed_w=int(fixed_w), **options)
    if terms:
        job.terms(**terms)
    job.start(data, W, H)
    report = job.run(data, W, H)
    if missing:
        empty = np.isnan(np.ma.filled(V, np.nan)).all(axis=0)
        H[:, empty] = 0  # nothing is known of them
    return W, H, report


@_documented("unmix", "bands", "endmembers", "data")
def unmix(Y, E, *, weights=None, missing=False, **options):
    """Abundances A (endmembers x pixels) >= 0 with Y ~ E A.  Returns A, report.

    sum_to_one=1: fractions.  model: a NALMU whose start is proposed to the exact solver.  A pixel with NaN or infinite
    entries has the abundances NaN and is named by a DataWarning; DataError only where no pixel is left."""
    dtype = element_of(Y)
    pixels, shape = _pixels(Y, dtype)
    data = Matrix(pixels, dtype, "Y", weights, missing)
    bands, count = np.shape(E)
    job = Job("unmix", dtype, {"E": E}, bands=bands, endmembers=count, data=data.kind, **options)
    A = new(dtype, count, data.shape[1])
    try:
        report = job.run(data, A)
    except DataError as error:
        if np.isnan(A).any(axis=0).all():
            raise
        report = error.report
        lost = np.flatnonzero(np.isnan(A).any(axis=0))
        words = f"no abundances for {lost.size} of {A.shape[1]} pixels, the first {lost[0]}: {error}"
        warnings.warn(words, DataWarning, 3)
    return _maps(A, shape), report


@_documented("unmix", "bands", "endmembers", "data")
def unmix_check(Y, E, A, *, weights=None, missing=False, **options):
    """How well abundances explain pixels.  Returns rms and kkt of each pixel, and a report."""
    dtype = element_of(Y)
    pixels, shape = _pixels(Y, dtype)
    data = Matrix(pixels, dtype, "Y", weights, missing)
    A = A if shape is None else np.asarray(A).reshape(-1, np.shape(A)[2]).T
    job = Job("unmix", dtype, {"E": E}, bands=np.shape(E)[0], endmembers=np.shape(E)[1], data=data.kind, **options)
    rms, kkt = new(dtype, data.shape[1]), new(dtype, data.shape[1])
    report = job.check(data, A, rms, kkt)
    return (rms, kkt, report) if shape is None else (rms.reshape(shape), kkt.reshape(shape), report)


@_documented("endmembers", "bands", "pixels", "endmembers", "data")
def endmembers(Y, count, **options):
    """Spectra at the corners of the pixels Y.  Returns E (bands x count) and the indices of the pixels, of an image
    those of its pixels line by line."""
    dtype = element_of(Y)
    data = Matrix(_pixels(Y, dtype)[0], dtype, "Y")
    E, pixel = new(dtype, data.shape[0], count), np.empty(count, np.int32)
    Job("endmembers", dtype, bands=data.shape[0], pixels=data.shape[1], endmembers=count, data=data.kind,
        **options).run(Y=data, E=E, pixel=pixel)
    return E, pixel


@_documented("dimension", "bands")
def dimension(Y, **options):
    """How many endmembers Y has.  Returns the number, and power, limit and noise of each band."""
    dtype = element_of(Y)
    data = Matrix(Y, dtype, "Y")
    power, limit, noise = (np.empty(data.shape[0]) for _ in range(3))
    count = np.empty(1, np.int32)
    Job("dimension", dtype, bands=data.shape[0], **options).run(Y=data, power=power, limit=limit, noise=noise,
                                                               count=count)
    return int(count[0]), power, limit, noise


@_documented("library", "bands", "spectra")
def unmix_library(Y, E, *, variance=None, deviations=False, **options):
    """Abundances (spectra x pixels) >= 0 by a library E, of more spectra than bands if need be: l1=.. for few of them.

    variance: of each band's noise.  Returns A, report; with deviations=True A, their standard deviations, report."""
    dtype = element_of(Y)
    data = Matrix(Y, dtype, "Y")
    bands, count = np.shape(E)
    job = Job("library", dtype, {"E": E, "variance": variance}, bands=bands, spectra=count, **options)
    A, D = new(dtype, count, data.shape[1]), new(dtype, count, data.shape[1]) if deviations else None
    report = job.run(data, A, D)
    return (A, D, report) if deviations else (A, report)


def _classes(class_of):
    class_of = np.ascontiguousarray(class_of, np.int32)
    return class_of, int(class_of.max()) + 1 if class_of.size else 0


@_documented("bootstrap", "bands", "spectra", "classes")
def unmix_bootstrap(Y, E, class_of, *, variance=None, **options):
    """Fractions of the classes of a library E over draws of its spectra; class_of: of each, from zero.

    Returns A (classes x pixels), the mean over the draws, and D, the standard deviation."""
    dtype = element_of(Y)
    data = Matrix(Y, dtype, "Y")
    class_of, classes = _classes(class_of)
    job = Job("bootstrap", dtype, {"E": E, "class_of": class_of, "variance": variance}, bands=np.shape(E)[0],
              spectra=np.shape(E)[1], classes=classes, **options)
    A, D = new(dtype, classes, data.shape[1]), new(dtype, classes, data.shape[1])
    job.run(data, A, D)
    return A, D


@_documented("mesma", "bands", "spectra", "classes")
def mesma(Y, E, class_of, **options):
    """The best model of each pixel, of one spectrum of E from each of some classes; class_of: of each, from zero.

    Returns model (classes x pixels: the spectrum, or -1), A (fractions), rms, report."""
    dtype = element_of(Y)
    data = Matrix(Y, dtype, "Y")
    bands, count = np.shape(E)
    class_of, classes = _classes(class_of)
    job = Job("mesma", dtype, {"E": E, "class_of": class_of}, bands=bands, spectra=count, classes=classes, **options)
    model, A = new(np.int32, classes, data.shape[1]), new(dtype, classes, data.shape[1])
    rms = new(dtype, data.shape[1])
    return model, A, rms, job.run(data, model, A, rms)


@_documented("relu_nmd", "rows", "cols", "rank")
def relu_nmd(M, rank=None, *, U=None, V=None, **options):
    """M ~ max(0, U V), U and V of any sign.  Returns U (rows x rank), V (rank x cols), report."""
    dtype = element_of(M)
    data = Matrix(M, dtype, "M")
    rows, cols = data.shape
    if (U is None) != (V is None):
        raise ArgumentError("give U and V, or neither")
    start_given(U is not None, options)
    rank = rank or (np.shape(U)[1] if U is not None else min(rows, cols))
    U, V = (new(dtype, rows, rank), new(dtype, rank, cols)) if U is None else (U, V)
    job = Job("relu_nmd", dtype, rows=rows, cols=cols, rank=rank, **options)
    job.start(data, U, V)
    return U, V, job.run(data, U, V)


@_documented("tsvd", "rows", "cols", "rank")
def tsvd(X, rank, **options):
    """The leading singular triplets: X ~ U diag(s) V'.  Returns U, s, V, report."""
    dtype = element_of(X)
    data = Matrix(X, dtype, "X")
    U, s, V = new(dtype, data.shape[0], rank), new(dtype, rank), new(dtype, data.shape[1], rank)
    job = Job("tsvd", dtype, rows=data.shape[0], cols=data.shape[1], rank=rank, **options)
    return U, s, V, job.run(data, U, s, V)


def _symmetric(noun, X, rank, U, options):
    dtype = element_of(X)
    data = Matrix(X, dtype, "X")
    start_given(U is not None, options)
    U = new(dtype, data.shape[0], rank) if U is None else U
    job = Job(noun, dtype, n=data.shape[0], rank=rank, **options)
    job.start(data, U)
    return U, job.run(data, U)


@_documented("symnmf", "n", "rank")
def symnmf(X, rank, *, U=None, **options):
    """X ~ U U' with U >= 0, X symmetric, dense or sparse.  Returns U, report."""
    return _symmetric("symnmf", X, rank, U, options)


@_documented("symnet", "n", "rank")
def symnet(X, rank, *, U=None, **options):
    """The same by training SymNMF-Net on X.  Returns U, report."""
    return _symmetric("symnet", X, rank, U, options)


@_documented("nalmu", "bands", "pixels", "endmembers", "given", "factors")
def nalmu(Y, model=None, *, W=None, H=None, **options):
    """Y ~ W H by the layers of a NALMU: multiplicative updates with learned multipliers.  Returns W, H, report.

    W: the endmembers, which a model of one factor keeps; H: a start.  Without either the model's own are taken."""
    dtype = element_of(Y)
    data = Matrix(Y, dtype, "Y")
    bands, pixels = data.shape
    count = np.shape(W)[1] if W is not None else _factors_of(model, bands)
    W = new(dtype, bands, count) if W is None else np.array(W, dtype, order="F")
    given = int(H is not None)
    H = new(dtype, count, pixels) if H is None else np.array(H, dtype, order="F")
    job = Job("nalmu", dtype, bands=bands, pixels=pixels, endmembers=count, model=model, given=given, **options)
    return W, H, job.run(data, W, H)


def _factors_of(model, bands):
    """How many endmembers a model with a start of its own has."""
    start = model.records().get("W0") if model is not None else None
    if start is None or len(start) != bands:
        raise ArgumentError("give W: the model has no start for so many bands")
    return start.shape[1]


@_documented("factormer", "rows", "cols")
def factormer(V, model, W, H, *, W0=None, H0=None, **options):
    """A Factormer applied once to factors of V.  Returns new W and H.  W0, H0: those before a step of the solver, for a
    model that accelerates."""
    dtype = element_of(V)
    data = Matrix(V, dtype, "V")
    W, H = np.array(W, dtype, order="F"), np.array(H, dtype, order="F")
    job = Job("factormer", dtype, rows=data.shape[0], cols=data.shape[1], model=model, **options)
    job.run(data, W, H, W0, H0)
    return W, H


@_documented("qp", "n")
def qp(G, d, x, **options):
    """minimise 1/2 x'G x + d'x over x >= 0, from x.  Returns x, report."""
    dtype = element_of(G)
    x = np.array(x, dtype)
    return x, Job("qp", dtype, n=len(x), **options).run(G, d, x)


@_documented("graph", "features", "samples")
def graph(M, **options):
    """The similarity graph of the columns of M (features x samples).  Returns a scipy.sparse.csc_matrix."""
    import scipy.sparse

    dtype = element_of(M)
    data = Matrix(M, dtype, "M")
    samples = data.shape[1]
    config, _, _ = configure("graph", dict(options, features=data.shape[0], samples=samples))
    entries, size = ctypes.c_int32(), ctypes.c_size_t()
    why = functools.partial(config_problem, "graph", config)
    require(function("orthant_graph_capacity")(ctypes.byref(config), ctypes.byref(entries)), "graph", why)
    name = f"orthant_graph_{{}}_{suffix(dtype)}"
    require(function(name.format("size"))(ctypes.byref(config), ctypes.byref(size)), "graph", why)
    memory = np.empty(size.value, np.uint8)
    starts, indices = np.empty(samples + 1, np.int32), np.empty(entries.value, np.int32)
    values = np.empty(entries.value, dtype)
    require(function(name.format("run"))(ctypes.byref(config), memory.ctypes.data, size.value, ctypes.byref(data.abi),
                                         starts.ctypes.data, indices.ctypes.data, values.ctypes.data, entries.value),
            "graph")
    used = starts[-1]
    return scipy.sparse.csc_matrix((values[:used].copy(), indices[:used].copy(), starts), shape=(samples, samples))


def labels(U):
    """The cluster of each row of U: its largest entry.  Returns int32 labels."""
    dtype = element_of(U)
    U = column_major(U, dtype, "U", np.shape(U))
    out = np.empty(U.shape[0], np.int32)
    ld = int32(leading(U), "U")
    call = function(f"orthant_clusters_labels_{suffix(dtype)}")
    require(call(int32(U.shape[0], "U"), int32(U.shape[1], "U"), U.ctypes.data, ld, out.ctypes.data, None), "labels")
    return out


def build():
    """The version of the library at work, how it was built, and the kernels in use."""
    return {key: text(f"orthant_{name}") for key, name in
            (("version", "version"), ("build", "build"), ("kernels", "build_kernels"))} | {
                "abi": _abi.NUMBERS["ORTHANT_ABI"]}


def _scored(name, config, size_name, arguments):
    """A call that only needs scratch memory and fills a struct of scores, as a dictionary."""
    size = ctypes.c_size_t()
    noun = size_name[len("orthant_"):size_name.index("_size")]
    require(function(size_name)(ctypes.byref(config), ctypes.byref(size)), noun,
            functools.partial(config_problem, noun, config))
    memory = np.empty(size.value, np.uint8)
    struct = getattr(_abi, "orthant_clusters_scores" if "clusters" in name else "orthant_scores")
    out = struct(size=ctypes.sizeof(struct))
    require(function(name)(ctypes.byref(config), memory.ctypes.data, size.value, *arguments, ctypes.byref(out)), name)
    return {field: getattr(out, field) for field, _ in struct._fields_ if field not in ("size", "reserved")}


def scores(*, E=None, E_true=None, A=None, A_true=None):
    """Endmembers and abundances against a truth, matched one to one.  Returns mean_angle, rmse, armse, match, angle."""
    given = [a for a in (E, E_true, A, A_true) if a is not None]
    if not given or (E is None) != (E_true is None) or (A is None) != (A_true is None):
        raise ArgumentError("give E and E_true, or A and A_true, or all four")
    dtype = element_of(given[0])
    bands, count = np.shape(E) if E is not None else (0, np.shape(A)[0])
    pixels = np.shape(A)[1] if A is not None else 0
    config, _, _ = configure("scores", {"bands": bands, "endmembers": count, "pixels": pixels})
    kept, arguments = [], []
    for name, array, shape in (("E", E, (bands, count)), ("E_true", E_true, (bands, count)),
                               ("A", A, (count, pixels)), ("A_true", A_true, (count, pixels))):
        kept.append(None if array is None else column_major(array, dtype, name, shape))
        arguments += [None, 0] if array is None else [kept[-1].ctypes.data, leading(kept[-1])]
    match, angle = np.empty(count, np.int32), np.full(count, np.nan)
    arguments += [match.ctypes.data, angle.ctypes.data]
    element = suffix(dtype)
    found = _scored(f"orthant_scores_run_{element}", config, f"orthant_scores_size_{element}", arguments)
    return dict(found, match=match, angle=angle)


def cluster_scores(found, truth):
    """Clusters against classes, both counted from zero.  Returns accuracy, purity, nmi and its variants."""
    found, truth = (column_major(a, np.int32, "labels", np.shape(a)) for a in (found, truth))
    if found.ndim != 1 or found.shape != truth.shape or not found.size:
        raise ArgumentError(f"labels of the shapes {found.shape} and {truth.shape}")
    counts = {"samples": len(found), "clusters": int(found.max()) + 1, "classes": int(truth.max()) + 1}
    config, _, _ = configure("clusters", counts)
    return _scored("orthant_clusters_score", config, "orthant_clusters_size", [found.ctypes.data, truth.ctypes.data])
