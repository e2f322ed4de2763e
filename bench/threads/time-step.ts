/**
 * The time of a compiled step.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { CompiledStep } from "../workloads/workload.ts";

/** Runs until engines have settled and workers have started. */
export async function warm({ compiled, start }: CompiledStep): Promise<void> {
  compiled.load(start);
  const from = performance.now();
  for (let i = 0; i < 3 || (i < 200 && performance.now() < from + 500); i++) compiled.runSync();
  await pause(100);
}

/** ms of a step, over as many as take that long. */
export function timeOf({ compiled, start }: CompiledStep, leastMs = 50): number {
  compiled.load(start);
  compiled.runSync();
  let steps = 0;
  const from = performance.now();
  do {
    compiled.runSync();
    steps++;
  } while (performance.now() < from + leastMs);
  return (performance.now() - from) / steps;
}

/** The middle one, or the lower of two. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] as number;
}
