"""The pendulums of `ensemble` and their exact states: see bench/workloads/reference/ensemble.json for every detail."""

import numpy as np
from harness import uniform
from scipy.special import ellipj

LANES, END = 10_000, 50.0


def amplitudes() -> np.ndarray:
    return 0.1 + 2.9 * uniform(1, np.arange(LANES))


def exact(amplitude: np.ndarray, t: float) -> np.ndarray:
    """th = 2 asin(k cd(t, k)), w = -2 k sqrt(1 - k²) sd(t, k), k = sin(amplitude / 2): [lanes, 2]."""
    k = np.sin(amplitude / 2)
    sn, cn, dn, _ = ellipj(t, k * k)
    return np.stack([2 * np.arcsin(k * cn / dn), -2 * k * np.sqrt(1 - k * k) * sn / dn], axis=1)
