/**
 * Machine code keeps the contract of targets, and what it says of small numbers and of memory.
 */
import { add, array, compile, matmul, mul, sum, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { describeTarget } from "../../tensor/src/testing/target-contract.ts";
import { native } from "./native.ts";
import { runTogether } from "./testing/run-together.ts";
import { hasCompiler, testCache } from "./testing/test-compiler.ts";

if (hasCompiler) describeTarget({ name: "native", run: runTogether, atOnce: 64 });
else describe("native", () => it.skip("the contract of targets: no C compiler works here", () => undefined));

describe.skipIf(!hasCompiler)("native", () => {
  const half = (x: Tensor): Tensor => mul(x, 0.5);
  const least = array(new Array<number>(40).fill(2 ** -126), [40], "float32");
  const halved = (options: { readonly flushToZero?: boolean }): number[] => {
    const target = native({ cacheFolder: testCache, ...options });
    return Array.from(compile(half, [least], target).callSync(least).data);
  };

  it("takes numbers below the normal range as zero in a step only", () => {
    expect(halved({})).toEqual(new Array<number>(40).fill(0));
    expect(2 ** -1022 * Number(least.data[0] !== 0) * 0.5).toBe(2 ** -1023);
  });

  it("keeps them on request", () => {
    expect(halved({ flushToZero: false })).toEqual(new Array<number>(40).fill(2 ** -127));
  });

  it("restores the mode when kernels are timed one by one", () => {
    const compiled = compile(half, [least], native({ cacheFolder: testCache }));
    compiled.callSync(least);
    compiled.profile(1);
    expect(2 ** -1022 * Number(least.data[0] !== 0) * 0.5).toBe(2 ** -1023);
  });

  it("refuses a program for which there is no memory, with its largest tensors", () => {
    const wide = (x: Tensor, y: Tensor): Tensor => sum(add(matmul(x, y), 1));
    const many = 2 ** 24;
    const inputs = [
      { dtype: "float32", shape: [many, 100] },
      { dtype: "float32", shape: [100, many] },
    ];
    expect(() => compile(wide, inputs, native({ cacheFolder: testCache })).explain()).toThrow(
      /^Cannot prepare a program: expected \S+ GB of memory \(the largest: .*of \S+ .B\), got .+\nUse smaller batches/,
    );
  });

  it("keeps two executables of one program apart", () => {
    const target = native({ cacheFolder: testCache });
    const [one, other] = [compile(half, [least], target), compile(half, [least], target)];
    one.load(array(new Array<number>(40).fill(8), [40], "float32"));
    other.load(array(new Array<number>(40).fill(4), [40], "float32"));
    for (let i = 0; i < 2; i++) one.runSync();
    other.runSync();
    expect(one.read()).toMatchObject({ data: new Float32Array(40).fill(2) });
    expect(other.read()).toMatchObject({ data: new Float32Array(40).fill(2) });
  });
});
