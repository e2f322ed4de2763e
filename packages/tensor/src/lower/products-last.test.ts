/**
 * Programs whose sums begin with what is there already, against the programs that they come from, by the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { scan } from "../library/control-flow.ts";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { check } from "../program/check.ts";
import type { Equation, Program } from "../program/program.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { productsLast } from "./products-last.ts";
import { simplify } from "./simplify.ts";
import { expectClose } from "./testing/close.ts";
import { randomProgram } from "./testing/random-program.ts";

const waves = (rate: number) =>
  array(
    Float64Array.from({ length: 6 }, (_, i) => Math.sin(rate * (i + 1))),
    [6],
  );
const inputs = [0.3, 0.7, 1.1, 1.9, 2.3].map(waves);

function expectEqual(program: Program, at: Parameters<typeof evaluateProgram>[1]): Program {
  const ordered = productsLast(simplify(program));
  check(ordered);
  const expected = evaluateProgram(program, at);
  evaluateProgram(ordered, at).forEach(({ data }, i) => {
    expectClose(data, (expected[i] as (typeof expected)[number]).data);
  });
  return ordered;
}

/** What the additions of a program add, each operand as the primitive that makes it; inputs have none. */
function additions({ equations }: Program): string[] {
  const made = new Map(equations.flatMap(({ primitive, outputs }) => outputs.map((output) => [output, primitive])));
  const sums = equations.filter(({ primitive }) => primitive === "add");
  return sums.map(({ inputs: terms }) => terms.map((term) => made.get(term as never) ?? "input").join(" "));
}

describe("sums begin with what is there", () => {
  test.each(Array.from({ length: 100 }, (_, i) => i + 1))("seed %i equals the reference", (seed) => {
    const { program, inputs: at } = randomProgram(seed);
    expectEqual(program, at);
  });

  test("a bias comes before the products of its layer, in loops too", () => {
    const layer = (x: Tensor, y: Tensor, u: Tensor, v: Tensor, b: Tensor): Tensor => add(add(mul(x, u), mul(y, v)), b);
    const { program } = trace(layer as never, inputs);
    expect(additions(expectEqual(program, inputs))).toEqual(["input mul", "add mul"]);
    const flow = (x: Tensor, u: Tensor, v: Tensor, b: Tensor): unknown =>
      scan(((z: Tensor) => [layer(z, tanh(z), u, v, b), z]) as never, x as never, {} as never, { bound: 3 });
    const looped = expectEqual(trace(flow as never, inputs.slice(1)).program, inputs.slice(1));
    const [loop] = looped.equations.filter(({ primitive }) => primitive === "scan") as Equation<"scan">[];
    expect(additions((loop as Equation<"scan">).parameters.body)).toEqual(["input mul", "add mul"]);
  });

  test("what is made after the products is not waited for", () => {
    const late = (x: Tensor, y: Tensor, u: Tensor, v: Tensor): Tensor => {
      const [first, second] = [mul(x, u), mul(y, v)];
      return add(add(first, second), tanh(add(x, y)));
    };
    const given = inputs.slice(0, 4);
    const sums = additions(expectEqual(trace(late as never, given).program, given));
    expect(sums.sort()).toEqual(["add tanh", "input input", "mul mul"]);
  });
});
