import { expect, test } from "vitest";
import { matmul } from "../ops/contraction.ts";
import { add, tanh } from "../ops/elementwise.ts";
import type { Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { explainModule } from "./explain.ts";
import { lower } from "./lower.ts";
import { narrowTraits } from "./testing/run-lowered.ts";

test("equal loops over other memory are one kernel", () => {
  const deep = (w: Tensor, b: Tensor, x: Tensor): Tensor => {
    let y = x;
    for (let layer = 0; layer < 6; layer++) y = tanh(add(matmul(y, w), b));
    return y;
  };
  const float = (...shape: number[]) => ({ dtype: "float32", shape });
  const module = lower(trace(deep, [float(16, 16), float(16), float(8, 16)]).program, narrowTraits, {
    schedule: { tile: 0 },
  });
  expect(module.driver.length).toBe(6);
  expect(module.kernels.map(({ name }) => name)).toEqual(["product_add_tanh"]);
  expect(explainModule(module)).toContain("0: product_add_tanh x6, 4096 operations");
});
