/**
 * Folds on vectors of several widths against the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { sin } from "../library/trigonometric.ts";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { reshape } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { fuse } from "./fuse.ts";
import { expectClose } from "./testing/close.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

const units = 5;
const waves = (shape: readonly number[], rate: number, dtype: "float32" | "float64") =>
  array(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(rate * (i + 1))),
    shape,
    dtype,
  );

const fold = (x: Tensor, lanes: number): Tensor => {
  const lead = x.shape.slice(0, -1);
  return sum(reshape(x, [...lead, (x.shape.at(-1) as number) / lanes, lanes]), lead.length);
};

/** Two folds onto one sum, one onto another, a sum over the units, and what is read again later. */
const several =
  (lanes: number) =>
  (x: Tensor, y: Tensor, total: Tensor, other: Tensor): unknown => {
    const product = mul(sin(x), y);
    const first = add(total, fold(product, lanes));
    const second = add(fold(tanh(x), lanes), first);
    const deep = reshape(mul(x, y), [units, 1, x.shape[1] as number, 1]);
    const third = add(other, fold(reshape(deep, x.shape), lanes));
    return [second, third, sum(product, 0), mul(third, first), fold(product, lanes)];
  };

describe.each(["float32", "float64"] as const)("folds in %s", (dtype) => {
  describe.each([8, 16])("to %i lanes", (lanes) => {
    test.each([2, 3, 4, 5])("of %i rows", (rows) => {
      const wide = [units, rows * lanes];
      const inputs = [
        waves(wide, 0.3, dtype),
        waves(wide, 0.7, dtype),
        waves([units, lanes], 1.1, dtype),
        waves([units, lanes], 1.7, dtype),
      ];
      const { program } = trace(several(lanes) as never, inputs);
      const expected = evaluateProgram(program, inputs);
      for (const traits of [narrowTraits, { vectorBytes: 32, registers: 16 }, wideTraits]) {
        runLowered(program, inputs, traits, { schedule: { shortAxes: false } }).outputs.forEach((found, i) => {
          expectClose(found, (expected[i] as (typeof expected)[number]).data, dtype === "float32" ? 1e-5 : 1e-9);
        });
      }
    });
  });
});

test("folds share the loops over what they fold", () => {
  const { program } = trace(several(16) as never, [
    waves([units, 32], 0.3, "float32"),
    waves([units, 32], 0.7, "float32"),
    waves([units, 16], 1.1, "float32"),
    waves([units, 16], 1.7, "float32"),
  ]);
  const domains = fuse(program).steps.flatMap((step) => (step.kind === "group" ? [step.domain.join()] : []));
  expect(domains.filter((domain) => domain === "5,32")).toHaveLength(1);
});
