import { describe, expect, it } from "vitest";
import { gaussLegendreRule } from "./gauss-legendre-rule.ts";

describe("gaussLegendreRule", () => {
  it.each([1, 2, 5, 24])("integrates polynomials up to degree 2 count - 1 and no further, count = %i", (count) => {
    const { nodes, weights } = gaussLegendreRule(count);
    const power = (degree: number): number =>
      nodes.reduce((sum, node, i) => sum + (weights[i] as number) * node ** degree, 0);
    for (let degree = 0; degree < 2 * count; degree++) expect(power(degree)).toBeCloseTo(1 / (degree + 1), 14);
    if (count < 6) expect(Math.abs(power(2 * count) - 1 / (2 * count + 1))).toBeGreaterThan(1e-6);
  });
});
