import { array, mul, neg, sub } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { metricNetwork } from "../diagnostic/helmholtz/metric-network.ts";
import type { SecondOrderField } from "../diagnostic/helmholtz/second-order-field.ts";
import { hostRandom } from "../random/host-random.ts";
import type { Checkpoints, SavedState } from "./checkpoint.ts";
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

  it("goes on from a checkpoint with the same bits", async () => {
    const options = { ...question, parameters: network.init(0), samples: 64, iterations: 30, memory: 5 };
    const kept: SavedState[] = [];
    const offer: Checkpoints["offer"] = async (state, { steps }) => void (steps % 10 === 0 && kept.push(state()));
    const whole = await refineMetric({ ...options, checkpoints: { last: null, offer } });
    expect(kept).toHaveLength(3);
    for (const last of kept.slice(0, 2)) {
      expect(await refineMetric({ ...options, checkpoints: { last, offer: async () => {} } })).toEqual(whole);
    }
    const wider = metricNetwork({ dimensions: 1, hidden: [9], timeDependent: true });
    const other = { ...options, network: wider, parameters: wider.init(0) };
    await expect(
      refineMetric({ ...other, checkpoints: { last: kept[0] as SavedState, offer: async () => {} } }),
    ).rejects.toThrow("Cannot go on from this checkpoint: expected 46 float64 numbers as parameters, got shape [41]");
  });

  it("refuses other points", async () => {
    const bad = { ...question, points: array([[1, 2, 3]]), parameters: network.init(0), iterations: 1 };
    await expect(refineMetric(bad)).rejects.toThrow("Cannot fit a metric: expected finite points of shape");
  });
});
