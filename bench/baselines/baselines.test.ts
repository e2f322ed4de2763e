import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { buildBaseline, compilerVersion } from "../baseline.ts";
import type { Facts } from "../contender.ts";
import { referenceOf, solveReferenceOf } from "../references.ts";
import { toleranceOf } from "../report/rows.ts";
import { workloads } from "../workloads/registry.ts";
import { solveWorkloads } from "../workloads/solve-registry.ts";
import type { SolveFacts } from "../workloads/solve-workload.ts";

const missing = compilerVersion() === null;
if (missing) console.warn("SKIPPED baselines: no C compiler (gcc); set CC to one");

function run(id: string): { status: number | null; facts: Facts & SolveFacts } {
  const built = buildBaseline(id);
  if ("skip" in built) throw new Error(built.skip);
  const { status, stdout } = spawnSync(built.path, { encoding: "utf8", input: "" });
  return { status, facts: JSON.parse(stdout.split("\n")[0] ?? "") as Facts & SolveFacts };
}

describe.skipIf(missing)("hand-written C", () => {
  test.each(workloads.map(({ id }) => id))("%s does the work of its definition", (id) => {
    const { loss, gradientNorm, dtype } = run(id).facts;
    const known = referenceOf(id);
    const tolerance = toleranceOf(known, dtype);
    expect(Math.abs(loss / known.loss64 - 1)).toBeLessThan(tolerance.loss);
    expect(Math.abs(gradientNorm / known.gradientNorm64 - 1)).toBeLessThan(tolerance.gradientNorm);
  });

  test.each(solveWorkloads.map(({ id }) => id))("%s solves what its definition says", (id) => {
    const { error, accepted } = run(id).facts;
    expect(error).toBeLessThan(solveReferenceOf(id).errorLimit);
    expect(accepted).toBeGreaterThan(1000);
  });

  test("its elementary functions are accurate", () => {
    expect(run("lanes-check").status).toBe(0);
  });
});
