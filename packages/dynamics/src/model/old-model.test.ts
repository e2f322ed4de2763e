/** Models that older releases wrote must load and forecast the same numbers. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadModel } from "./trained-model.ts";

/** A linear state space x'' = -4 x - 0.3 x' + 2 motor + 1, written by version 1, which knew no delays. */
const versionOne = readFileSync(new URL("./testing/version-1.safetensors", import.meta.url));

describe("a model of version 1", () => {
  it("loads with controls that are held and act at once, and forecasts what it did", async () => {
    const model = await loadModel(versionOne);
    expect(model.record.version).toBe(1);
    expect(model.record.controls.map(({ name, hold, delay }) => [name, hold, delay])).toEqual([["motor", "zero", 0]]);
    const motor = Array.from({ length: 21 }, (_, i) => (i < 8 ? 1 : -0.5));
    const { positions } = await model.predict({
      from: { x: 0.5, x_rate: 0 },
      until: 2,
      every: 0.1,
      controls: { motor },
    });
    const known = [0.5, 0.6094820636974845, 0.7656465956123919, 0.36255060505326364, -0.29393901236671116];
    known.forEach((value, i) => {
      expect(positions[5 * i]).toBeCloseTo(value, 12);
    });
    const stepper = model.stepper({ dt: 0.1, from: { x: 0.5 } });
    expect(stepper.step({ motor: 1 }).x).toBeCloseTo(0.5049338043603416, 12);
    expect(stepper.step({ motor: 1 }).x_rate).toBeCloseTo(0.18898464744403368, 12);
  });
});
