/**
 * Sums over the batch that are finished with each tile: where a loop runs in it and its sums are many.
 */
import { expect, test } from "vitest";
import { scan } from "../../library/control-flow.ts";
import { matmul } from "../../ops/contraction.ts";
import { add, mul, sub, tanh } from "../../ops/elementwise.ts";
import { sumOfSquares } from "../../ops/reduction.ts";
import { check } from "../../program/check.ts";
import type { Equation } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { array, type Tensor } from "../../trace/tensor.ts";
import { trace } from "../../trace/trace.ts";
import { valueAndGrad } from "../../transform/differentiate.ts";
import { vmap } from "../../transform/vmap.ts";
import { scheduleProgram } from "../schedule-program.ts";
import { expectClose } from "../testing/close.ts";
import { narrowTraits, runLowered, wideTraits } from "../testing/run-lowered.ts";

const samples = 70;
const waves = (shape: readonly number[], rate: number): HostTensor =>
  array(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(rate * (i + 1))),
    shape,
  );

/** Euler steps of a network with so many units; the loss is a sum over samples that do not fill the last tile. */
function training(units: number, steps: number) {
  const step = (first: Tensor, second: Tensor, starts: Tensor): unknown => {
    const loss = ([w1, w2]: readonly [Tensor, Tensor]): Tensor => {
      const turn = (z: Tensor): [Tensor, unknown] => [add(z, mul(0.1, matmul(tanh(matmul(z, w1)), w2))), {}];
      const flow = (start: Tensor): Tensor => scan(turn, start, {}, { bound: steps })[0];
      return sumOfSquares(sub(vmap(flow)(starts), 0.5));
    };
    return valueAndGrad(loss as never)([first, second] as never);
  };
  const inputs = [waves([2, units], 0.7), waves([units, 2], 1.3), waves([samples, 2], 0.37)];
  return { program: trace(step as never, inputs as never).program, inputs };
}

/** The shapes that the loop over tiles carries on. */
function carried(units: number, steps: number): readonly (readonly number[])[] {
  const scheduled = scheduleProgram(training(units, steps).program, narrowTraits, { tile: 32 });
  check(scheduled);
  const [tiles] = scheduled.equations.filter(({ primitive }) => primitive === "scan") as Equation<"scan">[];
  return (tiles?.outputs ?? []).slice(0, tiles?.parameters.carry).map(({ type }) => type.shape);
}

/** Tiles of 32 that divide the samples best have 24. */
const hasSamples = (shape: readonly number[]): boolean => shape.at(-1) === 24;

test("many sums beside a long loop are carried without samples; few, or beside a short one, with them", () => {
  expect(carried(60, 9).some(hasSamples)).toBe(false);
  expect(carried(60, 3).every(hasSamples)).toBe(true);
  expect(carried(3, 9).every(hasSamples)).toBe(true);
});

test("the gradients are the same", () => {
  const { program, inputs } = training(60, 9);
  const expected = evaluateProgram(program, inputs);
  for (const traits of [narrowTraits, wideTraits]) {
    const { outputs } = runLowered(program, inputs, traits);
    outputs.forEach((output, i) => {
      expectClose(output, expected[i]?.data ?? []);
    });
  }
});
