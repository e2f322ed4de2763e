"""`cnf` in JAX: [feature, point], the trace by algebra (s1ᵀ (W2 ∘ (W3 W1)ᵀ) s2 with s = 1 - tanh²), time steps unrolled.

The fastest of eight forms tried: as a scan it took 1.25 times as long (and compiles in a fifth of the time), points first
1.1 to 1.4 times, the trace by jacfwd at each point 2.9 (unrolled) to 8 times.
"""

import math

from jax_jit import jit_peer  # first: it sets the threads before JAX starts
import jax
import jax.numpy as jnp
from harness import serve
from problem_cnf import STEPS, problem

parameters, points = problem()
data = jnp.asarray(points.T)


def loss(p: dict) -> jax.Array:
    W1, W2, W3, time = p["W1"][:2].T, p["W2"].T, p["W3"].T, p["W1"][2]
    around = W2 * (W1 @ W3).T

    def rate(z: jax.Array, t: float) -> tuple[jax.Array, jax.Array]:
        h1 = jnp.tanh(W1 @ z + (p["b1"] + t * time)[:, None])
        h2 = jnp.tanh(W2 @ h1 + p["b2"][:, None])
        trace = jnp.sum((around @ (1 - h1 * h1)) * (1 - h2 * h2), 0)
        return W3 @ h2 + p["b3"][:, None], trace

    z, a, h = data, jnp.zeros(len(points)), 1 / STEPS
    for k in range(STEPS):
        t = k * h
        k1, a1 = rate(z, t)
        k2, a2 = rate(z + h / 2 * k1, t + h / 2)
        k3, a3 = rate(z + h / 2 * k2, t + h / 2)
        k4, a4 = rate(z + h * k3, t + h)
        z, a = z + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), a + h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
    return jnp.mean(jnp.sum(z * z, 0) / 2 + math.log(2 * math.pi) - a)


serve(jit_peer(parameters, loss, decay=0, steps=5))
