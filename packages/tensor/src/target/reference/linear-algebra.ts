/**
 * Meaning of the primitives of linear algebra: textbook loops, one matrix after another, in float64 whatever the type.
 *
 * Written apart from the definitions that targets run (`lower/define/`), and by other forms of the algorithms.
 */
import { allocate } from "../../dtype.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf } from "../../shape.ts";
import type { Evaluator } from "./evaluator.ts";

type LinearAlgebra = "cholesky" | "triangularSolve";

/** A matrix to be read and written by row and column. */
type Matrix = readonly Float64Array[];

function zeros(rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, () => new Float64Array(columns));
}

const at = (matrix: Matrix, row: number, column: number): number => matrix[row]?.[column] as number;

function set(matrix: Matrix, row: number, column: number, value: number): void {
  (matrix[row] as Float64Array)[column] = value;
}

/** The matrices of a batch. */
function matricesOf({ shape, data }: HostTensor): Matrix[] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return Array.from({ length: sizeOf(shape.slice(0, -2)) }, (_, k) =>
    Array.from({ length: rows }, (__, i) => {
      const start = (k * rows + i) * columns;
      return Float64Array.from(data.slice(start, start + columns));
    }),
  );
}

function batchOf(matrices: readonly Matrix[], { dtype, shape }: Pick<HostTensor, "dtype" | "shape">): HostTensor {
  const data = allocate(dtype, sizeOf(shape));
  let position = 0;
  for (const row of matrices.flat()) for (const value of row) data[position++] = value;
  return { dtype, shape, data };
}

/** Row by row: L_ij from the product of two rows of L. */
function choleskyOf(a: Matrix): Matrix {
  const n = a.length;
  const l = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = 0.5 * at(a, i, j) + 0.5 * at(a, j, i);
      for (let k = 0; k < j; k++) rest -= at(l, i, k) * at(l, j, k);
      set(l, i, j, i > j ? rest / at(l, j, j) : rest > 0 ? Math.sqrt(rest) : Number.NaN);
    }
  }
  return l;
}

/** One row of X after another, from the sum over those known. */
function substitute(a: Matrix, b: Matrix, lower: boolean, unitDiagonal: boolean): Matrix {
  const n = a.length;
  const width = b[0]?.length ?? 0;
  const x = zeros(n, width);
  for (let step = 0; step < n; step++) {
    const i = lower ? step : n - 1 - step;
    for (let c = 0; c < width; c++) {
      let rest = at(b, i, c);
      for (let k = lower ? 0 : i + 1; k < (lower ? i : n); k++) rest -= at(a, i, k) * at(x, k, c);
      set(x, i, c, unitDiagonal ? rest : rest / at(a, i, i));
    }
  }
  return x;
}

/** One evaluator for each primitive of linear algebra. */
export const linearAlgebra: { [P in LinearAlgebra]: Evaluator<P> } = {
  cholesky: (_, [a], [type]) => [batchOf(matricesOf(a as HostTensor).map(choleskyOf), type as HostTensor)],
  triangularSolve: ({ lower, unitDiagonal }, [a, b], [type]) => {
    const sides = matricesOf(b as HostTensor);
    const solved = matricesOf(a as HostTensor).map((matrix, k) =>
      substitute(matrix, sides[k] as Matrix, lower, unitDiagonal),
    );
    return [batchOf(solved, type as HostTensor)];
  },
};
