"""The data and start parameters of `cnf`, float32: see bench/workloads/reference/cnf.json for every detail."""

import numpy as np
from harness import StartParameters, normal

POINTS, UNITS, STEPS = 512, 64, 20


def problem() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Parameters by name and the points [512, 2]."""
    take = StartParameters().take
    parameters = {"W1": take(3, 3, UNITS), "b1": take(3, UNITS), "W2": take(UNITS, UNITS, UNITS), "b2": take(UNITS, UNITS)}
    parameters |= {"W3": take(UNITS, UNITS, 2), "b3": take(UNITS, 2)}
    k = np.arange(POINTS)
    angle = np.pi * (k % 256) / 255
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    noise = np.stack([normal(1, 2 * k), normal(1, 2 * k + 1)], 1)
    points = np.where(k[:, None] < 256, upper, lower) + 0.1 * noise
    return {name: value.astype(np.float32) for name, value in parameters.items()}, points.astype(np.float32)
