/**
 * The rule of Gauss and Legendre on [0, 1]: exact for polynomials up to degree 2 count - 1.
 */
import { hostMath } from "./host-math.ts";

/** Where a function is taken, and with what weight. */
export interface QuadratureRule {
  /** Rising, above 0 and below 1. */
  readonly nodes: readonly number[];
  /** Positive; their sum is 1. */
  readonly weights: readonly number[];
}

/**
 * The rule with `count` nodes, at least 1.
 *
 * Source: Abramowitz, Stegun, 1972, Handbook of Mathematical Functions, equation 25.4.30; zeros by Newton's method.
 */
export function gaussLegendreRule(count: number): QuadratureRule {
  const pairs = Array.from({ length: count }, (_, i) => {
    let x = -hostMath.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    for (let turn = 0; turn < 10; turn++) {
      const [value, slope] = legendre(count, x);
      x -= value / slope;
    }
    const [, slope] = legendre(count, x);
    return [(1 + x) / 2, 1 / ((1 - x * x) * slope * slope)] as const;
  });
  return { nodes: pairs.map(([node]) => node), weights: pairs.map(([, weight]) => weight) };
}

/** The Legendre polynomial of a degree and its derivative, at |x| below 1. */
function legendre(degree: number, x: number): readonly [number, number] {
  let [before, value] = [1, x];
  for (let k = 2; k <= degree; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return [value, (degree * (before - x * value)) / (1 - x * x)];
}
