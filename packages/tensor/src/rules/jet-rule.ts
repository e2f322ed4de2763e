/**
 * The form of Taylor rules.
 */
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import type { Program } from "../program/program.ts";
import type { JvpTransform } from "./jvp-rule.ts";
import type { Series } from "./series.ts";

/**
 * A program with Taylor coefficients: inputs are those of the original, then coefficients 1 … order of each input marked
 * in `nonzero`; outputs alike, with the coefficients of the outputs marked in the result's `nonzero`.
 */
export interface JetProgram {
  readonly program: Program;
  readonly nonzero: readonly boolean[];
}

/** The jet of a program, for rules of primitives that hold programs. Outputs in `forced` get coefficients in any case. */
export type JetTransform = (
  program: Program,
  nonzero: readonly boolean[],
  order: number,
  forced?: readonly boolean[],
) => JetProgram;

/** What rules share while a program is transformed. */
export interface JetContext {
  /** The coefficients that will be asked for; null where inputs are not known so far yet, one order after another. */
  readonly order: number | null;
  readonly jvp: JvpTransform;
  readonly jet: JetTransform;
  /** What has been applied to which series before, so that sine and cosine find each other. */
  readonly known: Map<string, readonly Series[]>;
  /** A number for each object by identity. */
  readonly identity: (object: object) => number;
}

/** The series of the outputs of a primitive from those of its inputs. */
export type JetRule<P extends PrimitiveName> = (
  parameters: Parameters[P],
  inputs: readonly Series[],
  context: JetContext,
) => readonly Series[];
