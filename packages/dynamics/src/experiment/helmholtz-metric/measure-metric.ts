/**
 * What is measured of a trained g on trajectories that it was not trained on: the metric, and how far g is from the matrix
 * that is known.
 *
 * All is computed in double precision from the trained parameters. The known matrix is built from the learned one at the
 * first point of each trajectory, because the conditions leave its scale free.
 */
import {
  array,
  at,
  compile,
  convert,
  type HostTensor,
  slice,
  specOf,
  stack,
  type Target,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { helmholtzMetric } from "../../diagnostic/helmholtz/helmholtz-metric.ts";
import type { MetricField } from "../../diagnostic/helmholtz/second-order-field.ts";
import { inDouble } from "../../train/in-double.ts";
import type { MetricSystem, SymmetricEntries } from "./metric-system.ts";
import { type MetricTrajectories, pointSize } from "./trajectories.ts";

/** The metric on trajectories, and the errors of g where a matrix is known. */
export interface MetricMeasures {
  readonly h1: number;
  readonly h2: number;
  readonly h3: number;
  readonly total: number;
  readonly errors: MetricErrors | null;
}

/** Medians of |g - g*| over all points. */
export interface MetricErrors {
  /** Entries 11 and 22, each relative to that of g*. */
  readonly diagonal: number;
  /** Entry 12, relative to the root of the product of the diagonal of g*. */
  readonly beside: number;
  /** All four entries, relative to the mean |entry| of g* over all points. */
  readonly byMean: number;
}

/** A network for g, as far as it is measured. */
export interface MeasuredNetwork<P> {
  readonly metric: (parameters: P) => MetricField;
}

/** The most points in one call of the compiled program. */
const mostTogether = 8192;
/** h1, h2, h3, total, then g11, g12, g22. */
const columns = 7;

/** A function that measures the g of a network with parameters on these trajectories; its program is compiled once. */
export function metricMeasurer<P>(
  system: MetricSystem,
  network: MeasuredNetwork<P>,
  trajectories: MetricTrajectories,
  target: Target,
): (parameters: P) => Promise<MetricMeasures> {
  const { points, count, samples } = trajectories;
  const total = count * samples;
  const together = Math.min(mostTogether, total);
  let evaluate: ReturnType<typeof evaluator<P>> | null = null;
  return async (parameters) => {
    evaluate ??= evaluator(system, network, { parameters, together }, target);
    const entries = new Float64Array(total * 3);
    const sums = [0, 0, 0, 0];
    for (let from = 0; from < total; from += together) {
      const size = Math.min(together, total - from);
      const found = await evaluate(parameters, points.subarray(from * pointSize, (from + size) * pointSize));
      for (let i = 0; i < size; i++) {
        for (let k = 0; k < 4; k++) sums[k] = (sums[k] as number) + (found[columns * i + k] as number);
        for (let k = 0; k < 3; k++) entries[3 * (from + i) + k] = found[columns * i + 4 + k] as number;
      }
    }
    const [h1 = 0, h2 = 0, h3 = 0, sum = 0] = sums.map((value) => value / total);
    const errors = system.exact === null ? null : errorsOf(entries, system.exact, trajectories);
    return { h1, h2, h3, total: sum, errors };
  };
}

/** A function from parameters and points [m, 5], m at most `together`, to m rows of numbers; what is past m is to be ignored. */
function evaluator<P>(
  system: MetricSystem,
  network: MeasuredNetwork<P>,
  { parameters, together }: { readonly parameters: P; readonly together: number },
  target: Target,
): (parameters: P, points: Float32Array) => Promise<ArrayLike<number>> {
  const one = (p: P, point: Tensor): Tensor => {
    const [t, x, v] = [at(point, 0), slice(point, 0, 1, 3), slice(point, 0, 3, 5)];
    const metric = network.metric(p);
    const { h1, h2, h3, total } = helmholtzMetric(system.field, metric, [t, x, v]);
    const g = metric(t, x, v);
    return stack([h1, h2, h3, total, at(at(g, 0), 0), at(at(g, 0), 1), at(at(g, 1), 1)]);
  };
  const all = (p: P, points: Tensor): Tensor => vmap((point: Tensor) => one(p, point))(convert(points, "float64"));
  const batch = new Float32Array(together * pointSize);
  const types = [specOf(inDouble(parameters)), specOf(array(batch, [together, pointSize]))];
  const program = compile(all as never, types, target);
  return async (own, points) => {
    // The last call is filled up with its own first point.
    for (let i = 0; i < batch.length; i += pointSize) batch.set(points.subarray(0, pointSize), i);
    batch.set(points);
    const found = (await program.call(inDouble(own), array(batch, [together, pointSize]))) as HostTensor;
    return found.data as ArrayLike<number>;
  };
}

function errorsOf(
  entries: Float64Array,
  exact: NonNullable<MetricSystem["exact"]>,
  { points, count, samples }: MetricTrajectories,
): MetricErrors {
  const diagonal = new Float64Array(2 * count * samples);
  const beside = new Float64Array(count * samples);
  const whole = new Float64Array(4 * count * samples);
  let sum = 0;
  const at3 = (index: number): SymmetricEntries =>
    Array.from(entries.subarray(3 * index, 3 * index + 3)) as unknown as SymmetricEntries;
  for (let index = 0; index < count * samples; index++) {
    const [t = 0, ...x] = points.subarray(pointSize * index, pointSize * index + 3);
    const [a, b, c] = exact(at3(index - (index % samples)), t, x);
    const [g11, g12, g22] = at3(index);
    const errors = [Math.abs(g11 - a), Math.abs(g12 - b), Math.abs(g22 - c)] as const;
    diagonal[2 * index] = errors[0] / Math.abs(a);
    diagonal[2 * index + 1] = errors[2] / Math.abs(c);
    beside[index] = errors[1] / Math.sqrt(Math.abs(a * c));
    whole.set([errors[0], errors[1], errors[1], errors[2]], 4 * index);
    sum += Math.abs(a) + 2 * Math.abs(b) + Math.abs(c);
  }
  const mean = sum / (4 * count * samples);
  return { diagonal: median(diagonal), beside: median(beside), byMean: median(whole) / mean };
}

/** Of at least one number; sorts them. */
function median(values: Float64Array): number {
  values.sort();
  const middle = (values.length - 1) / 2;
  return ((values[Math.floor(middle)] as number) + (values[Math.ceil(middle)] as number)) / 2;
}
