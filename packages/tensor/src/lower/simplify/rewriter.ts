/**
 * Rebuilding a program equation by equation, with every equation simplified and shared as it is added.
 *
 * `emit` first asks the rules of the primitive; where none applies it looks for an equal equation made before (same
 * primitive, parameters and inputs) and otherwise appends one. Rules see inputs that are already simplified, may look at
 * the equations that define them, and build their replacements with `emit`, so that one pass in order suffices.
 */

import { infer } from "../../program/infer.ts";
import type { Parameters, PrimitiveName } from "../../program/primitive.ts";
import { type Atom, type Equation, variable } from "../../program/program.ts";
import { createKnownEquations } from "./known-equations.ts";

/** A program under construction. */
export interface Rewriter {
  readonly equations: readonly Equation[];
  /** The equation that defines an atom, if this rewriter made it. */
  definition(atom: Atom): Equation | undefined;
  emit<P extends PrimitiveName>(primitive: P, parameters: Parameters[P], inputs: readonly Atom[]): readonly Atom[];
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

/** An empty program with these rules. */
export function createRewriter(rules: Rules): Rewriter {
  const equations: Equation[] = [];
  const definitions = new Map<Atom, Equation>();
  const known = createKnownEquations();

  const add = (primitive: PrimitiveName, parameters: Parameters[PrimitiveName], inputs: readonly Atom[]) => {
    const before = known.find(primitive, parameters, inputs);
    if (before !== undefined) return before.outputs;
    const types = infer(
      primitive,
      parameters as never,
      inputs.map(({ type }) => type),
    );
    const equation: Equation = { primitive, parameters, inputs, outputs: types.map(variable) };
    equations.push(equation);
    for (const output of equation.outputs) definitions.set(output, equation);
    known.add(equation);
    return equation.outputs;
  };

  const rewriter: Rewriter = {
    equations,
    definition: (atom) => definitions.get(atom),
    emit: (primitive, parameters, inputs) => {
      const rule = rules[primitive] as Rule | undefined;
      const replaced = rule?.(rewriter, parameters, inputs);
      if (replaced === undefined) return add(primitive, parameters, inputs);
      return "kind" in replaced ? [replaced] : replaced;
    },
    one: (primitive, parameters, inputs) => rewriter.emit(primitive, parameters, inputs)[0] as Atom,
  };
  return rewriter;
}
