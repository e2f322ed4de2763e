/**
 * A matrix g fitted to the Helmholtz conditions of a field, with what it leaves of them at states that it was not fitted to.
 *
 * The course of the published metric over the training, its value on states of other motions, and the eigenvalues of g
 * there: g is the Hessian of the Lagrangian in the velocities, so their ratio says how far it is from singular.
 */
import {
  array,
  at,
  compile,
  convert,
  type HostTensor,
  mul,
  slice,
  specOf,
  type Target,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { energyOnMotions, fewestMotions } from "../../diagnostic/helmholtz/energy-on-motions.ts";
import { helmholtzMetric } from "../../diagnostic/helmholtz/helmholtz-metric.ts";
import { metricNetwork } from "../../diagnostic/helmholtz/metric-network.ts";
import type { MetricField, SecondOrderField } from "../../diagnostic/helmholtz/second-order-field.ts";
import { startNear } from "../../diagnostic/helmholtz/start-near.ts";
import type { MultilayerPerceptronParameters } from "../../nn/multilayer-perceptron.ts";
import { symmetricEigen } from "../../optim/symmetric-eigen.ts";
import { fitMetric, type MetricCurveRow } from "../fit-metric.ts";

/** What is asked of one kind of g. */
export interface FittedMetricOptions {
  /** In units of the motion. */
  readonly field: SecondOrderField;
  /** Times, positions and velocities: [count, 1 + 2 n]; those in `left` are not fitted to. */
  readonly fitted: readonly Float64Array[];
  readonly left: readonly Float64Array[];
  /** What g is near at first, [n, n]: the matrix that meets the equations at all points best. */
  readonly start: HostTensor;
  /** [motions, times, 1 + 2 n]: what the energy of a g without time is asked on; null where it is not. */
  readonly motions: HostTensor | null;
  /** Of a metric up to this the energy is asked. */
  readonly threshold: number;
  readonly timeDependent: boolean;
  readonly seed: number;
  readonly steps: number;
  /** s. */
  readonly timeBudget: number;
  readonly target: Target;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((step: number, total: number) => void) | undefined;
}

/** A kind of g, fitted. */
export interface MetricFinding {
  readonly timeDependent: boolean;
  /** The metric over the training, from the first step to the last. */
  readonly curve: readonly MetricCurveRow[];
  readonly steps: number;
  /** `reached`: the metric fell below what is asked for before all steps were made. */
  readonly status: "finished" | "reached" | "stopped" | "diverged";
  /** Means over the states that were left out. */
  readonly h1: number;
  readonly h2: number;
  readonly h3: number;
  readonly total: number;
  /** [states][n] eigenvalues of g there, ascending, over the root mean square of all. */
  readonly spectrum: readonly (readonly number[])[];
  /**
   * What the energy of g changes along motions that it was not fitted to, over its spread over all: 0 kept, 1 no energy.
   * Null of a g with time or above the threshold, and for fewer than five motions.
   */
  readonly energyDrift: number | null;
}

const hidden: readonly number[] = [32, 32];
/** Points of a motion of `fitMetric`, and motions in a batch. */
const together = 16;
const batch = 16;
/** Training ends early at this metric: the answer does not change any more. */
const goal = 3e-5;
const rows = 60;

/** Fits g and asks it. */
export async function findMetric(options: FittedMetricOptions): Promise<MetricFinding> {
  const { field, fitted, left, start, timeDependent, seed, steps, timeBudget, target } = options;
  const width = fitted[0]?.length as number;
  const n = (width - 1) / 2;
  const ends = new AbortController();
  options.signal?.addEventListener("abort", () => ends.abort());
  if (options.signal?.aborted === true) ends.abort();
  let reached = false;
  const network = scaledNetwork(n, timeDependent, fitted, start);
  const found = await fitMetric({
    field,
    points: inMotions(fitted),
    network,
    dtype: "float32",
    steps,
    timeBudget,
    batch,
    seed,
    schedule: { initial: 1e-2, patience: 300 },
    intervals: rows,
    target,
    signal: ends.signal,
    onStep: (step, total) => {
      options.onStep?.(step, total);
      if (total > goal || options.signal?.aborted === true) return;
      reached = true;
      ends.abort();
    },
  });
  const measured = measure(field, network.metric, found.parameters, left, target);
  const status = found.status === "stopped" && reached ? "reached" : found.status;
  const isAsked = !timeDependent && measured.total <= options.threshold;
  const energyDrift = isAsked ? driftOf(field, network.metric(found.parameters), options.motions) : null;
  return { timeDependent, curve: found.curve, steps: found.steps, status, ...measured, energyDrift };
}

/** @param metric in float32 */
function driftOf(field: SecondOrderField, metric: MetricField, motions: HostTensor | null): number | null {
  if (motions === null || (motions.shape[0] as number) < fewestMotions) return null;
  const single = (x: Tensor): Tensor => convert(x, "float32");
  const double: MetricField = (t, x, v) => convert(metric(single(t), single(x), single(v)), "float64");
  return energyOnMotions({ field, metric: double, points: motions }).drift;
}

type Parameters = MultilayerPerceptronParameters;

/** Time enters in units of the longest motion: a network sees numbers of order one. */
function scaledNetwork(n: number, timeDependent: boolean, points: readonly Float64Array[], start: HostTensor) {
  const network = startNear(metricNetwork({ dimensions: n, hidden, timeDependent }), start);
  const longest = points.reduce((most, [t = 0]) => Math.max(most, t), 0) || 1;
  return {
    init: (seed: number, dtype: "float32" | "float64"): Parameters => network.init(seed, dtype),
    metric: (parameters: Parameters): MetricField => {
      const metric = network.metric(parameters);
      return (t, x, v) => metric(mul(t, 1 / longest), x, v);
    },
  };
}

/** Rows in motions of one length: [motions, times, 1 + 2 n]; the last ones that fill none are left out. */
function inMotions(points: readonly Float64Array[]): HostTensor {
  const length = Math.min(together, points.length);
  const motions = Math.floor(points.length / length);
  const width = points[0]?.length as number;
  const data = Float64Array.from(points.slice(0, motions * length).flatMap((row) => [...row]));
  return array(data, [motions, length, width]);
}

function measure(
  field: SecondOrderField,
  metricOf: (parameters: Parameters) => MetricField,
  parameters: Parameters,
  left: readonly Float64Array[],
  target: Target,
): Pick<MetricFinding, "h1" | "h2" | "h3" | "total" | "spectrum"> {
  const width = left[0]?.length as number;
  const n = (width - 1) / 2;
  const points = array(Float32Array.from(left.flatMap((row) => [...row])), [left.length, width]);
  const asked = (tree: Parameters, all: Tensor) =>
    vmap((row: Tensor) => {
      const point = [at(row, 0), slice(row, 0, 1, 1 + n), slice(row, 0, 1 + n)] as const;
      const metric = metricOf(tree);
      const { h1, h2, h3 } = helmholtzMetric(field, metric, point);
      return { h1, h2, h3, g: metric(...point) };
    })(all);
  const program = compile(asked as never, [specOf(parameters) as never, points], target);
  const found = program.callSync(parameters as never, points) as unknown as Record<
    "h1" | "h2" | "h3" | "g",
    HostTensor
  >;
  const mean = ({ data }: HostTensor): number =>
    Float64Array.from(data).reduce((sum, value) => sum + value, 0) / left.length;
  const [h1, h2, h3] = [mean(found.h1), mean(found.h2), mean(found.h3)];
  const spectra = left.map((_, k) => {
    return [...symmetricEigen(found.g.data.subarray(k * n * n, (k + 1) * n * n), n).values].reverse();
  });
  const size = Math.sqrt(spectra.flat().reduce((sum, value) => sum + value * value, 0) / (n * left.length)) || 1;
  return { h1, h2, h3, total: h1 + h2 + h3, spectrum: spectra.map((values) => values.map((value) => value / size)) };
}
