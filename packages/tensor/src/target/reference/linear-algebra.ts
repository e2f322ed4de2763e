/**
 * Meaning of the primitives of linear algebra: textbook loops, one matrix after another, in float64 whatever the type.
 *
 * Written apart from the definitions that targets run (`lower/define/`), and by other forms of the algorithms.
 */
import { allocate } from "../../dtype.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf } from "../../shape.ts";
import type { Evaluator } from "./evaluator.ts";

type LinearAlgebra = "cholesky" | "triangularSolve" | "lu" | "linearSolve" | "logDeterminant" | "qr";

/** @internal A matrix to be read and written by row and column. */
export type Matrix = readonly Float64Array[];

function zeros(rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, () => new Float64Array(columns));
}

const at = (matrix: Matrix, row: number, column: number): number => matrix[row]?.[column] as number;

function set(matrix: Matrix, row: number, column: number, value: number): void {
  (matrix[row] as Float64Array)[column] = value;
}

/** @internal The matrices of a batch. */
export function matricesOf({ shape, data }: HostTensor): Matrix[] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return Array.from({ length: sizeOf(shape.slice(0, -2)) }, (_, k) =>
    Array.from({ length: rows }, (__, i) => {
      const start = (k * rows + i) * columns;
      return Float64Array.from(data.slice(start, start + columns));
    }),
  );
}

/** @internal Matrices as a batch of this type. */
export function batchOf(
  matrices: readonly Matrix[],
  { dtype, shape }: Pick<HostTensor, "dtype" | "shape">,
): HostTensor {
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

interface Factors {
  readonly packed: Matrix;
  readonly order: readonly number[];
}

/** Rows exchanged in place, then eliminated below the pivot. */
function luOf(a: Matrix): Factors {
  const n = a.length;
  const rows: Float64Array[] = a.map((row) => row.slice());
  const order = rows.map((_, i) => i);
  const size = (x: number): number => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : Math.abs(x));
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (size(at(rows, i, k)) > size(at(rows, best, k))) best = i;
    [rows[k], rows[best]] = [rows[best] as Float64Array, rows[k] as Float64Array];
    [order[k], order[best]] = [order[best] as number, order[k] as number];
    for (let i = k + 1; i < n; i++) {
      const factor = at(rows, k, k) === 0 ? 0 : at(rows, i, k) / at(rows, k, k);
      set(rows, i, k, factor);
      for (let j = k + 1; j < n; j++) set(rows, i, j, at(rows, i, j) - factor * at(rows, k, j));
    }
  }
  return { packed: rows, order };
}

function solveWith({ packed, order }: Factors, b: Matrix): Matrix {
  const down = substitute(
    packed,
    order.map((i) => b[i] as Float64Array),
    true,
    true,
  );
  return substitute(packed, down, false, false);
}

function transposeOf(a: Matrix): Matrix {
  return a.map((_, j) => Float64Array.from(a, (row) => row[j] as number));
}

/** 1 / (|A| |A^-1|) in the 1-norm. */
function conditionOf(a: Matrix, factors: Factors): number {
  const norm = (x: Matrix): number =>
    Math.max(...transposeOf(x).map((column) => column.reduce((total, value) => total + Math.abs(value), 0)));
  if (a.length === 0) return 1;
  if (factors.packed.some((row, i) => row[i] === 0) && !a.some((row) => row.some(Number.isNaN))) return 0;
  const ones = a.map((_, i) => Float64Array.from(a, (__, j) => (i === j ? 1 : 0)));
  return 1 / norm(a) / norm(solveWith(factors, ones));
}

/** The sign and the logarithm of the magnitude. */
function logDeterminantOf(a: Matrix): readonly [number, number] {
  const { packed, order } = luOf(a);
  let sign = 1;
  let magnitude = 0;
  packed.forEach((row, i) => {
    const pivot = row[i] as number;
    sign *= Math.sign(pivot);
    magnitude += Math.log(Math.abs(pivot));
    for (let k = 0; k < i; k++) if ((order[k] as number) > (order[i] as number)) sign = -sign;
  });
  return [Number.isNaN(magnitude) ? Number.NaN : sign + 0, magnitude];
}

/** By rotations of neighbouring rows, which are made of Q too; signs so that the diagonal of R is not negative. */
function qrOf(a: Matrix): readonly [Matrix, Matrix] {
  const [rows, columns] = [a.length, a[0]?.length ?? 0];
  const r: Float64Array[] = a.map((row) => row.slice());
  const turned: Float64Array[] = r.map((_, i) => Float64Array.from(r, (__, j) => (i === j ? 1 : 0)));
  for (let j = 0; j < columns; j++) {
    for (let i = rows - 1; i > j; i--) {
      const [x, y] = [at(r, i - 1, j), at(r, i, j)];
      const length = Math.hypot(x, y);
      if (length === 0) continue;
      for (const matrix of [r, turned]) rotate(matrix, i, x / length, y / length);
    }
    if (at(r, j, j) < 0) for (const matrix of [r, turned]) matrix[j] = (matrix[j] as Float64Array).map((x) => -x);
  }
  const upper = r.slice(0, columns).map((row, i) => row.map((x, j) => (j < i ? 0 : x)));
  return [a.map((_, i) => Float64Array.from({ length: columns }, (__, j) => at(turned, j, i))), upper];
}

/** Turns rows i - 1 and i. */
function rotate(matrix: readonly Float64Array[], i: number, cosine: number, sine: number): void {
  const [upper, lower] = [matrix[i - 1] as Float64Array, matrix[i] as Float64Array];
  upper.forEach((x, k) => {
    const y = lower[k] as number;
    upper[k] = cosine * x + sine * y;
    lower[k] = cosine * y - sine * x;
  });
}

function numbersOf(values: readonly number[], { dtype, shape }: Pick<HostTensor, "dtype" | "shape">): HostTensor {
  const data = allocate(dtype, sizeOf(shape));
  data.set(values);
  return { dtype, shape, data };
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
  lu: (_, [a], types) => {
    const [packed, order, condition] = types as [HostTensor, HostTensor, HostTensor];
    const matrices = matricesOf(a as HostTensor);
    const factors = matrices.map(luOf);
    const conditions = matrices.map((matrix, k) => conditionOf(matrix, factors[k] as Factors));
    return [
      batchOf(
        factors.map((one) => one.packed),
        packed,
      ),
      numbersOf(
        factors.flatMap((one) => one.order),
        order,
      ),
      numbersOf(conditions, condition),
    ];
  },
  linearSolve: ({ transposed }, [a, b], [type]) => {
    const sides = matricesOf(b as HostTensor);
    const solved = matricesOf(a as HostTensor).map((matrix, k) =>
      solveWith(luOf(transposed ? transposeOf(matrix) : matrix), sides[k] as Matrix),
    );
    return [batchOf(solved, type as HostTensor)];
  },
  qr: (_, [a], types) => {
    const found = matricesOf(a as HostTensor).map(qrOf);
    return [0, 1].map((part) =>
      batchOf(
        found.map((pair) => pair[part] as Matrix),
        types[part] as HostTensor,
      ),
    );
  },
  logDeterminant: (_, [a], types) => {
    const found = matricesOf(a as HostTensor).map(logDeterminantOf);
    return [0, 1].map((part) =>
      numbersOf(
        found.map((pair) => pair[part] as number),
        types[part] as HostTensor,
      ),
    );
  },
};
