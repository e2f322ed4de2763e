"""The data and start parameters of `vin-pixels`, float32: see bench/workloads/reference/vin-pixels.json for every detail."""

import numpy as np
from harness import StartParameters, normal, uniform

WINDOWS, FRAMES, PIXELS, UNITS, MEMORY = 200, 10, 784, 1000, 50


def problem(dtype: type = np.float32) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Parameters by name, images [window, frame, pixel] and noise [window, 4]."""
    take = StartParameters().take
    layers = {
        "encoder1": (PIXELS, UNITS),
        "encoder2": (UNITS, UNITS),
        "input": (UNITS, 4 * MEMORY),
        "recurrent": (MEMORY, 4 * MEMORY),
        "head": (MEMORY, 8),
        "potential": (2, UNITS),
        "energy": (UNITS, 1),
        "decoder1": (2, UNITS),
        "decoder2": (UNITS, UNITS),
        "decoder3": (UNITS, PIXELS),
    }
    parameters = {}
    for name, (inputs, outputs) in layers.items():
        parameters[f"{name}.W"] = take(inputs, inputs, outputs)
        if name != "energy":  # no output bias
            parameters[f"{name}.b"] = take(inputs, outputs)
    images = uniform(1, np.arange(WINDOWS * FRAMES * PIXELS)) < 0.25
    noise = normal(2, np.arange(4 * WINDOWS)).reshape(WINDOWS, 4)
    as_dtype = lambda value: value.astype(dtype)  # noqa: E731
    return {n: as_dtype(v) for n, v in parameters.items()}, as_dtype(images).reshape(WINDOWS, FRAMES, PIXELS), as_dtype(noise)
