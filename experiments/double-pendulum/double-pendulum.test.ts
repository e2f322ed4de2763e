import { readFileSync } from "node:fs";
import { chooseSampling, readTable, splitUses } from "@leastaction/dynamics";
import { describe, expect, it } from "vitest";
import { compareMomenta } from "./momenta.ts";
import { authorsConstants } from "./protocol.ts";
import { anglesTable, short } from "./recordings.ts";

const table = anglesTable(
  readFileSync(new URL("../../examples/multiarm-pendulum/double.csv", import.meta.url), "utf8"),
  short,
);
const dataset = readTable(table, { name: "double.csv" });

describe("the measured double pendulum from angles alone", () => {
  it("is fifteen recordings that follow one another, without velocities, a third of them held out", () => {
    expect(dataset.coordinates.map(({ name, velocity }) => [name, velocity])).toEqual([
      ["theta1", null],
      ["theta2", null],
    ]);
    const { trajectories } = dataset;
    expect(trajectories.length).toBe(15);
    expect(trajectories.filter(({ split }) => split === "test").map(({ name }) => Number(name))).toEqual(short.heldOut);
    trajectories.slice(1).forEach(({ times }, i) => {
      const before = trajectories[i]?.times.at(-1) as number;
      expect((times[0] as number) - before).toBeCloseTo(0.005, 9);
    });
  });

  it("has an energy in its momenta, and none in its velocities", () => {
    const uses = splitUses(dataset);
    const sampling = chooseSampling(dataset, uses.train.segments, 50);
    const { J = 0, B = 0 } = authorsConstants;
    const { momenta, velocities } = compareMomenta({ uses, sampling }, dataset, { ratio: J, coupling: B }, 4);
    expect(momenta).toBeLessThan(0.02);
    expect(velocities).toBeGreaterThan(5 * momenta);
  }, 60_000);
});
