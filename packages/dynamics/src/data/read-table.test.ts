import { describe, expect, it } from "vitest";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { describeReading } from "./describe-reading.ts";
import { type ReadTableOptions, readTable } from "./read-table.ts";
import type { Role } from "./reading.ts";

const rows = 24;

/** A swing of 0.5 rad at 1 Hz, sampled at 20 Hz, one function for each column. */
function table(
  header: string,
  columns: readonly ((t: number, row: number) => number | string)[],
  separator = ",",
): string {
  const lines = Array.from({ length: rows }, (_, row) =>
    columns.map((column) => column(row / 20, row)).join(separator),
  );
  return `${header}${header === "" ? "" : "\n"}${lines.join("\n")}\n`;
}

const t = (time: number): number => time;
const theta = (time: number): number => 0.5 * Math.cos(2 * Math.PI * time);
const omega = (time: number): number => -Math.PI * Math.sin(2 * Math.PI * time);
const degrees = (of: (time: number) => number) => (time: number) => (of(time) * 180) / Math.PI;

function rolesOf(dataset: Dataset): Record<string, Role> {
  return Object.fromEntries(dataset.reading.columns.map((column) => [column.name, column.role]));
}

function errorOf(text: string, options: ReadTableOptions = {}): DataError {
  try {
    readTable(text, { name: "rig.csv", ...options });
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("readTable: layouts", () => {
  const reference = readTable(table("t,theta,omega", [t, theta, omega]), { name: "run.csv" });

  it.each([
    ["tabs", table("t\ttheta\tomega", [t, theta, omega], "\t")],
    ["semicolons", table("t;theta;omega", [t, theta, omega], ";")],
    ["blanks", table("t theta omega", [t, theta, omega], "  ")],
    ["decimal commas", table("t;theta;omega", [t, theta, omega], ";").replaceAll(".", ",")],
    ["windows line ends", table("t,theta,omega", [t, theta, omega]).replaceAll("\n", "\r\n")],
    ["old mac line ends", table("t,theta,omega", [t, theta, omega]).replaceAll("\n", "\r")],
    ["byte-order mark", `\ufeff${table("t,theta,omega", [t, theta, omega])}`],
    ["quotes", table('"t","theta","omega"', [(time) => `"${time}"`, theta, omega])],
    ["header in a comment", table("% a pendulum\n% t theta omega", [t, theta, omega], " ")],
    ["comments and blank lines", `# made by hand\n\n${table("t,theta,omega", [t, theta, omega])}# end\n\n`],
    ["comma at the end of lines", table("t,theta,omega,", [t, theta, omega, () => ""])],
    ["other order of columns", table("omega,theta,t", [omega, theta, t])],
  ])("%s read to the same data", (_, text) => {
    expect(readTable(text, { name: "run.csv" }).hash).toBe(reference.hash);
  });

  it("reads positions without a header", () => {
    const dataset = readTable(table("", [t, theta, omega]), { columns: { 2: "theta", 3: "omega" }, name: "run.csv" });
    expect(dataset.hash).toBe(reference.hash);
    expect(rolesOf(readTable(table("", [t, theta])))).toEqual({ column1: "time", column2: "coordinate" });
  });

  it("does not take prose in a comment for a header", () => {
    const dataset = readTable(table("# measured by me", [t, theta, omega], " "));
    expect(dataset.reading.headerLine).toBeNull();
  });

  it("keeps quoted delimiters, doubled quotes and line ends in one field", () => {
    const text = table('"t","theta","a ""note"",\nlong"', [t, theta, () => '"x,y"']);
    expect(readTable(text).reading.columns[2]).toMatchObject({ header: 'a "note",\nlong', role: "ignore" });
  });
});

describe("readTable: roles and units", () => {
  it("reads angles, rates, controls and times in the user's units", () => {
    const text = table("t_ms,theta [deg],omega (deg/s),u [V]", [
      (time) => 1000 * time,
      degrees(theta),
      degrees(omega),
      t,
    ]);
    const dataset = readTable(text);
    expect(dataset.coordinates).toMatchObject([
      {
        name: "theta",
        header: "theta [deg]",
        kind: "angle",
        periodic: true,
        velocity: { name: "omega" },
        momentum: null,
      },
    ]);
    expect(dataset.observed.map(({ name, role }) => [name, role])).toEqual([
      ["theta", "position"],
      ["omega", "velocity"],
    ]);
    const [run] = dataset.trajectories;
    expect(run?.times[3]).toBe(0.15);
    expect(run?.values[0]).toBeCloseTo(0.5, 15);
    expect(run?.values[2 * 3 + 1]).toBeCloseTo(omega(0.15), 12);
    expect(run?.controls[3]).toBe(0.15);
    expect(dataset.reading.oddities).toEqual([]);
    expect(dataset.reading.columns[1]).toMatchObject({ minimum: degrees(theta)(0.5), decided: "by name and unit" });
  });

  it("takes what is declared", () => {
    const text = table("clock,enc,enc_rate,mot", [(time) => 1000 * time, degrees(theta), degrees(omega), t]);
    const columns = { enc: "angle:deg", clock: "time:ms", mot: "control:V" };
    const dataset = readTable(text, { columns });
    expect(rolesOf(dataset)).toEqual({ clock: "time", enc: "angle", enc_rate: "velocity", mot: "control" });
    expect(dataset.coordinates[0]?.velocity?.unit.symbol).toBe("deg/s");
    expect(dataset.trajectories[0]?.values[1]).toBe(0);
    expect(dataset.reading.columns[2]?.pairedWith).toBe("enc");
  });

  it("takes a unit alone, a new name, and names with units by position", () => {
    const text = table("a1,b1", [t, degrees(theta)]);
    const dataset = readTable(text, { columns: { a1: "t", 2: "theta1:angle:deg" } });
    expect(rolesOf(dataset)).toEqual({ t: "time", theta1: "angle" });
    const numbered = readTable(text, { columns: { a1: "time1:s", 2: "angle1:deg" } });
    expect(numbered.coordinates[0]?.name).toBe("angle1");
    const other = readTable(table("t,theta", [t, degrees(theta)]), { columns: { theta: ":deg" } });
    expect(other.coordinates[0]?.unit.symbol).toBe("deg");
  });

  it("pairs several coordinates with their rates and momenta", () => {
    const text = table("t,theta2,theta1,omega1,omega2", [t, theta, theta, omega, omega]);
    const { coordinates } = readTable(text);
    expect(coordinates.map(({ name, velocity }) => [name, velocity?.name])).toEqual([
      ["theta2", "omega2"],
      ["theta1", "omega1"],
    ]);
    const canonical = readTable(table("t,q,p", [t, theta, omega])).coordinates[0];
    expect(canonical).toMatchObject({ name: "q", momentum: { name: "p" }, velocity: null, periodic: false });
    const moving = readTable(table("t,x [m],v [m/s]", [t, theta, omega])).coordinates[0];
    expect(moving).toMatchObject({ kind: "length", velocity: { name: "v" } });
  });

  it("lets a known unit outweigh a name", () => {
    expect(rolesOf(readTable(table("t,q [rad],r [rad/s]", [t, theta, omega])))).toMatchObject({
      q: "angle",
      r: "velocity",
    });
  });

  it("splits trajectories and keeps the split's words", () => {
    const text = table("t,run,split,theta", [
      t,
      (_, row) => (row < 14 ? 0 : 1),
      (_, row) => (row < 14 ? "id" : "vad"),
      theta,
    ]);
    const dataset = readTable(text);
    expect(dataset.trajectories.map(({ name, split, times }) => [name, split, times.length])).toEqual([
      ["0", "id", 14],
      ["1", "vad", 10],
    ]);
  });

  it("puts interleaved rows together", () => {
    const text = table("t,run,theta", [(_, row) => row >> 1, (_, row) => ["a", "b"][row % 2] as string, theta]);
    expect(readTable(text).trajectories.map(({ name, times }) => [name, times.length])).toEqual([
      ["a", 12],
      ["b", 12],
    ]);
  });

  it("masks what is missing or declared invalid, and keeps sigmas and the trigger", () => {
    const value = (time: number, row: number): number | string => (row === 3 ? "" : row === 4 ? "NaN" : theta(time));
    const columns = [
      t,
      value,
      () => 0.01,
      (_: number, row: number) => (row === 7 ? 0 : 1),
      (_: number, row: number) => (row < 5 ? 0 : 1),
    ];
    const [run] = readTable(table("t,theta,theta_sigma,valid,trigger", columns)).trajectories;
    expect([...(run?.mask ?? [])].map((bit, row) => (bit === 0 ? row : -1)).filter((row) => row >= 0)).toEqual([
      3, 4, 7,
    ]);
    expect(run?.values[3]).toBeNaN();
    expect(run?.values[7]).toBeNaN();
    expect(run?.sigmas?.[0]).toBe(0.01);
    expect(run?.triggerTime).toBe(0.25);
  });
});

describe("readTable: oddities", () => {
  const oddities = (text: string, options: ReadTableOptions = {}): string =>
    readTable(text, options)
      .reading.oddities.map(({ found, remedy }) => `${found}. ${remedy}`)
      .join("\n");

  it("sees degrees without a unit", () => {
    expect(oddities(table("t,enc", [t, degrees(theta)]), { columns: { enc: "angle" } })).toBe(
      "no unit and a range of 57.296, above 2 pi: looks like degrees unless it turns over. Taken as rad; say --column enc=angle:deg, or :rad.",
    );
  });

  it("sees radians called degrees", () => {
    expect(oddities(table("t,theta [deg]", [t, theta]))).toContain("looks like radians");
  });

  it("sees a rate in another unit than its angle", () => {
    expect(oddities(table("t,theta,omega", [t, theta, degrees(omega)]))).toContain(
      "looks like deg/s. Say --column omega=velocity:deg/s",
    );
    expect(oddities(table("t,theta [deg],omega", [t, degrees(theta), omega]))).toContain("looks like rad/s");
    expect(oddities(table("t,x,v", [t, theta, (time) => -omega(time)]))).toContain("Check its unit and its sign");
  });

  it("sees gaps, wrapped angles, constants, missing values and unused columns", () => {
    expect(oddities(table("t,theta", [(time, row) => (row < 10 ? time : time + 1), theta]))).toContain(
      "1 gap, the longest 1.05 s",
    );
    const wrapped = (time: number): number => ((3 + 10 * time + Math.PI) % (2 * Math.PI)) - Math.PI;
    expect(oddities(table("t,theta", [t, wrapped]))).toContain("jumps of a whole turn");
    expect(oddities(table("t,theta,x", [t, theta, () => 1]))).toContain("constant");
    expect(oddities(table("t,theta", [t, (time, row) => (row === 2 ? "" : theta(time))]))).toContain("1 value missing");
    expect(oddities(table("t,theta,wombat", [t, theta, theta]))).toContain(
      "not used, its name is not known. Say --column wombat=",
    );
    expect(oddities(table("t,theta,remark", [t, theta, () => "good"]))).toContain("Say --column remark=trajectory");
    expect(oddities(table("t,x [wombat]", [t, theta]))).toContain("the unit wombat is not known");
  });

  it("finds nothing odd in clean data", () => {
    expect(oddities(table("t,theta,omega", [t, theta, omega]))).toBe("");
  });

  it("is printed in one line for each column", () => {
    const text = table("t,theta [deg],wombat", [t, degrees(theta), theta]);
    expect(describeReading(readTable(text, { name: "rig.csv" }).reading)).toEqual([
      "rig.csv: 24 rows, 1 trajectory, comma, header in line 1",
      "  t: time [s]  0 .. 1.15  20 Hz  (by name, no unit: taken as s)",
      "  theta: angle [deg]  -28.648 .. 28.648  (by name and unit)",
      "  wombat: ignore  (by exclusion)",
      "1 oddity:",
      "  1. wombat: not used, its name is not known (rig.csv, line 1)",
      "     Say --column wombat=coordinate, =velocity, =control or =ignore.",
    ]);
  });
});

describe("readTable: errors", () => {
  const good = table("t,theta", [t, theta]);

  it("says file, place, expected, found and remedy", () => {
    const error = errorOf(good.replace(/^0\.1,.*$/m, "0.1,abc"));
    expect(error).toMatchObject({
      code: "not-a-number",
      file: "rig.csv",
      line: 4,
      column: "theta",
      expected: "a number",
      found: '"abc"',
    });
    expect(error.message).toBe(
      'Cannot read rig.csv: expected a number, got "abc" (line 4, column theta)\n' +
        "Correct the cell, leave it empty if the value is missing or say --missing abc, or do not use the column: --column theta=ignore.",
    );
  });

  it.each<[string, string, ReadTableOptions, Partial<DataError>]>([
    ["empty text", "", {}, { code: "empty", line: null }],
    ["only comments", "# nothing\n% here\n", {}, { code: "empty" }],
    [
      "too few rows",
      "t,theta\n0,1\n1,2\n",
      {},
      { code: "too-few-rows", expected: "at least 20 rows of data", found: "2" },
    ],
    ["header only", "t,theta\n", {}, { code: "too-few-rows", found: "0" }],
    ["ragged row", good.replace(/^0\.1,.*$/m, "0.1"), {}, { code: "ragged-row", line: 4, found: "1" }],
    ["too many cells", good.replace(/^0\.1,.*$/m, "0.1,1,2"), {}, { code: "ragged-row", line: 4, found: "3" }],
    [
      "duplicate header",
      table("t,theta,theta", [t, theta, theta]),
      {},
      { code: "duplicate-header", line: 1, column: "theta" },
    ],
    [
      "backward time",
      good.replace(/^0\.15,/m, "0.05,"),
      {},
      { code: "time-not-increasing", line: 5, column: "t", expected: "a time after 0.1", found: "0.05" },
    ],
    ["repeated time", good.replace(/^0\.15,/m, "0.1,"), {}, { code: "time-not-increasing", line: 5 }],
    ["missing time", good.replace(/^0\.15,/m, ","), {}, { code: "missing-value", line: 5, column: "t" }],
    ["infinite value", good.replace(/^0\.1,.*$/m, "0.1,Infinity"), {}, { code: "not-a-number", line: 4 }],
    ["hexadecimal value", good.replace(/^0\.1,.*$/m, "0.1,0x10"), {}, { code: "not-a-number", line: 4 }],
    [
      "missing column",
      good,
      { columns: { enc: "angle:deg" } },
      { code: "missing-column", column: "enc", found: "the columns t, theta" },
    ],
    ["position too far", good, { columns: { 3: "angle:deg" } }, { code: "missing-column", column: "3" }],
    [
      "unknown unit",
      good,
      { columns: { theta: "angle:dgr" } },
      { code: "unknown-unit", column: "theta", found: '"dgr"' },
    ],
    [
      "unit of another kind",
      good,
      { columns: { theta: "angle:mm" } },
      { code: "unit-mismatch", column: "theta", found: "mm" },
    ],
    ["bad declaration", good, { columns: { theta: "a:b:c:d" } }, { code: "bad-option", column: "theta" }],
    [
      "a role with letters exchanged",
      good,
      { columns: { theta: "angel:deg" } },
      { code: "bad-option", remedy: expect.stringContaining("Did you mean --column theta=angle:deg?") as string },
    ],
    ["a role in the plural", good, { columns: { theta: "angles" } }, { code: "bad-option", column: "theta" }],
    ["a role with a letter missing", good, { columns: { theta: "cordinate:deg" } }, { code: "bad-option" }],
    ["empty declaration", good, { columns: { theta: "" } }, { code: "bad-option", column: "theta" }],
    ["no time", table("theta,omega", [theta, omega]), {}, { code: "no-time", found: "the columns theta, omega" }],
    ["no coordinate", table("t,u", [t, theta]), {}, { code: "no-coordinate", found: "t (time), u (control)" }],
    ["two declared times", good, { columns: { theta: "time:s", t: "time" } }, { code: "role-conflict" }],
    [
      "declared rate of nothing",
      good,
      { columns: { theta: "velocity:rad/s" } },
      { code: "role-conflict", column: "theta" },
    ],
    ["open quote", `${good}"1.3,0\n`, {}, { code: "unclosed-quote", line: 26 }],
    [
      "empty trajectory",
      table("t,run,theta", [t, (_, row) => (row === 5 ? "" : 1), theta]),
      {},
      { code: "missing-value", line: 7, column: "run" },
    ],
  ])("%s", (_, text, options, facts) => {
    const error = errorOf(text, options);
    expect(error).toMatchObject(facts);
    expect(error.message).toContain(`Cannot read rig.csv: expected ${error.expected}, got ${error.found}`);
    expect(error.message.split("\n")[1]).toBe(error.remedy);
  });

  it("names all columns of a header that names only the state", () => {
    const text = table("% o w", [() => "0.0e+000", t, theta, omega], "  ").replaceAll("\n", "\r\n");
    const error = errorOf(text);
    expect(error).toMatchObject({
      code: "header-mismatch",
      line: 1,
      found: "2 (o w)",
      expected: "a name for each of the 4 columns",
    });
    expect(error.remedy).toContain("--column 1=trajectory --column 2=time:s --column 3=o --column 4=w");
    const dataset = readTable(text, { columns: { 1: "trajectory", 2: "time:s", 3: "o:angle", 4: "w" } });
    expect(rolesOf(dataset)).toEqual({ trajectory: "trajectory", t: "time", o: "angle", w: "velocity" });
    expect(dataset.trajectories.map(({ name }) => name)).toEqual(["0"]);
  });

  it("names the time that could be meant", () => {
    expect(errorOf(table("clock,theta", [t, theta])).remedy).toContain(
      "--column clock=time:s (clock rises all the time)",
    );
  });

  it("has no text that loops for long", () => {
    const text = `${"[".repeat(200_000)},theta\n${'""'.repeat(100_000)},1\n`;
    expect(errorOf(text).code).toBe("no-time");
  });
});
