"""`lnn` and `lnn-600` in PyTorch eager, derivatives written out.

One reverse pass gives the cotangents c of the hidden layers; tangents t go forward along v1, v2 and (for d²L/dq dv v) along
v in the space of q. Then d²L(x, y) = sum over the layers of c softplus''(a) t_x t_y.
"""

import torch
from harness import Peer
from problem_lnn import STATES, problem
from torch_eager import eager_peer


def eager_lnn(hidden: int, units: int, steps: int) -> Peer:
    parameters, states, targets = problem(hidden, units)
    s, target = torch.tensor(states), torch.tensor(targets)
    v = s[:, 2:].clone()
    unit = torch.eye(4)[2:].repeat_interleave(STATES, 0)  # along v1, then along v2
    directions = torch.cat([unit, torch.cat([v, 0 * v], 1)])

    def loss(p: dict) -> torch.Tensor:
        value, tangents, layers = s, directions, []
        for layer in range(1, hidden + 1):
            a = torch.addmm(p[f"b{layer}"], value, p[f"W{layer}"])
            t = (tangents @ p[f"W{layer}"]).view(3, STATES, units)
            slope = torch.sigmoid(a)
            layers.append((slope, t))
            if layer < hidden:
                value, tangents = torch.nn.functional.softplus(a), (slope * t).view(3 * STATES, units)
        cotangent = p[f"W{hidden + 1}"].T
        bend = torch.zeros(STATES, 5)
        for layer in range(hidden, 0, -1):
            slope, (t1, t2, tv) = layers[layer - 1]
            carried = cotangent * slope
            bent = carried * (1 - slope)
            u1, u2 = bent * t1, bent * t2
            bend = bend + torch.stack([(u1 * t1).sum(1), (u1 * t2).sum(1), (u2 * t2).sum(1), (u1 * tv).sum(1), (u2 * tv).sum(1)], 1)
            cotangent = carried @ p[f"W{layer}"].T
        h11, h12, h22 = bend[:, 0] + 1, bend[:, 1], bend[:, 2] + 1
        f1, f2 = cotangent[:, 0] - bend[:, 3], cotangent[:, 1] - bend[:, 4]
        determinant = h11 * h22 - h12 * h12
        errors = torch.stack([(f1 * h22 - f2 * h12) / determinant, (f2 * h11 - f1 * h12) / determinant], 1) - target
        return errors.abs().sum() / STATES + 0 * p[f"b{hidden + 1}"].sum()

    return eager_peer(parameters, loss, decay=0, steps=steps)
