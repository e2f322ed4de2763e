/**
 * The symplectic Euler method: de Vogelaere, 1956, "Methods of integration which preserve the contact transformation
 * property of the Hamilton equations"; Hairer, Lubich, Wanner, 2006, "Geometric numerical integration", section I.1.2,
 * equation 1.9, doi:10.1007/3-540-30666-8.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { splittingCoefficients } from "./splitting-coefficients.ts";

/** p1 = p - h V'(q), q1 = q + h T'(p1): order 1, symplectic for separable Hamiltonians. */
export const symplecticEuler: Solver = splitting(
  splittingCoefficients({
    name: "symplecticEuler",
    order: 1,
    field: "separable",
    first: "kick",
    weights: [1, 1],
    symmetric: false,
    cites: ["doi:10.1007/3-540-30666-8"],
  }),
);
