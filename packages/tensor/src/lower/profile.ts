/**
 * Where the time of a step goes: the driver is walked on the host, and each kernel is timed by itself.
 *
 * In: a module, and a copy of it in memory whose kernels can be called one at a time. Whole steps and steps taken apart
 * run in turn, and medians over them are given, so that a slow spell of the machine meets both and counts little.
 */
import type { Kernel, Module } from "../kernel/kernel.ts";
import { memoryActions, runDriver } from "../kernel/run-driver.ts";
import { type KernelFacts, kernelFacts } from "./explain.ts";

/** A kernel with the time that it takes. */
export interface KernelTime extends KernelFacts {
  /** ms in one step, all calls together. */
  readonly ms: number;
  /** Arithmetic operations per second, in units of 1e9. */
  readonly gflops: number;
}

/** Where the time of a step goes; `calls` are those that were made. */
export interface Profile {
  /** The slowest first. */
  readonly kernels: readonly KernelTime[];
  /** ms of one step that runs whole. */
  readonly ms: number;
  /** Steps that were measured. */
  readonly steps: number;
}

/** A module in memory that can be taken apart. */
export interface TimedModule {
  /** The arena. */
  readonly view: DataView;
  /** Runs a step whole. */
  run(): void;
  /** Runs a kernel at these offsets; the ms that it took. */
  time(kernel: number, offsets: readonly number[]): number;
}

// Every host has it; the language library of TypeScript does not.
declare const performance: { now(): number };

/** ms that code runs before it is measured, and that measuring is to take when no number of steps is stated. */
const effort = 300;

/** Measures `steps` steps, or as many as take a third of a second. */
export function profileModule(module: Module, timed: TimedModule, steps?: number): Profile {
  const typical = warm(timed);
  const rounds = steps ?? Math.max(3, Math.min(1000, Math.ceil(effort / typical)));
  const whole: number[] = [];
  const parts = Array.from({ length: rounds }, () => {
    whole.push(timeOf(() => timed.run()));
    return takeApart(module, timed);
  });
  const facts = [...kernelFacts(module), movement("copy"), movement("clear")];
  const kernels = facts.map((each, row) => summary(each, parts, row)).filter(({ calls }) => calls > 0);
  return { kernels: kernels.sort((a, b) => b.ms - a.ms), ms: median(whole), steps: rounds };
}

/** Runs until engines have settled; the ms of a typical step. */
function warm(timed: TimedModule): number {
  const times: number[] = [];
  let spent = 0;
  while (times.length < 3 || (spent < effort && times.length < 1000)) {
    const ms = timeOf(() => timed.run());
    times.push(ms);
    spent += ms;
  }
  return median(times);
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** What one row of the table did in one step. */
interface Part {
  calls: number;
  ms: number;
  bytes: number;
}

/** One step; rows are the kernels, then copies, then clears. */
function takeApart({ kernels, driver }: Module, timed: TimedModule): readonly Part[] {
  const parts = Array.from({ length: kernels.length + 2 }, (): Part => ({ calls: 0, ms: 0, bytes: 0 }));
  const note = (row: number, ms: number, bytes: number): void => {
    const part = parts[row] as Part;
    part.calls += 1;
    part.ms += ms;
    part.bytes += bytes;
  };
  const memory = memoryActions(timed.view);
  runDriver(driver, timed.view, {
    call: (kernel, offsets) => note(kernel, timed.time(kernel, offsets), (kernels[kernel] as Kernel).note.bytes),
    copy: (to, from, bytes) => {
      const ms = timeOf(() => memory.copy(to, from, bytes));
      note(kernels.length, ms, 2 * bytes);
    },
    clear: (at, bytes) => {
      const ms = timeOf(() => memory.clear(at, bytes));
      note(kernels.length + 1, ms, bytes);
    },
  });
  return parts;
}

/** Copies or clears as a row. */
function movement(kernel: string): KernelFacts {
  return { kernel, equations: [], schedule: "memory", calls: 0, operations: 0, bytes: 0 };
}

function summary(facts: KernelFacts, steps: readonly (readonly Part[])[], row: number): KernelTime {
  const typical = (of: keyof Part): number => median(steps.map((step) => (step[row] as Part)[of]));
  const [calls, ms, bytes] = [typical("calls"), typical("ms"), typical("bytes")];
  const gflops = ms > 0 ? (facts.operations * calls) / (1e6 * ms) : 0;
  return { ...facts, calls, bytes: calls > 0 ? Math.round(bytes / calls) : facts.bytes, ms, gflops };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] as number;
}
