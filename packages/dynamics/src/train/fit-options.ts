/** What `fit` takes. */
import type { Checkpoints } from "./checkpoint.ts";
import type { SettingOptions } from "./fit-setting.ts";
import type { FitWorkers } from "./fit-worker.ts";
import type { RunControl } from "./run-control.ts";

/** Options of `fit`. */
export interface FitOptions extends RunControl, SettingOptions {
  /** First seed; default 0. */
  readonly seed?: number;
  /** Members of each model that depends on a seed: seeds `seed` … `seed + seeds - 1`; default 1. */
  readonly seeds?: number;
  /**
   * Optimiser steps of each member: all are taken by gradient descent, at most so many by least squares, which stops
   * where it has converged. Default 200 by least squares (small models), 3000 by gradient descent.
   */
  readonly steps?: number;
  /** Where states are kept to go on from; none when not stated. All other options must be those of the fit that stopped. */
  readonly checkpoints?: Checkpoints | undefined;
  /** Where members are trained beside this thread; nowhere when not stated. The run is the same, bit for bit, with any. */
  readonly workers?: FitWorkers | undefined;
}
