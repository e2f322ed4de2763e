/**
 * A smooth second-order field from measured states and accelerations, in closed form, with copies that say how well the
 * measurements determine it.
 *
 * In: samples in units of the motion (`scaled-motion.ts`). Out: x'' = f(x, v), a sum of Gaussian bells over some of the
 * states and linear terms, with the width and the penalty that forecast left-out blocks of samples best. Nothing of
 * mechanics is built in, so it can be asked whether it has a Lagrangian; it has derivatives of every order.
 * The copies are fitted to blocks drawn with replacement (a bootstrap over trajectories, or over pieces where they are
 * few): where they agree, the measurements determine the field.
 * Source: Rasmussen, Williams, 2006, "Gaussian processes for machine learning", section 8.3.1 (subset of regressors);
 * Künsch, 1989, Ann. Statist. 17, 1217 (bootstrap of blocks).
 */

import {
  add,
  array,
  concatenate,
  convert,
  cos,
  exp,
  type HostTensor,
  matmul,
  mul,
  sin,
  slice,
  square,
  sub,
  sum,
} from "@leastaction/tensor";
import { hostMath } from "../../host-math/host-math.ts";
import { choleskySolve } from "../../optim/normal-equations.ts";
import type { HostRandom } from "../../random/host-random.ts";
import type { FieldFamily } from "./field-family.ts";
import type { MotionScales } from "./scaled-motion.ts";

/** Samples of a motion, in its units. */
export interface AccelerationSamples {
  readonly coordinates: number;
  /** Samples of one trajectory, or of a piece of one. */
  readonly blocks: readonly {
    /** [count, 2 n]. */
    readonly states: Float64Array;
    /** [count, n]. */
    readonly accelerations: Float64Array;
  }[];
}

/** A fitted field. */
export interface KernelField {
  /** The field first, then its copies; in a second family the field of the next best width. */
  readonly families: readonly FieldFamily[];
  /** Root mean square error of accelerations in left-out blocks over their root mean square: 0 perfect, 1 useless. */
  readonly error: number;
}

const bells = 240;
const samplesPerBell = 4;
const widths: readonly number[] = [0.7, 1.4, 2.8, 5.6];
const penalties: readonly number[] = [1e-9, 1e-7, 1e-5, 1e-3, 1e-1];
const folds = 4;
const copyCount = 6;
/** Added to the diagonal, relative to it: what rounding leaves of the equations. */
const jitter = 1e-11;

/** Which positions are seen as sine and cosine of `middle + unit * x`. */
export type Angles = Pick<MotionScales, "centre" | "length"> & { readonly isAngle: readonly boolean[] };

/** The field that fits the samples, of at least four blocks. */
export function kernelField(samples: AccelerationSamples, angles: Angles, random: HostRandom): KernelField {
  const n = samples.coordinates;
  const inputs = samples.blocks.map(({ states }) => inputsOf(states, n, angles));
  const width = inputRow(new Float64Array(2 * n), n, angles).length;
  const total = inputs.reduce((sum, block) => sum + block.length / width, 0);
  const centres = chosenRows(inputs, width, Math.min(bells, Math.ceil(total / samplesPerBell)), random);
  const candidates = widths.map((scale) => {
    const basis: Basis = { centres, width, scale: scale * Math.sqrt(width) };
    const sums = samples.blocks.map(({ accelerations }, b) =>
      momentsOf(inputs[b] as Float64Array, accelerations, n, basis),
    );
    const penalty = penaltyOf(basis);
    return { basis, sums, penalty, ...bestPenalty(sums, penalty, n) };
  });
  const [best, next] = candidates.sort((a, b) => a.error - b.error) as unknown as [Candidate, Candidate];
  const all = samples.blocks.map(() => 1);
  const fitted = ({ basis, sums, penalty, strength }: Candidate, weights: readonly number[]): HostTensor =>
    array(solve(weighted(sums, weights), penalty, strength, n), [featureCount(basis), n]);
  const copies = Array.from({ length: copyCount }, () => fitted(best, drawn(all.length, random)));
  return {
    families: [
      { field: fieldOf(best.basis, angles), members: [fitted(best, all), ...copies] },
      { field: fieldOf(next.basis, angles), members: [fitted(next, all)] },
    ],
    error: best.error,
  };
}

/** A width of the bells, with the penalty that suits it. */
interface Candidate {
  readonly basis: Basis;
  readonly sums: readonly Moments[];
  readonly penalty: Float64Array;
  readonly strength: number;
  readonly error: number;
}

/** How often each of `count` blocks is drawn, with replacement. */
function drawn(count: number, random: HostRandom): readonly number[] {
  const counts = new Array<number>(count).fill(0);
  for (let draw = 0; draw < count; draw++) {
    const chosen = Math.floor(random.uniform() * count);
    counts[chosen] = (counts[chosen] as number) + 1;
  }
  return counts;
}

interface Basis {
  /** [bells, width]. */
  readonly centres: Float64Array;
  readonly width: number;
  readonly scale: number;
}

function featureCount({ centres, width }: Basis): number {
  return centres.length / width + width + 1;
}

/** Sums of products over samples. */
interface Moments {
  /** [features, features], lower triangle. */
  readonly matrix: Float64Array;
  /** [features, n]. */
  readonly right: Float64Array;
  readonly squares: number;
}

/** What the field sees of a state: positions (sine and cosine of an angle), then velocities. */
function inputRow(state: Float64Array, n: number, { isAngle, centre, length }: Angles): readonly number[] {
  const places = isAngle.flatMap((turns, i) => {
    const x = state[i] as number;
    if (!turns) return [x];
    const angle = (centre[i] as number) + (length[i] as number) * x;
    return [hostMath.sin(angle), hostMath.cos(angle)];
  });
  return [...places, ...state.subarray(n, 2 * n)];
}

function inputsOf(states: Float64Array, n: number, angles: Angles): Float64Array {
  const rows: number[] = [];
  for (let at = 0; at < states.length; at += 2 * n) rows.push(...inputRow(states.subarray(at, at + 2 * n), n, angles));
  return Float64Array.from(rows);
}

function chosenRows(inputs: readonly Float64Array[], width: number, count: number, random: HostRandom): Float64Array {
  const rows = inputs.flatMap((block) =>
    Array.from({ length: block.length / width }, (_, row) => block.subarray(row * width, (row + 1) * width)),
  );
  for (let at = 0; at < Math.min(count, rows.length); at++) {
    const other = at + Math.floor(random.uniform() * (rows.length - at));
    [rows[at], rows[other]] = [rows[other] as Float64Array, rows[at] as Float64Array];
  }
  return Float64Array.from(rows.slice(0, count).flatMap((row) => [...row]));
}

function bell(a: ArrayLike<number>, from: number, b: Float64Array, at: number, { width, scale }: Basis): number {
  let squares = 0;
  for (let i = 0; i < width; i++) squares += ((a[from + i] as number) - (b[at + i] as number)) ** 2;
  return hostMath.exp(-0.5 * (squares / scale ** 2));
}

function momentsOf(inputs: Float64Array, accelerations: Float64Array, n: number, basis: Basis): Moments {
  const { centres, width } = basis;
  const size = featureCount(basis);
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size * n);
  const row = new Float64Array(size);
  const count = centres.length / width;
  let squares = 0;
  for (let sample = 0; sample < inputs.length / width; sample++) {
    for (let k = 0; k < count; k++) row[k] = bell(inputs, sample * width, centres, k * width, basis);
    for (let i = 0; i < width; i++) row[count + i] = inputs[sample * width + i] as number;
    row[size - 1] = 1;
    for (let i = 0; i < size; i++) {
      const left = row[i] as number;
      for (let j = 0; j <= i; j++) matrix[i * size + j] = (matrix[i * size + j] as number) + left * (row[j] as number);
      for (let j = 0; j < n; j++) {
        right[i * n + j] = (right[i * n + j] as number) + left * (accelerations[sample * n + j] as number);
      }
    }
    for (let j = 0; j < n; j++) squares += (accelerations[sample * n + j] as number) ** 2;
  }
  return { matrix, right, squares };
}

/** The squared norm that is penalised: that of the bells' own space; the linear terms are nearly free. */
function penaltyOf(basis: Basis): Float64Array {
  const { centres, width } = basis;
  const size = featureCount(basis);
  const count = centres.length / width;
  const penalty = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      if (i < count) penalty[i * size + j] = bell(centres, i * width, centres, j * width, basis);
      else if (i === j) penalty[i * size + j] = 1e-3;
    }
  }
  return penalty;
}

function weighted(sums: readonly Moments[], weights: readonly number[]): Moments {
  const first = sums[0] as Moments;
  const matrix = new Float64Array(first.matrix.length);
  const right = new Float64Array(first.right.length);
  let squares = 0;
  for (const [b, weight] of weights.entries()) {
    if (weight === 0) continue;
    const block = sums[b] as Moments;
    for (let at = 0; at < matrix.length; at++)
      matrix[at] = (matrix[at] as number) + weight * (block.matrix[at] as number);
    for (let at = 0; at < right.length; at++) right[at] = (right[at] as number) + weight * (block.right[at] as number);
    squares += weight * block.squares;
  }
  return { matrix, right, squares };
}

/** The coefficients [features, n] with a penalty of some strength, relative to the mean of the diagonals. */
function solve({ matrix, right }: Moments, penalty: Float64Array, strength: number, n: number): Float64Array {
  const size = right.length / n;
  let trace = 0;
  for (let i = 0; i < size; i++) trace += (matrix[i * size + i] as number) / size;
  const result = new Float64Array(size * n);
  for (let j = 0; j < n; j++) {
    const system = matrix.map((value, at) => value + strength * trace * (penalty[at] as number));
    for (let i = 0; i < size; i++) system[i * size + i] = (system[i * size + i] as number) + jitter * trace;
    const own = Float64Array.from({ length: size }, (_, i) => right[i * n + j] as number);
    choleskySolve(system, own);
    for (let i = 0; i < size; i++) result[i * n + j] = own[i] as number;
  }
  return result;
}

function bestPenalty(
  sums: readonly Moments[],
  penalty: Float64Array,
  n: number,
): { readonly strength: number; readonly error: number } {
  const count = Math.min(folds, sums.length);
  const isIn = (block: number, fold: number): boolean => block % count === fold;
  const parts = Array.from({ length: count }, (_, fold) => ({
    kept: weighted(
      sums,
      sums.map((__, b) => (isIn(b, fold) ? 0 : 1)),
    ),
    left: weighted(
      sums,
      sums.map((__, b) => (isIn(b, fold) ? 1 : 0)),
    ),
  }));
  const total = sums.reduce((sum, { squares }) => sum + squares, 0);
  const scores = penalties.map((strength) => {
    const off = parts.map(({ kept, left }) => squaresLeft(left, solve(kept, penalty, strength, n), n));
    return {
      strength,
      error: Math.sqrt(
        Math.max(
          0,
          off.reduce((a, b) => a + b, 0),
        ) / (total || 1),
      ),
    };
  });
  return scores.reduce((a, b) => (b.error < a.error ? b : a));
}

/** Sum of squares of what coefficients leave of samples. */
function squaresLeft({ matrix, right, squares }: Moments, coefficients: Float64Array, n: number): number {
  const size = right.length / n;
  let result = squares;
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < size; i++) {
      const own = coefficients[i * n + j] as number;
      let product = 0;
      for (let k = 0; k < size; k++) {
        const entry = k <= i ? matrix[i * size + k] : matrix[k * size + i];
        product += (entry as number) * (coefficients[k * n + j] as number);
      }
      result += own * (product - 2 * (right[i * n + j] as number));
    }
  }
  return result;
}

function fieldOf(basis: Basis, { isAngle, centre, length }: Angles): FieldFamily["field"] {
  const { centres, width, scale } = basis;
  const count = centres.length / width;
  const squares = Float64Array.from({ length: count }, (_, k) =>
    centres.subarray(k * width, (k + 1) * width).reduce((sum, value) => sum + value * value, 0),
  );
  return (coefficients) => (_t, x, v) => {
    const places = isAngle.flatMap((turns, i) => {
      const place = convert(slice(x, 0, i, i + 1), "float64");
      if (!turns) return [place];
      const angle = add(centre[i] as number, mul(length[i] as number, place));
      return [sin(angle), cos(angle)];
    });
    const input = concatenate([...places, convert(v, "float64")]);
    const products = matmul(array(centres, [count, width]), input);
    const far = sub(add(array(squares), sum(square(input))), mul(2, products));
    const features = concatenate([exp(mul(-0.5 / scale ** 2, far)), input, array(Float64Array.of(1))]);
    return convert(matmul(features, coefficients), x.dtype);
  };
}
