"""first.py [OUT]: what first.c does, in Python."""
import sys
import warnings

import numpy as np

import orthant

for dtype in (np.float32, np.float64):
    V = (np.arange(60 * 80) * 7919 % 101).astype(dtype).reshape((60, 80), order="F")
    W, H, report = orthant.nmf(V, 4)
    assert abs(np.linalg.norm(V - W @ H) / np.linalg.norm(V) - report.rel_error) < 1e-5
    E = np.array([[0.1, 0.2, 0.3, 0.4], [0.9, 0.5, 0.2, 0.1]], dtype).T
    Y = np.array([[0.3, 0.275, 0.275, 0.325], [np.nan, 0.35, 0.25, 0.25], [0.9, 0.5, 0.2, 0.1]], dtype).T
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        A, _ = orthant.unmix(Y, E, sum_to_one=1)
    assert len(said) == 1 and "1 of 3 pixels, the first 1" in str(said[0].message), said
    assert np.isnan(A[:, 1]).all() and np.allclose(A[:, [0, 2]], [[0.75, 0], [0.25, 1]], atol=1e-5)
    if len(sys.argv) > 1:
        with open(f"{sys.argv[1]}.f{8 * np.dtype(dtype).itemsize}", "wb") as out:
            for array in (W, H, A):
                out.write(array.tobytes(order="F"))
