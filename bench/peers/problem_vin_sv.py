"""The data and start parameters of `vin-sv`, float32: see bench/workloads/reference/vin-sv.json for every detail."""

import numpy as np
from harness import StartParameters, normal, uniform

TRAJECTORIES, TIMES, UNITS, H = 25, 30, 200, 0.1


def problem() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Parameters by name and the observations [25, 30]."""
    take = StartParameters().take
    parameters = {"W1": take(1, 1, UNITS), "b1": take(1, UNITS), "W2": take(UNITS, UNITS, 1)}
    j, k = np.arange(TRAJECTORIES)[:, None], np.arange(TIMES)[None, :]
    energy, phase = 0.2 + 0.8 * uniform(1, 2 * j), 2 * np.pi * uniform(1, 2 * j + 1)
    y = np.sqrt(2 * energy) * np.cos(H * k + phase) + 0.1 * normal(2, TIMES * j + k)
    parameters |= {"start": y[:, :2], "s": np.zeros(())}
    return {name: value.astype(np.float32) for name, value in parameters.items()}, y.astype(np.float32)
