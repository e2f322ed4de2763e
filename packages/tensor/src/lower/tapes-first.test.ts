import { expect, test } from "vitest";
import { scan } from "../library/control-flow.ts";
import { sin } from "../library/trigonometric.ts";
import { add, mul, stopGradient, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { check } from "../program/check.ts";
import type { Equation, Program } from "../program/program.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad } from "../transform/differentiate.ts";
import { simplify } from "./simplify.ts";
import { tapesFirst } from "./tapes-first.ts";

const length = 9;
const weights = array([0.3, -0.2, 0.7]);

/** A path by a loop, and what a second loop makes of the points on it and of the weights. */
function gradient(reads: (path: Tensor) => Tensor): Program {
  const loss = (w: Tensor): Tensor => {
    const [end, path] = scan(
      (y: Tensor): [Tensor, Tensor] => {
        const next = tanh(add(mul(y, w), 0.1));
        return [next, next];
      },
      w,
      {},
      { bound: length },
    );
    const [other] = scan(
      (total: Tensor, y: Tensor): [Tensor, unknown] => [add(total, sum(sin(mul(y, w)))), {}],
      sum(mul(w, 0)),
      reads(path),
    );
    return add(sum(end), other);
  };
  return simplify(trace(grad(loss), [weights]).program);
}

const loops = ({ equations }: Program): string[] =>
  equations
    .filter((equation): equation is Equation<"scan"> => equation.primitive === "scan")
    .map(
      ({ parameters: { reverse, carry }, outputs }) =>
        `${reverse ? "back" : "forth"} ${outputs.length > carry ? "with" : "without"} tape`,
    );

test("the way back of a loop does not wait for loops that it does not need", () => {
  const program = gradient(stopGradient);
  const ordered = tapesFirst(program);
  check(ordered);
  expect(evaluateProgram(ordered, [weights])).toEqual(evaluateProgram(program, [weights]));
  const made = new Map(ordered.equations.map((equation, i) => [equation.outputs[0], i]));
  const scans = ordered.equations.filter((equation): equation is Equation<"scan"> => equation.primitive === "scan");
  const first = scans[0] as Equation<"scan">;
  const tape = new Set<unknown>(first.outputs.slice(first.parameters.carry));
  const back = scans.findLastIndex((scan) => scan.parameters.reverse && scan.inputs.some((input) => tape.has(input)));
  expect(back).toBe(1);
  expect(made.size).toBe(program.equations.length);
});

test("what it needs stays before it", () => {
  const program = gradient((path) => path);
  const ordered = tapesFirst(program);
  check(ordered);
  expect(loops(ordered)).toEqual(loops(program));
  expect(evaluateProgram(ordered, [weights])).toEqual(evaluateProgram(program, [weights]));
});
