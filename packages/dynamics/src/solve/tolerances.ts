/**
 * Tolerances of an integration, checked as far as they are known.
 */
import { convert, isLeaf, leavesOf, maximum, type Tensor, TensorError, type TensorLike } from "@leastaction/tensor";
import { tensorsOf } from "../nn/tensor-tree.ts";
import type { Tolerances } from "../step-size/error-norm.ts";
import { hostNumber, hostTimes } from "./times.ts";

/**
 * The tolerances for a state; a relative one known only at run time is raised to what the numbers of the state can meet.
 * Errors: tolerances that are negative, both zero, finer than the numbers of the state, or of another shape.
 */
export function tolerancesFor(y0: unknown, { rtol, atol }: Tolerances): Tolerances {
  const least = resolutionOf(y0);
  const parts = leavesOf(atol) as TensorLike[];
  expectShapes(parts, isLeaf(atol), tensorsOf(y0));
  const known = parts.flatMap((part) => hostTimes(part) ?? []);
  const relative = hostNumber(rtol);
  const wrong = known.find((value) => !(value >= 0));
  const somewhere = known.every((value) => value > 0);
  const fine = relative === null || relative >= least || (relative === 0 && somewhere);
  if (fine && wrong === undefined) {
    return { rtol: relative ?? maximum(convert(rtol, "float64"), least), atol };
  }
  throw new TensorError(
    `Cannot solve: expected rtol of at least ${least.toExponential(1)} for this element type and atol not negative, got rtol ${relative ?? "known at run time"} and atol ${wrong ?? known[0] ?? "known at run time"}`,
    "Raise the tolerances, or use float64 states.",
  );
}

/** 4 units of rounding of the coarsest element type of a state. */
function resolutionOf(y0: unknown): number {
  return tensorsOf(y0).some(({ dtype }) => dtype === "float32") ? 2 ** -21 : 2 ** -50;
}

function expectShapes(parts: readonly TensorLike[], single: boolean, leaves: readonly Tensor[]): void {
  const shapes = parts.map((part) => (typeof part === "number" ? "" : part.shape.join(", ")));
  const wanted = leaves.map(({ shape }) => shape.join(", "));
  const given = single ? wanted.map(() => shapes[0]) : shapes;
  const fits = wanted.every((shape, i) => given[i] === "" || given[i] === shape);
  if (fits && given.length === wanted.length) return;
  const show = (list: readonly string[]): string => list.map((shape) => `[${shape}]`).join(" and ");
  throw new TensorError(
    `Cannot solve: expected atol to be a scalar or of the shapes of the state, ${show(wanted)}, got ${show(shapes)}`,
    "Give one number, or one for every component in a tree like y0.",
  );
}
