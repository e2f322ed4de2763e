import { add, array, evaluate, matmul, mul, neg, stack, sub, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { hostRandom } from "../../random/host-random.ts";
import { energyOnMotions } from "./energy-on-motions.ts";
import type { MetricField } from "./second-order-field.ts";

/** Two oscillators, w = 1 and 1.7, in closed form: [12, 25, 5]. */
const motions = () => {
  const random = hostRandom(4);
  return array(
    Array.from({ length: 12 }, () => {
      const [a, b, p, q] = [random.normal(), random.normal(), 6 * random.uniform(), 6 * random.uniform()];
      return Array.from({ length: 25 }, (_, i) => {
        const [first, second] = [i / 4 + p, (1.7 * i) / 4 + q];
        return [i / 4, a * Math.cos(first), b * Math.cos(second), -a * Math.sin(first), -1.7 * b * Math.sin(second)];
      });
    }),
  );
};
const field = (_t: Tensor, x: Tensor) => neg(mul(array([1, 1.7 ** 2]), x));
const constant =
  (rows: number[][]): MetricField =>
  (_t, x) =>
    add(mul(0, stack([x, x])), array(rows));

describe("energyOnMotions", () => {
  it("gives the energy of a g that is no identity, up to a constant, and finds it kept", () => {
    const metric = constant([
      [3, 0],
      [0, 0.5],
    ]);
    const { energy, drift } = energyOnMotions({ field, metric, points: motions(), bells: 40 });
    const off = (x: Tensor, v: Tensor) => sub(energy(x, v), energy(mul(0, x), mul(0, v)));
    const found = evaluate(off, array([0.5, -0.4]), array([0.3, 0.6])).data[0];
    const expected = (3 * (0.3 ** 2 + 0.5 ** 2) + 0.5 * (0.6 ** 2 + (1.7 * 0.4) ** 2)) / 2;
    expect(found).toBeCloseTo(expected, 4);
    expect(drift).toBeLessThan(1e-4);
  });

  it("says that nothing is kept where g is none of the field", () => {
    const turned = (_t: Tensor, x: Tensor) =>
      add(
        field(_t, x),
        matmul(
          array([
            [0, 1],
            [0.2, 0],
          ]),
          x,
        ),
      );
    const metric = constant([
      [1, 0.9],
      [0.9, -1],
    ]);
    expect(energyOnMotions({ field: turned, metric, points: motions(), bells: 40 }).drift).toBeGreaterThan(0.1);
  });

  it("refuses fewer than five motions", () => {
    const points = array([[[0, 1, 2]]]);
    expect(() => energyOnMotions({ field, metric: constant([[1]]), points })).toThrow(
      "Cannot fit an energy: expected finite points of shape [at least 5 motions, times, 1 + 2 n], got shape [1, 1, 3]\n",
    );
  });
});
