/**
 * Runs a lowered program by the interpreter of the kernel language.
 */
import type { HostArray } from "../../dtype.ts";
import { type Evaluator, evaluate } from "../../kernel/evaluate.ts";
import type { Module, TargetTraits } from "../../kernel/kernel.ts";
import type { Program } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { type LowerOptions, lower } from "../lower.ts";

/** Registers like those of WebAssembly. */
export const narrowTraits: TargetTraits = { vectorBytes: 16, registers: 16 };
/** Registers like those of AVX-512. */
export const wideTraits: TargetTraits = { vectorBytes: 64, registers: 32 };

/** What a run gave. */
export interface LoweredRun {
  readonly module: Module;
  readonly evaluator: Evaluator;
  readonly outputs: readonly HostArray[];
}

/** Lowers, loads the inputs, runs once. */
export function runLowered(
  program: Program,
  inputs: readonly HostTensor[],
  traits: TargetTraits = narrowTraits,
  options: LowerOptions = {},
): LoweredRun {
  const module = lower(program, traits, options);
  const evaluator = evaluate(module);
  module.inputs.forEach((slot, i) => {
    evaluator.write(slot, (inputs[i] as HostTensor).data);
  });
  evaluator.run();
  return { module, evaluator, outputs: module.outputs.map((slot) => evaluator.read(slot)) };
}
