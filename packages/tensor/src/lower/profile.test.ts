/**
 * Where time goes: what is counted, what is left alone, and that the parts add up to the whole.
 */
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import { scan } from "../library/control-flow.ts";
import { matmul } from "../ops/contraction.ts";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import type { KernelTime, Profile } from "./profile.ts";
import { showProfile } from "./show-profile.ts";

const square = { dtype: "float32", shape: [128, 128] } as const;
const ones = (value: number) => array(new Array<number>(128 * 128).fill(value), [128, 128], "float32");

/** Layers of one weight. */
function layers(x: Tensor, w: Tensor, length: number | Tensor = 12): Tensor {
  const body = (y: Tensor): readonly [Tensor, object] => [tanh(matmul(y, w)), {}];
  return scan(body, x, {}, { length, bound: 12 })[0];
}

function productOf({ kernels }: Profile): KernelTime {
  return kernels.find(({ kernel }) => kernel.endsWith("product")) as KernelTime;
}

describe("profile", () => {
  const compiled = compile((x: Tensor, w: Tensor) => layers(x, w), [square, square], wasm());
  compiled.load(ones(0.25));
  compiled.runSync(ones(1 / 128));

  test("counts calls by what ran, and says where a kernel came from and how it loops", () => {
    const { calls, operations, ms, gflops, equations, schedule } = productOf(compiled.profile(2));
    expect(calls * operations).toBe(12 * 2 * 128 ** 3);
    expect(equations.join()).toMatch(/^dot float32\[128, \d+\]$/);
    expect(schedule).toMatch(/ 0\.\.128/);
    expect(gflops).toBeCloseTo((calls * operations) / (1e6 * ms), 6);
  });

  test("leaves the state as it is", () => {
    const before = compiled.read();
    compiled.profile(2);
    expect(compiled.read()).toEqual(before);
  });

  test("adds up to a whole step within a fifth", { retry: 4 }, () => {
    const { kernels, ms, steps } = compiled.profile();
    const sum = kernels.reduce((total, kernel) => total + kernel.ms, 0);
    expect(steps).toBeGreaterThanOrEqual(3);
    expect(sum / ms).toBeGreaterThan(0.8);
    expect(sum / ms).toBeLessThan(1.2);
    expect(kernels.map((kernel) => kernel.ms)).toEqual(kernels.map((kernel) => kernel.ms).sort((a, b) => b - a));
  });

  test("shows a table of the slowest, the rest in one row, and the sum", () => {
    const profile = compiled.profile(1);
    const lines = showProfile(profile, 1).split("\n");
    expect(lines[0]).toMatch(/^kernel +calls +ms +share +operations +bytes +gflop\/s +from; loops$/);
    const [slowest] = profile.kernels;
    expect(lines[1]).toMatch(/^\d+: /);
    expect(lines[1]).toContain(` ${slowest?.equations.join(", ")}; ${slowest?.schedule}`);
    expect(lines[2]).toContain(`${profile.kernels.length - 1} more`);
    expect(lines.at(-2)).toMatch(/^all kernels .* 100\.0 %$/);
    expect(lines.at(-1)).toMatch(/^a whole step: \S+ ms, the median of 1$/);
  });

  test("follows lengths that are decided at run time", () => {
    const length = { dtype: "int32", shape: [] } as const;
    const dynamic = (x: Tensor, w: Tensor, n: Tensor): Tensor => mul(add(layers(x, w, n), 1), 0.5);
    const growing = compile(dynamic, [square, square, length], wasm());
    growing.load(ones(0.25));
    for (const n of [3, 5]) {
      growing.runSync(ones(1 / 128), array(Int32Array.of(n), []));
      const { calls, operations } = productOf(growing.profile(1));
      expect(calls * operations).toBe(n * 2 * 128 ** 3);
    }
  });

  test("is refused where there are no kernels", () => {
    const slow = compile((x: Tensor) => tanh(x), [square], reference());
    expect(slow.kernels()).toEqual([]);
    expect(() => slow.profile()).toThrow("Cannot profile: expected a target that makes kernels, got reference");
  });
});
