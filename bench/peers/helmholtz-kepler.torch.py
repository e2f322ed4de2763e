"""`helmholtz-kepler` in PyTorch eager: derivatives written out (helmholtz_torch.py), gradients added up over chunks of 4,000 points.

All points at once took twice as long, chunks of 1,000 1.2 times.
"""

import torch
from harness import serve
from helmholtz_torch import helmholtz
from problem_helmholtz_kepler import GM, problem
from torch_eager import eager_peer

CHUNK = 4000
parameters, points = problem()
chunks = torch.tensor(points).split(CHUNK)


def chunk_loss(p: dict, z: torch.Tensor) -> torch.Tensor:
    _, r, _, u, w = z.unbind(1)
    zero = torch.zeros_like(r)
    matrix = lambda *entries: torch.stack(entries).view(2, 2, len(z))  # noqa: E731
    f = torch.stack([r * w * w - GM / (r * r), -2 * u * w / r])
    jx = matrix(w * w + 2 * GM / r**3, zero, 2 * u * w / (r * r), zero)
    jv = matrix(zero, 2 * r * w, -2 * w / r, -2 * u / r)
    djv = matrix(zero, 2 * (u * w + r * f[1]), 2 * (u * w / r - f[1]) / r, 2 * (u * u / r - f[0]) / r)
    return helmholtz(p, z, f.T, jx, jv, djv) * (len(z) / len(points))


def loss(p: dict) -> torch.Tensor:
    """The gradients of all chunks but the last are added to the parameters' here, that of the last by the caller."""
    done = torch.zeros(())
    for z in chunks[:-1]:
        part = chunk_loss(p, z)
        part.backward()
        done += part.detach()
    return chunk_loss(p, chunks[-1]) + done


radam = lambda leaves: torch.optim.RAdam(leaves, lr=1e-2)  # noqa: E731
serve(eager_peer(parameters, loss, decay=0, steps=8, clip=10, optimiser=radam))
