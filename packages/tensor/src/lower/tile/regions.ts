/**
 * Which equations of a program run tile by tile.
 *
 * A region is a set of equations that one loop over tiles can run: each works sample by sample, or sums over samples.
 * What needs a finished sum comes after the loop; what needs both a finished sum and samples again is a second region,
 * of the next level. Cheap work at the end of a region that no sum needs (an optimiser's update of parameters that
 * belong to samples) is left outside. A view of what is there before the region that others read too (the first point of
 * a trajectory) is taken inside and outside: nobody has to wait for it.
 */
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { cheapLimit, costOf } from "../cost.ts";
import { tensorBytes } from "../element-bytes.ts";
import { roleOf } from "../roles.ts";
import type { Batch } from "./batch.ts";
import { classify, type PartialForm, type PartialSums } from "./partial-sums.ts";

/** The regions of a program for one batch. */
export interface Regions {
  /** The level of the region that runs an equation; those outside have none. */
  readonly region: ReadonlyMap<Equation, number>;
  /** When an equation outside can run: after the region of the level before. Views may run inside and outside. */
  readonly outside: ReadonlyMap<Equation, number>;
  readonly sums: PartialSums;
  /** Equations of the first region that are no views. */
  readonly equations: number;
  /** Bytes of the largest tensor without samples in a product with samples. */
  readonly largestWeight: number;
  /** Simple operations in the first region and in the whole program. */
  readonly work: number;
  readonly totalWork: number;
}

interface Search {
  readonly batch: Batch;
  readonly sums: PartialSums;
  readonly region: Map<Equation, number>;
  readonly outside: Map<Equation, number>;
  /** For each variable what made it. */
  readonly made: Map<Variable, Made>;
  /** Partial sums that their region reads. */
  readonly deferred: Set<Variable>;
}

interface Made {
  readonly level: number;
  readonly inRegion: boolean;
  /** A view in a region that could as well be outside. */
  readonly view?: Equation;
}

/** What may take up partial sums before they are finished. */
export const deferring: ReadonlySet<string> = new Set([
  "add",
  "sub",
  "reshape",
  "transpose",
  "neg",
  "reduceSum",
  "scan",
]);

/** Finds the regions. */
export function findRegions(program: Program, batch: Batch): Regions {
  const search: Search = {
    batch,
    sums: new Map(),
    region: new Map(),
    outside: new Map(),
    made: new Map(),
    deferred: new Set(),
  };
  for (const equation of program.equations) visit(search, equation);
  leaveCheapEnds(search, program);
  return { ...search, ...measure(search, program) };
}

function measure(
  { region, batch }: Search,
  program: Program,
): Pick<Regions, "equations" | "largestWeight" | "work" | "totalWork"> {
  const found = { equations: 0, largestWeight: 0, work: 0, totalWork: 0 };
  for (const equation of program.equations) {
    const own = workOf(equation);
    found.totalWork += own;
    if (region.get(equation) !== 0) continue;
    found.work += own;
    if (own > 0) found.equations++;
    found.largestWeight = Math.max(found.largestWeight, largestWeight(batch, equation));
  }
  return found;
}

/** Bytes of the largest operand or sum without samples of a product, in loops too. */
function largestWeight(batch: Batch, { primitive, parameters, inputs, outputs }: Equation): number {
  if (primitive === "scan") {
    const { body } = parameters as Equation<"scan">["parameters"];
    return Math.max(0, ...body.equations.map((equation) => largestWeight(batch, equation)));
  }
  if (primitive !== "dot") return 0;
  const without = [...inputs, ...outputs].filter((atom) => atom.kind === "constant" || batch.axisOf(atom) < 0);
  return Math.max(0, ...without.map((atom) => (atom.kind === "constant" ? 0 : tensorBytes(atom))));
}

function visit(search: Search, equation: Equation): void {
  const { batch, sums, deferred } = search;
  const partial = equation.inputs.filter((input): input is Variable => isPartial(search, input));
  const level = levelOf(search, equation, true);
  const canDefer =
    deferring.has(equation.primitive) && partial.every((input) => search.made.get(input)?.level === level);
  const finished = canDefer ? [] : partial.map((input) => [input, sums.get(input) as PartialForm] as const);
  for (const [input] of finished) sums.delete(input);
  const part = classify(batch, sums, equation);
  for (const [input, form] of finished) sums.set(input, form);
  const isInside = part === "batched" || part === "partial";
  const at = isInside ? (canDefer ? level : levelOf(search, equation, false)) : levelOutside(search, equation);
  (isInside ? search.region : search.outside).set(equation, at);
  const made = { level: at, inRegion: isInside, ...(isInside && isFree(search, equation) ? { view: equation } : {}) };
  for (const output of equation.outputs) {
    search.made.set(output, made);
    if (!isInside) sums.delete(output);
  }
  if (isInside && canDefer) for (const input of partial) deferred.add(input);
}

function isPartial({ sums }: Search, atom: Atom): boolean {
  return atom.kind === "variable" && sums.has(atom);
}

/** The level at which a region could run an equation, its partial operands taken as they are or finished. */
function levelOf(search: Search, { inputs }: Equation, deferring: boolean): number {
  return inputs.reduce((level, input) => {
    const made = input.kind === "variable" ? search.made.get(input) : undefined;
    if (made === undefined) return level;
    return Math.max(level, made.level + (made.inRegion && isPartial(search, input) && !deferring ? 1 : 0));
  }, 0);
}

function levelOutside(search: Search, { inputs }: Equation): number {
  return inputs.reduce((level, input) => {
    const from = input.kind === "variable" ? search.made.get(input) : undefined;
    if (from === undefined) return level;
    if (from.view !== undefined) takeOutside(search, from.view, from.level);
    return Math.max(level, from.level + (from.inRegion && from.view === undefined ? 1 : 0));
  }, 0);
}

/** Whether an equation is a view of what is there without its region. */
function isFree({ made }: Search, { primitive, inputs, outputs }: Equation): boolean {
  const [input] = inputs;
  const [output] = outputs;
  if (roleOf(primitive) !== "view" || input?.kind !== "variable" || output === undefined) return false;
  const from = made.get(input);
  const isThere = from === undefined || !from.inRegion || from.view !== undefined;
  return isThere && sizeOf(output.type.shape) <= sizeOf(input.type.shape);
}

/** A view, and those that it views, outside as well. */
function takeOutside(search: Search, view: Equation, level: number): void {
  if (search.outside.has(view)) return;
  search.outside.set(view, level);
  const before = search.made.get(view.inputs[0] as Variable);
  if (before?.view !== undefined) takeOutside(search, before.view, before.level);
}

/** Work found before: each class of axes that could be the batch asks for that of every equation. */
const knownWork = new WeakMap<Equation, number>();

/** Simple operations of an equation. */
export function workOf(equation: Equation): number {
  const before = knownWork.get(equation);
  if (before !== undefined) return before;
  const work = countWork(equation);
  knownWork.set(equation, work);
  return work;
}

function countWork({ primitive, parameters, inputs, outputs }: Equation): number {
  let size = 0;
  for (const { type } of inputs) size = Math.max(size, sizeOf(type.shape));
  for (const { type } of outputs) size = Math.max(size, sizeOf(type.shape));
  switch (primitive) {
    case "dot": {
      const { contract } = parameters as Equation<"dot">["parameters"];
      const [left] = inputs as readonly [Atom];
      const contracted = contract[0].reduce((product, axis) => product * (left.type.shape[axis] as number), 1);
      return 2 * contracted * sizeOf((outputs[0] as Variable).type.shape);
    }
    case "scan": {
      const { body, bound } = parameters as Equation<"scan">["parameters"];
      return bound * body.equations.reduce((sum, equation) => sum + workOf(equation), 0);
    }
    case "while":
      return 0;
    case "reduceSum":
    case "reduceMax":
    case "reduceMin":
    case "pad":
    case "concatenate":
    case "gather":
    case "scatterAdd":
      return size;
    default:
      return size * costOf(primitive);
  }
}

/** Takes cheap equations that nothing in their region reads out of it, where that brings no more results out. */
function leaveCheapEnds({ region, outside, sums, made, deferred }: Search, program: Program): void {
  const read = new Set<Atom>();
  for (const equation of program.equations.toReversed()) {
    const level = region.get(equation);
    if (level === undefined) continue;
    const isEnd =
      equation.primitive !== "scan" &&
      costOf(equation.primitive) <= 2 * cheapLimit &&
      equation.outputs.every((output) => !read.has(output) && !sums.has(output));
    const brought = equation.inputs.filter((input) => {
      return input.kind === "variable" && made.get(input)?.inRegion === true && !deferred.has(input);
    });
    if (isEnd && new Set(brought).size <= 1) {
      region.delete(equation);
      if (outside.has(equation)) continue;
      outside.set(equation, level + 1);
      for (const output of equation.outputs) made.set(output, { level: level + 1, inRegion: false });
    } else for (const input of equation.inputs) read.add(input);
  }
}
