import { array, mul, neg, sub } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { metricNetwork } from "../diagnostic/helmholtz/metric-network.ts";
import type { SecondOrderField } from "../diagnostic/helmholtz/second-order-field.ts";
import { hostRandom } from "../random/host-random.ts";
import { fitMetric } from "./fit-metric.ts";
import { refineMetric } from "./refine-metric.ts";

/** x'' = -4 x - 0.6 v, and points all over its plane. */
const field: SecondOrderField = (_t, x, v) => sub(neg(mul(4, x)), mul(0.6, v));
const random = hostRandom(1);
const points = array(
  Float64Array.from({ length: 30 * 5 * 3 }, (_, i) => (i % 3 === 0 ? ((i / 3) % 5) / 4 : random.normal())),
  [30, 5, 3],
);
const network = metricNetwork({ dimensions: 1, hidden: [8], timeDependent: true });
const question = { field, points, network };

describe("refineMetric", () => {
  it("goes far below where a training with a falling rate ends", async () => {
    const schedule = { initial: 3e-2, patience: 50 };
    const { parameters, curve } = await fitMetric({ ...question, steps: 200, batch: 8, schedule });
    const reached = curve.at(-1)?.total as number;
    const totals: number[] = [];
    const onStep = (_: number, total: number): number => totals.push(total);
    const found = await refineMetric({ ...question, parameters, samples: 150, iterations: 150, onStep });
    expect(found.total).toBeLessThan(0.1 * reached);
    expect(totals.length).toBe(found.iterations);
    expect(totals.at(-1)).toBe(found.total);
    expect(found.parameters.layers[0]?.weight.dtype).toBe("float64");
    expect(await refineMetric({ ...question, parameters, samples: 150, iterations: 3, seed: 1 })).not.toEqual(
      await refineMetric({ ...question, parameters, samples: 150, iterations: 3, seed: 2 }),
    );
  });

  it("stops when asked to, with what it has", async () => {
    const abort = new AbortController();
    const onStep = (iteration: number): void => void (iteration === 2 && abort.abort());
    const parameters = network.init(0, "float64");
    const options = { ...question, parameters, samples: 64, iterations: 50, onStep, signal: abort.signal };
    expect(await refineMetric(options)).toMatchObject({ status: "stopped", iterations: 2 });
  });

  it("refuses other points", async () => {
    const bad = { ...question, points: array([[1, 2, 3]]), parameters: network.init(0), iterations: 1 };
    await expect(refineMetric(bad)).rejects.toThrow("Cannot fit a metric: expected finite points of shape");
  });
});
