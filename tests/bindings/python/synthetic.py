"""Spectra and mixtures with a known truth, in NumPy: the library's own are for static builds alone."""
import numpy as np


def scene(bands, lines, samples, count, *, snr_db=30, seed=0, dtype=np.float64):
    """Y = E A + noise: smooth spectra, abundances in soft stripes that sum to one.  A dictionary of wavelength, E, A, Y."""
    rng = np.random.default_rng(seed)
    wavelength = np.linspace(0.4, 2.5, bands)
    centres, widths = rng.uniform(0.4, 2.5, (count, 3, 1)), rng.uniform(0.08, 0.4, (count, 3, 1))
    heights = rng.uniform(0.1, 0.4, (count, 3, 1))
    E = 0.05 + (heights * np.exp(-0.5 * ((wavelength - centres) / widths) ** 2)).sum(axis=1).T
    line, sample = np.mgrid[0:lines, 0:samples].reshape(2, 1, -1)
    slopes, phases = rng.uniform(-0.3, 0.3, (2, count, 1)), rng.uniform(0, 6.3, (count, 1))
    A = np.exp(5 * np.sin(slopes[0] * line + slopes[1] * sample + phases))
    A /= A.sum(axis=0)
    Y = E @ A
    if snr_db >= 0:
        Y += rng.standard_normal(Y.shape) * np.sqrt((Y**2).mean() * 10 ** (-snr_db / 10))
        Y = np.maximum(Y, 0)
    parts = {"wavelength": wavelength, "E": E, "A": A, "Y": Y}
    return {name: np.asfortranarray(array, dtype) for name, array in parts.items()}
