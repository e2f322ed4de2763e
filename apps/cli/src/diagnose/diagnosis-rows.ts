/** The thresholds and the energy loss of a diagnosis in words, and the unit of its rates. */
import { formatted, type MotionDiagnosis } from "@leastaction/dynamics";

/** A threshold: what it is of, its value, and what it decides. */
export interface ThresholdRow {
  readonly name: string;
  readonly value: string;
  readonly decides: string;
}

export function thresholdRows({ thresholds }: Pick<MotionDiagnosis, "thresholds">): readonly ThresholdRow[] {
  const { metric, equationError, refutedShare, fieldError, thickness, change, kept, slight, returning } = thresholds;
  return [
    { name: "metric at most", value: `${metric}`, decides: "a g exists, where the equations are certain enough" },
    { name: "equations certain to", value: `${equationError}`, decides: "less certain ones decide nothing in favour" },
    { name: "states without a regular g from", value: `${100 * refutedShare} %`, decides: "there is no Lagrangian" },
    { name: "field known to", value: `${100 * fieldError} %`, decides: "worse accelerations decide nothing" },
    { name: "thickness at least", value: `${thickness}`, decides: "states on a thinner sheet decide nothing" },
    { name: "loss of volume from", value: `e^-${change}`, decides: "over the longest motion: it dissipates" },
    {
      name: "volume kept within",
      value: `e^±${kept}`,
      decides: "over the longest motion, with 0 in the interval: it does not dissipate",
    },
    { name: "as good as kept within", value: `e^±${slight}`, decides: "whatever the interval" },
    {
      name: "motions that come back",
      value: `${100 * returning} %`,
      decides: "less of their second halves where the first were: a change of volume decides nothing",
    },
  ];
}

/** `0.0572 1/s (90 %: 0.0541 to 0.0603) at 1.44 rad`, one for each bin of amplitude. */
export function energyLossRows(found: Pick<MotionDiagnosis, "energyLoss" | "coordinates" | "time">): readonly string[] {
  const [coordinate] = found.coordinates;
  if (found.energyLoss === null || coordinate === undefined) return [];
  const { bins, level } = found.energyLoss;
  return bins.map(({ amplitude, damping: { value, low, high } }) => {
    const band = `${100 * level} %: ${formatted(low)} to ${formatted(high)}`;
    return `${formatted(value)} ${rateUnitOf(found)} (${band}) at ${formatted(amplitude)} ${coordinate.unit}`.trimEnd();
  });
}

/** `1/s`; of a time without a unit, `per unit of t`. */
export function rateUnitOf({ time: { name, unit } }: Pick<MotionDiagnosis, "time">): string {
  return unit === "" ? `per unit of ${name}` : `1/${unit}`;
}
