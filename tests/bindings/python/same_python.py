"""same_python.py run FILE OUT: what same_c.c does, in Python."""
import sys

try:
    import numpy as np
except ImportError as missing:
    print(f"skipped: {missing} (python3-numpy)")
    sys.exit(77)

import orthant

given = np.fromfile(sys.argv[2], np.float32)
V, E, Y = np.split(given, [60 * 80, 60 * 80 + 50 * 4])
V, E, Y = V.reshape((60, 80), order="F"), E.reshape((50, 4), order="F"), Y.reshape((50, 400), order="F")
W, H, r = orthant.nmf(V, 4)
A, u = orthant.unmix(Y, E, sum_to_one=1)
with open(sys.argv[3], "wb") as out:
    for array in (W, H, A):
        out.write(array.tobytes(order="F"))
    out.write(np.array([r.objective, r.kkt, u.objective, u.kkt]).tobytes())
