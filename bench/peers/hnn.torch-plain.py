"""`hnn` in PyTorch eager as most users write it: dH/dz by automatic differentiation inside the loss."""

import torch
from harness import serve
from problem_hnn import DECAY, problem
from torch_eager import eager_peer

parameters, inputs, targets = problem()
z, target = torch.tensor(inputs, requires_grad=True), torch.tensor(targets)


def loss(p: dict) -> torch.Tensor:
    t1 = torch.tanh(torch.addmm(p["b1"], z, p["W1"]))
    t2 = torch.tanh(torch.addmm(p["b2"], t1, p["W2"]))
    energy = torch.addmm(p["b3"], t2, p["W3"])
    (slope,) = torch.autograd.grad(energy.sum(), z, create_graph=True)
    residual = torch.stack([slope[:, 1], -slope[:, 0]], 1) - target
    return (residual**2).sum() / len(z)


serve(eager_peer(parameters, loss, decay=DECAY, steps=20))
