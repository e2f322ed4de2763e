/**
 * What functions are at zeros, infinities, NaN and the ends of number ranges, as IEEE 754 and our documents say: rows of
 * arguments and the result. Results that are no exact floats hold within 4 units of the last place.
 */

import { erf, erfc } from "../library/error-function.ts";
import { digamma, lgamma, polygamma } from "../library/gamma.ts";
import { log, log1p } from "../library/logarithm.ts";
import { acos, acosh, asin, asinh, atan, atanh, cos, cosh, sin, sinh } from "../library/trigonometric.ts";
import { isFiniteNumber, isInfinite, isNan } from "../ops/comparison.ts";
import * as op from "../ops/elementwise.ts";
import type { Tensor } from "../trace/tensor.ts";

/** One function; its arguments are of the first type of the suite that runs it. */
export interface SpecialValues {
  readonly name: string;
  readonly apply: (x: Tensor, y: Tensor) => Tensor;
  /** Arguments, then the result. */
  readonly rows: readonly (readonly number[])[];
}

const [inf, nan, pi] = [Number.POSITIVE_INFINITY, Number.NaN, Math.PI];
const odd = (apply: SpecialValues["apply"], name: string, atInfinity: number): SpecialValues => ({
  name,
  apply,
  rows: [
    [0, 0],
    [-0, -0],
    [inf, atInfinity],
    [-inf, -atInfinity],
    [nan, nan],
    [2 ** -126, 2 ** -126],
    [-(2 ** -126), -(2 ** -126)],
  ],
});

/** Of one float. */
export const specialFloats: readonly SpecialValues[] = [
  {
    name: "sqrt",
    apply: op.sqrt,
    rows: [
      [0, 0],
      [-0, -0],
      [inf, inf],
      [-1, nan],
      [-inf, nan],
      [nan, nan],
    ],
  },
  {
    name: "exp",
    apply: op.exp,
    rows: [
      [0, 1],
      [-0, 1],
      [inf, inf],
      [-inf, 0],
      [nan, nan],
      [1e4, inf],
      [-1e4, 0],
    ],
  },
  {
    name: "expm1",
    apply: op.expm1,
    rows: [
      [0, 0],
      [-0, -0],
      [inf, inf],
      [-inf, -1],
      [nan, nan],
      [1e4, inf],
      [-1e4, -1],
    ],
  },
  {
    name: "log",
    apply: log,
    rows: [
      [1, 0],
      [0, -inf],
      [-0, -inf],
      [inf, inf],
      [-1, nan],
      [-inf, nan],
      [nan, nan],
    ],
  },
  {
    name: "log1p",
    apply: log1p,
    rows: [
      [0, 0],
      [-0, -0],
      [-1, -inf],
      [-2, nan],
      [inf, inf],
      [-inf, nan],
      [nan, nan],
    ],
  },
  odd(sin, "sin", nan),
  {
    name: "cos",
    apply: cos,
    rows: [
      [0, 1],
      [-0, 1],
      [inf, nan],
      [-inf, nan],
      [nan, nan],
    ],
  },
  odd(op.tanh, "tanh", 1),
  {
    name: "erf",
    apply: erf,
    rows: [
      [0, 0],
      [-0, -0],
      [inf, 1],
      [-inf, -1],
      [nan, nan],
      [30, 1],
    ],
  },
  {
    name: "erfc",
    apply: erfc,
    rows: [
      [0, 1],
      [-0, 1],
      [inf, 0],
      [-inf, 2],
      [nan, nan],
      [30, 0],
      [-30, 2],
    ],
  },
  {
    name: "lgamma",
    apply: lgamma,
    rows: [
      [1, 0],
      [2, 0],
      [0, inf],
      [-0, inf],
      [-1, inf],
      [-7, inf],
      [inf, inf],
      [-inf, inf],
      [nan, nan],
      [0.5, Math.log(pi) / 2],
    ],
  },
  {
    name: "digamma",
    apply: digamma,
    rows: [
      [0, -inf],
      [-0, inf],
      [-1, nan],
      [inf, inf],
      [-inf, nan],
      [nan, nan],
      [1, -0.5772156649015329],
    ],
  },
  {
    name: "polygamma of order 1",
    apply: (x) => polygamma(1, x),
    rows: [
      [0, inf],
      [-0, inf],
      [-1, inf],
      [inf, 0],
      [nan, nan],
      [1, (pi * pi) / 6],
    ],
  },
  {
    name: "floor",
    apply: op.floor,
    rows: [
      [0, 0],
      [-0, -0],
      [-0.5, -1],
      [0.5, 0],
      [inf, inf],
      [-inf, -inf],
      [nan, nan],
    ],
  },
  {
    name: "ceil",
    apply: op.ceil,
    rows: [
      [0, 0],
      [-0, -0],
      [-0.5, -0],
      [0.5, 1],
      [inf, inf],
      [-inf, -inf],
      [nan, nan],
    ],
  },
  {
    name: "round",
    apply: op.round,
    rows: [
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [-0.5, -0],
      [-0, -0],
      [inf, inf],
      [nan, nan],
    ],
  },
  {
    name: "abs",
    apply: op.abs,
    rows: [
      [-0, 0],
      [-inf, inf],
      [nan, nan],
    ],
  },
  {
    name: "neg",
    apply: op.neg,
    rows: [
      [0, -0],
      [-0, 0],
      [inf, -inf],
      [nan, nan],
    ],
  },
  {
    name: "sign",
    apply: op.sign,
    rows: [
      [0, 0],
      [-0, -0],
      [inf, 1],
      [-inf, -1],
      [nan, nan],
      [2 ** -126, 1],
    ],
  },
  odd(atan, "atan", pi / 2),
  {
    name: "asin",
    apply: asin,
    rows: [
      [0, 0],
      [-0, -0],
      [1, pi / 2],
      [-1, -pi / 2],
      [2, nan],
      [nan, nan],
    ],
  },
  {
    name: "acos",
    apply: acos,
    rows: [
      [1, 0],
      [-1, pi],
      [0, pi / 2],
      [2, nan],
      [nan, nan],
    ],
  },
  odd(sinh, "sinh", inf),
  {
    name: "cosh",
    apply: cosh,
    rows: [
      [0, 1],
      [inf, inf],
      [-inf, inf],
      [nan, nan],
    ],
  },
  odd(asinh, "asinh", inf),
  {
    name: "acosh",
    apply: acosh,
    rows: [
      [1, 0],
      [0, nan],
      [inf, inf],
      [nan, nan],
    ],
  },
  {
    name: "atanh",
    apply: atanh,
    rows: [
      [0, 0],
      [-0, -0],
      [1, inf],
      [-1, -inf],
      [2, nan],
      [nan, nan],
    ],
  },
  {
    name: "isNan",
    apply: isNan,
    rows: [
      [nan, 1],
      [0, 0],
      [inf, 0],
    ],
  },
  {
    name: "isFiniteNumber",
    apply: isFiniteNumber,
    rows: [
      [nan, 0],
      [0, 1],
      [inf, 0],
      [-inf, 0],
    ],
  },
  {
    name: "isInfinite",
    apply: isInfinite,
    rows: [
      [nan, 0],
      [0, 0],
      [inf, 1],
      [-inf, 1],
    ],
  },
];
