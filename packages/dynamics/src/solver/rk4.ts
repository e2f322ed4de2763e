/**
 * The classical Runge–Kutta method of order 4: Kutta, 1901, "Beitrag zur näherungsweisen Integration totaler
 * Differentialgleichungen", Z. Math. Phys. 46, 435-453. Four evaluations a step, no error estimate.
 */
import { butcherTableau } from "./butcher-tableau.ts";
import { explicitRungeKutta } from "./explicit-runge-kutta.ts";
import type { Solver } from "./solver.ts";

/** The classical method of order 4, with a cubic dense output. */
export const rk4: Solver = explicitRungeKutta(
  butcherTableau({
    name: "rk4",
    order: 4,
    denseOrder: 3,
    fsal: false,
    a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
    b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
    c: [0, 1 / 2, 1 / 2, 1],
    cites: ["Kutta 1901, Z. Math. Phys. 46, 435-453"],
  }),
);
