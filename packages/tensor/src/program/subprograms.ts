/**
 * Which parameters are programs: the only place that knows which primitives hold others.
 */
import type { Parameters, PrimitiveName } from "./primitive.ts";
import type { Program } from "./program.ts";

/** The programs that an equation holds. */
export function subprograms<P extends PrimitiveName>(primitive: P, parameters: Parameters[P]): Program[] {
  if (primitive === "scan") return [(parameters as Parameters["scan"]).body];
  if (primitive !== "while") return [];
  const { condition, body } = parameters as Parameters["while"];
  return [condition, body];
}
