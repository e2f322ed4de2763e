/**
 * Rebuilding a program equation by equation, with every equation simplified and shared as it is added.
 *
 * `emit` first asks the rules of the primitive; where none applies it looks for an equal equation made before (same
 * primitive, parameters and inputs) and otherwise appends one. Rules see inputs that are already simplified, may look at
 * the equations that define them, and build their replacements with `emit`, so that one pass in order suffices.
 */

import { infer } from "../../program/infer.ts";
import type { Parameters, PrimitiveName } from "../../program/primitive.ts";
import { type Atom, type Equation, type TensorType, variable } from "../../program/program.ts";
import { createTable, type Table } from "../../program/table.ts";
import { createKnownEquations } from "./known-equations.ts";

/** A program under construction. */
export interface Rewriter {
  readonly equations: readonly Equation[];
  /** The equation that defines an atom, if this rewriter made it. */
  definition(atom: Atom): Equation | undefined;
  emit<P extends PrimitiveName>(primitive: P, parameters: Parameters[P], inputs: readonly Atom[]): readonly Atom[];
  /**
   * As `emit`, of an equation of the program that is rebuilt, once for each: one that stays keeps its results, so that
   * nothing has to be made, and nothing replaced in what reads them.
   */
  keep(equation: Equation, inputs: readonly Atom[]): readonly Atom[];
  /** For primitives with one result. */
  one<P extends PrimitiveName>(primitive: P, parameters: Parameters[P], inputs: readonly Atom[]): Atom;
}

/** The replacement of an equation that is about to be added, or undefined. */
export type Rule<P extends PrimitiveName = PrimitiveName> = (
  rewriter: Rewriter,
  parameters: Parameters[P],
  inputs: readonly Atom[],
) => Atom | readonly Atom[] | undefined;

export type Rules = { readonly [P in PrimitiveName]?: Rule<P> };

/** Rules of dialects that are loaded. */
export const loadedSimplifyRules: Table<{ readonly [P in PrimitiveName]: Rule<P> }> =
  /* @__PURE__ */ createTable("lower");

type Unmade = Omit<Equation, "outputs">;

function typesOf({ primitive, parameters, inputs }: Unmade): readonly TensorType[] {
  return infer(
    primitive,
    parameters as never,
    inputs.map(({ type }) => type),
  );
}

/** An empty program with these rules. */
export function createRewriter(rules: Rules): Rewriter {
  const equations: Equation[] = [];
  const definitions = new Map<Atom, Equation>();
  const known = createKnownEquations();

  const replace = ({ primitive, parameters, inputs }: Unmade): readonly Atom[] | undefined => {
    const rule = rules[primitive] as Rule | undefined;
    const replaced = rule?.(rewriter, parameters, inputs);
    if (replaced === undefined) return known.find(primitive, parameters, inputs)?.outputs;
    return "kind" in replaced ? [replaced] : replaced;
  };
  const append = (equation: Equation): readonly Atom[] => {
    equations.push(equation);
    for (const output of equation.outputs) definitions.set(output, equation);
    known.add(equation);
    return equation.outputs;
  };

  const rewriter: Rewriter = {
    equations,
    definition: (atom) => definitions.get(atom),
    emit: (primitive, parameters, inputs) => {
      const equation = { primitive, parameters, inputs };
      return replace(equation) ?? append({ ...equation, outputs: typesOf(equation).map(variable) });
    },
    keep: (equation, inputs) => {
      const { primitive, parameters, outputs } = equation;
      const isSame = inputs.every((input, i) => input === equation.inputs[i]);
      const next = isSame ? equation : { primitive, parameters, inputs, outputs };
      return replace(next) ?? append(next);
    },
    one: (primitive, parameters, inputs) => rewriter.emit(primitive, parameters, inputs)[0] as Atom,
  };
  return rewriter;
}
