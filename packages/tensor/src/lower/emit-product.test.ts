/**
 * Products of many layouts against the reference: every transposition, edges of every size, batches, strided views, what
 * follows in the same kernel.
 */
import { describe, expect, test } from "vitest";
import { evaluate } from "../kernel/evaluate.ts";
import type { Slot } from "../kernel/kernel.ts";
import { scan } from "../library/control-flow.ts";
import { contract, matmul } from "../ops/contraction.ts";
import { add, tanh } from "../ops/elementwise.ts";
import { slice, transpose } from "../ops/movement.ts";
import type { HostTensor } from "../pytree.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { instantiate } from "../target/wasm/instantiate.ts";
import { numbers } from "../testing/primitive-cases.ts";
import type { Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { divideProduct } from "./divide-product.ts";
import { type LowerOptions, lower } from "./lower.ts";
import { type PlannedProduct, planProduct } from "./plan-product.ts";
import { type Follow, fillMemory, productNest, runPlain, runPlanned } from "./testing/product-nests.ts";
import { randomProduct } from "./testing/random-product.ts";
import { drawsFrom } from "./testing/random-program.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

/** The products of the program as they stand. */
const asWritten: LowerOptions = { schedule: { shortAxes: false, tile: 0 } };

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
      const { outputs, module } = runLowered(program, tensors, traits, asWritten);
      const epsilon = dtype === "float32" ? 2 ** -23 : 2 ** -52;
      expected?.data.forEach((value, i) => {
        expect(Math.abs((outputs[0]?.[i] as number) - value)).toBeLessThanOrEqual(16 * epsilon * 4);
      });
      expect(module.kernels.length).toBeLessThanOrEqual(2);
    });
  }
});

test("a large narrow factor whose rows lie side by side is turned", () => {
  const [a, b] = [numbers([64, 520], -1, 1), numbers([64, 130], -1, 1, 3)];
  const { program } = trace((x: Tensor, y: Tensor) => contract(x, y, { contract: [[0], [0]] }), [a, b]);
  const [expected] = evaluateProgram(program, [a, b]) as [HostTensor];
  const { outputs, module } = runLowered(program, [a, b], narrowTraits, asWritten);
  expect(module.driver.length).toBe(2);
  expect(module.arenaBytes).toBeGreaterThan(8 * (2 * 64 * 520 + 64 * 130 + 520 * 130));
  expected.data.forEach((value, i) => {
    expect(Math.abs((outputs[0]?.[i] as number) - value)).toBeLessThanOrEqual(16 * 2 ** -52 * 8);
  });
});

test("a large factor is copied into panels, rows go in chunks", () => {
  const [a, b] = [numbers([150, 410], -1, 1), numbers([410, 176], -1, 1, 3)];
  const { program } = trace((x: Tensor, y: Tensor) => contract(x, y, { contract: [[1], [0]] }), [a, b]);
  const [expected] = evaluateProgram(program, [a, b]) as [HostTensor];
  const module = lower(program, narrowTraits, asWritten);
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
  const { outputs, module } = runLowered(program, [x], narrowTraits, asWritten);
  expected?.data.forEach((value, i) => {
    expect(outputs[0]?.[i]).toBeCloseTo(value, 12);
  });
  expect(module.kernels.some(({ name }) => name.includes("slice"))).toBe(false);
});

test.each([
  ["narrow", narrowTraits],
  ["middle", { vectorBytes: 32, registers: 16 }],
  ["wide", wideTraits],
] as const)("random layouts, extents and epilogues, %s registers", (_, traits) => {
  const draw = drawsFrom(traits.vectorBytes);
  let [planned, divided] = [0, 0];
  for (let i = 0; i < 30; i++) {
    const each = randomProduct(draw, traits);
    const nest = productNest(each);
    const memory = fillMemory(nest, () => 2 * draw() - 1);
    const found = runPlanned(nest, memory, traits);
    if (found === undefined) continue;
    planned++;
    expect(runPlanned(nest, memory, traits, evaluate, 1), JSON.stringify(each)).toEqual(found);
    divided += divideProduct(nest, (planProduct(nest, traits) as PlannedProduct).product, 1).length > 0 ? 1 : 0;
    if (traits === narrowTraits) expect(runPlanned(nest, memory, traits, instantiate)).toEqual(found);
    const { result, size } = runPlain(nest, memory);
    const epsilon = each.dtype === "float32" ? 2 ** -23 : 2 ** -52;
    const worst = result.reduce((most, value, j) => {
      return Math.max(most, Math.abs((found[j] as number) - value) / (size[j] as number));
    }, 0);
    expect(worst, JSON.stringify(each)).toBeLessThanOrEqual(24 * epsilon);
  }
  expect(planned).toBeGreaterThan(20);
  expect(divided).toBeGreaterThan(20);
});

test("a long sum with an epilogue is left to two steps", () => {
  const extents = { m: 8, n: 64, k: 2000 };
  const nest = (follow: Follow) =>
    productNest({ dtype: "float32", extents, left: "mk", right: "kn", result: "mn", follow });
  expect(planProduct(nest("bias"), wideTraits)).toBeUndefined();
  expect(planProduct(nest("accumulate"), wideTraits)?.product.tiling.sums).toEqual([
    { from: 0, count: 4, step: 500, size: 500 },
  ]);
});

test("an elementwise step that alone reads a product is written with it, in place where it updates", () => {
  const shapes = [
    [5, 6, 8],
    [5, 8, 20],
    [6, 20],
  ] as const;
  const step = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
    scan((sum: Tensor, [x, y]: Tensor[]) => [add(sum, tanh(matmul(x as Tensor, y as Tensor))), []], c, [a, b])[0];
  const tensors = shapes.map((shape, i) => numbers(shape, -1, 1, i + 1));
  const { program } = trace(step, tensors);
  const [expected] = evaluateProgram(program, tensors);
  const { outputs, module } = runLowered(program, tensors, narrowTraits, asWritten);
  expect(module.kernels.length).toBe(1);
  const [, loop] = module.driver;
  expect(loop).toMatchObject({ kind: "repeat", body: [{ kind: "call" }] });
  expected?.data.forEach((value, i) => {
    expect(outputs[0]?.[i]).toBeCloseTo(value, 12);
  });
});

test("a product that others read too, or that is updated over its own factor, is stored first", () => {
  const x = numbers([12, 12], -0.3, 0.3);
  const both = (a: Tensor): Tensor[] => {
    const product = matmul(a, a);
    return [tanh(product), product];
  };
  const over = (a: Tensor): Tensor =>
    scan((carry: Tensor) => [add(carry, matmul(carry, transpose(carry))), []], a, [], { bound: 3 })[0];
  for (const f of [both, over] as readonly ((a: Tensor) => unknown)[]) {
    const { program } = trace(f, [x]);
    const expected = evaluateProgram(program, [x]);
    const { outputs } = runLowered(program, [x], wideTraits, asWritten);
    expected.forEach(({ data }, output) => {
      data.forEach((value, i) => {
        expect(outputs[output]?.[i]).toBeCloseTo(value, 12);
      });
    });
  }
});

test("a product waits for the step that adds it, unless a factor is written over before", () => {
  const [c, h, xs] = [numbers([12, 12], -1, 1), numbers([6, 12], -0.5, 0.5), numbers([3, 6, 12], -0.5, 0.5)];
  const square = (x: Tensor): Tensor => contract(x, x, { contract: [[0], [0]] });
  const step = (y: Tensor, x: Tensor): readonly [Tensor, Tensor] => {
    const product = square(x);
    const next = tanh(x);
    return [add(y, product), next];
  };
  const over = (sum: Tensor, state: Tensor): unknown =>
    scan(([y, x]: readonly Tensor[]) => [[...step(y as Tensor, x as Tensor)], []], [sum, state], [], { bound: 3 });
  const apart = (sum: Tensor, states: Tensor): unknown => scan(step, sum, states);
  for (const [f, inputs, waits] of [
    [over, [c, h], false],
    [apart, [c, xs], true],
  ] as const) {
    const { program } = trace(f, inputs);
    const expected = evaluateProgram(program, inputs);
    const { outputs, module } = runLowered(program, inputs, wideTraits, asWritten);
    expect(module.kernels.some(({ name }) => name === "product_add")).toBe(waits);
    expected.forEach(({ data }, output) => {
      data.forEach((value, i) => {
        expect(outputs[output]?.[i]).toBeCloseTo(value, 12);
      });
    });
  }
});
