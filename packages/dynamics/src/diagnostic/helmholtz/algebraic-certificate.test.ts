import { add, array, type HostTensor, matmul } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { douglasIiib, douglasIv } from "../../system/douglas.ts";
import { linkedPendulum } from "../../system/linked-pendulum.ts";
import { systemAcceleration } from "../../system/system-acceleration.ts";
import { algebraicCertificate } from "./algebraic-certificate.ts";
import type { SecondOrderField } from "./second-order-field.ts";
import { knownMetrics } from "./testing/known-metrics.ts";

/** Rows (t, x, v) without a pattern. */
function somePoints(n: number, count: number): HostTensor {
  const row = (k: number): number[] =>
    Array.from({ length: 1 + 2 * n }, (_, i) => 0.8 + 0.7 * Math.sin(1 + 2.3 * i + 5.1 * k));
  return array(Array.from({ length: count }, (_, k) => row(k)));
}

describe("algebraicCertificate", () => {
  it("leaves nothing of Douglas's case IV, and a singular matrix of IIIb", () => {
    const points = somePoints(2, 6);
    const fourth = algebraicCertificate({ field: systemAcceleration(douglasIv), points });
    expect(fourth.remaining.map(({ dimension }) => dimension)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(fourth.refuted).toBe(6);
    const third = algebraicCertificate({ field: systemAcceleration(douglasIiib), points });
    expect(third.remaining.map(({ dimension }) => dimension)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(Math.max(...third.remaining.map(({ regularity }) => regularity))).toBeLessThan(1e-12);
    expect(third.refuted).toBe(6);
  });

  it.each([
    ["Kepler in polar coordinates", 2, 1],
    ["double pendulum", 2, 1],
    ["charged particle", 1, 4],
    ["pendulum of four links", 0, 1],
  ])("leaves regular matrices of %s", (name, derivatives, dimension) => {
    const { field, dimensions: n } = knownMetrics.find((known) => known.name === name) as (typeof knownMetrics)[number];
    const { remaining, refuted } = algebraicCertificate({ field, points: somePoints(n, 3), derivatives });
    expect(refuted).toBe(0);
    for (const each of remaining) {
      expect(each.dimension).toBe(dimension);
      expect(each.regularity).toBeGreaterThan(1e-3);
      // A gap of six decades between what is zero and what is not.
      const [above = 0, zero = 1] = each.singularValues.slice(-dimension - 1);
      expect(zero).toBeLessThan(1e-14);
      expect(above).toBeGreaterThan(1e-8);
    }
  });

  it("proves that a double pendulum with friction in its joints has no metric, not even with time", () => {
    const field = systemAcceleration(linkedPendulum(2), { damping: 0.3 });
    expect(algebraicCertificate({ field, points: somePoints(2, 4) }).refuted).toBe(4);
    // Uncoupled friction has one: exp(c t).
    const damped = knownMetrics.find(({ name }) => name.includes("depends on time")) as (typeof knownMetrics)[number];
    expect(algebraicCertificate({ field: damped.field, points: somePoints(2, 4) }).refuted).toBe(0);
  });

  it("cannot refute a linear coupling of positions, whatever it is, and starts with the signature that it needs", () => {
    // Eigenvalues of the block are 2 ± i: no positive definite g makes it symmetric.
    const coupling = [
      [2, 1, 0],
      [-1, 2, 0],
      [0.3, -0.4, 3],
    ];
    const field: SecondOrderField = (_t, x) => matmul(array(coupling.map((row) => row.map((k) => -k))), x);
    const { refuted, remaining, start } = algebraicCertificate({ field, points: somePoints(3, 4) });
    expect(refuted).toBe(0);
    expect(remaining.map(({ dimension }) => dimension)).toEqual([3, 3, 3, 3]);
    const g = (i: number, j: number): number => start.data[3 * i + j] as number;
    const product = (i: number, j: number): number =>
      coupling.reduce((sum, row, k) => sum + g(i, k) * (row[j] as number), 0);
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      expect(product(i, j)).toBeCloseTo(product(j, i), 12);
  });

  it("knows one dimension", () => {
    const field: SecondOrderField = (_t, x, v) => add(x, v);
    const { refuted, start } = algebraicCertificate({ field, points: somePoints(1, 2) });
    expect([refuted, Math.abs(start.data[0] as number)]).toEqual([0, 1]);
  });
});
