/**
 * The formula of memory in docs/gradients.md, held on Wasm, and the committed measurements, held to their bars.
 */
import { readFileSync } from "node:fs";
import { compile, grad, jvp, wasm } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { adaptive, defectOf, equal, lossWith, prepare, startParameters } from "./problem.ts";

interface Row {
  readonly adjoint: string;
  readonly fromReplay: number;
  readonly ratio: number;
  readonly bytes: number;
  readonly bound: number;
}

describe("the memory of a gradient", () => {
  const bytesOf = (adjoint: "replay" | "checkpointed", steps: number): number =>
    prepare(lossWith(equal(adjoint, steps)), wasm()).bytes;

  it("by checkpoints is that of 2.2 sqrt(N) steps", () => {
    const steps = 1024;
    const stepBytes = (bytesOf("replay", steps) - bytesOf("replay", 256)) / (steps - 256);
    const fixed = bytesOf("replay", 256) - 256 * stepBytes;
    const carryBytes = 16;
    const found = bytesOf("checkpointed", steps);
    expect(found).toBeLessThan(fixed + 2.2 * Math.sqrt(steps) * (carryBytes + stepBytes));
    expect(found).toBeLessThan(bytesOf("replay", steps) / 15);
  });

  it("by checkpoints stays small for Hessian-vector products", () => {
    const point = startParameters();
    const bytes = (adjoint: "replay" | "checkpointed"): number => {
      const gradient = grad(lossWith(equal(adjoint, 1024)) as never) as never;
      const product = compile(((p: never, d: never) => jvp(gradient, [p], [d])[1]) as never, [point, point], wasm());
      product.callSync(point, point);
      return product.bytes();
    };
    expect(bytes("checkpointed")).toBeLessThan(bytes("replay") / 15);
  });

  it("by the adjoint equation or undone steps does not grow but by the times of the steps", () => {
    const bytes = (adjoint: "backsolve" | "reversible", maxSteps: number): number =>
      prepare(lossWith({ ...adaptive(adjoint, 1e-8), maxSteps }), wasm()).bytes;
    expect(bytes("backsolve", 2048) - bytes("backsolve", 512)).toBeLessThan(1536 * 3 * 16);
    expect(bytes("reversible", 2048) - bytes("reversible", 512)).toBeLessThan(1536 * 4 * 16);
  });
});

describe("the committed measurements", () => {
  const path = new URL("../results/gradients.json", import.meta.url);
  const { methods, growth } = JSON.parse(readFileSync(path, "utf8")) as {
    readonly methods: readonly Row[];
    readonly growth: readonly Row[];
  };

  it("hold their bars", () => {
    for (const { ratio, bytes, bound } of growth) {
      expect(ratio).toBeLessThan(1.7);
      expect(bytes).toBeLessThan(bound);
    }
  });

  it("are of gradients that are exact where they are said to be", () => {
    const exact = methods.filter(({ adjoint }) => adjoint === "checkpointed" || adjoint === "forward");
    expect(exact.length).toBeGreaterThanOrEqual(2);
    for (const { fromReplay } of exact) expect(fromReplay).toBeLessThan(1e-12);
  });
});

describe("a gradient by checkpoints", () => {
  it("is that of the replay on this problem", () => {
    const of = (adjoint: "replay" | "checkpointed"): readonly number[] =>
      prepare(lossWith(adaptive(adjoint, 1e-8)), wasm()).gradient;
    expect(defectOf(of("checkpointed"), of("replay"))).toBeLessThan(1e-12);
  });
});
