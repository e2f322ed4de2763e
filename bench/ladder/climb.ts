/**
 * Times the training step of a workload on each rung, in one process and in turn (A B C A B C …).
 *
 * Processor time, as in `scale/time-step.ts`: one thread does the work, and what else runs hardly changes it.
 */
import type { HostTensor } from "@leastaction/tensor";
import { type CompiledStep, compileStep, type TrainingState, type Workload } from "../workloads/workload.ts";
import type { Rung } from "./rungs.ts";

/** What one rung took. */
export interface Climbed {
  readonly rung: string;
  /** Per step: the least of the rounds, since what disturbs a round only adds. */
  readonly ms: number;
  /** Tracing, compiling and the first step. */
  readonly firstCallMs: number;
  /** Of the last step of a round. */
  readonly loss: number;
}

const effort = { rounds: 4, roundMs: 80 };

interface Ready {
  readonly rung: string;
  readonly step: CompiledStep;
  readonly firstCallMs: number;
  /** The second step, and after it the least of the rounds. */
  ms: number;
}

/** All rungs on one workload; a round starts from the start parameters and makes at most `mostSteps` steps. */
export function climb(workload: Workload, mostSteps: number, rungs: readonly Rung[]): readonly Climbed[] {
  const ready = rungs.map((rung) => start(workload, rung));
  const slowest = Math.max(...ready.map(({ ms }) => ms));
  const steps = Math.max(1, Math.min(mostSteps, Math.floor(effort.roundMs / slowest)));
  for (const each of ready) each.ms = round(each, steps, 1);
  const repeats = ready.map(({ ms }) => Math.max(1, Math.ceil(effort.roundMs / (ms * steps))));
  for (let i = 0; i < effort.rounds; i++) {
    for (const [place, each] of ready.entries()) {
      each.ms = Math.min(each.ms, round(each, steps, repeats[place] as number));
    }
  }
  return ready.map(({ rung, ms, firstCallMs, step }) => ({ rung, ms, firstCallMs, loss: lossOf(step) }));
}

function start(workload: Workload, { name, target }: Rung): Ready {
  const begin = performance.now();
  const step = compileStep(workload, "float32", target());
  step.compiled.load(step.start);
  step.compiled.runSync();
  const firstCallMs = performance.now() - begin;
  return { rung: name, step, firstCallMs, ms: timeOf(() => step.compiled.runSync()) };
}

function round({ step: { compiled, start } }: Ready, steps: number, repeats: number): number {
  let total = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    compiled.load(start);
    total += timeOf(() => {
      for (let i = 0; i < steps; i++) compiled.runSync();
    });
  }
  return total / (steps * repeats);
}

function timeOf(work: () => void): number {
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

function lossOf({ compiled }: CompiledStep): number {
  return Number((compiled.read() as TrainingState<HostTensor>).loss.data[0]);
}
