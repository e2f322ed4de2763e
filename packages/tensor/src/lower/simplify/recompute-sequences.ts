/**
 * The tape rule: between two loops nothing is kept that a few cheap operations make from what is kept anyway.
 *
 * A sequence of one scan that is a result of an earlier scan of the same length, and that the earlier body computes by at
 * most `cheapLimit` simple operations from other results, sequences or constants, is computed again inside the later
 * body. Nothing new is kept for it but what is smaller than it. Transcendentals, divisions and products stay on the tape.
 */
import { type Atom, type Equation, type Variable, variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { cheapLimit, costOf } from "../cost.ts";
import { roleOf } from "../roles.ts";
import { numberOf } from "./algebra.ts";
import type { Bound, Loop } from "./loop.ts";
import type { Rewriter } from "./rewriter.ts";

/** How to compute one result of a scan again: equations of its body in order, and what they start from. */
interface Recipe {
  readonly equations: readonly Equation[];
  /** Variables of the earlier body, with the outer tensor that holds them for all turns. */
  readonly constants: ReadonlyMap<Variable, Atom>;
  readonly sequences: ReadonlyMap<Variable, Atom>;
}

/** The loop with its cheap sequences computed inside. */
export function recomputeSequences(rewriter: Rewriter, loop: Loop): Loop {
  let current = loop;
  for (;;) {
    const next = replaceFirst(rewriter, current);
    if (next === undefined) return current;
    current = next;
  }
}

function replaceFirst(rewriter: Rewriter, loop: Loop): Loop | undefined {
  for (const sequence of loop.sequences) {
    const recipe = recipeFor(rewriter, loop, sequence);
    if (recipe !== undefined) return applyRecipe(loop, sequence, recipe);
  }
  return undefined;
}

function recipeFor(rewriter: Rewriter, loop: Loop, { inner, outer }: Bound): Recipe | undefined {
  const maker = rewriter.definition(outer);
  if (maker?.primitive !== "scan") return undefined;
  const scan = maker as Equation<"scan">;
  const { body, carry, bound } = scan.parameters;
  if (bound !== loop.bound || !sameLength(scan.inputs[0] as Atom, loop.length)) return undefined;
  const result = scan.outputs.indexOf(outer as Variable);
  const target = body.outputs[result];
  if (result < carry || target === undefined || target.kind === "constant") return undefined;
  const recipe = collect(scan, target);
  if (recipe === undefined) return undefined;
  const known = new Set<Atom>(loop.sequences.map((sequence) => sequence.outer));
  let fresh = 0;
  for (const [leaf, from] of recipe.sequences) if (!known.has(from)) fresh += sizeOf(leaf.type.shape);
  return fresh < sizeOf(inner.type.shape) ? recipe : undefined;
}

function sameLength(a: Atom, b: Atom): boolean {
  const value = numberOf(a);
  return a === b || (value !== undefined && value === numberOf(b));
}

/** What `target` of the scan's body is made of, if that is cheap. */
function collect(scan: Equation<"scan">, target: Variable): Recipe | undefined {
  const { body, constants, carry } = scan.parameters;
  const definitions = new Map<Atom, Equation>();
  for (const equation of body.equations) for (const output of equation.outputs) definitions.set(output, equation);
  const results = new Map<Atom, Atom>();
  body.outputs.forEach((atom, i) => {
    if (i >= carry && atom !== target) results.set(atom, scan.outputs[i] as Atom);
  });
  const found = {
    equations: [] as Equation[],
    constants: new Map<Variable, Atom>(),
    sequences: new Map<Variable, Atom>(),
  };
  let budget = cheapLimit;
  const visit = (atom: Atom): boolean => {
    if (atom.kind === "constant") return true;
    const input = body.inputs.indexOf(atom);
    const stacked = results.get(atom) ?? (input >= constants + carry ? scan.inputs[input + 1] : undefined);
    if (stacked !== undefined) {
      found.sequences.set(atom, stacked);
      return true;
    }
    if (input >= 0 && input < constants) {
      found.constants.set(atom, scan.inputs[input + 1] as Atom);
      return true;
    }
    const equation = definitions.get(atom);
    if (equation === undefined || input >= 0) return false;
    if (found.equations.includes(equation)) return true;
    const role = roleOf(equation.primitive);
    budget -= costOf(equation.primitive);
    if (budget < 0 || (role !== "point" && role !== "view") || !equation.inputs.every(visit)) return false;
    found.equations.push(equation);
    return true;
  };
  return visit(target) && found.equations.length > 0 ? found : undefined;
}

/** Puts the equations at the head of the body, over inputs that are there or new ones. */
function applyRecipe(loop: Loop, replaced: Bound, recipe: Recipe): Loop {
  const names = new Map<Atom, Atom>();
  const constants = [...loop.constants];
  const sequences = loop.sequences.filter((sequence) => sequence !== replaced);
  const bind = (list: Bound[], inner: Variable, outer: Atom): void => {
    let bound = list.find((other) => other.outer === outer);
    if (bound === undefined) {
      bound = { inner: variable(inner.type), outer };
      list.push(bound);
    }
    names.set(inner, bound.inner);
  };
  for (const [inner, outer] of recipe.constants) bind(constants, inner, outer);
  for (const [inner, outer] of recipe.sequences) bind(sequences, inner, outer);
  const read = (atom: Atom): Atom => names.get(atom) ?? atom;
  const last = recipe.equations.length - 1;
  const copies = recipe.equations.map((equation, i): Equation => {
    const inputs = equation.inputs.map(read);
    const outputs = i === last ? [replaced.inner] : equation.outputs.map(({ type }) => variable(type));
    equation.outputs.forEach((output, k) => {
      names.set(output, outputs[k] as Variable);
    });
    return { ...equation, inputs, outputs };
  });
  return { ...loop, constants, sequences, equations: [...copies, ...loop.equations] };
}
