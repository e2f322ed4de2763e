/**
 * The method of Heun of order 2 (explicit trapezoid rule): Heun, 1900, "Neue Methoden zur approximativen Integration der
 * Differentialgleichungen einer unabhängigen Veränderlichen", Z. Math. Phys. 45, 23-38. The difference from the method of
 * Euler is its error estimate; its dense output of order 2 has the weights theta - theta²/2 and theta²/2.
 */
import { butcherTableau } from "./butcher-tableau.ts";
import { explicitRungeKutta } from "./explicit-runge-kutta.ts";
import type { Solver } from "./solver.ts";

/** The explicit trapezoid rule: two evaluations a step. */
export const heun: Solver = explicitRungeKutta(
  butcherTableau({
    name: "heun",
    order: 2,
    embeddedOrder: 1,
    denseOrder: 2,
    fsal: false,
    a: [[], [1]],
    b: [1 / 2, 1 / 2],
    c: [0, 1],
    error: [-1 / 2, 1 / 2],
    dense: [
      [1, -1 / 2],
      [0, 1 / 2],
    ],
    cites: ["Heun 1900, Z. Math. Phys. 45, 23-38"],
  }),
);
