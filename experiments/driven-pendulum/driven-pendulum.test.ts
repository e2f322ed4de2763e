import { describe, expect, it } from "vitest";
import { type RigRow, runRig } from "./protocol.ts";

/** |value - truth| in standard errors. */
const deviations = ({ constants }: RigRow): readonly number[] =>
  constants.map(({ value, truth, halfWidth }) => (1.96 * Math.abs(value - truth)) / (halfWidth ?? 0));

describe("a driven pendulum behind an encoder, with an unknown delay of the motor", () => {
  it("gives its constants and its delay within their errors, and better forecasts than the baselines", async () => {
    const row = await runRig(2, ["pendulum", "linear-state-space", "hold"]);
    expect(row.constants.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      "w2 1/s^2",
      "c1 1/s",
      "gain mot deg/(s^2 V)",
      "bias deg/s^2",
      "delay mot s",
    ]);
    for (const deviation of deviations(row)) expect(deviation).toBeLessThan(3);
    const delay = row.constants.find(({ name }) => name === "delay mot");
    expect(delay?.halfWidth).toBeLessThan(2e-4);
    // What is left is little more than the rounding of the encoder, 360 deg / 4096 / sqrt(12).
    expect(row.rmse.pendulum).toBeLessThan(0.035);
    expect(row.rmse["linear-state-space"]).toBeGreaterThan(1);
    expect(row.rmse.hold).toBeGreaterThan(5);
  }, 240_000);

  it("does so for another rig with a coarser encoder", async () => {
    const row = await runRig(12, ["pendulum"]);
    for (const deviation of deviations(row)) expect(deviation).toBeLessThan(3);
    expect(row.rmse.pendulum).toBeLessThan(0.15);
  }, 240_000);
});
