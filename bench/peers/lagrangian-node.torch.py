"""`lagrangian-node` in PyTorch eager: derivatives written out (helmholtz_torch.py), few large operations a stage."""

import torch
from harness import serve
from helmholtz_torch import helmholtz
from problem_lagrangian_node import H, RUNS, SUBSTEPS, TIMES, problem
from torch.nn.functional import softplus
from torch_eager import eager_peer

parameters, starts, positions = problem()
x0, observed = torch.tensor(starts), torch.tensor(positions)
times = (torch.arange(TIMES) / (TIMES - 1)).repeat_interleave(RUNS)[:, None]
half_steps = torch.arange(2 * SUBSTEPS * (TIMES - 1) + 1)[:, None] * (H / 2)


def start_velocity(p: dict) -> torch.Tensor:
    h = x0
    for i in (1, 2, 3):
        h = torch.relu(torch.addmm(p[f"v0.b{i}"], h, p[f"v0.W{i}"]))
    return torch.addmm(p["v0.b4"], h, p["v0.W4"])


def trajectories(p: dict) -> torch.Tensor:
    """Positions and velocities: [TIMES, RUNS, 4]."""
    biases = torch.addmm(p["f.b1"], half_steps, p["f.W1"][:1]).unbind()
    weights = p["f.W1"][1:]
    zero, eye = torch.zeros(2, 2), torch.eye(2)
    onward = torch.cat([torch.cat([zero, zero], 1), torch.cat([eye, zero], 1)])  # y -> (v, 0)
    spread, offset = torch.nn.functional.pad(p["f.W2"], (2, 0)), torch.nn.functional.pad(p["f.b2"], (2, 0))

    def rate(i: int, y: torch.Tensor) -> torch.Tensor:
        h = softplus(torch.addmm(biases[i], y, weights))
        return torch.addmm(torch.addmm(offset, y, onward), h, spread)

    y = torch.cat([x0, start_velocity(p)], 1)
    found = [y]
    for k in range((TIMES - 1) * SUBSTEPS):
        k1 = rate(2 * k, y)
        k2 = rate(2 * k + 1, torch.add(y, k1, alpha=H / 2))
        k3 = rate(2 * k + 1, torch.add(y, k2, alpha=H / 2))
        k4 = rate(2 * k + 2, torch.add(y, k3, alpha=H))
        y = torch.add(y, torch.add(k1 + k4, k2 + k3, alpha=2), alpha=H / 6)
        if k % SUBSTEPS == SUBSTEPS - 1:
            found.append(y)
    return torch.stack(found)


def helmholtz_at(p: dict, states: torch.Tensor) -> torch.Tensor:
    """The Helmholtz loss at the states [N, 4]; the slopes of f are products with its two layers of weights."""
    z = torch.cat([times, states], 1)
    w1, w2 = p["f.W1"], p["f.W2"]
    a = torch.addmm(p["f.b1"], z, w1)
    s = torch.sigmoid(a)
    f = torch.addmm(p["f.b2"], softplus(a), w2)
    e = s * (1 - s) * (torch.cat([torch.ones_like(times), states[:, 2:], f], 1) @ w1)
    pairs = torch.einsum("hc,kh->ckh", w2, w1[1:])  # by component of f and of (x, v)
    slopes = (pairs.reshape(8, -1) @ s.T).view(2, 4, -1)
    djv = (pairs[:, 2:].reshape(4, -1) @ e.T).view(2, 2, -1)
    return helmholtz(p, z, f, slopes[:, :2], slopes[:, 2:], djv)


def loss(p: dict) -> torch.Tensor:
    y = trajectories(p)
    return ((y[..., :2] - observed) ** 2).mean() + helmholtz_at(p, y.detach().flatten(0, 1))


serve(eager_peer(parameters, loss, decay=0, steps=20))
