/**
 * Nyström's method of order 4 with three stages for q'' = f(t, q): Nyström, 1925, "Über die numerische Integration von
 * Differentialgleichungen", Acta Soc. Sci. Fenn. 50(13); Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential
 * equations I", table II.14.2, doi:10.1007/978-3-540-78862-1. Neither symplectic nor symmetric.
 */
import { nystrom } from "./nystrom.ts";
import { nystromTable } from "./nystrom-table.ts";
import type { Solver } from "./solver.ts";

/** Nyström's method of order 4: three forces a step. */
export const nystrom4: Solver = nystrom(
  nystromTable({
    name: "nystrom4",
    order: 4,
    fsal: false,
    symplectic: false,
    symmetric: false,
    c: [0, 1 / 2, 1],
    a: [[], [1 / 8], [0, 1 / 2]],
    b: [1 / 6, 4 / 6, 1 / 6],
    bBar: [1 / 6, 1 / 3, 0],
    cites: ["Nyström 1925, Acta Soc. Sci. Fenn. 50(13)", "doi:10.1007/978-3-540-78862-1"],
  }),
);
