"""`sho-node-adaptive` in diffrax: dopri5 and its continuous adjoint (BacksolveAdjoint), float64, features first."""

from jax_jit import jit_peer  # first: it sets the threads before JAX starts
import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from harness import serve
from problem_sho_node import AT, END, problem

jax.config.update("jax_enable_x64", True)

parameters, observations = problem(np.float64)
data = jnp.array(observations.transpose(0, 2, 1))


def field(_t: jax.Array, z: jax.Array, p: dict) -> jax.Array:
    return p["W2"].T @ jnp.tanh(p["W1"].T @ z + p["b1"][:, None]) + p["b2"][:, None]


def loss(p: dict) -> jax.Array:
    options = dict(
        stepsize_controller=diffrax.PIDController(rtol=1e-7, atol=1e-9),
        saveat=diffrax.SaveAt(ts=jnp.array(AT)),
        adjoint=diffrax.BacksolveAdjoint(),
        max_steps=256,
    )
    found = diffrax.diffeqsolve(diffrax.ODETerm(field), diffrax.Dopri5(), 0.0, END, None, data[0], p, **options)
    return jnp.mean((found.ys - data) ** 2)


serve(jit_peer(parameters, loss, decay=0, steps=10))
