import { type HostTensor, wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { prepareSegments } from "../data/prepare.ts";
import { readTable } from "../data/read-table.ts";
import { chooseSampling } from "../data/sampling.ts";
import { splitUses } from "../data/uses.ts";
import { datasetFacts, trainingSamples } from "../model/dataset-facts.ts";
import { dissipativeHamiltonian } from "../model/dissipative-hamiltonian.ts";
import { linearStateSpace } from "../model/linear-state-space.ts";
import { hostRandom } from "../random/host-random.ts";
import { fit } from "./fit.ts";
import { shooting } from "./shooting.ts";
import { cutWindows } from "./window.ts";

/** x'' = -4 x - 0.3 x' + 2 u + 1 with a held control, integrated exactly enough by small steps. */
function drivenTable(noise: number): string {
  const random = hostRandom(3);
  const rows = ["t,x,motor,run"];
  for (let run = 0; run < 4; run++) {
    let [x, v] = [random.normal(), random.normal()];
    for (let i = 0; i < 200; i++) {
      const u = Math.floor(i / 17) % 2 === run % 2 ? 1 : -0.5;
      rows.push(`${i * 0.05},${x + noise * random.normal()},${u},${run}`);
      for (let k = 0; k < 500; k++) {
        const half = v + (0.05 / 1000) * (-4 * x - 0.3 * v + 2 * u + 1);
        x += (0.05 / 500) * half;
        v = half + (0.05 / 1000) * (-4 * x - 0.3 * half + 2 * u + 1);
      }
    }
  }
  return rows.join("\n");
}

const data = readTable(drivenTable(0), { columns: { motor: "control" } });

describe("shooting", () => {
  it("has the derivatives of its residuals", () => {
    const still = readTable(drivenTable(0), { columns: { motor: "ignore" } });
    const uses = splitUses(still);
    const segments = prepareSegments(still, uses.train.segments, chooseSampling(still, uses.train.segments));
    const [facts, samples] = [datasetFacts(still, segments), trainingSamples(still, segments)];
    const model = dissipativeHamiltonian({ hidden: [3], powers: 2 });
    const windows = cutWindows(segments, 1, 20, 3);
    const problem = shooting({ model, facts, parameters: model.init(1, facts, samples), windows, target: wasm() });
    const start = Float64Array.from(problem.start);
    const jacobian = problem.jacobian(start);
    const n = start.length;
    for (const column of [0, 4, problem.parameterCount - 1, problem.parameterCount, n - 1]) {
      const at = (step: number): ArrayLike<number> =>
        problem.residuals(start.map((x, i) => (i === column ? x + step : x)));
      const [above, below] = [at(1e-5), at(-1e-5)];
      for (let row = 0; row < above.length; row += 7) {
        const difference = ((above[row] as number) - (below[row] as number)) / 2e-5;
        const scale = Math.max(1, Math.abs(difference));
        expect(Math.abs((jacobian[row * n + column] as number) - difference) / scale).toBeLessThan(1e-5);
      }
    }
  });

  it("finds a driven linear law from positions and a held control", async () => {
    const run = await fit(data, { model: linearStateSpace });
    const { coordinates, controls, frequency } = run.facts;
    const [{ scale, velocityScale, centre }] = coordinates as [(typeof coordinates)[number]];
    const gains = Array.from((run.model.parameters.gains as HostTensor).data) as [number, number, number, number];
    const [onX, onV, onU, constant] = gains;
    const unit = velocityScale * frequency;
    expect((onX * unit) / scale).toBeCloseTo(-4, 2);
    expect((onV * unit) / velocityScale).toBeCloseTo(-0.3, 2);
    expect((onU * unit) / (controls[0]?.scale ?? 1)).toBeCloseTo(2, 2);
    expect(constant * unit - (onX * unit * centre) / scale).toBeCloseTo(1, 2);
    expect(run.test?.rmse[0]).toBeLessThan(1e-3);
  });
});

describe("cutWindows", () => {
  it("pads short windows with intervals of length 0 and weights of 0", () => {
    const segment = (n: number) => ({
      trajectory: "a",
      times: Float64Array.from({ length: n }, (_, i) => 0.1 * i),
      positions: Float64Array.from({ length: n }, (_, i) => (i === 2 ? Number.NaN : i)),
      velocities: new Float64Array(n).fill(10),
      momenta: null,
      controls: new Float64Array(0),
      contexts: new Float64Array(0),
      signals: [],
      mask: Uint8Array.from({ length: n }, (_, i) => (i === 2 ? 0 : 1)),
      noise: [0],
      sigmas: null,
    });
    const windows = cutWindows([segment(6), segment(4)], 1, 6);
    expect([windows.count, windows.length]).toEqual([2, 6]);
    expect([...windows.weights]).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0]);
    expect(Array.from(windows.h.slice(5), (h) => Math.round(h * 10))).toEqual([1, 1, 1, 0, 0]);
    expect([...windows.positions].every(Number.isFinite)).toBe(true);
    expect([...windows.starts]).toEqual([0, 10, 0, 10]);
  });
});
