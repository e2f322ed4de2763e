"""`lagrangian-node` in PyTorch eager as most users write it: derivatives of functions of one point, vmapped (torch.func)."""

import torch
from harness import serve
from helmholtz_point_torch import Field, helmholtz_at, joined, metric_of
from problem_lagrangian_node import H, SUBSTEPS, TIMES, problem
from torch_eager import eager_peer

parameters, starts, positions = problem()
x0, observed = torch.tensor(starts), torch.tensor(positions)
times = torch.arange(TIMES) / (TIMES - 1)


def field_of(p: dict) -> Field:
    def field(t: torch.Tensor, x: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.softplus(joined(t, x, v) @ p["f.W1"] + p["f.b1"]) @ p["f.W2"] + p["f.b2"]

    return field


def start_velocity(p: dict) -> torch.Tensor:
    h = x0
    for i in (1, 2, 3):
        h = torch.relu(h @ p[f"v0.W{i}"] + p[f"v0.b{i}"])
    return h @ p["v0.W4"] + p["v0.b4"]


def trajectories(p: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Positions and velocities: [TIMES, RUNS, 2] each."""
    rate = torch.vmap(field_of(p), (None, 0, 0))
    x, v = x0, start_velocity(p)
    xs, vs = [x], [v]
    for k in range((TIMES - 1) * SUBSTEPS):
        t = torch.tensor(k * H)
        a1 = rate(t, x, v)
        v2 = v + H / 2 * a1
        a2 = rate(t + H / 2, x + H / 2 * v, v2)
        v3 = v + H / 2 * a2
        a3 = rate(t + H / 2, x + H / 2 * v2, v3)
        v4 = v + H * a3
        a4 = rate(t + H, x + H * v3, v4)
        x = x + H / 6 * (v + 2 * v2 + 2 * v3 + v4)
        v = v + H / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        if k % SUBSTEPS == SUBSTEPS - 1:
            xs.append(x)
            vs.append(v)
    return torch.stack(xs), torch.stack(vs)


def loss(p: dict) -> torch.Tensor:
    xs, vs = trajectories(p)
    at_point = lambda t, x, v: helmholtz_at(field_of(p), metric_of(p), t, x, v)  # noqa: E731
    over_all = torch.vmap(torch.vmap(at_point, (None, 0, 0)))
    return ((xs - observed) ** 2).mean() + over_all(times, xs.detach(), vs.detach()).mean()


serve(eager_peer(parameters, loss, decay=0, steps=20))
