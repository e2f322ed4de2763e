"""The Lorenz system in SciPy: `solve_ivp` with the right-hand side in Python."""

import harness  # noqa: F401  (first: it sets the threads)
import numpy as np
from problem_lorenz import AT10, END, field
from scipy.integrate import solve_ivp
from solve_peer import serve_solve


def serve(method: str) -> None:
    def solve(end: float) -> tuple[np.ndarray, int, int]:
        found = solve_ivp(lambda _t, state: field(state), (0.0, end), (1.0, 0.0, 0.0), method, rtol=1e-8, atol=1e-8)
        stages = {"RK45": 6, "DOP853": 11}[method]
        accepted = len(found.t) - 1
        return found.y[:, -1], accepted, max(0, (found.nfev - 2) // stages - accepted)

    serve_solve(solve, 10.0, np.array(AT10), END)
