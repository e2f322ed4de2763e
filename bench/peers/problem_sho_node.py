"""The data and start parameters of `sho-node` in both forms: see bench/workloads/reference/sho-node.json for every detail."""

import numpy as np
from harness import StartParameters, normal

TRAJECTORIES, TIMES, END, UNITS = 1000, 50, 10, 32
H = END / (2 * (TIMES - 1))  # two steps between neighbouring times
AT = END * np.arange(TIMES) / (TIMES - 1)


def problem(dtype: type = np.float32) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Parameters by name and the data [50, 1000, 2]; data[0] are the start states."""
    take = StartParameters().take
    parameters = {"W1": take(2, 2, UNITS), "b1": take(2, UNITS), "W2": take(UNITS, UNITS, 2), "b2": take(UNITS, 2)}
    j = np.arange(TRAJECTORIES)
    q, p = normal(1, 2 * j), normal(1, 2 * j + 1)
    t = AT[:, None]
    data = np.stack([q * np.cos(t) + p * np.sin(t), p * np.cos(t) - q * np.sin(t)], axis=2)
    return {name: value.astype(dtype) for name, value in parameters.items()}, data.astype(dtype)
