/**
 * The explicit method of Euler, 1768, "Institutionum calculi integralis", volume 1, section 650: one evaluation a step,
 * order 1, no error estimate.
 */
import { butcherTableau } from "./butcher-tableau.ts";
import { explicitRungeKutta } from "./explicit-runge-kutta.ts";
import type { Solver } from "./solver.ts";

/** The method of Euler, with straight lines between its steps. */
export const euler: Solver = explicitRungeKutta(
  butcherTableau({
    name: "euler",
    order: 1,
    denseOrder: 1,
    fsal: false,
    a: [[]],
    b: [1],
    c: [0],
    dense: [[1]],
    cites: ["Euler 1768, Institutionum calculi integralis 1, section 650"],
  }),
);
