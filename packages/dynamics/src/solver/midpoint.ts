/**
 * The explicit midpoint method: Runge, 1895, "Ueber die numerische Auflösung von Differentialgleichungen",
 * doi:10.1007/BF01446807. Order 2; the difference from the method of Euler is its error estimate; its dense output of order
 * 2 has the weights theta - theta² and theta².
 */
import { butcherTableau } from "./butcher-tableau.ts";
import { explicitRungeKutta } from "./explicit-runge-kutta.ts";
import type { Solver } from "./solver.ts";

/** The explicit midpoint method: two evaluations a step. */
export const midpoint: Solver = explicitRungeKutta(
  butcherTableau({
    name: "midpoint",
    order: 2,
    embeddedOrder: 1,
    denseOrder: 2,
    fsal: false,
    a: [[], [1 / 2]],
    b: [0, 1],
    c: [0, 1 / 2],
    error: [-1, 1],
    dense: [
      [1, -1],
      [0, 1],
    ],
    cites: ["doi:10.1007/BF01446807"],
  }),
);
