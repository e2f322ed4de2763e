/**
 * Slices at run-time places: clamping, any axis, each member its own start, gradients, and in place in a loop.
 */
import { expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import type { Step } from "../kernel/kernel.ts";
import { lower } from "../lower/lower.ts";
import { add, mul } from "../ops/elementwise.ts";
import { take } from "../ops/indexing.ts";
import { reshape } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { numbers } from "../testing/primitive-cases.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { scan } from "./control-flow.ts";
import { dynamicSlice, dynamicUpdateSlice } from "./dynamic-slice.ts";

const int = (value: number): HostTensor => array([value], [], "int32");
const run = (f: (...x: Tensor[]) => Tensor, ...inputs: HostTensor[]): number[] => {
  const found = Array.from((compile(f, inputs, wasm()).callSync(...inputs) as HostTensor).data);
  expect(found).toEqual(Array.from((evaluate(f, ...inputs) as HostTensor).data));
  return found;
};

test("windows lie within, along any axis", () => {
  const x = array([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const window = (axis: number) => (y: Tensor, start: Tensor) => dynamicSlice(y, start, 2, axis);
  expect(run(window(1), x, int(1))).toEqual([2, 3, 5, 6]);
  expect(run(window(-1), x, int(7))).toEqual([2, 3, 5, 6]);
  expect(run(window(1), x, int(-(2 ** 31)))).toEqual([1, 2, 4, 5]);
  const written = (axis: number) => (y: Tensor, start: Tensor) =>
    dynamicUpdateSlice(y, axis === 0 ? array([[7, 8, 9]]) : array([[7], [8]]), start, axis);
  expect(run(written(0), x, int(1))).toEqual([1, 2, 3, 7, 8, 9]);
  expect(run(written(0), x, int(-3))).toEqual([7, 8, 9, 4, 5, 6]);
  expect(run(written(1), x, int(2 ** 31 - 1))).toEqual([1, 2, 7, 4, 5, 8]);
});

test("truth values, and members with starts of their own", () => {
  const flags = array([1, 0, 0, 1], [4], "bool");
  expect(run((x, i) => dynamicUpdateSlice(x, array([0, 1], [2], "bool"), i), flags, int(0))).toEqual([0, 1, 0, 1]);
  const rows = numbers([3, 40], -1, 1);
  const starts = array([0, 17, 99], [3], "int32");
  const f = (x: Tensor, i: Tensor): Tensor => dynamicUpdateSlice(x, dynamicSlice(mul(x, 2), add(i, 1), 19), i);
  const together = run(vmap(f) as (...x: Tensor[]) => Tensor, rows, starts);
  [0, 1, 2].forEach((k) => {
    const row = array(rows.data.slice(40 * k, 40 * k + 40));
    expect(together.slice(40 * k, 40 * k + 40)).toEqual(run(f, row, int(starts.data[k] as number)));
  });
});

test("gradients go to where elements came from, and not to what was written over", () => {
  const weights = array([1, 2, 3, 4, 5]);
  const f = (x: Tensor, u: Tensor): Tensor => sum(mul(dynamicUpdateSlice(x, u, int(2)), weights));
  const [x, u] = [numbers([5], -1, 1), numbers([2], -1, 1)];
  expect(run((a, b) => grad((y: Tensor) => f(y, b))(a), x, u)).toEqual([1, 2, 0, 0, 5]);
  expect(run((a, b) => grad((y: Tensor) => f(a, y))(b), x, u)).toEqual([3, 4]);
});

/** Bytes that are copied or cleared in a turn of a loop. */
const bytesMoved = (steps: readonly Step[], inside = false): number =>
  steps.reduce((bytes, step) => {
    if (step.kind === "repeat") return bytes + bytesMoved(step.body, true);
    return bytes + (inside && (step.kind === "copy" || step.kind === "clear") ? step.bytes : 0);
  }, 0);

/** y[i + 1] = y[i] x[i], kept in a carry. */
const recurrence = (series: Tensor): Tensor => {
  const [[memory]] = scan(
    ([so, turn]: readonly [Tensor, Tensor], x: Tensor) => {
      const next = mul(dynamicSlice(so, turn, 1), reshape(x, [1]));
      return [[dynamicUpdateSlice(so, next, add(turn, 1)), add(turn, 1)] as const, {}] as const;
    },
    [full([series.shape[0] as number], 1), full([], 0, "int32")] as const,
    series,
  );
  return memory;
};

test("in the carry of a loop nothing is copied", () => {
  const { program } = trace(recurrence, [{ dtype: "float64", shape: [5000] }]);
  // The number of the turn.
  expect(bytesMoved(lower(program, { vectorBytes: 16, registers: 16 }).driver)).toBe(4);
  const found = run(recurrence, numbers([5000], 0.9, 1.1));
  expect(found[0]).toBe(1);
});

test("messages", () => {
  const failure = (f: (x: Tensor) => unknown): string => {
    try {
      evaluate(f as never, array([1, 2, 3]));
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(failure((x) => dynamicSlice(x, 0, 4))).toMatch("Cannot dynamicSlice: expected a size from 0 to 3, got 4");
  expect(failure((x) => dynamicSlice(x, x, 1))).toMatch("expected an int32 scalar as start, got float64[3]");
  expect(failure((x) => dynamicUpdateSlice(x, array([[1]]), 0))).toMatch(
    "Cannot dynamicUpdateSlice: expected an update like float64[3], at most as long along axis 0, got float64[1, 1]",
  );
});

test("the gradient of reading one slice a turn adds where the slice was", () => {
  // Each turn reads nine rows and one of a table that all turns share, at places from a list.
  const f = (table: Tensor, places: Tensor): Tensor => {
    const [total] = scan(
      (so: Tensor, place: Tensor) => {
        const row = mul(dynamicSlice(table, place, 9), take(table, place));
        return [add(so, sum(mul(row, row))), {}] as const;
      },
      full([], 0),
      places,
    );
    return total;
  };
  const gradient = (table: Tensor, places: Tensor): Tensor => grad((x: Tensor) => f(x, places))(table);
  const specs = [
    { dtype: "float64", shape: [3000, 20] },
    { dtype: "int32", shape: [40] },
  ] as const;
  const { program } = trace(gradient, [...specs]);
  const { driver, kernels } = lower(program, { vectorBytes: 16, registers: 16 });
  expect(bytesMoved(driver)).toBeLessThan(100);
  // But for the clearing of the total, no kernel walks over the table of 480,000 bytes.
  expect(kernels.filter(({ note }) => note.bytes > 100_000)).toEqual([]);
  const table = numbers([3000, 20], -1, 1);
  const places = array(
    Int32Array.from({ length: 40 }, (_, i) => (i * 977) % 3000),
    [40],
  );
  const found = compile(gradient, [table, places], wasm()).callSync(table, places) as HostTensor;
  const expected = evaluate(gradient, table, places) as HostTensor;
  found.data.forEach((value, i) => {
    expect(value).toBeCloseTo(expected.data[i] as number, 14);
  });
});
