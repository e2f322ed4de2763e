/**
 * Symmetric matrices to three diagonals by Householder's reflections.
 *
 * Source: Golub, G. H., Van Loan, C. F. (2013), Matrix Computations, 4th edition, section 8.3.1.
 */
import { broadcastTo } from "../../ops/broadcasting.ts";
import { equal, less, select } from "../../ops/comparison.ts";
import { diagonal } from "../../ops/diagonal.ts";
import { add, mul, sub } from "../../ops/elementwise.ts";
import { take } from "../../ops/indexing.ts";
import { matrixProduct } from "../../ops/matrix-product.ts";
import { expandDimensions, iota, reshape, slice } from "../../ops/movement.ts";
import { plainScan } from "../../ops/plain-scan.ts";
import { sum } from "../../ops/reduction.ts";
import type { Tensor } from "../../trace/tensor.ts";
import { identity } from "./matrices.ts";
import { mirrorOf } from "./mirror.ts";

/** T = rows A rows^T. */
export interface Tridiagonal {
  /** The diagonal of T, [batch, n]. */
  readonly values: Tensor;
  /** The entries beside it, [batch, n - 1]. */
  readonly beside: Tensor;
  /** Orthonormal, [batch, n, n]. */
  readonly rows: Tensor;
}

/** Of [batch, n, n], n at least 3. */
export function tridiagonal(matrices: Tensor): Tridiagonal {
  const [batch, n] = matrices.shape as [number, number];
  const place = iota([n], 0);
  const start = { a: matrices, rows: broadcastTo(identity(n, n, matrices), [batch, n, n]) };
  const [{ a, rows }] = plainScan(
    (state: typeof start, k: Tensor) => {
      const { unit } = mirrorOf(select(less(k, place), take(state.a, k, 1), 0), equal(place, add(k, 1)));
      const image = product(state.a, unit);
      const along = expandDimensions(sum(mul(unit, image), 1), 1);
      const half = mul(2, sub(image, mul(along, unit)));
      const changed = sub(sub(state.a, outer(unit, half)), outer(half, unit));
      const turned = sub(state.rows, outer(mul(2, unit), product(state.rows, unit, true)));
      return [{ a: changed, rows: turned }, {}] as const;
    },
    start,
    iota([n - 2], 0),
  );
  return { values: diagonal(a), beside: diagonal(slice(a, 2, 1)), rows };
}

/** A x, or A^T x, by members. */
function product(a: Tensor, x: Tensor, turned = false): Tensor {
  const [batch, n] = x.shape as [number, number];
  const column = turned ? matrixProduct(expandDimensions(x, 1), a) : matrixProduct(a, expandDimensions(x, 2));
  return reshape(column, [batch, n]);
}

function outer(x: Tensor, y: Tensor): Tensor {
  return mul(expandDimensions(x, 2), expandDimensions(y, 1));
}
