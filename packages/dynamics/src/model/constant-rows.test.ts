import { describe, expect, it } from "vitest";
import { unitNamed } from "../data/unit.ts";
import { constantRows } from "./constant-rows.ts";
import { oscillator } from "./oscillator.ts";
import { pendulum } from "./pendulum.ts";

const axis = (name: string, symbol: string) => ({ name, header: name, unit: unitNamed(symbol) });

describe("the constants of a grey box", () => {
  it("are in the user's units, with a gain for each control", () => {
    const rows = constantRows(pendulum.constants ?? [], [axis("enc", "deg")], [axis("mot", "V"), axis("fan", "mA")]);
    expect(rows.map(({ name, unit }) => [name, unit])).toEqual([
      ["w2", "1/s^2"],
      ["q0", "deg"],
      ["c1", "1/s"],
      ["c2", "1/deg"],
      ["c0", "deg/s^2"],
      ["gain mot", "deg/(s^2 V)"],
      ["gain fan", "deg/(s^2 mA)"],
      ["bias", "deg/s^2"],
    ]);
    const degree = Math.PI / 180;
    rows.forEach(({ factor }, i) => {
      expect(factor).toBeCloseTo(
        [1, 1 / degree, 1, degree, 1 / degree, 1 / degree, 1e-3 / degree, 1 / degree][i] ?? 0,
        9,
      );
    });
  });

  it("have no gain and no bias without controls, and powers of units where they are nonlinear", () => {
    const rows = constantRows(oscillator.constants ?? [], [axis("x", "mm")], []);
    expect(rows.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      "q0 mm",
      "w2 1/s^2",
      "k3 1/(s^2 mm^2)",
      "c1 1/s",
      "c2 1/mm",
      "c0 mm/s^2",
    ]);
  });
});
