/**
 * Random matrices with orthonormal rows or columns.
 */
import type { HostRandom } from "../random/host-random.ts";

/**
 * A matrix whose columns (rows, when there are fewer rows) are orthonormal, uniform over all such matrices.
 *
 * The vectors of a matrix of normal numbers are made orthonormal by the method of Gram and Schmidt, applied twice,
 * which keeps them orthogonal to rounding; the triangular factor it implies has a positive diagonal, as uniformity asks.
 * Mezzadri, 2007, "How to generate random matrices from the classical compact groups", arXiv:math-ph/0609050.
 *
 * @returns row-major [rows, columns]
 */
export function orthogonalMatrix(random: HostRandom, rows: number, columns: number): number[] {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors: number[][] = [];
  for (let i = 0; i < count; i++) {
    const vector = Array.from({ length }, () => random.normal());
    vectors.push(normalized(without(without(vector, vectors), vectors)));
  }
  return Array.from({ length: rows * columns }, (_, k) => {
    const [row, column] = [Math.floor(k / columns), k % columns];
    const [which, place] = rows <= columns ? [row, column] : [column, row];
    return (vectors[which] as number[])[place] as number;
  });
}

function without(vector: readonly number[], directions: readonly (readonly number[])[]): readonly number[] {
  return directions.reduce<readonly number[]>((rest, direction) => {
    const part = dot(rest, direction);
    return rest.map((value, i) => value - part * (direction[i] as number));
  }, vector);
}

function normalized(vector: readonly number[]): number[] {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] as number), 0);
}
