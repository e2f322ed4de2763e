/**
 * Singular values and vectors by rotations of pairs of columns until all are orthogonal (Hestenes), in parallel order.
 *
 * The columns stand as rows [A^T | 1], so that a rotation of two rows turns the columns of A and of V at once. When all
 * are orthogonal their lengths are the singular values, and their directions, found by Householder's reflections so that
 * those of no length are there too, the left vectors.
 *
 * Of many columns the first turn is by the eigenvectors of A^T A. They alone would lose the small values; after them few
 * sweeps are left.
 *
 * Source: Hestenes (1958), Inversion of matrices by biorthogonalization and related results, J. SIAM 6,
 * doi:10.1137/0106005; high relative accuracy: Demmel, Veselic (1992), Jacobi's method is more accurate than QR,
 * doi:10.1137/0613074.
 */
import { broadcastTo } from "../../ops/broadcasting.ts";
import { and, equal, greater, less, select } from "../../ops/comparison.ts";
import { abs, add, convert, div, mul, sqrt, square, sub } from "../../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../../ops/matrix-product.ts";
import { concatenate, expandDimensions, iota, pad, reshape, slice } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import { plainWhile } from "../../ops/plain-while.ts";
import { max, sum } from "../../ops/reduction.ts";
import { emitOne } from "../../trace/builder.ts";
import { full, type Tensor } from "../../trace/tensor.ts";
import { diagonalized } from "./bulge.ts";
import type { Definition } from "./definition.ts";
import { identity, prepared } from "./matrices.ts";
import { mirrorOf } from "./mirror.ts";
import { rotationOf } from "./rotation.ts";
import { halves, playRound } from "./tournament.ts";
import { tridiagonal } from "./tridiagonal.ts";

/** More columns than these start from the eigenvectors of A^T A: then two or three sweeps do, where it takes about eight. */
const fewColumns = 8;
/** Far more than ever needed. */
const mostSweeps = 30;

/** See `library/svd.ts`. */
export const svd: Definition<"svd"> = (_, [given]) => {
  const a = given as Tensor;
  const [rows, columns] = a.shape.slice(-2) as [number, number];
  const lead = a.shape.slice(0, -2);
  const count = Math.min(rows, columns);
  if (count === 0)
    return [reshape(a, [...lead, rows, 0]), full([...lead, 0], 0, a.dtype), reshape(a, [...lead, 0, columns])];
  const wide = rows < columns;
  const { matrices, sized, shaped } = prepared(wide ? matrixTranspose(a) : a);
  const { values, left, right } = decompose(matrices);
  const [first, second] = wide ? [right, left] : [left, right];
  return [shaped(matrixTranspose(first)), sized(values), shaped(second)];
};

/** Values [batch, n], left vectors as rows [batch, n, m], right ones as rows [batch, n, n], of [batch, m, n], n <= m. */
function decompose(matrices: Tensor): { readonly values: Tensor; readonly left: Tensor; readonly right: Tensor } {
  const [batch, m, n] = matrices.shape as [number, number, number];
  const columns = matrixTranspose(matrices);
  const first =
    n <= fewColumns
      ? broadcastTo(identity(n, n, matrices), [batch, n, n])
      : diagonalized(tridiagonal(matrixProduct(columns, matrices))).rows;
  const turned = n <= fewColumns ? columns : matrixProduct(first, columns);
  const rows = orthogonalized(concatenate([turned, first], 2), m);
  const lengths = sqrt(sum(square(slice(rows, 2, 0, m)), 2));
  const order = emitOne("argsort", { descending: true }, [lengths]);
  const sorted = emitOne("gather", { batch: 1 }, [rows, order]);
  return {
    values: emitOne("gather", { batch: 1 }, [lengths, order]),
    left: directions(slice(sorted, 2, 0, m)),
    right: slice(sorted, 2, m),
  };
}

interface State {
  readonly rows: Tensor;
  /** The largest cosine between two rows in the last sweep, [batch]. */
  readonly skew: Tensor;
  readonly turn: Tensor;
}

/** Rows turned until their first `m` entries are orthogonal. */
function orthogonalized(given: Tensor, m: number): Tensor {
  const [batch, n] = given.shape as [number, number];
  if (n === 1) return given;
  const rows = n % 2 === 0 ? given : pad(given, 1, 0, 1);
  const size = rows.shape[1] as number;
  const tolerance = (given.dtype === "float64" ? 2 ** -52 : 2 ** -23) * Math.sqrt(m);
  const none = full([batch], 0, given.dtype);
  const unfinished = (skew: Tensor): Tensor => less(tolerance, skew);
  const end = plainWhile(
    (state: State) => and(less(state.turn, mostSweeps), less(0, sum(convert(unfinished(state.skew), "int32")))),
    (state: State) => {
      const active = unfinished(state.skew);
      const play = (carry: { rows: Tensor; skew: Tensor }) => [round(carry, active, m), {}] as const;
      const [next] = plainScan(play, { rows: state.rows, skew: none }, {}, { bound: size - 1 });
      return { ...next, turn: add(state.turn, 1) };
    },
    { rows, skew: full([batch], 1, given.dtype), turn: full([], 0, "int32") },
  );
  return slice(end.rows, 1, 0, n);
}

function round(
  { rows, skew }: { readonly rows: Tensor; readonly skew: Tensor },
  active: Tensor,
  m: number,
): { rows: Tensor; skew: Tensor } {
  const [p, q] = halves(slice(rows, 2, 0, m));
  const [pp, qq, pq] = [sum(mul(p, p), 2), sum(mul(q, q), 2), sum(mul(p, q), 2)];
  const lengths = mul(sqrt(pp), sqrt(qq));
  const cosine = select(equal(lengths, 0), 0, div(abs(pq), select(equal(lengths, 0), 1, lengths)));
  const worst = max(cosine, 1);
  // The rotation squares what are squares already: they are made relative.
  const total = add(pp, qq);
  const over = (x: Tensor): Tensor => div(x, select(equal(total, 0), 1, total));
  const rotation = rotationOf(over(sub(qq, pp)), over(pq), broadcastTo(expandDimensions(active, 1), pq.shape));
  return { rows: playRound(rows, rotation), skew: select(greater(worst, skew), worst, skew) };
}

/**
 * Orthonormal directions of orthogonal rows [batch, n, m], n <= m: the rows of Q in Householder's decomposition, with the
 * signs of the rows. A row of no length gets a direction that is orthogonal to the others.
 */
function directions(given: Tensor): Tensor {
  const [batch, n, m] = given.shape as [number, number, number];
  const places = iota([n], 0);
  const [, { mirrors, signs }] = plainScan(
    (rows: Tensor, { place }: { readonly place: Tensor }) => {
      const atPlace = (extent: number): Tensor => equal(iota([extent], 0), place);
      const row = sum(select(reshape(atPlace(n), [1, n, 1]), rows, 0), 1);
      const rest = select(less(iota([m], 0), place), 0, row);
      const { unit, forward } = mirrorOf(rest, atPlace(m));
      const signs = select(forward, full([batch], 1, given.dtype), -1);
      return [reflected(rows, unit), { mirrors: unit, signs }] as const;
    },
    given,
    { place: places },
  );
  const start = broadcastTo(identity(n, m, given), [batch, n, m]);
  const [end] = plainScan((rows: Tensor, mirror: Tensor) => [reflected(rows, mirror), {}] as const, start, mirrors, {
    reverse: true,
  });
  return mul(end, expandDimensions(matrixTranspose(signs), 2));
}

/** Rows [batch, n, m] reflected at the plane across `unit` [batch, m]. */
function reflected(rows: Tensor, unit: Tensor): Tensor {
  const across = expandDimensions(unit, 1);
  const along = sum(mul(rows, across), 2);
  return sub(rows, mul(mul(2, expandDimensions(along, 2)), across));
}
