/**
 * What functions of two floats are at special values, and those of integers: see `special-values.ts`.
 */

import { pow } from "../library/power.ts";
import { rem } from "../library/remainder.ts";
import { atan2 } from "../library/trigonometric.ts";
import { and, less, shiftLeft, shiftRight } from "../ops/comparison.ts";
import * as op from "../ops/elementwise.ts";
import type { SpecialValues } from "./special-values.ts";

const [inf, nan, pi] = [Number.POSITIVE_INFINITY, Number.NaN, Math.PI];

/** Of two floats. */
export const specialPairs: readonly SpecialValues[] = [
  {
    name: "div",
    apply: op.div,
    rows: [
      [1, 0, inf],
      [1, -0, -inf],
      [0, 0, nan],
      [inf, inf, nan],
      [1, inf, 0],
      [-1, inf, -0],
    ],
  },
  {
    name: "mul",
    apply: op.mul,
    rows: [
      [0, inf, nan],
      [-0, 1, -0],
      [-1, 0, -0],
      [inf, -inf, -inf],
    ],
  },
  {
    name: "add",
    apply: (x, y) => op.add(x, y),
    rows: [
      [0, -0, 0],
      [-0, -0, -0],
      [inf, -inf, nan],
      [inf, 1, inf],
    ],
  },
  {
    name: "rem",
    apply: rem,
    rows: [
      [5, 3, 2],
      [-5, 3, -2],
      [1, 0, nan],
      [inf, 1, nan],
      [1, inf, 1],
      [-0, 1, -0],
    ],
  },
  {
    name: "max",
    apply: op.maximum,
    rows: [
      [0, -0, 0],
      [-0, 0, 0],
      [nan, 1, nan],
      [1, nan, nan],
      [-inf, 1, 1],
    ],
  },
  {
    name: "min",
    apply: op.minimum,
    rows: [
      [0, -0, -0],
      [-0, 0, -0],
      [nan, 1, nan],
      [1, nan, nan],
      [inf, 1, 1],
    ],
  },
  {
    name: "pow",
    apply: pow,
    rows: [
      [0, 0, 1],
      [nan, 0, 1],
      [1, nan, 1],
      [-1, inf, 1],
      [0, -1, inf],
      [-0, -1, -inf],
      [-0, -2, inf],
      [-8, 1 / 3, nan],
      [-2, 3, -8],
      [inf, -1, 0],
      [-inf, 3, -inf],
      [0.5, inf, 0],
      [2, -inf, 0],
      [nan, 1, nan],
    ],
  },
  {
    name: "atan2",
    apply: atan2,
    rows: [
      [0, 0, 0],
      [-0, 0, -0],
      [0, -0, pi],
      [-0, -0, -pi],
      [0, -1, pi],
      [1, 0, pi / 2],
      [-1, -0, -pi / 2],
      [inf, inf, pi / 4],
      [inf, -inf, (3 * pi) / 4],
      [1, inf, 0],
      [-1, inf, -0],
      [1, -inf, pi],
      [inf, 1, pi / 2],
      [nan, 1, nan],
      [1, nan, nan],
    ],
  },
  {
    name: "less",
    apply: less,
    rows: [
      [0, -0, 0],
      [-0, 0, 0],
      [nan, 1, 0],
      [1, nan, 0],
      [-inf, inf, 1],
    ],
  },
];

const [least, most] = [-(2 ** 31), 2 ** 31 - 1];

/** Of int32. */
export const specialIntegers: readonly SpecialValues[] = [
  {
    name: "div",
    apply: op.div,
    rows: [
      [7, 0, 0],
      [-7, 2, -3],
      [least, -1, least],
      [most, -1, -most],
    ],
  },
  {
    name: "rem",
    apply: rem,
    rows: [
      [7, 0, 0],
      [-7, 2, -1],
      [least, -1, 0],
      [7, -2, 1],
    ],
  },
  {
    name: "mul",
    apply: op.mul,
    rows: [
      [least, -1, least],
      [most, most, 1],
      [65536, 65536, 0],
    ],
  },
  {
    name: "add",
    apply: (x, y) => op.add(x, y),
    rows: [
      [most, 1, least],
      [least, -1, most],
    ],
  },
  {
    name: "neg",
    apply: op.neg,
    rows: [
      [least, least],
      [most, -most],
    ],
  },
  {
    name: "abs",
    apply: op.abs,
    rows: [
      [least, least],
      [-5, 5],
    ],
  },
  {
    name: "sign",
    apply: op.sign,
    rows: [
      [least, -1],
      [0, 0],
      [most, 1],
    ],
  },
  {
    name: "shiftLeft",
    apply: shiftLeft,
    rows: [
      [1, 31, least],
      [1, 32, 1],
      [1, 33, 2],
      [1, -1, least],
    ],
  },
  {
    name: "shiftRight",
    apply: shiftRight,
    rows: [
      [least, 31, -1],
      [least, 32, least],
      [-8, 1, -4],
      [-1, -1, -1],
    ],
  },
  {
    name: "and",
    apply: and,
    rows: [
      [least, -1, least],
      [most, least, 0],
    ],
  },
];

const mostUnsigned = 2 ** 32 - 1;

/** Of uint32: all is modulo 2^32, and no number is below 0. */
export const specialUnsigned: readonly SpecialValues[] = [
  {
    name: "div",
    apply: op.div,
    rows: [
      [7, 0, 0],
      [mostUnsigned, 2, most],
      [mostUnsigned, mostUnsigned, 1],
      [1, mostUnsigned, 0],
    ],
  },
  {
    name: "rem",
    apply: rem,
    rows: [
      [7, 0, 0],
      [mostUnsigned, 10, 5],
      [1, mostUnsigned, 1],
    ],
  },
  {
    name: "mul",
    apply: op.mul,
    rows: [
      [mostUnsigned, mostUnsigned, 1],
      [65536, 65536, 0],
      [65537, 65535, mostUnsigned],
    ],
  },
  {
    name: "add",
    apply: (x, y) => op.add(x, y),
    rows: [
      [mostUnsigned, 1, 0],
      [most, 1, 2 ** 31],
    ],
  },
  {
    name: "sub",
    apply: op.sub,
    rows: [
      [0, 1, mostUnsigned],
      [2 ** 31, 1, most],
    ],
  },
  {
    name: "less",
    apply: less,
    rows: [
      [most, mostUnsigned, 1],
      [mostUnsigned, 1, 0],
    ],
  },
  {
    name: "maximum",
    apply: (x, y) => op.maximum(x, y),
    rows: [[mostUnsigned, 1, mostUnsigned]],
  },
  {
    name: "shiftLeft",
    apply: shiftLeft,
    rows: [
      [1, 31, 2 ** 31],
      [1, 32, 1],
      [mostUnsigned, 1, mostUnsigned - 1],
    ],
  },
  {
    name: "shiftRight",
    apply: shiftRight,
    rows: [
      [mostUnsigned, 31, 1],
      [2 ** 31, 1, 2 ** 30],
      [2 ** 31, 32, 2 ** 31],
    ],
  },
  {
    name: "and",
    apply: and,
    rows: [
      [mostUnsigned, 2 ** 31, 2 ** 31],
      [2 ** 31, most, 0],
    ],
  },
];
