import { describe, expect, it } from "vitest";
import type { Trajectory } from "./dataset.ts";
import {
  controlAt,
  lineByDelay,
  lineOver,
  type MeasuredControl,
  measuredControl,
  measuredControls,
} from "./measured-control.ts";
import { readTable } from "./read-table.ts";
import { withControls } from "./with-controls.ts";

const times = [0, 1, 2, 4];
const held = measuredControl(times, [1, 3, -1, 5], "zero");
const joined = measuredControl(times, [1, 3, -1, 5], "linear");

describe("a control between its samples", () => {
  it("holds the last value, the first one before and the last one after", () => {
    expect([-1, 0, 0.99, 1, 1.5, 3.9, 4, 9].map((t) => controlAt(held, t))).toEqual([1, 1, 1, 3, 3, -1, 5, 5]);
  });

  it("is joined by lines where it is linear", () => {
    expect([-1, 0, 0.5, 1, 1.25, 3, 4, 9].map((t) => controlAt(joined, t))).toEqual([1, 1, 2, 3, 2, 2, 5, 5]);
  });

  it("passes over missing samples", () => {
    const gaps = [Number.NaN, 2, Number.NaN, 6];
    expect([0, 1.5, 3, 5].map((t) => controlAt(measuredControl(times, gaps, "zero"), t))).toEqual([2, 2, 2, 6]);
    expect([0, 2.5, 5].map((t) => controlAt(measuredControl(times, gaps, "linear"), t))).toEqual([2, 4, 6]);
    expect(controlAt(measuredControl(times, times.fill(Number.NaN), "zero"), 3)).toBe(0);
  });
});

describe("the line of a control over a step", () => {
  it("is the value where it is held, to the bit, and the line where it is linear", () => {
    expect(lineOver(measuredControl([0, 0.1, 0.3], [0.1, 0.7, 0.3], "zero"), 0.1, 0.3)).toEqual({
      middle: 0.7,
      rate: 0,
    });
    const { middle, rate } = lineOver(measuredControl([0, 1, 2, 4], [1, 3, -1, 5], "linear"), 2.5, 3.5);
    expect([middle, rate]).toEqual([2, 3]);
  });

  it("has the mean and the first moment of a jump, computed by hand", () => {
    // 1 until t = 1, then 3: over [0.5, 1.5] the mean is 2; the moment is 2 x (1/2)(1/4) = 1/4 = rate / 12.
    const { middle, rate } = lineOver(measuredControl([0, 1], [1, 3], "zero"), 0.5, 1.5);
    expect(middle).toBeCloseTo(2, 14);
    expect(rate).toBeCloseTo(3, 13);
    // 1 for a quarter of the step, then 3: mean 2.5, moment -1/4 x 3/8 + 3 x 3/4 x 1/8 = 3/16 over h = 1.
    const early = lineOver(measuredControl([0, 1], [1, 3], "zero"), 0.75, 1.75);
    expect(early.middle).toBeCloseTo(2.5, 14);
    expect(early.rate).toBeCloseTo((12 * 3) / 16, 13);
  });

  it("spans several samples, and stays the last value past the end", () => {
    // [0, 4]: 1, 3, then -1 twice: mean 0.5; moments -1.5, -0.5 and 1 (length 2): (-1.5 - 1.5 - 2) / 4 = rate 16 / 12.
    const { middle, rate } = lineOver(measuredControl([0, 1, 2, 4], [1, 3, -1, 5], "zero"), 0, 4);
    expect(middle).toBeCloseTo(0.5, 14);
    expect(rate).toBeCloseTo((12 * -5) / 64, 13);
    expect(lineOver(held, 5, 6)).toEqual({ middle: 5, rate: 0 });
    expect(lineOver(held, -2, -1)).toEqual({ middle: 1, rate: 0 });
  });

  it("gives the change of velocity and of position of a double integrator, wherever it jumps", () => {
    for (const at of [0.1, 0.35, 0.8]) {
      const { middle, rate } = lineOver(measuredControl([-1, at], [2, -3], "zero"), 0, 1);
      expect(middle).toBeCloseTo(2 * at - 3 * (1 - at), 13);
      // v = integral of u; x(1) = integral of (1 - s) u(s).
      const position = 2 * (at - at ** 2 / 2) - (3 * (1 - at) ** 2) / 2;
      expect(middle / 2 - rate / 12).toBeCloseTo(position, 13);
    }
  });

  it.each(["zero", "linear"] as const)("has its derivative by the delay, hold %s", (hold) => {
    const signal = measuredControl([0, 1, 2, 4], [1, 3, -1, 5], hold);
    for (const [from, to] of [
      [0.3, 1.2],
      [-0.4, 0.9],
      [1.1, 4.7],
      [2.2, 3.1],
    ] as const) {
      const slope = lineByDelay(signal, from, to);
      const at = (delay: number) => lineOver(signal, from - delay, to - delay);
      expect(slope.middle).toBeCloseTo((at(1e-5).middle - at(-1e-5).middle) / 2e-5, 6);
      expect(slope.rate).toBeCloseTo((at(1e-5).rate - at(-1e-5).rate) / 2e-5, 6);
    }
  });
});

describe("controls of a data set", () => {
  const table = `t,x,mot [V],fan\n${Array.from({ length: 25 }, (_, i) => `${i},${i % 5},${i},${-i}`).join("\n")}`;
  const data = readTable(table, { columns: { x: "coordinate", mot: "control", fan: "control" } });

  it("are held and act at once unless more is said", () => {
    expect(data.controls.map(({ name, hold, delay }) => [name, hold, delay])).toEqual([
      ["mot", "zero", 0],
      ["fan", "zero", 0],
    ]);
    const said = withControls(data, { "mot [V]": { hold: "linear" }, fan: { delay: "fit" } });
    expect(said.controls.map(({ hold, delay }) => [hold, delay])).toEqual([
      ["linear", 0],
      ["zero", "fit"],
    ]);
    expect(said.hash).toBe(data.hash);
    const [mot, fan] = measuredControls(data.trajectories[0] as Trajectory, said.controls) as [
      MeasuredControl,
      MeasuredControl,
    ];
    expect([controlAt(mot, 2.5), controlAt(fan, 2.5)]).toEqual([2.5, -2]);
  });

  it("are refused by other names and with negative delays", () => {
    expect(() => withControls(data, { pump: { delay: 0 } })).toThrow(
      "expected a control of that name (mot, fan), got pump",
    );
    expect(() => withControls(data, { mot: { delay: -0.1 } })).toThrow("expected a delay of 0 s or more, or fit");
  });
});
