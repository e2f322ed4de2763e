/**
 * Loops as kernels, run by the interpreter of the kernel language, against the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { checkModule } from "../kernel/check.ts";
import { printKernel } from "../kernel/print.ts";
import { less, lessEqual, select } from "../ops/comparison.ts";
import { whileLoop } from "../ops/control-flow.ts";
import { add, convert, mul, sin, sub } from "../ops/elementwise.ts";
import { at, concatenate, pad, reverse, slice, stack, transpose } from "../ops/movement.ts";
import { max, sum } from "../ops/reduction.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { vmap } from "../transform/vmap.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

/** Runs on both widths of vectors, compares with the reference; gives the number of kernels. */
function compare(f: (...inputs: never[]) => unknown, ...inputs: ReturnType<typeof array>[]): number {
  const { program } = trace(f, inputs);
  const expected = evaluateProgram(program, inputs as never);
  const counts = [narrowTraits, wideTraits].map((traits) => {
    const { module, outputs } = runLowered(program, inputs as never, traits);
    checkModule(module);
    expected.forEach(({ data }, i) => {
      expect(outputs[i]?.length).toBe(data.length);
      for (const [j, value] of data.entries()) expect(outputs[i]?.[j]).toBeCloseTo(value, 12);
    });
    return module.kernels.length;
  });
  return counts[0] as number;
}

/** Doubles until it is at least the limit: as many turns as that takes. */
function doublings(start: Tensor, limit: Tensor): { value: Tensor; turns: Tensor; odd: Tensor } {
  return whileLoop(
    ({ value }) => less(value, limit),
    ({ value, turns, odd }) => ({ value: mul(2, value), turns: add(turns, 1), odd: less(odd, full([], 1, "bool")) }),
    { value: start, turns: full([], 0, "int32"), odd: full([], 0, "bool") },
  );
}

describe("one loop", () => {
  test("is one kernel", () => {
    expect(compare((x: Tensor, limit: Tensor) => doublings(x, limit), array(1.5), array(100))).toBe(1);
  });

  test("may run not at all", () => {
    compare((x: Tensor, limit: Tensor) => doublings(x, limit), array(3), array(2));
  });

  test("changes all of its carry at once", () => {
    const swap = (start: Tensor): unknown =>
      whileLoop(
        ({ turns }) => less(turns, 5),
        ({ a, b, turns }) => ({ a: b, b: a, turns: add(turns, 1) }),
        { a: start, b: mul(start, 3), turns: full([], 0, "int32") },
      );
    compare(swap, array([1, 2, 3]));
  });

  test("moves elements, sums and selects within the carry", () => {
    const shuffle = (start: Tensor): unknown =>
      whileLoop(
        ({ m, turns }) => lessEqual(convert(turns, "float64"), sub(max(m), -2)),
        ({ m, turns }) => {
          const turned = reverse(transpose(m), [0]);
          const row = add(at(turned, 1), sum(at(turned, 0)));
          const next = add(concatenate([stack([row]), slice(m, 0, 1)]), slice(pad(turned, 1, 1, 1, 1), 1, 1, 3));
          return { m: select(less(next, 3), sin(next), mul(next, 0.25)), turns: add(turns, 1) };
        },
        { m: start, turns: full([], 0, "int32") },
      );
    compare(shuffle, array([1, 2, 3, 4], [2, 2]));
  });
});

describe("many loops side by side", () => {
  const starts = Float64Array.from({ length: 37 }, (_, i) => 1 + ((i * 7) % 11));

  test("are one kernel, each with its own number of turns", () => {
    const all = (x: Tensor, limit: Tensor): unknown => vmap((each: Tensor) => doublings(each, limit))(x);
    expect(compare(all, array(starts), array(1000))).toBeLessThanOrEqual(2);
  });

  test("keep the carry of a member that is done, whatever its next turn would give", () => {
    const all = (x: Tensor): unknown =>
      vmap((start: Tensor) =>
        whileLoop(
          (y) => less(0, y),
          (y) => select(less(1, y), sub(y, 1), mul(y, Number.NEGATIVE_INFINITY)),
          start,
        ),
      )(x);
    compare(all, array(starts));
  });

  test("may hold loops", () => {
    const all = (x: Tensor): unknown =>
      vmap((start: Tensor) =>
        whileLoop(
          ({ y }) => less(y, 500),
          ({ y, turns }) => ({ y: add(doublings(y, mul(y, 5)).value, 1), turns: add(turns, 1) }),
          { y: start, turns: full([], 0, "int32") },
        ),
      )(x);
    compare(all, array(starts));
  });
});

test("the loop stands inside the kernel", () => {
  const { program } = trace(
    (x: Tensor) =>
      whileLoop(
        (y) => less(y, 9),
        (y) => add(y, 2),
        x,
      ),
    [array(1)],
  );
  const { module } = runLowered(program, [array(1)] as never);
  expect(module.driver.every(({ kind }) => kind !== "while")).toBe(true);
  expect(printKernel(module.kernels[0] as never)).toMatchInlineSnapshot(`
    "kernel while (1 addresses, 2 operations, 16 bytes)
      float64 input = float64 [p0]
      float64 carry = input
      bool less = carry < 9
      bool active = less
      while any active
        float64 add = carry + 2
        float64 next = add
        carry = next
        bool less.1 = carry < 9
        active = less.1
      store [p0] = carry"
  `);
});
