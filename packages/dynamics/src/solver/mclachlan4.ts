/**
 * A symmetric splitting of order 4 with five kicks: McLachlan, 1995, "On the numerical integration of ordinary
 * differential equations by symmetric composition methods", section 4.2, method S with m = 5, doi:10.1137/0916010.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { splittingCoefficients } from "./splitting-coefficients.ts";

const root = Math.sqrt(19);
const outer = [(14 - root) / 108, 2 / 5, (20 - 7 * root) / 108, -1 / 10, (5 + 2 * root) / 27];

/** McLachlan's splitting of order 4: five forces a step, for separable Hamiltonians. */
export const mclachlan4: Solver = splitting(
  splittingCoefficients({
    name: "mclachlan4",
    order: 4,
    field: "separable",
    first: "drift",
    weights: [...outer, 2 / 5, ...[...outer].reverse()],
    symmetric: true,
    cites: ["doi:10.1137/0916010"],
  }),
);
