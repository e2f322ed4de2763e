/**
 * The `while` itself, of which definitions are made too.
 */
import { arrangedLike, withLeaves } from "../pytree.ts";
import { emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { specOf, tensorLeaves, traceClosure } from "../trace/trace.ts";
import { constantsFirst, expectCarry } from "./loop-body.ts";

/** @internal See `whileLoop`. */
export function plainWhile<Carry>(
  condition: (carry: Carry) => Tensor,
  body: (carry: Carry) => Carry,
  initial: Carry,
): Carry {
  const start = tensorLeaves(initial);
  const specs = [specOf(withLeaves(initial, start))];
  const test = traceClosure(condition as (...inputs: never[]) => Tensor, specs);
  const arranged = (carry: Carry): Carry =>
    arrangedLike(initial, body(carry), "keep the carry of a while loop") as Carry;
  const step = traceClosure(arranged, specs);
  expectCarry(
    start,
    step.program.outputs.map((output) => output.type),
  );
  const parameters = {
    condition: constantsFirst(test),
    body: constantsFirst(step),
    conditionConstants: test.captures.length,
    bodyConstants: step.captures.length,
  };
  return withLeaves(initial, emit("while", parameters, [...test.captures, ...step.captures, ...start])) as Carry;
}
