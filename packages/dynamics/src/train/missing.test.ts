/** Missing cells are data: a fit without a tenth of them finds the same law, and what stands in them says nothing. */
import { describe, expect, it } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { measuredControls } from "../data/measured-control.ts";
import { readTable } from "../data/read-table.ts";
import { cutAtGaps, gapLimit, whole } from "../data/segment.ts";
import { neuralOde } from "../model/neural-ode.ts";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { fit } from "./fit.ts";
import type { Run } from "./run.ts";
import { cutWindows } from "./window.ts";
import { windowLines } from "./window-lines.ts";

const swings = (missing: number, positionsOnly = false): Dataset =>
  simulate(systemNamed("pendulum"), {
    seed: 4,
    trajectories: 6,
    duration: 5,
    samples: 101,
    noise: 0.01,
    missing,
    positionsOnly,
    parameters: { damping: 0.1 },
  }).dataset;

/** The same measurements with numbers written into the cells that are masked out. */
function filled(dataset: Dataset, number: (at: number) => number): Dataset {
  const trajectories = dataset.trajectories.map((trajectory) => ({
    ...trajectory,
    values: trajectory.values.map((value, at) => (trajectory.mask[at] === 0 ? number(at) : value)),
  }));
  return { ...dataset, trajectories };
}

const constantsOf = (run: Run) => run.model.record.constants;
const hidden = (at: number): number => (at % 3 === 0 ? 1e30 : at % 3 === 1 ? -7 : Number.NaN);

describe("a fit to data with missing cells", () => {
  it.each([false, true])(
    "finds the constants of the whole data within their intervals (positions only: %s)",
    async (only) => {
      const [complete, sparse] = [
        await fit(swings(0, only), { model: "pendulum" }),
        await fit(swings(0.1, only), { model: "pendulum" }),
      ];
      for (const [row, { name, value, halfWidth }] of constantsOf(sparse).entries()) {
        const whole = constantsOf(complete)[row];
        expect(halfWidth, name).not.toBeNull();
        // The interval of the difference of two estimates of which one saw more is no wider than this.
        expect(Math.abs(value - (whole?.value ?? Number.NaN)), name).toBeLessThan(halfWidth ?? 0);
      }
      expect(sparse.test?.coverage).toBeGreaterThan(0.5);
    },
  );

  it("is the same to the bit whatever stands in the missing cells", async () => {
    const data = swings(0.1);
    const options = { model: ["pendulum", "hold", "linear-state-space"], steps: 12, observe: 1 };
    const [plain, odd] = [await fit(data, options), await fit(filled(data, hidden), options)];
    expect(odd.model.toBytes()).toEqual(plain.model.toBytes());
    expect(odd.ranking.map(({ selects }) => selects)).toEqual(plain.ranking.map(({ selects }) => selects));
    expect(odd.test).toEqual(plain.test);
    const from = { observe: 1, data };
    const forecasts = await plain.model.predict(from);
    expect(await plain.model.predict({ ...from, data: filled(data, hidden) })).toEqual(forecasts);
  });

  it("is the same to the bit for gradient descent too", async () => {
    const data = swings(0.1, true);
    // More than 400 parameters: derivatives and rollouts by Adam.
    const options = { model: neuralOde({ hidden: [24, 24] }), steps: 12, observe: 1 };
    const [plain, odd] = [await fit(data, options), await fit(filled(data, hidden), options)];
    expect(odd.model.toBytes()).toEqual(plain.model.toBytes());
  });
});

describe("windows and segments", () => {
  it("hold a missing control at its last value", () => {
    const rows = Array.from({ length: 30 }, (_, row) => `${row / 10},${Math.sin(row)},${row % 4 === 0 ? row : ""}`);
    const data = readTable(`t,x,u\n${rows.join("\n")}`, { columns: { u: "control" } });
    const [run] = data.trajectories.map(whole);
    if (run === undefined) throw new Error("no trajectory");
    const positions = Float64Array.from({ length: 30 }, (_, row) => run.values[row] as number);
    const segment = {
      ...run,
      trajectory: run.name,
      positions,
      velocities: new Float64Array(30),
      momenta: null,
      signals: measuredControls(run, data.controls),
      mask: new Uint8Array(30).fill(1),
      noise: [0],
      sigmas: null,
    };
    const windows = cutWindows([segment], 1, 30);
    expect([...windowLines(windows, [0], 1)].filter((_, at) => at % 2 === 0)).toEqual(
      Array.from({ length: 29 }, (_, row) => row - (row % 4)),
    );
  });

  it("end where nothing is measured for long, and nowhere else", () => {
    const isEmpty = (row: number): boolean => row < 2 || row === 9 || (row > 29 && row < 45) || row % 7 === 3;
    const rows = Array.from({ length: 80 }, (_, row) => `${row / 10},${isEmpty(row) ? "" : Math.sin(row)}`);
    const data = readTable(`t,x\n${rows.join("\n")}`);
    const cuts = data.trajectories.flatMap((run) => cutAtGaps(whole(run), gapLimit(run)));
    expect(cuts.map(({ from, to }) => [from, to])).toEqual([
      [0, 30],
      [46, 80],
    ]);
  });
});
