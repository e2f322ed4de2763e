/** The thresholds of a diagnosis in words, and the unit of its mean divergence. */
import type { MotionDiagnosis } from "@leastaction/dynamics";

/** A threshold: what it is of, its value, and what it decides. */
export interface ThresholdRow {
  readonly name: string;
  readonly value: string;
  readonly decides: string;
}

export function thresholdRows({ thresholds }: Pick<MotionDiagnosis, "thresholds">): readonly ThresholdRow[] {
  const { metric, equationError, refutedShare, fieldError, thickness, change, kept } = thresholds;
  return [
    { name: "metric at most", value: `${metric}`, decides: "a g exists, where the equations are certain enough" },
    { name: "equations certain to", value: `${equationError}`, decides: "less certain ones decide nothing in favour" },
    { name: "states without a regular g from", value: `${100 * refutedShare} %`, decides: "there is no Lagrangian" },
    { name: "field known to", value: `${100 * fieldError} %`, decides: "worse accelerations decide nothing" },
    { name: "thickness at least", value: `${thickness}`, decides: "states on a thinner sheet decide nothing" },
    { name: "loss of volume from", value: `e^-${change}`, decides: "over the longest motion: it dissipates" },
    { name: "volume kept within", value: `e^±${kept}`, decides: "over the longest motion: it does not dissipate" },
  ];
}

/** `1/s`; of a time without a unit, `per unit of t`. */
export function divergenceUnit({ time: { name, unit } }: Pick<MotionDiagnosis, "time">): string {
  return unit === "" ? `per unit of ${name}` : `1/${unit}`;
}
