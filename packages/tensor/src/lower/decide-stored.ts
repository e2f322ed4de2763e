/**
 * What goes to memory: every value that a later step reads, unless it is cheap to compute again there.
 *
 * In: steps with their members and what is forced into memory. Out: the set of stored variables. Cheap means at most
 * `cheapLimit` simple operations from at most two values that are in memory or must be. Equations are visited from the
 * last to the first, with the steps in which each value is needed.
 */
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { cheapLimit, costOf, expensive } from "./cost.ts";
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
}

type Costs = ReadonlyMap<Variable, Cost>;

function isCheap({ outputs }: Equation, costs: Costs): boolean {
  const cost = costs.get(outputs[0] as Variable);
  return cost !== undefined && cost.operations <= cheapLimit && cost.leaves.size <= 2;
}

function recomputeCosts({ program, forced }: Placed): Costs {
  const costs = new Map<Variable, Cost>();
  for (const equation of program.equations) {
    const leaves = new Set<Variable>();
    let operations = costOf(equation.primitive);
    for (const input of equation.inputs) {
      if (input.kind === "constant") continue;
      const cost = costs.get(input);
      const isLeaf = forced.has(input) || cost === undefined || cost.operations > cheapLimit || cost.leaves.size > 2;
      if (!isLeaf) operations += cost.operations;
      for (const leaf of isLeaf ? [input] : cost.leaves) leaves.add(leaf);
    }
    const cost: Cost = { operations: Math.min(operations, expensive), leaves };
    for (const output of equation.outputs) costs.set(output, cost);
  }
  return costs;
}
