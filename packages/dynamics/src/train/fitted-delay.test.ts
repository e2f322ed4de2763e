import { wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { type ControlHold, controlAt, measuredControl } from "../data/measured-control.ts";
import { prepareSegments } from "../data/prepare.ts";
import { readTable } from "../data/read-table.ts";
import { chooseSampling } from "../data/sampling.ts";
import { splitUses } from "../data/uses.ts";
import { withControls } from "../data/with-controls.ts";
import { datasetFacts, trainingSamples } from "../model/dataset-facts.ts";
import { oscillator } from "../model/oscillator.ts";
import { loadModel } from "../model/trained-model.ts";
import { hostRandom } from "../random/host-random.ts";
import { findDelays } from "./find-delays.ts";
import { fit } from "./fit.ts";
import { shooting } from "./shooting.ts";
import { cutWindows } from "./window.ts";

const delay = 0.083;
const step = 0.05;

/** x'' = -9 x - 0.3 x' + 20 u(t - 0.083) in mm, two recordings with noise of 0.05 mm; x up to about 10 mm. */
function drivenData(hold: ControlHold): Dataset {
  const random = hostRandom(11);
  const rows = ["t,x [mm],mot [V],run"];
  for (let run = 0; run < 2; run++) {
    let [x, v] = [3 * random.normal(), 10 * random.normal()];
    let level = 0;
    const volts = Array.from({ length: 140 }, (_, i) => {
      if (i % 9 === 0) level = Math.round(40 * random.normal()) / 10;
      return hold === "zero" ? level : level * Math.sin(i / 7);
    });
    const control = measuredControl(
      volts.map((_, i) => i * step),
      volts,
      hold,
    );
    volts.forEach((volt, i) => {
      rows.push(`${i * step},${x + 0.05 * random.normal()},${volt},${run}`);
      const h = step / 1000;
      for (let k = 0; k < 1000; k++) {
        const push = 20 * controlAt(control, i * step + (k + 0.5) * h - delay);
        const half = v + (h / 2) * (-9 * x - 0.3 * v + push);
        x += h * half;
        v = half + (h / 2) * (-9 * x - 0.3 * half + push);
      }
    });
  }
  const table = readTable(rows.join("\n"), { columns: { mot: "control" } });
  return withControls(table, { mot: { hold, delay: "fit" } });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function prepared(data: Dataset) {
  const { train } = splitUses(data);
  const segments = prepareSegments(data, train.segments, chooseSampling(data, train.segments));
  return { segments, facts: datasetFacts(data, segments) };
}

describe.each(["zero", "linear"] as const)("an unknown delay of a control, hold %s", (hold) => {
  const fitted = once(async () => {
    const data = drivenData(hold);
    return { data, run: await fit(data, { model: oscillator, steps: 60 }) };
  });

  it("starts from a grid search on the training data, within a sample", () => {
    const data = drivenData(hold);
    const { segments, facts } = prepared(data);
    const found = findDelays(data, segments, facts);
    expect(Math.abs((found.delays[0] as number) - delay)).toBeLessThan(step);
    expect(found.fitted.controls).toEqual([0]);
    const given = { ...data, controls: data.controls.map((axis) => ({ ...axis, delay })) };
    expect(findDelays(given, segments, facts)).toMatchObject({ delays: [delay], fitted: { controls: [] } });
  });

  it("has the derivatives of the residuals of a shooting problem", () => {
    const data = drivenData(hold);
    const { segments, facts } = prepared(data);
    const samples = trainingSamples(data, segments, [delay]);
    const parameters = oscillator.init(0, facts, samples);
    const windows = cutWindows(segments, 1, 40, 3);
    const unknown = { controls: [0], longest: 1 };
    const model = oscillator as never;
    const problem = shooting({ model, facts, parameters, windows, target: wasm(), delays: [0.071], fitted: unknown });
    const start = Float64Array.from(problem.start);
    const column = problem.parameterCount;
    expect([start[column], problem.delayCount, problem.lower?.[column], problem.upper?.[column]]).toEqual([
      0.071, 1, 0, 1,
    ]);
    const jacobian = problem.jacobian(start);
    const at = (change: number): ArrayLike<number> =>
      problem.residuals(start.map((x, i) => (i === column ? x + change : x)));
    const [above, below] = [at(1e-6), at(-1e-6)];
    const n = start.length;
    let largest = 0;
    for (let row = 0; row < problem.dataCount; row++) {
      const difference = ((above[row] as number) - (below[row] as number)) / 2e-6;
      largest = Math.max(largest, Math.abs(difference));
      expect(Math.abs((jacobian[row * n + column] as number) - difference)).toBeLessThan(1e-4 * Math.max(1, largest));
    }
    expect(largest).toBeGreaterThan(100);
  });

  it("is found with the constants, kept in the model and applied by it", async () => {
    const { data, run } = await fitted();
    const { model, plan } = run;
    const constant = (name: string) => model.record.constants.find((row) => row.name === name);
    const late = constant("delay mot");
    expect(late?.unit).toBe("s");
    expect(Math.abs((late?.value ?? 0) - delay)).toBeLessThan(2 * (late?.halfWidth ?? 0));
    expect(late?.halfWidth).toBeLessThan(0.005);
    const gain = constant("gain mot");
    expect(gain?.unit).toBe("mm/(s^2 V)");
    expect(Math.abs((gain?.value ?? 0) - 20)).toBeLessThan(2 * (gain?.halfWidth ?? 0));
    expect(plan.some((line) => line.startsWith("delay of mot: fitted"))).toBe(true);
    const loaded = await loadModel(model.toBytes());
    expect(loaded.record.controls.map((axis) => [axis.hold, axis.delay])).toEqual([[hold, late?.value]]);
    const [own, again] = [await model.predict({ data, observe: 0.5 }), await loaded.predict({ data, observe: 0.5 })];
    expect([...(again[0]?.positions ?? [])]).toEqual([...(own[0]?.positions ?? [])]);
  }, 240_000);

  it("of a forecast is that of a stepper", async () => {
    const { run } = await fitted();
    const { model } = run;
    const volts = Array.from({ length: 31 }, (_, i) => Math.round(3 * Math.sin(i * i)));
    const times = volts.map((_, i) => i * step);
    const from = { x: 4, x_rate: 0 };
    const forecast = await model.predict({
      from,
      until: 1.5,
      every: step,
      controls: { mot: { times, values: volts } },
    });
    const rows = await model.predict({ from, until: 1.5, every: step, controls: { mot: volts } });
    expect([...rows.positions]).toEqual([...forecast.positions]);
    const stepper = model.stepper({ dt: step, from, controls: { mot: volts[0] as number } });
    for (let i = 0; i < 30; i++) {
      const { x } = stepper.step({ mot: volts[hold === "zero" ? i : i + 1] as number });
      expect(x).toBeCloseTo(forecast.columns[1]?.values[i + 1] as number, 9);
    }
    // What is commanded from 0 on acts from 0.083 s on: until then nothing differs from the first value.
    const still = await model.predict({ from, until: 1.5, every: step, controls: { mot: volts[0] as number } });
    expect(forecast.positions[1]).toBeCloseTo(still.positions[1] as number, 12);
    expect(Math.abs((forecast.positions[30] as number) - (still.positions[30] as number))).toBeGreaterThan(1e-3);
  });
});
