/**
 * Cases of the primitives of linear algebra: well-conditioned matrices, small and of more rows than are written out.
 */

import type { HostTensor } from "../pytree.ts";
import type { Shape } from "../shape.ts";
import { emit } from "../trace/builder.ts";
import { array, type Tensor } from "../trace/tensor.ts";
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

/** Regular matrices with their rows the other way round, so that pivots are not on the diagonal. */
function exchanged(shape: Shape): HostTensor {
  const matrices = regular(shape);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const size = rows * columns;
  const from = (i: number): number => {
    const row = rows - 1 - (Math.floor(i / columns) % rows);
    return Math.floor(i / size) * size + row * columns + (i % columns);
  };
  return array(
    Float64Array.from(matrices.data, (_, i) => matrices.data[from(i)] as number),
    shape,
  );
}

type LinearAlgebra = "cholesky" | "triangularSolve" | "lu" | "linearSolve" | "logDeterminant" | "qr";

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
  lu: [
    { ...direct("lu", {})(exchanged([3, 3])), apply: (a) => emit("lu", {}, [a as Tensor]).slice(0, 2) },
    {
      ...direct("lu", {})(exchanged([2, 5, 5])),
      name: "lu of a batch",
      apply: (a) => emit("lu", {}, [a as Tensor]).slice(0, 2),
    },
    {
      ...direct("lu", {})(exchanged([2, 3, 3])),
      name: "lu with the condition",
      apply: (a) => emit("lu", {}, [a as Tensor]).slice(1),
      derivativeIsZero: true,
    },
  ],
  linearSolve: [
    direct("linearSolve", { transposed: false })(exchanged([3, 3]), numbers([3, 2], -1, 1)),
    {
      ...direct("linearSolve", { transposed: true })(exchanged([2, 5, 5]), numbers([2, 5, 1], -1, 1)),
      name: "linearSolve of a batch, transposed",
    },
  ],
  qr: [direct("qr", {})(exchanged([3, 2])), { ...direct("qr", {})(exchanged([2, 5, 5])), name: "qr of a batch" }],
  logDeterminant: [
    direct("logDeterminant", {})(exchanged([3, 3])),
    { ...direct("logDeterminant", {})(exchanged([2, 5, 5])), name: "logDeterminant of a batch" },
  ],
};
