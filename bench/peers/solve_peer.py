"""A peer that only solves: facts on one line, then {"ms": per solve} for each line `steps repeats`; `--alone` measures itself.

`solve(end)` returns the end state (float64), and the accepted and rejected steps of all lanes, everything finished.
"""

import json
import statistics
import sys
import time
from typing import Callable

import numpy as np
from harness import THREADS  # sets them before a library starts

Solve = Callable[[float], tuple[np.ndarray, int, int]]


def time_of_solves(solve: Solve, end: float, solves: int) -> float:
    begin = time.perf_counter()
    for _ in range(solves):
        solve(end)
    return (time.perf_counter() - begin) * 1e3 / solves


def serve_solve(solve: Solve, check_at: float, expected: np.ndarray, end: float) -> None:
    begin = time.perf_counter()
    state, _, _ = solve(check_at)
    first_call = (time.perf_counter() - begin) * 1e3
    error = float(np.max(np.abs(np.asarray(state, dtype=np.float64) - expected)))
    _, accepted, rejected = solve(end)
    facts = {"error": error, "accepted": accepted, "rejected": rejected, "bytes": None}
    facts |= {"firstCallMs": first_call, "dtype": "float64", "threads": THREADS}
    if sys.argv[1:] == ["--alone"]:
        rounds = sorted(time_of_solves(solve, end, 1) for _ in range(7))
        facts |= {"medianMs": statistics.median(rounds), "minMs": rounds[0], "maxMs": rounds[-1]}
    print(json.dumps(facts), flush=True)
    if "medianMs" in facts:
        return
    for line in sys.stdin:
        steps, repeats = map(int, line.split())
        print(json.dumps({"ms": time_of_solves(solve, end, steps * repeats)}), flush=True)
