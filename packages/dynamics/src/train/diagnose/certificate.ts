/**
 * Whether the equations that a metric has to meet at single points leave a regular one, against how well the field is known.
 *
 * `algebraicConditions` gives at each point a matrix M of equations M g = 0 without dimension. Here the regular g that
 * meets them best is looked for, and what it leaves is held against how much M differs between fields that fit the
 * measurements as well: an error of that size could explain what is left; three times as much is a sign that there is no
 * regular g around that point, with or without time.
 */

import { at, compile, type HostTensor, slice, type Target, type Tensor, vmap } from "@leastaction/tensor";
import { algebraicConditions } from "../../diagnostic/helmholtz/algebraic-conditions.ts";
import { hostMath } from "../../host-math/host-math.ts";
import { symmetricEigen } from "../../optim/symmetric-eigen.ts";
import { type HostRandom, hostRandom } from "../../random/host-random.ts";
import type { FieldFamily } from "./field-family.ts";

/** What the equations say, over all points. */
export interface Certificate {
  /** Points that were asked. */
  readonly points: number;
  /** Share of them at which no regular g is left; 0 to 1. */
  readonly share: number;
  /** What the best regular g leaves of the equations, median over points: 0 where one may exist, of order 1 where not. */
  readonly left: number;
  /** How uncertain the equations are, median over points; 0 for a field that is known exactly. */
  readonly error: number;
}

/** A g whose smallest eigenvalue is this share of the largest counts as regular. */
export const regularShare = 0.01;
/** What is left counts where it is so many times what errors of the field explain. */
export const certificateFactor = 3;
/** What the search for the best g and rounding leave. */
const rounding = 1e-5;

/**
 * Asks at the points [count, 1 + 2 n] (time, positions, velocities), n at least 2.
 * @param families the first member of the first is the field that is asked; all others fit the measurements as well
 */
export function certify(families: readonly FieldFamily[], points: HostTensor, target: Target): Certificate {
  const [count, width] = points.shape as [number, number];
  const n = (width - 1) / 2;
  const found = families.flatMap((family) => equationsOf(family, points, target));
  const [own, ...others] = found.map(({ data }) =>
    Array.from({ length: count }, (_, k) => data.subarray((k * data.length) / count, ((k + 1) * data.length) / count)),
  ) as unknown as [readonly Matrix[], ...(readonly Matrix[])[]];
  const random = hostRandom(0);
  const rows = own.map((matrix, k) => {
    const left = smallestLeft(matrix, n, random);
    const offs = others.map((other) => squaredDifference(matrix, other[k] as Matrix));
    const error = Math.sqrt(offs.reduce((sum, off) => sum + off, 0) / Math.max(1, offs.length));
    return { left, error, isNone: left > certificateFactor * error + rounding };
  });
  return {
    points: count,
    share: rows.filter(({ isNone }) => isNone).length / count,
    left: median(rows.map(({ left }) => left)),
    error: median(rows.map(({ error }) => error)),
  };
}

/** Equations by unknowns, flat. */
type Matrix = HostTensor["data"];

/** The equations at all points, for each member. */
function equationsOf({ field, members }: FieldFamily, points: HostTensor, target: Target): readonly HostTensor[] {
  const n = ((points.shape[1] as number) - 1) / 2;
  // Two coordinates give one equation for each derivative, and three are needed.
  const derivatives = n === 2 ? 2 : 1;
  const conditions = (coefficients: Tensor, all: Tensor): Tensor =>
    vmap((point: Tensor) => {
      const [t, x, v] = [at(point, 0), slice(point, 0, 1, 1 + n), slice(point, 0, 1 + n)];
      return algebraicConditions(field(coefficients), [t, x, v], derivatives).matrix;
    })(all);
  const program = compile(conditions, [members[0] as HostTensor, points], target);
  return members.map((member) => program.callSync(member, points));
}

/** The least |M g| of a regular g of norm 1, over draws that favour what the equations allow. */
function smallestLeft(matrix: Matrix, n: number, random: HostRandom): number {
  const m = (n * (n + 1)) / 2;
  const squares = new Float64Array(m * m);
  for (let row = 0; row < matrix.length; row += m) {
    for (let i = 0; i < m * m; i++) {
      const product = (matrix[row + Math.floor(i / m)] as number) * (matrix[row + (i % m)] as number);
      squares[i] = (squares[i] as number) + product;
    }
  }
  const { values, vectors } = symmetricEigen(squares, m);
  const sigma = values.map((value) => Math.sqrt(Math.max(0, value)));
  const largest = sigma[0] as number;
  let least = largest;
  for (let decade = 0; decade >= -6; decade -= 0.5) {
    const level = largest * hostMath.tenTo(decade);
    for (let draw = 0; draw < 8 * m; draw++) {
      const weights = sigma.map((value) => (random.normal() * level) / (level + value));
      const left = length(weights.map((weight, s) => weight * (sigma[s] as number))) / length(weights);
      if (left < least && isRegular(combined(weights, vectors), n)) least = left;
    }
  }
  return least;
}

function combined(weights: readonly number[], vectors: readonly (readonly number[])[]): readonly number[] {
  return weights.map((_, a) => weights.reduce((sum, weight, s) => sum + weight * (vectors[s]?.[a] as number), 0));
}

/** @param unknowns coefficients of the symmetric matrices of Frobenius norm 1, row by row of the upper triangle */
function isRegular(unknowns: readonly number[], n: number): boolean {
  const g = new Float64Array(n * n);
  let next = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const value = (unknowns[next++] as number) * (i === j ? 1 : Math.SQRT1_2);
      g[i * n + j] = value;
      g[j * n + i] = value;
    }
  }
  const sizes = symmetricEigen(g, n).values.map(Math.abs);
  return Math.min(...sizes) >= regularShare * Math.max(...sizes);
}

function squaredDifference(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The Euclidean length. */
function length(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
