/**
 * The start of g, of several at random: that whose training begins best.
 *
 * The signs of the eigenvalues of g hardly ever change in training, because g would have to be singular on its way, where
 * the metric is at its bound. A random g of the wrong signs therefore stays at a metric of a few, though a g
 * exists: on the Kepler problem most starts do, those of an indefinite g. What is asked is whether there is a g, so some are tried; all
 * parts, those without a Lagrangian too, have the same number of tries.
 */
import type { MetricNetwork } from "../../diagnostic/helmholtz/metric-network.ts";
import { hostRandom } from "../../random/host-random.ts";
import { type FitMetricOptions, fitMetric } from "../../train/fit-metric.ts";

/** How a start is found. */
export interface StartSearch {
  /** How many are tried; with 1 nothing is. */
  readonly starts: number;
  /** Steps of a try, the first of the training itself. */
  readonly trialSteps: number;
}

/** A start and what its search gave. */
export interface ChosenStart {
  /** Its number, from 0. */
  readonly start: number;
  /** The metric of each try, mean of the last quarter of its steps; empty when nothing was tried. */
  readonly trials: readonly number[];
}

type Parameters = ReturnType<MetricNetwork["init"]>;

/** The network with start number `start` of a seed. */
export function startingAt(network: MetricNetwork, seed: number, start: number): MetricNetwork {
  const own = Math.floor(2 ** 53 * hostRandom(seed).fork(startStream).fork(start).uniform());
  return { init: (_seed, dtype) => network.init(own, dtype), metric: network.metric };
}

/** A stream of a seed that nothing else draws from. */
const startStream = 4;
/** Rows of the curve of a try, of which the last counts. */
const quarters = 4;

/**
 * The best start of a training; null when it was interrupted.
 * @param networkAt the network with a start, by its number
 * @param options of the training
 */
export async function chooseStart(
  { starts, trialSteps }: StartSearch,
  networkAt: (start: number) => MetricNetwork,
  options: Omit<FitMetricOptions<Parameters>, "network">,
): Promise<ChosenStart | null> {
  if (starts === 1) return { start: 0, trials: [] };
  const trials: number[] = [];
  for (let start = 0; start < starts; start++) {
    const { curve, status } = await fitMetric({
      ...options,
      network: networkAt(start),
      steps: trialSteps,
      intervals: quarters,
    });
    if (status === "stopped") return null;
    const last = status === "diverged" ? Number.NaN : (curve.at(-1)?.total ?? Number.NaN);
    trials.push(Number.isFinite(last) ? last : Number.MAX_VALUE);
  }
  return { start: trials.indexOf(Math.min(...trials)), trials };
}
