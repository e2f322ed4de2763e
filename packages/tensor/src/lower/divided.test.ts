/**
 * Programs divided for several threads, run by the interpreter of the kernel language: parallel turns last first, each in
 * the room of another thread, so that what should not depend on one another would show.
 */
import { describe, expect, test } from "vitest";
import { checkModule } from "../kernel/check.ts";
import type { Module, Step } from "../kernel/kernel.ts";
import { matmul } from "../ops/contraction.ts";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { sum, sumOfSquares } from "../ops/reduction.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { valueAndGrad } from "../transform/differentiate.ts";
import { expectClose } from "./testing/close.ts";
import { randomProgram } from "./testing/random-program.ts";
import { narrowTraits, runLowered, wideTraits } from "./testing/run-lowered.ts";

const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
/** Whatever can be divided is. */
const schedule = { leastDivided: 1 };

const parallelIn = ({ driver }: Module): number => {
  const count = (steps: readonly Step[]): number =>
    steps.reduce((total, step) => {
      if (step.kind === "repeat") return total + count(step.body);
      if (step.kind === "while") return total + count([...step.condition, ...step.body]);
      return step.kind === "parallel" ? total + 1 : total;
    }, 0);
  return count(driver);
};

describe("random programs", () => {
  let divided = 0;

  test.each(seeds)("seed %i: any number of threads gives the same bits, near the reference", (seed) => {
    const { program, inputs } = randomProgram(seed);
    const expected = evaluateProgram(program, inputs);
    const traits = seed % 4 === 0 ? wideTraits : narrowTraits;
    const donate = seed % 2 === 0 ? [0, 1] : [];
    const runOn = (threads: number) => runLowered(program, inputs, traits, { threads, schedule, donate });
    const first = runOn(1);
    const others = [2, 3, 8].map(runOn);
    for (const { module } of [first, ...others]) checkModule(module);
    divided += parallelIn(first.module) > 0 ? 1 : 0;
    expected.forEach(({ data }, i) => {
      expectClose(first.outputs[i] as ArrayLike<number>, data);
    });
    for (const { outputs } of others) expect(outputs).toEqual(first.outputs);
  });

  test("are divided", () => {
    expect(divided).toBeGreaterThan(10);
  });
});

describe("a loss over a batch", () => {
  const random = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => Math.sin(3 + 7 * i));
  const loss = (weights: Tensor, shift: Tensor, x: Tensor): Tensor => {
    const hidden = tanh(add(matmul(x, weights), shift));
    return add(sumOfSquares(hidden), sum(mul(hidden, tanh(mul(hidden, hidden)))));
  };
  const inputsFor = (samples: number) => [
    array(random(6 * 5), [6, 5]),
    array(random(5), [5]),
    array(random(6 * samples), [samples, 6]),
  ];

  test.each([64, 100, 333, 1000])("of %i samples equals the reference, tiles divided", (samples) => {
    const inputs = inputsFor(samples);
    const { program } = trace(valueAndGrad(loss) as never, inputs);
    const expected = evaluateProgram(program, inputs);
    for (const traits of [narrowTraits, wideTraits]) {
      const options = { threads: 3, schedule: { leastDivided: 1, tile: 16 } };
      const { module, outputs } = runLowered(program, inputs, traits, options);
      checkModule(module);
      expect(parallelIn(module)).toBeGreaterThan(0);
      expected.forEach(({ data }, i) => {
        expectClose(outputs[i] as ArrayLike<number>, data);
      });
    }
  });

  test("is left as it is where there is little work, or no threads are asked for", () => {
    const inputs = inputsFor(64);
    const { program } = trace(valueAndGrad(loss) as never, inputs);
    const plain = runLowered(program, inputs);
    const asked = runLowered(program, inputs, narrowTraits, { threads: 4 });
    expect(parallelIn(asked.module)).toBe(0);
    expect(asked.module.threads).toBeUndefined();
    expect(asked.module.arenaBytes).toBe(plain.module.arenaBytes);
    expect(asked.outputs).toEqual(plain.outputs);
  });

  test("takes memory for each thread only of what a turn makes", () => {
    const inputs = inputsFor(1000);
    const { program } = trace(valueAndGrad(loss) as never, inputs);
    const bytes = [1, 2, 3].map((threads) => {
      return runLowered(program, inputs, narrowTraits, { threads, schedule }).module.arenaBytes;
    }) as [number, number, number];
    expect(bytes[1] - bytes[0]).toBe(bytes[2] - bytes[1]);
    expect(bytes[1] - bytes[0]).toBeLessThan(bytes[0] / 2);
  });
});
