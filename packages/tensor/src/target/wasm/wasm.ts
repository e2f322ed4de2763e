/**
 * The WebAssembly target: 128-bit SIMD, one static arena, no allocation inside a step, and no host call but one for each
 * part of it that is divided between threads.
 *
 * The same program gives the same bits on every machine (payloads of NaN excepted): no relaxed instruction is used.
 */

import type { Accuracy, Slot } from "../../kernel/kernel.ts";
import { checkThreads } from "../../lower/check-threads.ts";
import type { CodeStore } from "../../lower/code-store.ts";
import { explainModule, kernelFacts } from "../../lower/explain.ts";
import type { LowerOptions } from "../../lower/lower.ts";
import { type CodeMaker, makeCode } from "../../lower/make-code.ts";
import { profileModule } from "../../lower/profile.ts";
import type { ScheduleOptions } from "../../lower/schedule-program.ts";
import type { Program } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import type { Executable, Target } from "../target.ts";
import { emitFitting, loadBinary } from "./instantiate.ts";

const traits = { vectorBytes: 16, registers: 16 };

/** How to compile; everything has a good default. */
export interface WasmOptions {
  /** Decisions of the schedule that are not to be the usual ones. */
  readonly schedule?: ScheduleOptions;
  /**
   * Of elementary functions: `full` (within 2 units of the last place; default), or `fast` (within 6 for tanh, sin, cos
   * and, in float32, exp, log, log1p; beyond, see `Accuracy`).
   */
  readonly accuracy?: Accuracy;
  /**
   * Where binaries are kept for the next process that compiles the same program, so that it need not be scheduled and
   * emitted again; default: nowhere. `fileStore` of `@leastaction/native` is one for Node.
   */
  readonly store?: CodeStore | undefined;
  /**
   * Threads that a step may use, 1 to 256; undefined: work is not divided. How it is divided is decided by the program: the
   * results for any number are the same, to the last bit, but sums may be added in another order than undivided. More than
   * the machine has processors gain nothing. A page must be cross-origin isolated, or one thread does it all; workers of a
   * page start when its own code has returned once.
   */
  readonly threads?: number | undefined;
  /** Called with the name of each phase of compiling as it begins. */
  readonly onPhase?: (name: string) => void;
}

/** The target that compiles programs to WebAssembly SIMD; synchronous, for Node and browsers. */
export function wasm({ accuracy = "full", store, ...options }: WasmOptions = {}): Target {
  const { threads } = options;
  checkThreads(threads);
  const isShared = threads !== undefined && threads > 1 && mayShare(threads);
  const make: CodeMaker["make"] = (module) => {
    options.onPhase?.("emit");
    return emitFitting(module, isShared);
  };
  const key = isShared ? ["wasm", "shared"] : ["wasm"];
  const maker: CodeMaker = { traits: { ...traits, accuracy }, key, store, make };
  return {
    name: "wasm",
    synchronous: true,
    prepare: (program, donate) => prepare(program, { donate, ...options }, maker, isShared),
  };
}

function prepare(program: Program, options: LowerOptions, maker: CodeMaker, isShared: boolean): Executable {
  const { layout, code, module } = makeCode(program, options, maker);
  options.onPhase?.("load");
  const instance = loadBinary(code, layout, isShared);
  const read = (
    slot: Slot | undefined,
    like: { readonly type: Pick<HostTensor, "dtype" | "shape"> } | undefined,
  ): HostTensor => ({
    dtype: (like as { type: HostTensor }).type.dtype,
    shape: (like as { type: HostTensor }).type.shape,
    data: instance.read(slot as Slot),
  });
  return {
    write: (input, value) => instance.write(layout.inputs[input] as Slot, value.data),
    run: () => instance.run(),
    runAsync: async () => instance.run(),
    readInput: (input) => read(layout.inputs[input], program.inputs[input]),
    readOutput: (output) => read(layout.outputs[output], program.outputs[output]),
    bytes: layout.arenaBytes,
    explain: () => explainModule(module()),
    kernels: () => kernelFacts(module()),
    profile: (steps) => profileModule(module(), instance.timed(), steps),
  };
}

declare const console: { warn(text: string): void };

/** Whether the host lets threads share memory; where it does not, that is said once. */
function mayShare(threads: number): boolean {
  if (typeof SharedArrayBuffer !== "undefined") return true;
  if (!isSaid) {
    console.warn(
      `Cannot use ${threads} threads: expected SharedArrayBuffer, got a page that is not cross-origin isolated; one thread does all work.\n` +
        "Serve the page with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.",
    );
  }
  isSaid = true;
  return false;
}

let isSaid = false;
