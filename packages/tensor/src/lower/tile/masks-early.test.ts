/**
 * Where masks are after they were moved. That results stay equal is tested on random programs in `tile.test.ts`.
 */
import { expect, test } from "vitest";
import { matmul } from "../../ops/contraction.ts";
import { div, square, sub, tanh } from "../../ops/elementwise.ts";
import { sum } from "../../ops/reduction.ts";
import { check } from "../../program/check.ts";
import type { Equation, Program } from "../../program/program.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { array, type Tensor } from "../../trace/tensor.ts";
import { trace } from "../../trace/trace.ts";
import { grad, valueAndGrad } from "../../transform/differentiate.ts";
import { scheduleProgram } from "../schedule-program.ts";
import { expectClose } from "../testing/close.ts";
import { narrowTraits, runLowered, wideTraits } from "../testing/run-lowered.ts";

const samples = 75;
const waves = (shape: readonly number[], rate: number) =>
  array(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(rate * (i + 1))),
    shape,
    "float64",
  );
const inputs = [waves([2, 9], 0.3), waves([9, 9], 0.7), waves([9, 1], 1.1), waves([samples, 2], 0.37)];

const network = (W1: Tensor, W2: Tensor, W3: Tensor, x: Tensor): Tensor =>
  matmul(tanh(matmul(tanh(matmul(x, W1)), W2)), W3);

/** What the masks of a scheduled program mask: their extents but for the samples. */
function masksIn({ equations }: Program): string[] {
  const scans = equations.filter((equation): equation is Equation<"scan"> => equation.primitive === "scan");
  return scans.flatMap(({ parameters }) =>
    parameters.body.equations.flatMap(({ primitive, outputs }) =>
      primitive === "select" ? [(outputs[0]?.type.shape ?? []).slice(0, -1).join()] : [],
    ),
  );
}

/** The program of a step, which gives what it should. */
function scheduled(step: (W1: Tensor, W2: Tensor, W3: Tensor, x: Tensor) => unknown): Program {
  const { program } = trace(step as never, inputs);
  const expected = evaluateProgram(program, inputs);
  for (const traits of [narrowTraits, wideTraits]) {
    runLowered(program, inputs, traits).outputs.forEach((found, i) => {
      expectClose(found, expected[i]?.data ?? []);
    });
  }
  const made = scheduleProgram(program, wideTraits);
  check(made);
  return made;
}

test("the error of a sample is masked, and nothing that is made of it", () => {
  const loss = (W1: Tensor, W2: Tensor, W3: Tensor, x: Tensor): Tensor => {
    const found = sum(network(W1, W2, W3, x), 1);
    return div(sum(square(sub(found, sum(x, 1)))), samples);
  };
  const masks = masksIn(scheduled(valueAndGrad(loss as never) as never));
  expect(masks.length).toBeGreaterThan(0);
  expect(masks.every((extents) => extents === "" || extents === "1")).toBe(true);
});

test("an error that is a result too stays as it is, and what is made of it is masked", () => {
  const errors = (W1: Tensor, W2: Tensor, W3: Tensor, x: Tensor): Tensor =>
    sub(sum(network(W1, W2, W3, x), 1), sum(x, 1));
  const step = (W1: Tensor, W2: Tensor, W3: Tensor, x: Tensor): unknown => {
    const gradient = grad((W: Tensor) => sum(square(errors(W1, W, W3, x))))(W2);
    return [gradient, errors(W1, W2, W3, x)];
  };
  const masks = masksIn(scheduled(step));
  expect(masks.length).toBeGreaterThan(0);
  expect(masks.every((extents) => extents === "" || extents === "1")).toBe(true);
});
