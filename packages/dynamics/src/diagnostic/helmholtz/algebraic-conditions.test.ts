import { abs, array, einsum, evaluate, max, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { algebraicConditions } from "./algebraic-conditions.ts";
import type { HelmholtzPoint } from "./second-order-field.ts";
import { tensorBasis } from "./tensor-basis.ts";
import { knownMetrics } from "./testing/known-metrics.ts";

describe("algebraicConditions", () => {
  it.each(knownMetrics)("are met by the metric of $name", ({ dimensions: n, field, metric }) => {
    const vector = (from: number): number[] => Array.from({ length: n }, (_, i) => from + 0.37 * i - 0.2 * i * i);
    const at = [array(0.4), array(vector(0.9)), array(vector(-0.6))] as const;
    const left = (...point: HelmholtzPoint): Tensor[] => {
      const { matrix } = algebraicConditions(field, point, n > 3 ? 0 : 2);
      const numbers = einsum("aij,ij->a", tensorBasis("symmetric", n, "float64"), metric(...point));
      return [max(abs(einsum("ea,a->e", matrix, numbers))), max(einsum("ea,a->e", abs(matrix), abs(numbers)))];
    };
    const [residual, term] = evaluate(left, ...at);
    expect(residual?.data[0]).toBeLessThanOrEqual(1e-12 * (term?.data[0] as number));
  });
});
