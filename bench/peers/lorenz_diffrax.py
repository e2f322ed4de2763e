"""The Lorenz system in diffrax: one jitted call, a tuple of scalars as state, end state only, no checkpoints."""

import harness  # first: it sets the threads

harness.keep_to_cores()

import diffrax  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402
from problem_lorenz import AT10, END, field  # noqa: E402
from solve_peer import serve_solve  # noqa: E402

jax.config.update("jax_enable_x64", True)


def serve(solver: diffrax.AbstractSolver) -> None:
    terms = diffrax.ODETerm(lambda _t, state, _args: field(state))
    control = diffrax.PIDController(rtol=1e-8, atol=1e-8)

    @jax.jit
    def integrate(end: jax.Array) -> diffrax.Solution:
        options = dict(stepsize_controller=control, max_steps=None, saveat=diffrax.SaveAt(t1=True))
        return diffrax.diffeqsolve(
            terms, solver, 0.0, end, None, (1.0, 0.0, 0.0), adjoint=diffrax.ForwardMode(), **options
        )

    def solve(end: float) -> tuple[np.ndarray, int, int]:
        found = jax.block_until_ready(integrate(end))
        state = np.array([component[0] for component in found.ys])
        return state, int(found.stats["num_accepted_steps"]), int(found.stats["num_rejected_steps"])

    serve_solve(solve, 10.0, np.array(AT10), END)
