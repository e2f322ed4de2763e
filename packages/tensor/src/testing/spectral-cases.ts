/**
 * Cases of eigenvalues and singular values. Signs of vectors are free, so the cases give only what does not depend on them.
 */
import { mul, square } from "../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../ops/matrix-product.ts";
import type { HostTensor } from "../pytree.ts";
import type { Shape } from "../shape.ts";
import { emit } from "../trace/builder.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { numbers, type PrimitiveCase } from "./primitive-case.ts";

/** Small numbers with 1, 2, … added on the diagonal, so that no two eigenvalues or singular values are close. */
function separate(shape: Shape): HostTensor {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return array(
    Float64Array.from(numbers(shape, -0.4, 0.4).data, (value, i) => {
      const [row, column] = [Math.floor(i / columns) % rows, i % columns];
      return row === column ? value + row + 1 : value;
    }),
    shape,
  );
}

/** U diag(1, 2, …) V^T. */
function weighted(left: Tensor, right: Tensor): Tensor {
  const n = left.shape.at(-1) as number;
  const weights = array(
    Array.from({ length: n }, (_, i) => i + 1),
    [n],
    left.dtype,
  );
  return matrixProduct(mul(left, weights), right);
}

const eigh = (name: string, shape: Shape): PrimitiveCase => ({
  name,
  inputs: [separate(shape)],
  apply: (a) => {
    const [values, vectors] = emit("eigh", {}, [a as Tensor]) as [Tensor, Tensor];
    return [values, square(vectors), weighted(vectors, matrixTranspose(vectors))];
  },
});

const svd = (name: string, shape: Shape): PrimitiveCase => ({
  name,
  inputs: [separate(shape)],
  apply: (a) => {
    const [left, values, right] = emit("svd", {}, [a as Tensor]) as [Tensor, Tensor, Tensor];
    return [square(left), values, square(right), weighted(left, right)];
  },
});

/** The cases. */
export const spectralCases: { readonly [P in "eigh" | "svd"]: readonly PrimitiveCase[] } = {
  eigh: [eigh("eigh", [3, 3]), eigh("eigh of a batch", [2, 5, 5])],
  svd: [svd("svd", [4, 2]), svd("svd of a batch of wide matrices", [2, 2, 3])],
};
