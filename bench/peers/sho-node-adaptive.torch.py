"""`sho-node-adaptive` in torchdiffeq: dopri5 and its continuous adjoint, float64, features first."""

from torch_eager import eager_peer  # first: it sets the threads before torch starts
import numpy as np
import torch
from harness import serve
from problem_sho_node import AT, problem
from torchdiffeq import odeint_adjoint

parameters, observations = problem(np.float64)
data, times = torch.tensor(observations).transpose(1, 2).contiguous(), torch.tensor(AT)


def loss(p: dict) -> torch.Tensor:
    def field(_t: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        hidden = torch.tanh(torch.addmm(p["b1"][:, None], p["W1"].T, z))
        return torch.addmm(p["b2"][:, None], p["W2"].T, hidden)

    held = tuple(p.values())
    found = odeint_adjoint(field, data[0], times, method="dopri5", rtol=1e-7, atol=1e-9, adjoint_params=held)
    return ((found - data) ** 2).mean()


serve(eager_peer(parameters, loss, decay=0, steps=10))
