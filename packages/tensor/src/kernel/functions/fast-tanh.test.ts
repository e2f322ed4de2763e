import { describe, expect, test } from "vitest";
import { instantiate } from "../../target/wasm/instantiate.ts";
import { createBlock } from "../block.ts";
import { elementwise, runModule } from "../testing/elementwise.ts";
import { fastTanh } from "./fast-tanh.ts";

/** The function over numbers, by vectors. */
function run(x: Float32Array): Float32Array {
  const module = elementwise(["float32"], x.length, 4, (block, [value]) => fastTanh(block, value as never));
  return runModule(instantiate(module), module, [x]) as Float32Array;
}

const sweep = Float32Array.from({ length: 1 << 18 }, (_, i) => ((i % 2) * 2 - 1) * 2 ** (-24 + (i / (1 << 18)) * 30));

/** The distance from a float32 to the next one away from zero. */
const unit = (x: number): number => 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(x))) - 23);

test("stays within 5 units of the last place, and never beyond 1", () => {
  const found = run(sweep);
  let worst = 0;
  found.forEach((value, i) => {
    const truth = Math.tanh(sweep[i] as number);
    worst = Math.max(worst, Math.abs(value - truth) / unit(truth));
    expect(Math.abs(value)).toBeLessThanOrEqual(1);
  });
  expect(worst).toBeGreaterThan(0.5);
  expect(worst).toBeLessThan(5);
});

test("is exactly 1 where tanh rounds to it, odd, and keeps NaN", () => {
  const large = Float32Array.of(9.7, 10, 12, 88, 1e30, Number.POSITIVE_INFINITY, Number.NaN, 0);
  expect([...run(large)]).toEqual([1, 1, 1, 1, 1, 1, Number.NaN, 0]);
  const negative = run(sweep.map((x) => -x));
  expect(run(sweep).every((value, i) => value === -(negative[i] as number))).toBe(true);
});

test("targets that are asked for it use it", () => {
  expect(createBlock("fast").accuracy).toBe("fast");
  expect(createBlock().accuracy).toBe("full");
});

describe("in float64", () => {
  const run64 = (x: Float64Array): Float64Array => {
    const module = elementwise(["float64"], x.length, 2, (block, [value]) => fastTanh(block, value as never));
    return runModule(instantiate(module), module, [x]) as Float64Array;
  };
  // From 2^-54, where tanh x is x, to 2^6, where it is 1; Math.tanh is good to a unit itself.
  const points = Float64Array.from(
    { length: 1 << 16 },
    (_, i) => ((i % 2) * 2 - 1) * 2 ** (-54 + (i / (1 << 16)) * 60),
  );

  test("stays within 5 units of the last place, and never beyond 1", () => {
    const found = run64(points);
    let worst = 0;
    found.forEach((value, i) => {
      const truth = Math.tanh(points[i] as number);
      worst = Math.max(worst, Math.abs(value - truth) / 2 ** (Math.floor(Math.log2(Math.abs(truth))) - 52));
      expect(Math.abs(value)).toBeLessThanOrEqual(1);
    });
    expect(worst).toBeGreaterThan(0.5);
    expect(worst).toBeLessThan(5);
  });

  test("is exactly 1 where tanh rounds to it, and keeps NaN", () => {
    const large = Float64Array.of(19.1, -20, 22, -710, 1e300, Number.NEGATIVE_INFINITY, Number.NaN, 0);
    expect([...run64(large)]).toEqual([1, -1, 1, -1, 1, -1, Number.NaN, 0]);
  });
});
