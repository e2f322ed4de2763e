/**
 * Motions learned from positions alone: what such a model is.
 *
 * Only positions are measured, so that what else a motion needs at its start (velocities, or momenta) is learned, as a
 * function of the positions there. All works on scaled coordinates; `trajectory-scaling.ts` leads there and back.
 */
import type { DType, Tensor, TensorLike } from "@leastaction/tensor";

/** How motions are integrated. */
export type MotionSolver =
  /** Dormand and Prince with one step size for the whole batch; default tolerances 1e-6, at most 128 steps. */
  | { readonly kind: "adaptive"; readonly rtol?: number; readonly atol?: number; readonly maxSteps?: number }
  /** The classical method of Runge and Kutta with so many equal steps between neighbouring times. */
  | { readonly kind: "fixed"; readonly substeps: number };

/** Options of a motion. */
export interface MotionOptions {
  /** Default adaptive. */
  readonly solver?: MotionSolver;
  /**
   * How many of the times are wanted, an int32 scalar known at run time, at least 1: what comes later is not
   * integrated, and the states there are finite and without meaning. Default all.
   */
  readonly length?: Tensor;
}

/** Motions of a batch: positions, velocities and accelerations [N, T, n]. */
export interface BatchMotion {
  readonly x: Tensor;
  readonly v: Tensor;
  readonly a: Tensor;
  /** A code of `statusCodes`, int32 scalar; 0 is success. */
  readonly status: Tensor;
}

/** A model of motions; `P` is the type of its parameters as `motion` takes them. All but `init` is traced. */
export interface MotionModel<P> {
  /** n, the number of coordinates. */
  readonly dimensions: number;
  /**
   * Initial parameters, a tree of host tensors.
   * @param seed integer from 0; each network has a stream of its own
   * @param dtype default float32
   */
  readonly init: (seed: number, dtype?: DType) => P;
  /**
   * The motions from positions at the first time.
   * @param starts [N, n], of the parameters' element type
   * @param times [T] float64, ascending, T at least 2
   */
  readonly motion: (parameters: P, starts: Tensor, times: TensorLike, options?: MotionOptions) => BatchMotion;
}
