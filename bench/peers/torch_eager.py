"""A training step of PyTorch in eager mode: loss, backward, fused Adam. One thread."""

from typing import Callable

import harness
import numpy as np
import torch

torch.set_num_threads(1)


def eager_peer(parameters: dict[str, np.ndarray], loss: Callable[[dict], torch.Tensor], decay: float, steps: int) -> harness.Peer:
    """`loss` maps parameters by name to a scalar; `decay` is added to the gradient (L2), as in torch.optim.Adam."""
    held: dict = {}

    def restart() -> None:
        held["p"] = {n: torch.tensor(v, requires_grad=True) for n, v in parameters.items()}
        held["adam"] = torch.optim.Adam(held["p"].values(), lr=1e-3, weight_decay=decay, fused=True)

    def step() -> torch.Tensor:
        held["adam"].zero_grad(set_to_none=True)
        value = loss(held["p"])
        value.backward()
        held["adam"].step()
        return value

    def run(count: int) -> None:
        for _ in range(count):
            held["loss"] = step()

    def first() -> tuple[float, float]:
        restart()
        value = step().item()
        gradients = [p.grad for p in held["p"].values() if p.grad is not None]
        return value, torch.sqrt(sum((g.double() ** 2).sum() for g in gradients)).item()

    return harness.Peer(restart, run, lambda: held["loss"].item(), first, steps)
