import { wasm } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { solveReferenceOf } from "../references.ts";
import { solveWorkloads } from "./solve-registry.ts";
import { compileSolve, solveFacts } from "./solve-workload.ts";

describe.each(solveWorkloads)("$id", (workload) => {
  test("reaches its end state on Wasm", () => {
    const { error, accepted } = solveFacts(workload, compileSolve(workload, wasm()));
    expect(error).toBeLessThan(solveReferenceOf(workload.id).errorLimit);
    expect(accepted).toBeGreaterThan(1000);
  });
});
