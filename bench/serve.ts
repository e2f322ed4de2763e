/**
 * Our own side of a measurement: `node serve.js WORKLOAD TARGET [float32|float64]` answers as `contender.ts` says.
 *
 * The first call counts from before tracing to the end of the first step; data are made before.
 */
import { createInterface } from "node:readline";
import type { HostTensor, Target } from "@leastaction/tensor";
import { beCompilingProcess } from "./compiling-process.ts";
import type { Answer } from "./contender.ts";
import { keptTargets, targets } from "./targets.ts";
import { workloads } from "./workloads/registry.ts";
import { solveWorkloads } from "./workloads/solve-registry.ts";
import { compileSolve, type SolveWorkload, solveFacts } from "./workloads/solve-workload.ts";
import {
  type CompiledStep,
  compileStep,
  firstStep,
  type Precision,
  scalar,
  type TrainingState,
  type Workload,
} from "./workloads/workload.ts";

interface Served {
  readonly facts: object;
  readonly round: (steps: number, repeats: number) => Answer;
}

beCompilingProcess();
const [id, name, dtype] = process.argv.slice(2);
const training = workloads.find((candidate) => candidate.id === id);
const solving = solveWorkloads.find((candidate) => candidate.id === id);
const target = { ...targets, ...keptTargets }[name ?? ""];
if ((training ?? solving) === undefined || target === undefined) {
  console.error(`Cannot serve: expected a workload and a target, got ${id} and ${name}`);
  process.exit(2);
}
const served =
  training === undefined
    ? serveSolve(solving as SolveWorkload, target())
    : await serveTraining(training, (dtype as Precision | undefined) ?? training.precision ?? "float32", target);

console.log(JSON.stringify(served.facts));
for await (const line of createInterface({ input: process.stdin })) {
  const [steps, repeats] = line.split(" ").map(Number) as [number, number];
  console.log(JSON.stringify(served.round(steps, repeats)));
}

async function serveTraining(workload: Workload, precision: Precision, make: () => Target): Promise<Served> {
  const problem = workload.problem(precision);
  const begin = performance.now();
  const step = compileStep(workload, precision, make(), problem);
  step.compiled.load(step.start);
  step.compiled.runSync();
  const firstCallMs = performance.now() - begin;
  const facts = { bytes: step.compiled.bytes(), firstCallMs, dtype: precision, threads: 1 };
  return {
    facts: { ...(await firstStep(workload, precision, make())), ...facts },
    round: (steps, repeats) => ({ ms: timeOfRound(step, steps, repeats), loss: lossOf(step) }),
  };
}

/** Inputs are written and results read in every solve. */
function serveSolve(workload: SolveWorkload, on: Target): Served {
  const [start, end] = [workload.start(), scalar(workload.end, "float64")];
  const begin = performance.now();
  const compiled = compileSolve(workload, on);
  compiled.callSync(start, end);
  const firstCallMs = performance.now() - begin;
  return {
    facts: {
      ...solveFacts(workload, compiled),
      bytes: compiled.bytes(),
      firstCallMs,
      dtype: "float64",
      threads: 1,
    },
    round: (steps, repeats) => {
      const from = performance.now();
      for (let i = 0; i < steps * repeats; i++) compiled.callSync(start, end);
      return { ms: (performance.now() - from) / (steps * repeats) };
    },
  };
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
