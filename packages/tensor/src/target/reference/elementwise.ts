/**
 * Meaning of the elementwise primitives.
 */
import { allocate, isFloat } from "../../dtype.ts";
import type { BitBinary, Comparison, FloatUnary, NumericBinary, NumericUnary, Shift } from "../../program/primitive.ts";
import type { HostTensor } from "../../pytree.ts";
import { erf, erfc } from "./error-function.ts";
import type { Evaluator } from "./evaluator.ts";
import { digamma, lgamma, polygamma } from "./gamma.ts";
import { threefry } from "./threefry.ts";

type Elementwise =
  | FloatUnary
  | NumericUnary
  | NumericBinary
  | Comparison
  | BitBinary
  | Shift
  | "not"
  | "pow"
  | "atan2"
  | "polygamma"
  | "select"
  | "convert"
  | "threefry"
  | "stopGradient"
  | "allSum";

type Scalar = (...values: number[]) => number;

/** By element with `f`; the result is rounded by the host array of its type. */
const map =
  (f: Scalar) =>
  (_: unknown, inputs: readonly HostTensor[], types: readonly { dtype: HostTensor["dtype"] }[]): HostTensor[] => {
    const [first, second, third] = inputs as [HostTensor, HostTensor?, HostTensor?];
    const dtype = types[0]?.dtype ?? first.dtype;
    const data = allocate(dtype, first.data.length);
    for (let i = 0; i < data.length; i++)
      data[i] = f(first.data[i] as number, second?.data[i] as number, third?.data[i] as number);
    return [{ dtype, shape: first.shape, data }];
  };

/** With another meaning for integers, computed modulo 2^32. */
const split = (floats: Scalar, signed: Scalar, unsigned: Scalar = (...x) => signed(...x) >>> 0) => {
  const all = {
    float32: map(floats),
    float64: map(floats),
    int32: map(signed),
    uint32: map(unsigned),
    bool: map(signed),
  };
  return (
    none: unknown,
    inputs: readonly HostTensor[],
    types: readonly { dtype: HostTensor["dtype"] }[],
  ): HostTensor[] => all[inputs[0]?.dtype ?? "float64"](none, inputs, types);
};

const identity = (_: unknown, inputs: readonly HostTensor[]): HostTensor[] => [...inputs];

/** Ties go to the even neighbour, unlike `Math.round`. */
function roundEven(x: number): number {
  if (!(Math.abs(x) < 2 ** 52)) return x;
  const shift = x < 0 || Object.is(x, -0) ? -(2 ** 52) : 2 ** 52;
  const rounded = x + shift - shift;
  return rounded === 0 ? (shift < 0 ? -0 : 0) : rounded;
}

function integerDivide(a: number, b: number): number {
  return b === 0 ? 0 : Math.trunc(a / b);
}

function convertTo(from: HostTensor, dtype: HostTensor["dtype"]): HostTensor {
  const data = allocate(dtype, from.data.length);
  const toInteger = (x: number, low: number, high: number): number =>
    Number.isNaN(x) ? 0 : Math.min(high, Math.max(low, Math.trunc(x)));
  for (let i = 0; i < data.length; i++) {
    const x = from.data[i] as number;
    if (dtype === "bool") data[i] = x === 0 ? 0 : 1;
    else if (!isFloat(from.dtype) || isFloat(dtype)) data[i] = x;
    else data[i] = dtype === "int32" ? toInteger(x, -(2 ** 31), 2 ** 31 - 1) : toInteger(x, 0, 2 ** 32 - 1);
  }
  return { dtype, shape: from.shape, data };
}

/** One evaluator for each elementwise primitive. */
export const elementwise: { [P in Elementwise]: Evaluator<P> } = {
  sqrt: map(Math.sqrt),
  exp: map(Math.exp),
  expm1: map(Math.expm1),
  log: map(Math.log),
  log1p: map(Math.log1p),
  sin: map(Math.sin),
  cos: map(Math.cos),
  tanh: map(Math.tanh),
  erf: map(erf),
  erfc: map(erfc),
  lgamma: map(lgamma),
  digamma: map(digamma),
  polygamma: ({ order }, inputs, types) => map((x) => polygamma(order, x))({}, inputs, types),
  atan2: map(Math.atan2),
  floor: map(Math.floor),
  ceil: map(Math.ceil),
  round: map(roundEven),
  neg: map((x) => -x),
  abs: map(Math.abs),
  sign: map(Math.sign),
  add: map((a, b) => a + b),
  sub: map((a, b) => a - b),
  mul: split((a, b) => a * b, Math.imul),
  div: split((a, b) => a / b, integerDivide),
  rem: split(
    (a, b) => a % b,
    (a, b) => (b === 0 ? 0 : a % b),
  ),
  max: map((a, b) => Math.max(a, b)),
  min: map((a, b) => Math.min(a, b)),
  pow: map((a, b) => (a === 1 || (Math.abs(a) === 1 && Math.abs(b) === Infinity) ? 1 : a ** b)),
  less: map((a, b) => (a < b ? 1 : 0)),
  lessEqual: map((a, b) => (a <= b ? 1 : 0)),
  equal: map((a, b) => (a === b ? 1 : 0)),
  notEqual: map((a, b) => (a === b ? 0 : 1)),
  and: map((a, b) => a & b),
  or: map((a, b) => a | b),
  xor: map((a, b) => a ^ b),
  not: (none, inputs, types) => (inputs[0]?.dtype === "bool" ? map((x) => 1 - x) : map((x) => ~x))(none, inputs, types),
  shiftLeft: map((a, b) => a << (b & 31)),
  shiftRight: split(
    (a) => a,
    (a, b) => a >> (b & 31),
    (a, b) => a >>> (b & 31),
  ),
  select: (_, [condition, a, b]) => {
    const [mask, yes, no] = [condition, a, b] as [HostTensor, HostTensor, HostTensor];
    const data = allocate(yes.dtype, yes.data.length);
    for (let i = 0; i < data.length; i++) data[i] = (mask.data[i] === 1 ? yes.data[i] : no.data[i]) as number;
    return [{ ...yes, data }];
  },
  convert: ({ dtype }, inputs) => inputs.map((x) => convertTo(x, dtype)),
  threefry: (_, inputs) => {
    const [first] = inputs as [HostTensor];
    const results = [allocate("uint32", first.data.length), allocate("uint32", first.data.length)] as const;
    for (let i = 0; i < first.data.length; i++) {
      const words = inputs.map(({ data }) => data[i] as number) as [number, number, number, number];
      [results[0][i], results[1][i]] = threefry(...words);
    }
    return results.map((data) => ({ dtype: "uint32", shape: first.shape, data }));
  },
  stopGradient: identity,
  allSum: identity,
};
