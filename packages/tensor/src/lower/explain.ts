/**
 * What runs: the kernels of a module as data, with what they came from, their loops, how often a step calls them, and
 * what a call does; and the same as text.
 */
import type { Module, Step } from "../kernel/kernel.ts";
import { scheduleInWords } from "./schedule-in-words.ts";

/** A kernel of a program, or the copies or clears of memory between kernels. */
export interface KernelFacts {
  /** Its number and a name made of what it computes. */
  readonly kernel: string;
  /** The equations it came from: primitive and types of the results. */
  readonly equations: readonly string[];
  /** Its loops in words. */
  readonly schedule: string;
  /** Calls in one step; a loop whose length is decided at run time counts at its bound, a `while` once. */
  readonly calls: number;
  /** Arithmetic operations of one call. */
  readonly operations: number;
  /** Bytes that one call reads and writes. */
  readonly bytes: number;
}

/** The kernels of a module in their order. */
export function kernelFacts(module: Module): readonly KernelFacts[] {
  const calls = new Array<number>(module.kernels.length).fill(0);
  count(module.driver, 1, calls);
  return module.kernels.map((kernel, i) => ({
    kernel: `${i}: ${kernel.name}`,
    ...kernel.note,
    schedule: scheduleInWords(kernel),
    calls: calls[i] as number,
  }));
}

/** One line a kernel: name, calls, operations and bytes of one call, equations, loops. */
export function explainModule(module: Module): string {
  const facts = kernelFacts(module);
  const total = facts.reduce((sum, { calls }) => sum + calls, 0);
  const head = `${facts.length} kernels, ${total} calls, ${module.arenaBytes} bytes`;
  const lines = facts.map(({ kernel, equations, schedule, calls, operations, bytes }) => {
    const shown = equations.length <= 6 ? equations : [...equations.slice(0, 6), `… ${equations.length - 6} more`];
    return `${kernel} x${calls}, ${operations} operations, ${bytes} bytes: ${shown.join("; ")}; loops ${schedule}`;
  });
  return [head, ...lines].join("\n");
}

function count(steps: readonly Step[], times: number, calls: number[]): void {
  for (const step of steps) {
    if (step.kind === "call") calls[step.kernel] = (calls[step.kernel] ?? 0) + times;
    if (step.kind === "repeat") {
      const length = typeof step.length === "number" ? Math.max(0, Math.min(step.length, step.bound)) : step.bound;
      count(step.body, times * length, calls);
    }
    if (step.kind === "parallel") for (const part of step.parts) count(part.body, times * part.count, calls);
    if (step.kind === "while") count([...step.condition, ...step.body], times, calls);
  }
}
