import { add, array, evaluate, grad, type HostTensor, matmul, mul, sum, type Tensor, tanh } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { tsit5 } from "../../solver/tsit5.ts";
import { constantStepSize } from "../../step-size/step-size.ts";
import { problemOf } from "../problem.ts";
import { solve } from "../solve.ts";
import { type AdjointSizes, chooseAdjoint } from "./choose-adjoint.ts";
import { chooseAdjointFor } from "./choose-adjoint-for.ts";
import { sizesOf } from "./sizes.ts";

const sizes: AdjointSizes = { state: 2, parameters: 252, steps: 1000, stepBytes: 20_000, carryBytes: 32 };

describe("chooseAdjoint", () => {
  it.each<[Partial<AdjointSizes>, string, RegExp]>([
    [{}, "replay", /1000 steps leave, 20 MB, fits in the 268.4 MB/],
    [{ parameters: 1 }, "forward", /^3 directions/],
    [{ steps: 1e5 }, "checkpointed", /100000 steps leave, 2001.6 MB, exceeds .* what 317 leave, 8 MB, does not/],
    [{ steps: 1e5, memoryBytes: 4e6 }, "reversible", /so does what 317 leave/],
    [{ steps: 1e6, memoryBytes: 1e6 }, "backsolve", /so do the times of the steps/],
  ])("for %o takes %s", (changes, adjoint, reason) => {
    const choice = chooseAdjoint({ ...sizes, ...changes });
    expect(choice.adjoint).toBe(adjoint);
    expect(choice.reason).toMatch(reason);
  });

  it("keeps within the memory that it is given, where it chooses by memory", () => {
    for (const steps of [10, 1e3, 1e5, 1e7]) {
      for (const memoryBytes of [1e5, 1e7, 1e9]) {
        const { adjoint, bytes } = chooseAdjoint({ ...sizes, steps, memoryBytes });
        if (adjoint in bytes) expect(bytes[adjoint as keyof typeof bytes]).toBeLessThanOrEqual(memoryBytes);
      }
    }
  });
});

describe("adjoint auto", () => {
  const weights = array(
    Float64Array.from({ length: 20 }, (_, i) => Math.sin(i)),
    [2, 10],
  );
  const field =
    (w: Tensor) =>
    (_t: Tensor, y: Tensor): Tensor =>
      matmul(tanh(matmul(y, w)), mul(0.1, array(new Float64Array(20).fill(1), [10, 2])));

  it("reads the sizes off the problem", () => {
    let found: AdjointSizes | null = null;
    evaluate((w: Tensor) => {
      const problem = problemOf(field(w), array([1, 2]) as never, undefined, { t0: 0, t1: 1 }, tsit5);
      found = sizesOf(problem as never, 77);
      return w;
    }, weights);
    expect(found).toMatchObject({ state: 2, parameters: 20, steps: 77, carryBytes: 32 });
    const { stepBytes } = found as unknown as AdjointSizes;
    // Six evaluations with two layers of ten units and the state.
    expect(stepBytes).toBeGreaterThan(6 * 8 * 22);
    expect(stepBytes).toBeLessThan(6 * 8 * 80);
  });

  it("gives the gradient of the method it takes", () => {
    const loss =
      (adjoint: "auto" | "replay") =>
      (w: Tensor): Tensor =>
        sum(add(1, solve({ field: field(w), t0: 0, t1: 1, y0: array([1, 2]), maxSteps: 64, adjoint }).y));
    const [found, wanted] = (["auto", "replay"] as const).map(
      (adjoint) => evaluate(grad(loss(adjoint)), weights) as unknown as HostTensor,
    );
    expect(found).toEqual(wanted);
  });

  it("is told beforehand, by what bounds the steps", () => {
    const options = { field: (_t: Tensor, y: Tensor, w: Tensor) => field(w)(_t, y), y0: array([1, 2]), args: weights };
    const adaptive = { ...options, t0: 0, t1: 1, maxSteps: 300 };
    const { bytes } = chooseAdjointFor(adaptive);
    const equal = { ...options, t0: 0, t1: 3, stepSize: constantStepSize(), dt0: 0.01 };
    expect(chooseAdjointFor(equal).bytes).toEqual(bytes);
    expect(chooseAdjointFor(adaptive, bytes.replay - 1).adjoint).toBe("checkpointed");
    expect(chooseAdjointFor(adaptive, bytes.replay).adjoint).toBe("replay");
  });
});
