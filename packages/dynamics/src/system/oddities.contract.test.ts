/** Nothing is named odd in clean simulated data but what is true of it. */
import { describe, expect, it } from "vitest";
import { readTable } from "../data/read-table.ts";
import { simulate } from "./simulate.ts";
import type { System } from "./system.ts";
import { systems } from "./systems.ts";

/** What is odd about a simulated table, in the form `kind column`. */
function odditiesOf(system: System, noise: number, units: boolean, seed: number): readonly string[] {
  const { text } = simulate(system, { units, noise: { relative: noise }, seed, trajectories: 3 });
  return readTable(text, { name: "simulated.csv" }).reading.oddities.map(({ kind, column }) => `${kind} ${column}`);
}

describe.each(systems.map((system): [string, System] => [system.name, system]))("%s", (_, system) => {
  it("shows nothing odd, exact or with 1 % of noise", () => {
    expect(odditiesOf(system, 0, true, 1)).toEqual([]);
    expect(odditiesOf(system, 0.01, true, 2)).toEqual([]);
  });

  it("shows without units at most that an angle turns over", () => {
    for (const oddity of odditiesOf(system, 0, false, 3)) expect(oddity).toMatch(/^degrees-as-radians /);
  });
});
