"""`sympflow` in PyTorch eager. Slopes and d/dt are written out, features first: [unit, sample], the places t and 0 side by side.

The fastest of five forms tried (rows of samples took 1.3 times as long; forward mode for both derivatives the same time).
"""

import torch
from harness import serve
from problem_sympflow import CLIP, LAYERS, SAMPLES, problem
from torch_eager import eager_peer

tanh_backward = torch.ops.aten.tanh_backward  # g (1 - t²) in one kernel, itself differentiable
parameters, samples = problem()
q0, p0, t = torch.tensor(samples)
times = torch.cat([t, torch.zeros_like(t)])
rates = torch.cat([torch.ones_like(t), torch.zeros_like(t)])
energy = 0.5 * (q0 * q0 + p0 * p0)
Pair = tuple[torch.Tensor, torch.Tensor]


def shift_along_flow(w: dict, name: str, x: torch.Tensor, v: torch.Tensor) -> Pair:
    """V'(x, t) - V'(x, 0) and its derivative while x moves with v: the reverse pass and its tangent."""
    W1, b1, W2, b2, W3 = (w[f"{name}.{part}"] for part in ("W1", "b1", "W2", "b2", "W3"))
    y = torch.tanh(torch.addmm(b1[:, None], W1.T, torch.stack([torch.cat([x, x]), times])))
    y_dot = tanh_backward(W1.T @ torch.stack([torch.cat([v, v]), rates]), y)
    a, a_dot = (W2.T @ torch.cat([y, y_dot], 1)).chunk(2, 1)
    z = torch.tanh(a + b2[:, None])
    pulled = tanh_backward(W3.expand_as(z), z)
    u, u_dot = (W2 @ torch.cat([pulled, -2 * z * pulled * a_dot], 1)).chunk(2, 1)
    value = W1[0] @ tanh_backward(u, y)
    slope = W1[0] @ (tanh_backward(u_dot, y) - 2 * y * u * y_dot)
    return value[:SAMPLES] - value[SAMPLES:], slope[:SAMPLES] - slope[SAMPLES:]


def shift(w: dict, name: str, x: torch.Tensor) -> Pair:
    """V'(x, t) - V'(x, 0), and dV/dt at (x, t)."""
    W1, b1, W2, b2, W3 = (w[f"{name}.{part}"] for part in ("W1", "b1", "W2", "b2", "W3"))
    y = torch.tanh(torch.addmm(b1[:, None], W1.T, torch.stack([torch.cat([x, x]), times])))
    z = torch.tanh(torch.addmm(b2[:, None], W2.T, y))
    slopes = W1 @ tanh_backward(W2 @ tanh_backward(W3.expand_as(z), z), y)
    return slopes[0, :SAMPLES] - slopes[0, SAMPLES:], slopes[1, :SAMPLES]


def loss(w: dict) -> torch.Tensor:
    q, p, q_dot, p_dot = q0, p0, torch.zeros_like(t), torch.zeros_like(t)
    for layer in range(1, LAYERS + 1):
        value, slope = shift_along_flow(w, f"V{layer}", q, q_dot)
        p, p_dot = p - value, p_dot - slope
        value, slope = shift_along_flow(w, f"K{layer}", p, p_dot)
        q, q_dot = q + value, q_dot + slope
    residual = 0.5 * (((q_dot - p) ** 2).mean() + ((p_dot + q) ** 2).mean())
    q, p, total = q0, p0, torch.tanh(w["h0"])
    for layer in range(LAYERS, 0, -1):
        value, slope = shift(w, f"K{layer}", p)
        q, total = q - value, total + slope
        value, slope = shift(w, f"V{layer}", q)
        p, total = p + value, total + slope
    return residual + ((total - energy) ** 2).mean()


serve(eager_peer(parameters, loss, decay=0, steps=50, clip=CLIP))
