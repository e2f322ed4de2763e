/**
 * Whether the coordinates of measured motion move independently, or one follows from the others: y = 2 x.
 *
 * The correlations of n positions have a smallest eigenvalue of zero where one is a linear function of the others; its
 * vector says which. Noise of the sensors lifts it, so that much is allowed.
 */
import { symmetricEigen } from "../optim/symmetric-eigen.ts";

/** A coordinate that the others tell. */
export interface DependentCoordinate {
  /** Its index. */
  readonly coordinate: number;
  /** [n] what each coordinate is multiplied with, 0 for itself and for those that do not matter; a constant is left out. */
  readonly factors: readonly number[];
  /** Share of its variance that the others do not tell. */
  readonly untold: number;
}

/**
 * The coordinate that follows best from the others, where their share untold is within the noise; null where none does.
 * @param positions [count, n] row-major, in any units
 * @param noise [n] standard deviations of the noise, in those units
 */
export function dependentCoordinate(positions: Float64Array, noise: readonly number[]): DependentCoordinate | null {
  const n = noise.length;
  const count = positions.length / n;
  if (n < 2 || count < 2) return null;
  const at = (row: number, i: number): number => positions[row * n + i] as number;
  const sum = (of: (row: number) => number): number => {
    let total = 0;
    for (let row = 0; row < count; row++) total += of(row);
    return total / count;
  };
  const means = noise.map((_, i) => sum((row) => at(row, i)));
  const spreads = means.map((middle, i) => Math.sqrt(sum((row) => (at(row, i) - middle) ** 2)));
  const still = spreads.indexOf(0);
  if (still >= 0) return { coordinate: still, factors: noise.map(() => 0), untold: 0 };
  const scaled = (row: number, i: number): number => (at(row, i) - (means[i] as number)) / (spreads[i] as number);
  const correlations = means.flatMap((_, i) => means.map((__, j) => sum((row) => scaled(row, i) * scaled(row, j))));
  const { values, vectors } = symmetricEigen(correlations, n);
  const vector = vectors.at(-1) as readonly number[];
  const smallest = Math.max(0, values.at(-1) as number);
  const allowed = noise.reduce((most, each, i) => Math.max(most, each / (spreads[i] as number)), 0);
  if (smallest > Math.max(1e-6, Math.min(1e-2, 3 * allowed ** 2))) return null;
  const sizes = vector.map(Math.abs);
  // Of some that follow from each other the last.
  const coordinate = sizes.findLastIndex((size) => size >= 0.9 * Math.max(...sizes));
  const own = vector[coordinate] as number;
  const factors = vector.map((value, i) => {
    const factor = (-value * (spreads[coordinate] as number)) / (own * (spreads[i] as number));
    return i === coordinate || Math.abs(value) < 0.05 ? 0 : factor;
  });
  return { coordinate, factors, untold: smallest / own ** 2 };
}
