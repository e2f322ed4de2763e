/**
 * One training of one of the compared models, and its errors at the numbers of steps that are asked for. All models have
 * the data, the order of the trajectories, and the network of the start of the seed.
 */
import type { Target } from "@leastaction/tensor";
import { type TrainedMotion, type TrainMotionData, trainMotion } from "../../train/train-motion.ts";
import { evaluateMotions, type MotionErrors } from "../lagrangian-ode/evaluate-motions.ts";
import { testOscillators, trainingOscillators } from "../lagrangian-ode/oscillators.ts";
import type { LagrangianOdeSizes } from "../lagrangian-ode/settings.ts";
import type { Peer } from "./peers.ts";

/** What a training is given. */
export interface TrainPeerOptions extends Pick<TrainMotionData, "signal" | "checkpoints" | "onStep"> {
  readonly sizes: LagrangianOdeSizes;
  /** Of the data. */
  readonly seed: number;
  /** Of the parameters and of the order of the trajectories; default `seed`. */
  readonly trainingSeed?: number;
  readonly rate: number;
  /** Numbers of steps at which the errors are wanted; the training ends with the largest. */
  readonly marks: readonly number[];
  readonly target: Target;
}

/** A training that has ended. */
export interface TrainedPeer extends Omit<TrainedMotion<unknown>, "parameters" | "marked"> {
  /** By number of steps; none beyond the step at which it failed for good. */
  readonly errors: ReadonlyMap<number, MotionErrors>;
}

/** Trains and measures; after an interruption there are no errors. */
export async function trainPeer(peer: Peer, options: TrainPeerOptions): Promise<TrainedPeer> {
  const { sizes, seed, trainingSeed = seed, rate, marks, target } = options;
  const {
    parameters: _last,
    marked,
    ...ended
  } = await trainMotion({
    model: peer.model,
    ...(peer.objective === undefined ? {} : { objective: peer.objective }),
    ...options,
    ...trainingOscillators(sizes, seed),
    batch: sizes.batch,
    halfTimesAt: sizes.halfTimesAt,
    patience: sizes.patience,
    rate,
    seed: trainingSeed,
    steps: Math.max(...marks),
  });
  const starts = testOscillators(sizes, seed);
  const errorsOf = (parameters: unknown): MotionErrors =>
    evaluateMotions(peer.model, { parameters, scaling: ended.scaling }, starts, sizes, target);
  const errors = new Map(
    ended.status === "stopped" ? [] : marked.map(({ steps, parameters }) => [steps, errorsOf(parameters)]),
  );
  return { ...ended, errors };
}
