"""`lagrangian-node` in JAX: features first, derivatives written out (helmholtz_jax.py), a scan over the times.

Time steps unrolled took 1.2 times as long and three times as long to compile.
"""

from jax_jit import jit_peer  # first: it sets the threads before JAX starts
import jax
import jax.numpy as jnp
import numpy as np
from harness import serve
from helmholtz_jax import helmholtz, softplus
from problem_lagrangian_node import H, RUNS, SUBSTEPS, TIMES, problem

parameters, starts, positions = problem()
x0, observed = starts.T, positions.transpose(0, 2, 1)  # [2, RUNS], [TIMES, 2, RUNS]
times = np.repeat(np.arange(TIMES, dtype=np.float32) / (TIMES - 1), RUNS)[None, :]


def field(p: dict, t: float, state: jax.Array) -> jax.Array:
    h, _ = softplus(p["f.W1"][1:].T @ state + (p["f.b1"] + t * p["f.W1"][0])[:, None])
    return p["f.W2"].T @ h + p["f.b2"][:, None]


def start_velocity(p: dict) -> jax.Array:
    h = x0
    for i in (1, 2, 3):
        h = jax.nn.relu(p[f"v0.W{i}"].T @ h + p[f"v0.b{i}"][:, None])
    return p["v0.W4"].T @ h + p["v0.b4"][:, None]


def trajectories(p: dict) -> jax.Array:
    """Positions and velocities: [TIMES, 4, RUNS]."""
    rate = lambda t, y: jnp.concatenate([y[2:], field(p, t, y)])  # noqa: E731

    def between(y: jax.Array, k: jax.Array) -> tuple[jax.Array, jax.Array]:
        for i in range(SUBSTEPS):
            t = (SUBSTEPS * k + i) * H
            k1 = rate(t, y)
            k2 = rate(t + H / 2, y + H / 2 * k1)
            k3 = rate(t + H / 2, y + H / 2 * k2)
            k4 = rate(t + H, y + H * k3)
            y = y + H / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return y, y

    y = jnp.concatenate([x0, start_velocity(p)])
    return jnp.concatenate([y[None], jax.lax.scan(between, y, jnp.arange(TIMES - 1))[1]])


def helmholtz_at(p: dict, states: jax.Array) -> jax.Array:
    """The Helmholtz loss at the states [4, N]; the slopes of f are products with its two layers of weights."""
    z = jnp.concatenate([times, states])
    w1, w2 = p["f.W1"], p["f.W2"]
    h, s = softplus(w1.T @ z + p["f.b1"][:, None])
    f = w2.T @ h + p["f.b2"][:, None]
    e = s * (1 - s) * (w1.T @ jnp.concatenate([jnp.ones_like(times), states[2:], f]))
    pairs = jnp.einsum("hc,kh->ckh", w2, w1[1:])  # by component of f and of (x, v)
    slopes = (pairs.reshape(8, -1) @ s).reshape(2, 4, -1)
    djv = (pairs[:, 2:].reshape(4, -1) @ e).reshape(2, 2, -1)
    return helmholtz(p, z, f, slopes[:, :2], slopes[:, 2:], djv)


def loss(p: dict) -> jax.Array:
    y = trajectories(p)
    states = jax.lax.stop_gradient(y).transpose(1, 0, 2).reshape(4, -1)
    return jnp.mean((y[:, :2] - observed) ** 2) + helmholtz_at(p, states)


serve(jit_peer(parameters, loss, decay=0, steps=20))
