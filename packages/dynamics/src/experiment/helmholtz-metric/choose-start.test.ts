import { array, exp, mul, neg, reshape, type Tensor } from "@leastaction/tensor";
import { expect, test } from "vitest";
import { type MetricNetwork, metricNetwork } from "../../diagnostic/helmholtz/metric-network.ts";
import { chooseStart, startingAt } from "./choose-start.ts";

/** x'' = -x' / 2: g = exp(t / 2) leaves nothing of the conditions. */
const field = (_t: Tensor, _x: Tensor, v: Tensor): Tensor => neg(mul(0.5, v));
const motion = [0, 0.5, 1].map((t) => [t, -2 * Math.exp(-t / 2), Math.exp(-t / 2)]);
const points = array([motion, motion]);
const network = metricNetwork({ dimensions: 1, hidden: [2], timeDependent: true });
const options = { field, points, steps: 1000, batch: 2, seed: 3 };

test("the start whose metric is least is chosen, of tries that are the beginning of the training", async () => {
  // g = exp(rate t), whatever is learned: start 2 has the right rate.
  const networkAt = (start: number): MetricNetwork => ({
    init: network.init,
    metric: () => (t) => reshape(exp(mul([0, -1, 0.5, 1][start] as number, t)), [1, 1]),
  });
  const found = await chooseStart({ starts: 4, trialSteps: 4 }, networkAt, options);
  expect(found?.start).toBe(2);
  expect(found?.trials.map((value) => Math.round(100 * value) / 100)).toEqual([0.25, 2.22, 0, 0.25]);
});

test("without a choice nothing is tried", async () => {
  const never = (): never => {
    throw new Error("tried");
  };
  expect(await chooseStart({ starts: 1, trialSteps: 4 }, never, options)).toEqual({ start: 0, trials: [] });
});

test("starts differ, and are the same for a seed", () => {
  const first = (seed: number, start: number): unknown => startingAt(network, seed, start).init(0, "float32");
  expect(first(3, 1)).toEqual(first(3, 1));
  expect(first(3, 1)).not.toEqual(first(3, 2));
  expect(first(3, 1)).not.toEqual(first(4, 1));
});
