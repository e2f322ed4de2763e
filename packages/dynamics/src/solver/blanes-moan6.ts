/**
 * A symmetric splitting of order 6 with small errors: Blanes, Moan, 2002, "Practical symplectic partitioned Runge–Kutta
 * and Runge–Kutta–Nyström methods", table 2, method S10, doi:10.1016/S0377-0427(01)00492-7.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { interleaved, splittingCoefficients } from "./splitting-coefficients.ts";

const outer = [0.0502627644003922, 0.413514300428344, 0.0450798897943977, -0.188054853819569, 0.54196067845078];
const inner = [0.148816447901042, -0.132385865767784, 0.067307604692185, 0.432666402578175];

/** Blanes and Moan S10, order 6: ten forces a step, for separable Hamiltonians. */
export const blanesMoan6: Solver = splitting(
  splittingCoefficients({
    name: "blanesMoan6",
    order: 6,
    field: "separable",
    first: "drift",
    weights: interleaved(outer, inner),
    symmetric: true,
    cites: ["doi:10.1016/S0377-0427(01)00492-7"],
  }),
);
