/**
 * Loops: their bodies simplified, with what does not change from turn to turn taken out.
 *
 * Constants, sequences that repeat one number or one tensor, and carries that never change move into the body or become
 * constants of the loop. Equations of a scan's body that read only constants are computed before the loop, except views
 * (they cost nothing inside) and cheap point operations that only spread something small. The loop may run zero times:
 * what is hoisted has no effect and cannot fail. A `while` need not end, so it stays where it may not run.
 */
import type { Parameters } from "../../program/primitive.ts";
import { type Atom, type Equation, fill, type Program, type Variable, variable } from "../../program/program.ts";
import { subprograms } from "../../program/subprograms.ts";
import { sizeOf } from "../../shape.ts";
import { cheapLimit, costOf } from "../cost.ts";
import { roleOf } from "../roles.ts";
import { accumulateInPlace } from "./accumulate-in-place.ts";
import { numberOf } from "./algebra.ts";
import type { Bound, Loop } from "./loop.ts";
import { closeResult, type OpenedResult, openInputs, openResult } from "./loop-views.ts";
import { recomputeSequences } from "./recompute-sequences.ts";
import type { Rewriter, Rule } from "./rewriter.ts";
import { isSimplified, markSimplified, type Simplify } from "./simplified.ts";

/** The rule of `scan`; `simplify` is the whole pass, for its body. */
export function scanRule(simplify: Simplify): Rule<"scan"> {
  return (rewriter, parameters, inputs) => simplifyScan(rewriter, simplify, parameters, inputs);
}

function simplifyScan(
  rewriter: Rewriter,
  simplify: Simplify,
  parameters: Parameters["scan"],
  inputs: readonly Atom[],
): readonly Atom[] | undefined {
  if (isSimplified(parameters.body)) return undefined;
  const opened = takeApart(parameters, inputs);
  const results = new Map<number, Atom>();
  const settled = recomputeSequences(rewriter, openInputs(rewriter, settleInputs(rewriter, opened, results)));
  const body = simplify(bodyOf(settled));
  const hoisted = hoist(rewriter, { ...settled, equations: body.equations, outputs: body.outputs });
  const definitions = definitionsOf(hoisted.equations);
  const open = hoisted.outputs.map((atom, i) =>
    i < hoisted.carries.length ? { atom, views: [] } : openResult(definitions, atom),
  );
  const kept = distinctResults(open, hoisted.carries.length);
  const finished = accumulateInPlace(
    { ...bodyOf(hoisted), outputs: kept.atoms },
    hoisted.constants.length,
    hoisted.carries.length,
  );
  markSimplified(finished);
  const made = rewriter.emit(
    "scan",
    {
      body: finished,
      constants: hoisted.constants.length,
      carry: hoisted.carries.length,
      bound: hoisted.bound,
      reverse: hoisted.reverse,
    },
    [hoisted.length, ...[...hoisted.constants, ...hoisted.carries, ...hoisted.sequences].map(({ outer }) => outer)],
  );
  const closed = open.map((result, i) => {
    return closeResult(rewriter, result, made[kept.places[i] as number] as Atom, hoisted.bound);
  });
  let next = 0;
  return opened.outputs.map((_, i) => results.get(i) ?? (closed[next++] as Atom));
}

/** The outputs without results that are there already, and where each of them is. */
function distinctResults(
  open: readonly OpenedResult[],
  carries: number,
): { readonly atoms: readonly Atom[]; readonly places: readonly number[] } {
  const atoms: Atom[] = [];
  const known = new Map<Atom, number>();
  const places = open.map(({ atom }, i) => {
    const before = i < carries ? undefined : known.get(atom);
    if (before !== undefined) return before;
    const place = atoms.push(atom) - 1;
    if (i >= carries) known.set(atom, place);
    return place;
  });
  return { atoms, places };
}

function definitionsOf(equations: readonly Equation[]): ReadonlyMap<Atom, Equation> {
  return new Map(equations.flatMap((equation) => equation.outputs.map((output) => [output, equation] as const)));
}

function takeApart({ body, constants, carry, bound, reverse }: Parameters["scan"], inputs: readonly Atom[]): Loop {
  const [length, ...rest] = inputs as readonly [Atom, ...Atom[]];
  const pairs = body.inputs.map((inner, i): Bound => ({ inner, outer: rest[i] as Atom }));
  return {
    length,
    constants: pairs.slice(0, constants),
    carries: pairs.slice(constants, constants + carry),
    sequences: pairs.slice(constants + carry),
    equations: body.equations,
    outputs: body.outputs,
    bound,
    reverse,
  };
}

function bodyOf({ constants, carries, sequences, equations, outputs }: Loop): Program {
  return { inputs: [...constants, ...carries, ...sequences].map(({ inner }) => inner), equations, outputs };
}

/** Moves known and unchanging inputs; `results` receives the outputs that need no loop. */
function settleInputs(rewriter: Rewriter, loop: Loop, results: Map<number, Atom>): Loop {
  const replaced = new Map<Atom, Atom>();
  const constants: Bound[] = [];
  const known = new Map<Atom, Variable>();
  const addConstant = (pair: Bound): void => {
    const before = known.get(pair.outer);
    if (pair.outer.kind === "constant") replaced.set(pair.inner, pair.outer);
    else if (before !== undefined) replaced.set(pair.inner, before);
    else {
      known.set(pair.outer, pair.inner);
      constants.push(pair);
    }
  };
  loop.constants.forEach(addConstant);
  const carries = loop.carries.filter((pair, i) => {
    if (loop.outputs[i] !== pair.inner) return true;
    results.set(i, pair.outer);
    addConstant(pair);
    return false;
  });
  const read = (atom: Atom): Atom => replaced.get(atom) ?? atom;
  const distinct = new Map<Atom, Variable>();
  const sequences = loop.sequences.filter((pair) => {
    const slice = unchangingSlice(rewriter, pair);
    const same = distinct.get(pair.outer);
    if (slice !== undefined) addConstant({ inner: pair.inner, outer: slice });
    else if (same !== undefined) replaced.set(pair.inner, same);
    else distinct.set(pair.outer, pair.inner);
    return slice === undefined && same === undefined;
  });
  const equations = loop.equations.map((equation) => ({ ...equation, inputs: equation.inputs.map(read) }));
  const outputs = loop.outputs.filter((_, i) => !results.has(i)).map(read);
  return { ...loop, constants, carries, sequences, equations, outputs };
}

/** The slice of a sequence that is the same in every turn. */
function unchangingSlice(rewriter: Rewriter, { inner, outer }: Bound): Atom | undefined {
  const value = numberOf(outer);
  if (value !== undefined) return fill(inner.type, value);
  const before = rewriter.definition(outer);
  if (before?.primitive !== "broadcast") return undefined;
  const { axes } = (before as Equation<"broadcast">).parameters;
  if (axes[0] === 0) return undefined;
  const moved = axes.map((axis) => axis - 1);
  return rewriter.one("broadcast", { shape: inner.type.shape, axes: moved }, before.inputs);
}

/** Computes before the loop what reads only its constants. */
function hoist(rewriter: Rewriter, loop: Loop): Loop {
  const outside = new Map<Atom, Atom>(loop.constants.map(({ inner, outer }) => [inner, outer]));
  const definitions = new Map<Variable, Equation>();
  const isInvariant = (atom: Atom): boolean => atom.kind === "constant" || outside.has(atom) || definitions.has(atom);
  const outerOf = (atom: Atom): Atom => {
    if (atom.kind === "constant") return atom;
    const before = outside.get(atom);
    if (before !== undefined) return before;
    const { primitive, parameters, inputs, outputs } = definitions.get(atom) as Equation;
    const made = rewriter.emit(primitive, parameters, inputs.map(outerOf));
    outputs.forEach((output, i) => {
      outside.set(output, made[i] as Atom);
    });
    return outside.get(atom) as Atom;
  };
  const fresh: Bound[] = [];
  const replaced = new Map<Atom, Atom>();
  const mayBeEmpty = !((numberOf(loop.length) ?? 0) > 0);
  const equations = loop.equations.filter((equation) => {
    if (equation.inputs.length === 0 || !equation.inputs.every(isInvariant)) return true;
    for (const output of equation.outputs) definitions.set(output, equation);
    if (!isWorthHoisting(equation, definitions) || (mayBeEmpty && holdsWhile(equation))) return true;
    for (const output of equation.outputs) {
      const outer = outerOf(output);
      if (outer.kind === "constant") {
        replaced.set(output, outer);
        continue;
      }
      const inner = variable(output.type);
      fresh.push({ inner, outer });
      replaced.set(output, inner);
    }
    return false;
  });
  const read = (atom: Atom): Atom => replaced.get(atom) ?? atom;
  return {
    ...loop,
    constants: [...loop.constants, ...fresh],
    equations: equations.map((equation) => ({ ...equation, inputs: equation.inputs.map(read) })),
    outputs: loop.outputs.map(read),
  };
}

function isWorthHoisting(equation: Equation, definitions: ReadonlyMap<Variable, Equation>): boolean {
  const role = roleOf(equation.primitive);
  if (role === "view") return false;
  if (role !== "point" || costOf(equation.primitive) > cheapLimit) return true;
  const size = sizeOf((equation.outputs[0] as Variable).type.shape);
  return equation.inputs.some((input) => sizeBeneathViews(input, definitions) >= size);
}

function holdsWhile({ primitive, parameters }: Equation): boolean {
  return (
    primitive === "while" || subprograms(primitive, parameters).some(({ equations }) => equations.some(holdsWhile))
  );
}

function sizeBeneathViews(atom: Atom, definitions: ReadonlyMap<Variable, Equation>): number {
  if (atom.kind === "constant") return 0;
  const equation = definitions.get(atom);
  const [input] = equation?.inputs ?? [];
  if (equation !== undefined && input !== undefined && roleOf(equation.primitive) === "view") {
    return sizeBeneathViews(input, definitions);
  }
  return sizeOf(atom.type.shape);
}
