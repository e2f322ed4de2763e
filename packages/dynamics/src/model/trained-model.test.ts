import { add, array, concatenate, mul, neg, slice, type TensorLike } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { readTable } from "../data/read-table.ts";
import { fit } from "../train/fit.ts";
import { defineModel } from "./define-model.ts";
import { loadModel } from "./trained-model.ts";

/** A damped spring in degrees, q'' = -9 q - 0.2 q', two recordings. */
function springTable(): string {
  const rows = ["t,enc [deg],run"];
  const omega = Math.sqrt(9 - 0.01);
  for (const [run, amplitude] of [40, 30].entries()) {
    for (let i = 0; i < 240; i++) {
      const t = i * 0.05;
      rows.push(`${t},${amplitude * Math.exp(-0.1 * t) * Math.cos(omega * t)},${run}`);
    }
  }
  return rows.join("\n");
}

const mine = defineModel<{ readonly stiffness: TensorLike; readonly damping: TensorLike }>({
  name: "my-spring",
  kind: "grey-box",
  init: () => ({ stiffness: array([4]), damping: array([0]) }),
  field: ({ stiffness, damping }, _t, state) => {
    const [q, v] = [slice(state, 0, 0, 1), slice(state, 0, 1)];
    return concatenate([v, neg(add(mul(stiffness, q), mul(damping, v)))]);
  },
});

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

describe("a model of a user", () => {
  const fitted = once(() => fit(readTable(springTable(), { columns: { enc: "coordinate:deg" } }), { model: mine }));

  it("finds its constants", async () => {
    const { model } = await fitted();
    expect(model.parameters.stiffness?.data[0]).toBeCloseTo(9, 3);
    expect(model.parameters.damping?.data[0]).toBeCloseTo(0.2, 3);
  });

  it("loads from bytes and forecasts the same bits without its source", async () => {
    const { model } = await fitted();
    const from = { enc: 40, enc_rate: 0 };
    const loaded = await loadModel(model.toBytes());
    const [before, after] = [
      await model.predict({ from, until: 10, every: 0.1 }),
      await loaded.predict({ from, until: 10, every: 0.1 }),
    ];
    expect([...after.positions]).toEqual([...before.positions]);
    expect(after.columns.map(({ header }) => header)).toEqual([
      "t",
      "enc [deg]",
      "enc_rate [deg/s]",
      "enc_low",
      "enc_high",
      "outside",
    ]);
    const angles = after.columns[1]?.values as Float64Array;
    expect(angles[0]).toBeCloseTo(40, 10);
    const end = 40 * Math.exp(-1) * Math.cos(Math.sqrt(8.99) * 10);
    expect(angles[100]).toBeGreaterThan(end - 2);
    expect(angles[100]).toBeLessThan(end + 2);
  });

  it("steps in an animation frame as it forecasts", async () => {
    const { model } = await fitted();
    const from = { enc: 40, enc_rate: 0 };
    const stepper = model.stepper({ dt: 0.1, from });
    const forecast = await model.predict({ from, until: 1, every: 0.1 });
    for (let i = 1; i <= 10; i++) {
      expect(stepper.step().enc).toBeCloseTo(forecast.columns[1]?.values[i] as number, 9);
    }
    expect(stepper.time()).toBeCloseTo(1, 12);
  });

  it("refuses weights of another model with what is wrong", async () => {
    await expect(loadModel(new Uint8Array(4))).rejects.toThrow(
      "Cannot read safetensors: expected a header within the file, got 4 bytes",
    );
  });
});

describe("a model in steps", () => {
  it("is fitted, saved and loaded like one with a field", async () => {
    const steps = defineModel<{ readonly stiffness: TensorLike; readonly damping: TensorLike }>({
      name: "my-steps",
      kind: "grey-box",
      init: () => ({ stiffness: array([8]), damping: array([0.1]) }),
      // Semi-implicit Euler: right to first order in dt, which the data resolves well enough.
      step: ({ stiffness, damping }, state, dt) => {
        const [q, v] = [slice(state, 0, 0, 1), slice(state, 0, 1)];
        const next = add(v, mul(dt, neg(add(mul(stiffness, q), mul(damping, v)))));
        return concatenate([add(q, mul(dt, next)), next]);
      },
    });
    const { model } = await fit(readTable(springTable(), { columns: { enc: "coordinate:deg" } }), { model: steps });
    expect(model.record.solver).toBe("step");
    expect(Object.keys(model.record.programs)).toEqual(["encode", "step", "observe"]);
    expect(model.parameters.stiffness?.data[0]).toBeGreaterThan(8.7);
    expect(model.parameters.stiffness?.data[0]).toBeLessThan(9.3);
    const loaded = await loadModel(model.toBytes());
    const options = { from: { enc: 10, enc_rate: 0 }, until: 2, every: 0.05 };
    expect([...(await loaded.predict(options)).positions]).toEqual([...(await model.predict(options)).positions]);
  });
});
