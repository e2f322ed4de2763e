"""`lorenz-dopri5` in torchdiffeq, end state only (it has no tsit5)."""

import harness  # first: it sets the threads
import numpy as np
import torch
from problem_lorenz import AT10, END, field
from solve_peer import serve_solve
from torchdiffeq import odeint

torch.set_num_threads(harness.THREADS)

counts = {"evaluations": 0}


class Lorenz(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.accepted = 0

    def forward(self, _t: torch.Tensor, state: torch.Tensor) -> torch.Tensor:
        counts["evaluations"] += 1
        return torch.stack(field(state.unbind()))

    def callback_accept_step(self, _t: torch.Tensor, _y: torch.Tensor, _dt: torch.Tensor) -> None:
        self.accepted += 1


def solve(end: float) -> tuple[np.ndarray, int, int]:
    counts["evaluations"] = 0
    system = Lorenz()
    start = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)
    times = torch.tensor([0.0, end], dtype=torch.float64)
    with torch.no_grad():
        found = odeint(system, start, times, method="dopri5", rtol=1e-8, atol=1e-8)
    return found[-1].numpy(), system.accepted, max(0, counts["evaluations"] // 6 - system.accepted)


serve_solve(solve, 10.0, np.array(AT10), END)
