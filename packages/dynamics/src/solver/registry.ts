/**
 * All solvers by name. A new solver is one file and one line here; the contract tests then run over it.
 */

import { TensorError } from "@leastaction/tensor";
import { didYouMean } from "../nearest-name.ts";
import { blanesMoanNystrom4 } from "./blanes-moan-nystrom4.ts";
import { blanesMoanNystrom6 } from "./blanes-moan-nystrom6.ts";
import { blanesMoan4 } from "./blanes-moan4.ts";
import { blanesMoan6 } from "./blanes-moan6.ts";
import { bosh3 } from "./bosh3.ts";
import { calvoSanzSerna4 } from "./calvo-sanz-serna4.ts";
import { dop853 } from "./dop853.ts";
import { dopri5 } from "./dopri5.ts";
import { dprkn6 } from "./dprkn6.ts";
import { euler } from "./euler.ts";
import { heun } from "./heun.ts";
import { mclachlanAtela4 } from "./mclachlan-atela4.ts";
import { mclachlan4 } from "./mclachlan4.ts";
import { mclachlan6 } from "./mclachlan6.ts";
import { midpoint } from "./midpoint.ts";
import { nystrom4 } from "./nystrom4.ts";
import { rk4 } from "./rk4.ts";
import type { Solver } from "./solver.ts";
import { stormerVerlet } from "./stormer-verlet.ts";
import { symplecticEuler } from "./symplectic-euler.ts";
import { tao } from "./tao.ts";
import { tsit5 } from "./tsit5.ts";
import { velocityVerlet } from "./velocity-verlet.ts";
import { vern7 } from "./vern7.ts";
import { yoshida4 } from "./yoshida4.ts";
import { yoshida6 } from "./yoshida6.ts";
import { yoshida8 } from "./yoshida8.ts";

/** Every solver there is. */
export const solvers: readonly Solver[] = Object.freeze([
  euler,
  midpoint,
  heun,
  rk4,
  bosh3,
  dopri5,
  tsit5,
  vern7,
  dop853,
  symplecticEuler,
  stormerVerlet,
  velocityVerlet,
  yoshida4,
  mclachlan4,
  blanesMoan4,
  mclachlanAtela4,
  calvoSanzSerna4,
  blanesMoanNystrom4,
  yoshida6,
  mclachlan6,
  blanesMoan6,
  blanesMoanNystrom6,
  yoshida8,
  nystrom4,
  dprkn6,
  tao(),
  tao({ order: 4 }),
]);

/** The solver of a name. Errors: an unknown name; the message lists those there are. */
export function solverNamed(name: string): Solver {
  const found = solvers.find((solver) => solver.name === name);
  if (found !== undefined) return found;
  const names = solvers.map((solver) => solver.name);
  throw new TensorError(
    `Cannot find a solver: expected one of ${names.join(", ")}, got ${name}`,
    didYouMean(name, names, "Choose one of these names."),
    "no-such-name",
  );
}
