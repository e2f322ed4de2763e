/**
 * How matrices are cut: written out, column by column, or in blocks, so that most of the work is products of matrices.
 */
import { slice } from "../../ops/movement.ts";
import type { Tensor } from "../../trace/tensor.ts";

/**
 * Matrices of at most this extent are written out element by element: 10,000 systems of 6 rows then take a fourteenth of the
 * time of the loop. Of 8 rows a third, but they compile for twice as long, and with every row more for longer.
 */
export const writtenOut = 6;

/** Matrices of at most this extent are one block. */
const undivided = 12;

/** Matrices of at most this extent are small enough that all of a column's work may go over all of them. */
export const small = 40;

/** Blocks of 8 bring a batch of 1,000 systems of 16 rows from 8.2 to 2.8 ms, those of 32 one of 200 rows from 4.2 to 0.8. */
const extentOf = (n: number): number => (n <= undivided ? n : n <= small ? 8 : 32);

/** Whether a matrix of n rows is cut into several blocks. */
export const inBlocks = (n: number): boolean => n > undivided;

/** Where blocks begin and end. */
export function blocksOf(n: number): readonly (readonly [number, number])[] {
  const extent = extentOf(n);
  return Array.from({ length: Math.ceil(n / extent) }, (_, i) => [i * extent, Math.min(n, (i + 1) * extent)]);
}

/** Rows `from` up to `to` of matrices. */
export const rowsOf = (x: Tensor, from: number, to?: number): Tensor => slice(x, -2, from, to);

/** Columns `from` up to `to` of matrices. */
export const columnsOf = (x: Tensor, from: number, to?: number): Tensor => slice(x, -1, from, to);
