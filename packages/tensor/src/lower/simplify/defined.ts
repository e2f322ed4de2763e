/**
 * Defined primitives are opened: their definition is traced for the types at hand, and its equations take their place.
 * Equal ones are found before they are opened: the loops in them would be simplified one by one, and no longer be equal.
 */

import { showType } from "../../program/infer.ts";
import type { DefinedPrimitive, Parameters } from "../../program/primitive.ts";
import type { Atom, Equation, Program, TensorType, Variable } from "../../program/program.ts";
import { build } from "../../trace/builder.ts";
import type { Definition } from "../define/definition.ts";
import { createKnownEquations, type KnownEquations } from "./known-equations.ts";
import { openProgram } from "./open-program.ts";
import type { Rewriter, Rule } from "./rewriter.ts";

/** The program of a definition for each primitive, parameters and types that were met; the oldest goes when there are many. */
const programs = new Map<string, Program>();
const mostPrograms = 256;

function programOf<P extends DefinedPrimitive>(
  primitive: P,
  definition: Definition<P>,
  parameters: Parameters[P],
  types: readonly TensorType[],
): Program {
  const key = `${primitive} ${JSON.stringify(parameters)} ${types.map(showType).join()}`;
  const known = programs.get(key);
  if (known !== undefined) return known;
  const { program } = build(types, (operands) => definition(parameters, operands));
  const [oldest] = programs.keys();
  if (programs.size >= mostPrograms && oldest !== undefined) programs.delete(oldest);
  programs.set(key, program);
  return program;
}

/** What was opened in a program under construction, with the results it has there. */
const opened = new WeakMap<Rewriter, KnownEquations>();

function openedIn(rewriter: Rewriter): KnownEquations {
  const known = opened.get(rewriter) ?? createKnownEquations();
  opened.set(rewriter, known);
  return known;
}

/** The rule of a primitive with this definition. */
export const defined =
  <P extends DefinedPrimitive>(primitive: P, definition: Definition<P>): Rule<P> =>
  (rewriter, parameters, inputs: readonly Atom[]) => {
    const known = openedIn(rewriter);
    const before = known.find(primitive, parameters, inputs);
    if (before !== undefined) return before.outputs;
    const types = inputs.map(({ type }) => ({ dtype: type.dtype, shape: type.shape }));
    const program = programOf(primitive, definition, parameters, types);
    const outputs = openProgram(rewriter, program, inputs) as readonly Variable[];
    // Asked again, since `add` adds what was last asked for, and definitions hold defined primitives.
    known.find(primitive, parameters, inputs);
    known.add({ primitive, parameters, inputs, outputs } as Equation);
    return outputs;
  };
