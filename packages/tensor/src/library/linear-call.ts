/**
 * Linear maps with a transpose of their own.
 */

import { calls } from "../dialect/calls.ts";
import { emitOf } from "../dialect/dialect.ts";
import { isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import type { Program } from "../program/primitive.ts";
import { arrangedLike, withLeaves } from "../pytree.ts";
import { type Spec, specLeaves, tensorLeaves, traceClosure } from "../trace/trace.ts";
import { ownProgram, refuse } from "./own-program.ts";

/**
 * y = A(residuals) x, where reverse mode uses the transpose that is given instead of one derived from `forward`. With it
 * a rule of `customJvp` may run forward by a loop that cannot be reversed, and backward by another.
 *
 * Derivatives with respect to the residuals are those of `forward` and, after a transposition, of `transposed`: both have
 * to be right to that order.
 *
 * @param forward (residuals, x) to y, linear in x; trees of tensors, x and y of floats. Closes over no tensors.
 * @param transposed (residuals, cotangent of y) to the cotangent of x. Closes over no tensors; traced when needed.
 * @returns y
 * Errors: closing over tensors; x or y not of floats; a transposed map to other types than those of x.
 */
export function linearCall<R, X, Y>(
  forward: (residuals: R, x: X) => Y,
  transposed: (residuals: R, cotangent: Y) => X,
  residuals: R,
  x: X,
): Y {
  const [fixed, moving] = [tensorLeaves(residuals), tensorLeaves(x)];
  const traced = traceClosure(forward as (...inputs: never[]) => Y, [residuals, x]);
  if (traced.captures.length > 0) refuse(what, `one that closes over ${traced.captures.length}`);
  const results = specLeaves(traced.result);
  expectFloats([...moving, ...results]);
  let made: Program | null = null;
  const transpose = (): Program => {
    made ??= ownProgram(what, [...fixed, ...results], (tensors) => {
      const given = withLeaves(residuals, tensors.slice(0, fixed.length)) as R;
      const found = transposed(given, withLeaves(traced.result, tensors.slice(fixed.length)) as Y);
      const cotangents = tensorLeaves(arrangedLike(x, found, what));
      expectSame(moving, cotangents);
      return cotangents;
    });
    return made;
  };
  const parameters = { body: traced.program, transposed: transpose, residuals: fixed.length };
  return withLeaves(traced.result, emitOf(calls, "linear", parameters, [...fixed, ...moving])) as Y;
}

const what = "define a linear map";

function expectFloats(types: readonly Spec[]): void {
  const odd = types.find(({ dtype }) => !isFloat(dtype));
  if (odd === undefined) return;
  throw new TensorError(
    `Cannot ${what}: expected arguments and results of floats, got ${showType(odd)}`,
    "Pass integers and truth values as residuals.",
  );
}

function expectSame(wanted: readonly Spec[], found: readonly Spec[]): void {
  const [a, b] = [wanted, found].map((list) => list.map(showType).join(", "));
  if (a === b) return;
  throw new TensorError(
    `Cannot ${what}: expected the transposed map to give ${a}, got ${b}`,
    "Return a tree like x, with a cotangent for each of its tensors.",
  );
}
