/**
 * Known physics: what every system of the zoo states about itself.
 *
 * A system is plain data and pure functions: its equations, its energy and other invariants, its symmetries, its units,
 * its constants with defaults, where its motions start and what it looks like. A state is the list of coordinates, then
 * of their rates (velocities or momenta) in the same order; a system of first order has coordinates only. All SI, or
 * the system's own scale where a unit is "".
 * Laws, invariants and symmetries are written once, in an `Arithmetic` that they are handed: plain numbers make data,
 * traced tensors go into `solve` (`system-field.ts`). What is only ever drawn or printed is plain numbers.
 * Deliberately not here: integration (`simulate.ts`), noise, and systems with constraints.
 */

import type { HostRandom } from "../random/host-random.ts";
import type { Arithmetic, Value } from "./arithmetic.ts";
import type { SystemCoordinate } from "./coordinate.ts";
import type { Drawing } from "./drawing.ts";

/** A control input: something that acts from outside. */
export interface SystemControl<Names extends string = string> {
  readonly name: string;
  readonly unit: string;
  /** How strong a control that matters but does not rule is, in its unit. */
  readonly scale: (parameters: Constants<Names>) => number;
}

/** A constant of the equations. */
export interface SystemParameter {
  readonly name: string;
  readonly unit: string;
  readonly default: number;
  /** Smallest value with a meaning; -Infinity where every number has one. */
  readonly minimum: number;
  readonly meaning: string;
}

/** The constants by name, as values of an arithmetic. */
export type Constants<Names extends string = string, V = number> = Readonly<Record<Names, Value<V>>>;

/** The constants by name, as plain numbers. */
export type Parameters = Constants;

/** The rate of the state, from the constants, the time (s), the state and the control. */
export type Law<Names extends string = string> = <V>(
  arithmetic: Arithmetic<V>,
  parameters: Constants<Names, V>,
  t: Value<V>,
  state: readonly Value<V>[],
  control: readonly Value<V>[],
) => readonly Value<V>[];

/** A number that depends on the state. */
export type Scalar<Names extends string = string> = <V>(
  arithmetic: Arithmetic<V>,
  parameters: Constants<Names, V>,
  state: readonly Value<V>[],
) => Value<V>;

/** A quantity that the motion keeps, without control. */
export interface Invariant<Names extends string = string> {
  readonly name: string;
  readonly unit: string;
  readonly value: Scalar<Names>;
  /** Whether it is kept with these constants (an energy is not, with friction). */
  readonly holds: (parameters: Constants<Names>) => boolean;
}

/** A map of states that takes motions to motions, without control. */
export interface Symmetry<Names extends string = string> {
  readonly name: string;
  /** The map in one line of text. */
  readonly meaning: string;
  /** Whether there is one map for every real amount, the identity at 0; otherwise the amount does not matter. */
  readonly continuous: boolean;
  readonly map: <V>(
    arithmetic: Arithmetic<V>,
    parameters: Constants<Names, V>,
    state: readonly Value<V>[],
    amount: number,
  ) => readonly Value<V>[];
  /** What time is multiplied by: 1, or -1 where the image runs backward. */
  readonly timeFactor: (amount: number) => number;
  /** The invariant that belongs to it (Noether) where it leaves the energy as it is and the energy is kept; or null. */
  readonly conserves: string | null;
  /** Whether it is a symmetry with these constants. */
  readonly holds: (parameters: Constants<Names>) => boolean;
}

/** Known physics that generates data. */
export interface System {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly coordinates: readonly SystemCoordinate[];
  readonly controls: readonly SystemControl[];
  readonly parameters: readonly SystemParameter[];
  /** The equations in lines of text for people, in the names of this record. */
  readonly equations: readonly string[];
  readonly field: Law;
  /** The energy, or null where it has none. */
  readonly energy: Scalar | null;
  /** The energy first, where there is one. */
  readonly invariants: readonly Invariant[];
  readonly symmetries: readonly Symmetry[];
  /** A typical time of the motion, s: the step of integration and the default duration are chosen by it. */
  readonly timescale: (parameters: Parameters) => number;
  /** A start, drawn from the range of motions worth learning. */
  readonly sampleStart: (random: HostRandom, parameters: Parameters) => readonly number[];
  readonly draw: (parameters: Parameters, state: readonly number[]) => Drawing;
  /** Where the equations are stated. */
  readonly source: string;
}
