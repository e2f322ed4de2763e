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
  /** Of the last of the steps that are compared. */
  readonly loss: number;
}

const effort = { rounds: 4, roundMs: 80, longestMs: 200 };

interface Ready {
  readonly rung: string;
  readonly step: CompiledStep;
  readonly firstCallMs: number;
  /** Of the latest round, in the end of the fastest. */
  ms: number;
}

/** All rungs on one workload. Losses are of a step early in training: rounding makes late ones drift apart. */
export function climb(workload: Workload, checkedSteps: number, rungs: readonly Rung[]): readonly Climbed[] {
  const ready = rungs.map((rung) => start(workload, rung));
  const checked = Math.max(2, fitting(ready, checkedSteps));
  const losses = ready.map((each) => {
    each.ms = round(each, checked, 1);
    // A short round runs cold and tells too much.
    if (each.ms * checked < effort.roundMs) each.ms = round(each, checked, 1);
    return lossOf(each.step);
  });
  const steps = fitting(ready, workload.steps);
  for (const each of ready) each.ms = round(each, steps, 1);
  const repeats = ready.map(({ ms }) => Math.max(1, Math.ceil(effort.roundMs / (ms * steps))));
  for (let i = 0; i < effort.rounds; i++) {
    for (const [place, each] of ready.entries()) {
      each.ms = Math.min(each.ms, round(each, steps, repeats[place] as number));
    }
  }
  return ready.map(({ rung, ms, firstCallMs }, place) => ({ rung, ms, firstCallMs, loss: losses[place] as number }));
}

/** As many steps as the slowest makes in time, the same for all: a step may take longer later in training. */
function fitting(ready: readonly Ready[], most: number): number {
  const slowest = Math.max(...ready.map(({ ms }) => ms));
  return Math.max(1, Math.min(most, Math.floor(effort.longestMs / slowest)));
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
