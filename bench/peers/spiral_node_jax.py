"""The neural ODE of `spiral-node` in diffrax: discrete gradient through the accepted steps (its default adjoint)."""

from functools import partial

from jax_jit import adam, jit_peer  # first: it sets the threads before JAX starts
import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from harness import serve
from problem_spiral_node import END, TIMES, problem


def loss_with(
    solver: diffrax.AbstractSolver, dtype: type = np.float32, tolerance: float = 1e-6, most: int = 256, stream: int = 0
) -> tuple[dict, partial]:
    parameters, observed = problem(stream)
    control = diffrax.PIDController(rtol=tolerance, atol=tolerance)
    terms = diffrax.ODETerm(lambda _t, z, p: jnp.tanh(z**3 @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])
    start, times, data = jnp.array([2, 0], dtype), jnp.array(TIMES, dtype), jnp.array(observed, dtype)

    def loss(p: dict) -> jax.Array:
        save = diffrax.SaveAt(ts=times)
        options = dict(stepsize_controller=control, saveat=save, max_steps=most)
        found = diffrax.diffeqsolve(terms, solver, 0.0, END, None, start, p, **options)
        return jnp.sum((found.ys - data) ** 2)

    return {name: value.astype(dtype) for name, value in parameters.items()}, loss


def run(solver: diffrax.AbstractSolver) -> None:
    serve(jit_peer(*loss_with(solver), decay=0, steps=50, update=partial(adam, rate=0.05)))
