// The same bits everywhere: digests that every engine must meet; and close to what this engine has.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { hostMath } from "./host-math.ts";

const { exp, log, sin, cos, atan2, power, tenTo } = hostMath;
const random = hostRandom(7);
/** Numbers of either sign over many sizes: of 32 random bits and a power of two, exact in any engine. */
const spread = (count: number, least: number, greatest: number): Float64Array =>
  Float64Array.from({ length: count }, () => {
    const exponent = least + Math.floor(random.uniform() * (greatest - least));
    return (random.uniform() < 0.5 ? -1 : 1) * (1 + random.uniform()) * 2 ** exponent;
  });
const angles = spread(20000, -30, 1000);
const small = spread(20000, -20, 9);
const positive = spread(20000, -1020, 1020).map(Math.abs);

/** Units of the last place between two numbers. */
const ulps = (a: number, b: number): number => {
  if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const unit = Math.max(5e-324, 2 ** (Math.floor(Math.log2(Math.abs(b))) - 52));
  return Math.abs(a - b) / unit;
};
const worst = (f: (x: number) => number, g: (x: number) => number, over: Float64Array): number =>
  over.reduce((most, x) => Math.max(most, ulps(f(x), g(x))), 0);
const digest = (f: (x: number) => number, over: Float64Array): string =>
  createHash("sha256").update(over.map(f)).digest("hex").slice(0, 16);

describe("hostMath", () => {
  test("is within two units of the last place of the engine's own functions, which are within one", () => {
    expect(worst(exp, Math.exp, small)).toBeLessThanOrEqual(2);
    expect(worst(log, Math.log, positive)).toBeLessThanOrEqual(2);
    expect(worst(sin, Math.sin, angles)).toBeLessThanOrEqual(2);
    expect(worst(cos, Math.cos, angles)).toBeLessThanOrEqual(2);
    expect(
      worst(
        (x) => atan2(x, 3),
        (x) => Math.atan2(x, 3),
        small,
      ),
    ).toBeLessThanOrEqual(2);
    expect(
      worst(
        (x) => atan2(3, x),
        (x) => Math.atan2(3, x),
        small,
      ),
    ).toBeLessThanOrEqual(2);
  });

  test.each([
    ["exp", exp, small, "25853cde4203f905"],
    ["log", log, positive, "0d772a0b3b802f72"],
    ["sin", sin, angles, "fc1bf3f6a6eab14e"],
    ["cos", cos, angles, "8799c2091bc69cd1"],
    ["atan2", (x: number) => atan2(x, -2), small, "ad868d5ad1658b5c"],
    ["tenTo", tenTo, small, "659e3cd077376abc"],
    ["power", (x: number) => power(x, 5), small, "27272f3a01a593bb"],
  ] as const)("%s has these bits", (_, f, over, bits) => {
    expect(digest(f, over)).toBe(bits);
  });

  test("has the special values of IEEE 754", () => {
    expect([exp(0), exp(-Infinity), exp(Infinity), exp(NaN), exp(-745), exp(-746)]).toEqual([
      1,
      0,
      Infinity,
      NaN,
      5e-324,
      0,
    ]);
    expect([log(1), log(0), log(-1), log(Infinity), log(5e-324)]).toEqual([
      0,
      -Infinity,
      NaN,
      Infinity,
      Math.log(5e-324),
    ]);
    expect([sin(-0), sin(0), cos(0), sin(Infinity), cos(NaN)]).toEqual([-0, 0, 1, NaN, NaN]);
    expect([atan2(0, -1), atan2(-0, -1), atan2(1, 0), atan2(Infinity, 1)]).toEqual([
      Math.PI,
      -Math.PI,
      Math.PI / 2,
      Math.PI / 2,
    ]);
    expect([power(3, 4), power(2, -2), power(5, 0)]).toEqual([81, 0.25, 1]);
  });
});

/** What only words, drawings and checks are made of: their last bits reach no number of a run. */
const allowed = [
  "adjoint/check-gradient.ts",
  "data/sha256.ts",
  "host-math/host-math.ts",
  "solve/bisect.ts",
  "solver/hermite-dense.ts",
  "solver/nystrom-tree.ts",
  "system/drawing.ts",
  "train/equation-lines.ts",
  "train/plain-words.ts",
  "train/trust.ts",
];

test("nothing else of this package asks the engine for such a function", () => {
  const source = path.resolve(import.meta.dirname, "..");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.includes("testing"),
  );
  const asks =
    /\bMath\.(?:a?(?:sin|cos|tan)h?|atan2|exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot)\b|(?<![2\s(]) \*\* (?!2\b)/;
  const found = files.filter((name) =>
    readFileSync(path.join(source, name), "utf8")
      .split("\n")
      .some((line) => asks.test(line) && !/^\s*(?:\*|\/\/|\/\*)/.test(line)),
  );
  expect(found.map((name) => name.replaceAll(path.sep, "/")).sort()).toEqual(allowed);
});
