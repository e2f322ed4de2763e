/**
 * Eigenvalues and eigenvectors of symmetric matrices by Jacobi's method.
 *
 * A sweep makes each entry beside the diagonal zero once, and the error is squared from sweep to sweep. Tiny matrices are
 * written out entry by entry and get a fixed number of sweeps; of larger ones n/2 entries are made zero at once, and the
 * sweeps end when what is left beside the diagonal is lost in rounding, for each matrix by itself.
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, section 8.5.
 */
import { broadcastTo } from "../../ops/broadcasting.ts";
import { and, equal, less, select } from "../../ops/comparison.ts";
import { scan, whileLoop } from "../../ops/control-flow.ts";
import { diagonal } from "../../ops/diagonal.ts";
import { abs, add, convert, mul, sub } from "../../ops/elementwise.ts";
import { matrixTranspose } from "../../ops/matrix-product.ts";
import { at, expandDimensions, iota, pad, reshape, slice, stack } from "../../ops/movement.ts";
import { max, sum } from "../../ops/reduction.ts";
import { argsort } from "../../ops/sorting.ts";
import { emitOne } from "../../trace/builder.ts";
import { full, type Tensor } from "../../trace/tensor.ts";
import type { Definition } from "./definition.ts";
import { identity, prepared } from "./matrices.ts";
import { rotationOf, turned } from "./rotation.ts";
import { halves, playRound } from "./tournament.ts";

/** Matrices of at most this extent are written out. */
const writtenOut = 4;
/** Sweeps of those: twice what they need, and what has converged stays as it is. */
const fixedSweeps = 10;
/** Far more than larger ones ever need. */
const mostSweeps = 30;

/** Values [batch, n] and vectors as rows [batch, n, n]. */
interface Pairs {
  readonly values: Tensor;
  readonly rows: Tensor;
}

/** See `ops/eigh.ts`. */
export const eigh: Definition<"eigh"> = (_, [given]) => {
  const a = given as Tensor;
  const n = a.shape.at(-1) as number;
  if (n === 0) return [reshape(a, a.shape.slice(0, -1)), a];
  const { matrices, sized, shaped } = prepared(add(mul(0.5, a), mul(0.5, matrixTranspose(a))));
  const { values, rows } = n <= writtenOut ? writeOut(matrices) : inRounds(matrices);
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
  const [{ lower, rows }] = scan((entries: Entries) => [sweep(entries), {}] as const, start, {}, { bound: sweeps });
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

interface State {
  readonly a: Tensor;
  readonly rows: Tensor;
}

function inRounds(matrices: Tensor): Pairs {
  const [batch, n] = matrices.shape as [number, number];
  const odd = n % 2;
  const size = n + odd;
  const a = odd === 0 ? matrices : pad(pad(matrices, 1, 0, 1), 2, 0, 1);
  const rows = broadcastTo(identity(size, size, a), [batch, size, size]);
  const epsilon = a.dtype === "float64" ? 2 ** -53 : 2 ** -24;
  const tolerance = mul(epsilon, max(abs(a), [1, 2]));
  const unfinished = (x: Tensor): Tensor => less(tolerance, largestBeside(x));
  const end = whileLoop(
    (state) => and(less(state.turn, mostSweeps), less(0, sum(convert(unfinished(state.a), "int32")))),
    (state) => {
      const active = unfinished(state.a);
      const play = (carry: State): readonly [State, Record<string, never>] => [round(carry, active), {}];
      const [next] = scan(play, { a: state.a, rows: state.rows }, {}, { bound: size - 1 });
      return { ...next, turn: add(state.turn, 1) };
    },
    { a, rows, turn: full([], 0, "int32") },
  );
  const values = slice(diagonal(end.a), 1, 0, n);
  const order = argsort(values, { axis: 1 });
  const vectors = slice(slice(end.rows, 1, 0, n), 2, 0, n);
  return {
    values: emitOne("gather", { batch: 1 }, [values, order]),
    rows: emitOne("gather", { batch: 1 }, [vectors, order]),
  };
}

/** All entries (i, i + n/2) of active matrices made zero, then the rows and columns of the next round. */
function round({ a, rows }: State, active: Tensor): State {
  const [first, second] = halves(diagonal(a), 1);
  const off = diagonal(halves(halves(a, 1)[0], 2)[1]);
  const rotation = rotationOf(sub(second, first), off, broadcastTo(expandDimensions(active, 1), off.shape));
  return { a: playRound(playRound(a, rotation, 1), rotation, 2), rows: playRound(rows, rotation, 1) };
}

function largestBeside(a: Tensor): Tensor {
  return max(select(equal(iota(a.shape, 1), iota(a.shape, 2)), 0, abs(a)), [1, 2]);
}
