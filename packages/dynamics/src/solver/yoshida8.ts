/**
 * Fifteen Störmer–Verlet steps of order 8 together: Yoshida, 1990, "Construction of higher order symplectic
 * integrators", table 2, solution D (of the five the one with the smallest error in practice),
 * doi:10.1016/0375-9601(90)90092-3. Its shares reach 1.97 in size, so it pays only for small steps and errors.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { splittingCoefficients, symmetricShares, verletComposition } from "./splitting-coefficients.ts";

const shares = [
  0.91484424622974, 0.253693336566229, -1.44485223686048, -0.158240635368243, 1.93813913762276, -1.96061023297549,
  0.102799849391985,
];

/** Yoshida's method of order 8: fifteen forces a step, for separable Hamiltonians. */
export const yoshida8: Solver = splitting(
  splittingCoefficients({
    name: "yoshida8",
    order: 8,
    field: "separable",
    first: "kick",
    weights: verletComposition(symmetricShares(shares)),
    symmetric: true,
    denseWithinStep: true,
    cites: ["doi:10.1016/0375-9601(90)90092-3"],
  }),
);
