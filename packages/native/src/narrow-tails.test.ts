/**
 * Narrower tails against the interpreter: lowered programs with lane axes of every length up to four vectors.
 */
import {
  add,
  array,
  div,
  exp,
  type HostArray,
  matmul,
  mul,
  sin,
  sum,
  type Tensor,
  tanh,
  trace,
  transpose,
} from "@leastaction/tensor";
import { bodyOf, evaluate, expressionsOf, type Module, type Statement } from "@leastaction/tensor/kernel";
import { lower } from "@leastaction/tensor/lower";
import { describe, expect, it } from "vitest";
import { narrowTails } from "./narrow-tails.ts";

const lengths = [17, 18, 20, 23, 24, 25, 27, 31, 39, 47, 63];

const programs: { readonly [name: string]: (x: Tensor, y: Tensor) => readonly Tensor[] } = {
  elements: (x, y) => [tanh(mul(x, y)), add(x, 1)],
  sums: (x, y) => [sum(mul(x, y)), sum(exp(x), [0]), sum(div(y, x), [1])],
  branches: (x, y) => [sin(mul(x, y))],
  products: (x, y) => [matmul(x, transpose(y)), matmul(transpose(x), y)],
};

function runAll(module: Module, inputs: readonly HostArray[]): HostArray[] {
  const interpreter = evaluate(module);
  inputs.forEach((data, i) => {
    const slot = module.inputs[i];
    if (slot !== undefined) interpreter.write(slot, data);
  });
  interpreter.run();
  return module.outputs.map((slot) => interpreter.read(slot));
}

function lanesIn(body: readonly Statement[]): number[] {
  return body.flatMap((statement) => [
    ...expressionsOf(statement).map(({ lanes }) => lanes),
    ...lanesIn(bodyOf(statement)),
  ]);
}

describe.each(["float32", "float64"] as const)("%s", (dtype) => {
  it.each(Object.entries(programs))("%s", (_, program) => {
    for (const length of lengths) {
      const numbers = (phase: number): HostArray =>
        array(
          Array.from({ length: 3 * length }, (__, i) => 1.5 + Math.sin(i + phase)),
          [3, length],
          dtype,
        ).data;
      const spec = { dtype, shape: [3, length] };
      const traced = trace(program as never, [spec, spec]).program;
      const module = lower(traced, { vectorBytes: 64, registers: 32 });
      const inputs = [numbers(0), numbers(1)];
      const [expected, found] = [runAll(module, inputs), runAll(narrowTails(module, 64), inputs)];
      expected.forEach((values, i) => {
        const tolerance = (dtype === "float32" ? 2 ** -20 : 2 ** -48) * Math.max(...Array.from(values, Math.abs));
        values.forEach((value, k) => {
          expect(Math.abs((found[i]?.[k] as number) - value), `length ${length}`).toBeLessThanOrEqual(tolerance);
        });
      });
    }
  });
});

it("leaves no more than three single elements of float32", () => {
  const spec = { dtype: "float32", shape: [200] } as const;
  const { program } = trace(((x: Tensor) => [tanh(x), sum(x)]) as never, [spec]);
  const module = lower(program, { vectorBytes: 64, registers: 32 });
  const lanes = (of: Module): Set<number> => new Set(of.kernels.flatMap(({ body }) => lanesIn(body)));
  expect(lanes(module)).toContain(1);
  const narrowed = narrowTails(module, 64);
  expect(lanes(narrowed)).toContain(8);
  const single = narrowed.kernels.flatMap(({ body }) => body).filter((each) => each.kind === "loop" && each.step === 1);
  expect(single).toEqual([]);
});
