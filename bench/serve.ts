/**
 * Our own side of a measurement: `node serve.js WORKLOAD TARGET [float32|float64]` answers as `contender.ts` says.
 *
 * The first call counts from before tracing to the end of the first step.
 */
import { createInterface } from "node:readline";
import type { HostTensor } from "@leastaction/tensor";
import { targets } from "./targets.ts";
import { workloads } from "./workloads/registry.ts";
import { type CompiledStep, compileStep, firstStep, type Precision, type TrainingState } from "./workloads/workload.ts";

const [id, name, dtype = "float32"] = process.argv.slice(2);
const workload = workloads.find((candidate) => candidate.id === id);
const target = targets[name ?? ""];
if (workload === undefined || target === undefined) {
  console.error(`Cannot serve: expected a workload and a target, got ${id} and ${name}`);
  process.exit(2);
}
const precision = dtype as Precision;

const begin = performance.now();
const step = compileStep(workload, precision, target());
step.compiled.load(step.start);
step.compiled.runSync();
const firstCallMs = performance.now() - begin;

const facts = { bytes: step.compiled.bytes(), firstCallMs, dtype: precision, threads: 1 };
console.log(JSON.stringify({ ...(await firstStep(workload, precision, target())), ...facts }));
for await (const line of createInterface({ input: process.stdin })) {
  const [steps, repeats] = line.split(" ").map(Number) as [number, number];
  const ms = timeOfRound(step, steps, repeats);
  console.log(JSON.stringify({ ms, loss: lossOf(step) }));
}

function lossOf({ compiled }: CompiledStep): number {
  const { loss } = compiled.read() as TrainingState<HostTensor>;
  return Number(loss.data[0]);
}

function timeOfRound({ compiled, start }: CompiledStep, steps: number, repeats: number): number {
  let total = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    compiled.load(start);
    const from = performance.now();
    for (let i = 0; i < steps; i++) compiled.runSync();
    total += performance.now() - from;
  }
  return total / (steps * repeats);
}
