/**
 * Training of a model of motions from positions alone, as published for Lagrangian neural ODEs: scaled data, one optimiser
 * for all networks, a rate that halves on a plateau, and another start where a training fails.
 *
 * In: positions of trajectories at common times. Out: parameters and the scaling they belong to; `predictMotion` uses
 * both. Source: Wolf, Buck, Schäfer, 2025, arXiv:2510.06367, and its code.
 */
import { type DType, TensorError } from "@leastaction/tensor";
import type { MotionModel } from "../model/motion-model.ts";
import { type TrajectoryScaling, trajectoryScaling } from "../model/trajectory-scaling.ts";
import { plateau } from "../optim/plateau.ts";
import { rAdam } from "../optim/r-adam.ts";
import { type MotionRecipe, motionObjective, type ScaledTrajectories } from "./motion-objective.ts";
import type { Objective } from "./objective.ts";
import { readState } from "./read-state.ts";
import { type TrainedParameters, type TrainModelOptions, trainModel } from "./train-model.ts";

/** What a training from positions needs besides its model; the defaults are the published ones. */
export interface TrainMotionData
  extends MotionRecipe,
    Pick<TrainModelOptions, "signal" | "timeBudget" | "onStep" | "target" | "checkpoints" | "marks"> {
  /** [T], ascending, at least 2; any unit. */
  readonly times: readonly number[];
  /** Row-major [N, T, n]. */
  readonly positions: Float64Array;
  /** Optimiser steps. */
  readonly steps: number;
  /** Of the parameters and of the order of the trajectories; default 0. */
  readonly seed?: number;
  /** Default float32. */
  readonly dtype?: DType;
  /** The rate at the start; it halves after `patience` steps in which what is watched did not fall by 1 %. */
  readonly rate?: number;
  readonly patience?: number;
  /** How often a training that failed is begun anew from other parameters; default 12. */
  readonly restarts?: number;
}

/** Options of `trainMotion`. */
export interface TrainMotionOptions<P> extends TrainMotionData {
  readonly model: MotionModel<P>;
  /** Default: the positions alone, whose error the rate watches. */
  readonly objective?: (
    data: ScaledTrajectories,
    training: MotionRecipe & { readonly seed: number; readonly dtype: DType },
  ) => Objective;
}

/** A trained model of motions. */
export interface TrainedMotion<P> extends Omit<TrainedParameters, "parameters" | "marked"> {
  readonly parameters: P;
  readonly marked: readonly { readonly steps: number; readonly parameters: P }[];
  readonly scaling: TrajectoryScaling;
  /** Trainings that failed before this one. */
  readonly restarts: number;
}

/** Seeds of the trainings that are begun anew lie this far apart. */
const seedStride = 1_000_003;

/**
 * Trains all networks of a model. A training that has diverged to its last restart is returned as it is.
 *
 * Errors: a number of positions that is not N T n; times or coordinates that never change.
 */
export async function trainMotion<P>(options: TrainMotionOptions<P>): Promise<TrainedMotion<P>> {
  const { model, times, positions, dtype = "float32", restarts = 12 } = options;
  const objectiveOf = options.objective ?? ((data, training) => motionObjective(model, data, training));
  const scaling = trajectoryScaling(times, positions, model.dimensions);
  const data = scaledData(options, scaling);
  const schedule = plateau({ initial: options.rate ?? 0.07, patience: options.patience ?? 2000, threshold: 1e-2 });
  const last = options.checkpoints?.last ?? null;
  for (let restart = last === null ? 0 : readState(last).number("restart"); ; restart++) {
    const seed = (options.seed ?? 0) + restart * seedStride;
    const { parameters, marked, ...ended } = await trainModel({
      ...options,
      objective: objectiveOf(data, { ...options, seed, dtype }),
      parameters: model.init(seed, dtype),
      seed,
      optimizer: rAdam(),
      schedule,
      clip: Number.POSITIVE_INFINITY,
      ...checkpointsOf(options, restart),
    });
    if (ended.status !== "diverged" || restart === restarts) {
      return {
        ...ended,
        parameters: parameters as P,
        marked: marked as TrainedMotion<P>["marked"],
        scaling,
        restarts: restart,
      };
    }
  }
}

/** Checkpoints that know which restart they belong to. */
function checkpointsOf({ checkpoints }: TrainMotionData, restart: number): Pick<TrainModelOptions, "checkpoints"> {
  if (checkpoints === undefined) return {};
  const { last, offer } = checkpoints;
  const isOwn = last !== null && readState(last).number("restart") === restart;
  return {
    checkpoints: {
      last: isOwn ? last : null,
      offer: (state, at) =>
        offer(() => {
          const { facts, tensors } = state();
          return { facts: { ...facts, restart }, tensors };
        }, at),
    },
  };
}

function scaledData<P>(
  { model, times, positions }: TrainMotionOptions<P>,
  { time, position }: TrajectoryScaling,
): ScaledTrajectories {
  const [n, width] = [model.dimensions, times.length * model.dimensions];
  const count = positions.length / width;
  if (!Number.isInteger(count) || count === 0) {
    throw new TensorError(
      `Cannot train on motions: expected positions [N, ${times.length}, ${n}], got ${positions.length} numbers`,
      "Give every trajectory at all times, coordinate by coordinate at each time.",
    );
  }
  return {
    count,
    times: times.map((t) => (t - time.mean) / time.deviation),
    positions: positions.map((x, i) => (x - (position.mean[i % n] as number)) / (position.deviation[i % n] as number)),
  };
}
