/**
 * A tensor put together of more parts than a function of an engine may have parameters.
 */
import { expect, test } from "vitest";
import { compile } from "../compile.ts";
import { mul } from "../ops/elementwise.ts";
import { stack } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { array, type Tensor } from "../trace/tensor.ts";

test("1100 sums become one vector", () => {
  const count = 1100;
  const sums = (x: Tensor): Tensor => stack(Array.from({ length: count }, (_, i) => sum(mul(x, i))));
  const x = array([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const found = compile(sums, [x], wasm()).callSync(x) as unknown as { readonly data: Float64Array };
  expect(Array.from(found.data)).toEqual(Array.from({ length: count }, (_, i) => 45 * i));
});
