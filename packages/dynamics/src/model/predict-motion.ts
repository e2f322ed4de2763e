/**
 * Motions of a trained Lagrangian neural ODE in the units of its data.
 */
import type { HostTensor, Tensor } from "@leastaction/tensor";
import type { LagrangianOde, MotionOptions, MotionParameters } from "./lagrangian-ode.ts";
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
 * Positions, velocities and accelerations [N, T, n] from positions at the first time; traced. Of the networks only f and
 * the start velocity are used.
 *
 * @param starts [N, n], of the parameters' element type, in the unit of the data
 * @param times [T] float64, ascending, in the unit of the data
 */
export function predictMotion(
  ode: LagrangianOde,
  parameters: MotionParameters,
  scaling: TrajectoryScaling,
  starts: Tensor,
  times: Tensor | HostTensor,
  options: MotionOptions = {},
): PredictedMotion {
  const inner = scaledTimes(scaling, times);
  const { x, v, status } = ode.motion(parameters, scaledPositions(scaling, starts), inner, options);
  const a = ode.acceleration(parameters)(inner, x, v);
  return { ...unscaled(scaling, { x, v, a }), status };
}
