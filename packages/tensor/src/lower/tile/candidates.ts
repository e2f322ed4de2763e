/**
 * Which classes of axes are worth a search for regions: a large program has thousands, and few carry much of its work.
 *
 * What runs in a region has an axis of the class, or takes up sums over it, and is no loop along it; the work of all such
 * equations bounds the work of the region from above. Found for all classes in one walk over the program.
 */
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";
import { subprograms } from "../../program/subprograms.ts";
import type { AxisClasses } from "./axis-classes.ts";
import { deferring, workOf } from "./regions.ts";

/** A class of axes that could be the batch. */
export interface Candidate {
  /** The axes in it, by variable. */
  readonly axes: readonly (readonly [variable: Variable, axis: number])[];
  /** More simple operations than this no region of it has. */
  readonly mostWork: number;
  /** Simple operations of the whole program. */
  readonly totalWork: number;
}

/** The classes of axes of at least this extent, in order. */
export function candidatesIn(program: Program, classes: AxisClasses, leastExtent: number): readonly Candidate[] {
  const axes = new Map<number, [Variable, number][]>();
  for (const variable of classes.variables) {
    variable.type.shape.forEach((extent, axis) => {
      if (extent < leastExtent) return;
      const number = classes.classOf(variable, axis);
      const members = axes.get(number);
      if (members === undefined) axes.set(number, [[variable, axis]]);
      else members.push([variable, axis]);
    });
  }
  const own = new Map<number, number>();
  let totalWork = 0;
  let anywhere = 0;
  for (const equation of program.equations) {
    const work = workOf(equation);
    totalWork += work;
    const isDeferring = deferring.has(equation.primitive);
    if (isDeferring) anywhere += work;
    for (const number of stackedIn(classes, equation)) own.set(number, (own.get(number) ?? 0) - work);
    if (isDeferring) continue;
    for (const number of classesIn(classes, equation, leastExtent)) own.set(number, (own.get(number) ?? 0) + work);
  }
  return [...axes].map(([number, members]) => ({
    axes: members,
    mostWork: anywhere + (own.get(number) ?? 0),
    totalWork,
  }));
}

/** The classes of all long axes in an equation, the programs that it holds included. */
function classesIn(classes: AxisClasses, equation: Equation, leastExtent: number): ReadonlySet<number> {
  const found = new Set<number>();
  const note = (atom: Atom): void => {
    if (atom.kind === "constant") return;
    atom.type.shape.forEach((extent, axis) => {
      if (extent >= leastExtent) found.add(classes.classOf(atom, axis));
    });
  };
  const visit = ({ primitive, parameters, inputs, outputs }: Equation): void => {
    inputs.forEach(note);
    outputs.forEach(note);
    for (const inner of subprograms(primitive, parameters)) inner.equations.forEach(visit);
  };
  visit(equation);
  return found;
}

/** The classes over which a scan, or one inside it, runs turn by turn: tiles of those cannot hold it. */
function stackedIn(classes: AxisClasses, equation: Equation, found: Set<number> = new Set()): ReadonlySet<number> {
  if (equation.primitive !== "scan") return found;
  const { body, constants, carry } = (equation as Equation<"scan">).parameters;
  const stacks = [...equation.inputs.slice(1 + constants + carry), ...equation.outputs.slice(carry)];
  for (const stack of stacks) if (stack.kind === "variable") found.add(classes.classOf(stack, 0));
  for (const inner of body.equations) stackedIn(classes, inner, found);
  return found;
}
