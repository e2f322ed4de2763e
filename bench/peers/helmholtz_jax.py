"""The Helmholtz loss of many points in JAX, derivatives written out: features first, [unit, tensor x point].

The network of the metric carries its value and three tangents (along the motion, v1 and v2), which meet the 64 x 64 weights in
one product.
"""

import jax
import jax.numpy as jnp


def softplus(a: jax.Array) -> tuple[jax.Array, jax.Array]:
    """ln(1 + e^a) and its slope."""
    return jnp.maximum(a, 0) + jnp.log1p(jnp.exp(-jnp.abs(a))), jax.nn.sigmoid(a)


def metric(p: dict, z: jax.Array, motion: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """(s1, s2, s3) at the points z [5, N] and their tangents along the motion, v1 and v2: [3, N] each."""
    w1, (h, s) = p["g.W1"], softplus(p["g.W1"].T @ z + p["g.b1"][:, None])
    h = jnp.concatenate([h, s * (w1.T @ motion), s * w1[3][:, None], s * w1[4][:, None]], 1)
    a, *tangents = jnp.split(p["g.W2"].T @ h, 4, 1)
    h, s = softplus(a + p["g.b2"][:, None])
    out = p["g.W3"].T @ jnp.concatenate([h, *(s * t for t in tangents)], 1)
    o, *tangents = jnp.split(out, 4, 1)
    o = o + p["g.b3"][:, None]
    slope = jnp.cosh(o)
    return jnp.sinh(o), *(slope * t for t in tangents)


def helmholtz(p: dict, z: jax.Array, f: jax.Array, jx: jax.Array, jv: jax.Array, djv: jax.Array) -> jax.Array:
    """The mean of H1 + H2 + H3 over the points; f: [2, N], the matrices [2, 2, N]."""
    square = jnp.einsum("ijn,jkn->ikn", jv, jv)
    phi = djv / 2 - jx - square / 4
    s, ds, s_v1, s_v2 = metric(p, z, jnp.concatenate([jnp.ones_like(z[:1]), z[3:], f]))
    g11, g12, g22 = 2 * s[0], s[1], 2 * s[2]
    scale = 10 * (jnp.abs(jnp.abs(s[0] + s[2]) - jnp.sqrt((s[0] - s[2]) ** 2 + g12**2)) + 1e-6)
    r1 = g11 * phi[0, 1] + g12 * (phi[1, 1] - phi[0, 0]) - g22 * phi[1, 0]
    r11 = 2 * ds[0] + g11 * jv[0, 0] + g12 * jv[1, 0]
    r12 = ds[1] + (g11 * jv[0, 1] + g12 * (jv[0, 0] + jv[1, 1]) + g22 * jv[1, 0]) / 2
    r22 = 2 * ds[2] + g12 * jv[0, 1] + g22 * jv[1, 1]
    clipped = jnp.tanh(jnp.stack([r1, r11, r12, r22, 2 * s_v2[0] - s_v1[1], s_v2[1] - 2 * s_v1[2]]) / scale)
    weights = jnp.array([0.5, 0.25, 0.5, 0.25, 0.25, 0.25], z.dtype)
    return 100 * jnp.mean(weights @ clipped**2)
