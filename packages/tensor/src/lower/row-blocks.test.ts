/**
 * Sums over the rows of matrices that are walked by blocks, against the reference evaluator.
 */
import { expect, test } from "vitest";
import { sin } from "../library/trigonometric.ts";
import { add, mul, sub, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { kernelFacts } from "./explain.ts";
import { expectClose } from "./testing/close.ts";
import { drawsFrom } from "./testing/random-program.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

function inputsOf(seed: number, rows: number, columns: number) {
  const draw = drawsFrom(seed);
  const numbers = (size: number): Float64Array => Float64Array.from({ length: size }, () => 2 * draw() - 1);
  return [
    array(numbers(rows * columns), [rows, columns]),
    array(numbers(rows * columns), [rows, columns]),
    array(numbers(rows), [rows, 1]),
    array(numbers(columns), [columns]),
  ];
}

/** Sums over rows of what two matrices and a column make, beside a matrix that is made there too. */
function sums(a: Tensor, b: Tensor, column: Tensor): readonly Tensor[] {
  const made = tanh(add(a, column));
  return [made, sum(made, 0), sum(sin(mul(made, b)), 0), sum(tanh(sub(a, column)), 0)];
}

const cases = [
  { rows: 129, columns: 512, traits: narrowTraits },
  { rows: 192, columns: 513, traits: wideTraits },
] as const;

test.each(cases)("sums over $rows rows of $columns", ({ rows, columns, traits }) => {
  const inputs = inputsOf(rows, rows, columns);
  const { program } = trace(sums as never, inputs as never);
  const expected = evaluateProgram(program, inputs);
  const { module, outputs } = runLowered(program, inputs, traits, { schedule: { tile: 0 } });
  outputs.forEach((output, i) => {
    expectClose(output, expected[i]?.data ?? []);
  });
  const schedules = kernelFacts(module).map(({ schedule }) => schedule);
  expect(schedules.join("\n")).toContain(`i0 0..${Math.floor(rows / 64)} (i1 0..512 by `);
});

test("a sum that may lie over what is read with it is not begun from zero there", () => {
  const inputs = inputsOf(7, 200, 512);
  const next = (a: Tensor, b: Tensor, column: Tensor, row: Tensor): readonly Tensor[] => [
    a,
    b,
    column,
    sum(sin(mul(a, row)), 0),
  ];
  const { program: step } = trace(next as never, inputs as never);
  const expected = evaluateProgram(step, inputs);
  const { outputs } = runLowered(step, inputs, narrowTraits, { donate: [0, 1, 2, 3], schedule: { tile: 0 } });
  expectClose(outputs[3] as Float64Array, expected[3]?.data ?? []);
});
