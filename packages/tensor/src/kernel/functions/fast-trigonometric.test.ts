import { describe, expect, it } from "vitest";
import { floatsOf, runFunction, sweepOf, worstError } from "../testing/measure-function.ts";
import { fastCos, fastSin } from "./fast-trigonometric.ts";

/** Where the parts end, and how far from the truth a result may be at zeros far from 0. */
const cases = [
  { dtype: "float32", bound: 12867, floor: 2 ** -34 },
  { dtype: "float64", bound: 3294198, floor: 2 ** -64 },
] as const;
const functions = [
  { name: "sin", write: fastSin, truth: Math.sin },
  { name: "cos", write: fastCos, truth: Math.cos },
] as const;

/** Multiples of pi/2, rounded, and their neighbours, up to a bound: the zeros of both, and their peaks. */
function multiples(dtype: "float32" | "float64", bound: number): Float32Array | Float64Array {
  const count = Math.min(1 << 14, Math.floor(bound / (Math.PI / 2)));
  const each = bound / (Math.PI / 2) / count;
  const unit = dtype === "float64" ? 2 ** -52 : 2 ** -23;
  const at = (i: number): number => Math.floor((i >> 2) * each) * (Math.PI / 2) * (1 + ((i & 3) - 1) * unit);
  return floatsOf(
    dtype,
    Array.from({ length: count * 4 }, (_, i) => at(i)),
  );
}

describe.each(functions)("fast $name", ({ write, truth }) => {
  it.each(cases)("stays within 4 units of the last place of $dtype, or the floor at zeros", (each) => {
    const { dtype, bound, floor } = each;
    const worst = [sweepOf(dtype, -30, 4), sweepOf(dtype, 4, Math.log2(bound)), multiples(dtype, bound)].map((x) =>
      worstError(runFunction(write, x), x, truth, floor),
    );
    expect(worst[0]).toBeGreaterThan(0.5);
    expect(Math.max(...worst)).toBeLessThan(4);
  });
  it.each(cases)("stays within 4 units of the last place of $dtype beyond the parts", ({ dtype, bound }) => {
    const x = sweepOf(dtype, Math.log2(bound) - 1, dtype === "float64" ? 1000 : 127);
    expect(worstError(runFunction(write, x), x, truth)).toBeLessThan(4);
  });
  it.each(cases)("is even or odd in $dtype, and NaN where there is no value", ({ dtype }) => {
    const x = sweepOf(dtype, -30, 40);
    const [plus, minus] = [
      runFunction(write, x),
      runFunction(
        write,
        x.map((value) => -value),
      ),
    ];
    expect(plus.every((value, i) => value === (truth === Math.sin ? -(minus[i] as number) : minus[i]))).toBe(true);
    const edges = floatsOf(dtype, [0, Infinity, -Infinity, Number.NaN]);
    expect([...runFunction(write, edges)]).toEqual([truth(0), Number.NaN, Number.NaN, Number.NaN]);
  });
  it.each(cases)("gives scalars the bits of vectors in $dtype", ({ dtype }) => {
    const x = sweepOf(dtype, -30, 40);
    expect(runFunction(write, x, "scalars")).toEqual(runFunction(write, x));
  });
});
