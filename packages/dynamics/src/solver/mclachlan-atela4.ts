/**
 * A splitting of order 4 with four forces for a quadratic kinetic energy: McLachlan, Atela, 1992, "The accuracy of
 * symplectic integrators", table 2, doi:10.1088/0951-7715/5/2/011. Not symmetric.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { splittingCoefficients } from "./splitting-coefficients.ts";

const kicks = [0.1344961992774311, -0.22481980307942082, 0.7563200005156683, 0.3340036032863214] as const;
const drifts = [0.5153528374311229, -0.08578201941297364, 0.4415830236164665, 0.12884615836538418] as const;

/** McLachlan and Atela, order 4: four forces a step, for a quadratic kinetic energy. */
export const mclachlanAtela4: Solver = splitting(
  splittingCoefficients({
    name: "mclachlanAtela4",
    order: 4,
    field: "quadratic",
    first: "kick",
    weights: kicks.flatMap((kick, i) => [kick, drifts[i] as number]),
    symmetric: false,
    cites: ["doi:10.1088/0951-7715/5/2/011"],
  }),
);
