/**
 * The WebAssembly target: 128-bit SIMD, one static arena, no allocation and no host call inside a step.
 *
 * The same program gives the same bits on every machine (payloads of NaN excepted): no relaxed instruction is used.
 */

import type { Accuracy, Slot, TargetTraits } from "../../kernel/kernel.ts";
import { explainModule, kernelFacts } from "../../lower/explain.ts";
import { type LowerOptions, lower } from "../../lower/lower.ts";
import { profileModule } from "../../lower/profile.ts";
import type { ScheduleOptions } from "../../lower/schedule-program.ts";
import type { Program } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import type { Executable, Target } from "../target.ts";
import { instantiate } from "./instantiate.ts";

const traits = { vectorBytes: 16, registers: 16 };

/** How to compile; everything has a good default. */
export interface WasmOptions {
  /** Decisions of the schedule that are not to be the usual ones. */
  readonly schedule?: ScheduleOptions;
  /**
   * Of elementary functions: `full` (within 2 units of the last place; default), or `fast` (within 5 for sin, cos and, in
   * float32, tanh, exp, log, log1p; beyond, see `Accuracy`).
   */
  readonly accuracy?: Accuracy;
  /** Called with the name of each phase of compiling as it begins. */
  readonly onPhase?: (name: string) => void;
}

/** The target that compiles programs to WebAssembly SIMD; synchronous, for Node and browsers. */
export function wasm({ accuracy = "full", ...options }: WasmOptions = {}): Target {
  const own = { ...traits, accuracy };
  return {
    name: "wasm",
    synchronous: true,
    prepare: (program, donate) => prepare(program, own, { donate, ...options }),
  };
}

function prepare(program: Program, own: TargetTraits, options: LowerOptions): Executable {
  const module = lower(program, own, options);
  const instance = instantiate(module, options.onPhase);
  const read = (
    slot: Slot | undefined,
    like: { readonly type: Pick<HostTensor, "dtype" | "shape"> } | undefined,
  ): HostTensor => ({
    dtype: (like as { type: HostTensor }).type.dtype,
    shape: (like as { type: HostTensor }).type.shape,
    data: instance.read(slot as Slot),
  });
  return {
    write: (input, value) => instance.write(module.inputs[input] as Slot, value.data),
    run: () => instance.run(),
    runAsync: async () => instance.run(),
    readInput: (input) => read(module.inputs[input], program.inputs[input]),
    readOutput: (output) => read(module.outputs[output], program.outputs[output]),
    bytes: module.arenaBytes,
    explain: () => explainModule(module),
    kernels: () => kernelFacts(module),
    profile: (steps) => profileModule(module, instance.timed(), steps),
  };
}
