import { wasm } from "@leastaction/tensor";
import { expect, test } from "vitest";
import { firstStep } from "../workloads/workload.ts";
import { scaledModel } from "./models.ts";
import { timeStep } from "./time-step.ts";

test("operations of a small perceptron and of its flow, counted by hand", () => {
  const parameters = 2 * 8 + 8 + (8 * 2 + 2);
  const once = 6 * (2 * 8 + 8 * 2) + 24 * 8;
  expect(scaledModel({ batch: 5, width: 8, depth: 1, steps: 0 }).operations).toBe(5 * once + 15 * parameters);
  expect(scaledModel({ batch: 5, width: 8, depth: 1, steps: 3 }).operations).toBe(5 * 12 * once + 15 * parameters);
});

test("the flow of more steps is the same flow, more exactly", async () => {
  const lossAfter = async (steps: number): Promise<number> => {
    const { workload } = scaledModel({ batch: 4, width: 8, depth: 2, steps });
    return (await firstStep(workload, "float64", wasm())).loss;
  };
  const exact = await lossAfter(64);
  const [coarse, fine] = [Math.abs((await lossAfter(2)) - exact), Math.abs((await lossAfter(4)) - exact)];
  expect(coarse / fine).toBeGreaterThan(10);
  expect(fine).toBeLessThan(1e-5);
});

test("a step is timed with what it owns", () => {
  const model = scaledModel({ batch: 4, width: 8, depth: 1, steps: 0 });
  const { milliseconds, bytes, operations } = timeStep(model, wasm());
  expect(milliseconds).toBeGreaterThan(0);
  expect(milliseconds).toBeLessThan(10);
  expect(bytes).toBeGreaterThan(4 * 3 * (2 * 8 + 8 + 8 * 2 + 2));
  expect(operations).toBe(model.operations);
});
