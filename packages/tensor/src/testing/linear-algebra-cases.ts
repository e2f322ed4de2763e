/**
 * Cases of the primitives of linear algebra: well-conditioned matrices, small and of more rows than are written out.
 */

import type { HostTensor } from "../pytree.ts";
import type { Shape } from "../shape.ts";
import { array } from "../trace/tensor.ts";
import { direct, numbers, type PrimitiveCase } from "./primitive-case.ts";

/** Matrices of small numbers with 3 added on the diagonal. */
function regular(shape: Shape, start = 0): HostTensor {
  const n = shape.at(-1) as number;
  const { data } = numbers(shape, -1, 1, start);
  return array(
    Float64Array.from(data, (value, i) => value + (i % n === Math.floor(i / n) % n ? 3 : 0)),
    shape,
  );
}

type LinearAlgebra = "cholesky" | "triangularSolve";

/** The cases. */
export const linearAlgebraCases: { readonly [P in LinearAlgebra]: readonly PrimitiveCase[] } = {
  cholesky: [
    direct("cholesky", {})(regular([3, 3])),
    { ...direct("cholesky", {})(regular([2, 5, 5], 4)), name: "cholesky of a batch" },
  ],
  triangularSolve: [
    direct("triangularSolve", { lower: true, unitDiagonal: false })(regular([3, 3]), numbers([3, 2], -1, 1)),
    {
      ...direct("triangularSolve", { lower: false, unitDiagonal: false })(
        regular([2, 5, 5]),
        numbers([2, 5, 1], -1, 1),
      ),
      name: "triangularSolve of a batch of upper triangles",
    },
    {
      ...direct("triangularSolve", { lower: false, unitDiagonal: true })(regular([3, 3]), numbers([3, 2], -1, 1)),
      name: "triangularSolve with a unit diagonal",
    },
  ],
};
