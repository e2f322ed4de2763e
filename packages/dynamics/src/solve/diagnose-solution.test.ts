import {
  add,
  array,
  at,
  evaluate,
  exp,
  greater,
  log,
  mul,
  neg,
  select,
  sign,
  sin,
  sqrt,
  square,
  stack,
  sub,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { rk4 } from "../solver/rk4.ts";
import { pid } from "../step-size/pid.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import { diagnoseSolution } from "./diagnose-solution.ts";
import type { Cause } from "./failure-cause.ts";
import type { SolveOptions } from "./options.ts";
import { solve } from "./solve.ts";

type Options = Omit<SolveOptions<Tensor, undefined>, "y0">;

const diagnosed = (options: Options, y0: readonly number[]) =>
  diagnoseSolution(evaluate(() => solve({ explain: true, ...options, y0: array([...y0]) })));

/** The second of two components is what the case is about. */
const second = (f: (t: Tensor, y: Tensor) => Tensor) => (t: Tensor, y: Tensor) =>
  stack([neg(at(y, 0)), f(t, at(y, 1))]);
const equal = { solver: rk4, stepSize: constantStepSize(), dt0: 0.01 };

describe("diagnoseSolution", () => {
  it.each<[string, Cause, Options, number]>([
    ["a start that is not a number", "nonFiniteStart", { t0: 0, t1: 1, field: second((_t, y) => y) }, Number.NaN],
    [
      "a field that is undefined from the start",
      "nonFiniteField",
      { t0: 0, t1: 1, field: second((_t, y) => log(y)) },
      -1,
    ],
    ["a root of what falls below 0", "nonFiniteField", { t0: 0, t1: 9, field: second((_t, y) => neg(sqrt(y))) }, 1],
    [
      "the same with equal steps",
      "nonFiniteField",
      { t0: 0, t1: 9, field: second((_t, y) => neg(sqrt(y))), ...equal },
      1,
    ],
    [
      "a field that becomes infinite at a time",
      "nonFiniteField",
      { t0: 0, t1: 1, field: second((t, y) => select(greater(t, 0.5), Infinity, y)) },
      1,
    ],
    ["a blow-up", "blowUp", { t0: 0, t1: 3, field: second((_t, y) => square(y)) }, 1],
    ["a blow-up with equal steps", "blowUp", { t0: 0, t1: 3, field: second((_t, y) => square(y)), ...equal }, 1],
    [
      "growth beyond the largest number",
      "blowUp",
      { t0: 0, t1: 900, field: second((_t, y) => y), maxSteps: 1e5, adjoint: "none" },
      1,
    ],
    ["stiffness", "stiff", { t0: 0, t1: 10, field: second((t, y) => mul(-1e6, sub(y, sin(t)))) }, 1],
    ["sliding along a jump", "jump", { t0: 0, t1: 3, field: second((_t, y) => neg(sign(y))), maxSteps: 200 }, 1],
    ["a long way to go", "manySteps", { t0: 0, t1: 1e4, field: second((t, _y) => sin(mul(3, t))), maxSteps: 100 }, 1],
  ])("finds %s", (_, cause, options, start) => {
    const found = diagnosed(options, [1, start]);
    expect(found.map((each) => [each.cause, each.component])).toEqual([[cause, "y[1]"]]);
  });

  it("says all of it in words", () => {
    const field = (_t: Tensor, { q, p }: { readonly q: Tensor; readonly p: Tensor }) => ({ q: p, p: exp(square(q)) });
    const start = { q: array([0, 0.5]), p: array([0, 0]) };
    const run = () => solve({ field: field as never, t0: 0, t1: 5, y0: start, explain: true });
    const [found] = diagnoseSolution(evaluate(run) as never, { names: ["left", "right", "pLeft", "pRight"] });
    expect(["right", "pRight"]).toContain(found?.component);
    expect(found?.message).toMatch(
      /^The integration stopped at t = 1\.\d+ after \d+ steps \(\d+ rejected\): \w+\. Likely cause: p?[rR]ight grows without bound\. End the integration earlier, .* There, p?[rR]ight is \S+, its derivative \S+; the last step tried was \S+ long, \S+ is left\. The solution up to there is kept\.$/,
    );
    expect(() => diagnoseSolution(evaluate(run) as never, { names: ["a"] })).toThrow(
      "Cannot diagnose a solution: expected 4 names, got 1\nName every number of the state: y.q[0], y.q[1], y.p[0], y.p[1].",
    );
  });

  it("names the members of a batch that failed, and no others", () => {
    const one = (y0: Tensor) => solve({ field: (_t, y: Tensor) => square(y), t0: 0, t1: 2, y0, explain: true });
    const found = diagnoseSolution(evaluate(vmap(one), array([[0.2], [1], [-3], [Number.NaN]])));
    expect(found.map(({ member, cause }) => [member, cause])).toEqual([
      [1, "blowUp"],
      [3, "nonFiniteStart"],
    ]);
  });

  it("tells what it can without the explanation, and nothing of a success", () => {
    const field = (_t: Tensor, y: Tensor): Tensor => add(square(y), 1);
    expect(diagnosed({ field, t0: 0, t1: 1 }, [0])).toEqual([]);
    const [found] = diagnosed({ field, t0: 0, t1: 3, explain: false, stepSize: pid({ dtMin: 1e-3 }) }, [0]);
    expect([found?.cause, found?.component, found?.status]).toEqual(["unknown", null, "stepSizeUnderflow"]);
    expect(found?.message).toContain("Solve again with explain: true");
  });
});
