import { expect, test } from "vitest";
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
