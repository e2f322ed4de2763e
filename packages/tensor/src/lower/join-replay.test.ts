/**
 * Steps that a `while` records and a scan takes again: taken once where both are the same, twice everywhere else.
 */
import { describe, expect, test } from "vitest";
import { scan, whileLoop } from "../library/control-flow.ts";
import { and, equal, less, lessEqual, not, select } from "../ops/comparison.ts";
import { abs, add, convert, div, mul, sub, tanh } from "../ops/elementwise.ts";
import { expandDimensions, iota } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import type { Program } from "../program/program.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import { scheduleProgram } from "./schedule-program.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

const slots = 16;
const units = 20;
const weights = Float64Array.from({ length: 2 * units }, (_, i) => Math.sin(3 * i) / 2);

/** A step of Euler's method for a small network, and how far it moves. */
function step(w: Tensor, y: Tensor, h: Tensor): Tensor {
  const hidden = tanh(sum(mul(w, expandDimensions(y, 1)), 0));
  return add(y, mul(h, sum(mul(w, expandDimensions(hidden, 0)), 1)));
}

interface Setting {
  /** The step of the scan. */
  readonly again?: typeof step;
  /** Where the scan starts, from where the loop does. */
  readonly from?: (start: Tensor) => Tensor;
  /** What the loop is limited to. */
  readonly limit?: number;
  /** What the loop goes on with after a step. */
  readonly next?: (y: Tensor) => Tensor;
}

/** Steps that are halved until they move by less than 0.3, to the time `end`; then the same steps once more. */
function path(w: Tensor, start: Tensor, end: Tensor, setting: Setting): Tensor {
  const { again = step, from = (y: Tensor) => y, limit = slots, next = (y: Tensor) => y } = setting;
  const found = whileLoop(
    ({ running }) => running,
    ({ y, t, h, count, steps }) => {
      const moved = step(w, y, h);
      const accept = less(sum(abs(sub(moved, y))), 0.3);
      const grown = add(count, convert(accept, "int32"));
      const time = select(accept, add(t, h), t);
      const here = and(equal(iota([slots]), count), accept);
      return {
        y: select(accept, next(moved), y),
        t: time,
        h: select(accept, mul(h, 1.5), div(h, 2)),
        count: grown,
        steps: select(here, h, steps),
        running: and(not(lessEqual(limit, grown)), less(time, end)),
      };
    },
    {
      y: start,
      t: full([], 0),
      h: full([], 0.5),
      count: full([], 0, "int32"),
      steps: full([slots], 0),
      running: less(0, end),
    },
  );
  const [last, seen] = scan(
    (y: Tensor, h: Tensor): readonly [Tensor, Tensor] => [again(w, y, h), mul(y, y)],
    from(start),
    found.steps,
    { length: found.count },
  );
  return add(sum(last), sum(mul(seen, 0.1)), mul(found.t, 0));
}

const loss =
  (setting: Setting) =>
  (w: Tensor, start: Tensor, end: Tensor): Tensor =>
    path(w, start, end, setting);
const slope = (setting: Setting) => (w: Tensor, start: Tensor, end: Tensor) =>
  grad((x: { w: Tensor; start: Tensor }) => path(x.w, x.start, end, setting))({ w, start });

const inputsAt = (end: number) => [
  array(weights, [2, units]),
  array(Float64Array.of(1.2, -0.4)),
  array(Float64Array.of(end), []),
];

function scansIn({ equations }: Program): number {
  return equations.filter(
    ({ primitive, parameters }) => primitive === "scan" && !(parameters as { reverse: boolean }).reverse,
  ).length;
}

/** How many scans that go forward are left, on vectors of either width; the results are those of the reference. */
function scansLeft(f: (...inputs: never[]) => unknown, end: number): readonly number[] {
  const inputs = inputsAt(end);
  const { program } = trace(f, inputs);
  const expected = evaluateProgram(program, inputs as never);
  return [narrowTraits, wideTraits].map((traits) => {
    const { outputs } = runLowered(program, inputs as never, traits);
    expected.forEach(({ data }, i) => {
      for (const [j, value] of data.entries()) expect(outputs[i]?.[j]).toBeCloseTo(value, 12);
    });
    return scansIn(scheduleProgram(program, traits));
  });
}

describe("recorded steps", () => {
  test.each([0, 0.7, 3])("are taken once, to the time %d", (end) => {
    expect(scansLeft(loss({}), end)).toEqual([0, 0]);
    expect(scansLeft(slope({}), end)).toEqual([0, 0]);
  });

  test("are taken once when the slots run out", () => {
    expect(scansLeft(slope({}), 1000)).toEqual([0, 0]);
  });

  test("keep second derivatives", () => {
    const along = (w: Tensor, start: Tensor, end: Tensor): unknown =>
      jvp((x: Tensor) => grad((y: Tensor) => path(y, start, end, {}))(x), [w], [mul(w, 0.3)]);
    scansLeft(along, 2);
  });

  test.each<readonly [string, Setting]>([
    ["another step", { again: (w, y, h) => step(w, y, mul(h, 1.01)) }],
    ["another start", { from: (y) => mul(y, 1.01) }],
    ["more steps than slots", { limit: slots + 3 }],
    ["another state after each", { next: (y) => mul(y, 0.99) }],
  ])("are taken twice with %s", (_, setting) => {
    for (const end of [0, 3, 1000]) expect(scansLeft(slope(setting), end)).toEqual([1, 1]);
  });
});
