"""The Helmholtz loss of many points in PyTorch eager, derivatives written out.

The network of the metric carries its value and three tangents (along the motion, v1 and v2), [tensor, point, unit], which meet
the 64 x 64 weights in one product.
"""

import torch
from torch.nn.functional import softplus


def metric(p: dict, z: torch.Tensor, motion: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(s1, s2, s3) at the points z [N, 5]: [3, N], and their tangents along the motion, v1 and v2: [3, 3, N]."""
    w1, w2, w3 = p["g.W1"], p["g.W2"], p["g.W3"]
    a = torch.addmm(p["g.b1"], z, w1)
    s = torch.sigmoid(a)
    h = torch.stack([softplus(a), s * (motion @ w1), s * w1[3], s * w1[4]])
    a = h.flatten(0, 1) @ w2
    a = a.view(4, len(z), -1)
    value = a[0] + p["g.b2"]
    h = torch.cat([softplus(value)[None], torch.sigmoid(value) * a[1:]])
    out = (w3.T @ h.flatten(0, 1).T).view(3, 4, len(z))
    o = out[:, 0] + p["g.b3"][:, None]
    return torch.sinh(o), torch.cosh(o)[:, None] * out[:, 1:]


def helmholtz(p: dict, z: torch.Tensor, f: torch.Tensor, jx: torch.Tensor, jv: torch.Tensor, djv: torch.Tensor) -> torch.Tensor:
    """The mean of H1 + H2 + H3 over the points z [N, 5]; f: [N, 2], the matrices [2, 2, N]."""
    phi = djv / 2 - jx - torch.einsum("ijn,jkn->ikn", jv, jv) / 4
    s, tangents = metric(p, z, torch.cat([torch.ones_like(z[:, :1]), z[:, 3:], f], 1))
    (ds1, _, s1_v2), (ds2, s2_v1, s2_v2), (ds3, s3_v1, _) = (t.unbind() for t in tangents.unbind())
    s1, s2, s3 = s.unbind()
    g11, g22 = 2 * s1, 2 * s3
    scale = 10 * (((s1 + s3).abs() - torch.sqrt((s1 - s3) ** 2 + s2**2)).abs() + 1e-6)
    r1 = g11 * phi[0, 1] + s2 * (phi[1, 1] - phi[0, 0]) - g22 * phi[1, 0]
    r11 = 2 * ds1 + g11 * jv[0, 0] + s2 * jv[1, 0]
    r12 = ds2 + (g11 * jv[0, 1] + s2 * (jv[0, 0] + jv[1, 1]) + g22 * jv[1, 0]) / 2
    r22 = 2 * ds3 + s2 * jv[0, 1] + g22 * jv[1, 1]
    clipped = torch.tanh(torch.stack([r1, r11, r12, r22, 2 * s1_v2 - s2_v1, s2_v2 - 2 * s3_v1]) / scale)
    return 100 * (torch.tensor([0.5, 0.25, 0.5, 0.25, 0.25, 0.25]) @ (clipped * clipped)).mean()
