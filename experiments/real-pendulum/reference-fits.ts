/**
 * Fits with two or three constants, by hand of others: q' = a p, p' = -k sin q - c p. Their scores are known (column
 * `expected`), so that they check the reading, the split and the evaluation before anything is trained.
 */
import {
  array,
  concatenate,
  type HostTensor,
  mul,
  neg,
  sin,
  slice,
  sub,
  type Target,
  type Tensor,
} from "@leastaction/tensor";
import { type Score, scoreRollouts } from "./evaluation.ts";
import type { Recording } from "./recording.ts";

/** A fit with what it is known to score. */
export interface ReferenceFit {
  readonly name: string;
  /** a, k, c. */
  readonly constants: readonly [number, number, number];
  readonly expected: Score;
}

/** The fits. */
export const referenceFits: readonly ReferenceFit[] = [
  { name: "left-point, damped", constants: [1.041, 1.284, 0.103], expected: { energy: 1.8e-1, state: 5.0e-2 } },
  { name: "left-point, conservative", constants: [1.041, 1.284, 0], expected: { energy: 1.0e-2, state: 6.7e-3 } },
  { name: "midpoint, conservative", constants: [1.051, 1.295, 0], expected: { energy: 1.0e-2, state: 1.9e-3 } },
  { name: "midpoint, damped", constants: [1.051, 1.295, 0.0095], expected: { energy: 7.0e-4, state: 6.2e-4 } },
];

/** The score of a fit on a recording. */
export function scoreReference({ constants }: ReferenceFit, test: Recording, target: Target): Score {
  const field = (theta: HostTensor, state: Tensor): Tensor => {
    const constant = (i: number): Tensor => slice(theta, 0, i, i + 1);
    const q = slice(state, 0, 0, 1);
    const p = slice(state, 0, 1, 2);
    return concatenate([mul(constant(0), p), sub(neg(mul(constant(1), sin(q))), mul(constant(2), p))]);
  };
  return scoreRollouts(field, array(Float64Array.from(constants)), [test], target)[0] as Score;
}
