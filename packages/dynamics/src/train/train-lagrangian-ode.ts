/**
 * Training of a Lagrangian neural ODE from positions alone, as published: scaled data, one optimiser for all networks, a
 * rate that halves when the metric stops falling, and another start where a training fails.
 *
 * In: positions of trajectories at common times. Out: parameters and the scaling they belong to; `predictMotion` uses
 * both. Source: Wolf, Buck, Schäfer, 2025, arXiv:2510.06367, and its code.
 */
import type { DType, HostTensor } from "@leastaction/tensor";
import { TensorError } from "@leastaction/tensor";
import type { LagrangianOde, LagrangianOdeParameters } from "../model/lagrangian-ode.ts";
import { type TrajectoryScaling, trajectoryScaling } from "../model/trajectory-scaling.ts";
import { plateau } from "../optim/plateau.ts";
import { rAdam } from "../optim/r-adam.ts";
import { type LagrangianRecipe, lagrangianObjective } from "./lagrangian-objective.ts";
import { readState } from "./read-state.ts";
import { type TrainedParameters, type TrainModelOptions, trainModel } from "./train-model.ts";

/** Options of `trainLagrangianOde`; the defaults are the published ones. */
export interface TrainLagrangianOdeOptions
  extends LagrangianRecipe,
    Pick<TrainModelOptions, "signal" | "timeBudget" | "onStep" | "target" | "checkpoints"> {
  readonly ode: LagrangianOde;
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
  /** The rate at the start; it halves after `patience` steps in which the metric (without one, the error) did not fall by 1 %. */
  readonly rate?: number;
  readonly patience?: number;
  /** How often a training that failed is begun anew from other parameters; default 12. */
  readonly restarts?: number;
}

/** A trained Lagrangian neural ODE. */
export interface TrainedLagrangianOde extends Omit<TrainedParameters, "parameters"> {
  readonly parameters: LagrangianOdeParameters<HostTensor>;
  readonly scaling: TrajectoryScaling;
  /** Trainings that failed before this one. */
  readonly restarts: number;
}

/** Seeds of the trainings that are begun anew lie this far apart. */
const seedStride = 1_000_003;

/**
 * Trains f, g and the start velocity. A training that has diverged to its last restart is returned as it is.
 *
 * Errors: a number of positions that is not N T n; times or coordinates that never change.
 */
export async function trainLagrangianOde(options: TrainLagrangianOdeOptions): Promise<TrainedLagrangianOde> {
  const { ode, times, positions, dtype = "float32", restarts = 12 } = options;
  const scaling = trajectoryScaling(times, positions, ode.dimensions);
  const data = scaledData(options, scaling);
  const schedule = plateau({ initial: options.rate ?? 0.07, patience: options.patience ?? 2000, threshold: 1e-2 });
  const last = options.checkpoints?.last ?? null;
  for (let restart = last === null ? 0 : readState(last).number("restart"); ; restart++) {
    const seed = (options.seed ?? 0) + restart * seedStride;
    const { parameters, ...ended } = await trainModel({
      ...options,
      objective: lagrangianObjective(ode, data, { ...options, seed, dtype }),
      parameters: ode.init(seed, dtype),
      seed,
      optimizer: rAdam(),
      schedule,
      clip: Number.POSITIVE_INFINITY,
      ...checkpointsOf(options, restart),
    });
    if (ended.status !== "diverged" || restart === restarts) {
      return { ...ended, parameters: parameters as LagrangianOdeParameters<HostTensor>, scaling, restarts: restart };
    }
  }
}

/** Checkpoints that know which restart they belong to. */
function checkpointsOf(
  { checkpoints }: TrainLagrangianOdeOptions,
  restart: number,
): Pick<TrainModelOptions, "checkpoints"> {
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

function scaledData({ ode, times, positions }: TrainLagrangianOdeOptions, { time, position }: TrajectoryScaling) {
  const [n, width] = [ode.dimensions, times.length * ode.dimensions];
  const count = positions.length / width;
  if (!Number.isInteger(count) || count === 0) {
    throw new TensorError(
      `Cannot train a Lagrangian neural ODE: expected positions [N, ${times.length}, ${n}], got ${positions.length} numbers`,
      "Give every trajectory at all times, coordinate by coordinate at each time.",
    );
  }
  return {
    count,
    times: times.map((t) => (t - time.mean) / time.deviation),
    positions: positions.map((x, i) => (x - (position.mean[i % n] as number)) / (position.deviation[i % n] as number)),
  };
}
