"""`spiral-node` in diffrax with Dopri5 from several start parameters: `… DTYPE STEPS STREAM…`.

Prints for each stream one line {"stream", "ms", "losses"}: milliseconds of all steps (compiled before), loss of each step.
"""

import sys

from jax_jit import adam  # first: it sets the threads before JAX starts
import diffrax
import jax
import jax.numpy as jnp
import json
import time
from spiral_node_jax import loss_with

dtype, steps, *streams = sys.argv[1:]
jax.config.update("jax_enable_x64", dtype == "float64")
kind = getattr(jnp, dtype)


@jax.jit
def train(p: dict) -> jax.Array:
    def step(carry: tuple, _: None) -> tuple:
        p, state = carry
        value, g = jax.value_and_grad(loss)(p)
        return adam(p, g, state, rate=0.05), value

    zeros = jax.tree.map(jnp.zeros_like, p)
    return jax.lax.scan(step, (p, (zeros, zeros, jnp.zeros((), kind))), None, length=int(steps))[1]


_, loss = loss_with(diffrax.Dopri5(), kind)
starts = {stream: loss_with(diffrax.Dopri5(), kind, stream=int(stream))[0] for stream in streams}
jax.block_until_ready(train(starts[streams[0]]))
for stream, start in starts.items():
    begin = time.perf_counter()
    losses = jax.block_until_ready(train(start))
    ms = (time.perf_counter() - begin) * 1e3
    print(json.dumps({"stream": int(stream), "ms": ms, "losses": [float(each) for each in losses]}), flush=True)
