"""`cnf` in PyTorch eager as most users write it: the trace by automatic differentiation inside the loss."""

import math

import torch
from harness import serve
from problem_cnf import STEPS, problem
from torch_eager import eager_peer

parameters, points = problem()
data = torch.tensor(points)
ones = torch.ones(len(points), 1)


def loss(p: dict) -> torch.Tensor:
    def rate(z: torch.Tensor, t: float) -> tuple[torch.Tensor, torch.Tensor]:
        if not z.requires_grad:
            z = z.requires_grad_()
        h1 = torch.tanh(torch.addmm(p["b1"], torch.cat([z, t * ones], 1), p["W1"]))
        h2 = torch.tanh(torch.addmm(p["b2"], h1, p["W2"]))
        f = torch.addmm(p["b3"], h2, p["W3"])
        slopes = [torch.autograd.grad(f[:, i].sum(), z, create_graph=True)[0][:, i] for i in range(2)]
        return f, slopes[0] + slopes[1]

    z, a, h = data.clone(), torch.zeros(len(data)), 1 / STEPS
    for k in range(STEPS):
        t = k * h
        k1, a1 = rate(z, t)
        k2, a2 = rate(z + h / 2 * k1, t + h / 2)
        k3, a3 = rate(z + h / 2 * k2, t + h / 2)
        k4, a4 = rate(z + h * k3, t + h)
        z, a = z + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), a + h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
    return ((z * z).sum(1) / 2 + math.log(2 * math.pi) - a).mean()


serve(eager_peer(parameters, loss, decay=0, steps=5))
