"""`helmholtz-kepler` in PyTorch eager as most users write it: derivatives of functions of one point, vmapped (torch.func)."""

import torch
from harness import serve
from helmholtz_point_torch import helmholtz_at, metric_of
from problem_helmholtz_kepler import GM, problem
from torch_eager import eager_peer

parameters, points = problem()
z = torch.tensor(points)
gm = torch.tensor(GM, dtype=z.dtype)  # a Python float turns second derivatives under vmap into float64


def kepler(t: torch.Tensor, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    r, u, w = x[0], v[0], v[1]
    return torch.stack([r * w**2 - gm / r**2, -2 * u * w / r])


def loss(p: dict) -> torch.Tensor:
    at_point = lambda point: helmholtz_at(kepler, metric_of(p), point[0], point[1:3], point[3:])  # noqa: E731
    return torch.vmap(at_point)(z).mean()


radam = lambda leaves: torch.optim.RAdam(leaves, lr=1e-2)  # noqa: E731
serve(eager_peer(parameters, loss, decay=0, steps=8, clip=10, optimiser=radam))
