"""`vin-pixels` in PyTorch eager: frames in rows of one matrix, biases inside the products, grad U written out."""

import torch
import torch.nn.functional as F
from harness import serve
from problem_vin_pixels import FRAMES, MEMORY, PIXELS, UNITS, WINDOWS, problem
from torch_eager import eager_peer

parameters, frames, noise = problem()
images, eps = torch.tensor(frames).transpose(0, 1).reshape(FRAMES * WINDOWS, PIXELS), torch.tensor(noise)  # frame by frame


def layer(p: dict, name: str, x: torch.Tensor) -> torch.Tensor:
    return torch.addmm(p[f"{name}.b"], x, p[f"{name}.W"])


def encode(p: dict) -> torch.Tensor:
    features = torch.relu_(layer(p, "encoder2", torch.relu_(layer(p, "encoder1", images))))
    inputs = (layer(p, "input", features) + p["recurrent.b"]).view(FRAMES, WINDOWS, 4 * MEMORY)
    hidden = state = torch.zeros(WINDOWS, MEMORY)
    for k in reversed(range(FRAMES)):
        i, f, g, o = torch.addmm(inputs[k], hidden, p["recurrent.W"]).chunk(4, 1)
        state = torch.sigmoid(f) * state + torch.sigmoid(i) * torch.tanh(g)
        hidden = torch.sigmoid(o) * torch.tanh(state)
    return layer(p, "head", hidden)


def positions(p: dict, before: torch.Tensor, now: torch.Tensor) -> torch.Tensor:
    curve = p["energy.W"] * p["potential.W"].T  # grad U = sum over units of curve (1 - tanh²)
    offset, found = curve.sum(0), [before, now]
    for _ in range(FRAMES - 2):
        t = torch.tanh(layer(p, "potential", now))
        before, now = now, torch.addmm(2 * now - before - offset, t * t, curve)
        found.append(now)
    return torch.cat(found)


def loss(p: dict) -> torch.Tensor:
    mean, raw = encode(p).split(4, 1)
    deviation = F.softplus(raw)
    start = torch.addcmul(mean, deviation, eps)
    q = positions(p, start[:, :2], start[:, 2:])
    features = torch.relu_(layer(p, "decoder2", torch.relu_(layer(p, "decoder1", q).view(FRAMES * WINDOWS, UNITS))))
    likelihood = F.binary_cross_entropy_with_logits(layer(p, "decoder3", features), images, reduction="sum")
    divergence = ((mean**2 + deviation**2 - 1) / 2 - torch.log(deviation)).sum()
    return (likelihood + divergence) / WINDOWS


serve(eager_peer(parameters, loss, decay=0, steps=3))
