/**
 * All solvers by name. A new solver is one file and one line here; the contract tests then run over it.
 */
import { TensorError } from "@leastaction/tensor";
import { dopri5 } from "./dopri5.ts";
import { rk4 } from "./rk4.ts";
import type { Solver } from "./solver.ts";
import { stormerVerlet } from "./stormer-verlet.ts";
import { tsit5 } from "./tsit5.ts";

/** Every solver there is. */
export const solvers: readonly Solver[] = Object.freeze([rk4, dopri5, tsit5, stormerVerlet]);

/** The solver of a name. Errors: an unknown name; the message lists those there are. */
export function solverNamed(name: string): Solver {
  const found = solvers.find((solver) => solver.name === name);
  if (found !== undefined) return found;
  throw new TensorError(
    `Cannot find a solver: expected one of ${solvers.map((solver) => solver.name).join(", ")}, got ${name}`,
    "Choose one of these names.",
  );
}
