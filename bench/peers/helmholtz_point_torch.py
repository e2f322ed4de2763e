"""The Helmholtz loss at one point in PyTorch as most users write it: derivatives of functions of one point (torch.func)."""

from typing import Callable

import torch
from torch.func import jacfwd, jvp

Field = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def joined(t: torch.Tensor, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return torch.cat([t.reshape(1), x, v])


def metric_of(p: dict) -> Field:
    """g = U + U^T of three numbers, each sinh of an output of the network."""

    def metric(t: torch.Tensor, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        h = torch.nn.functional.softplus(joined(t, x, v) @ p["g.W1"] + p["g.b1"])
        h = torch.nn.functional.softplus(h @ p["g.W2"] + p["g.b2"])
        s = torch.sinh(h @ p["g.W3"] + p["g.b3"])
        return torch.stack([torch.stack([2 * s[0], s[1]]), torch.stack([s[1], 2 * s[2]])])

    return metric


def smallest_eigenvalue(g: torch.Tensor) -> torch.Tensor:
    middle, half = (g[0, 0] + g[1, 1]) / 2, (g[0, 0] - g[1, 1]) / 2
    return torch.abs(middle.abs() - torch.sqrt(half**2 + g[0, 1] ** 2))


def helmholtz_at(f: Field, metric: Field, t: torch.Tensor, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """H1 + H2 + H3 at the point (t, x, v)."""
    motion = (torch.ones_like(t), v, f(t, x, v))
    jx, jv = jacfwd(f, 1)(t, x, v), jacfwd(f, 2)(t, x, v)
    d_jv = jvp(jacfwd(f, 2), (t, x, v), motion)[1]
    g, dg = jvp(metric, (t, x, v), motion)
    slopes = jacfwd(metric, 2)(t, x, v)
    g_phi = g @ (d_jv / 2 - jx - jv @ jv / 4)
    scale = 10 * (smallest_eigenvalue(g) + 1e-6)
    mean_square = lambda r: ((10 * torch.tanh(r / scale)) ** 2).mean()  # noqa: E731
    h1 = mean_square(g_phi - g_phi.T)
    h2 = mean_square(dg + (g @ jv + jv.T @ g) / 2)
    return h1 + h2 + mean_square(slopes - slopes.transpose(1, 2))
