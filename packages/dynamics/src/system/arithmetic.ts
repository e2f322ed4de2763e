/**
 * The arithmetic that a law of motion is written in, once for plain numbers and once for traced tensors.
 *
 * A system writes `mul(mass, length, sin(theta))` with the functions it is handed. With `numberArithmetic` that is a
 * number, and data are made on the host; with `tensorArithmetic` it is an equation of a program, and `solve`, `grad`
 * and `vmap` apply. Anything that adds and multiplies can be a third one: the tests use dual numbers.
 * Plain numbers go with every arithmetic, so that constants need no wrapping. Deliberately not here: comparisons and
 * branches; a law of this package is one formula everywhere.
 */

import { abs, add, cos, div, exp, log, mul, neg, sin, sqrt, square, sub, type Tensor, tanh } from "@leastaction/tensor";
import { hostMath } from "../host-math/host-math.ts";

/** A value of an arithmetic, or a plain number. */
export type Value<V> = V | number;

/** The functions of a law, over values of type `V`. */
export interface Arithmetic<V> {
  /** The sum of all terms; 0 without any. */
  readonly add: (...terms: readonly Value<V>[]) => Value<V>;
  /** a - b. */
  readonly sub: (a: Value<V>, b: Value<V>) => Value<V>;
  /** The product of all factors; 1 without any. */
  readonly mul: (...factors: readonly Value<V>[]) => Value<V>;
  /** a / b. */
  readonly div: (a: Value<V>, b: Value<V>) => Value<V>;
  /** -x. */
  readonly neg: (x: Value<V>) => Value<V>;
  /** x². */
  readonly square: (x: Value<V>) => Value<V>;
  readonly sqrt: (x: Value<V>) => Value<V>;
  readonly exp: (x: Value<V>) => Value<V>;
  /** The natural logarithm. */
  readonly log: (x: Value<V>) => Value<V>;
  readonly sin: (x: Value<V>) => Value<V>;
  readonly cos: (x: Value<V>) => Value<V>;
  readonly tanh: (x: Value<V>) => Value<V>;
  /** |x|. */
  readonly abs: (x: Value<V>) => Value<V>;
}

/** Float64 on the host. */
export const numberArithmetic: Arithmetic<number> = Object.freeze({
  add: (...terms: readonly number[]): number => {
    let sum = 0;
    for (const term of terms) sum += term;
    return sum;
  },
  sub: (a: number, b: number): number => a - b,
  mul: (...factors: readonly number[]): number => {
    let product = 1;
    for (const factor of factors) product *= factor;
    return product;
  },
  div: (a: number, b: number): number => a / b,
  neg: (x: number): number => -x,
  square: (x: number): number => x * x,
  sqrt: Math.sqrt,
  exp: hostMath.exp,
  log: hostMath.log,
  sin: hostMath.sin,
  cos: hostMath.cos,
  tanh: hyperbolicTangent,
  abs: Math.abs,
});

/**
 * Traced tensors of any float type. What depends on plain numbers alone stays a plain number, and so adopts the
 * element type of the tensor that it meets; neutral elements leave no trace in the program.
 */
export const tensorArithmetic: Arithmetic<Tensor> = Object.freeze({
  add: (...terms: readonly Value<Tensor>[]): Value<Tensor> => terms.reduce(plus, 0),
  sub: (a: Value<Tensor>, b: Value<Tensor>): Value<Tensor> => {
    if (b === 0) return a;
    return typeof a === "number" && typeof b === "number" ? a - b : sub(a, b);
  },
  mul: (...factors: readonly Value<Tensor>[]): Value<Tensor> => factors.reduce(times, 1),
  div: (a: Value<Tensor>, b: Value<Tensor>): Value<Tensor> => {
    if (b === 1) return a;
    return typeof a === "number" && typeof b === "number" ? a / b : div(a, b);
  },
  neg: unary(numberArithmetic.neg, neg),
  square: unary(numberArithmetic.square, square),
  sqrt: unary(Math.sqrt, sqrt),
  exp: unary(hostMath.exp, exp),
  log: unary(hostMath.log, log),
  sin: unary(hostMath.sin, sin),
  cos: unary(hostMath.cos, cos),
  tanh: unary(hyperbolicTangent, tanh),
  abs: unary(Math.abs, abs),
});

/** To 1e-16 of one, the same on every machine. */
function hyperbolicTangent(x: number): number {
  const tail = hostMath.exp(-2 * Math.abs(x));
  return (Math.sign(x) * (1 - tail)) / (1 + tail);
}

function plus(a: Value<Tensor>, b: Value<Tensor>): Value<Tensor> {
  if (a === 0) return b;
  if (b === 0) return a;
  return typeof a === "number" && typeof b === "number" ? a + b : add(a, b);
}

function times(a: Value<Tensor>, b: Value<Tensor>): Value<Tensor> {
  if (a === 1) return b;
  if (b === 1) return a;
  return typeof a === "number" && typeof b === "number" ? a * b : mul(a, b);
}

function unary(host: (x: number) => number, traced: (x: Tensor) => Tensor): Arithmetic<Tensor>["neg"] {
  return (x) => (typeof x === "number" ? host(x) : traced(x));
}
