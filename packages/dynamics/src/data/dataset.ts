/**
 * The data set: measured trajectories with named axes, roles, units, masks, unequal lengths and irregular times.
 *
 * Plain frozen data on the host. Everything numeric is SI; every axis carries the user's own name, header and unit, so
 * that every output can go back to them. What holds: times rise strictly inside a trajectory; `values` is row-major
 * [times, observed] in the order of `observed` (positions of all coordinates, then velocities, then momenta); a value
 * that was not measured is NaN where the mask is 0. Angles are kept as measured, wrapped or not (`unwrap.ts`).
 * Deliberately not here: which part is for training and which for testing (`uses.ts`).
 */

import type { ControlHold } from "./measured-control.ts";
import type { Reading } from "./reading.ts";
import { sha256 } from "./sha256.ts";
import type { Unit } from "./unit.ts";

/** A named column of numbers in the user's words. */
export interface Axis {
  /** Short name, without a unit in brackets: what is said in `--from "NAME=40"`. */
  readonly name: string;
  /** The header text as it stood in the table, unit included: what is written over output columns. */
  readonly header: string;
  readonly unit: Unit;
}

/** A control column, with how it acts. */
export interface ControlAxis<Delay = number | "fit"> extends Axis {
  /** Between samples. */
  readonly hold: ControlHold;
  /** What acts at time t is the control at t - delay: s, not negative. `fit`: not known, to be fitted. */
  readonly delay: Delay;
}

export type CoordinateKind = "angle" | "length" | "number";

/** One generalized coordinate, with its measured rate or momentum where there is one. */
export interface Coordinate extends Axis {
  readonly kind: CoordinateKind;
  /** Whether the coordinate and the coordinate plus one turn are the same state (declared by the role `angle`). */
  readonly periodic: boolean;
  readonly velocity: Axis | null;
  readonly momentum: Axis | null;
}

export type ObservedRole = "position" | "velocity" | "momentum";

/** What one column of `Trajectory.values` holds. */
export interface ObservedColumn extends Axis {
  readonly role: ObservedRole;
  /** Index into `Dataset.coordinates`. */
  readonly coordinate: number;
}

/** One recording: n times, o observed columns, c controls, k contexts. */
export interface Trajectory {
  readonly name: string;
  /** The word of the split column (`train`, `id`, `vad` …), or null without such a column. */
  readonly split: string | null;
  /** [n] s, strictly increasing. */
  readonly times: Float64Array;
  /** [n, o] SI, row-major; NaN where not measured. */
  readonly values: Float64Array;
  /** [n, o] 1 where measured, 0 where missing or declared invalid. */
  readonly mask: Uint8Array;
  /** [n, c] SI, row-major; NaN where missing. */
  readonly controls: Float64Array;
  /** [n, k] SI, row-major; NaN where missing. */
  readonly contexts: Float64Array;
  /** [n, o] SI standard deviations of `values`, NaN where none is stated; null without any such column. */
  readonly sigmas: Float64Array | null;
  /** Time of the first nonzero value of the trigger column, s. */
  readonly triggerTime: number | null;
}

/** Measurements ready for use. */
export interface Dataset {
  /** File name (or another name the caller gave). */
  readonly name: string;
  readonly time: Axis;
  /** The trajectory and split columns' headers, where the table has such columns. */
  readonly trajectoryHeader: string | null;
  readonly splitHeader: string | null;
  readonly coordinates: readonly Coordinate[];
  readonly observed: readonly ObservedColumn[];
  readonly controls: readonly ControlAxis[];
  readonly contexts: readonly Axis[];
  readonly trajectories: readonly Trajectory[];
  /** How the table was read: one entry for each column. */
  readonly reading: Reading;
  /** SHA-256 of names and SI numbers: equal for equal measurements, whatever the file's layout and units. */
  readonly hash: string;
}

/** The columns of `Trajectory.values` for these coordinates: positions, then velocities, then momenta. */
export function observedColumns(coordinates: readonly Coordinate[]): readonly ObservedColumn[] {
  const columns: ObservedColumn[] = [];
  const add = (role: ObservedRole, coordinate: number, axis: Axis | null): void => {
    if (axis === null) return;
    const { name, header, unit } = axis;
    columns.push(Object.freeze({ name, header, unit, role, coordinate }));
  };
  for (const [index, coordinate] of coordinates.entries()) add("position", index, coordinate);
  for (const [index, coordinate] of coordinates.entries()) add("velocity", index, coordinate.velocity);
  for (const [index, coordinate] of coordinates.entries()) add("momentum", index, coordinate.momentum);
  return Object.freeze(columns);
}

/** The index of an observed column, or -1 where it is not measured. */
export function observedIndex(dataset: Pick<Dataset, "observed">, role: ObservedRole, coordinate: number): number {
  return dataset.observed.findIndex((column) => column.role === role && column.coordinate === coordinate);
}

/** SHA-256 over the names and the SI numbers of a data set; units, headers and file names do not enter. */
export function hashOf(dataset: Omit<Dataset, "hash" | "reading">): string {
  const names = (axes: readonly Axis[]): readonly string[] => axes.map((axis) => axis.name);
  const facts = {
    coordinates: dataset.coordinates.map(({ name, kind, periodic }) => ({ name, kind, periodic })),
    observed: dataset.observed.map(({ name, role, coordinate }) => ({ name, role, coordinate })),
    controls: names(dataset.controls),
    contexts: names(dataset.contexts),
    trajectories: dataset.trajectories.map(({ name, split, times }) => ({ name, split, length: times.length })),
  };
  return sha256(bytesOf(JSON.stringify(facts), dataset.trajectories));
}

/** So many numbers are made bytes of at once. */
const together = 4096;

/** The facts, then all numbers with their low bytes first; one NaN and one zero, whatever machine and file they are from. */
function* bytesOf(facts: string, trajectories: readonly Trajectory[]): Generator<Uint8Array> {
  yield new TextEncoder().encode(facts);
  const view = new DataView(new ArrayBuffer(8 * together));
  for (const { times, values, controls, contexts, sigmas } of trajectories) {
    for (const numbers of [times, values, controls, contexts, sigmas ?? new Float64Array(0)]) {
      for (let from = 0; from < numbers.length; from += together) {
        const piece = numbers.subarray(from, from + together);
        write(view, piece);
        yield new Uint8Array(view.buffer, 0, 8 * piece.length);
      }
    }
  }
}

function write(view: DataView, numbers: Float64Array): void {
  for (let index = 0; index < numbers.length; index++) {
    view.setFloat64(8 * index, (numbers[index] as number) + 0, true);
    if (Number.isNaN(numbers[index])) view.setBigUint64(8 * index, 0x7ff8000000000000n, true);
  }
}
