"""A training step of PyTorch in eager mode: loss, backward, optimiser (fused Adam unless another is given)."""

from typing import Callable

import harness
import numpy as np
import torch

torch.set_num_threads(harness.THREADS)


def eager_peer(
    parameters: dict[str, np.ndarray],
    loss: Callable[[dict], torch.Tensor],
    decay: float,
    steps: int,
    clip: float | None = None,
    optimiser: Callable[[list], torch.optim.Optimizer] | None = None,
) -> harness.Peer:
    """`loss` maps parameters by name to a scalar; `decay` is added to the gradient (L2), as in torch.optim.Adam.

    `clip` is the greatest norm of the whole gradient; `optimiser` makes another than Adam (1e-3) from the parameters.
    """
    held: dict = {}
    make = optimiser or (lambda leaves: torch.optim.Adam(leaves, lr=1e-3, weight_decay=decay, fused=True))

    def restart() -> None:
        held["p"] = {n: torch.tensor(v, requires_grad=True) for n, v in parameters.items()}
        held["optimiser"] = make(list(held["p"].values()))

    def slope() -> torch.Tensor:
        held["optimiser"].zero_grad(set_to_none=True)
        value = loss(held["p"])
        value.backward()
        return value

    def update() -> None:
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(held["p"].values(), clip)
        held["optimiser"].step()

    def run(count: int) -> None:
        for _ in range(count):
            held["loss"] = slope()
            update()

    def first() -> tuple[float, float]:
        restart()
        value = slope().item()
        gradients = [p.grad for p in held["p"].values() if p.grad is not None]
        norm = torch.sqrt(sum((g.double() ** 2).sum() for g in gradients)).item()
        update()
        return value, norm

    dtype = next(iter(parameters.values())).dtype.name
    return harness.Peer(restart, run, lambda: held["loss"].item(), first, steps, dtype)
