/**
 * All solvers by name. A new solver is one file and one line here; the contract tests then run over it.
 */
import { TensorError } from "@leastaction/tensor";
import { bosh3 } from "./bosh3.ts";
import { dop853 } from "./dop853.ts";
import { dopri5 } from "./dopri5.ts";
import { euler } from "./euler.ts";
import { heun } from "./heun.ts";
import { midpoint } from "./midpoint.ts";
import { rk4 } from "./rk4.ts";
import type { Solver } from "./solver.ts";
import { stormerVerlet } from "./stormer-verlet.ts";
import { tsit5 } from "./tsit5.ts";
import { vern7 } from "./vern7.ts";

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
  stormerVerlet,
]);

/** The solver of a name. Errors: an unknown name; the message lists those there are. */
export function solverNamed(name: string): Solver {
  const found = solvers.find((solver) => solver.name === name);
  if (found !== undefined) return found;
  throw new TensorError(
    `Cannot find a solver: expected one of ${solvers.map((solver) => solver.name).join(", ")}, got ${name}`,
    "Choose one of these names.",
  );
}
