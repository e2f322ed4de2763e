import { type HostTensor, reference, wasm } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { referenceOf } from "../references.ts";
import { toleranceOf } from "../report/rows.ts";
import { workloads } from "./registry.ts";
import { compileStep, firstStep, type TrainingState } from "./workload.ts";

/** They take the reference evaluator 20 s and more (it checks the programs of the others): Wasm in float64 stands for it. */
const tooLongForReference: ReadonlySet<string> = new Set([
  "cnf",
  "lnn-600",
  "helmholtz-kepler",
  "vin-pixels",
  "sho-node-adaptive",
]);

/** A step takes seconds before Wasm is warm: only the first one is tried here, in float64; the bench checks the rest. */
const onlyFirstStep: ReadonlySet<string> = new Set(["vin-pixels"]);

function relative(found: number, expected: number): number {
  return Math.abs(found - expected) / Math.abs(expected);
}

describe.each(workloads)("$id", (workload) => {
  const known = referenceOf(workload.id);
  const { loss64, gradientNorm64, afterSteps, parameters } = known;
  const [single, double] = [toleranceOf(known, "float32"), toleranceOf(known, "float64")];

  test("has the parameters of its definition", () => {
    const found = Object.values(workload.problem("float64").parameters).map(({ shape }) => shape);
    expect(found).toEqual(parameters.map(({ shape }) => shape));
  });

  test.skipIf(tooLongForReference.has(workload.id))("starts as the reference numbers say, in float64", async () => {
    const { loss, gradientNorm } = await firstStep(workload, "float64", reference());
    expect(relative(loss, loss64)).toBeLessThan(double.loss);
    expect(relative(gradientNorm, gradientNorm64)).toBeLessThan(double.gradientNorm);
  });

  const isDouble = workload.precision === "float64"; // its tolerances are below the resolution of float32

  test.skipIf(isDouble || onlyFirstStep.has(workload.id))(
    "starts as the reference numbers say, in float32 on Wasm",
    async () => {
      const { loss, gradientNorm } = await firstStep(workload, "float32", wasm());
      expect(relative(loss, loss64)).toBeLessThan(single.loss);
      expect(relative(gradientNorm, gradientNorm64)).toBeLessThan(single.gradientNorm);
    },
  );

  test("starts as the reference numbers say, in float64 on Wasm", async () => {
    const { loss, gradientNorm } = await firstStep(workload, "float64", wasm());
    expect(relative(loss, loss64)).toBeLessThan(double.loss);
    expect(relative(gradientNorm, gradientNorm64)).toBeLessThan(double.gradientNorm);
  });

  test.skipIf(onlyFirstStep.has(workload.id))("trains as the reference numbers say, in float64 on Wasm", () => {
    const { compiled, start } = compileStep(workload, "float64", wasm());
    compiled.load(start);
    for (let step = 0; step < afterSteps.steps; step++) compiled.runSync();
    const { loss } = compiled.read() as TrainingState<HostTensor>;
    expect(afterSteps.steps).toBeLessThanOrEqual(workload.steps);
    expect(relative(Number(loss.data[0]), afterSteps.loss64)).toBeLessThan(double.lastLoss);
  });
});
