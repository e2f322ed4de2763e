import {
  abs,
  array,
  compile,
  evaluate,
  type HostTensor,
  jacobian,
  matmul,
  max,
  reshape,
  slice,
  type Tensor,
  vmap,
  wasm,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { hostRandom } from "../../random/host-random.ts";
import { helmholtzConditions } from "./helmholtz-conditions.ts";
import type { HelmholtzPoint } from "./second-order-field.ts";
import { constantMetric, friction, knownMetrics, oscillators, stiffness } from "./testing/known-metrics.ts";

/** Largest residual and largest term of each condition. */
function sizes(n: number, { field, metric }: Pick<(typeof knownMetrics)[number], "field" | "metric">) {
  return (at: Tensor): Tensor[] => {
    const [t, x, v] = [
      reshape(slice(at, 0, 0, 1), []),
      slice(at, 0, 1, 1 + n),
      slice(at, 0, 1 + n, 1 + 2 * n),
    ] as const;
    const { g, phi, h1, h2, h3 } = helmholtzConditions(field, metric, [t, x, v]);
    const jv = jacobian((u) => field(t, x, u))(v);
    const slopes = jacobian((u) => metric(t, x, u))(v);
    const terms = [matmul(abs(g), abs(phi)), matmul(abs(g), abs(jv)), slopes];
    return [h1, h2, h3, ...terms].map((each) => max(abs(each)));
  };
}

describe("helmholtzConditions", () => {
  it.each(knownMetrics)("leaves nothing of $name", ({ dimensions, field, metric }) => {
    const random = hostRandom(dimensions);
    const vector = (): number[] => Array.from({ length: dimensions }, () => 0.5 + random.uniform());
    const at = Array.from({ length: 10 }, () => [random.uniform(), ...vector(), ...vector()]);
    const found = evaluate(vmap(sizes(dimensions, { field, metric })), array(at));
    for (let i = 0; i < 10; i++) {
      for (let k = 0; k < 3; k++) {
        const [left, largest] = [found[k]?.data[i] as number, found[k + 3]?.data[i] as number];
        expect(left).toBeLessThanOrEqual(1e-12 * largest);
      }
    }
  });

  it("leaves what must be left", () => {
    const field = oscillators(stiffness, friction);
    const metric = constantMetric([
      [1, 2],
      [2, 1],
    ]);
    const parts = (...point: HelmholtzPoint) => {
      const { h1, h2 } = helmholtzConditions(field, metric, point);
      return [h1, h2];
    };
    const at = [array(0), array([1, 2]), array([3, 4])] as const;
    const [h1, h2] = compile(parts, [...at], wasm()).callSync(...at);
    const [k1, k2] = stiffness;
    const [c1, c2] = friction;
    // Phi = diag(k - c² / 4), J_v = -diag(c).
    const turn = 2 * (k2 - c2 ** 2 / 4 - k1 + c1 ** 2 / 4);
    const expected = [0, turn, -turn, 0, -c1, -c1 - c2, -c1 - c2, -c2];
    const found = [...(h1 as HostTensor).data, ...(h2 as HostTensor).data];
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 12);
  });
});
