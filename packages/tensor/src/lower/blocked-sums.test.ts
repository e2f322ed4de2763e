import { expect, test } from "vitest";
import { compile } from "../compile.ts";
import { mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { array, type Tensor } from "../trace/tensor.ts";

const tenth = Math.fround(0.1);
/** In units of 2^-24 of the sum. */
const errorOf = (f: (x: Tensor) => Tensor, x: HostTensor, wanted: number): number => {
  const { data } = compile(f as never, [x], wasm()).callSync(x) as unknown as HostTensor;
  return (Math.abs((data[0] as number) - wanted) / wanted) * 2 ** 24;
};

// Equal numbers are the worst for a running sum: every rounding goes the same way, and a million of them are off by 1 %.
test.each([1000, 262_147, 1_000_000])("a float32 sum of %i equal numbers is right to 64 units", (length) => {
  const x = array(new Float32Array(length).fill(tenth));
  expect(errorOf((v) => sum(v), x, length * tenth)).toBeLessThan(64);
  expect(errorOf((v) => sum(mul(v, v)), x, length * tenth ** 2)).toBeLessThan(64);
  const matrix = array(new Float32Array(2 * length).fill(tenth), [length, 2]);
  expect(errorOf((m) => sum(m, 0), matrix, length * tenth)).toBeLessThan(64);
  expect(errorOf((m) => sum(m), matrix, 2 * length * tenth)).toBeLessThan(64);
});
