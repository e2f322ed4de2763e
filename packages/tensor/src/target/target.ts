/**
 * What a target is: something that can prepare a program to run, and then hold its tensors.
 *
 * Targets are objects, made by functions such as `reference()` and `wasm()`; a target from another package is as good
 * as one from here.
 */
import type { KernelFacts } from "../lower/explain.ts";
import type { Profile } from "../lower/profile.ts";
import type { Program } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";

/** A place where programs run. */
export interface Target {
  /** The name that reports and benches print. */
  readonly name: string;
  /** Whether `Executable.run` works without waiting. */
  readonly synchronous: boolean;
  /**
   * Makes a program ready to run.
   *
   * @param donate For each output, the index of the input whose place it takes after a run, or null. That input then
   *   need not be written again: state stays inside.
   */
  prepare(program: Program, donate: readonly (number | null)[]): Executable;
}

/** A program ready to run, with the tensors it owns. */
export interface Executable {
  /** Sets an input; it keeps its value over runs unless an output takes its place. */
  write(input: number, value: HostTensor): void;
  /** Runs the program once. */
  run(): void;
  /** As `run`, on targets that must wait. */
  runAsync(): Promise<void>;
  /**
   * Only on targets that choose by it where a program runs: behaves from now on as if it had run so often, not as often
   * as it has. What goes on from a saved state chooses as it would have without the stop.
   */
  ranBefore?(runs: number): void;
  /** An input as it stands, copied. */
  readInput(input: number): HostTensor;
  /** An output of the last run, copied. */
  readOutput(output: number): HostTensor;
  /** Bytes owned. */
  readonly bytes: number;
  /** What runs, in words. */
  explain(): string;
  /** What runs, kernel by kernel; nothing on targets that make no kernels. */
  kernels(): readonly KernelFacts[];
  /**
   * Measures each kernel on a copy of the tensors: what is inside stays as it is.
   *
   * @param steps Runs of the program to measure; default: as many as take a third of a second.
   * Errors: on targets that make no kernels.
   */
  profile(steps?: number): Profile;
}
