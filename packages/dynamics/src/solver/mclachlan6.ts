/**
 * Nine Störmer–Verlet steps of order 6 together, with small shares: McLachlan, 1995, "On the numerical integration of
 * ordinary differential equations by symmetric composition methods", table 2, method SS with m = 9,
 * doi:10.1137/0916010.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { splittingCoefficients, symmetricShares, verletComposition } from "./splitting-coefficients.ts";

const shares = [0.1867, 0.5554970237124784, 0.12946694891347535, -0.8432656233877346];

/** McLachlan's composition of order 6: nine forces a step, for separable Hamiltonians. */
export const mclachlan6: Solver = splitting(
  splittingCoefficients({
    name: "mclachlan6",
    order: 6,
    field: "separable",
    first: "kick",
    weights: verletComposition(symmetricShares(shares)),
    symmetric: true,
    cites: ["doi:10.1137/0916010"],
  }),
);
