/**
 * The energy that a fitted g stands for, from the states of motions alone.
 *
 * E = v · dL/dv - L has dE/dv = g v, and keeps its value along motions where neither f nor g depends on time. Both are linear
 * in E, so that a sum of Gaussian bells and quadratic terms is fitted to them at the states, by least squares: no line leaves the data,
 * as the lines of `lagrangianOfMetric` do. What E changes along motions that were not fitted to, over how much it differs
 * between states, says whether to trust it.
 */
import {
  add,
  array,
  at,
  concatenate,
  convert,
  div,
  evaluate,
  exp,
  type HostTensor,
  matmul,
  mul,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  TensorError,
  vmap,
} from "@leastaction/tensor";
import { hostMath } from "../../host-math/host-math.ts";
import { choleskySolve, type NormalEquations, normalEquations } from "../../optim/normal-equations.ts";
import { hostRandom } from "../../random/host-random.ts";
import type { MetricField, SecondOrderField } from "./second-order-field.ts";

/** Options of `energyOnMotions`. */
export interface EnergyOnMotionsOptions {
  readonly field: SecondOrderField;
  /** Right around the motions, and without time. */
  readonly metric: MetricField;
  /** Times, positions and velocities along motions: [motions, times, 1 + 2 n]; at least five motions. */
  readonly points: HostTensor;
  /** Bells at most; default 120. */
  readonly bells?: number;
}

/** An energy up to a constant. */
export interface EnergyOnMotions {
  /** A scalar, traced; right around the motions only. */
  readonly energy: (x: Tensor, v: Tensor) => Tensor;
  /**
   * Of each motion by the fit to others: the spread of the energy along each (root of the mean variance) over its spread over
   * all their states. 0: kept; 1: it says nothing. Above `mostEnergyDrift` do not trust it.
   */
  readonly drift: number;
}

/** Fewer motions do not tell energies apart. */
export const fewestMotions = 5;

/** Do not trust an energy that drifts more. */
export const mostEnergyDrift = 0.1;

/** Parts of the motions of which each is left out once. */
const folds = fewestMotions;
/** States that are fitted to, about. */
const mostStates = 1200;
/** Widths of the bells that are tried, in standard deviations of the states times the root of their number. */
const widths: readonly number[] = [0.7, 1.4, 2.8];
/** Added to the diagonal, relative to it. */
const ridge = 1e-9;

/**
 * Fits the energy.
 *
 * @example
 * // x'' = -4 x with g = 3: E = 3 v² / 2 + 6 x², up to a constant.
 * const row = (t: number, a: number) => [t, a * Math.cos(2 * t), -2 * a * Math.sin(2 * t)];
 * const points = array([1, 2, 3, 4, 5].map((a) => Array.from({ length: 20 }, (_, i) => row(i / 5, a))));
 * const metric = (t: Tensor) => full([1, 1], 3, t.dtype);
 * const { energy, drift } = energyOnMotions({ field: (_t, x) => mul(-4, x), metric, points });
 * const between = evaluate((x: Tensor, v: Tensor) => sub(energy(x, v), energy(mul(0, x), v)), array([2]), array([1]));
 * [between.data[0]?.toFixed(3), drift < 1e-3]; // => ["24.000", true]
 *
 * Errors: points of another shape, fewer than five motions, numbers that are not finite.
 */
export function energyOnMotions(options: EnergyOnMotionsOptions): EnergyOnMotions {
  const { points, bells = 120 } = options;
  expectMotions(points);
  const states = statesOf(options);
  const random = hostRandom(0);
  const stride = Math.max(1, Math.ceil(states.length / mostStates));
  const chosen = states.filter((_, i) => i % stride === 0);
  const centres = Array.from({ length: Math.min(bells, chosen.length) }, () => {
    return (chosen[Math.floor(random.uniform() * chosen.length)] as State).place;
  });
  const tried = widths.map((width) => {
    const basis = { centres, size: width * Math.sqrt(centres[0]?.length as number) };
    return { basis, ...fitEnergy(states, chosen, basis) };
  });
  const best = tried.reduce((a, b) => (b.drift < a.drift ? b : a));
  return Object.freeze({ energy: traced(best.basis, best.coefficients, scalesOf(points)), drift: best.drift });
}

/** Bells, squares and products, linear terms. */
interface Basis {
  readonly centres: readonly Float64Array[];
  readonly size: number;
}

/** In standard deviations of positions and velocities about their means. */
interface State {
  readonly motion: number;
  readonly place: Float64Array;
  /** Its rate. */
  readonly rate: Float64Array;
  /** [n] g v times the units of the velocities. */
  readonly slope: Float64Array;
}

interface Scales {
  readonly middle: Float64Array;
  readonly unit: Float64Array;
}

function expectMotions({ shape, data }: HostTensor): void {
  const [motions = 0, times = 0, width = 0] = shape;
  if (shape.length === 3 && motions >= fewestMotions && times > 1 && width >= 3 && width % 2 === 1) {
    if (data.every((value) => Number.isFinite(value))) return;
  }
  throw new TensorError(
    `Cannot fit an energy: expected finite points of shape [at least ${fewestMotions} motions, times, 1 + 2 n], got shape [${shape.join(", ")}]`,
    "Give time, n positions and n velocities in each row; an energy is told apart by motions that have others.",
  );
}

function scalesOf({ shape, data }: HostTensor): Scales {
  const width = (shape[2] as number) - 1;
  const count = data.length / (width + 1);
  const value = (row: number, i: number): number => data[row * (width + 1) + 1 + i] as number;
  const [middle, unit] = [new Float64Array(width), new Float64Array(width)];
  for (let i = 0; i < width; i++) {
    for (let row = 0; row < count; row++) middle[i] = (middle[i] as number) + value(row, i) / count;
    let squares = 0;
    for (let row = 0; row < count; row++) squares += (value(row, i) - (middle[i] as number)) ** 2 / count;
    unit[i] = Math.sqrt(squares) || 1;
  }
  return { middle, unit };
}

function statesOf({ field, metric, points }: EnergyOnMotionsOptions): readonly State[] {
  const [motions, times, width] = points.shape as [number, number, number];
  const n = (width - 1) / 2;
  const { middle, unit } = scalesOf(points);
  const rows = array(Float64Array.from(points.data), [motions * times, width]);
  const found = evaluate(
    vmap((row: Tensor) => {
      const [t, x, v] = [at(row, 0), slice(row, 0, 1, 1 + n), slice(row, 0, 1 + n)];
      return concatenate([field(t, x, v), matmul(metric(t, x, v), v)]);
    }),
    rows,
  ) as HostTensor;
  return Array.from({ length: motions * times }, (_, row) => {
    const state = rows.data.subarray(row * width + 1, (row + 1) * width) as Float64Array;
    const own = found.data.subarray(row * 2 * n, (row + 1) * 2 * n) as Float64Array;
    return {
      motion: Math.floor(row / times),
      place: state.map((value, i) => (value - (middle[i] as number)) / (unit[i] as number)),
      rate: state.map((_value, i) => ((i < n ? state[n + i] : own[i - n]) as number) / (unit[i] as number)),
      slope: own.subarray(n).map((value, i) => value * (unit[n + i] as number)),
    };
  });
}

function bellsAt(place: Float64Array, { centres, size }: Basis): readonly number[] {
  return centres.map((centre) => {
    let far = 0;
    for (let i = 0; i < place.length; i++) far += ((place[i] as number) - (centre[i] as number)) ** 2;
    return hostMath.exp((-0.5 * far) / (size * size));
  });
}

/** Values of all terms at a place: bells, squares and products, the place itself. */
function valuesAt(place: Float64Array, basis: Basis): Float64Array {
  const values = [...bellsAt(place, basis)];
  for (let i = 0; i < place.length; i++) {
    for (let j = i; j < place.length; j++) values.push((place[i] as number) * (place[j] as number));
  }
  return Float64Array.from([...values, ...place]);
}

/** [terms, 2 n] their slopes. */
function slopesAt(place: Float64Array, basis: Basis): Float64Array {
  const { centres, size } = basis;
  const bells = bellsAt(place, basis);
  const width = place.length;
  const slopes = new Float64Array((centres.length + (width * (width + 3)) / 2) * width);
  for (const [k, centre] of centres.entries()) {
    const pull = -(bells[k] as number) / (size * size);
    for (let i = 0; i < width; i++) slopes[k * width + i] = pull * ((place[i] as number) - (centre[i] as number));
  }
  let row = centres.length * width;
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++, row += width) {
      slopes[row + i] = place[j] as number;
      slopes[row + j] = (slopes[row + j] as number) + (place[i] as number);
    }
  }
  for (let i = 0; i < width; i++, row += width) slopes[row + i] = 1;
  return slopes;
}

/** Fitted to all states, and for the drift to all but those of every fifth motion, for each fifth. */
function fitEnergy(
  states: readonly State[],
  chosen: readonly State[],
  basis: Basis,
): { readonly coefficients: Float64Array; readonly drift: number } {
  const fold = ({ motion }: State): number => motion % folds;
  const parts = Array.from({ length: folds }, (_, k) =>
    equationsOf(
      chosen.filter((state) => fold(state) === k),
      basis,
    ),
  );
  const coefficients = solve(parts);
  const energyOf = ({ place }: State, own: Float64Array): number => dot(valuesAt(place, basis), own);
  const along = parts.flatMap((_, k) => {
    const others = solve(parts.filter((__, part) => part !== k));
    const motions = new Map<number, number[]>();
    for (const state of states.filter((each) => fold(each) === k)) {
      motions.set(state.motion, [...(motions.get(state.motion) ?? []), energyOf(state, others)]);
    }
    return [...motions.values()].map(variance);
  });
  const spread = variance(states.map((state) => energyOf(state, coefficients)));
  return { coefficients, drift: Math.sqrt(mean(along) / (spread || 1)) };
}

/** At each state dE/dv = g v, and no change along the motion. */
function equationsOf(states: readonly State[], basis: Basis): NormalEquations {
  const rows: number[] = [];
  const wanted: number[] = [];
  const pace = 1 / (Math.sqrt(mean(states.map(({ rate }) => dot(rate, rate)))) || 1);
  for (const { place, rate, slope } of states) {
    const slopes = slopesAt(place, basis);
    const [n, width] = [slope.length, place.length];
    for (let j = 0; j < n; j++) {
      for (let at = n + j; at < slopes.length; at += width) rows.push(slopes[at] as number);
      wanted.push(slope[j] as number);
    }
    for (let at = 0; at < slopes.length; at += width) {
      rows.push(pace * dot(slopes.subarray(at, at + width), rate));
    }
    wanted.push(0);
  }
  return normalEquations(Float64Array.from(rows), wanted, rows.length / wanted.length, Number.POSITIVE_INFINITY);
}

function solve(parts: readonly NormalEquations[]): Float64Array {
  const total = (pick: (part: NormalEquations) => Float64Array): Float64Array =>
    pick(parts[0] as NormalEquations).map((_, i) => parts.reduce((sum, part) => sum + (pick(part)[i] as number), 0));
  const [matrix, right] = [total((part) => part.matrix), total(({ gradient }) => gradient)];
  const terms = right.length;
  let trace = 0;
  for (let i = 0; i < terms; i++) trace += (matrix[i * terms + i] as number) / terms;
  for (let i = 0; i < terms; i++) matrix[i * terms + i] = (matrix[i * terms + i] as number) + ridge * trace;
  return choleskySolve(matrix, right);
}

function traced(
  { centres, size }: Basis,
  coefficients: Float64Array,
  { middle, unit }: Scales,
): EnergyOnMotions["energy"] {
  const width = middle.length;
  const bells = array(Float64Array.from(centres.flatMap((centre) => [...centre])), [centres.length, width]);
  const quadratic = new Float64Array(width * width);
  let next = centres.length;
  for (let i = 0; i < width; i++)
    for (let j = i; j < width; j++) quadratic[i * width + j] = coefficients[next++] as number;
  return (x, v) => {
    const state = convert(concatenate([x, v]), "float64");
    const place = div(sub(state, array(middle)), array(unit));
    const far = sum(square(sub(bells, place)), 1);
    const round = sum(mul(exp(mul(-0.5 / (size * size), far)), array(coefficients.slice(0, centres.length))));
    const bent = sum(mul(place, matmul(array(quadratic, [width, width]), place)));
    return convert(add(add(round, bent), sum(mul(place, array(coefficients.slice(next))))), x.dtype);
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, value, i) => total + value * (b[i] as number), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / Math.max(1, values.length);
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}
