/**
 * What the data say about the parameters of a least-squares fit, and what they do not.
 *
 * In: the normal equations at the minimum. Out: the covariance of the parameters in the linear approximation, and the
 * directions in parameter space ordered by how well they are determined. Columns of the Jacobian are scaled to unit
 * length first, so units do not matter. A direction whose curvature is lost in rounding is not identifiable: every
 * parameter that takes part in it has an infinite standard error.
 */
import type { NormalEquations } from "./normal-equations.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** A combination of parameters. */
export interface ParameterDirection {
  /** Eigenvalue of the scaled JᵀWJ, 0 .. n; the larger the better determined. */
  readonly strength: number;
  readonly identifiable: boolean;
  /** [n], of unit length, in scaled parameters (each times the norm of its column of the Jacobian). */
  readonly direction: readonly number[];
}

/** Uncertainty of fitted parameters. */
export interface Uncertainty {
  /** Row-major [n, n]: (JᵀWJ)^-1 s² within the identifiable directions. */
  readonly covariance: Float64Array;
  /** [n]: roots of the diagonal; infinite where a parameter cannot be known. */
  readonly standardErrors: Float64Array;
  /** s, the deviation of the residuals: root of rᵀW r / (m - n); 0 when m = n. */
  readonly residualDeviation: number;
  /** From the best determined to the worst. */
  readonly directions: readonly ParameterDirection[];
  /** How many directions are identifiable. */
  readonly rank: number;
  /** Ratio of the largest to the smallest singular value of the scaled Jacobian. */
  readonly condition: number;
}

/** Eigenvalues below this times the largest are lost in the rounding of JᵀWJ. */
const rankTolerance = 1e-12;

/** The uncertainty at a minimum. */
export function uncertaintyOf({ matrix, sumOfSquares, count, gradient }: NormalEquations): Uncertainty {
  const n = gradient.length;
  const lengths = Array.from(gradient, (_, j) => Math.sqrt(matrix[j * n + j] as number));
  const safe = lengths.map((length) => (length > 0 ? length : 1));
  const scaled = matrix.map((value, k) => value / ((safe[Math.floor(k / n)] as number) * (safe[k % n] as number)));
  const { values, vectors } = symmetricEigen(scaled, n);
  const floor = rankTolerance * (values[0] ?? 0);
  const directions = values.map(
    (strength, k): ParameterDirection => ({
      strength,
      identifiable: strength > floor,
      direction: vectors[k] as readonly number[],
    }),
  );
  const variance = count > n ? sumOfSquares / (count - n) : 0;
  const covariance = covarianceOf(directions, safe, variance);
  const smallest = Math.max(values[n - 1] ?? 0, 0);
  return {
    covariance,
    standardErrors: Float64Array.from(lengths, (_, j) =>
      directions.some(({ identifiable, direction }) => !identifiable && Math.abs(direction[j] as number) > 1e-6)
        ? Number.POSITIVE_INFINITY
        : Math.sqrt(covariance[j * n + j] as number),
    ),
    residualDeviation: Math.sqrt(variance),
    directions,
    rank: directions.filter(({ identifiable }) => identifiable).length,
    condition: smallest > 0 ? Math.sqrt((values[0] as number) / smallest) : Number.POSITIVE_INFINITY,
  };
}

function covarianceOf(
  directions: readonly ParameterDirection[],
  lengths: readonly number[],
  variance: number,
): Float64Array {
  const n = lengths.length;
  return Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    const total = directions.reduce(
      (sum, { strength, identifiable, direction }) =>
        identifiable ? sum + ((direction[i] as number) * (direction[j] as number)) / strength : sum,
      0,
    );
    return (variance * total) / ((lengths[i] as number) * (lengths[j] as number));
  });
}
