/**
 * The number of a constant that is one.
 */
import type { Constant } from "../program/program.ts";

/** The number, or the first of several. */
export function scalarOf({ value }: Constant): number {
  return typeof value === "number" ? value : (value[0] ?? 0);
}
