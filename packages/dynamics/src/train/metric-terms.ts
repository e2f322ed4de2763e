/**
 * The Helmholtz metric of a network for g as a loss: its means over points of motions.
 */
import { at, convert, type HostTensor, mean, slice, stack, type Tensor, TensorError, vmap } from "@leastaction/tensor";
import { type HelmholtzMetric, helmholtzMetric } from "../diagnostic/helmholtz/helmholtz-metric.ts";
import type { HelmholtzPoint, MetricField, SecondOrderField } from "../diagnostic/helmholtz/second-order-field.ts";

/** For which field, and on which motions, a g is looked for; its parameters are a tree `P`. */
export interface MetricQuestion<P> {
  readonly field: SecondOrderField;
  /** Times, positions and velocities along motions: [motions, times, 1 + 2 n], floats. */
  readonly points: HostTensor;
  /** Makes parameters and g of them, for instance `metricNetwork`. */
  readonly network: {
    readonly init: (seed: number, dtype: "float32" | "float64") => P;
    readonly metric: (parameters: P) => MetricField;
  };
  /** What is made small, at a point; default `helmholtzMetric`. */
  readonly measure?: (field: SecondOrderField, metric: MetricField, point: HelmholtzPoint) => HelmholtzMetric;
}

/** A traced function from parameters and points [motions, times, 1 + 2 n] to the means of h1, h2, h3: float64 [3]. */
export function metricTerms<P>({
  field,
  network,
  measure = helmholtzMetric,
}: Omit<MetricQuestion<P>, "points">): (parameters: unknown, points: Tensor) => Tensor {
  return (parameters, points) => {
    const n = ((points.shape[2] as number) - 1) / 2;
    const metric = network.metric(parameters as P);
    const atPoint = (point: Tensor): readonly Tensor[] => {
      const here = [at(point, 0), slice(point, 0, 1, 1 + n), slice(point, 0, 1 + n, 1 + 2 * n)] as const;
      const { h1, h2, h3 } = measure(field, metric, here);
      return [h1, h2, h3];
    };
    const found = vmap(vmap(atPoint as never) as never)(points as never) as unknown as readonly Tensor[];
    return convert(stack(found.map((each) => mean(each))), "float64");
  };
}

/** Errors: points of another shape, or not finite. */
export function expectMetricPoints({ shape, data }: HostTensor): void {
  const width = shape[2] ?? 0;
  const fits = shape.length === 3 && width >= 3 && width % 2 === 1 && data.length > 0;
  if (fits && data.every(Number.isFinite)) return;
  throw new TensorError(
    `Cannot fit a metric: expected finite points of shape [motions, times, 1 + 2 n], got ${fits ? "a number that is not finite" : `shape [${shape.join(", ")}]`}`,
    "Give time, n positions and n velocities in each row, and leave out rows with missing values.",
  );
}
