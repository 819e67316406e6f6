"""NMF of a matrix whose columns are spread over the processes of MPI, by mpi4py.

    # mpirun -n 4 python3 program.py
    from mpi4py import MPI
    import orthant.mpi
    W, H, report = orthant.mpi.nmf(V_mine, 8, comm=MPI.COMM_WORLD)    # V_mine: rows x the columns of this process

W and the report are the same on every process; H has the columns of this one.  Sums are made by the communicator's
Allreduce, whatever MPI mpi4py was built for."""
import ctypes

import numpy as np
from mpi4py import MPI

from . import _abi
from ._core import ArgumentError, Error, Job, Matrix, column_major, element_of
from .functions import new, start_given


class Reduce:
    """orthant_reduce of a communicator and the number of columns that this process has; all processes make it
    together.  `error`: what a sum raised, if one did."""

    def __init__(self, comm, columns):
        self.comm, self.error = comm, None
        shares = comm.allgather(columns)
        self._call = _abi.orthant_sum_fn(self._sum)
        self.abi = _abi.orthant_reduce(size=ctypes.sizeof(_abi.orthant_reduce), process=comm.rank, processes=comm.size,
                                       first_column=sum(shares[:comm.rank]), all_columns=sum(shares), sum=self._call)

    def _sum(self, _user, buffer, count, is_f64):
        try:
            numbers = (ctypes.c_char * (count * (8 if is_f64 else 4))).from_address(buffer)
            self.comm.Allreduce(MPI.IN_PLACE, [numbers, count, MPI.DOUBLE if is_f64 else MPI.FLOAT])
            return 0
        except BaseException as error:  # noqa: B902 nothing may pass through C
            self.error = error
            return 1


def together(comm, call):
    """call() on every process; where it raises on one, the same on all: nobody waits for a process that has left."""
    found = error = None
    try:
        found = call()
    except Exception as raised:
        error = raised
    first = next((e for e in comm.allgather(None if error is None else str(error)) if e is not None), None)
    if error is not None:
        raise error
    if first is not None:
        raise Error(f"another process: {first}")
    return found


def nmf(V, rank, *, comm=None, W=None, H=None, fixed_w=0, **options):
    """V ~ W H with W, H >= 0; V, dense or a SciPy sparse matrix, is this process's columns, of which it may have none.

    Returns W (rows x rank), H (rank x this process's columns), report.  W and H, if given, are the start and are
    overwritten: W the same on all processes, H this one's columns.  Options are those of orthant.nmf; all processes
    give the same."""
    comm = MPI.COMM_WORLD if comm is None else comm

    def prepare():
        dtype = element_of(V)
        data = Matrix(V, dtype, "V")
        rows, cols = data.shape
        if H is not None and W is None or W is not None and H is None and not fixed_w:
            raise ArgumentError("give W and H, or W with fixed_w=1, or neither")
        start_given(W is not None, options)
        own_w = new(dtype, rows, rank) if W is None else column_major(W, dtype, "W", (rows, rank), not fixed_w)
        own_w = own_w if own_w.flags.writeable else own_w.copy(order="F")
        own_h = np.ones((rank, cols), dtype, order="F") if H is None else H
        return data, own_w, own_h

    data, own_w, own_h = together(comm, prepare)
    reduce = Reduce(comm, data.shape[1])
    rows, cols = data.shape
    job = together(comm, lambda: Job("nmf", own_w.dtype, rows=rows, cols=cols, rank=rank, data=data.kind,
                                     fixed_w=int(fixed_w), reduce=ctypes.pointer(reduce.abi), **options))
    try:
        job.start(data, own_w, own_h)
        report = job.run(data, own_w, own_h)
    except Error:
        if reduce.error is not None:
            raise reduce.error from None
        raise
    return own_w, own_h, report
