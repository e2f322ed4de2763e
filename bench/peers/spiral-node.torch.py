"""`spiral-node` in torchdiffeq: dopri5, gradient through the solver's operations."""

from torch_eager import eager_peer  # first: it sets the threads before torch starts
import numpy as np
import torch
from harness import serve
from problem_spiral_node import TIMES, problem
from torchdiffeq import odeint

parameters, observed = problem()
START, DATA = torch.tensor([2.0, 0.0]), torch.tensor(observed.astype(np.float32))
AT = torch.tensor(TIMES.astype(np.float32))


def loss(p: dict) -> torch.Tensor:
    def field(_t: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        return torch.tanh(z**3 @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]

    found = odeint(field, START, AT, method="dopri5", rtol=1e-6, atol=1e-6)
    return ((found - DATA) ** 2).sum()


single = {name: value.astype(np.float32) for name, value in parameters.items()}
optimiser = lambda leaves: torch.optim.Adam(leaves, lr=0.05, fused=True)  # noqa: E731
serve(eager_peer(single, loss, decay=0, steps=50, optimiser=optimiser))
