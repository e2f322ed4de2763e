import { readFileSync } from "node:fs";
import { reference } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { workloads } from "./registry.ts";
import { firstStep } from "./workload.ts";

interface Known {
  readonly loss64: number;
  readonly gradientNorm64: number;
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

const known = JSON.parse(readFileSync(new URL("reference.json", import.meta.url), "utf8")) as Record<string, Known>;

function relative(found: number, expected: number): number {
  return Math.abs(found - expected) / Math.abs(expected);
}

describe.each(workloads)("$id", (workload) => {
  const { loss64, gradientNorm64, parameters } = known[workload.id] as Known;

  test("has the parameters of its definition", () => {
    const found = Object.values(workload.problem("float64").parameters).map(({ shape }) => shape);
    expect(found).toEqual(parameters.map(({ shape }) => shape));
  });

  test("starts as the reference numbers say, in float64", async () => {
    const { loss, gradientNorm } = await firstStep(workload, "float64", reference());
    expect(relative(loss, loss64)).toBeLessThan(1e-10);
    expect(relative(gradientNorm, gradientNorm64)).toBeLessThan(1e-10);
  });
});
