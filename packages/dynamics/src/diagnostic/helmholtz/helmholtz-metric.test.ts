import {
  add,
  array,
  compile,
  concatenate,
  convert,
  evaluate,
  full,
  grad,
  type HostTensor,
  mapTree,
  matmul,
  mul,
  reference,
  sizeOf,
  specOf,
  sub,
  sum,
  type Tensor,
  vmap,
  wasm,
  zeros,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { multilayerPerceptron } from "../../nn/multilayer-perceptron.ts";
import { tensorsOf, zipTensors } from "../../nn/tensor-tree.ts";
import { hostRandom } from "../../random/host-random.ts";
import { helmholtzMetric } from "./helmholtz-metric.ts";
import { metricNetwork } from "./metric-network.ts";
import type { HelmholtzPoint, MetricField, SecondOrderField } from "./second-order-field.ts";
import { constantMetric, friction, knownMetrics, oscillators, stiffness } from "./testing/known-metrics.ts";

const point = [array(0.3), array([0.8, -0.4]), array([0.5, 1.2])] as const;

function measured(field: SecondOrderField, metric: MetricField): Record<"h1" | "h2" | "h3" | "total", number> {
  const run = compile((...p: HelmholtzPoint) => helmholtzMetric(field, metric, p), [...point], wasm());
  const found = run.callSync(...point);
  const value = ({ data }: HostTensor): number => data[0] as number;
  return { h1: value(found.h1), h2: value(found.h2), h3: value(found.h3), total: value(found.total) };
}

describe("helmholtzMetric", () => {
  const identity = constantMetric([
    [1, 0],
    [0, 1],
  ]);

  it("has the floor (c1² + c2²) / 4 for damped oscillators with g = 1, bounded, and none with exp(c t)", () => {
    const damped = oscillators(stiffness, friction);
    const { h1, h2, h3, total } = measured(damped, identity);
    const bounded = friction.reduce((sum, c) => sum + (10 * Math.tanh(c / (10 * (1 + 1e-6)))) ** 2 / 4, 0);
    expect(friction.reduce((sum, c) => sum + c ** 2 / 4, 0)).toBeCloseTo(2.276, 3);
    expect(h2).toBeCloseTo(bounded, 13);
    expect([h1, h3, total]).toEqual([0, 0, h2]);
    const exact = knownMetrics.find(({ name }) => name.includes("depends on time"));
    expect(measured(damped, exact?.metric as MetricField).total).toBeLessThan(1e-25);
  });

  it("means over all entries, and takes another scale", () => {
    // g Phi - (g Phi)ᵀ has two entries of four; r / scale is small enough not to be bounded.
    const coupled: SecondOrderField = (_t, x) =>
      matmul(
        array([
          [0, 1e-4],
          [-1e-4, 0],
        ]),
        x,
      );
    expect(measured(coupled, identity).h1).toBeCloseTo((2 * (2e-4 / (1 + 1e-6)) ** 2) / 4, 14);
    const half = (...p: HelmholtzPoint) =>
      helmholtzMetric(coupled, identity, p, { scale: (g) => full([], 2, g.dtype) }).h1;
    expect(evaluate(half, ...point).data[0]).toBeCloseTo(1e-8 / 2, 14);
  });

  it.each([
    [1, 0.1],
    [2, 0.1],
    [2, 1e-3],
    [3, 0.1],
    [4, 0.1],
    [4, 1e-3],
  ])("has the gradient of differences with respect to f and g, n = %i, eigenvalues %f apart", (n, gap) => {
    const { slopes, losses } = alongDirections(n, gap);
    for (const [i, slope] of slopes.entries()) {
      const found = bestDifference(losses[i] as readonly number[], gap);
      expect(Math.abs(found - slope)).toBeLessThanOrEqual(1e-7 * Math.abs(slope));
    }
  });

  it.each([2, 3])("has a finite gradient where eigenvalues are equal, n = %i", (n) => {
    for (const slope of alongDirections(n, 0).slopes) expect(Math.abs(slope)).toBeGreaterThan(1e-3);
  });
});

/** Lengths of step over the gap of the eigenvalues, and the places of a difference of 8th order. */
const lengths = [0.1, 0.03, 0.01];
const places = [-4, -3, -2, -1, 1, 2, 3, 4];
const weights = [1 / 280, -4 / 105, 1 / 5, -4 / 5, 4 / 5, -1 / 5, 4 / 105, -1 / 280];

/** The one of two neighbouring lengths that agree best. */
function bestDifference(losses: readonly number[], gap: number): number {
  const found = lengths.map((length, i) =>
    weights.reduce((sum, weight, k) => sum + (weight * (losses[8 * i + k] as number)) / (length * gap), 0),
  );
  const [coarse, middle, fine] = found as [number, number, number];
  return Math.abs(middle - coarse) < Math.abs(fine - middle) ? middle : fine;
}

/**
 * Slopes of the metric along random directions of the parameters of networks f and g, by its gradient, and its values
 * there. At the point the eigenvalues of g are 1, 1 + gap, 1 + 2 gap, …
 */
function alongDirections(n: number, gap: number) {
  const { run, directions } = tracedFor(n);
  const wanted = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 + (i % n) * gap : 0));
  const steps = Float64Array.from(lengths.flatMap((length) => places.map((k) => k * length * gap)));
  const results = directions.map((direction) => run.callSync(direction, array(wanted, [n, n]), array(steps)));
  return {
    losses: results.map(([values]) => Array.from(values.data)),
    slopes: results.map(([, slope]) => slope.data[0] as number),
  };
}

const traced = new Map<number, ReturnType<typeof traceFor>>();

/** Traced once for each n: that takes longer than to run it. */
function tracedFor(n: number): ReturnType<typeof traceFor> {
  const own = traced.get(n) ?? traceFor(n);
  traced.set(n, own);
  return own;
}

function traceFor(n: number) {
  const random = hostRandom(10 * n);
  const vector = (): HostTensor => array(Float64Array.from({ length: n }, () => random.normal()));
  const at = [array(0.3), vector(), vector()] as const;
  const network = metricNetwork({ dimensions: n, hidden: [5], timeDependent: true });
  const motion = multilayerPerceptron({ sizes: [2 * n, 4, n], activation: "softplus" });
  const start = { f: motion.init(1, "float64"), g: network.init(2, "float64") };
  const lossOf =
    (wanted: Tensor) =>
    ({ f, g }: typeof start): Tensor => {
      const [t, x, v] = at.map((each) => convert(each, "float64")) as unknown as HelmholtzPoint;
      const field: SecondOrderField = (_, place, speed) => motion.apply(f, concatenate([place, speed]));
      const offset = sub(wanted, network.metric(start.g)(t, x, v));
      return helmholtzMetric(field, (...p) => add(offset, network.metric(g)(...p)), [t, x, v]).total;
    };
  const along = (direction: typeof start, wanted: Tensor, steps: Tensor) => {
    const loss = lossOf(wanted);
    const moved = (s: Tensor) => loss(zipTensors((p, d) => add(p, mul(s, d)), start, direction) as never);
    const slope = tensorsOf(zipTensors((g, d) => sum(mul(g, d)), grad(loss as never)(start as never), direction));
    return [vmap(moved)(steps), add(...(slope as [Tensor, ...Tensor[]]))] as const;
  };
  const drawn = (leaf: unknown): HostTensor => {
    const { shape } = leaf as HostTensor;
    return array(
      Float64Array.from({ length: sizeOf(shape) }, () => random.normal()),
      shape,
    );
  };
  const directions = [1, 2].map(() => mapTree(start, drawn) as typeof start);
  const examples = [specOf(start), zeros([n, n]), zeros([lengths.length * places.length])];
  const run = compile(along as never, examples as never, reference()) as unknown as {
    readonly callSync: (...values: unknown[]) => readonly [HostTensor, HostTensor];
  };
  return { run, directions };
}
