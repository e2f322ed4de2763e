/**
 * What goes to memory: every value that a later step reads, unless it is cheap to compute again there.
 *
 * In: steps with their members and what is forced into memory. Out: the set of stored variables. Cheap means at most
 * `cheapLimit` simple operations from at most two values that are in memory or must be. Equations are visited from the
 * last to the first, with the steps in which each value is needed.
 */
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { cheapLimit, costOf, expensive } from "./cost.ts";
import { tensorBytes } from "./element-bytes.ts";
import { roleOf } from "./roles.ts";
import type { ScheduleStep } from "./schedule.ts";

interface Placed {
  readonly program: Program;
  readonly definitions: ReadonlyMap<Variable, Equation>;
  readonly home: ReadonlyMap<Variable, number>;
  readonly forced: ReadonlySet<Variable>;
  readonly steps: readonly ScheduleStep[];
}

/** The variables that need memory of their own, program inputs included. */
export function decideStored(placed: Placed): ReadonlySet<Variable> {
  const { program, home, forced } = placed;
  const stored = new Set<Variable>([...program.inputs, ...forced]);
  const costs = recomputeCosts(placed);
  const needed = new Map<Variable, Set<number>>();
  const need = (atom: Atom, steps: Iterable<number>): void => {
    if (atom.kind === "constant") return;
    const before = needed.get(atom) ?? new Set<number>();
    for (const step of steps) before.add(step);
    needed.set(atom, before);
  };
  for (const equation of program.equations.toReversed()) {
    const at = equation.outputs.map((output) => home.get(output)).find((step) => step !== undefined);
    const readers = new Set(equation.outputs.flatMap((output) => [...(needed.get(output) ?? [])]));
    const isForced = equation.outputs.some((output) => forced.has(output));
    const steps = evaluatedAt(equation, at, readers, isForced, costs);
    if (at !== undefined && roleOf(equation.primitive) !== "view" && [...readers].some((step) => step !== at)) {
      if (isForced || !isCheap(equation, costs)) {
        for (const output of equation.outputs) if (needed.has(output) || forced.has(output)) stored.add(output);
      }
    }
    for (const input of equation.inputs) need(input, steps);
  }
  return stored;
}

/** The steps in which an equation is computed. */
function evaluatedAt(
  equation: Equation,
  home: number | undefined,
  readers: ReadonlySet<number>,
  isForced: boolean,
  costs: Costs,
): Iterable<number> {
  if (home === undefined) return readers;
  if (roleOf(equation.primitive) === "view") return [home, ...[...readers].filter((step) => step <= home)];
  if (isForced) return [home];
  if (readers.size === 0) return [];
  return isCheap(equation, costs) ? readers : [home];
}

interface Cost {
  readonly operations: number;
  /** What must be in memory for it, at most three named. */
  readonly leaves: ReadonlySet<Variable>;
  /** Whether it is computed again rather than stored. */
  readonly isCheap: boolean;
}

type Costs = ReadonlyMap<Variable, Cost>;

function isCheap({ outputs }: Equation, costs: Costs): boolean {
  return costs.get(outputs[0] as Variable)?.isCheap === true;
}

function recomputeCosts(placed: Placed): Costs {
  const { program, forced } = placed;
  const costs = new Map<Variable, Cost>();
  const uses = countUses(program);
  const kept = new Set<Variable>([...program.inputs, ...forced]);
  const repeated = repeatedIn(placed);
  const readOnce = ({ outputs }: Equation): boolean =>
    outputs.every((output) => uses.get(output) === 1 && !repeated.has(output));
  for (const equation of program.equations) {
    const { operations, leaves } = withSmallStored(placed, costs, equation) ?? madeOf(placed, costs, equation);
    // To compute it again what it alone reads would have to be stored: then it may as well be stored itself.
    const size = sizeOf((equation.outputs[0] as Variable).type.shape);
    const isInstead =
      roleOf(equation.primitive) === "point" &&
      [...leaves].some((leaf) => !kept.has(leaf) && uses.get(leaf) === 1 && sizeOf(leaf.type.shape) >= size);
    const cost: Cost = {
      operations: Math.min(operations, expensive),
      leaves,
      isCheap:
        (isLittle({ operations, leaves }) && !isInstead) ||
        (readOnce(equation) && isOfSmall(equation, { operations, leaves })),
    };
    for (const output of equation.outputs) costs.set(output, cost);
  }
  return costs;
}

/** Operations that are left to the reader of a value that is read once. */
const mostLeft = 8;
/** Bytes of a value that are as good as none: it stays in the nearest cache until it is read. */
const nearest = 1 << 13;

/**
 * Whether a value that is read once is better made where it is read, since what it is made of is less to read: the sum of
 * some products a[i] b[j], which a longer sum takes up later.
 */
function isOfSmall({ primitive, outputs }: Equation, { operations, leaves }: Making): boolean {
  const bytes = tensorBytes(outputs[0] as Variable);
  const read = [...leaves].reduce((sum, leaf) => sum + tensorBytes(leaf), 0);
  return primitive === "add" && operations <= mostLeft && bytes > nearest && 2 * read <= bytes;
}

/** What is read more than once for one reader, since it is the same along an axis of that. */
function repeatedIn(placed: Placed): ReadonlySet<Variable> {
  const found = new Set<Variable>();
  for (const { primitive, inputs } of placed.program.equations) {
    const base = primitive === "broadcast" ? throughViews(placed, inputs[0] as Atom) : undefined;
    if (base !== undefined) found.add(base);
  }
  return found;
}

type Making = Pick<Cost, "operations" | "leaves">;

const isLittle = ({ operations, leaves }: Making): boolean => operations <= cheapLimit && leaves.size <= 2;

/** What an equation takes, from what is in memory. */
function madeOf({ forced }: Placed, costs: Costs, { primitive, inputs }: Equation): Making {
  const leaves = new Set<Variable>();
  let operations = costOf(primitive);
  for (const input of new Set(inputs)) {
    if (input.kind === "constant") continue;
    const cost = costs.get(input);
    const isLeaf = forced.has(input) || cost === undefined || !cost.isCheap;
    if (!isLeaf) operations += cost.operations;
    for (const leaf of isLeaf ? [input] : cost.leaves) leaves.add(leaf);
  }
  return { operations, leaves };
}

/**
 * The same for a point operation that is too much to compute again because of what its operands repeat along an axis:
 * storing that, which is small, makes it little. (A product a[i] b[j] of a sum of tensors b.)
 */
function withSmallStored(placed: Placed, costs: Map<Variable, Cost>, equation: Equation): Making | undefined {
  const { primitive, inputs, outputs } = equation;
  if (roleOf(primitive) !== "point" || isLittle(madeOf(placed, costs, equation))) return undefined;
  const size = sizeOf((outputs[0] as Variable).type.shape);
  const repeated = inputs.flatMap((input) => {
    const base = throughViews(placed, input);
    return base !== undefined && costs.get(base)?.isCheap === true && 4 * sizeOf(base.type.shape) <= size ? [base] : [];
  });
  const leaves = new Set(inputs.flatMap((input) => throughViews(placed, input) ?? []));
  const making = { operations: costOf(primitive), leaves };
  if (repeated.length === 0 || !isLittle(making)) return undefined;
  for (const base of repeated) costs.set(base, { ...(costs.get(base) as Cost), isCheap: false });
  return making;
}

/** What a view shows, through any number of views; constants and counters (`iota`) are not in memory. */
function throughViews({ definitions }: Placed, atom: Atom): Variable | undefined {
  let at: Atom | undefined = atom;
  while (at?.kind === "variable") {
    const equation = definitions.get(at);
    if (equation === undefined || roleOf(equation.primitive) !== "view") return at;
    at = equation.inputs[0];
  }
  return undefined;
}

/** How many equations read a variable, itself or through views of it; outputs count twice. */
function countUses({ equations, outputs }: Program): ReadonlyMap<Atom, number> {
  const uses = new Map<Atom, number>();
  const add = (atom: Atom, count: number): void => void uses.set(atom, (uses.get(atom) ?? 0) + count);
  for (const output of outputs) add(output, 2);
  for (const equation of equations.toReversed()) {
    const isView = roleOf(equation.primitive) === "view";
    const count = isView ? Math.max(1, uses.get(equation.outputs[0] as Variable) ?? 1) : 1;
    for (const input of equation.inputs) add(input, count);
  }
  return uses;
}
