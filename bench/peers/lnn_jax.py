"""`lnn` and `lnn-600` in JAX, [state, unit], derivatives written out as in lnn_torch.py.

The fastest of five forms tried: units first, or the value and its tangents in one product, took 1.05 to 1.3 times as long,
jax.grad and jax.jacfwd (or jacrev) at each state 1.4 to 1.6 times.
"""

from jax_jit import jit_peer  # first: it sets the threads before JAX starts
import jax
import jax.numpy as jnp
from harness import Peer
from problem_lnn import STATES, problem


def jitted_lnn(hidden: int, units: int, steps: int) -> Peer:
    parameters, states, targets = problem(hidden, units)
    s, target = jnp.asarray(states), jnp.asarray(targets)
    v = s[:, 2:]
    unit = jnp.repeat(jnp.eye(4)[2:], STATES, 0)  # along v1, then along v2
    directions = jnp.concatenate([unit, jnp.concatenate([v, 0 * v], 1)])

    def loss(p: dict) -> jax.Array:
        value, tangents, layers = s, directions, []
        for layer in range(1, hidden + 1):
            W = p[f"W{layer}"]
            a, t = value @ W + p[f"b{layer}"], (tangents @ W).reshape(3, STATES, units)
            slope = jax.nn.sigmoid(a)
            layers.append((slope, t))
            value, tangents = jax.nn.softplus(a), (slope * t).reshape(3 * STATES, units)
        cotangent, bend = p[f"W{hidden + 1}"].T, 0
        for layer in range(hidden, 0, -1):
            slope, (t1, t2, tv) = layers[layer - 1]
            carried = cotangent * slope
            bent = carried * (1 - slope)
            u1, u2 = bent * t1, bent * t2
            bend += jnp.stack([jnp.sum(x, 1) for x in (u1 * t1, u1 * t2, u2 * t2, u1 * tv, u2 * tv)])
            cotangent = carried @ p[f"W{layer}"].T
        h11, h12, h22 = bend[0] + 1, bend[1], bend[2] + 1
        f1, f2 = cotangent[:, 0] - bend[3], cotangent[:, 1] - bend[4]
        errors = jnp.stack([f1 * h22 - f2 * h12, f2 * h11 - f1 * h12], 1) / (h11 * h22 - h12 * h12)[:, None] - target
        return jnp.sum(jnp.abs(errors)) / STATES

    return jit_peer(parameters, loss, decay=0, steps=steps)
