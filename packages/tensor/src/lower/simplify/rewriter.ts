/**
 * Rebuilding a program equation by equation, with every equation simplified and shared as it is added.
 *
 * `emit` first asks the rules of the primitive; where none applies it looks for an equal equation made before (same
 * primitive, parameters and inputs) and otherwise appends one. Rules see inputs that are already simplified, may look at
 * the equations that define them, and build their replacements with `emit`, so that one pass in order suffices.
 */

import { infer } from "../../program/infer.ts";
import type { Parameters, PrimitiveName } from "../../program/primitive.ts";
import { type Atom, type Constant, type Equation, type Variable, variable } from "../../program/program.ts";

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

const commutative: ReadonlySet<string> = new Set(["add", "mul", "max", "min", "and", "or", "xor", "equal", "notEqual"]);

/** An empty program with these rules. */
export function createRewriter(rules: Rules): Rewriter {
  const equations: Equation[] = [];
  const definitions = new Map<Atom, Equation>();
  const made = new Map<string, readonly Variable[]>();
  const numbers = new Map<unknown, number>();

  const numberOf = (thing: unknown): number => {
    const before = numbers.get(thing);
    if (before !== undefined) return before;
    numbers.set(thing, numbers.size);
    return numbers.size - 1;
  };
  const keyOfAtom = (atom: Atom): string => (atom.kind === "variable" ? `v${numberOf(atom)}` : keyOfConstant(atom));
  const keyOfConstant = ({ type, value }: Constant): string => {
    const shown = typeof value !== "number" ? `a${numberOf(value)}` : Object.is(value, -0) ? "-0" : String(value);
    return `${type.dtype}[${type.shape.join(",")}]${shown}`;
  };

  const keyOfParameters = (parameters: Parameters[PrimitiveName]): string => {
    let key = "";
    for (const [name, value] of Object.entries(parameters) as [string, unknown][]) {
      const isProgram = typeof value === "object" && value !== null && "equations" in value;
      key += `${name}=${isProgram ? `p${numberOf(value)}` : Array.isArray(value) ? JSON.stringify(value) : String(value)};`;
    }
    return key;
  };

  const add = (primitive: PrimitiveName, parameters: Parameters[PrimitiveName], inputs: readonly Atom[]) => {
    const keys = inputs.map(keyOfAtom);
    if (commutative.has(primitive)) keys.sort();
    const key = `${primitive}${keyOfParameters(parameters)}(${keys.join(" ")})`;
    const before = made.get(key);
    if (before !== undefined) return before;
    const types = infer(
      primitive,
      parameters as never,
      inputs.map(({ type }) => type),
    );
    const outputs = types.map(variable);
    const equation: Equation = { primitive, parameters, inputs, outputs };
    equations.push(equation);
    for (const output of outputs) definitions.set(output, equation);
    made.set(key, outputs);
    return outputs;
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
