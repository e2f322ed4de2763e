"""The system of `lorenz`: see bench/workloads/reference/lorenz.json for every detail."""

END = 100.0
AT10 = (-5.85768538242409002, -5.83108248642610044, 23.93213298702756265)


def field(state: tuple) -> tuple:
    x, y, z = state
    return 10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z
