/**
 * Which parameters are programs: the only place that knows which primitives hold others.
 */
import type { Parameters, PrimitiveName } from "./primitive.ts";
import type { Program } from "./program.ts";

/** The programs that an equation holds. */
export function subprograms<P extends PrimitiveName>(primitive: P, parameters: Parameters[P]): Program[] {
  if (primitive === "while") {
    const { condition, body } = parameters as Parameters["while"];
    return [condition, body];
  }
  if (primitive === "linear") {
    const { body, transposed } = parameters as Parameters["linear"];
    return typeof transposed === "function" ? [body] : [body, transposed];
  }
  if (primitive === "switch") return [...(parameters as Parameters["switch"]).branches];
  const one = primitive === "scan" || primitive === "checkpoint" || primitive === "custom";
  return one ? [(parameters as Parameters["scan" | "checkpoint" | "custom"]).body] : [];
}
