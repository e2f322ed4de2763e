"""The data and start parameters of `sympflow`, float32: see bench/workloads/reference/sympflow.json for every detail."""

import numpy as np
from harness import StartParameters, uniform

SAMPLES, UNITS, LAYERS, CLIP = 700, 10, 3, 1.0


def problem(dtype: type = np.float32) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Parameters by name (V1.W1 and so on, h0) and the samples [3, 700]: q, p and t."""
    take = StartParameters().take
    parameters = {}
    for layer in range(1, LAYERS + 1):
        for net in (f"V{layer}", f"K{layer}"):
            parameters |= {f"{net}.W1": take(2, 2, UNITS), f"{net}.b1": take(2, UNITS)}
            parameters |= {f"{net}.W2": take(UNITS, UNITS, UNITS), f"{net}.b2": take(UNITS, UNITS)}
            parameters |= {f"{net}.W3": take(UNITS, UNITS, 1), f"{net}.b3": take(UNITS, 1)}
    parameters["h0"] = np.zeros(1)
    u = uniform(1, np.arange(3 * SAMPLES)).reshape(SAMPLES, 3)
    samples = np.stack([2.4 * u[:, 0] - 1.2, 2.4 * u[:, 1] - 1.2, 1.1 * u[:, 2] - 0.1])
    return {name: value.astype(dtype) for name, value in parameters.items()}, samples.astype(dtype)
