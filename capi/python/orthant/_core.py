"""What every noun of orthant.h needs: the library, errors, arrays in place, a workspace with its handle."""
import collections
import ctypes
import functools
import os
import sys
import threading
import weakref
from pathlib import Path

import numpy as np

from . import _abi


class Error(ValueError):
    """A call was refused; `status` is its code in orthant.h."""

    status = 0


class ArgumentError(Error):
    """A shape or an option is out of range."""

    status = _abi.NUMBERS["ORTHANT_E_ARG"]


class DataError(Error):
    """NaN, infinite, or negative where that is forbidden; `report` is that of the run, where there was one."""

    status = _abi.NUMBERS["ORTHANT_E_DATA"]
    report = None


class DataWarning(UserWarning):
    """Some of the data could not be used, and their results are NaN; all others are valid."""


class BlobError(Error):
    """Weights are malformed, or of another kind than is needed."""

    status = _abi.NUMBERS["ORTHANT_E_BLOB"]


class UnsupportedError(Error, NotImplementedError):
    """A valid request that this method or this build does not support."""

    status = _abi.NUMBERS["ORTHANT_E_UNSUPPORTED"]


class ReadError(Error):
    """The function of a Stream failed: its exception is the cause."""

    status = _abi.NUMBERS["ORTHANT_E_READ"]


def _load():
    given = os.environ.get("ORTHANT_LIBRARY")
    number = _abi.NUMBERS["ORTHANT_ABI"]
    names = {"win32": f"orthant-{number}.dll", "darwin": f"liborthant.{number}.dylib"}
    name = names.get(sys.platform, f"liborthant.so.{number}")
    beside = Path(__file__).with_name(name)
    path = given or (str(beside) if beside.exists() else name)
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"{path} cannot be loaded ({error}); install it, or name it in ORTHANT_LIBRARY") from error
    library.orthant_abi.restype = ctypes.c_int32
    if library.orthant_abi() != _abi.NUMBERS["ORTHANT_ABI"]:
        raise ImportError(f"{path} has interface {library.orthant_abi()}, this package needs {name}")
    for function, (result, arguments) in _abi.FUNCTIONS.items():
        if hasattr(library, function):  # a build may lack the _f64 half
            getattr(library, function).restype = result
            getattr(library, function).argtypes = [kind for _, kind, _, _ in arguments]
    return library


library = _load()


def text(function, *arguments):
    """A string from the library, or None."""
    found = getattr(library, function)(*arguments)
    return found.decode() if found else None


def function(name):
    if not hasattr(library, name):
        raise UnsupportedError(f"{name} is not in this build ({text('orthant_build')})")
    return getattr(library, name)


def said(name, *arguments):
    """What orthant_..._problem writes of these, or None where it finds nothing."""
    words = ctypes.create_string_buffer(500)
    return words.value.decode() if function(name)(*arguments, words, len(words)) else None


def require(status, what, why=None):
    """Raises where the status is not OK; why(), if it has something to say, replaces the text of the status."""
    if status == 0:
        return
    kinds = {kind.status: kind for kind in (ArgumentError, DataError, BlobError, UnsupportedError, ReadError)}
    kind = kinds.get(status, Error)
    found = why() if why else None
    error = kind(f"{what}: {found or text('orthant_status_text', status)}")
    error.status = status
    raise error


# ---- Arrays ---------------------------------------------------------------------------------------------------------

ELEMENTS = {"float": np.float32, "double": np.float64, "int32_t": np.int32}


def element_of(array):
    """float32 stays, everything else is computed in float64."""
    return np.dtype(np.float32 if getattr(array, "dtype", None) == np.float32 else np.float64)


def suffix(dtype):
    return {"float32": "f32", "float64": "f64"}[np.dtype(dtype).name]


def int32(number, what):
    if not -2**31 <= number < 2**31:
        raise ArgumentError(f"{what}: {number} is beyond 32 bits")
    return int(number)


def leading(array):
    """The leading dimension of a column-major array, or 0 where it is not column-major."""
    rows, cols = array.shape
    step, item = array.strides[1], array.itemsize
    if not array.flags.aligned or (rows > 1 and array.strides[0] != item):
        return 0
    if cols <= 1:
        return max(rows, 1)
    return step // item if step >= rows * item and step % item == 0 else 0


def column_major(value, dtype, what, shape, inout=False):
    """`value` itself where its layout allows it.  An input may be copied; an output must be column-major."""
    if inout and not (isinstance(value, np.ndarray) and value.dtype == dtype and value.flags.writeable):
        raise ArgumentError(f"{what} is written in place and must be a writable {np.dtype(dtype).name} array")
    try:
        array = np.asarray(value).astype(dtype, casting="same_kind", copy=False)
    except TypeError as error:
        raise ArgumentError(f"{what}: {error}") from None
    if array.shape != shape:
        raise ArgumentError(f"{what} has the shape {array.shape}, not {shape}")
    if array.ndim == 2 and leading(array) or array.ndim == 1 and array.flags.c_contiguous and array.flags.aligned:
        return array
    if inout:
        raise ArgumentError(f"{what} is written in place and must be column-major (order='F')")
    return np.asfortranarray(array)


class Stream:
    """A rows x cols matrix that is read as it is needed: read(first, count) gives its columns first .. first + count.

    It is called by one thread at a time, and must give the same numbers each time; an exception ends the call."""

    def __init__(self, read, rows, cols, dtype=np.float64):
        self.read, self.shape, self.dtype, self.ndim = read, (rows, cols), element_of(np.empty(0, dtype)), 2
        self.error = None

    def fill(self, _, first, count, out):
        """What the library calls."""
        try:
            room = np.ctypeslib.as_array(ctypes.cast(out, ctypes.POINTER(np.ctypeslib.as_ctypes_type(self.dtype))),
                                         (count, self.shape[0])).T
            columns = np.asarray(self.read(first, count))
            if columns.shape != room.shape:
                raise ArgumentError(f"columns {first} to {first + count} came as {columns.shape}, not {room.shape}")
            room[:] = columns
            return 0
        except BaseException as error:  # pylint: disable=broad-exception-caught
            self.error = error
            return 1


class Matrix:
    """orthant_matrix of a dense array, of a masked one, or of a SciPy sparse matrix, by reference.

    The hidden entries of a NumPy masked array are missing."""

    def __init__(self, value, dtype, what, weights=None, missing=False):
        self.abi = getattr(_abi, f"orthant_matrix_{suffix(dtype)}")()
        self.abi.size = ctypes.sizeof(self.abi)
        self.stream = value if isinstance(value, Stream) else None
        if self.stream:
            if weights is not None or missing:
                raise UnsupportedError(f"{what} is a stream: weights and missing entries are for data in memory")
            self._set(value.shape)
            self.abi.kind = _abi.NUMBERS["ORTHANT_STREAM"]
            self.arrays = []
            self.abi.read = getattr(_abi, f"orthant_read_fn_{suffix(dtype)}")(value.fill)
            return
        if hasattr(value, "tocsc"):
            if weights is not None or missing:
                raise UnsupportedError(f"{what} is sparse: weights and missing entries are for dense data")
            self._sparse(value, dtype, what)
            return
        if np.ma.is_masked(value):
            value, missing = value.astype(dtype).filled(np.nan), True
        self._dense(value, dtype, what, weights, missing)

    def _dense(self, value, dtype, what, weights, missing):
        value = np.asarray(value)
        if value.ndim != 2:
            raise ArgumentError(f"{what} has {value.ndim} dimensions, not 2")
        array = column_major(value, dtype, what, value.shape)
        self._set(array.shape)
        self.abi.ld, self.abi.values, self.arrays = int32(leading(array), what), array.ctypes.data, [array]
        if missing or weights is not None:
            self.abi.kind = _abi.NUMBERS["ORTHANT_MASKED"]
        if weights is not None:
            weights = column_major(weights, dtype, "weights", value.shape)
            self.abi.weights, self.abi.ld_weights = weights.ctypes.data, int32(leading(weights), "weights")
            self.arrays.append(weights)

    def _sparse(self, value, dtype, what):
        by_rows = value.format == "csr"
        if not by_rows:
            value = value.tocsc()
        if not value.has_canonical_format:
            value = value.copy()
            value.sum_duplicates()
        if value.nnz >= 2**31:
            raise ArgumentError(f"{what} has {value.nnz} entries; 32-bit indices hold less than 2^31")
        starts, indices = (a.astype(np.int32, copy=False) for a in (value.indptr, value.indices))
        values = column_major(value.data, dtype, what, value.data.shape)
        self._set(value.shape)
        self.abi.kind = _abi.NUMBERS["ORTHANT_CSR" if by_rows else "ORTHANT_CSC"]
        self.abi.values, self.abi.starts, self.abi.indices = (a.ctypes.data for a in (values, starts, indices))
        self.arrays = [values, starts, indices]

    def _set(self, shape):
        self.shape = shape
        self.abi.rows, self.abi.cols = (int32(n, "a dimension") for n in shape)

    @property
    def kind(self):
        return self.abi.kind


# ---- Reports, weights -----------------------------------------------------------------------------------------------

_STOPS = {v: k[len("ORTHANT_STOP_"):].lower() for k, v in _abi.NUMBERS.items() if k.startswith("ORTHANT_STOP_")}
_FIELDS = [name for name, _ in _abi.orthant_report._fields_ if name != "size"]
Report = collections.namedtuple("Report", _FIELDS)
Report.__doc__ = "orthant_report; `stop` is the rule that ended the run, as a word."


def report_of(abi):
    return Report(**{name: getattr(abi, name) for name in _FIELDS})._replace(stop=_STOPS.get(abi.stop, ""))


class Model:
    """A weight blob: bytes, anything with their buffer (a mapped file is read in place), or the path of a file.

    The blob is held for as long as the model or a job that uses it lives, so that it cannot be freed under them."""

    def __init__(self, blob):
        if isinstance(blob, (str, os.PathLike)):
            blob = Path(blob).read_bytes()
        array = np.frombuffer(blob, dtype=np.uint8)
        if array.ctypes.data % 64:
            room = np.empty(array.size + 63, np.uint8)
            begin = -room.ctypes.data % 64
            room[begin:begin + array.size] = array
            array = room[begin:begin + array.size]
        self.blob = array
        handle = ctypes.c_void_p()
        status = library.orthant_model_open(array.ctypes.data, array.size, ctypes.byref(handle))
        if status != 0:
            problem = text("orthant_model_problem", array.ctypes.data, array.size)
            raise BlobError(f"not a model: {problem}")
        self.handle = handle.value

    def verify(self):
        """Compare the checksum of the data."""
        require(library.orthant_model_verify(self.handle), "the model's data")

    @property
    def kind(self):
        """Its kind, as a word."""
        return text("orthant_model_kind_name", library.orthant_model_kind(self.handle))

    def records(self):
        """A dictionary: name of each array to its numbers in float64."""
        out = {}
        for i in range(library.orthant_model_records(self.handle)):
            record = _abi.orthant_record(size=ctypes.sizeof(_abi.orthant_record))
            require(library.orthant_model_record(self.handle, i, ctypes.byref(record)), "record")
            values = np.empty(record.count)
            values_f64 = function("orthant_model_values_f64")
            require(values_f64(self.handle, i, 0, record.count, values.ctypes.data), "record")
            out[record.name.decode()] = values.reshape(tuple(record.dims[:record.rank]), order="F")
        return out


# ---- Jobs -----------------------------------------------------------------------------------------------------------

# Words for the options of a config: noun and field, or the field of any noun, to the prefix of its constants.
_WORDS = {("nmf", "method"): "NMF", ("unmix", "method"): "UNMIX", ("relu_nmd", "method"): "RELU_NMD",
          ("symnmf", "method"): "SYMNMF", ("endmembers", "method"): "ENDMEMBERS",
          ("dimension", "method"): "DIMENSION", ("nmf", "start"): "START",
          ("relu_nmd", "start"): "RELU_START", ("relu_nmd", "z_start"): "RELU_Z", ("symnmf", "start"): "SYMNMF_START",
          ("symnet", "start"): "SYMNMF_START", "loss": "LOSS", "ortho_axis": "ORTHO", "projection": "PROJECTION",
          "penalty": "PENALTY", ("graph", "kind"): "GRAPH", "lambda_bound": "SYMNET", "rule": "QP",
          "factors": "NALMU", "data": ""}

# What other packages call them.
_ALIASES = {"KULLBACK-LEIBLER": "KL", "ITAKURA-SAITO": "IS", "CD": "HALS"}


def _number_of(noun, field, word):
    """The constant of orthant.h that a word for a field means."""
    prefix = _WORDS.get((noun, field), _WORDS.get(field))
    if prefix is None:
        if word == "none":
            return _abi.NUMBERS["ORTHANT_NONE"]
        raise ArgumentError(f"{noun} takes a number for {field}, not {word!r}")
    start = f"ORTHANT_{prefix}_" if prefix else "ORTHANT_"
    name = _ALIASES.get(word.upper(), word.upper())
    if start + name in _abi.NUMBERS:
        return _abi.NUMBERS[start + name]
    known = ["auto"] if field in ("method", "start") else []
    if name == "AUTO" and known:
        return 0
    kinds = ("DENSE", "CSC", "CSR", "MASKED")
    known += [key[len(start):].lower() for key in _abi.NUMBERS
              if key.startswith(start) and (prefix or key[len(start):] in kinds)]
    raise ArgumentError(f"{noun} has no {field} {word!r}; it has {', '.join(known)}")


# The shape of every array by the names of config fields; any other name takes its size from the first array with it.
_SHAPES = {
    "nmf": {"V": "rows cols", "W": "rows rank", "H": "rank cols"},
    "unmix": {"E": "bands endmembers", "Y": "bands pixels", "A": "endmembers pixels", "rms": "pixels", "kkt": "pixels"},
    "endmembers": {"Y": "bands pixels", "D": "endmembers endmembers", "E": "bands endmembers", "pixel": "endmembers"},
    "dimension": {"Y": "bands pixels", "power": "bands", "limit": "bands", "noise": "bands", "count": "one"},
    "library": {"E": "bands spectra", "variance": "bands", "Y": "bands pixels", "A": "spectra pixels",
                "D": "spectra pixels"},
    "bootstrap": {"E": "bands spectra", "class_of": "spectra", "variance": "bands", "Y": "bands pixels",
                  "A": "classes pixels", "D": "classes pixels"},
    "mesma": {"E": "bands spectra", "class_of": "spectra", "Y": "bands pixels", "model": "classes pixels",
              "A": "classes pixels", "rms": "pixels"},
    "relu_nmd": {"M": "rows cols", "U": "rows rank", "V": "rank cols"},
    "tsvd": {"X": "rows cols", "U": "rows rank", "s": "rank", "V": "cols rank"},
    "symnmf": {"X": "n n", "U": "n rank"},
    "symnet": {"X": "n n", "U": "n rank"},
    "qp": {"G": "n n", "d": "n", "x": "n"},
    "nalmu": {"Y": "bands pixels", "W": "bands endmembers", "H": "endmembers pixels"},
    "factormer": {"V": "rows cols", "W": "rows rank", "H": "rank cols", "W0": "rows rank", "H0": "rank cols"},
}


def configure(noun, options):
    """The config of a noun with these fields set, and what must live as long as it does; workers: how many threads."""
    options = dict(options)
    if "regularization" in options:  # lambda is a word of Python
        options["lambda"] = options.pop("regularization")
    config = getattr(_abi, f"orthant_{noun}_config")()
    config.size = ctypes.sizeof(config)
    fields = dict(config._fields_)
    alive, raised = [], []
    workers = options.pop("workers", None) if "parallel" in fields else None
    if workers is not None and workers != 1:
        pool = _pool(int32(workers, "workers"))
        config.parallel = ctypes.pointer(pool.abi)
        alive.append(pool)
    for name, value in options.items():
        if name not in fields or name in ("size", "user", "parallel"):
            raise ArgumentError(f"{noun} has no option {name!r}; it has {', '.join(fields)}")
        if value is None:
            continue
        if isinstance(value, str):
            value = _number_of(noun, name, value)
        elif name == "progress":
            value = _guarded(value, raised)
        elif isinstance(value, Model):
            alive.append(value)
            value = value.handle
        elif fields[name] is ctypes.c_int32:
            value = int32(value, name)
        elif fields[name] is ctypes.c_uint64 and not 0 <= value < 2**64:
            raise ArgumentError(f"{name}: {value} is not in [0, 2^64)")
        try:
            setattr(config, name, value)
        except TypeError as error:
            raise ArgumentError(f"{name}: {error}") from None
        alive.append(value)
    return config, alive, raised


def _threads_library():
    """Where orthant/threads.h is: in the library itself, as in a wheel, or in one beside it."""
    if hasattr(library, "orthant_threads_prepare"):
        return library
    path = Path(library._name)
    name = path.name.replace("orthant", "orthant-threads", 1)
    try:
        return ctypes.CDLL(str(path.with_name(name)) if path.parent.name else name)
    except OSError as error:
        raise UnsupportedError(f"workers need {name} beside {path} ({error})") from error


class _Workers:
    """A pool of orthant/threads.h that Python's threads serve: they are inside of C while they wait and work."""

    def __init__(self, workers):
        if not 0 <= workers <= 4096:
            raise ArgumentError(f"workers: {workers} is not in [0, 4096]")
        threads, size, pool = _threads_library(), ctypes.c_size_t(), ctypes.c_void_p()
        require(threads.orthant_threads_size(workers, ctypes.byref(size)), "threads size")
        self.memory = np.empty(size.value, np.uint8)
        self.abi = _abi.orthant_parallel(size=ctypes.sizeof(_abi.orthant_parallel))
        at = ctypes.c_void_p(self.memory.ctypes.data)
        made = threads.orthant_threads_prepare(workers, at, size, ctypes.byref(pool), ctypes.byref(self.abi))
        require(made, "threads")
        serving = []
        for worker in range(1, self.abi.workers):
            serving.append(threading.Thread(target=threads.orthant_threads_serve, args=(pool, worker), daemon=True))
            try:
                serving[-1].start()
            except RuntimeError:  # a thread that cannot be started leaves its tasks to the others
                serving.pop()
                break

        def end(memory=self.memory, owner=os.getpid()):
            if os.getpid() != owner:  # a fork, which has the memory without the threads
                return
            threads.orthant_threads_stop(pool)
            for thread in serving:
                thread.join()
            threads.orthant_threads_destroy(pool)

        weakref.finalize(self, end)


# One pool for each number of workers: a loop that finds it at work runs on the thread that asked.
_pool = functools.lru_cache(maxsize=None)(_Workers)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _pool.cache_clear())  # threads do not survive a fork


def _guarded(progress, raised):
    """A progress function for C: an exception stops the run and is raised when it has returned."""

    def call(_user, report):
        try:
            return int(bool(progress(report_of(ctypes.cast(report, ctypes.POINTER(_abi.orthant_report)).contents))))
        except BaseException as error:  # noqa: B902 nothing may pass through C
            raised.append(error)
            return 1

    return _abi.orthant_progress_fn(call)


def config_problem(noun, config):
    """Why a config is refused: the field, what it is, what it may be."""
    return said(f"orthant_{noun}_config_problem", ctypes.byref(config))


# What is asked of arrays besides finite numbers, a sum of ORTHANT_DATA_...: of the data of a noun, of one argument, of
# any other that a noun reads.
_ASKED = {"nmf": ("NOT_NEGATIVE", "ROOM"), "relu_nmd": ("NOT_NEGATIVE", "ROOM"), "endmembers": ("ROOM",),
          "symnmf": ("NOT_NEGATIVE", "ROOM", "SYMMETRIC"), "symnet": ("NOT_NEGATIVE", "ROOM", "SYMMETRIC"),
          "tsvd": ("ROOM",), ("unmix", "E"): ("COLUMNS",)}
_NONNEGATIVE = ("nmf", "symnmf", "symnet")


class Job:
    """A noun of orthant.h at work: Job("nmf", numpy.float32, rows=.., cols=.., rank=..), then start and run.

    It owns its workspace and holds what init borrows (endmembers, weights).  One thread at a time."""

    def __init__(self, noun, dtype, arrays=None, **options):
        self.noun, self.dtype = noun, np.dtype(dtype)
        self.config, self._alive, self._raised = configure(noun, options)
        self._busy = threading.Lock()
        size = ctypes.c_size_t()
        require(self._function("size")(ctypes.byref(self.config), ctypes.byref(size)), noun,
                lambda: config_problem(noun, self.config))
        self._memory = np.empty(size.value, np.uint8)
        self._handle = ctypes.c_void_p()
        ready = {"c": ctypes.byref(self.config), "mem": self._memory.ctypes.data, "bytes": size.value,
                 "out": ctypes.byref(self._handle)}
        self._alive.append(self._call("init", ready, dict(arrays or {})))

    @property
    def workspace_bytes(self):
        """How many bytes it works in."""
        return self._memory.size

    def start(self, *arrays, **named):
        """Make the starting point, and check the data."""
        self._verb("start", arrays, named)

    def run(self, *arrays, **named):
        """Iterate, or go on; returns the report."""
        return self._verb("run", arrays, named)

    def check(self, *arrays, **named):
        """How good given results are; returns the report."""
        return self._verb("check", arrays, named)

    def terms(self, **terms):
        """orthant_nmf_terms, between init and start.  weight_rows, weight_cols, and both members of each pair in the
        lists penalty_w and penalty_h: a number, a vector (a diagonal) or a symmetric matrix; None: the identity.  l1_w
        and l1_h: matrices of the shapes of W and H."""
        element, alive = suffix(self.dtype), []
        abi = getattr(_abi, f"orthant_terms_{element}")()
        abi.size = ctypes.sizeof(abi)
        unknown = set(terms) - {"weight_rows", "weight_cols", "l1_w", "l1_h", "penalty_w", "penalty_h"}
        if unknown:
            raise ArgumentError(f"terms has no {unknown.pop()!r}")
        rows, cols, rank = self.config.rows, self.config.cols, self.config.rank
        abi.weight_rows = self._symmetric(terms.get("weight_rows"), rows, "weight_rows", alive)
        abi.weight_cols = self._symmetric(terms.get("weight_cols"), cols, "weight_cols", alive)
        for name, shape in (("l1_w", (rows, rank)), ("l1_h", (rank, cols))):
            if terms.get(name) is not None:
                array = column_major(terms[name], self.dtype, name, shape)
                setattr(abi, name, array.ctypes.data)
                setattr(abi, f"ld{name}", leading(array))
                alive.append(array)
        for name, orders in (("penalty_w", (rows, rank)), ("penalty_h", (rank, cols))):
            pairs = list(terms.get(name) or [])
            kind = getattr(_abi, f"orthant_penalty_{element}")
            made = (kind * len(pairs))(*(kind(*(self._symmetric(one, order, name, alive)
                                                for one, order in zip(pair, orders))) for pair in pairs))
            setattr(abi, name, made)
            setattr(abi, name.replace("penalty", "penalties"), len(pairs))
            alive.append(made)
        require(self._function("terms")(self._handle, ctypes.byref(abi)), f"{self.noun} terms")
        self._alive.append(alive)

    def _symmetric(self, value, order, what, alive):
        made = getattr(_abi, f"orthant_symmetric_{suffix(self.dtype)}")()
        if value is None:
            return made
        if np.ndim(value) == 0:
            made.kind, made.factor = _abi.NUMBERS["ORTHANT_SCALAR"], value
            return made
        array = column_major(value, self.dtype, what, (order,) * np.ndim(value))
        made.kind = _abi.NUMBERS["ORTHANT_DIAGONAL" if array.ndim == 1 else "ORTHANT_SYMMETRIC"]
        made.values, made.ld = array.ctypes.data, leading(array) if array.ndim == 2 else 0
        alive.append(array)
        return made

    def _function(self, verb):
        return function(f"orthant_{self.noun}_{verb}_{suffix(self.dtype)}")

    def _verb(self, verb, arrays, named):
        name = f"orthant_{self.noun}_{verb}_{suffix(self.dtype)}"
        wanted = [a for a, _, _, _ in _abi.FUNCTIONS[name][1][1:] if a != "r" and not a.startswith("ld")]
        given = dict(zip(wanted, arrays), **named)
        if len(arrays) > len(wanted) or set(given) - set(wanted):
            raise TypeError(f"{self.noun} {verb} takes {', '.join(wanted)}")
        if not self._busy.acquire(blocking=False):
            raise RuntimeError(f"this {self.noun} is at work in another thread")
        try:
            handle = _abi.FUNCTIONS[name][1][0][0]
            report = self._call(verb, {handle: self._handle}, given)
        finally:
            self._busy.release()
        if self._raised:
            raise self._raised.pop()
        return report

    def _call(self, verb, ready, given):
        name = f"orthant_{self.noun}_{verb}_{suffix(self.dtype)}"
        call = function(name)
        report = _abi.orthant_report(size=ctypes.sizeof(_abi.orthant_report))
        sizes = {field: getattr(self.config, field) for field, kind in self.config._fields_ if kind is ctypes.c_int32}
        values, read, written, ld = [], [], [], 0
        for argument, _, element, is_input in _abi.FUNCTIONS[name][1]:
            value = given.get(argument)
            if argument in ready:
                value = ready[argument]
            elif argument == "r":
                value = ctypes.byref(report)
            elif element.startswith("orthant_matrix"):
                if not isinstance(value, Matrix):
                    value = Matrix(value, self.dtype, argument)
                self._shape(argument, value.shape, sizes)
                read += value.arrays
                value = ctypes.byref(value.abi)
            elif argument.startswith("ld"):
                value = ld
            elif value is None:
                ld = 0
            elif element in ELEMENTS:
                inout = not is_input
                array = column_major(value, ELEMENTS[element], argument,
                                     self._shape(argument, np.shape(value), sizes), inout)
                (written if inout else read).append(array)
                ld = int32(leading(array), argument) if array.ndim == 2 else 0
                value = array.ctypes.data
            values.append(value)
        for i, one in enumerate(written):
            if any(np.may_share_memory(one, other) for other in read + written[:i]):
                raise ArgumentError(f"{self.noun} {verb}: an array that is written overlaps another one")
        try:
            status = call(*values)
            require(status, f"{self.noun} {verb}", lambda: self._problem(given) if status == DataError.status else None)
        except DataError as error:
            error.report = report_of(report)
            raise
        except ReadError as error:
            raise error from next(m.stream.error for m in given.values() if isinstance(m, Matrix) and m.stream)
        return report_of(report) if verb != "init" else read

    def _problem(self, given):
        """The first argument with an entry that this noun does not take, in the library's words."""
        for argument, value in given.items():
            asked = _ASKED.get((self.noun, argument), ("NOT_NEGATIVE",) if self.noun in _NONNEGATIVE else ())
            if isinstance(value, Matrix):
                asked = _ASKED.get(self.noun, ())
            elif value is None or not np.issubdtype(np.asarray(value).dtype, np.floating):
                continue
            else:
                value = Matrix(np.reshape(value, (len(value), -1)), self.dtype, argument)
            what = sum(_abi.NUMBERS[f"ORTHANT_DATA_{word}"] for word in asked)
            found = said(f"orthant_matrix_problem_{suffix(self.dtype)}", ctypes.byref(value.abi), what)
            if found:
                return f"{argument}: {found}"
        return None

    def _shape(self, argument, shape, sizes):
        """The shape that `argument` must have; names that are no config field take their sizes from it."""
        names = _SHAPES[self.noun][argument].split()
        if len(shape) != len(names):
            raise ArgumentError(f"{argument} has {len(shape)} dimensions, not {len(names)}")
        wanted = tuple(sizes.setdefault(name, length) for name, length in zip(names, shape))
        if tuple(shape) != wanted:
            raise ArgumentError(f"{argument} has the shape {tuple(shape)}, not {wanted} ({' x '.join(names)})")
        return wanted
