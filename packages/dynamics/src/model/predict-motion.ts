/**
 * Motions of a trained model in the units of its data.
 */
import type { HostTensor, Tensor } from "@leastaction/tensor";
import type { MotionModel, MotionOptions } from "./motion-model.ts";
import {
  type Kinematics,
  scaledPositions,
  scaledTimes,
  type TrajectoryScaling,
  unscaled,
} from "./trajectory-scaling.ts";

/** Motions and where their integration stopped. */
export interface PredictedMotion extends Kinematics {
  /** A code of `statusCodes`, int32 scalar; 0 is success. */
  readonly status: Tensor;
}

/**
 * Positions, velocities and accelerations [N, T, n] from positions at the first time; traced. Of the
 * networks of a Lagrangian neural ODE only f and the start velocity are used.
 *
 * @param starts [N, n], of the parameters' element type, in the unit of the data
 * @param times [T] float64, ascending, in the unit of the data
 */
export function predictMotion<P>(
  model: MotionModel<P>,
  parameters: P,
  scaling: TrajectoryScaling,
  starts: Tensor,
  times: Tensor | HostTensor,
  options: MotionOptions = {},
): PredictedMotion {
  const inner = scaledTimes(scaling, times);
  const { status, ...motion } = model.motion(parameters, scaledPositions(scaling, starts), inner, options);
  return { ...unscaled(scaling, motion), status };
}
