/**
 * A symmetric splitting of order 4 for a quadratic kinetic energy: Blanes, Moan, 2002, "Practical symplectic
 * partitioned Runge–Kutta and Runge–Kutta–Nyström methods", table 3, method SRKN6b, doi:10.1016/S0377-0427(01)00492-7.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { interleaved, splittingCoefficients } from "./splitting-coefficients.ts";

const outer = [0.0829844064174052, 0.396309801498368, -0.0390563049223486];
const inner = [0.245298957184271, 0.60487266571108];

/** Blanes and Moan SRKN6b, order 4: six forces a step, for a quadratic kinetic energy. */
export const blanesMoanNystrom4: Solver = splitting(
  splittingCoefficients({
    name: "blanesMoanNystrom4",
    order: 4,
    field: "quadratic",
    first: "kick",
    weights: interleaved(outer, inner),
    symmetric: true,
    cites: ["doi:10.1016/S0377-0427(01)00492-7"],
  }),
);
