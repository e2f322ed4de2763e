/**
 * Divided differences of a function of one number, at points that may be far apart, close, or equal.
 *
 * f[x0, …, xk] is the quotient of two differences of order k - 1 where its first and last point are apart, and where they
 * are close, the mean over the line between them of the derivative of that difference (Hermite and Genocchi). Gauss's rule
 * takes the mean; its own last coefficients tell whether the points are close enough for it. The rule is then exact to
 * working accuracy, and where it is not, the quotient has lost two digits at most for each order.
 *
 * Source: de Boor, C. (2005), Divided differences, Surveys in Approximation Theory 1, 46-69, arXiv:math/0502036.
 */
import { equal, lessEqual, or, select } from "../ops/comparison.ts";
import { abs, add, div, mul, sub } from "../ops/elementwise.ts";
import { expandDimensions } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { jvp } from "./differentiate.ts";

/** A function of tensors by element, of the same shape and element type. */
export type ByElement = (x: Tensor) => Tensor;

/** Places and weights of Gauss's rule with six points on [0, 1]. */
const places = [
  0.033765242898424, 0.1693953067668677, 0.3806904069584015, 0.6193095930415985, 0.8306046932331324, 0.966234757101576,
];
const weights = [
  0.0856622461895852, 0.1803807865240693, 0.2339569672863455, 0.2339569672863455, 0.1803807865240693,
  0.0856622461895852,
];
/** How much of the two highest coefficients says that the rule is not exact: about the cube root of eps. */
const tolerances = { float64: 2 ** -17, float32: 2 ** -8 };

/** Legendre's polynomials of the two highest degrees that the points tell apart, times the weights. */
const fourth = places.map((t, i) => (weights[i] as number) * legendre(4, 2 * t - 1));
const fifth = places.map((t, i) => (weights[i] as number) * legendre(5, 2 * t - 1));

function legendre(degree: number, x: number): number {
  let [before, now] = [1, x];
  for (let k = 1; k < degree; k++) [before, now] = [now, ((2 * k + 1) * x * now - k * before) / (k + 1)];
  return now;
}

/**
 * @internal f[points], by element.
 *
 * @param points Of one rank, of extents that broadcast.
 */
export function dividedDifference(f: ByElement, points: readonly Tensor[]): Tensor {
  const first = points[0] as Tensor;
  if (points.length === 1) return f(first);
  const last = points.at(-1) as Tensor;
  const middle = points.slice(1, -1);
  const gap = sub(last, first);
  const change = sub(dividedDifference(f, [...middle, last]), dividedDifference(f, [first, ...middle]));
  const same = equal(gap, 0);
  const quotient = div(change, select(same, 1, gap));
  const along = (x: Tensor): Tensor => expandDimensions(x, -1);
  const g = (x: Tensor): Tensor => dividedDifference(f, [...middle.map(along), x]);
  const { mean, resolved } = meanSlope(g, along(first), along(gap));
  return select(or(same, resolved), mean, quotient);
}

/** The mean derivative of `g` from `first` on over `gap`, and whether the rule has found it to working accuracy. */
function meanSlope(g: ByElement, first: Tensor, gap: Tensor): { readonly mean: Tensor; readonly resolved: Tensor } {
  const list = (numbers: readonly number[]): Tensor => add(array([...numbers], [numbers.length], gap.dtype), 0);
  const x = add(first, mul(list(places), gap));
  const [, slopes] = jvp(g, [x], [full(x.shape, 1, x.dtype)]);
  const moment = (row: readonly number[]): Tensor => sum(mul(list(row), slopes), -1);
  const tolerance = tolerances[gap.dtype as "float64" | "float32"];
  const size = sum(mul(list(weights), abs(slopes)), -1);
  const unresolved = add(abs(moment(fourth)), abs(moment(fifth)));
  return { mean: moment(weights), resolved: lessEqual(unresolved, mul(tolerance, size)) };
}
