/**
 * Lowered programs, run by the interpreter of the kernel language, against the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { evaluate } from "../kernel/evaluate.ts";
import { check } from "../program/check.ts";
import type { Program } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { type LowerOptions, lower } from "./lower.ts";
import { simplify } from "./simplify.ts";
import { randomProgram } from "./testing/random-program.ts";

const wasmLike = { vectorBytes: 16, registers: 16 };
const wideLike = { vectorBytes: 64, registers: 32 };

function runLowered(program: Program, inputs: readonly HostTensor[], traits = wasmLike, options: LowerOptions = {}) {
  const module = lower(program, traits, options);
  const evaluator = evaluate(module);
  inputs.forEach((input, i) => {
    const slot = module.inputs[i];
    if (slot !== undefined) evaluator.write(slot, input.data);
  });
  evaluator.run();
  return { module, evaluator, outputs: module.outputs.map((slot) => evaluator.read(slot)) };
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i] as number, expected[i] as number];
    if (Number.isNaN(b)) expect(a).toBeNaN();
    else if (a !== b) expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(b)));
  }
}

const seeds = Array.from({ length: 60 }, (_, i) => i + 1);

describe("random programs", () => {
  test.each(seeds)("seed %i equals the reference", (seed) => {
    const { program, inputs } = randomProgram(seed);
    check(simplify(program));
    const expected = evaluateProgram(program, inputs);
    const { evaluator, module, outputs } = runLowered(program, inputs, seed % 4 === 0 ? wideLike : wasmLike);
    expected.forEach(({ data }, i) => {
      expectClose(outputs[i] as ArrayLike<number>, data);
    });
    // Inputs are as they were, so that a second run gives the same.
    evaluator.run();
    module.outputs.forEach((slot, i) => {
      expect(evaluator.read(slot)).toEqual(outputs[i]);
    });
  });

  test.each(seeds)("seed %i with donated inputs", (seed) => {
    const { program, inputs } = randomProgram(seed);
    const expected = evaluateProgram(program, inputs);
    const { module, outputs } = runLowered(program, inputs, wasmLike, { donate: [0, 1] });
    expect([module.outputs[0]?.offset, module.outputs[1]?.offset]).toEqual(
      module.inputs.slice(0, 2).map(({ offset }) => offset),
    );
    expected.forEach(({ data }, i) => {
      expectClose(outputs[i] as ArrayLike<number>, data);
    });
  });
});
