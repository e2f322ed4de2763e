/**
 * Where velocities come from and how large the noise of positions is, in the words that `fit` prints:
 * `velocity from a smoothing spline, noise 0.08 deg`.
 */
import type { Dataset } from "./dataset.ts";
import { median } from "./oddity-measure.ts";
import type { MotionSegment } from "./prepare.ts";
import type { Sampling } from "./sampling.ts";
import type { Smoothing } from "./smoothing.ts";
import { statedSigmas, usualSigma } from "./stated-noise.ts";
import { fromSi } from "./unit.ts";

const ways: Readonly<Record<Smoothing, string>> = {
  spline: "from a smoothing spline",
  polynomial: "from local polynomials",
  none: "from differences of neighbours",
};

/** @param segments of the training use, prepared with this sampling */
export function describeVelocities(
  { coordinates }: Dataset,
  { smooth = "spline", quanta = [] }: Sampling,
  segments: readonly MotionSegment[],
): string {
  const measured = coordinates.filter(({ velocity }) => velocity !== null).length;
  const way =
    measured === coordinates.length ? "as measured" : measured === 0 ? ways[smooth] : `as measured or ${ways[smooth]}`;
  const noises = coordinates.flatMap(({ name, unit }, index) => {
    const noise = median(segments.map((segment) => segment.noise[index] ?? 0)) ?? 0;
    if (noise === 0) return [];
    const quantum = quanta[index] ?? 0;
    const words = (value: number): string => `${Number(fromSi(unit, value).toPrecision(2))} ${unit.symbol}`.trimEnd();
    // A quantum matters where most of the noise is rounding.
    const sensor = quantum / Math.sqrt(12) > 0.7 * noise ? ` (quantum ${words(quantum)})` : "";
    const stated = usualSigma(statedSigmas(segments, coordinates.length, index));
    const column = stated === null ? "" : ` (stated ${words(stated)}: each position counts by its own)`;
    return [`${coordinates.length === 1 ? "" : `${name} `}${words(noise)}${column || sensor}`];
  });
  return noises.length === 0 ? `velocity ${way}` : `velocity ${way}, noise ${noises.join(", ")}`;
}
