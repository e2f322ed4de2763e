/**
 * The states of a motion for a drawing: one coordinate and its velocity, in the user's units, thinned.
 */
import type { Dataset } from "../../data/dataset.ts";
import { fromSi, rateUnit } from "../../data/unit.ts";
import type { Quantity } from "../quantity.ts";
import type { MotionStates } from "./scaled-motion.ts";

/** Visited states in the plane of one coordinate and its velocity. */
export interface Portrait {
  readonly coordinate: Quantity;
  readonly velocity: Quantity;
  readonly positions: readonly number[];
  readonly velocities: readonly number[];
}

const most = 600;

/** One for each coordinate. @param motions SI */
export function portraitsOf(
  { coordinates }: Pick<Dataset, "coordinates">,
  motions: readonly MotionStates[],
): readonly Portrait[] {
  const n = coordinates.length;
  const total = motions.reduce((sum, { times }) => sum + times.length, 0);
  const stride = Math.max(1, Math.ceil(total / most));
  return coordinates.map(({ name, unit, velocity }, i) => {
    const rate = velocity?.unit ?? rateUnit(unit);
    const taken = (pick: (motion: MotionStates) => Float64Array): readonly number[] =>
      motions.flatMap((motion) => Array.from(motion.times, (_, row) => pick(motion)[row * n + i] as number));
    const some = (values: readonly number[]): readonly number[] =>
      values.filter((value, row) => row % stride === 0 && Number.isFinite(value));
    return {
      coordinate: { name, unit: unit.symbol },
      velocity: { name: velocity?.name ?? `${name}_rate`, unit: rate.symbol },
      positions: some(taken(({ positions }) => positions)).map((value) => fromSi(unit, value)),
      velocities: some(taken(({ velocities }) => velocities)).map((value) => fromSi(rate, value)),
    };
  });
}
