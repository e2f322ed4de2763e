/**
 * What shape rules of primitives that hold programs have in common.
 */
import type { Program, TensorType } from "./program.ts";
import { refuse, showType } from "./shape-rule.ts";

/** The results of a body with these inputs. */
export function callOf(primitive: string, body: Program, inputs: readonly TensorType[]): TensorType[] {
  expectTypes(`${primitive} body inputs`, body.inputs, inputs);
  return body.outputs.map(({ type }) => type);
}

/** Errors: fewer than so many. */
export function expectCount(what: string, found: number, least: number): void {
  if (found < least) refuse(what, `at least ${least}`, `${found}`, "Count the constants and the carry.");
}

/** Errors: other types. */
export function expectTypes(
  what: string,
  found: Program["outputs"] | Program["inputs"],
  expected: readonly TensorType[],
): void {
  const shown = found.map(({ type }) => showType(type)).join(", ");
  const wanted = expected.map(showType).join(", ");
  if (shown !== wanted)
    refuse(
      what,
      `types ${wanted}`,
      shown,
      "A carry must keep its shape and element type, a body takes what it is given.",
    );
}
