/**
 * Known physics: what every system of the zoo states about itself.
 *
 * A system is plain data and pure functions of plain numbers: its equations, its energy and other invariants, its units,
 * its constants with defaults, and where its motions start. A state is the list of positions, then of velocities or
 * momenta, in the order of `coordinates`, all SI.
 * Deliberately not here: integration (`simulate.ts`), noise, drawing, and systems' constraints.
 */

import type { CoordinateKind } from "../data/dataset.ts";
import type { HostRandom } from "../random/host-random.ts";

/** One generalized coordinate and its rate or momentum, in SI. */
export interface SystemCoordinate {
  readonly name: string;
  /** SI unit; "" for a number. */
  readonly unit: string;
  readonly kind: CoordinateKind;
  readonly periodic: boolean;
  /** The second half of the state for this coordinate. */
  readonly rate: { readonly name: string; readonly unit: string };
}

/** A control input. */
export interface SystemControl {
  readonly name: string;
  readonly unit: string;
}

/** A constant of the equations. */
export interface SystemParameter {
  readonly name: string;
  readonly unit: string;
  readonly default: number;
  /** Smallest value with a meaning. */
  readonly minimum: number;
  readonly meaning: string;
}

/** The constants by name. */
export type Parameters = Readonly<Record<string, number>>;

/** A quantity that the motion keeps. */
export interface Invariant {
  readonly name: string;
  readonly unit: string;
  readonly value: (parameters: Parameters, state: readonly number[]) => number;
  /** Whether it is kept with these constants (an energy is not, with friction). */
  readonly holds: (parameters: Parameters) => boolean;
}

/** Known physics that generates data. */
export interface System {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What the second half of the state is. */
  readonly state: "velocity" | "momentum";
  readonly coordinates: readonly SystemCoordinate[];
  readonly controls: readonly SystemControl[];
  readonly parameters: readonly SystemParameter[];
  /** The equations in one line of text for people. */
  readonly equation: string;
  /** The rate of the state: [2 d] SI from the time, the state [2 d] and the control [c]. */
  readonly field: (
    parameters: Parameters,
    t: number,
    state: readonly number[],
    control: readonly number[],
  ) => readonly number[];
  /** The mechanical energy, J, or null where it has none. */
  readonly energy: ((parameters: Parameters, state: readonly number[]) => number) | null;
  readonly invariants: readonly Invariant[];
  /** A typical time of the motion, s: the step of integration and the default duration are chosen by it. */
  readonly timescale: (parameters: Parameters) => number;
  /** A start [2 d], drawn from the range of motions worth learning. */
  readonly sampleStart: (random: HostRandom, parameters: Parameters) => readonly number[];
  /** Where the equations are stated. */
  readonly source: string;
}

/** The default constants of a system, with some replaced. */
export function parametersOf(system: System, replaced: Parameters = {}): Parameters {
  const known = system.parameters.map((parameter) => parameter.name);
  for (const [name, value] of Object.entries(replaced)) {
    const parameter = system.parameters.find((candidate) => candidate.name === name);
    if (parameter !== undefined && Number.isFinite(value) && value >= parameter.minimum) continue;
    const expected =
      parameter === undefined ? `one of ${known.join(", ")}` : `a number of at least ${parameter.minimum}`;
    throw new RangeError(
      `Cannot set ${name} of ${system.name}: expected ${expected}, got ${parameter === undefined ? name : value}\nSee the system's constants and their ranges.`,
    );
  }
  return Object.freeze({
    ...Object.fromEntries(system.parameters.map((each) => [each.name, each.default])),
    ...replaced,
  });
}
