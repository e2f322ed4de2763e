/**
 * Programs with more of something than the stack of an engine holds: parameters of a call, calls within one another.
 */
import { expect, test } from "vitest";
import { compile } from "../compile.ts";
import { sin } from "../library/trigonometric.ts";
import { add, mul } from "../ops/elementwise.ts";
import { stack } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad } from "../transform/differentiate.ts";

test("1100 sums become one vector", () => {
  const count = 1100;
  const sums = (x: Tensor): Tensor => stack(Array.from({ length: count }, (_, i) => sum(mul(x, i))));
  const x = array([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const found = compile(sums, [x], wasm()).callSync(x) as unknown as { readonly data: Float64Array };
  expect(Array.from(found.data)).toEqual(Array.from({ length: count }, (_, i) => 45 * i));
});

test("the gradient of 24000 steps one after the other", () => {
  const end = (x: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < 12000; i++) y = add(y, mul(sin(y), 0.0005));
    return sum(y);
  };
  const x = array(Float64Array.from({ length: 64 }, (_, i) => i / 16));
  const slope = compile(grad(end), [x], wasm()).callSync(x) as unknown as { readonly data: Float64Array };
  const exact = Array.from(x.data, (at) => {
    let [y, dy] = [at as number, 1];
    for (let i = 0; i < 12000; i++) [y, dy] = [y + 0.0005 * Math.sin(y), dy * (1 + 0.0005 * Math.cos(y))];
    return dy;
  });
  exact.forEach((value, i) => {
    expect(Math.abs((slope.data[i] as number) / value - 1)).toBeLessThan(1e-11);
  });
});
