/**
 * The numbers of a scaling as arguments of a program, so that it is compiled once for all trainings.
 */
import { array, type HostTensor } from "@leastaction/tensor";
import type { TrajectoryScaling } from "../../model/trajectory-scaling.ts";

/** Scales of times [] and positions [2]: float64. */
export interface Scales<L> {
  readonly time: { readonly mean: L; readonly deviation: L };
  readonly position: { readonly mean: L; readonly deviation: L };
}

/** The scales as host tensors. */
export function scalingTensors({ time, position }: TrajectoryScaling): Scales<HostTensor> {
  return {
    time: { mean: array(time.mean), deviation: array(time.deviation) },
    position: { mean: array([...position.mean]), deviation: array([...position.deviation]) },
  };
}
