/**
 * What the schedule makes of the loss and gradient of a small neural ODE: one loop over tiles with everything inside.
 */
import { expect, test } from "vitest";
import { scan, whileLoop } from "../library/control-flow.ts";
import { less } from "../ops/comparison.ts";
import { matmul } from "../ops/contraction.ts";
import { add, div, mul, square, sub, tanh } from "../ops/elementwise.ts";
import { sumOfSquares } from "../ops/reduction.ts";
import { check } from "../program/check.ts";
import type { Equation, Program } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { valueAndGrad } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { scheduleProgram } from "./schedule-program.ts";
import { expectClose } from "./testing/close.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

const [samples, units] = [90, 12];
const waves = (shape: readonly number[], rate: number) =>
  array(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(rate * (i + 1))),
    shape,
  );
const single = ({ shape, data }: HostTensor) => array(Float32Array.from(data as Float64Array), shape);
const inputs = [waves([2, units], 0.7), waves([units, 2], 1.3), waves([samples, 2], 0.37)] as const;

/** Five steps of Euler, or some more; the loss is a sum over all samples. */
function training(first: Tensor, second: Tensor, starts: Tensor, bound = 5): unknown {
  const loss = ([w1, w2]: readonly [Tensor, Tensor]): Tensor => {
    const flow = (start: Tensor): Tensor => {
      const step = (z: Tensor): [Tensor, Tensor] => {
        const next = add(z, mul(0.1, matmul(tanh(matmul(z, w1)), w2)));
        return [next, next];
      };
      return scan(step as never, start as never, {} as never, { bound })[1] as unknown as Tensor;
    };
    return sumOfSquares(sub(vmap(flow)(starts), 0.5));
  };
  return valueAndGrad(loss as never)([first, second] as never);
}

const { program } = trace(training as never, inputs);
const scansOf = ({ equations }: Program): Equation<"scan">[] =>
  equations.filter((equation): equation is Equation<"scan"> => equation.primitive === "scan");

test("one loop over tiles holds the loops over time, forward and backward", () => {
  const scheduled = scheduleProgram(program, narrowTraits);
  check(scheduled);
  const [tiles, ...others] = scansOf(scheduled);
  expect(others).toEqual([]);
  expect(tiles?.parameters.bound).toBeGreaterThan(1);
  expect(scansOf(tiles?.parameters.body as Program).map(({ parameters }) => parameters.reverse)).toEqual([false, true]);
});

test("gradients are summed over the batch once, not in every step", () => {
  const [tiles] = scansOf(scheduleProgram(program, narrowTraits));
  const [, backward] = scansOf(tiles?.parameters.body as Program);
  const sample = tiles?.parameters.body.inputs.at(-1)?.type.shape.at(-1) as number;
  const carries = backward?.outputs.slice(0, backward.parameters.carry).map(({ type }) => type.shape.at(-1));
  expect(carries?.every((extent) => extent === sample)).toBe(true);
});

test("what is carried on is folded to a vector where a tile has several", () => {
  const carried = (folds: boolean): (number | undefined)[] => {
    const [tiles] = scansOf(scheduleProgram(program, wideTraits, { folds }));
    const [, backward] = scansOf(tiles?.parameters.body as Program);
    return backward?.outputs.slice(0, backward.parameters.carry).map(({ type }) => type.shape.at(-1)) ?? [];
  };
  // The cotangent of the state keeps its samples.
  expect(new Set(carried(true))).toEqual(new Set([8, 32]));
  expect(new Set(carried(false))).toEqual(new Set([32]));
});

/** Samples of a tile of a field of some units, over some steps. */
function samplesOf(units: number, traits: typeof wideTraits, steps = 5): number | undefined {
  const given = [waves([units, units], 0.7), waves([units, units], 1.3), waves([960, units], 0.37)].map(single);
  const over = (first: Tensor, second: Tensor, starts: Tensor): unknown => training(first, second, starts, steps);
  const [tiles] = scansOf(scheduleProgram(trace(over as never, given).program, traits));
  return tiles?.parameters.body.inputs.at(-1)?.type.shape.at(-1);
}

test("tiles are half as long where their tape is far, unless vectors side by side share the weights they read", () => {
  expect([samplesOf(3, wideTraits, 2000), samplesOf(12, wideTraits, 2000)]).toEqual([48, 16]);
  expect([samplesOf(3, narrowTraits, 2000), samplesOf(12, narrowTraits, 2000)]).toEqual([16, 16]);
});

test("tiles have three vectors where registers hold them side by side, and two where there are products of matrices", () => {
  expect([samplesOf(3, wideTraits), samplesOf(12, wideTraits)]).toEqual([48, 32]);
  expect([samplesOf(3, narrowTraits), samplesOf(12, narrowTraits)]).toEqual([32, 32]);
});

test("loss and gradient are those of the program, with and without each pass", () => {
  const expected = evaluateProgram(program, inputs);
  for (const schedule of [
    {},
    { tile: 0 },
    { shortAxes: false },
    { tile: 16 },
    { tile: 0, shortAxes: false },
    { folds: false },
    { factors: false },
  ]) {
    for (const traits of [narrowTraits, wideTraits]) {
      const { outputs } = runLowered(program, inputs, traits, { schedule });
      expected.forEach(({ data }, i) => {
        expectClose(outputs[i] as ArrayLike<number>, data);
      });
    }
  }
});

test("samples that fill up the last tile divide by nothing that real ones do not", () => {
  const [x, weights] = [waves([samples, 40], 0.37), waves([40, 20], 0.7)];
  const loss = (at: Tensor, of: Tensor): Tensor => sumOfSquares(tanh(matmul(div(1, add(of, square(of))), at)));
  const traced = trace(((at: Tensor, of: Tensor) => valueAndGrad(loss)(at, of)) as never, [weights, x]);
  const expected = evaluateProgram(traced.program, [weights, x]);
  const { outputs } = runLowered(traced.program, [weights, x], wideTraits);
  expected.forEach(({ data }, i) => {
    expectClose(outputs[i] as ArrayLike<number>, data);
  });
});

/** Steps of Euler, as many as the speed of all samples together asks for: a loop that no tile can hold. */
function together(first: Tensor, second: Tensor, starts: Tensor): unknown {
  interface Carry {
    readonly z: Tensor;
    readonly way: Tensor;
  }
  return whileLoop<Carry>(
    ({ way }) => less(way, 2000),
    ({ z, way }) => {
      const speed = matmul(tanh(matmul(z, first)), second);
      return { z: add(z, mul(0.1, speed)), way: add(way, sumOfSquares(speed)) };
    },
    { z: starts, way: array(0) as unknown as Tensor },
  );
}

test("a loop that needs sums over the batch in each turn has tiles in its body, where its tensors are large", () => {
  const given = (count: number): readonly HostTensor[] => [inputs[0], inputs[1], waves([count, 2], 0.37)];
  const loopOf = (count: number): Equation<"while"> => {
    const scheduled = scheduleProgram(trace(together as never, given(count)).program, narrowTraits);
    check(scheduled);
    return scheduled.equations.find(({ primitive }) => primitive === "while") as Equation<"while">;
  };
  expect(scansOf(loopOf(samples).parameters.body)).toEqual([]);
  const many = 500;
  const loop = loopOf(many);
  const [tiles, ...others] = scansOf(loop.parameters.body);
  expect(others).toEqual([]);
  expect(tiles?.parameters.body.equations.some(({ primitive }) => primitive === "tanh")).toBe(true);
  // A state of two numbers travels as two tensors.
  expect(loop.outputs.map(({ type }) => type.shape)).toEqual([[many], [many], []]);
  const { program: whole } = trace(together as never, given(many));
  const expected = evaluateProgram(whole, given(many));
  for (const schedule of [{}, { tile: 0 }, { shortAxes: false }]) {
    for (const traits of [narrowTraits, wideTraits]) {
      const { outputs } = runLowered(whole, given(many), traits, { schedule });
      expected.forEach(({ data }, i) => {
        expectClose(outputs[i] as ArrayLike<number>, data);
      });
    }
  }
});
