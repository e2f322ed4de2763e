/**
 * Motion in units of its own: positions about their middle in standard deviations, time in radians of the typical motion.
 *
 * Whether a field has a Lagrangian does not depend on units, but a network and a threshold do. In these units positions,
 * velocities and accelerations are of order one, whatever the data are measured in.
 */
import { add, array, div, mul } from "@leastaction/tensor";
import type { MotionSegment } from "../../data/prepare.ts";
import type { SecondOrderField } from "../../diagnostic/helmholtz/second-order-field.ts";
import type { DatasetFacts } from "../../model/model.ts";

/** Measured or simulated states, SI. */
export type MotionStates = Pick<MotionSegment, "trajectory" | "times" | "positions" | "velocities">;

/** Units of a motion, SI. */
export interface MotionScales {
  /** [n] what positions are counted from. */
  readonly centre: readonly number[];
  /** [n] units of the positions. */
  readonly length: readonly number[];
  /** [n] whether positions are taken within half a turn of the centre. */
  readonly periodic: readonly boolean[];
  /** rad/s: the unit of time is 1 / frequency. */
  readonly frequency: number;
}

/** The units of training data. */
export function scalesOf({ coordinates, frequency }: DatasetFacts): MotionScales {
  const turns = coordinates.map(({ periodic, range }) => periodic && range[1] - range[0] > 2 * Math.PI);
  return {
    centre: coordinates.map(({ centre }, i) => (turns[i] === true ? 0 : centre)),
    length: coordinates.map(({ scale }, i) => (turns[i] === true ? Math.PI / Math.sqrt(3) : scale)),
    periodic: turns,
    frequency,
  };
}

/** The same field in those units. */
export function scaledField(field: SecondOrderField, { centre, length, frequency }: MotionScales): SecondOrderField {
  const [middle, unit] = [Float64Array.from(centre), Float64Array.from(length)];
  return (t, x, v) => {
    const lengths = array(unit, [unit.length], x.dtype);
    const place = add(array(middle, [middle.length], x.dtype), mul(x, lengths));
    const speed = mul(v, mul(lengths, frequency));
    return div(field(div(t, frequency), place, speed), mul(lengths, frequency ** 2));
  };
}

/** States in those units, with time from the start of each; rows with a missing value are left out. */
export function scaledStates(motions: readonly MotionStates[], scales: MotionScales): readonly MotionStates[] {
  const { centre, length, periodic, frequency } = scales;
  const n = length.length;
  return motions.map(({ trajectory, times, positions, velocities }) => {
    const rows = [...times.keys()].filter((row) =>
      length.every((_, i) => Number.isFinite((positions[row * n + i] as number) + (velocities[row * n + i] as number))),
    );
    const taken = (values: Float64Array, unit: (value: number, i: number) => number): Float64Array =>
      Float64Array.from(rows.flatMap((row) => length.map((_, i) => unit(values[row * n + i] as number, i))));
    return {
      trajectory,
      times: Float64Array.from(rows, (row) => ((times[row] as number) - (times[0] as number)) * frequency),
      positions: taken(positions, (value, i) => {
        const off = value - (centre[i] as number);
        const near = periodic[i] === true ? off - 2 * Math.PI * Math.round(off / (2 * Math.PI)) : off;
        return near / (length[i] as number);
      }),
      velocities: taken(velocities, (value, i) => value / ((length[i] as number) * frequency)),
    };
  });
}
