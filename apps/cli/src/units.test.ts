/**
 * The same motion recorded in two sets of units: every number of every output must be the same quantity. Numbers in JSON
 * are known by their paths, and a path that is not known fails; numbers in text are followed by their units.
 */
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fromSi, parseUnit, simulate, systemNamed, type Unit } from "@leastaction/dynamics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "./main.ts";
import { memoryIo, temporaryFolder } from "./testing/memory-io.ts";

const degree = 180 / Math.PI;
/** Of each kind of quantity, what its number in SI is multiplied by in the second set. */
const factors = { time: 1000, angle: degree, none: 1 } as const;
const symbols = [
  ["s", "ms"],
  ["rad", "deg"],
  ["N m", "mN m"],
] as const;

/** What a number in SI is multiplied by in a unit. */
const ratioOf = (symbol: string): number => (symbol === "" ? 1 : fromSi(parseUnit(symbol) as Unit, 1));

interface Outputs {
  readonly folder: string;
  readonly text: string;
  readonly json: unknown;
  readonly forecast: string;
  readonly report: string;
  readonly methods: string;
}

let plain: Outputs;
let own: Outputs;

/** A driven pendulum as a table in these units. */
function table([clock, angle, torque]: readonly string[]): string {
  const { dataset } = simulate(systemNamed("pendulum"), {
    seed: 5,
    trajectories: 8,
    duration: 5,
    samples: 101,
    noise: 0.005,
    parameters: { damping: 0.1 },
    control: { signal: "steps" },
  });
  const shown = (symbol: string, value: number): string => String(ratioOf(symbol) * value);
  const lines = dataset.trajectories.flatMap(({ name, times, values, controls }) =>
    Array.from(times, (time, row) =>
      [
        name,
        shown(clock as string, time),
        shown(angle as string, values[2 * row] as number),
        shown(`${angle}/s`, values[2 * row + 1] as number),
        shown(torque as string, controls[row] as number),
      ].join(","),
    ),
  );
  return `trajectory,t [${clock}],theta [${angle}],omega [${angle}/s],motor [${torque}]\n${lines.join("\n")}\n`;
}

async function outputsIn(units: readonly string[]): Promise<Outputs> {
  const folder = temporaryFolder({ "swing.csv": table(units) });
  const io = memoryIo(folder);
  const columns = "--column motor=control";
  const fit = `fit swing.csv --model pendulum,sparse-regression,hold --steps 12 --out run --json ${columns}`;
  expect(await main(fit.split(" "), io), io.text("error")).toBe(0);
  const predict = "predict run --data swing.csv --observe 1 --out forecast.csv";
  expect(await main(predict.split(" "), io), io.text("error")).toBe(0);
  const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");
  return {
    folder,
    text: io.text("error"),
    json: JSON.parse(io.text("out")) as unknown,
    forecast: read("forecast.csv"),
    report: read("run/report.html"),
    methods: read("run/methods.txt"),
  };
}

beforeAll(async () => {
  plain = await outputsIn(symbols.map(([first]) => first));
  own = await outputsIn(symbols.map(([, second]) => second));
}, 120_000);

afterAll(() => {
  for (const each of [plain, own]) rmSync(each.folder, { recursive: true, force: true });
});

/** What the number at a path of the object of `--json` is; null for what is the machine's own, such as seconds of work. */
const kinds: readonly (readonly [RegExp, keyof typeof factors | null])[] = [
  [/seconds$/, null],
  [/\.rmse\.theta$|^ranking\..*(selection\..*|test)$|^members\.\d+\.select$/, "angle"],
  [/\.validTime$|^observe$|horizon\.(median|low|high|longest)$/, "time"],
  [/horizon\.limits\.theta$/, "angle"],
  [/horizon\.(confidence|starts|failures|recordings|independent)$/, "none"],
  [/\.(fit\.theta|coverage|samples|seed|seeds|parameters|steps|from|to)$|^(seed|steps)$/, "none"],
];

/** All numbers of an object, by path. */
function numbersOf(value: unknown, at = ""): readonly (readonly [string, number])[] {
  if (typeof value === "number") return [[at, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => numbersOf(part, at === "" ? key : `${at}.${key}`));
}

describe("outputs in two sets of units", () => {
  test("the object of --json", () => {
    const { constants, ...json } = own.json as Record<string, unknown>;
    const { constants: plainConstants, ...plainJson } = plain.json as Record<string, unknown>;
    const expected = new Map(numbersOf(plainJson));
    const found = numbersOf(json);
    expect(found.length).toBeGreaterThan(50);
    for (const [at, value] of found) {
      const kind = kinds.find(([pattern]) => pattern.test(at))?.[1];
      expect(kind, `${at} is of no known kind`).not.toBe(undefined);
      if (kind === null || kind === undefined) continue;
      const there = factors[kind] * (expected.get(at) as number);
      expect(Math.abs(value - there), at).toBeLessThan(1e-3 * Math.abs(there) + 1e-9);
    }
    const rows = constants as readonly { readonly value: number; readonly unit: string; readonly name: string }[];
    rows.forEach(({ value, unit, name }, i) => {
      const there = (plainConstants as typeof rows)[i] as (typeof rows)[number];
      const factor = constantRatio(unit) / constantRatio(there.unit);
      expect(Math.abs(value - factor * there.value), name).toBeLessThan(1e-3 * Math.abs(factor * there.value) + 1e-6);
    });
    expect(rows.filter(({ unit }) => unit.includes("deg")).length).toBeGreaterThan(3);
  });

  test("the forecast table", () => {
    const rows = (text: string): readonly (readonly string[])[] =>
      text
        .trim()
        .split("\n")
        .map((line) => line.split(","));
    const [head, ...lines] = rows(own.forecast);
    const [plainHead, ...plainLines] = rows(plain.forecast);
    expect(head?.join()).toContain("theta [deg]");
    const unitIn = (header: string | undefined): string => /\[(.*)\]/.exec(header ?? "")?.[1] ?? "";
    const ratios = (head ?? []).map((header, i) => ratioOf(unitIn(header)) / ratioOf(unitIn(plainHead?.[i])));
    // The time has no unit in this table: it is that of the data. Bands are named after their coordinate.
    ratios[(head ?? []).indexOf("t")] = factors.time;
    for (const name of ["theta_low", "theta_high"]) ratios[(head ?? []).indexOf(name)] = factors.angle;
    expect(ratios.filter((ratio) => ratio !== 1)).toHaveLength(5);
    expect(lines).toHaveLength(plainLines.length);
    lines.forEach((line, row) => {
      line.forEach((cell, i) => {
        const there = (ratios[i] as number) * Number(plainLines[row]?.[i]);
        expect(Math.abs(Number(cell) - there)).toBeLessThan(1e-3 * Math.max(Math.abs(there), ratios[i] as number));
      });
    });
  });

  test.each([
    ["text", 9],
    ["report", 12],
    ["methods", 3],
  ] as const)("the %s: every number with its unit", (output, least) => {
    const [words, plainWords] = [quantities(own[output]), quantities(plain[output])];
    expect(words.length).toBeGreaterThanOrEqual(least);
    expect(words.map(({ before }) => before)).toEqual(plainWords.map(({ before }) => before));
    words.forEach(({ value, unit, before }, i) => {
      const there = plainWords[i] as Quantity;
      const expected = (there.value * ratioOf(unit)) / ratioOf(there.unit);
      // Three digits are shown, and small numbers are rounded coarsely; "within" takes the next of 1, 2 and 5.
      const slack = before === "within" ? 0.6 : 0.02;
      expect(Math.abs(value - expected), `${before} ${value} ${unit}`).toBeLessThan(slack * Math.abs(expected) + 0.02);
    });
  });
});

/** `deg/(s^2 mN m)`, of which the time is never the user's. */
function constantRatio(unit: string): number {
  const [above = "", below = ""] = unit.split("/");
  const part = (text: string): number => (/deg/.test(text) ? degree : 1) * (/mN m/.test(text) ? 1000 : 1);
  return part(above) / part(below);
}

interface Quantity {
  readonly before: string;
  readonly value: number;
  readonly unit: string;
}

/** Numbers that a unit of either set follows, each with the word before it. */
function quantities(text: string): readonly Quantity[] {
  const plainText = text.replace(/<svg[\s\S]*?<\/svg>/g, "").replace(/<[^>]*>/g, " ");
  const pattern = /(\p{L}+)[^\p{L}\d]*?([−-]?\d[\d,]*(?:\.\d+)?) (rad\/s|deg\/s|rad|deg|ms|s)(?![\w²/^])/gu;
  return Array.from(plainText.matchAll(pattern), ([, before = "", digits = "", unit = ""]) => ({
    before,
    value: Number(digits.replace("−", "-").replaceAll(",", "")),
    unit,
  })).filter(({ before }) => !["in", "step", "loss", "left"].includes(before));
}
