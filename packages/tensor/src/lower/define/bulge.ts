/**
 * Eigenvalues and eigenvectors of matrices of three diagonals by the QR method with implicit shifts.
 *
 * One turn runs down each matrix of the batch once: inside of the last block that is not diagonal yet, rotations of
 * neighbours chase a bulge to its end, and everywhere else they turn nothing. So all members walk in step, and what has
 * converged keeps its bits. Rows stand on the first axis: they stream through the turn.
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, section 8.3.5.
 */
import { and, equal, less, lessEqual, select } from "../../ops/comparison.ts";
import { abs, add, convert, div, maximum, mul, sqrt, sub } from "../../ops/elementwise.ts";
import { at, concatenate, expandDimensions, iota, moveAxis, pad, slice } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import { plainWhile } from "../../ops/plain-while.ts";
import { max, sum } from "../../ops/reduction.ts";
import { full, type Tensor } from "../../trace/tensor.ts";
import type { Tridiagonal } from "./tridiagonal.ts";

/** Turns for each row: about two are needed. */
const mostTurns = 30;

/** Shorter pairs turn nothing: their squares have lost digits, and they themselves are lost in the matrix. */
const leastLength = { float64: 2 ** -500, float32: 2 ** -55 };

/** Values in no order [batch, n] and vectors as rows [batch, n, n]. */
export function diagonalized({ values, beside, rows }: Tridiagonal): {
  readonly values: Tensor;
  readonly rows: Tensor;
} {
  const n = values.shape[1] as number;
  const size = maximum(max(abs(values), 1), max(abs(beside), 1));
  const start: State = {
    d: moveAxis(values, 1, 0),
    e: moveAxis(beside, 1, 0),
    rows: moveAxis(rows, 1, 0),
  };
  const cleaned = { ...start, e: withoutSmall(start, size) };
  const end = plainWhile(
    ({ state, turn }) => and(less(turn, mostTurns * n), less(0, sum(convert(less(0, abs(state.e)), "int32")))),
    ({ state, turn }) => {
      const next = chase(state);
      return { state: { ...next, e: withoutSmall(next, size) }, turn: add(turn, 1) };
    },
    { state: cleaned, turn: full([], 0, "int32") },
  );
  return { values: moveAxis(end.state.d, 0, 1), rows: moveAxis(end.state.rows, 0, 1) };
}

/** Diagonals [n, batch] and [n - 1, batch], rows [n, batch, n]. */
interface State {
  readonly d: Tensor;
  readonly e: Tensor;
  readonly rows: Tensor;
}

/** Entries beside the diagonal that are lost beside their neighbours, or in the whole matrix, are zero; so is NaN. */
function withoutSmall({ d, e }: State, size: Tensor): Tensor {
  const epsilon = d.dtype === "float64" ? 2 ** -53 : 2 ** -24;
  const near = add(abs(slice(d, 0, 0, -1)), abs(slice(d, 0, 1)));
  const limit = maximum(mul(epsilon, near), mul(epsilon * epsilon, size));
  return select(less(limit, abs(e)), e, 0);
}

/** The last block that is not diagonal, and its shift: the eigenvalue of its last two rows that is nearer to the last. */
function blockOf({ d, e }: State): { readonly first: Tensor; readonly last: Tensor; readonly shift: Tensor } {
  const place = iota(e.shape, 0);
  const zero = equal(e, 0);
  const last = max(select(zero, 0, add(place, 1)), 0);
  const first = add(1, max(select(and(zero, less(place, last)), place, -1), 0));
  const chosen = (x: Tensor, where: Tensor): Tensor => sum(select(equal(iota(x.shape, 0), where), x, 0), 0);
  const [before, end, off] = [chosen(d, sub(last, 1)), chosen(d, last), chosen(e, sub(last, 1))];
  const half = mul(0.5, sub(before, end));
  const root = sqrt(add(mul(half, half), mul(off, off)));
  const total = select(less(half, 0), sub(half, root), add(half, root));
  const shift = sub(end, mul(off, div(off, select(equal(total, 0), 1, total))));
  return { first, last, shift };
}

/** What a turn carries from row k to the next: the entries of the row that are known, the bulge, the row itself. */
interface Carry {
  readonly d: Tensor;
  readonly e: Tensor;
  readonly x: Tensor;
  readonly z: Tensor;
  readonly before: Tensor;
  readonly row: Tensor;
}

/** One turn. */
function chase(state: State): State {
  const { first, last, shift } = blockOf(state);
  const [n, batch] = state.d.shape as [number, number];
  const none = full([batch], 0, state.d.dtype);
  const least = leastLength[state.d.dtype as "float64" | "float32"];
  const start: Carry = {
    d: at(state.d, 0),
    e: at(state.e, 0),
    x: none,
    z: none,
    before: none,
    row: at(state.rows, 0),
  };
  const [end, found] = plainScan(
    (carry: Carry, next: { readonly d: Tensor; readonly e: Tensor; readonly row: Tensor; readonly k: Tensor }) => {
      const starts = equal(next.k, first);
      const inside = and(lessEqual(first, next.k), less(next.k, last));
      const x = select(starts, sub(carry.d, shift), carry.x);
      const z = select(starts, carry.e, carry.z);
      const length = sqrt(add(mul(x, x), mul(z, z)));
      const turns = and(inside, less(least, length));
      const over = select(turns, length, 1);
      const [c, s] = [select(turns, div(x, over), 1), select(turns, div(z, over), 0)];
      const [cc, cs, ss] = [mul(c, c), mul(c, s), mul(s, s)];
      const twice = mul(2, cs, carry.e);
      const off = add(mul(cs, sub(next.d, carry.d)), mul(sub(cc, ss), carry.e));
      const [c1, s1] = [expandDimensions(c, 1), expandDimensions(s, 1)];
      const passed: Carry = {
        d: add(sub(mul(ss, carry.d), twice), mul(cc, next.d)),
        e: mul(c, next.e),
        x: off,
        z: mul(s, next.e),
        before: off,
        row: sub(mul(c1, next.row), mul(s1, carry.row)),
      };
      const done = {
        d: add(add(mul(cc, carry.d), twice), mul(ss, next.d)),
        e: select(and(turns, less(first, next.k)), length, carry.before),
        row: add(mul(c1, carry.row), mul(s1, next.row)),
      };
      return [passed, done] as const;
    },
    start,
    {
      d: slice(state.d, 0, 1),
      e: pad(slice(state.e, 0, 1), 0, 0, 1),
      row: slice(state.rows, 0, 1),
      k: iota([n - 1], 0),
    },
  );
  const appended = (list: Tensor, x: Tensor): Tensor => concatenate([list, expandDimensions(x, 0)], 0);
  return {
    d: appended(found.d, end.d),
    e: appended(slice(found.e, 0, 1), end.before),
    rows: appended(found.row, end.row),
  };
}
