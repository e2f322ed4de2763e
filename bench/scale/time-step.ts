/**
 * The time of one training step of a model on a target: processor time, which is wall time where nothing else runs, since
 * one thread does the work, and hardly changes where something does.
 */
import type { HostTensor, Target } from "@leastaction/tensor";
import { compileStep, type TrainingState } from "../workloads/workload.ts";
import type { ScaledModel } from "./models.ts";
import type { ScalePoint } from "./slope.ts";

/** Time to warm up, of one sample at least, and of all samples, in ms. */
const effort = { warmUp: 100, sample: 20, all: 250, samples: 3 };

/** The least of several samples: what disturbs a run only adds. Errors: a loss that is not finite. */
export function timeStep({ workload, operations }: ScaledModel, target: Target): ScalePoint {
  const { compiled, start } = compileStep(workload, "float32", target);
  compiled.load(start);
  const run = (count: number): number => {
    const begin = process.cpuUsage();
    for (let i = 0; i < count; i++) compiled.runSync();
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  };
  let warm = run(2);
  while (warm < effort.warmUp) warm += run(1);
  const count = Math.max(1, Math.ceil(effort.sample / run(1)));
  const samples: number[] = [];
  let spent = 0;
  while (samples.length < effort.samples || spent < effort.all) {
    const sample = run(count);
    samples.push(sample / count);
    spent += sample;
  }
  const { loss } = compiled.read() as TrainingState<HostTensor>;
  if (!Number.isFinite(loss.data[0])) {
    throw new Error(`Cannot time a step: expected a finite loss, got ${String(loss.data[0])}`);
  }
  return { operations, milliseconds: Math.min(...samples), bytes: compiled.bytes() };
}
