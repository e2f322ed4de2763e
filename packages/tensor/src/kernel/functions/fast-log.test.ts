import { describe, expect, it } from "vitest";
import { runFunction, sweepOf, worstError } from "../testing/measure-function.ts";
import { fastLog, fastLog1p } from "./fast-log.ts";

const positive = (sweepOf("float32", -126, 128) as Float32Array).map(Math.abs);
const middle = (sweepOf("float32", -1, 1) as Float32Array).map(Math.abs);
/** Near 1 and next to it. */
const nearOne = (sweepOf("float32", -24, -1) as Float32Array).map((x) => 1 + x);

describe("fastLog", () => {
  it.each([positive, middle, nearOne])("stays within 4 units of the last place", (x) => {
    const worst = worstError(runFunction(fastLog, x), x, Math.log);
    expect(worst).toBeGreaterThan(0.5);
    expect(worst).toBeLessThan(4);
  });
  it("has its poles, and keeps NaN", () => {
    const edges = Float32Array.of(1, 0, -0, 1e-40, -1e-40, -1, Infinity, -Infinity, Number.NaN, 1, 1, 1);
    const found = [...runFunction(fastLog, edges)].slice(0, 9);
    const { NaN: not } = Number;
    expect(found).toEqual([0, -Infinity, -Infinity, -Infinity, not, not, Infinity, not, not]);
  });
});

describe("fastLog1p", () => {
  const small = sweepOf("float32", -126, -0.0001) as Float32Array;
  const nearPole = (sweepOf("float32", -24, -1) as Float32Array).map((x) => -1 + Math.abs(x));
  it.each([positive, middle, small, nearPole])("stays within 4 units of the last place", (x) => {
    const worst = worstError(runFunction(fastLog1p, x), x, Math.log1p);
    expect(worst).toBeGreaterThan(0.5);
    expect(worst).toBeLessThan(4);
  });
  it("has its pole, and keeps NaN", () => {
    const edges = Float32Array.of(0, -1, -1.1, -1e30, -Infinity, Infinity, Number.NaN, 0);
    const { NaN: not } = Number;
    expect([...runFunction(fastLog1p, edges)]).toEqual([0, -Infinity, not, not, not, Infinity, not, 0]);
  });
});

it("scalars give the bits of vectors", () => {
  for (const write of [fastLog, fastLog1p]) {
    expect(runFunction(write, positive, "scalars")).toEqual(runFunction(write, positive));
  }
});
