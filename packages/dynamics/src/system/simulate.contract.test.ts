/** What is simulated from each system is read back as what it is, from the text alone. */
import { describe, expect, it } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { readTable } from "../data/read-table.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";
import { stateColumns } from "./state-columns.ts";
import type { System } from "./system.ts";
import { systems } from "./systems.ts";

/** A short table of a system and what a reader makes of it who is told nothing. */
function readBack(system: System, options: SimulateOptions): { readonly made: Dataset; readonly read: Dataset } {
  const duration = 2 * system.timescale(Object.fromEntries(system.parameters.map((each) => [each.name, each.default])));
  const { text, dataset } = simulate(system, { trajectories: 2, samples: 12, duration, ...options });
  return { made: dataset, read: readTable(text, { name: `${system.name}.csv` }) };
}

interface Named {
  readonly name: string;
  readonly unit: { readonly symbol: string };
}

const words = (axis: Named | null): readonly string[] | null => (axis === null ? null : [axis.name, axis.unit.symbol]);

/** Names, roles and every number; the kind of a coordinate without a unit cannot be known. */
function expectSame({ made, read }: { readonly made: Dataset; readonly read: Dataset }): void {
  const roles = ({ observed }: Dataset): unknown =>
    observed.map(({ role, name, coordinate }) => [role, name, coordinate]);
  expect(roles(read)).toEqual(roles(made));
  expect(read.controls.map(({ name }) => name)).toEqual(made.controls.map(({ name }) => name));
  expect(read.coordinates.map(({ periodic }) => periodic)).toEqual(made.coordinates.map(({ periodic }) => periodic));
  const numbers = ({ trajectories }: Dataset): unknown =>
    trajectories.map(({ name, times, values, mask, controls }) => [name, times, values, mask, controls]);
  expect(numbers(read)).toEqual(numbers(made));
  expect(read.reading.columns.filter(({ role }) => role === "ignore")).toEqual([]);
}

/** With units nothing is left to guess. */
function expectEqual({ made, read }: { readonly made: Dataset; readonly read: Dataset }): void {
  expectSame({ made, read });
  expect(read.hash).toBe(made.hash);
  expect(read.observed.map(words)).toEqual(made.observed.map(words));
  expect(read.controls.map(words)).toEqual(made.controls.map(words));
}

describe.each(systems.map((system): [string, System] => [system.name, system]))("%s", (_, system) => {
  const rates = system.coordinates.flatMap(({ rate }) => rate ?? []);

  it("is read back with its coordinates, rates, roles and units where headers state them", () => {
    const { made, read } = readBack(system, { seed: 5, noise: { relative: 0.01 }, irregular: true, units: true });
    expectEqual({ made, read });
    expect(made.observed.map(({ name, unit, role }) => [name, unit.symbol, role])).toEqual(
      stateColumns(system).map(({ name, unit, role }) => [name, unit, role]),
    );
    expect(made.coordinates.map(({ kind, periodic }) => [kind, periodic])).toEqual(
      system.coordinates.map(({ kind, periodic }) => [kind, periodic]),
    );
    expect(
      made.coordinates.flatMap(({ velocity, momentum }) => velocity ?? momentum ?? []).map(({ name }) => name),
    ).toEqual(rates.map(({ name }) => name));
  });

  it("is read back without its rates, and with cells missing", () => {
    const { made, read } = readBack(system, { positionsOnly: true, missing: 0.2 });
    expectSame({ made, read });
    expect(made.observed).toHaveLength(system.coordinates.length);
    const masks = made.trajectories.flatMap(({ mask }) => [...mask]);
    const share = masks.filter((value) => value === 0).length / masks.length;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.6);
  });

  it("is read back with its controls, or says that it has none", () => {
    for (const signal of ["chirp", "steps", "random"] as const) {
      if (system.controls.length === 0) {
        expect(() => readBack(system, { control: { signal } })).toThrow(`Cannot drive ${system.name}`);
        continue;
      }
      expectSame(readBack(system, { control: { signal } }));
      const { made, read } = readBack(system, { control: { signal }, units: true });
      expectEqual({ made, read });
      expect(made.controls.map(({ name, unit }) => [name, unit.symbol])).toEqual(
        system.controls.map(({ name, unit }) => [name, unit]),
      );
    }
  });
});
