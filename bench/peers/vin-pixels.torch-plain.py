"""`vin-pixels` in PyTorch eager as most users write it: an LSTM of the library, grad U by automatic differentiation inside the loss."""

import torch
import torch.nn.functional as F
from harness import serve
from problem_vin_pixels import FRAMES, WINDOWS, problem
from torch_eager import eager_peer

parameters, frames, noise = problem()
images, eps = torch.tensor(frames), torch.tensor(noise)


def layer(p: dict, name: str, x: torch.Tensor) -> torch.Tensor:
    return x @ p[f"{name}.W"] + p[f"{name}.b"]


def encode(p: dict) -> torch.Tensor:
    features = torch.relu(layer(p, "encoder2", torch.relu(layer(p, "encoder1", images))))
    weights = [p["input.W"].T, p["recurrent.W"].T, p["input.b"], p["recurrent.b"]]
    nothing = torch.zeros(1, WINDOWS, p["head.W"].shape[0])
    backwards = features.flip(1).transpose(0, 1)
    _, hidden, _ = torch.lstm(backwards, [nothing, nothing], weights, True, 1, 0.0, True, False, False)
    return layer(p, "head", hidden[0])


def positions(p: dict, before: torch.Tensor, now: torch.Tensor) -> torch.Tensor:
    found = [before, now]
    for _ in range(FRAMES - 2):
        energy = (torch.tanh(layer(p, "potential", now)) @ p["energy.W"]).sum()
        (slope,) = torch.autograd.grad(energy, now, create_graph=True)
        before, now = now, 2 * now - before - slope
        found.append(now)
    return torch.stack(found, 1)


def loss(p: dict) -> torch.Tensor:
    mean, raw = encode(p).split(4, 1)
    deviation = F.softplus(raw)
    start = mean + deviation * eps
    q = positions(p, start[:, :2], start[:, 2:])
    logits = layer(p, "decoder3", torch.relu(layer(p, "decoder2", torch.relu(layer(p, "decoder1", q)))))
    divergence = ((mean**2 + deviation**2 - 1) / 2 - torch.log(deviation)).sum()
    return (F.binary_cross_entropy_with_logits(logits, images, reduction="sum") + divergence) / WINDOWS


serve(eager_peer(parameters, loss, decay=0, steps=3))
