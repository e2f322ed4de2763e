"""The data and start parameters of `spiral-node`: see bench/workloads/reference/spiral-node.json for every detail."""

import numpy as np
from harness import StartParameters

UNITS, POINTS, END = 50, 30, 1.5
TIMES = END * np.arange(POINTS) / (POINTS - 1)


def problem(stream: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Parameters by name and the true states [30, 2], float64."""
    take = StartParameters(stream).take
    parameters = {"W1": take(2, 2, UNITS), "b1": take(2, UNITS), "W2": take(UNITS, UNITS, 2), "b2": take(UNITS, 2)}
    matrix, h = np.array([[-0.1, 2], [-2, -0.1]]), END / (POINTS - 1) / 1000
    states = [np.array([2.0, 0.0])]
    z = states[0]
    for step in range(1, 1000 * (POINTS - 1) + 1):
        a = matrix @ z**3
        b = matrix @ (z + h / 2 * a) ** 3
        c = matrix @ (z + h / 2 * b) ** 3
        d = matrix @ (z + h * c) ** 3
        z = z + h / 6 * (a + 2 * b + 2 * c + d)
        if step % 1000 == 0:
            states.append(z)
    return parameters, np.stack(states)
