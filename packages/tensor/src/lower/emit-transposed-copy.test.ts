/**
 * Copies that turn an axis: every element arrives, whatever the extents, and squares are turned in registers.
 */
import { expect, test } from "vitest";
import type { DType } from "../dtype.ts";
import { evaluate } from "../kernel/evaluate.ts";
import type { Module, Slot } from "../kernel/kernel.ts";
import { printKernel } from "../kernel/print.ts";
import { variable } from "../program/program.ts";
import { stridesOf } from "../shape.ts";
import { makeKernel } from "./make-kernel.ts";
import type { Nest, Point } from "./nest.ts";
import { narrowTraits } from "./testing/run-lowered.ts";

/** A copy of a tensor with its axes in another order. */
function copyNest(dtype: DType, shape: readonly number[], order: readonly number[]): Nest {
  const source = variable({ dtype, shape });
  const target = variable({ dtype, shape: order.map((axis) => shape[axis] as number) });
  const point: Point = { kind: "load", dtype, source, offset: { constant: 0, coefficients: stridesOf(shape) } };
  const to = stridesOf(target.type.shape);
  const coefficients = shape.map((_, axis) => to[order.indexOf(axis)] as number);
  const stores = [{ target, point, offset: { constant: 0, coefficients } }];
  return { domain: shape, reduced: shape.map(() => false), points: [point], stores };
}

const cases: readonly (readonly [DType, readonly number[], readonly number[], boolean])[] = [
  ["float32", [8, 12], [1, 0], true],
  ["float32", [4, 4], [1, 0], true],
  ["float32", [13, 7], [1, 0], true],
  ["float64", [5, 3], [1, 0], true],
  ["int32", [6, 9], [1, 0], true],
  ["float32", [3, 9, 5], [0, 2, 1], true],
  ["float32", [9, 3, 6], [2, 1, 0], true],
  ["float32", [3, 9], [1, 0], false],
  ["float32", [5, 3, 8], [1, 0, 2], false],
  ["bool", [8, 8], [1, 0], false],
];

test.each(cases)("%s %j in order %j", (dtype, shape, order, isTurned) => {
  const nest = copyNest(dtype, shape, order);
  const [{ target }] = nest.stores as readonly [Nest["stores"][number]];
  const source = (nest.points[0] as Extract<Point, { kind: "load" }>).source;
  const kernel = makeKernel([nest], [source, target], [], narrowTraits);
  expect(printKernel(kernel).includes("interleave")).toBe(isTurned);
  const elements = shape.reduce((product, extent) => product * extent, 1);
  const bytes = elements * 8;
  const slots: readonly [Slot, Slot] = [
    { offset: 0, dtype, elements },
    { offset: bytes, dtype, elements },
  ];
  const addresses = slots.map(({ offset }) => ({ offset, terms: [] }));
  const driver: Module["driver"] = [{ kind: "call", kernel: 0, addresses }];
  const module: Module = { kernels: [kernel], driver, arenaBytes: 2 * bytes, constants: [], inputs: [], outputs: [] };
  const evaluator = evaluate(module);
  const data = Array.from({ length: elements }, (_, i) => (dtype === "bool" ? (i % 3) & 1 : i + 1));
  evaluator.write(slots[0], Float64Array.from(data));
  evaluator.run();
  const from = stridesOf(shape);
  const expected = new Array<number>(elements);
  const to = nest.stores[0]?.offset.coefficients ?? [];
  data.forEach((value, i) => {
    const place = shape.map((extent, axis) => Math.floor(i / (from[axis] as number)) % extent);
    expected[place.reduce((sum, at, axis) => sum + at * (to[axis] as number), 0)] = value;
  });
  expect(Array.from(evaluator.read(slots[1]))).toEqual(expected);
});
