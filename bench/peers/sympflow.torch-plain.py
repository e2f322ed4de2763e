"""`sympflow` in PyTorch eager as a user writes it: slopes of the networks by autograd, d/dt in forward mode, all inside the loss."""

import torch
from harness import serve
from problem_sympflow import CLIP, LAYERS, problem
from torch.func import grad, jvp
from torch_eager import eager_peer

parameters, samples = problem()
q, p, t = torch.tensor(samples)


def network(w: dict, name: str, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    first = torch.tanh(torch.stack([x, t], 1) @ w[f"{name}.W1"] + w[f"{name}.b1"])
    second = torch.tanh(first @ w[f"{name}.W2"] + w[f"{name}.b2"])
    return (second @ w[f"{name}.W3"] + w[f"{name}.b3"]).sum()  # summed over the samples: each meets only its own


slopes = grad(network, argnums=(2, 3))


def shift(w: dict, name: str, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return slopes(w, name, x, t)[0] - slopes(w, name, x, torch.zeros_like(t))[0]


def flow(w: dict, q: torch.Tensor, p: torch.Tensor, t: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    for layer in range(1, LAYERS + 1):
        p = p - shift(w, f"V{layer}", q, t)
        q = q + shift(w, f"K{layer}", p, t)
    return q, p


def hamiltonian(w: dict, q: torch.Tensor, p: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    total = torch.tanh(w["h0"])
    for layer in range(LAYERS, 0, -1):
        total = total + slopes(w, f"K{layer}", p, t)[1]
        q = q - shift(w, f"K{layer}", p, t)
        total = total + slopes(w, f"V{layer}", q, t)[1]
        p = p + shift(w, f"V{layer}", q, t)
    return total


def loss(w: dict) -> torch.Tensor:
    (position, momentum), (velocity, force) = jvp(lambda time: flow(w, q, p, time), (t,), (torch.ones_like(t),))
    residual = 0.5 * (((velocity - momentum) ** 2).mean() + ((force + position) ** 2).mean())
    return residual + ((hamiltonian(w, q, p, t) - (q**2 + p**2) / 2) ** 2).mean()


serve(eager_peer(parameters, loss, decay=0, steps=50, clip=CLIP))
