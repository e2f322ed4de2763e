import { expect, it } from "vitest";
import { prepareSegments } from "../data/prepare.ts";
import { readTable } from "../data/read-table.ts";
import { chooseSampling } from "../data/sampling.ts";
import { splitUses } from "../data/uses.ts";
import { datasetFacts } from "./dataset-facts.ts";

/** One oscillation of period 10 in some unit of time, with velocities in that unit. */
function facts(unit: string) {
  const rows = Array.from({ length: 60 }, (_, i) => `${i},${Math.sin(0.2 * Math.PI * i)}`);
  const dataset = readTable(`t [${unit}],x [m]\n${rows.join("\n")}\n`, { name: unit });
  const { train } = splitUses(dataset);
  return datasetFacts(dataset, prepareSegments(dataset, train.segments, chooseSampling(dataset, train.segments)));
}

it.each([
  ["year", 31557600],
  ["us", 1e-6],
])("facts scale with the unit of time: %s", (unit, seconds) => {
  const [found, reference] = [facts(unit), facts("s")];
  expect(found.dt / reference.dt / seconds).toBeCloseTo(1, 9);
  expect((found.frequency * seconds) / reference.frequency).toBeCloseTo(1, 6);
  const velocity = found.coordinates[0]?.velocityScale as number;
  expect((velocity * seconds) / (reference.coordinates[0]?.velocityScale as number)).toBeCloseTo(1, 6);
});
