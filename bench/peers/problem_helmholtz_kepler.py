"""The data and start parameters of `helmholtz-kepler`, float32: see bench/workloads/reference/helmholtz-kepler.json for every detail."""

import numpy as np
from harness import StartParameters, normal

ORBITS, TIMES, SUBSTEPS, END, UNITS = 128, 500, 20, 8.0, 64
GM = float(4 * np.pi**2 / 16)


def metric_parameters(start: StartParameters) -> dict[str, np.ndarray]:
    """The network of the metric, float64."""
    take = start.take
    parameters = {"g.W1": take(5, 5, UNITS), "g.b1": take(5, UNITS), "g.W2": take(UNITS, UNITS, UNITS)}
    return parameters | {"g.b2": take(UNITS, UNITS), "g.W3": take(UNITS, UNITS, 3), "g.b3": take(UNITS, 3)}


def slope(y: np.ndarray) -> np.ndarray:
    r, _, u, w = y
    return np.stack([u, w, r * w**2 - GM / r**2, -2 * u * w / r])


def states() -> np.ndarray:
    """(r, phi, r', phi') by classical Runge-Kutta: [4, ORBITS, TIMES]."""
    j = np.arange(ORBITS)
    e = np.clip(0.5 + 0.2 * normal(1, 3 * j), 0, 0.8)
    p = np.abs(1 + 0.1 * normal(1, 3 * j + 1))
    phi = np.clip(-1.5 + 0.06 * normal(1, 3 * j + 2), -1.7, -1.4)
    momentum, r = np.sqrt(GM * p), p / (1 + e * np.cos(phi))
    y = np.stack([r, phi, GM * e * np.sin(phi) / momentum, momentum / r**2])
    h = END / (TIMES - 1) / SUBSTEPS
    found = [y]
    for _ in range(TIMES - 1):
        for _ in range(SUBSTEPS):
            k1 = slope(y)
            k2 = slope(y + h / 2 * k1)
            k3 = slope(y + h / 2 * k2)
            k4 = slope(y + h * k3)
            y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        found.append(y)
    return np.stack(found, axis=2)


def problem() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Parameters by name and the points (t, r, phi, r', phi'): [64000, 5]."""
    t = np.broadcast_to(END * np.arange(TIMES) / (TIMES - 1), (1, ORBITS, TIMES))
    points = np.concatenate([t, states()]).reshape(5, -1).T
    as_float = lambda value: np.ascontiguousarray(value, dtype=np.float32)  # noqa: E731
    return {n: as_float(v) for n, v in metric_parameters(StartParameters()).items()}, as_float(points)
