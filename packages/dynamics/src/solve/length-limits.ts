/**
 * The limits of a controller on the length of steps, as the loop uses them: nothing of those that are not set.
 */
import { abs, convert, lessEqual, maximum, minimum, mul, type Tensor } from "@leastaction/tensor";
import type { AdaptiveStepSize } from "../step-size/step-size.ts";

/** Limits on the length of steps; lengths and distances are float64 scalars. */
export interface LengthLimits {
  /** A positive length within the limits. */
  readonly within: (length: Tensor) => Tensor;
  /** A signed length within the limits. */
  readonly signed: (h: Tensor, direction: Tensor) => Tensor;
  /** Whether one step may cover a distance; null: any. */
  readonly allows: ((distance: Tensor) => Tensor) | null;
  /** Whether a signed length may not be made shorter; null: never so. */
  readonly isLeast: ((h: Tensor) => Tensor) | null;
}

/** The limits of a controller. */
export function lengthLimits({ dtMin, dtMax }: AdaptiveStepSize): LengthLimits {
  const [least, most] = [dtMin, dtMax].map((limit) => (limit === undefined ? null : convert(limit, "float64")));
  const within = (length: Tensor): Tensor => {
    const cut = most ? minimum(length, most) : length;
    return least ? maximum(cut, least) : cut;
  };
  const free = !least && !most;
  return {
    within,
    signed: free ? (h) => h : (h, direction) => mul(within(abs(h)), direction),
    allows: most ? (distance) => lessEqual(distance, most) : null,
    isLeast: least ? (h) => lessEqual(abs(h), least) : null,
  };
}
