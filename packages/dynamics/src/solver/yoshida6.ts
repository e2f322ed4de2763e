/**
 * Seven Störmer–Verlet steps of order 6 together: Yoshida, 1990, "Construction of higher order symplectic integrators",
 * table 1, solution A (the one with the smallest shares), doi:10.1016/0375-9601(90)90092-3; with 20 digits in Hairer,
 * Lubich, Wanner, 2006, "Geometric numerical integration", equation V.3.11, doi:10.1007/3-540-30666-8.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { splittingCoefficients, symmetricShares, verletComposition } from "./splitting-coefficients.ts";

/** Yoshida's method of order 6: seven forces a step, for separable Hamiltonians. */
export const yoshida6: Solver = splitting(
  splittingCoefficients({
    name: "yoshida6",
    order: 6,
    field: "separable",
    first: "kick",
    weights: verletComposition(symmetricShares([0.7845136104775573, 0.23557321335935813, -1.177679984178871])),
    symmetric: true,
    denseWithinStep: true,
    cites: ["doi:10.1016/0375-9601(90)90092-3", "doi:10.1007/3-540-30666-8"],
  }),
);
