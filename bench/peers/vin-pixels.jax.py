"""`vin-pixels` in JAX: one window at a time under vmap, the LSTM and Störmer–Verlet by scan (both unrolled: no faster)."""

from jax_jit import jit_peer  # first: it sets the threads before JAX starts
import jax
import jax.numpy as jnp
from harness import serve
from problem_vin_pixels import FRAMES, MEMORY, problem

parameters, images, noise = problem()


def layer(p: dict, name: str, x: jax.Array) -> jax.Array:
    return x @ p[f"{name}.W"] + p[f"{name}.b"]


def encode(p: dict, image: jax.Array) -> jax.Array:
    features = jax.nn.relu(layer(p, "encoder2", jax.nn.relu(layer(p, "encoder1", image))))

    def cell(carry: tuple, x: jax.Array) -> tuple:
        hidden, state = carry
        i, f, g, o = jnp.split(x + layer(p, "recurrent", hidden), 4)
        state = jax.nn.sigmoid(f) * state + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(state), state), None

    nothing = jnp.zeros(MEMORY, image.dtype)
    (hidden, _), _ = jax.lax.scan(cell, (nothing, nothing), layer(p, "input", features), reverse=True)
    return layer(p, "head", hidden)


def positions(p: dict, first: jax.Array, second: jax.Array) -> jax.Array:
    slope = jax.grad(lambda q: (jnp.tanh(layer(p, "potential", q)) @ p["energy.W"])[0])

    def verlet(carry: tuple, _: None) -> tuple:
        before, now = carry
        following = 2 * now - before - slope(now)
        return (now, following), following

    _, later = jax.lax.scan(verlet, (first, second), None, length=FRAMES - 2)
    return jnp.concatenate([jnp.stack([first, second]), later])


def window_loss(p: dict, image: jax.Array, eps: jax.Array) -> jax.Array:
    mean, raw = jnp.split(encode(p, image), 2)
    deviation = jax.nn.softplus(raw)
    start = mean + deviation * eps
    q = positions(p, start[:2], start[2:])
    logits = layer(p, "decoder3", jax.nn.relu(layer(p, "decoder2", jax.nn.relu(layer(p, "decoder1", q)))))
    divergence = ((mean**2 + deviation**2 - 1) / 2 - jnp.log(deviation)).sum()
    return (jax.nn.softplus(logits) - image * logits).sum() + divergence


def loss(p: dict) -> jax.Array:
    return jax.vmap(window_loss, (None, 0, 0))(p, images, noise).mean()


serve(jit_peer(parameters, loss, decay=0, steps=3))
