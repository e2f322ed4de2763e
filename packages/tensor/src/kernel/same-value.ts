/**
 * Whether two expressions are surely one value.
 */
import type { Expression } from "./kernel.ts";

/** One node, or two equal numbers; the types are taken to agree. */
export function isSameValue(a: Expression, b: Expression): boolean {
  return a === b || (a.kind === "number" && b.kind === "number" && Object.is(a.value, b.value));
}
