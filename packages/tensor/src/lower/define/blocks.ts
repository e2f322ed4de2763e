/**
 * Blocks of matrices: what is done block by block is products of matrices for the most part.
 */
import { slice } from "../../ops/movement.ts";
import type { Tensor } from "../../trace/tensor.ts";

/** Extent of a block. Half of it or twice as much cost a fifth more at 200 rows. */
export const blockExtent = 32;

/** Matrices of more rows are cut into blocks: below, the loop over columns is as fast. */
export const undivided = 40;

/** Whether a matrix of n rows is cut. */
export const inBlocks = (n: number): boolean => n > undivided;

/** Where blocks begin and end. */
export function blocksOf(n: number): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.ceil(n / blockExtent) }, (_, i) => [
    i * blockExtent,
    Math.min(n, (i + 1) * blockExtent),
  ]);
}

/** Rows `from` up to `to` of matrices. */
export const rowsOf = (x: Tensor, from: number, to?: number): Tensor => slice(x, -2, from, to);

/** Columns `from` up to `to` of matrices. */
export const columnsOf = (x: Tensor, from: number, to?: number): Tensor => slice(x, -1, from, to);
