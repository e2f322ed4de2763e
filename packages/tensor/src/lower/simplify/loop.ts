/**
 * A scan taken apart, for the rules that rebuild it.
 */
import type { Atom, Equation, Variable } from "../../program/program.ts";

/** A scan taken apart: its inputs by kind, beside the body inputs that receive them. */
export interface Loop {
  readonly length: Atom;
  readonly constants: readonly Bound[];
  readonly carries: readonly Bound[];
  readonly sequences: readonly Bound[];
  readonly equations: readonly Equation[];
  readonly outputs: readonly Atom[];
  readonly bound: number;
  readonly reverse: boolean;
}

/** An input of the body and what it stands for. */
export interface Bound {
  readonly inner: Variable;
  readonly outer: Atom;
}
