/**
 * The method of Bogacki and Shampine of order 3 with an error estimate of order 2: Bogacki, Shampine, 1989, "A 3(2) pair of
 * Runge–Kutta formulas", doi:10.1016/0893-9659(89)90079-7. Its dense output of order 3 is the cubic through the values and
 * slopes at both ends, which are known.
 */
import { butcherTableau } from "./butcher-tableau.ts";
import { explicitRungeKutta } from "./explicit-runge-kutta.ts";
import type { Solver } from "./solver.ts";

const weights = [2 / 9, 1 / 3, 4 / 9];

/** Bogacki–Shampine 3(2): three evaluations a step. */
export const bosh3: Solver = explicitRungeKutta(
  butcherTableau({
    name: "bosh3",
    order: 3,
    embeddedOrder: 2,
    denseOrder: 3,
    fsal: true,
    a: [[], [1 / 2], [0, 3 / 4], weights],
    b: [...weights, 0],
    c: [0, 1 / 2, 3 / 4, 1],
    error: [-5 / 72, 1 / 12, 1 / 9, -1 / 8],
    cites: ["doi:10.1016/0893-9659(89)90079-7"],
  }),
);
