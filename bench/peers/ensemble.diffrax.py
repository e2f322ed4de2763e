"""`ensemble` in diffrax: vmap over the pendulums, each with its own step size; end states only, one jitted call."""

import harness  # first: it sets the threads

harness.keep_to_cores()

import diffrax  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from problem_ensemble import END, amplitudes, exact  # noqa: E402
from solve_peer import serve_solve  # noqa: E402

jax.config.update("jax_enable_x64", True)
START = jnp.array(amplitudes())
TERMS = diffrax.ODETerm(lambda _t, state, _args: (state[1], -jnp.sin(state[0])))


@jax.jit
def integrate(end: jax.Array) -> tuple:
    def one(amplitude: jax.Array) -> tuple:
        control = diffrax.PIDController(rtol=1e-6, atol=1e-6)
        options = dict(stepsize_controller=control, max_steps=None, saveat=diffrax.SaveAt(t1=True))
        start = (amplitude, jnp.zeros_like(amplitude))
        adjoint = diffrax.ForwardMode()
        found = diffrax.diffeqsolve(TERMS, diffrax.Tsit5(), 0.0, end, None, start, adjoint=adjoint, **options)
        return found.ys, found.stats["num_accepted_steps"], found.stats["num_rejected_steps"]

    return jax.vmap(one)(START)


def solve(end: float) -> tuple[np.ndarray, int, int]:
    (angle, velocity), accepted, rejected = jax.block_until_ready(integrate(end))
    return np.stack([angle[:, 0], velocity[:, 0]], axis=1), int(accepted.sum()), int(rejected.sum())


serve_solve(solve, END, exact(amplitudes(), END), END)
