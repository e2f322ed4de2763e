"""`sho-node` in JAX, features first: [component or unit, trajectory]; a scan over the times, unrolled whole.

The fastest of eight forms tried (not unrolled it takes 1.3 times as long, with trajectories first 1.9 times, with sums in
place of the products 1.5 times); unrolling takes ten times as long to compile.
"""

from jax_jit import jit_peer  # first: it sets the threads before JAX starts
import jax
import jax.numpy as jnp
from harness import serve
from problem_sho_node import H, TIMES, problem

parameters, observations = problem()
data = jnp.array(observations.transpose(0, 2, 1))


def loss(p: dict) -> jax.Array:
    W1, b1, W2, b2 = p["W1"].T, p["b1"][:, None], p["W2"].T, p["b2"][:, None]

    def field(z: jax.Array) -> jax.Array:
        return W2 @ jnp.tanh(W1 @ z + b1) + b2

    def step(z: jax.Array) -> jax.Array:
        k1 = field(z)
        k2 = field(z + H / 2 * k1)
        k3 = field(z + H / 2 * k2)
        k4 = field(z + H * k3)
        return z + H / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    def to_next_time(z: jax.Array, observed: jax.Array) -> tuple[jax.Array, jax.Array]:
        z = step(step(z))
        return z, jnp.sum((z - observed) ** 2)

    _, errors = jax.lax.scan(to_next_time, data[0], data[1:], unroll=TIMES - 1)
    return jnp.sum(errors) / data.size


serve(jit_peer(parameters, loss, decay=0, steps=10))
