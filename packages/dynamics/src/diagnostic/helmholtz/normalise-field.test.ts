import {
  array,
  at,
  concatenate,
  evaluate,
  type HostTensor,
  linearSolve,
  matmul,
  mul,
  neg,
  reshape,
  slice,
  type Tensor,
  transpose,
  vmap,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { normaliseField } from "./normalise-field.ts";
import { relativeHelmholtzMetric } from "./relative-helmholtz-metric.ts";
import type { HelmholtzPoint, MetricField, SecondOrderField } from "./second-order-field.ts";
import { constantMetric, knownMetrics } from "./testing/known-metrics.ts";

const count = 12;
const points = array(
  Array.from({ length: count }, (_, k) => Array.from({ length: 5 }, (_each, i) => 1 + Math.sin(1 + 2.3 * i + 5.1 * k))),
);
const { field: pendulum } = knownMetrics.find(({ name }) => name === "double pendulum") as {
  field: SecondOrderField;
};

/** The values of a function of t, x and v in a plane at rows of points, one after another. */
function over(rows: HostTensor, f: (...point: HelmholtzPoint) => Tensor): number[] {
  const row = (here: Tensor): Tensor => f(at(here, 0), slice(here, 0, 1, 3), slice(here, 0, 3, 5));
  return Array.from(evaluate(vmap(row), rows).data, Number);
}

function meanSquare(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x * x, 0) / values.length;
}

describe("normaliseField", () => {
  it("gives velocities and accelerations the size of one", () => {
    const own = normaliseField(pendulum, points);
    const speeds = over(own.points, (_t, _x, v) => v);
    const [first, second] = [0, 1].map((k) => speeds.filter((_, i) => i % 2 === k)) as [number[], number[]];
    expect(meanSquare(first)).toBeCloseTo(1, 12);
    expect(meanSquare(second)).toBeCloseTo(1, 12);
    expect(first.reduce((sum, x, i) => sum + x * (second[i] as number), 0)).toBeCloseTo(0, 11);
    expect(meanSquare(over(own.points, own.field))).toBeCloseTo(1, 12);
  });

  it("is about the same motion, and takes metrics back to its coordinates", () => {
    const own = normaliseField(pendulum, points);
    const force = over(own.points, (...point) => mul(own.rate ** 2, matmul(own.basis, own.field(...point))));
    over(points, pendulum).forEach((value, i) => {
      expect(force[i]).toBeCloseTo(value, 10);
    });
    // g of y, at y: B^T (B^-T g B^-1) B.
    const bent: MetricField = (_t, _y, w) => matmul(reshape(w, [2, 1]), reshape(w, [1, 2]));
    const there = over(points, (...point) =>
      matmul(transpose(own.basis), matmul(own.original(bent)(...point), own.basis)),
    );
    over(own.points, bent).forEach((value, i) => {
      expect(there[i]).toBeCloseTo(value, 10);
    });
  });

  it("makes the relative metric the same for every linear change of coordinates and of the unit of time", () => {
    const change = array([
      [2, 0.5],
      [-30, 4],
    ]);
    const pace = 7;
    const back = (y: Tensor): Tensor => linearSolve(change, y);
    const other: SecondOrderField = (s, y, w) =>
      mul(pace ** -2, matmul(change, pendulum(mul(s, 1 / pace), back(y), mul(pace, back(w)))));
    const moved = evaluate(
      vmap((here: Tensor) => {
        const [x, v] = [slice(here, 0, 1, 3), slice(here, 0, 3, 5)];
        return concatenate([mul(pace, slice(here, 0, 0, 1)), matmul(change, x), mul(1 / pace, matmul(change, v))]);
      }),
      points,
    );
    // The same g in the units of each.
    const totals = (field: SecondOrderField, rows: HostTensor, g: MetricField): number[] => {
      const { basis, field: own, points: ownPoints } = normaliseField(field, rows);
      const inOwn =
        (turn: HostTensor): MetricField =>
        (t, y, w) =>
          matmul(transpose(turn), matmul(g(t, y, w), turn));
      return over(ownPoints, (...point) => relativeHelmholtzMetric(own, inOwn(basis), point).total);
    };
    const constant = constantMetric([
      [2, 0.3],
      [0.3, -1],
    ]);
    const inChanged: MetricField = (...point) => {
      const half = (matrix: Tensor): Tensor => linearSolve(transpose(change), matrix);
      return half(transpose(half(constant(...point))));
    };
    const [here, there] = [totals(pendulum, points, constant), totals(other, moved, inChanged)];
    here.forEach((value, i) => {
      expect(value).toBeGreaterThan(1e-2);
      expect(there[i]).toBeCloseTo(value, 9);
    });
  });

  it("refuses motions that cannot be told apart, and none", () => {
    const along = array([
      [0, 1, 2, 3, 3],
      [1, 2, 3, 4, 4],
    ]);
    const message = "expected points that move in all 2 directions and are accelerated, got";
    expect(() => normaliseField((_t, x) => neg(x), along)).toThrow(`Cannot normalise a field: ${message} 2 points`);
    expect(() => normaliseField((_t, x) => mul(0, x), points)).toThrow(`${message} ${count} points`);
  });
});
