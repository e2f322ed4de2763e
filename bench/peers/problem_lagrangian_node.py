"""The data and start parameters of `lagrangian-node`, float32: see bench/workloads/reference/lagrangian-node.json for every detail."""

import numpy as np
from harness import StartParameters, normal
from problem_helmholtz_kepler import metric_parameters

RUNS, TIMES, SUBSTEPS, UNITS = 128, 20, 2, 16
H = 1 / (SUBSTEPS * (TIMES - 1))


def problem() -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Parameters by name, start positions [128, 2] and positions at all times [20, 128, 2]."""
    start = StartParameters()
    take = start.take
    parameters = {"f.W1": take(5, 5, UNITS), "f.b1": take(5, UNITS), "f.W2": take(UNITS, UNITS, 2), "f.b2": take(UNITS, 2)}
    widths = [2, UNITS, UNITS, UNITS, 2]
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:]), 1):
        parameters |= {f"v0.W{i}": take(inputs, inputs, outputs), f"v0.b{i}": take(inputs, outputs)}
    parameters |= metric_parameters(start)
    x0 = (1 + 0.1 * normal(1, np.arange(2 * RUNS))).reshape(RUNS, 2)
    w, v0 = 2 * np.pi, np.abs(x0) / 10
    t = (np.arange(TIMES) / (TIMES - 1))[:, None, None]
    x = x0 * np.cos(w * t) + v0 / w * np.sin(w * t)
    as_float = lambda value: value.astype(np.float32)  # noqa: E731
    return {n: as_float(v) for n, v in parameters.items()}, as_float(x0), as_float(x)
