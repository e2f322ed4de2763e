"""A training step of JAX: loss, gradient and update (Adam unless another is given) in one jitted call of many steps (lax.fori_loop), state donated."""

from functools import partial
from typing import Callable

import harness

harness.keep_to_cores()

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402


def adam(p: dict, g: dict, state: tuple, rate: float = 1e-3) -> tuple[dict, tuple]:
    first, second, count = state
    count = count + 1
    first = jax.tree.map(lambda m, d: 0.9 * m + 0.1 * d, first, g)
    second = jax.tree.map(lambda v, d: 0.999 * v + 0.001 * d * d, second, g)
    a, b = rate / (1 - 0.9**count), 1 / (1 - 0.999**count)
    p = jax.tree.map(lambda w, m, v: w - a * m / (jnp.sqrt(v * b) + 1e-8), p, first, second)
    return p, (first, second, count)


def jit_peer(
    parameters: dict[str, np.ndarray],
    loss: Callable[[dict], jax.Array],
    decay: float,
    steps: int,
    clip: float | None = None,
    update: Callable[[dict, dict, tuple], tuple[dict, tuple]] = adam,
) -> harness.Peer:
    """`loss` maps parameters by name to a scalar; `decay` is added to the gradient. A call makes `steps` steps.

    `clip` is the greatest norm of the whole gradient; `update` maps parameters, gradient and state to the next of both.
    """
    held: dict = {}
    dtype = next(iter(parameters.values())).dtype

    def step(_: int, carry: tuple) -> tuple:
        p, state, _, _ = carry
        value, g = jax.value_and_grad(loss)(p)
        norm = jnp.sqrt(sum(jnp.sum(d * d) for d in g.values()))
        factor = 1 if clip is None else jnp.minimum(1, clip / (norm + 1e-6))
        g = jax.tree.map(lambda d, w: d * factor + decay * w, g, p)
        return *update(p, g, state), value, norm

    @partial(jax.jit, donate_argnums=0, static_argnums=1)
    def chunk(carry: tuple, count: int) -> tuple:
        return jax.lax.fori_loop(0, count, step, carry)

    def restart() -> None:
        p = {n: jnp.array(v) for n, v in parameters.items()}
        zeros = lambda: jax.tree.map(jnp.zeros_like, p)  # noqa: E731
        zero = partial(jnp.zeros, (), dtype)  # made afresh each time: a buffer is donated once
        held["carry"] = jax.block_until_ready((p, (zeros(), zeros(), zero()), zero(), zero()))

    def run(count: int) -> None:
        if count % steps != 0:
            raise ValueError(f"Cannot run {count} steps: expected a multiple of {steps}")
        for _ in range(count // steps):
            held["carry"] = chunk(held["carry"], steps)
        jax.block_until_ready(held["carry"])

    def first() -> tuple[float, float]:
        restart()
        run(steps)  # compiles what is measured
        restart()
        _, _, value, norm = chunk(held["carry"], 1)
        return float(value), float(norm)

    return harness.Peer(restart, run, lambda: float(held["carry"][2]), first, steps, dtype.name)
