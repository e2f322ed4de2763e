/**
 * The Störmer–Verlet method (leapfrog, kick-drift-kick): Hairer, Lubich, Wanner, 2003, "Geometric numerical integration
 * illustrated by the Störmer–Verlet method", equation 1.5, doi:10.1017/S0962492902000144.
 *
 * p½ = p - h/2 V'(q); q1 = q + h T'(p½); p1 = p½ - h/2 V'(q1). Order 2, symmetric, symplectic on states (q, p) of a
 * separable Hamiltonian T(p) + V(q), and on (q, q') of q'' = f(q) for a force with a potential.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { splittingCoefficients } from "./splitting-coefficients.ts";

/** Störmer–Verlet for separable Hamiltonians and for q'' = f(q); the force at the end of a step is used again. */
export const stormerVerlet: Solver = splitting(
  splittingCoefficients({
    name: "stormerVerlet",
    order: 2,
    field: "separable",
    first: "kick",
    weights: [1 / 2, 1, 1 / 2],
    symmetric: true,
    cites: ["doi:10.1017/S0962492902000144"],
  }),
);
