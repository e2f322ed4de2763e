/**
 * Dual numbers: an arithmetic that carries the exact derivative along one direction, for tests of known physics.
 */

import type { Arithmetic, Value } from "../arithmetic.ts";

/** a + b e with e² = 0. */
export interface Dual {
  readonly value: number;
  readonly slope: number;
}

/** A number as a dual number; plain numbers do not move. */
export function dual(x: Value<Dual>, slope = 0): Dual {
  return typeof x === "number" ? { value: x, slope } : x;
}

const mapped = (f: (x: number) => number, derivative: (x: number) => number): Arithmetic<Dual>["neg"] => {
  return (x) => {
    const { value, slope } = dual(x);
    return { value: f(value), slope: derivative(value) * slope };
  };
};

function product(a: Dual, b: Dual): Dual {
  return { value: a.value * b.value, slope: a.slope * b.value + a.value * b.slope };
}

/** Dual numbers as the arithmetic of a law. */
export const dualArithmetic: Arithmetic<Dual> = {
  add: (...terms) =>
    terms.map((term) => dual(term)).reduce((a, b) => ({ value: a.value + b.value, slope: a.slope + b.slope }), dual(0)),
  sub: (a, b) => ({ value: dual(a).value - dual(b).value, slope: dual(a).slope - dual(b).slope }),
  mul: (...factors) => factors.map((factor) => dual(factor)).reduce(product, dual(1)),
  div: (a, b) => {
    const [top, bottom] = [dual(a), dual(b)];
    const value = top.value / bottom.value;
    return { value, slope: (top.slope - value * bottom.slope) / bottom.value };
  },
  neg: mapped(
    (x) => -x,
    () => -1,
  ),
  square: mapped(
    (x) => x * x,
    (x) => 2 * x,
  ),
  sqrt: mapped(Math.sqrt, (x) => 0.5 / Math.sqrt(x)),
  exp: mapped(Math.exp, Math.exp),
  log: mapped(Math.log, (x) => 1 / x),
  sin: mapped(Math.sin, Math.cos),
  cos: mapped(Math.cos, (x) => -Math.sin(x)),
  tanh: mapped(Math.tanh, (x) => 1 - Math.tanh(x) ** 2),
  abs: mapped(Math.abs, Math.sign),
};

/** The derivative of f at a point along a direction. */
export function derivativeAlong(
  f: (point: readonly Value<Dual>[]) => readonly Value<Dual>[],
  point: readonly number[],
  direction: readonly number[],
): readonly number[] {
  return f(point.map((value, index) => dual(value, direction[index] ?? 0))).map((value) => dual(value).slope);
}

/** The gradient of a scalar f at a point. */
export function gradientOf(
  f: (point: readonly Value<Dual>[]) => Value<Dual>,
  point: readonly number[],
): readonly number[] {
  return point.map((_, moved) => {
    const direction = point.map((__, index) => (index === moved ? 1 : 0));
    return derivativeAlong((at) => [f(at)], point, direction)[0] as number;
  });
}
