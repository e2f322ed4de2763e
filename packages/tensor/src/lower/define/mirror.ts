/**
 * Householder's reflections.
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, section 5.1.
 */
import { equal, less, select } from "../../ops/comparison.ts";
import { abs, add, div, mul, neg, sqrt } from "../../ops/elementwise.ts";
import { expandDimensions } from "../../ops/movement.ts";
import { max, sum } from "../../ops/reduction.ts";
import type { Tensor } from "../../trace/tensor.ts";

/** A reflection of [batch, n] to an axis. */
export interface Mirror {
  /** The unit vector across the plane, [batch, n]; zero for zero, which then reflects nothing. */
  readonly unit: Tensor;
  /** Whether the image points along the axis, not against it, [batch]. */
  readonly forward: Tensor;
}

/** Reflects x [batch, n] to the axis where `pivot` [n] holds. Entries of any size, also such whose squares vanish. */
export function mirrorOf(x: Tensor, pivot: Tensor): Mirror {
  const relative = div(x, overRow(orOne(max(abs(x), 1))));
  const length = sqrt(sum(mul(relative, relative), 1));
  const forward = less(sum(select(pivot, relative, 0), 1), 0);
  const shift = select(forward, neg(length), length);
  const across = add(relative, select(pivot, overRow(shift), 0));
  return { unit: div(across, overRow(orOne(sqrt(sum(mul(across, across), 1))))), forward };
}

const orOne = (x: Tensor): Tensor => select(equal(x, 0), 1, x);
const overRow = (x: Tensor): Tensor => expandDimensions(x, 1);
