"""The data and start parameters of `hnn`, float32: see bench/workloads/reference/hnn.json for every detail."""

import numpy as np
from harness import StartParameters, normal, uniform

POINTS, UNITS, DECAY = 750, 200, 1e-4


def problem() -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Parameters by name, inputs [750, 2] and targets [750, 2]."""
    take = StartParameters().take
    parameters = {"W1": take(2, 2, UNITS), "b1": take(2, UNITS), "W2": take(UNITS, UNITS, UNITS), "b2": take(UNITS, UNITS)}
    parameters |= {"W3": take(UNITS, UNITS, 1), "b3": take(UNITS, 1)}
    i = np.arange(POINTS)
    j, k = i // 30, i % 30
    radius, phase = 0.1 + 0.9 * uniform(1, 2 * j), 2 * np.pi * uniform(1, 2 * j + 1)
    angle = 2 * (3 * k / 29) + phase
    state = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    noise = np.stack([normal(2, 2 * i), normal(2, 2 * i + 1)], axis=1)
    target = np.stack([2 * state[:, 1], -2 * state[:, 0]], axis=1)
    as_float = lambda value: value.astype(np.float32)  # noqa: E731
    return {n: as_float(v) for n, v in parameters.items()}, as_float(state + 0.1 * noise), as_float(target)
