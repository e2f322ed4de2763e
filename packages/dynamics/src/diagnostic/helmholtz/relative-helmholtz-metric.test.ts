import {
  add,
  array,
  convert,
  evaluate,
  grad,
  type HostTensor,
  matmul,
  mul,
  sum,
  type Tensor,
  tanh,
  transpose,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { relativeHelmholtzMetric } from "./relative-helmholtz-metric.ts";
import type { HelmholtzPoint, MetricField, SecondOrderField } from "./second-order-field.ts";
import { knownMetrics } from "./testing/known-metrics.ts";

function vector(n: number, from: number): number[] {
  return Array.from({ length: n }, (_, i) => from + 0.37 * i - 0.2 * i * i);
}

function pointOf(n: number): readonly [HostTensor, HostTensor, HostTensor] {
  return [array(0.4), array(vector(n, 0.9)), array(vector(n, -0.6))];
}

function matrixOf(n: number, entry: (i: number, j: number) => number): HostTensor {
  return array(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_each, j) => entry(i, j))));
}

function measured(field: SecondOrderField, metric: MetricField, n: number): number[] {
  const at = (...point: HelmholtzPoint): Tensor[] => {
    const { h1, h2, h3, total } = relativeHelmholtzMetric(field, metric, point);
    return [h1, h2, h3, total];
  };
  return evaluate(at, ...pointOf(n)).map(({ data }) => Number(data[0]));
}

/** A field without a metric, of any size. */
const twisted: SecondOrderField = (_t, x, v) => {
  const n = x.shape[0] as number;
  const turn = matrixOf(n, (i, j) => Math.sin(1 + 2 * i + 3 * j));
  return add(tanh(matmul(turn, x)), mul(0.3, matmul(turn, mul(v, v))));
};

/** A g that varies with x and v about a given matrix. */
function around(matrix: Tensor): MetricField {
  return (_t, x, v) => {
    const n = x.shape[0] as number;
    const slope = matmul(
      matrixOf(n, (i, j) => 0.2 * Math.cos(i - 2 * j)),
      add(x, mul(v, v)),
    );
    const shape = matrixOf(n, (i, j) => 0.1 * Math.cos(i + j));
    return add(matrix, mul(sum(tanh(slope)), convert(shape, x.dtype)));
  };
}

describe("relativeHelmholtzMetric", () => {
  it.each(knownMetrics.filter(({ dimensions }) => dimensions < 4))(
    "is nothing for the metric of $name",
    ({ dimensions, field, metric }) => {
      expect(measured(field, metric, dimensions)[3]).toBeLessThan(1e-24);
    },
  );

  it("sees friction, and a slope that is no second derivative", () => {
    const damped: SecondOrderField = (_t, x, v) => add(mul(-1, x), mul(array([-2, -2, -2]), v));
    const still: SecondOrderField = (_t, x) => mul(0, x);
    const identity: MetricField = (_t, x) =>
      convert(
        matrixOf(3, (i, j) => (i === j ? 1 : 0)),
        x.dtype,
      );
    // g^-1 H2 = -2 on the diagonal: 12 / 9.
    expect(measured(damped, identity, 3)).toEqual([0, Math.log1p(12 / 9), 0, Math.log1p(12 / 9)]);
    // g = 1 + v_1 e_2 e_2: g_22 has a slope along v_1, that g_21 has not along v_2: two entries of 18, over g_22.
    const bent: MetricField = (t, x, v) => {
      const first = matmul(
        array([
          [0, 0, 0],
          [1, 0, 0],
          [0, 0, 0],
        ]),
        v,
      );
      return add(
        identity(t, x, v),
        mul(
          first,
          array([
            [0, 0, 0],
            [0, 1, 0],
            [0, 0, 0],
          ]),
        ),
      );
    };
    const g22 = 1 - 0.6;
    expect(measured(still, bent, 3)[2]).toBeCloseTo(Math.log1p(2 / g22 ** 2 / 18), 12);
  });

  it("does not change with the scale of g nor with a turn of the coordinates", () => {
    const g = around(
      convert(
        matrixOf(3, (i, j) => (i === j ? 1 - 0.8 * i : 0.2)),
        "float64",
      ),
    );
    const base = measured(twisted, g, 3);
    const larger = measured(twisted, (...point) => mul(-1e5, g(...point)), 3);
    const [c, s] = [0.6, 0.8];
    const turn = (): Tensor =>
      array([
        [c, -s, 0],
        [s, c, 0],
        [0, 0, 1],
      ]) as unknown as Tensor;
    const back = (y: Tensor): Tensor => matmul(transpose(turn()), y);
    const field: SecondOrderField = (t, y, w) => matmul(turn(), twisted(t, back(y), back(w)));
    const metric: MetricField = (t, y, w) => matmul(matmul(turn(), g(t, back(y), back(w))), transpose(turn()));
    const at = (t: Tensor, x: Tensor, v: Tensor): Tensor[] => {
      const { h1, h2, h3, total } = relativeHelmholtzMetric(field, metric, [t, matmul(turn(), x), matmul(turn(), v)]);
      return [h1, h2, h3, total];
    };
    const turned = evaluate(at, ...pointOf(3)).map(({ data }) => Number(data[0]));
    for (const [i, value] of base.entries()) {
      expect(larger[i]).toBeCloseTo(value, 11);
      expect(turned[i]).toBeCloseTo(value, 11);
      expect(value).toBeGreaterThan(1e-3);
    }
  });

  it.each([2, 3, 4, 6])("has the gradient of differences where all eigenvalues are equal, n = %i", (n) => {
    const direction = matrixOf(n, (i, j) => Math.cos(2 * i + 2 * j + i * j));
    const identity = matrixOf(n, (i, j) => (i === j ? 1 : 0));
    // The matrix such that g is a multiple of the identity at the point itself.
    const loss = (matrix: Tensor): Tensor => {
      const point = pointOf(n).map((part) => convert(part, "float64")) as unknown as HelmholtzPoint;
      const bend = around(mul(0, matrix));
      const offset = add(matrix, mul(-1, bend(...point)));
      return relativeHelmholtzMetric(twisted, (...p) => add(offset, bend(...p)), point).total;
    };
    const slope = evaluate((matrix: Tensor) => sum(mul(direction, grad(loss)(matrix))), identity).data[0] as number;
    const value = (s: number): number =>
      evaluate(
        loss,
        matrixOf(n, (i, j) => (i === j ? 1 : 0) + s * Math.cos(2 * i + 2 * j + i * j)),
      ).data[0] as number;
    const h = 4e-3;
    const weights = [4 / 5, -1 / 5, 4 / 105, -1 / 280];
    const difference = weights.reduce((all, w, k) => all + (w * (value((k + 1) * h) - value(-(k + 1) * h))) / h, 0);
    expect(Math.abs(slope)).toBeGreaterThan(1e-3);
    expect(Math.abs(difference - slope)).toBeLessThan(1e-9 * Math.abs(slope));
  });
});
