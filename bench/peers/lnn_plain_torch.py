"""`lnn` and `lnn-600` in PyTorch eager as most users write them: every derivative by automatic differentiation inside the loss."""

import torch
from harness import Peer
from problem_lnn import problem
from torch_eager import eager_peer


def plain_peer(hidden: int, units: int, steps: int) -> Peer:
    parameters, states, targets = problem(hidden, units)
    s, target = torch.tensor(states, requires_grad=True), torch.tensor(targets)
    v = torch.tensor(states[:, 2:])

    def loss(p: dict) -> torch.Tensor:
        x = s
        for layer in range(1, hidden + 1):
            x = torch.nn.functional.softplus(torch.addmm(p[f"b{layer}"], x, p[f"W{layer}"]))
        energy = torch.addmm(p[f"b{hidden + 1}"], x, p[f"W{hidden + 1}"]).sum() + (s[:, 2:] ** 2).sum() / 2
        (slope,) = torch.autograd.grad(energy, s, create_graph=True)
        b1, b2 = (torch.autograd.grad(slope[:, i].sum(), s, create_graph=True)[0] for i in (2, 3))
        f1 = slope[:, 0] - (b1[:, :2] * v).sum(1)
        f2 = slope[:, 1] - (b2[:, :2] * v).sum(1)
        determinant = b1[:, 2] * b2[:, 3] - b1[:, 3] * b2[:, 2]
        first = (f1 * b2[:, 3] - f2 * b1[:, 3]) / determinant
        second = (f2 * b1[:, 2] - f1 * b2[:, 2]) / determinant
        return (torch.stack([first, second], 1) - target).abs().sum(1).mean()

    return eager_peer(parameters, loss, decay=0, steps=steps)
