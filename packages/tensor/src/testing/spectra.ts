/**
 * Matrices that decompositions find hard, and how far a decomposition is from its matrix.
 */
import type { HostTensor } from "../pytree.ts";
import { array } from "../trace/tensor.ts";
import { numbers } from "./primitive-case.ts";

/** Entries by row and column, from a number in [-1, 1] for each. */
type Entry = (row: number, column: number, u: number) => number;

/** The kinds, by name. */
export const spectra: Readonly<Record<string, Entry>> = {
  random: (_row, _column, u) => u,
  zero: () => 0,
  "all ones": () => 1,
  diagonal: (row, column) => (row === column ? 3 - row : 0),
  graded: (row, column, u) => u * 10 ** (-3 * (row + column)),
  "nearly equal": (row, column, u) => (row === column ? 1 : 0) + 1e-10 * u,
  "equal in pairs": (row, column) => (row === column ? 2 : Math.abs(row - column) === 1 ? 0 : 1e-17),
  "of rank one": (row, column) => (row + 1) * (column + 1) * 0.1,
  "very large": (_row, _column, u) => u * 1e150,
  "near the largest": (_row, _column, u) => u * 1e306,
  "very small": (_row, _column, u) => u * 1e-160,
};

/** Rows of a matrix of a kind. */
export function matrixOf(kind: string, rows: number, columns: number): number[][] {
  const { data } = numbers([rows, columns], -1, 1, kind.length);
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (__, j) => spectra[kind]?.(i, j, data[i * columns + j] as number) as number),
  );
}

/** max |left diag(values) right - matrix| over the largest entry of the matrix. */
export function residual(matrix: number[][], left: number[][], values: number[], right: number[][]): number {
  const scale = Math.max(...matrix.flat().map(Math.abs)) || 1;
  const error = matrix.map((row, i) =>
    row.map((entry, j) => {
      const sum = values.reduce((part, value, k) => part + at(left, i, k) * (value / scale) * at(right, k, j), 0);
      return Math.abs(sum - entry / scale);
    }),
  );
  return largest(error.flat());
}

/** max |rows rows^T - 1|. */
export function skewOf(rows: number[][]): number {
  return largest(
    rows.flatMap((x, i) =>
      rows.map((y, j) => Math.abs(x.reduce((sum, entry, k) => sum + entry * (y[k] as number), 0) - (i === j ? 1 : 0))),
    ),
  );
}

/** A symmetric matrix with these eigenvalues: a reflection of the diagonal one. */
export function turnedDiagonal(values: readonly number[]): HostTensor {
  const v = values.map((_, i) => 0.3 + 0.2 * i);
  const square = v.reduce((total, x) => total + x * x, 0);
  const mirror = v.map((x, i) => v.map((y, j) => (i === j ? 1 : 0) - (2 * x * y) / square));
  const entry = (p: readonly number[], q: readonly number[]): number =>
    values.reduce((total, value, k) => total + (p[k] as number) * (q[k] as number) * value, 0);
  return array(mirror.map((p) => mirror.map((q) => entry(p, q))));
}

/** Rows of member `k` of [batch, n, m]. */
export function rowsOf({ shape, data }: HostTensor, k: number): number[][] {
  const [, n, m] = shape as [number, number, number];
  return Array.from({ length: n }, (_, i) => Array.from(data.slice((k * n + i) * m, (k * n + i + 1) * m)));
}

/** Rows and columns exchanged. */
export function exchanged(matrix: number[][]): number[][] {
  return (matrix[0] ?? []).map((_, j) => matrix.map((row) => row[j] as number));
}

/** NaN where any is. */
function largest(list: readonly number[]): number {
  return list.reduce((most, x) => (x > most || Number.isNaN(x) ? x : most), 0);
}

const at = (matrix: number[][], i: number, j: number): number => matrix[i]?.[j] as number;
