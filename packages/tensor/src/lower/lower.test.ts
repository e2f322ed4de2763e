/**
 * Lowered programs, run by the interpreter of the kernel language, against the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { checkModule } from "../kernel/check.ts";
import { scan, whileLoop } from "../library/control-flow.ts";
import { less } from "../ops/comparison.ts";
import { add, convert, mul, tanh } from "../ops/elementwise.ts";
import { at, iota } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { check } from "../program/check.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { simplify } from "./simplify.ts";
import { expectClose } from "./testing/close.ts";
import { randomProgram } from "./testing/random-program.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

const seeds = Array.from({ length: 60 }, (_, i) => i + 1);

describe("random programs", () => {
  test.each(seeds)("seed %i equals the reference", (seed) => {
    const { program, inputs } = randomProgram(seed);
    check(simplify(program));
    const expected = evaluateProgram(program, inputs);
    const { evaluator, module, outputs } = runLowered(program, inputs, seed % 4 === 0 ? wideTraits : narrowTraits);
    checkModule(module);
    expected.forEach(({ data }, i) => {
      expectClose(outputs[i] as ArrayLike<number>, data);
    });
    // Inputs are as they were, so that a second run gives the same.
    evaluator.run();
    module.outputs.forEach((slot, i) => {
      expect(evaluator.read(slot)).toEqual(outputs[i]);
    });
  });

  test.each(seeds)("seed %i with donated inputs", (seed) => {
    const { program, inputs } = randomProgram(seed);
    const expected = evaluateProgram(program, inputs);
    const { module, outputs } = runLowered(program, inputs, narrowTraits, { donate: [0, 1] });
    expect([module.outputs[0]?.offset, module.outputs[1]?.offset]).toEqual(
      module.inputs.slice(0, 2).map(({ offset }) => offset),
    );
    expected.forEach(({ data }, i) => {
      expectClose(outputs[i] as ArrayLike<number>, data);
    });
  });
});

const f32 = (data: readonly number[], shape: readonly number[]) => array(Float32Array.from(data), shape);
const ramp = (count: number): number[] => Array.from({ length: count }, (_, i) => 0.1 + ((i * 7) % 11) / 16);

test("a counter repeated along an axis is no value in memory", () => {
  const counted = (x: Tensor): Tensor => mul(x, iota([9]));
  const { program } = trace(counted, [{ dtype: "int32", shape: [5, 9] }]);
  const x = { dtype: "int32", shape: [5, 9], data: Int32Array.from({ length: 45 }, (_, i) => i + 1) } as const;
  const [found] = runLowered(program, [x], narrowTraits, { schedule: { shortAxes: false, tile: 0 } }).outputs;
  expect(Array.from(found as Int32Array)).toEqual(Array.from(x.data, (value, i) => value * (i % 9)));
});

describe("sums of many terms", () => {
  test("a float32 sum over the lanes keeps its small terms", () => {
    const { program } = trace((x: Tensor) => sum(mul(x, 1.1)), [{ dtype: "float32", shape: [20011] }]);
    const x = f32(ramp(20011), [20011]);
    const exact = Array.from(x.data).reduce((total, value) => total + value * Math.fround(1.1), 0);
    const [found] = runLowered(program, [x]).outputs as [Float32Array];
    expect(Math.abs((found[0] as number) - exact) / exact).toBeLessThan((64 + 20011 / 16 / 64) * 2 ** -24);
  });

  test("so does one across the lanes, and one over an index", () => {
    const { program } = trace(
      (x: Tensor) => [sum(add(x, 0.5), 0), sum(convert(iota([3000]), "float32"))],
      [{ dtype: "float32", shape: [3000, 8] }],
    );
    const x = f32(ramp(24000), [3000, 8]);
    const [columns, index] = runLowered(program, [x]).outputs as [Float32Array, Float32Array];
    expect(index[0]).toBe(4498500);
    columns.forEach((column, j) => {
      const exact = ramp(24000)
        .filter((_, i) => i % 8 === j)
        .reduce((total, value) => total + Math.fround(value) + 0.5, 0);
      expect(Math.abs(column - exact) / exact).toBeLessThan((64 + 3000 / 64) * 2 ** -24);
    });
  });
});

describe("loops", () => {
  test("a carry that only adds is updated in place: no copies in the loop", () => {
    const { program } = trace(
      (x: Tensor) =>
        scan((total: Tensor, row: Tensor) => [add(total, row), {}] as const, full([600], 0, "float32"), x)[0],
      [{ dtype: "float32", shape: [5, 600] }],
    );
    const { module, outputs } = runLowered(program, [f32(ramp(3000), [5, 600])]);
    const loop = module.driver.find(({ kind }) => kind === "repeat");
    expect(loop?.kind === "repeat" && loop.body.map(({ kind }) => kind)).toEqual(["call"]);
    const expected = ramp(3000).map(Math.fround);
    for (let j = 0; j < 600; j++) {
      const total = [0, 1, 2, 3, 4].reduce((before, i) => Math.fround(before + (expected[600 * i + j] as number)), 0);
      expect(outputs[0]?.[j]).toBeCloseTo(total, 5);
    }
  });

  describe("a loop in a loop", () => {
    type Pair = { readonly a: Tensor; readonly b: Tensor };
    /** Adds `step` to `a`, and half of `a` to `b`, until the last of `a` reaches a goal. */
    const until = (goal: Tensor, start: Pair, step: (pair: Pair) => Tensor): Pair =>
      whileLoop<Pair>(
        ({ a }) => less(at(a, 599), goal),
        (pair) => ({ a: add(pair.a, step(pair)), b: add(pair.b, mul(0.5, pair.a)) }),
        start,
      );
    const loops: readonly (readonly [string, boolean, (goal: Tensor, pair: Pair) => Pair])[] = [
      ["carries on what it is given", true, (goal, pair) => until(goal, pair, () => full([600], 0.25, "float32"))],
      ["may exchange two", false, (goal, { a, b }) => until(goal, { a: b, b: a }, () => full([600], 0.25, "float32"))],
      ["may read where it began", false, (goal, pair) => until(goal, pair, () => mul(0.1, pair.a))],
    ];

    test.each(loops)("%s", (_, isInPlace, turn) => {
      const run = (x: Tensor, y: Tensor, goals: Tensor): Pair =>
        scan((pair: Pair, goal: Tensor) => [turn(goal, pair), {}] as const, { a: x, b: y }, goals)[0];
      const inputs = [f32(ramp(600), [600]), f32(ramp(600).toReversed(), [600]), f32([1.5, 2, 2, 4], [4])] as const;
      const { program } = trace(run, inputs as never);
      const { module, outputs } = runLowered(program, inputs);
      evaluateProgram(program, inputs).forEach(({ data }, i) => {
        expectClose(outputs[i] as ArrayLike<number>, data);
      });
      const loop = module.driver.find(({ kind }) => kind === "repeat");
      const copies = loop?.kind === "repeat" ? loop.body.filter(({ kind }) => kind === "copy") : [];
      expect(copies.length === 0).toBe(isInPlace);
    });
  });

  test("a turn may hand on an array of constants", () => {
    const table = array(
      Float64Array.from({ length: 17 }, (_, i) => 3 * i + 1),
      [17],
    );
    const { program } = trace(
      (x: Tensor, length: Tensor) =>
        scan(() => [table as unknown as Tensor, {}] as const, x, {}, { bound: 1, length })[0],
      [
        { dtype: "float64", shape: [17] },
        { dtype: "int32", shape: [] },
      ],
    );
    const start = array(new Float64Array(17).fill(0.5), [17]);
    for (const length of [0, 1]) {
      const { outputs } = runLowered(program, [start, array([length], [], "int32")]);
      expect(outputs[0]).toEqual(length === 0 ? start.data : table.data);
    }
  });

  test("what does not change is computed once, before the loop", () => {
    const { program } = trace(
      (w: Tensor, x: Tensor) => scan((carry: Tensor) => [add(carry, tanh(w)), {}] as const, x, {}, { bound: 9 })[0],
      [
        { dtype: "float32", shape: [8] },
        { dtype: "float32", shape: [8] },
      ],
    );
    const inner = simplify(program).equations.find(({ primitive }) => primitive === "scan");
    const { parameters } = inner as unknown as { parameters: { body: typeof program } };
    expect(parameters.body.equations.map(({ primitive }) => primitive)).toEqual(["add"]);
  });

  test("while runs until its condition fails, zero times included", () => {
    const { program } = trace(
      (limit: Tensor) =>
        whileLoop(
          ([x]: readonly [Tensor, Tensor]) => less(x, limit),
          ([x, n]: readonly [Tensor, Tensor]) => [mul(2, x), add(n, 1)] as const,
          [full([], 1, "float32"), full([], 0, "int32")] as const,
        ),
      [{ dtype: "float32", shape: [] }],
    );
    for (const [limit, x, n] of [
      [100, 128, 7],
      [0, 1, 0],
    ] as const) {
      const { outputs } = runLowered(program, [f32([limit], [])]);
      expect(outputs.map((data) => data[0])).toEqual([x, n]);
    }
  });
});
