import { describe, expect, it } from "vitest";
import { datasetOf } from "./dataset-of.ts";
import { textSource } from "./text-source.ts";

const table = (header: string, angles: readonly number[]): string =>
  [header, ...angles.map((angle, row) => `${row / 10},${angle}`)].join("\n");

describe("datasetOf", () => {
  const options = { minimumRows: 2 };

  it("makes one trajectory of each file, named after it", () => {
    const data = datasetOf(
      [
        textSource(table("t,enc [deg]", [1, 2, 3]), { name: "rig/run1.csv" }),
        textSource(table("t,enc [deg]", [3, 2, 1, 0]), { name: "rig/run2.csv" }),
      ],
      options,
    );
    expect(data.name).toBe("rig/run1.csv and 1 more");
    expect(data.trajectories.map(({ name, times }) => [name, times.length])).toEqual([
      ["run1", 3],
      ["run2", 4],
    ]);
    expect(data.reading.rows).toBe(7);
    expect(data.reading.columns[1]).toMatchObject({ minimum: 0, maximum: 3 });
  });

  it("tells apart files of one name, and equal words of two files", () => {
    const same = ["a/run.csv", "b/run.csv"].map((name) => textSource(table("t,enc", [1, 2, 3]), { name }));
    expect(datasetOf(same, options).trajectories.map(({ name }) => name)).toEqual(["a/run.csv", "b/run.csv"]);
    const words = ["a.csv", "b.csv"].map((name) => textSource("run,t,enc\n1,0,1\n1,1,2\n2,0,2\n2,1,2", { name }));
    expect(datasetOf(words, options).trajectories.map(({ name }) => name)).toEqual([
      "a.csv/1",
      "a.csv/2",
      "b.csv/1",
      "b.csv/2",
    ]);
  });

  it("takes columns of another order and unit by their names", () => {
    const degrees = textSource("t,enc [deg]\n0,0\n0.1,180", { name: "a.csv" });
    const radians = textSource(`enc [rad],t [ms]\n0,0\n${Math.PI},100`, { name: "b.csv" });
    const [first, second] = datasetOf([degrees, radians], options).trajectories;
    expect(second?.values).toEqual(first?.values);
    expect(second?.times[1]).toBeCloseTo(0.1, 15);
    const { columns } = datasetOf([degrees, radians], options).reading;
    expect(columns[1]).toMatchObject({ minimum: 0, maximum: 180, unit: "deg" });
  });

  it("refuses a file that does not measure the same", () => {
    const sources = [
      textSource("t,theta,mot\n0,1,0\n1,2,0", { name: "a.csv" }),
      textSource("t,theta,x\n0,1,2\n1,2,2", { name: "b.csv" }),
    ];
    expect(() => datasetOf(sources, options)).toThrow(
      "Cannot read b.csv: expected the control mot, as in a.csv, got t (time), theta (angle), x (coordinate) (column mot)",
    );
  });

  it("refuses no file at all", () => {
    expect(() => datasetOf([])).toThrow("Cannot read the data: expected at least one table, got none");
  });
});
