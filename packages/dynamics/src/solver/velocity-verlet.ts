/**
 * The velocity form of Verlet's method: Swope, Andersen, Berens, Wilson, 1982, "A computer simulation method for the
 * calculation of equilibrium constants", equations 19 and 20, doi:10.1063/1.442716.
 *
 * q1 = q + h v + h²/2 f(q), v1 = v + h/2 (f(q) + f(q1)): the map of `stormerVerlet` for q'' = f(q), with one evaluation
 * of the field a step.
 */
import { nystrom } from "./nystrom.ts";
import { nystromTable } from "./nystrom-table.ts";
import type { Solver } from "./solver.ts";

/** Velocity Verlet for q'' = f(t, q): order 2, symplectic for a force with a potential. */
export const velocityVerlet: Solver = nystrom(
  nystromTable({
    name: "velocityVerlet",
    order: 2,
    fsal: true,
    symplectic: true,
    symmetric: true,
    c: [0, 1],
    a: [[], [1 / 2]],
    b: [1 / 2, 1 / 2],
    bBar: [1 / 2, 0],
    cites: ["doi:10.1063/1.442716"],
  }),
);
