/**
 * The dense output of methods that have none of their own: the polynomial that meets the state and its first
 * derivatives at both ends of a step (Hermite). Beyond the slope, derivatives are those along the flow, y'' = f_t + f_y
 * f and so on, from the derivative of the field. Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential
 * equations I", section II.6, doi:10.1007/978-3-540-78862-1.
 */
import { add, jvp, mul, type Tensor } from "@leastaction/tensor";
import { zipTensors } from "../nn/tensor-tree.ts";
import { combine } from "./linear-combination.ts";
import type { Field } from "./solver.ts";

/** The ends of a step. */
export interface StepEnds<Y> {
  readonly t: Tensor;
  readonly h: Tensor;
  readonly y: Y;
  readonly next: Y;
}

/**
 * How many values at each end a method of this order needs: state, slope, …. With `order / 2` the output is as good as
 * the solution over many steps; with one more also within a step, which shows where a method's own errors are large.
 */
export function hermiteValues(order: number, withinStep = false): number {
  return Math.max(2, Math.ceil(order / 2)) + (withinStep ? 1 : 0);
}

/** The order of the dense output of a method of this order. */
export function hermiteOrder(order: number, withinStep = false): number {
  return Math.min(order, 2 * hermiteValues(order, withinStep) - 1);
}

/** Coefficients c_0, c_1, … in theta = 0 .. 1 of the polynomial through `values` values at both ends. */
export function hermiteDense<Y>(field: Field<Y>, { t, h, y, next }: StepEnds<Y>, values: number): readonly Y[] {
  const start = taylorTerms(field, t, h, y, values);
  const end = taylorTerms(field, add(t, h), h, next, values);
  const change = zipTensors((b, a) => add(b, mul(a, -1)), next, y);
  const known = [change, ...start.slice(1), ...end.slice(1)];
  const upper = upperWeights(values).map((weights) => weighted(weights, known));
  return [y, ...start.slice(1), ...upper];
}

/** y, h y', h² y'' / 2, …. */
function taylorTerms<Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, count: number): Y[] {
  const terms = [y];
  let derivative = field;
  let factor = h;
  for (let power = 1; power < count; power++) {
    terms.push(combine(null, factor, [1], [derivative(t, y)]));
    factor = mul(factor, mul(h, 1 / (power + 1)));
    derivative = alongTheFlow(field, derivative);
  }
  return terms;
}

/** The derivative of g along the solutions of y' = f: g_t + g_y f. */
function alongTheFlow<Y>(field: Field<Y>, g: Field<Y>): Field<Y> {
  return (t, y) => jvp(g as (...inputs: never[]) => Y, [t, y], [1, field(t, y)])[1] as Y;
}

function weighted<Y>(weights: readonly number[], terms: readonly Y[]): Y {
  return zipTensors(
    (...leaves) => leaves.map((leaf, i) => mul(leaf, weights[i] as number)).reduce((total, term) => add(total, term)),
    terms[0] as Y,
    ...terms.slice(1),
  );
}

/**
 * Weights of (y1 - y0, start terms, end terms) in the coefficients of theta^k … theta^(2k - 1), for k values at each
 * end. With p = s(theta) + theta^k d(theta), s the start's own Taylor polynomial, d is the rest p - s at theta = 1 +
 * phi, times (1 + phi)^-k, cut after phi^(k - 1), and written in theta again.
 */
function upperWeights(values: number): number[][] {
  const size = 2 * values - 1;
  const rest = Array.from({ length: values }, (_, i) => {
    const row = new Array<number>(size).fill(0);
    row[i === 0 ? 0 : values - 1 + i] = 1;
    for (let j = Math.max(i, 1); j < values; j++) row[j] = (row[j] as number) - binomial(j, i);
    return row;
  });
  const inPhi = rest.map((_, i) => sumOfRows(rest.slice(0, i + 1), (l) => binomial(-values, i - l)));
  return rest.map((_, m) => sumOfRows(inPhi, (i) => binomial(i, m) * (-1) ** (i - m)));
}

function sumOfRows(rows: readonly (readonly number[])[], weight: (row: number) => number): number[] {
  return (rows[0] as readonly number[]).map((_, j) =>
    rows.reduce((total, row, i) => total + weight(i) * (row[j] as number), 0),
  );
}

/** n (n - 1) … (n - k + 1) / k!, for any integer n; 0 for k above a natural n. */
function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 0; i < k; i++) value = (value * (n - i)) / (i + 1);
  return value;
}
