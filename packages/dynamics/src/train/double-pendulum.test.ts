/** Two coupled arms from their angles alone: known constants of a simulated one, a short piece of a measured one. */
import { readFileSync } from "node:fs";
import { wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { prepareSegments } from "../data/prepare.ts";
import { readTable } from "../data/read-table.ts";
import { chooseSampling } from "../data/sampling.ts";
import { splitUses } from "../data/uses.ts";
import { armRegression } from "../model/arm-regression.ts";
import { datasetFacts, trainingSamples } from "../model/dataset-facts.ts";
import type { FittedConstant } from "../model/model-record.ts";
import { modelNamed } from "../model/registry.ts";
import { simulator } from "../model/simulator.ts";
import { doublePendulum } from "../system/double-pendulum.ts";
import { simulate } from "../system/simulate.ts";
import { draftRecord } from "./draft-record.ts";
import { findDelays } from "./find-delays.ts";
import { fittedConstants } from "./fitted-constants.ts";
import { clockOf } from "./run-control.ts";
import { type Score, scoreOf } from "./score.ts";
import { trainMember } from "./train-member.ts";

const target = wasm();

/** What `fit` does up to the first member, without the bands. */
function prepared(dataset: Dataset, rate?: number) {
  const uses = splitUses(dataset);
  const sampling = chooseSampling(dataset, uses.train.segments, rate);
  const segments = prepareSegments(dataset, uses.train.segments, sampling);
  const facts = datasetFacts(dataset, segments);
  return { dataset, uses, segments, facts, samples: trainingSamples(dataset, segments) };
}

/** The grey box trained on a data set: its constants by name, its score on the test data. */
async function trained(dataset: Dataset, rate?: number) {
  const given = prepared(dataset, rate);
  const { facts, samples, segments } = given;
  const delays = findDelays(dataset, segments, facts);
  const model = modelNamed("double-pendulum");
  const seed = 0;
  const own = { model, seed, facts, samples, segments, target, ...delays, steps: 30, clock: clockOf({}) };
  const member = await trainMember({ ...own, judge: () => 1, onStep: () => undefined });
  const record = draftRecord({ ...given, delays }, model, seed);
  const running = simulator(model, facts, member.parameters, target);
  const constants = fittedConstants(member, record, delays.fitted, target);
  const test: Score = scoreOf(record, running, given.uses.test?.pieces ?? [], 0.5);
  const constant = (name: string) => constants.find((row) => row.name === name) as FittedConstant;
  return { facts, constant, test };
}

const { text, dataset } = simulate(doublePendulum, {
  seed: 3,
  trajectories: 5,
  duration: 3,
  samples: 101,
  noise: 0.002,
  positionsOnly: true,
  parameters: { damping: 0.1 },
});

describe("a simulated double pendulum from angles alone", () => {
  it("is fitted with its true constants, and forecast", { timeout: 60_000 }, async () => {
    const { facts, constant, test } = await trained(dataset);
    expect(facts.measuredVelocities).toBe(false);
    // I1 = 2 kg m²: one kg at one m twice.
    const truths = { J: 0.5, B: 0.5, w1: 9.81, w2: 4.905, "rest 1": 0, "rest 2": 0, "c1 joint 2": 0.05 };
    for (const [name, truth] of Object.entries(truths)) {
      const { value, halfWidth } = constant(name);
      expect(Math.abs(value - truth), name).toBeLessThan(2 * (halfWidth ?? 0));
      expect(halfWidth, name).toBeLessThan(0.005 * Math.max(1, truth));
    }
    expect(Math.max(...test.rmse)).toBeLessThan(0.02);
  });

  it("shows by regression whether its second angle is measured from the vertical or from the first arm", () => {
    const rows = text.split("\n").map((line) => line.split(","));
    const folded = rows.map(([name, t, q1, q2], row) => [name, t, q1, row === 0 ? q2 : Number(q2) - Number(q1)]);
    const columns = { theta1: "angle:rad", theta2: "angle:rad" };
    const table = folded.filter(([, t]) => t !== undefined).join("\n");
    for (const [data, relative] of [
      [dataset, 0],
      [readTable(table, { columns }), 1],
    ] as const) {
      const { facts, samples } = prepared(data);
      const found = armRegression(facts, samples);
      expect(found.relative).toBe(relative);
      expect(Math.abs(found.inertia - 0.5)).toBeLessThan(0.05);
      expect(Math.abs(found.coupling - Math.SQRT1_2)).toBeLessThan(0.05);
      expect(Math.abs((found.restoring[0] * facts.frequency ** 2) / 9.81 - 1)).toBeLessThan(0.05);
    }
  });
});

describe("the measured double pendulum from angles alone", () => {
  it("gives the authors' groups of constants from 13 seconds, and is forecast", { timeout: 60_000 }, async () => {
    const path = new URL("../../../../examples/multiarm-pendulum/double.csv", import.meta.url);
    const [head, ...rows] = readFileSync(path, "utf8").trim().split("\n");
    const columns = { omega1: "ignore", omega2: "ignore", split: "ignore" };
    // Five of the authors' pieces, the last of them the test.
    const table = [head, ...rows.filter((row) => /^[^,]*,[2-6],/.test(row))].join("\n");
    const { facts, constant, test } = await trained(readTable(table, { columns }), 50);
    expect(facts.measuredVelocities).toBe(false);
    // From their m, a, L, I: I1 = m1 a1² + I1 + m2 L1².
    for (const [name, theirs] of Object.entries({ J: 0.5569, B: 0.4914, w1: 58.96, w2: 27.9 })) {
      expect(Math.abs(constant(name).value / theirs - 1), name).toBeLessThan(0.01);
    }
    expect(test.pieces.length).toBe(1);
    expect(Math.max(...test.rmse)).toBeLessThan(0.03);
  });
});
