import { describe, expect, it } from "vitest";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { readTable } from "./read-table.ts";
import { usedSpan } from "./span.ts";

/** Two runs of 40 samples at 10 Hz; run b starts a second later and is triggered three samples later. */
function dataset(trigger: (run: string, row: number) => number): Dataset {
  const lines = ["t,run,trig,theta"];
  for (const run of ["a", "b"]) {
    for (let row = 0; row < 40; row++) {
      lines.push(`${row / 10 + (run === "b" ? 1 : 0)},${run},${trigger(run, row)},${Math.sin(row)}`);
    }
  }
  return readTable(lines.join("\n"), { name: "rig.csv", columns: { trig: "trigger" } });
}

const triggered = dataset((run, row) => (row >= (run === "a" ? 5 : 8) ? 3.3 : 0));

describe("usedSpan", () => {
  it("begins each trajectory at its own trigger, which becomes t = 0", () => {
    const cut = usedSpan(triggered, { start: "trigger", stop: 2 });
    for (const [index, trajectory] of cut.trajectories.entries()) {
      expect(trajectory.times).toHaveLength(21);
      expect(trajectory.times[0]).toBe(0);
      expect(trajectory.times[20]).toBeCloseTo(2, 12);
      expect(trajectory.values[0]).toBe(triggered.trajectories[index]?.values[index === 0 ? 5 : 8]);
      expect(trajectory.triggerTime).toBe(0);
      expect(Object.keys(trajectory).sort()).toEqual(Object.keys(triggered.trajectories[index] ?? {}).sort());
    }
  });

  it("takes stated times on the clock of the recording, both ends included", () => {
    const [a, b] = usedSpan(triggered, { start: 1.2, stop: 3.1 }).trajectories;
    expect([a?.times[0], a?.times.at(-1), a?.times.length]).toEqual([1.2, 3.1, 20]);
    expect([b?.times[0], b?.times.at(-1)]).toEqual([1.2, 3.1]);
    expect(a?.mask).toHaveLength(20);
    expect(usedSpan(triggered, {})).toBe(triggered);
  });

  it("says what is missing", () => {
    const plain = dataset(() => 0);
    expect(() => usedSpan(plain, { start: "trigger" })).toThrow(
      "Cannot read rig.csv: expected a trigger in trajectory a, got only zeros",
    );
    const without = readTable("t,x\n0,1\n1,2\n2,3", { minimumRows: 3 });
    expect(() => usedSpan(without, { start: "trigger" })).toThrow("expected a trigger column, got none");
    expect(() => usedSpan(triggered, { start: 4.5 })).toThrow(DataError);
    expect(() => usedSpan(triggered, { start: 4.5 })).toThrow(
      "expected samples of a from 4.5 to 3.9 s, got recorded from 0 to 3.9 s",
    );
  });
});
