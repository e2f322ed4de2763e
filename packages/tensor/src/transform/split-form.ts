/**
 * A program cut in two, and the form of the rules that cut equations which hold programs.
 */
import type { PrimitiveName } from "../program/primitive.ts";
import { type Atom, type Equation, type Program, variable } from "../program/program.ts";
import { createTable, type Table } from "../program/table.ts";
import { type Tensor, tensorOf } from "../trace/tensor.ts";

/** A program cut in two; see `split.ts`. */
export interface Split {
  /** Known inputs to known outputs, then residuals. */
  readonly known: Program;
  /** Residuals, then unknown inputs, to unknown outputs. */
  readonly unknown: Program;
  readonly residuals: number;
  /** Which outputs are unknown. */
  readonly unknownOutputs: readonly boolean[];
}

/** What is known while a program is cut. */
export interface State {
  /** Values of what is known. */
  readonly values: Map<Atom, Tensor>;
  readonly unknown: Set<Atom>;
  /** Equations of the unknown part. */
  readonly later: Equation[];
}

/** Cuts an equation of which the inputs in `mask` are unknown, one at least; `split` is the whole transform, for its bodies. */
export type SplitRule<P extends PrimitiveName> = (
  equation: Equation<P>,
  mask: readonly boolean[],
  state: State,
  split: (program: Program, unknown: readonly boolean[], forced?: readonly boolean[]) => Split,
) => void;

/** A rule for each primitive whose equations can be cut. */
export type SplitRules = { readonly [P in PrimitiveName]: SplitRule<P> };

/** Those of dialects that are loaded. */
export const loadedSplitRules: Table<SplitRules> = /* @__PURE__ */ createTable("cut");

/** The value of something known. */
export function readKnown(atom: Atom, values: ReadonlyMap<Atom, Tensor>): Tensor {
  return atom.kind === "constant" ? tensorOf(atom, null) : (values.get(atom) as Tensor);
}

/** Leaves an equation to the unknown part. */
export function postpone(equation: Equation, state: State): void {
  // Outputs that are known already must not be defined a second time.
  const outputs = equation.outputs.map((output) => (state.values.has(output) ? variable(output.type) : output));
  state.later.push({ ...equation, outputs });
  for (const output of outputs) state.unknown.add(output);
}
