"""The data and start parameters of `lnn` and `lnn-600`, float32: see bench/workloads/reference/lnn.json for every detail."""

import numpy as np
from harness import StartParameters, uniform

STATES = 512


def problem(hidden: int, units: int) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Parameters by name, states [512, 4] and targets [512, 2] for `hidden` layers of `units` units."""
    take = StartParameters().take
    widths = [4, *[units] * hidden, 1]
    parameters = {}
    for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:]), start=1):
        parameters[f"W{layer}"], parameters[f"b{layer}"] = take(inputs, inputs, outputs), take(inputs, outputs)
    u = uniform(1, np.arange(4 * STATES)).reshape(STATES, 4)
    states = np.concatenate([2 * np.pi * u[:, :2] - np.pi, 20 * u[:, 2:] - 10], 1)
    q1, q2, v1, v2 = states.T
    c, s = np.cos(q1 - q2), np.sin(q1 - q2)
    a1, a2 = c / 2, c
    f1, f2 = -v2 * v2 * s / 2 - 9.8 * np.sin(q1), v1 * v1 * s - 9.8 * np.sin(q2)
    targets = np.stack([f1 - a1 * f2, f2 - a2 * f1], 1) / (1 - a1 * a2)[:, None]
    as_float = lambda value: value.astype(np.float32)  # noqa: E731
    return {n: as_float(v) for n, v in parameters.items()}, as_float(states), as_float(targets)
