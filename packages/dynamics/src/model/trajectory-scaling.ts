/**
 * Times and positions of order one, and what that makes of velocities and accelerations.
 *
 * t = mean + deviation t', x = mean + deviation x' by coordinate; so v = v' dx / dt and a = a' dx / dt², dx and dt being
 * the deviations. Nothing else may be scaled, or velocities would no longer be the rates of positions.
 */

import { add, array, convert, div, type HostTensor, mul, sub, type Tensor, TensorError } from "@leastaction/tensor";
import { hostMath } from "../host-math/host-math.ts";

/** The scaling of one data set: plain data. */
export interface TrajectoryScaling {
  readonly time: { readonly mean: number; readonly deviation: number };
  /** By coordinate. */
  readonly position: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
}

/**
 * Means and standard deviations of times and positions.
 * @param times [T], s
 * @param positions row-major [N, T, n]
 * @param dimensions n
 * Errors: times or a coordinate that never change.
 */
export function trajectoryScaling(
  times: readonly number[],
  positions: ArrayLike<number>,
  dimensions: number,
): TrajectoryScaling {
  const columns = Array.from({ length: dimensions }, (_, i) =>
    spreadOf({ length: positions.length / dimensions, at: (k) => positions[k * dimensions + i] as number }),
  );
  const time = spreadOf({ length: times.length, at: (k) => times[k] as number });
  const still = columns.findIndex(({ deviation }) => !(deviation > 0));
  if (!(time.deviation > 0) || still >= 0) {
    throw new TensorError(
      `Cannot scale trajectories: expected times and positions that change, got ${
        time.deviation > 0 ? `coordinate ${still} constant` : "one time"
      }`,
      "Leave out coordinates that never move, and give at least two times.",
    );
  }
  return {
    time,
    position: { mean: columns.map(({ mean }) => mean), deviation: columns.map(({ deviation }) => deviation) },
  };
}

/** A motion with its accelerations: tensors of one shape [..., n]. */
export interface Kinematics {
  readonly x: Tensor;
  readonly v: Tensor;
  readonly a: Tensor;
}

/** Times, in the scaled unit: float64; traced. */
export function scaledTimes({ time }: TrajectoryScaling, t: Tensor | HostTensor): Tensor {
  return div(sub(convert(t, "float64"), time.mean), time.deviation);
}

/** Positions [..., n], scaled; traced. */
export function scaledPositions({ position }: TrajectoryScaling, x: Tensor | HostTensor): Tensor {
  return div(sub(x, row(position.mean, x)), row(position.deviation, x));
}

/** Positions, velocities and accelerations [..., n] in the units of the data, from scaled ones; traced. */
export function unscaled({ time, position }: TrajectoryScaling, { x, v, a }: Kinematics): Kinematics {
  const by = (power: number): HostTensor =>
    row(
      position.deviation.map((deviation) => deviation / hostMath.power(time.deviation, power)),
      x,
    );
  return { x: add(mul(x, by(0)), row(position.mean, x)), v: mul(v, by(1)), a: mul(a, by(2)) };
}

function row(values: readonly number[], { dtype }: Tensor | HostTensor): HostTensor {
  return array([...values], [values.length], dtype);
}

function spreadOf({ length, at }: { readonly length: number; readonly at: (k: number) => number }) {
  let [mean, squares] = [0, 0];
  for (let k = 0; k < length; k++) mean += at(k) / length;
  for (let k = 0; k < length; k++) squares += (at(k) - mean) ** 2 / length;
  return { mean, deviation: Math.sqrt(squares) };
}
