/**
 * The triple jump of order 4: three Störmer–Verlet steps of shares g, 1 - 2g, g with g = 1 / (2 - 2^(1/3)). Yoshida,
 * 1990, "Construction of higher order symplectic integrators", equation 2.11, doi:10.1016/0375-9601(90)90092-3; found
 * also by Forest and Ruth, 1990, "Fourth-order symplectic integration", doi:10.1016/0167-2789(90)90019-L.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { splittingCoefficients, symmetricShares, verletComposition } from "./splitting-coefficients.ts";

/** The shares of the composition, first to last. */
export const tripleJump: readonly number[] = symmetricShares([1 / (2 - 1.2599210498948732)]);

/** Yoshida's method of order 4: three forces a step, for separable Hamiltonians. */
export const yoshida4: Solver = splitting(
  splittingCoefficients({
    name: "yoshida4",
    order: 4,
    field: "separable",
    first: "kick",
    weights: verletComposition(tripleJump),
    symmetric: true,
    cites: ["doi:10.1016/0375-9601(90)90092-3", "doi:10.1016/0167-2789(90)90019-L"],
  }),
);
