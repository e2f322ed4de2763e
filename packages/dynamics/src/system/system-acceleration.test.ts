import { array, evaluate } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { henonHeiles } from "./henon-heiles.ts";
import { kepler } from "./kepler.ts";
import { lorenz } from "./lorenz.ts";
import { systemAcceleration } from "./system-acceleration.ts";

describe("systemAcceleration", () => {
  it("gives the rates of the velocities alone", () => {
    const f = systemAcceleration(kepler, { mu: 8 });
    expect(Array.from(evaluate(f, array(0), array([0, 2]), array([0.3, 0.4])).data)[1]).toBe(-2);
  });

  it("refuses momenta and systems of first order", () => {
    expect(() => systemAcceleration(henonHeiles)).toThrow(
      /^Cannot take accelerations of henon-heiles: expected the velocity of \w+ in its state, got a momentum\nTake/,
    );
    expect(() => systemAcceleration(lorenz)).toThrow(
      /^Cannot take accelerations of lorenz: expected the velocity of x in its state, got no rate\n/,
    );
  });
});
