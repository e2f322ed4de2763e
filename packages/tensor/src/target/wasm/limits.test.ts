/**
 * Programs that do not fit are refused with their size, what takes it, and what to do.
 */
import { expect, test } from "vitest";
import { compile } from "../../compile.ts";
import type { DriverAddress, Slot } from "../../kernel/kernel.ts";
import { matmul } from "../../ops/contraction.ts";
import { add } from "../../ops/elementwise.ts";
import { sum } from "../../ops/reduction.ts";
import type { Tensor } from "../../trace/tensor.ts";
import { instantiate } from "./instantiate.ts";
import { wasm } from "./wasm.ts";

test("a program beyond the addresses of WebAssembly is refused, with its largest tensors", () => {
  const gram = (x: Tensor, y: Tensor): Tensor => sum(add(matmul(x, y), 1));
  const inputs = [
    { dtype: "float32", shape: [50_000, 100] },
    { dtype: "float32", shape: [100, 50_000] },
  ];
  expect(() => compile(gram, inputs, wasm()).explain()).toThrow(
    /^Cannot prepare a program for WebAssembly: expected at most 4\.29 GB, got 10\.\d GB \(the largest: dot float32\[50000, 50000\] of 10\.0 GB, input float32\[50000, 100\] of 20\.0 MB, .*\)\nUse native\(\) of @leastaction\/native, smaller batches/,
  );
});

const [low, high] = [0, 3_000_000_000].map((offset) => ({ offset, dtype: "int32", elements: 2 }) as const);

test("addresses reach beyond 2 GiB", () => {
  const place = (offset: number): DriverAddress => ({ offset, terms: [] });
  const instance = instantiate({
    kernels: [],
    driver: [
      { kind: "copy", from: place(high?.offset as number), to: place(0), bytes: 8 },
      { kind: "clear", at: place(high?.offset as number), bytes: 4 },
    ],
    arenaBytes: 3_000_000_064,
    constants: [{ slot: high as Slot, data: Int32Array.of(3, 4) }],
    inputs: [],
    outputs: [],
  });
  instance.run();
  expect(instance.read(low as Slot)).toEqual(Int32Array.of(3, 4));
  expect(instance.read(high as Slot)).toEqual(Int32Array.of(0, 4));
});

test("one byte more than addresses reach is refused", () => {
  const empty = { kernels: [], driver: [], constants: [], inputs: [], outputs: [] };
  expect(() => instantiate({ ...empty, arenaBytes: 2 ** 32 + 1 })).toThrow("expected at most 4.29 GB, got 4.29 GB");
});
