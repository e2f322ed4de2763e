import { array, mul, neg, reference, sub, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { metricNetwork } from "../diagnostic/helmholtz/metric-network.ts";
import type { SecondOrderField } from "../diagnostic/helmholtz/second-order-field.ts";
import { hostRandom } from "../random/host-random.ts";
import { type FitMetricOptions, fitMetric } from "./fit-metric.ts";
import { memoryCheckpoints } from "./testing/memory-checkpoints.ts";

/** x'' = -4 x - 0.6 v, and points all over its plane. */
const damped: SecondOrderField = (_t, x, v) => sub(neg(mul(4, x)), mul(0.6, v));
const random = hostRandom(1);
const points = array(
  Float64Array.from({ length: 30 * 5 * 3 }, (_, i) => (i % 3 === 0 ? ((i / 3) % 5) / 4 : random.normal())),
  [30, 5, 3],
);

type Parameters = ReturnType<ReturnType<typeof metricNetwork>["init"]>;

function options(changes: Partial<FitMetricOptions<Parameters>> & { readonly timeDependent?: boolean }) {
  const { timeDependent = true, ...rest } = changes;
  const network = metricNetwork({ dimensions: 1, hidden: [8], timeDependent });
  return { field: damped, points, network, steps: 300, batch: 8, schedule: { initial: 3e-2 }, ...rest };
}

describe("fitMetric", () => {
  it("lowers the metric by decades with a g that depends on time", async () => {
    const { curve, status, steps } = await fitMetric(options({ intervals: 30 }));
    expect([status, steps, curve.length, curve[0]?.step, curve.at(-1)?.step]).toEqual(["finished", 300, 30, 10, 300]);
    for (const { h1, h2, h3, total } of curve) {
      expect([h1, h3]).toEqual([0, 0]);
      expect(total).toBe(h2);
    }
    expect(curve.at(-1)?.total).toBeLessThan(1e-3 * (curve[0]?.total as number));
  });

  it("goes on from a state that it offered to the same end, the rate on its plateaus too", async () => {
    // A rate that is halved often: an improvement by half is asked of every other step.
    const falling = { steps: 12, target: reference(), schedule: { initial: 3e-2, patience: 1, threshold: 0.5 } };
    const checkpoints = memoryCheckpoints(null);
    const whole = await fitMetric(options({ ...falling, checkpoints }));
    const state = checkpoints.taken[5]?.state ?? null;
    expect(state?.facts).toMatchObject({ done: 6 });
    expect(await fitMetric(options({ ...falling, checkpoints: memoryCheckpoints(state) }))).toEqual(whole);
    const steady = await fitMetric(options({ ...falling, schedule: { initial: 3e-2 } }));
    expect(steady.curve[2]).toEqual(whole.curve[2]);
    expect(steady.curve.at(-1)).not.toEqual(whole.curve.at(-1));
  });

  it("depends on the seed and the element type alone", async () => {
    const run = (seed: number, dtype: "float32" | "float64") =>
      fitMetric(options({ steps: 2, seed, dtype, target: reference() }));
    const [one, again, other, wide] = await Promise.all([
      run(1, "float32"),
      run(1, "float32"),
      run(2, "float32"),
      run(1, "float64"),
    ]);
    expect(one).toEqual(again);
    expect(one?.curve).not.toEqual(other?.curve);
    const typeOf = (run: typeof one) => (run as NonNullable<typeof one>).parameters.layers[0]?.weight.dtype;
    expect([typeOf(one), typeOf(wide)]).toEqual(["float32", "float64"]);
  });

  it("says when it diverged", async () => {
    const wild: SecondOrderField = (_t, x, v): Tensor => sub(x, mul(Number.NaN, v));
    const { status, divergence } = await fitMetric(options({ field: wild, steps: 200, target: reference() }));
    expect([status, divergence?.quantity]).toEqual(["diverged", "the loss"]);
  });

  it.each([
    [array([[[1, 2]]]), "shape [1, 1, 2]"],
    [array([[1, 2, 3]]), "shape [1, 3]"],
    [array([[[1, Number.NaN, 3]]]), "a number that is not finite"],
  ])("refuses other points", async (bad, found) => {
    await expect(fitMetric(options({ points: bad }))).rejects.toThrow(
      `Cannot fit a metric: expected finite points of shape [motions, times, 1 + 2 n], got ${found}\nGive time, n`,
    );
  });
});
