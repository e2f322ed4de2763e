/** The measured pendulum of the examples, read and divided: what the first fit of every newcomer rests on. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { prepareSegments } from "./prepare.ts";
import { readTable } from "./read-table.ts";
import { chooseSampling } from "./sampling.ts";
import { splitUses } from "./uses.ts";
import { writeTable } from "./write-table.ts";

const path = new URL("../../../../examples/multiarm-pendulum/single.csv", import.meta.url);
const dataset = readTable(readFileSync(path, "utf8"), { name: "single.csv" });

describe("the measured pendulum", () => {
  it("is read without a flag", () => {
    expect(dataset.reading.columns.map(({ name, role, unit, pairedWith }) => [name, role, unit, pairedWith])).toEqual([
      ["t", "time", "s", null],
      ["segment", "trajectory", "", null],
      ["split", "split", "", null],
      ["theta1", "angle", "rad", null],
      ["omega1", "velocity", "rad/s", "theta1"],
    ]);
    expect(dataset.reading.oddities).toEqual([]);
    expect(dataset.trajectories.map(({ name, split, times }) => `${name} ${split} ${times.length}`)).toEqual([
      "0 id 1834",
      "1 id 1833",
      "2 id 1834",
      "3 id 1833",
      "4 vad 1833",
      "5 vad 1834",
    ]);
  });

  it("is divided so that the smallest trained swings train", () => {
    const uses = splitUses(dataset);
    expect(uses.lines).toEqual([
      "train: 0, 1 from 9.17 to 12.73 s, 2 from 18.34 to 21.91 s, 3 (5096 samples)",
      "select: 1 from 12.84 to 18.33 s (1100 samples)",
      "calibrate: 2 from 22 to 27.5 s (1100 samples)",
      "test: 4, 5 (3667 samples), used once",
    ]);
    expect(uses.test?.pieces.every((piece) => piece.split === "vad")).toBe(true);
    expect(uses.train.pieces.every((piece) => piece.split === "id")).toBe(true);
  });

  it("is sampled by its period", () => {
    const { train } = splitUses(dataset);
    const sampling = chooseSampling(dataset, train.segments);
    expect(sampling.line).toMatch(/^sampling: 200 Hz to 100 Hz, filtered \(period 0\.8\d\d? s = 8\d samples\)$/);
    const [first] = prepareSegments(dataset, train.segments, sampling);
    expect(first?.times).toHaveLength(917);
    // The encoder's quantum and the authors' interpolation: far below a millirad.
    expect(first?.noise[0]).toBeLessThan(1e-3);
  });

  it("is written and read back to the same hash", () => {
    expect(readTable(writeTable(dataset), { name: "again.csv" }).hash).toBe(dataset.hash);
  });
});
