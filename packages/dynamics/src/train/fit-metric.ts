/**
 * A matrix g fitted to the Helmholtz conditions of a field: the question whether a Lagrangian exists, put as a training.
 *
 * In: a field, the motions on which it is asked, a network for g. Out: parameters of g and the course of the metric. The
 * field is fixed and nothing is integrated. Deliberately not here: the verdict, and what a g gives back of its Lagrangian.
 */
import { array, type Target } from "@leastaction/tensor";
import type { HelmholtzMetric } from "../diagnostic/helmholtz/helmholtz-metric.ts";
import { type PlateauOptions, plateau } from "../optim/plateau.ts";
import { rAdam } from "../optim/r-adam.ts";
import { hostRandom } from "../random/host-random.ts";
import type { Checkpoints } from "./checkpoint.ts";
import type { Divergence } from "./divergence.ts";
import { expectMetricPoints, type MetricQuestion, metricTerms } from "./metric-terms.ts";
import type { Objective } from "./objective.ts";
import type { RunControl } from "./run-control.ts";
import { shuffledEpochs } from "./shuffled-epochs.ts";
import { trainModel } from "./train-model.ts";

/** Options of `fitMetric`; parameters of g are a tree `P`. */
export interface FitMetricOptions<P> extends MetricQuestion<P>, Pick<RunControl, "signal" | "timeBudget"> {
  /** Element type of parameters and points; default float32. Losses are float64 always. */
  readonly dtype?: "float32" | "float64";
  /** Optimiser steps. */
  readonly steps: number;
  /** Motions in a batch, with all their times; default 128, at most all there are. */
  readonly batch?: number;
  /** Seed of parameters and batches; default 0. */
  readonly seed?: number;
  /** Learning rate at the start and how it falls; default 1e-3, halved after 1,500 steps that did not lower the best loss by 1 %. */
  readonly schedule?: PlateauOptions;
  /** Limit of the gradient's norm; default 10. */
  readonly clip?: number;
  /** Rows of the curve, at least 1; default 100. */
  readonly intervals?: number;
  /** Default `wasm()`. */
  readonly target?: Target;
  /** Called about 300 times, after at most 50 steps, always after the same ones; and at the end. */
  readonly onStep?: (step: number, total: number) => void;
  /** Where states are kept to go on from; all other options must be those of the training that stopped. */
  readonly checkpoints?: Checkpoints;
}

/** The metric in one interval of the training: means over its steps. */
export interface MetricCurveRow extends HelmholtzMetric<number> {
  /** Steps made at the end of the interval. */
  readonly step: number;
}

/** A fitted matrix. */
export interface FittedMetric<P> {
  /** A tree of host tensors. */
  readonly parameters: P;
  readonly curve: readonly MetricCurveRow[];
  readonly steps: number;
  readonly status: "finished" | "stopped" | "diverged";
  /** Why it diverged. */
  readonly divergence: Divergence | null;
}

/**
 * Fits the parameters of g so that the mean of the metric over all points of the motions is small: rectified Adam on
 * batches of whole motions, with a rate that is halved on a plateau.
 *
 * All batches have one size: epochs of shuffled motions follow each other without a gap (`shuffledEpochs`). 6,000 motions
 * in batches of 128 make 46.875 steps an epoch, where 47 steps with a smaller last one have been published.
 *
 * Going on from a checkpoint gives the same numbers, bit for bit, as never stopping.
 *
 * @example
 * // A damped oscillator, one motion from each of 8 starts: a g that depends on time can be exp(2 t).
 * const points = array(Array.from({ length: 8 }, (_, i) => [0, 0.5, 1].map((t) => [t, 1 + i * Math.exp(-t), -i * Math.exp(-t)])));
 * const { curve, status } = await fitMetric({
 *   field: (_t, x, v) => sub(neg(x), mul(2, v)),
 *   points,
 *   network: metricNetwork({ dimensions: 1, hidden: [8], timeDependent: true }),
 *   steps: 20,
 *   dtype: "float64",
 * });
 * status; // => "finished"
 *
 * Errors: points of another shape or not finite, the state of another training.
 * Source: Wolf, Buck, Schäfer, 2025, arXiv:2510.06367, and its code for all defaults.
 */
export async function fitMetric<P>(options: FitMetricOptions<P>): Promise<FittedMetric<P>> {
  const { network, steps, seed = 0, dtype = "float32", clip = 10, schedule } = options;
  const { parameters, losses, terms, ends, ...rest } = await trainModel({
    ...options,
    objective: metricObjective(options),
    parameters: network.init(seed, dtype),
    steps,
    seed,
    optimizer: rAdam(),
    schedule: plateau({ initial: 1e-3, factor: 0.5, patience: 1500, threshold: 1e-2, ...schedule }),
    clip,
  });
  const curve = losses.map((total, i): MetricCurveRow => {
    const [h1, h2, h3] = terms.map((means) => means[i] as number) as [number, number, number];
    return { step: ends[i] as number, h1, h2, h3, total };
  });
  return { parameters: parameters as P, curve, ...rest };
}

function metricObjective<P>(options: FitMetricOptions<P>): Objective {
  const { points, batch: wanted = 128, dtype = "float32", seed = 0 } = options;
  expectMetricPoints(points);
  const [motions, times, width] = points.shape as [number, number, number];
  const size = Math.min(wanted, motions);
  const rowsOf = shuffledEpochs(hostRandom(seed).fork(78), motions, size);
  const values = dtype === "float32" ? Float32Array.from(points.data) : Float64Array.from(points.data);
  const length = times * width;
  return {
    name: "Helmholtz metric",
    terms: ["h1", "h2", "h3"],
    batch: (_random, _fraction, step) => {
      const data = dtype === "float32" ? new Float32Array(size * length) : new Float64Array(size * length);
      for (const [i, row] of rowsOf(step).entries()) {
        data.set(values.subarray(row * length, (row + 1) * length), i * length);
      }
      return array(data, [size, times, width]);
    },
    loss: metricTerms(options),
  };
}
