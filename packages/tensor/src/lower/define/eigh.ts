/**
 * Eigenvalues and eigenvectors of symmetric matrices.
 *
 * Tiny ones by Jacobi's method, written out entry by entry: a sweep makes each entry beside the diagonal zero once, and the
 * error is squared from sweep to sweep, so a fixed number does. Larger ones are reduced to three diagonals, and these
 * diagonalized by the QR method.
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, sections 8.3 and 8.5.
 */
import { less, select } from "../../ops/comparison.ts";
import { add, mul, sub } from "../../ops/elementwise.ts";
import { matrixTranspose } from "../../ops/matrix-product.ts";
import { at, reshape, stack } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import { emitOne } from "../../trace/builder.ts";
import { full, type Tensor } from "../../trace/tensor.ts";
import { diagonalized } from "./bulge.ts";
import type { Definition } from "./definition.ts";
import { prepared } from "./matrices.ts";
import { rotationOf, turned } from "./rotation.ts";
import { tridiagonal } from "./tridiagonal.ts";

/** Matrices of at most this extent are written out. */
const writtenOut = 4;
/** Sweeps of those: twice what they need, and what has converged stays as it is. */
const fixedSweeps = 10;

/** Values [batch, n] and vectors as rows [batch, n, n]. */
interface Pairs {
  readonly values: Tensor;
  readonly rows: Tensor;
}

/** See `library/eigh.ts`. */
export const eigh: Definition<"eigh"> = (_, [given]) => {
  const a = given as Tensor;
  const n = a.shape.at(-1) as number;
  if (n === 0) return [reshape(a, a.shape.slice(0, -1)), a];
  const { matrices, sized, shaped } = prepared(add(mul(0.5, a), mul(0.5, matrixTranspose(a))));
  const { values, rows } = n <= writtenOut ? writeOut(matrices) : inTurns(matrices);
  return [sized(values), shaped(matrixTranspose(rows))];
};

function writeOut(matrices: Tensor): Pairs {
  const [batch, n] = matrices.shape as [number, number];
  const line = Array.from({ length: n }, (_, i) => i);
  const one = (value: number): Tensor => full([batch], value, matrices.dtype);
  const start: Entries = {
    lower: line.map((i) => line.slice(0, i + 1).map((j) => at(at(matrices, i, 1), j, 1))),
    rows: line.map((i) => line.map((j) => one(i === j ? 1 : 0))),
  };
  const sweeps = n === 1 ? 0 : n === 2 ? 1 : fixedSweeps;
  const [{ lower, rows }] = plainScan(
    (entries: Entries) => [sweep(entries), {}] as const,
    start,
    {},
    { bound: sweeps },
  );
  return inOrder(
    line.map((i) => lower[i]?.[i] as Tensor),
    rows,
  );
}

/** Of one batch of matrices, each entry [batch]. */
interface Entries {
  readonly lower: readonly (readonly Tensor[])[];
  readonly rows: readonly (readonly Tensor[])[];
}

function sweep(given: Entries): Entries {
  const lower = given.lower.map((row) => [...row]);
  const rows = given.rows.map((row) => [...row]);
  for (let p = 0; p + 1 < rows.length; p++) for (let q = p + 1; q < rows.length; q++) rotate(lower, rows, p, q);
  return { lower, rows };
}

/** Makes entry (q, p) zero, p < q. */
function rotate(lower: Tensor[][], rows: Tensor[][], p: number, q: number): void {
  const entry = (i: number, j: number): Tensor => lower[Math.max(i, j)]?.[Math.min(i, j)] as Tensor;
  const set = (i: number, j: number, value: Tensor): void => {
    (lower[Math.max(i, j)] as Tensor[])[Math.min(i, j)] = value;
  };
  const off = entry(q, p);
  const rotation = rotationOf(sub(entry(q, q), entry(p, p)), off);
  const moved = mul(rotation.tangent, off);
  set(p, p, sub(entry(p, p), moved));
  set(q, q, add(entry(q, q), moved));
  set(q, p, full(off.shape, 0, off.dtype));
  for (let i = 0; i < rows.length; i++) {
    if (i !== p && i !== q) {
      const [x, y] = turned(rotation, entry(i, p), entry(i, q));
      set(i, p, x);
      set(i, q, y);
    }
    const [x, y] = turned(rotation, rows[p]?.[i] as Tensor, rows[q]?.[i] as Tensor);
    (rows[p] as Tensor[])[i] = x;
    (rows[q] as Tensor[])[i] = y;
  }
}

/** Ascending, by exchanges of neighbours. */
function inOrder(values: readonly Tensor[], rows: readonly (readonly Tensor[])[]): Pairs {
  const list = values.map((value, i) => [value, ...(rows[i] as readonly Tensor[])]);
  for (let end = list.length - 1; end > 0; end--) {
    for (let i = 0; i < end; i++) {
      const [x, y] = [list[i], list[i + 1]] as [Tensor[], Tensor[]];
      const wrong = less(y[0] as Tensor, x[0] as Tensor);
      list[i] = x.map((entry, k) => select(wrong, y[k] as Tensor, entry));
      list[i + 1] = x.map((entry, k) => select(wrong, entry, y[k] as Tensor));
    }
  }
  return {
    values: stack(
      list.map(([value]) => value as Tensor),
      1,
    ),
    rows: stack(
      list.map(([, ...row]) => stack(row, 1)),
      1,
    ),
  };
}

/** By three diagonals. */
function inTurns(matrices: Tensor): Pairs {
  const { values, rows } = diagonalized(tridiagonal(matrices));
  const order = emitOne("argsort", { descending: false }, [values]);
  return {
    values: emitOne("gather", { batch: 1 }, [values, order]),
    rows: emitOne("gather", { batch: 1 }, [rows, order]),
  };
}
