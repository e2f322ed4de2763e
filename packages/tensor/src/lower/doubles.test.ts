/**
 * Programs with numbers as one factor, against the programs that they come from, by the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { scan } from "../library/control-flow.ts";
import { add, mul, neg } from "../ops/elementwise.ts";
import { check } from "../program/check.ts";
import { print } from "../program/print.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { doubles } from "./doubles.ts";
import { simplify } from "./simplify.ts";
import { randomProgram } from "./testing/random-program.ts";

const specs = [
  { dtype: "float32", shape: [3] },
  { dtype: "float32", shape: [3] },
] as const;
const lines = (f: (x: Tensor, y: Tensor) => unknown): string[] =>
  print(doubles(simplify(trace(f as never, specs).program)))
    .split("\n")
    .slice(1, -1)
    .map((line) => line.trim());

test("a sum of equals, negated and doubled again, is one product", () => {
  expect(lines((x) => mul(neg(add(x, x)), 4))).toEqual(["c:float32[3] = mul a -8:float32[3]"]);
  expect(lines((x, y) => neg(mul(mul(x, y), 3)))).toEqual([
    "c:float32[3] = mul a b",
    "d:float32[3] = mul c -3:float32[3]",
  ]);
});

test("numbers that are no powers of two stay apart, and so do those that overflow together", () => {
  expect(lines((x) => mul(mul(x, 3), 5))).toHaveLength(2);
  expect(lines((x) => mul(mul(x, 2), 3e38))).toHaveLength(2);
  expect(lines((x) => mul(mul(x, 2), 3))).toEqual(["c:float32[3] = mul a 6:float32[3]"]);
});

test("sums in loops are found too", () => {
  const f = (x: Tensor): unknown =>
    scan(([y]: readonly [Tensor]) => [[add(y, y)], {}] as const, [x] as const, {}, { bound: 4 })[0];
  const at = [array(Float64Array.of(0.1, -0.7, 3), [3], "float32"), array(new Float64Array(3), [3], "float32")];
  const { program } = trace(f as never, at);
  const doubled = doubles(simplify(program));
  expect(print(doubled)).toContain("mul");
  expect(print(doubled)).not.toContain("add");
  expect(evaluateProgram(doubled, at)).toEqual(evaluateProgram(program, at));
});

describe("random programs", () => {
  test.each(Array.from({ length: 150 }, (_, i) => i + 1))("seed %i gives the same numbers", (seed) => {
    const { program, inputs } = randomProgram(seed);
    const simplified = simplify(program);
    const made = doubles(simplified);
    check(made);
    expect(evaluateProgram(made, inputs)).toEqual(evaluateProgram(simplified, inputs));
  });
});
