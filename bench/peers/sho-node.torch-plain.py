"""`sho-node` in PyTorch eager as most users write it: the field as a function, classical Runge–Kutta steps in a loop, autograd through all."""

import torch
from harness import serve
from problem_sho_node import H, TIMES, problem
from torch_eager import eager_peer

parameters, observations = problem()
data = torch.tensor(observations)


def loss(p: dict) -> torch.Tensor:
    def field(z: torch.Tensor) -> torch.Tensor:
        return torch.addmm(p["b2"], torch.tanh(torch.addmm(p["b1"], z, p["W1"])), p["W2"])

    z = data[0]
    states = [z]
    for _ in range(TIMES - 1):
        for _ in range(2):
            k1 = field(z)
            k2 = field(z + H / 2 * k1)
            k3 = field(z + H / 2 * k2)
            k4 = field(z + H * k3)
            z = z + H / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states.append(z)
    return ((torch.stack(states) - data) ** 2).mean()


serve(eager_peer(parameters, loss, decay=0, steps=10))
