"""Factor a matrix of rank one."""
import numpy as np

import orthant

V = np.outer(np.arange(1.0, 4), np.arange(1.0, 5))
W, H, report = orthant.nmf(V, 1)
print(f"Python: |V - W H| / |V| = {report.rel_error:.1e}")
assert np.allclose(W @ H, V, atol=1e-5)
