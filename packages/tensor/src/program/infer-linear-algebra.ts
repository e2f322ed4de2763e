/**
 * Shape rules of linear algebra: matrices are the last two axes, whatever leads is a batch.
 */
import { isFloat } from "../dtype.ts";
import { sameShape } from "../shape.ts";
import type { TensorType } from "./program.ts";
import { only, refuse, type ShapeRule } from "./shape-rule.ts";

type LinearAlgebra = "cholesky" | "triangularSolve" | "lu" | "linearSolve" | "logDeterminant" | "qr";

function square(primitive: string, inputs: readonly TensorType[], x: TensorType = only(primitive, inputs)): TensorType {
  const [rows, columns] = x.shape.slice(-2);
  if (x.shape.length < 2 || rows !== columns || !isFloat(x.dtype)) {
    refuse(primitive, "square matrices of floats [..., n, n]", inputs, "Reshape, or convert to float64 or float32.");
  }
  return x;
}

const qr: ShapeRule<"qr"> = (_, inputs) => {
  const { dtype, shape } = only("qr", inputs);
  const [rows, columns] = shape.slice(-2);
  if (rows === undefined || columns === undefined || rows < columns || !isFloat(dtype)) {
    refuse("qr", "matrices of floats [..., m, n] with m >= n", inputs, "Transpose a matrix of more columns than rows.");
  }
  return [
    { dtype, shape },
    { dtype, shape: [...shape.slice(0, -2), columns, columns] },
  ];
};

function withSides(primitive: string, inputs: readonly TensorType[]): TensorType[] {
  const [a, b] = inputs;
  if (a === undefined || b === undefined || inputs.length !== 2) {
    refuse(primitive, "a matrix and right-hand sides", inputs, "Pass exactly two tensors.");
  }
  square(primitive, inputs, a);
  const agree = a.dtype === b.dtype && sameShape(a.shape.slice(0, -1), b.shape.slice(0, -1));
  if (!agree || a.shape.length !== b.shape.length) {
    refuse(
      primitive,
      "right-hand sides [..., n, m] of the element type of the matrix [..., n, n] and its leading extents",
      inputs,
      "Broadcast the leading axes, or give a vector a last axis of 1.",
    );
  }
  return [{ dtype: b.dtype, shape: b.shape }];
}

/** The rules. */
export const linearAlgebraShapes: { readonly [P in LinearAlgebra]: ShapeRule<P> } = {
  cholesky: (_, inputs) => [square("cholesky", inputs)],
  triangularSolve: (_, inputs) => withSides("triangularSolve", inputs),
  lu: (_, inputs) => {
    const { dtype, shape } = square("lu", inputs);
    return [
      { dtype, shape },
      { dtype: "int32", shape: shape.slice(0, -1) },
      { dtype, shape: shape.slice(0, -2) },
    ];
  },
  qr,
  linearSolve: (_, inputs) => withSides("linearSolve", inputs),
  logDeterminant: (_, inputs) => {
    const { dtype, shape } = square("logDeterminant", inputs);
    return [
      { dtype, shape: shape.slice(0, -2) },
      { dtype, shape: shape.slice(0, -2) },
    ];
  },
};
