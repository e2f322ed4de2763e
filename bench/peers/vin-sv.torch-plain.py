"""`vin-sv` in PyTorch eager as most users write it: U' by automatic differentiation inside the loss."""

import math

import torch
from harness import serve
from problem_vin_sv import H, TIMES, problem
from torch_eager import eager_peer

parameters, observations = problem()
y = torch.tensor(observations)


def loss(p: dict) -> torch.Tensor:
    before, now = p["start"][:, :1], p["start"][:, 1:]
    positions = [before, now]
    for _ in range(TIMES - 2):
        potential = torch.tanh(torch.addmm(p["b1"], now, p["W1"])) @ p["W2"]
        (slope,) = torch.autograd.grad(potential.sum(), now, create_graph=True)
        before, now = now, 2 * now - before - H * H * slope
        positions.append(now)
    squares = ((torch.cat(positions, 1) - y) ** 2).mean()
    return 0.5 * (math.log(2 * math.pi) + p["s"] + squares * torch.exp(-p["s"]))


serve(eager_peer(parameters, loss, decay=0, steps=100))
