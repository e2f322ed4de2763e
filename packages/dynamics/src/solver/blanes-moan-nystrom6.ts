/**
 * A symmetric splitting of order 6 for a quadratic kinetic energy: Blanes, Moan, 2002, "Practical symplectic
 * partitioned Runge–Kutta and Runge–Kutta–Nyström methods", table 3, method SRKN11b, doi:10.1016/S0377-0427(01)00492-7.
 */
import type { Solver } from "./solver.ts";
import { splitting } from "./splitting.ts";
import { interleaved, splittingCoefficients } from "./splitting-coefficients.ts";

const outer = [0.0414649985182624, 0.198128671918067, -0.0400061921041533, 0.0752539843015807, -0.0115113874206879];
const inner = [0.123229775946271, 0.290553797799558, -0.127049212625417, -0.246331761062075, 0.357208872795928];

/** Blanes and Moan SRKN11b, order 6: eleven forces a step, for a quadratic kinetic energy. */
export const blanesMoanNystrom6: Solver = splitting(
  splittingCoefficients({
    name: "blanesMoanNystrom6",
    order: 6,
    field: "quadratic",
    first: "kick",
    weights: interleaved(outer, inner),
    symmetric: true,
    cites: ["doi:10.1016/S0377-0427(01)00492-7"],
  }),
);
