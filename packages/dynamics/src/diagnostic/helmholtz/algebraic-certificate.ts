/**
 * What the algebraic conditions leave of g at points of a motion: the numbers of a proof that no metric exists, made
 * without training, and the matrix to start a training from where they do not prove it.
 *
 * At one point: a space of symmetric matrices, by the singular values of the equations. No regular matrix in it means that no metric is
 * regular around that point. A regular one proves nothing.
 * Over all points: a matrix that is typical of what is left. It has the signature that a training has to start with, which
 * the same training cannot find by itself: ways to another one lead over singular matrices.
 */
import {
  array,
  at,
  concatenate,
  einsum,
  evaluate,
  type HostTensor,
  reshape,
  slice,
  svd,
  type Tensor,
  vmap,
  zeros,
} from "@leastaction/tensor";
import { symmetricEigen } from "../../optim/symmetric-eigen.ts";
import { hostRandom } from "../../random/host-random.ts";
import { algebraicConditions } from "./algebraic-conditions.ts";
import type { SecondOrderField } from "./second-order-field.ts";
import { tensorBasis } from "./tensor-basis.ts";

/** Options of `algebraicCertificate`. */
export interface AlgebraicCertificateOptions {
  readonly field: SecondOrderField;
  /** Where it is asked: [..., 1 + 2 n], rows (t, x, v); computed in float64. Some thirty of them are plenty. */
  readonly points: HostTensor;
  /** The largest k of nabla^k Phi; default 2. Of a learned field 0 or 1. */
  readonly derivatives?: number;
  /**
   * Singular values up to this count as zero, above 0; default 1e-9, for a field without noise. By Weyl's inequality an error of the
   * field moves no singular value by more than the norm of what it does to the matrix; for a learned field take ten times
   * what the smallest ones are for a system like it that has a metric.
   */
  readonly tolerance?: number;
}

/** What is left of g at one point. */
export interface RemainingMetrics {
  /** Of the equations, n (n + 1) / 2 descending numbers without dimension. */
  readonly singularValues: readonly number[];
  /** How many independent g are left. */
  readonly dimension: number;
  /** The largest ratio found of the smallest |eigenvalue| of a g that is left to its largest: 0, all are singular, .. 1. */
  readonly regularity: number;
  /** Whether a regular g is left: whether `regularity` is above the root of the tolerance. */
  readonly regular: boolean;
}

/** What the algebraic conditions say of a field. */
export interface AlgebraicCertificate {
  /** For each point. */
  readonly remaining: readonly RemainingMetrics[];
  /** Points at which no regular g is left. One is a proof for a field that is known; of a learned one take most. */
  readonly refuted: number;
  /**
   * A matrix to start a training of g with: [n, n], float64, mean square of eigenvalues 1. Where one matrix is left at most
   * points, the one of them that is most like the others; where more are, a regular one that meets all equations of all points best.
   */
  readonly start: HostTensor;
}

/**
 * Asks the algebraic conditions at points.
 *
 * @example
 * // x'' = x² + y², y'' = 0, Douglas's case IIIb: a g is left, but a singular one.
 * const { remaining, refuted } = algebraicCertificate({
 *   field: (_t, x) => stack([sumOfSquares(x), 0 as never]),
 *   points: array([[0, 0.3, 0.7, 0.5, -0.4]]),
 * });
 * [remaining[0]?.dimension, remaining[0]?.regular, refuted]; // => [1, false, 1]
 */
export function algebraicCertificate(options: AlgebraicCertificateOptions): AlgebraicCertificate {
  const { field, points, derivatives = 2, tolerance = 1e-9 } = options;
  const width = points.shape.at(-1) as number;
  const n = (width - 1) / 2;
  const rows = array(Float64Array.from(points.data), [points.data.length / width, width]);
  const count = rows.shape[0] as number;
  const equations = vmap((row: Tensor): Tensor => {
    const point = [at(row, 0), slice(row, 0, 1, 1 + n), slice(row, 0, 1 + n, width)] as const;
    return algebraicConditions(field, point, derivatives).matrix;
  });
  // Evaluated once: compiling it takes ten times as long.
  const { each, together } = evaluate((all: Tensor) => solutionsOf(equations(all), n), rows);
  const solutions = Array.from({ length: count }, (_, k) => member(each, k));
  const remaining = solutions.map((solution) => remainingOf(solution, tolerance));
  const settled = solutions.filter((_, k) => (remaining[k] as RemainingMetrics).dimension <= 1);
  const start = 2 * settled.length > count ? mostCentral(settled) : commonMetric(member(together, 0), count, tolerance);
  return {
    remaining,
    refuted: remaining.filter(({ regular }) => !regular).length,
    start: array(
      Float64Array.from(start, (entry) => entry * Math.sqrt(n)),
      [n, n],
    ),
  };
}

/** Singular values, [k, m], and the matrix of each, [k, m, n, n], Frobenius norm 1. */
interface Solutions<L> {
  readonly values: L;
  readonly metrics: L;
}

/** Of the equations [k, equations, m] of each point, and of all points together. */
function solutionsOf(matrices: Tensor, n: number): Readonly<Record<"each" | "together", Solutions<Tensor>>> {
  const [count, rows, m] = matrices.shape as [number, number, number];
  const solved = (all: Tensor): Solutions<Tensor> => {
    // Rows of 0, so that there are as many singular values as unknowns.
    const { values, rightTransposed } = svd(concatenate([all, zeros([all.shape[0] as number, m, m], all.dtype)], 1));
    return { values, metrics: einsum("ksa,aij->ksij", rightTransposed, tensorBasis("symmetric", n, all.dtype)) };
  };
  return { each: solved(matrices), together: solved(reshape(matrices, [1, count * rows, m])) };
}

/** The solution of one member on the host: each matrix is flat. */
interface MemberSolution {
  readonly values: readonly number[];
  readonly metrics: readonly (readonly number[])[];
}

function member({ values, metrics }: Solutions<HostTensor>, k: number): MemberSolution {
  const [, m = 0, n = 0] = metrics.shape;
  const part = ({ data }: HostTensor, index: number, size: number): number[] =>
    Array.from(data.slice(index * size, (index + 1) * size), Number);
  return {
    values: part(values, k, m),
    metrics: Array.from({ length: m }, (_, s) => part(metrics, k * m + s, n * n)),
  };
}

function remainingOf({ values, metrics }: MemberSolution, tolerance: number): RemainingMetrics {
  const dimension = values.filter((value) => value <= tolerance).length;
  const regularity = dimension === 0 ? 0 : mostRegular(metrics.slice(-dimension)).regularity;
  return { singularValues: values, dimension, regularity, regular: regularity > Math.sqrt(tolerance) };
}

/** The last matrix, up to its scale, of the member whose own is most like those of all others. */
function mostCentral(members: readonly MemberSolution[]): readonly number[] {
  const last = members.map(({ metrics }) => metrics.at(-1) as readonly number[]);
  const likeness = (a: readonly number[]): number =>
    last.reduce((total, b) => total + a.reduce((sum, x, i) => sum + x * (b[i] as number), 0) ** 2, 0);
  const sums = last.map(likeness);
  return last[sums.indexOf(Math.max(...sums))] as readonly number[];
}

/** A regular one of the matrices that leave least of the equations of all points, within a factor of 2. */
function commonMetric({ values, metrics }: MemberSolution, count: number, tolerance: number): readonly number[] {
  const residuals = values.map((value) => value / Math.sqrt(count));
  const enough = Math.max(2 * (residuals.at(-1) as number), tolerance);
  return mostRegular(metrics.slice(-residuals.filter((residual) => residual <= enough).length)).matrix;
}

/** Combinations that are tried where several matrices are left; singular ones among regular ones are a null set. */
const draws = 200;

/** The one farthest from singular of some combinations of orthonormal matrices, of Frobenius norm 1. */
function mostRegular(metrics: readonly (readonly number[])[]) {
  const random = hostRandom(0);
  const tried = Array.from({ length: metrics.length === 1 ? 1 : draws }, () => {
    const weights = metrics.map(() => random.normal());
    const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
    const combined = (_: number, i: number): number =>
      metrics.reduce((sum, metric, a) => sum + ((weights[a] as number) / length) * (metric[i] as number), 0);
    const matrix = (metrics[0] as readonly number[]).map(combined);
    const sizes = symmetricEigen(matrix, Math.sqrt(matrix.length)).values.map(Math.abs);
    return { matrix, regularity: Math.min(...sizes) / Math.max(...sizes) };
  });
  return tried.reduce((best, next) => (next.regularity > best.regularity ? next : best));
}
