import { describe, expect, it } from "vitest";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { datasetOf } from "./dataset-of.ts";
import { readTable } from "./read-table.ts";
import type { Segment } from "./segment.ts";
import { textSource } from "./text-source.ts";
import { splitUses, type Use, type Uses } from "./uses.ts";

/** A table of `count` trajectories of `rows` samples at 100 Hz; `split` says the word of each. */
function dataset(count: number, rows: number, split: ((run: number) => string) | null = null, gapAt = -1): Dataset {
  const lines = [split === null ? "t,run,theta,omega" : "t,run,split,theta,omega"];
  for (let run = 0; run < count; run++) {
    for (let row = 0; row < rows; row++) {
      const time = run * 100 + row / 100 + (gapAt >= 0 && row >= gapAt ? 1 : 0);
      const words = split === null ? [] : [split(run)];
      lines.push([time, `run${run + 1}`, ...words, Math.sin(time), Math.cos(time)].join(","));
    }
  }
  return readTable(lines.join("\n"), { name: "rig.csv" });
}

function names(use: Use<"train"> | Use<"select"> | Use<"calibrate"> | Use<"test"> | null): string[] {
  return [...new Set(use?.pieces.map((piece) => piece.name) ?? [])];
}

function pieces(uses: Uses): Segment[] {
  return [uses.train, uses.select, uses.calibrate, uses.test].flatMap((use) => use?.pieces ?? []);
}

function expectApart(uses: Uses): void {
  const taken = new Set<string>();
  for (const { name, from, to } of pieces(uses)) {
    for (let row = from; row < to; row++) {
      expect(taken.has(`${name} ${row}`)).toBe(false);
      taken.add(`${name} ${row}`);
    }
  }
}

describe("splitUses by type", () => {
  it("keeps the uses apart for the type checker", () => {
    const fitted = (use: Use<"train">): number => use.segments.length;
    const { train, test } = splitUses(dataset(6, 30));
    expect(fitted(train)).toBeGreaterThan(0);
    // @ts-expect-error: the test data must not train.
    expect(test === null ? 0 : fitted(test)).toBeGreaterThan(0);
    // @ts-expect-error: a use cannot be made by hand.
    const forged: Use<"train"> = { use: "train", pieces: [], segments: [] };
    expect(fitted(forged)).toBe(0);
  });
});

describe("splitUses without a split column", () => {
  it("takes whole trajectories from five up: the last for the test", () => {
    const uses = splitUses(dataset(12, 30));
    expect(names(uses.test)).toEqual(["run11", "run12"]);
    expect(names(uses.select)).toHaveLength(2);
    expect(names(uses.calibrate)).toHaveLength(2);
    expect(names(uses.train)).toHaveLength(6);
    // The first and the last of what may train do train.
    expect(names(uses.train)).toEqual(expect.arrayContaining(["run1", "run10"]));
    expect(uses.lines.at(-1)).toBe("test: run11, run12 (60 samples), used once");
    expectApart(uses);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 11, 40])("gives every use its share with %d trajectories", (count) => {
    const data = dataset(count, 200);
    const uses = splitUses(data);
    const samples = (use: { pieces: readonly Segment[] } | null): number =>
      (use?.pieces ?? []).reduce((sum, piece) => sum + piece.times.length, 0) / (200 * count);
    expect(samples(uses.test)).toBeGreaterThan(0.14);
    expect(samples(uses.select)).toBeGreaterThan(0.09);
    expect(samples(uses.calibrate)).toBeGreaterThan(0.09);
    expect(samples(uses.train)).toBeGreaterThan(0.35);
    expectApart(uses);
  });

  it("cuts one trajectory in the order of time, with gaps between", () => {
    const uses = splitUses(dataset(1, 1000));
    const rows = [uses.train, uses.select, uses.calibrate, uses.test].map((use) => {
      const piece = use?.pieces[0] as Segment;
      return [piece.from, piece.to];
    });
    expect(rows).toEqual([
      [0, 540],
      [547, 664],
      [672, 790],
      [800, 1000],
    ]);
    expect(uses.lines[3]).toBe("test: run1 from 8 to 9.99 s (200 samples), used once");
  });

  it("says so when there is too little", () => {
    const uses = splitUses(dataset(1, 24));
    expect(uses.test).toBeNull();
    expect(uses.calibrate).toBeNull();
    expect(uses.lines).toContain("no independent test");
    expect(uses.lines).toContain("calibrate: too little data, the band is uncalibrated");
  });
});

describe("splitUses with a split column", () => {
  it("tests on the held-out split and keeps both ends of the training trajectories", () => {
    const uses = splitUses(dataset(6, 500, (run) => (run < 4 ? "id" : "vad")));
    expect(names(uses.test)).toEqual(["run5", "run6"]);
    expect(names(uses.select)).toEqual(["run2"]);
    expect(names(uses.calibrate)).toEqual(["run3"]);
    const train = uses.train.pieces.map(({ name, from, to }) => [name, from, to]);
    expect(train).toEqual([
      ["run1", 0, 500],
      ["run2", 0, 195],
      ["run3", 0, 195],
      ["run4", 0, 500],
    ]);
    expectApart(uses);
  });

  it("uses validation beside a test for selecting and calibrating", () => {
    const uses = splitUses(dataset(6, 50, (run) => ["train", "train", "val", "val", "test", "test"][run] as string));
    expect(names(uses.train)).toEqual(["run1", "run2"]);
    expect(names(uses.select)).toEqual(["run3"]);
    expect(names(uses.calibrate)).toEqual(["run4"]);
    expect(names(uses.test)).toEqual(["run5", "run6"]);
  });

  it("says when it does not know the words, and obeys when told", () => {
    const data = dataset(6, 50, (run) => (run < 3 ? "monday" : "tuesday"));
    expect(splitUses(data).lines.at(-1)).toContain("the words monday, tuesday name no test");
    expect(names(splitUses(data, { testSplits: ["tuesday"] }).test)).toEqual(["run4", "run5", "run6"]);
    expect(() => splitUses(data, { testSplits: ["friday"] })).toThrow(DataError);
  });
});

describe("splitUses options", () => {
  it("obeys assignments and shares", () => {
    const data = dataset(5, 100);
    const uses = splitUses(data, { assign: { run1: "test", run2: "select", run3: "calibrate" } });
    expect(names(uses.test)).toEqual(["run1"]);
    expect(names(uses.select)).toEqual(["run2"]);
    expect(names(uses.calibrate)).toEqual(["run3"]);
    expect(names(uses.train)).toEqual(["run4", "run5"]);
    expect(splitUses(data, { test: 0 }).test).toBeNull();
    expect(splitUses(data, { calibrate: 0 }).calibrate).toBeNull();
  });

  it("refuses shares and names that make no sense", () => {
    const data = dataset(5, 100);
    expect(() => splitUses(data, { test: 0.8, select: 0.3 })).toThrow("leave something to train on");
    expect(() => splitUses(data, { assign: { nobody: "test" } })).toThrow("expected a trajectory nobody");
    const everything = { run1: "test", run2: "test", run3: "test", run4: "test", run5: "test" } as const;
    expect(() => splitUses(data, { assign: everything })).toThrow("expected data to train on, got none");
  });
});

describe("pieces and segments", () => {
  it("cuts segments at gaps and leaves pieces whole", () => {
    const uses = splitUses(dataset(6, 60, null, 30));
    expect(uses.train.segments.length).toBe(2 * uses.train.pieces.length);
    expect(uses.train.segments[0]).toMatchObject({ from: 0, to: 30 });
    expect(uses.train.segments[1]).toMatchObject({ from: 30, to: 60 });
    expect(uses.train.segments[1]?.values).toHaveLength(60);
  });
});

it("measures the gaps of each recording by its own steps", () => {
  const sources = [0.01, 0.01, 0.1].map((step, index) => {
    const rows = Array.from({ length: 200 }, (_, row) => `${(row * step).toFixed(2)},${Math.sin(row * step)}`);
    return textSource(["t,x", ...rows].join("\n"), { name: `run${index}.csv` });
  });
  const { train } = splitUses(datasetOf(sources), { assign: { run2: "train" } });
  expect(train.segments.filter(({ name }) => name === "run2").map(({ times }) => times.length)).toEqual([200]);
});
