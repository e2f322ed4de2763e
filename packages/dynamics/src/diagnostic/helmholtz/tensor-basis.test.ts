import { einsum, evaluate } from "@leastaction/tensor";
import { expect, it } from "vitest";
import { tensorBasis } from "./tensor-basis.ts";

it.each([
  ["symmetric", 3, [6, 3, 3]],
  ["antisymmetric", 4, [6, 4, 4]],
  ["three-forms", 5, [10, 5, 5, 5]],
] as const)("%s tensors of %i dimensions have an orthonormal basis of the right size", (space, n, shape) => {
  const axes = shape.length === 3 ? "ij" : "ijk";
  const [basis, products] = evaluate(() => {
    const all = tensorBasis(space, n, "float64");
    return [all, einsum(`a${axes},b${axes}->ab`, all, all)];
  });
  expect(basis?.shape).toEqual(shape);
  products?.data.forEach((product, i) => {
    expect(product).toBeCloseTo(i % (shape[0] + 1) === 0 ? 1 : 0, 15);
  });
  // Exchanging the first two places changes the sign, or not.
  const [turned] = evaluate(() => [
    einsum(`aij${axes.slice(2)}->aji${axes.slice(2)}`, tensorBasis(space, n, "float64")),
  ]);
  turned?.data.forEach((entry, i) => {
    expect(entry).toBeCloseTo((space === "symmetric" ? 1 : -1) * (basis?.data[i] as number), 15);
  });
});
