/**
 * Products of many layouts against the reference: every transposition, edges of every size, batches, strided views.
 */
import { describe, expect, test } from "vitest";
import type { Slot } from "../kernel/kernel.ts";
import { contract } from "../ops/contraction.ts";
import { slice } from "../ops/movement.ts";
import type { HostTensor } from "../pytree.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { instantiate } from "../target/wasm/instantiate.ts";
import { numbers } from "../testing/primitive-cases.ts";
import type { Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { lower } from "./lower.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

type Axes = readonly [readonly number[], readonly number[]];
const cases: readonly [string, readonly number[], readonly number[], Axes, Axes][] = [
  ["rows by columns", [13, 7], [7, 19], [[1], [0]], [[], []]],
  ["right transposed", [13, 7], [19, 7], [[1], [1]], [[], []]],
  ["left transposed", [7, 13], [7, 19], [[0], [0]], [[], []]],
  ["both transposed", [7, 13], [19, 7], [[0], [1]], [[], []]],
  ["few rows", [5, 6], [6, 32], [[1], [0]], [[], []]],
  ["batch in front", [3, 9, 6], [3, 6, 11], [[2], [1]], [[0], [0]]],
  ["batch behind", [9, 6, 3], [6, 11, 3], [[1], [0]], [[2], [2]]],
  [
    "two contracted axes",
    [9, 2, 5],
    [5, 2, 12],
    [
      [1, 2],
      [1, 0],
    ],
    [[], []],
  ],
  ["two free axes", [5, 3, 6], [6, 4, 8], [[2], [0]], [[], []]],
];

/** The product of the program as it stands. */
const alone = { schedule: { shortAxes: false, tile: 0 } };

describe.each([
  ["narrow", narrowTraits],
  ["wide", wideTraits],
] as const)("%s registers", (_, traits) => {
  for (const dtype of ["float32", "float64"] as const) {
    test.each(cases)(`${dtype}: %s`, (__, a, b, pairs, batch) => {
      const tensors = [numbers(a, -1, 1), numbers(b, -1, 1, 5)].map((tensor) => {
        const data = dtype === "float32" ? Float32Array.from(tensor.data) : tensor.data;
        return { dtype, shape: tensor.shape, data };
      });
      const { program } = trace((x: Tensor, y: Tensor) => contract(x, y, { contract: pairs, batch }), tensors);
      const [expected] = evaluateProgram(program, tensors);
      const { outputs, module } = runLowered(program, tensors, traits, alone);
      const epsilon = dtype === "float32" ? 2 ** -23 : 2 ** -52;
      expected?.data.forEach((value, i) => {
        expect(Math.abs((outputs[0]?.[i] as number) - value)).toBeLessThanOrEqual(16 * epsilon * 4);
      });
      expect(module.kernels.length).toBeLessThanOrEqual(2);
    });
  }
});

test("a large factor is copied into panels, rows go in chunks", () => {
  const [a, b] = [numbers([150, 410], -1, 1), numbers([410, 176], -1, 1, 3)];
  const { program } = trace((x: Tensor, y: Tensor) => contract(x, y, { contract: [[1], [0]] }), [a, b]);
  const [expected] = evaluateProgram(program, [a, b]) as [HostTensor];
  const module = lower(program, narrowTraits, alone);
  expect(module.driver.length).toBe(2);
  const instance = instantiate(module);
  [a, b].forEach(({ data }, i) => {
    instance.write(module.inputs[i] as Slot, data);
  });
  instance.run();
  const found = instance.read(module.outputs[0] as Slot);
  const worst = (expected.data as Float64Array).reduce(
    (most, value, i) => Math.max(most, Math.abs((found[i] as number) - value)),
    0,
  );
  expect(worst).toBeLessThan(1e-12);
});

test("a factor that is a slice is read where it is", () => {
  const x = numbers([10, 12], -1, 1);
  const f = (y: Tensor) => contract(slice(y, 0, 1, 9, 2), slice(y, 1, 2, 12), { contract: [[1], [0]] }).shape.length;
  expect(() => trace((y: Tensor) => [y, f(y)], [x])).toThrow();
  const g = (y: Tensor) => contract(slice(y, 0, 1, 9, 2), slice(y, 0, 0, 8), { contract: [[1], [1]] });
  const { program } = trace(g, [x]);
  const [expected] = evaluateProgram(program, [x]);
  const { outputs, module } = runLowered(program, [x], narrowTraits);
  expected?.data.forEach((value, i) => {
    expect(outputs[0]?.[i]).toBeCloseTo(value, 12);
  });
  expect(module.kernels.some(({ name }) => name.includes("slice"))).toBe(false);
});
