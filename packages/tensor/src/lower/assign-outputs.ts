/**
 * How the results of a program reach the places where they are wanted: written there directly where that is safe, copied
 * before or after the program's steps otherwise.
 *
 * A place may be that of an input of the same program (the carry of a loop, donated state): `over`. Then the result is
 * written directly only when no step reads the input after, or in, the step that writes it, unless that step is one nest
 * that reads each element where it writes it, or a loop that carries the input on to the result. Copies over inputs come last; results that are such inputs themselves are
 * put aside first.
 */
import type { Parameters } from "../program/primitive.ts";
import type { Atom, Constant, Equation, Variable } from "../program/program.ts";
import { sameForm } from "./affine.ts";
import { tensorBytes } from "./element-bytes.ts";
import type { Nest, Point, Source } from "./nest.ts";
import { type Buffer, type Place, type PlacedStep, samePlace } from "./place.ts";
import { aliasRoot, type Schedule, type ScheduleStep } from "./schedule.ts";

/** A result and where it is wanted; `over` is the input that lives there. */
export interface Want {
  readonly atom: Atom;
  readonly target: Place;
  readonly over?: Variable | undefined;
}

/** What `assignOutputs` needs from the lowering around it. */
export interface Surroundings {
  readonly placeOf: (variable: Variable) => Place;
  readonly constantPlace: (constant: Constant) => Place;
  readonly createBuffer: (bytes: number) => Buffer;
}

export interface Assignment {
  /** Places of stored variables that are not to be allocated. */
  readonly presets: ReadonlyMap<Variable, Place>;
  /** Made when the steps' places are known: copies before and after them. */
  readonly before: () => readonly PlacedStep[];
  readonly after: () => readonly PlacedStep[];
}

/** Decides for each result. */
export function assignOutputs(schedule: Schedule, wants: readonly Want[], around: Surroundings): Assignment {
  const presets = new Map<Variable, Place>();
  const before: (() => PlacedStep)[] = [];
  const after: (() => PlacedStep)[] = [];
  const rootOf = (atom: Variable): Variable => aliasRoot(schedule.definitions, atom);
  const copiedLate = new Set<Variable>();
  const firstOf = (root: Variable): Variable => changesOf(schedule, root).at(-1) as Variable;
  const lastReads = lastReadsIn(schedule);
  const copy = (atom: Atom, from: () => Place, to: Place) => (): PlacedStep => ({
    kind: "copy",
    from: from(),
    to,
    bytes: tensorBytes(atom),
  });
  for (const { atom, target, over } of wants) {
    if (atom.kind === "constant") {
      after.push(() => fillPlace(atom, target, around));
      continue;
    }
    const root = rootOf(atom);
    const isInput = schedule.home.get(root) === -1;
    if (isInput && root === over) continue;
    if (isInput && over === undefined) {
      before.push(copy(atom, () => around.placeOf(root), target));
    } else if (isInput) {
      const aside = { buffer: around.createBuffer(tensorBytes(atom)), offset: 0, terms: [] };
      before.push(copy(atom, () => around.placeOf(root), aside));
      after.push(copy(atom, () => aside, target));
    } else if (!presets.has(root) && !copiedLate.has(root) && mayWrite(schedule, lastReads, firstOf(root), over)) {
      for (const each of changesOf(schedule, root)) presets.set(each, target);
    } else {
      copiedLate.add(root);
      after.push(copy(atom, () => around.placeOf(root), target));
    }
  }
  const made = (list: readonly (() => PlacedStep)[]) => (): PlacedStep[] =>
    list.map((make) => make()).filter((step) => step.kind !== "copy" || !samePlace(step.from, step.to));
  return { presets, before: made(before), after: made(after) };
}

/** What changes one place after another of the same memory, from the last result to the first; no one else reads them. */
function changesOf({ definitions, program }: Schedule, last: Variable): readonly Variable[] {
  const operandOf = (result: Variable): Atom | undefined => {
    const equation = definitions.get(result);
    return equation !== undefined && isChange(equation) ? equation.inputs[0] : undefined;
  };
  const changes = [last];
  for (let operand = operandOf(last); operand?.kind === "variable"; operand = operandOf(operand)) {
    const own = operand;
    const readers = program.equations.filter(({ inputs }) => inputs.includes(own));
    if (operandOf(own) === undefined || readers.length !== 1 || program.outputs.includes(own)) break;
    if (readers[0]?.inputs.indexOf(own) !== readers[0]?.inputs.lastIndexOf(own)) break;
    changes.push(own);
  }
  return changes;
}

/** Whether an equation is its first operand, changed in places. */
function isChange({ primitive }: Equation): boolean {
  return primitive === "updateSlice" || primitive === "addAt";
}

/** Puts a constant into a place. */
export function fillPlace(constant: Constant, target: Place, around: Surroundings): PlacedStep {
  const bytes = tensorBytes(constant);
  if (Object.is(constant.value, 0)) return { kind: "clear", at: target, bytes };
  return { kind: "copy", from: around.constantPlace(constant), to: target, bytes };
}

/** Whether the step that makes `root` may write it over the input `over`. */
function mayWrite(
  schedule: Schedule,
  lastReads: ReadonlyMap<Variable, number>,
  root: Variable,
  over: Variable | undefined,
): boolean {
  const home = schedule.home.get(root) as number;
  const last = over === undefined ? undefined : lastReads.get(over);
  if (over === undefined || last === undefined || last < home) return true;
  if (last !== home) return false;
  const step = schedule.steps[home] as ScheduleStep;
  const nests = schedule.nests[home] ?? [];
  if (step.kind === "alone") {
    // What is added may be computed from the start where it is added.
    const isRead = nests.some(({ points }) => points.some((point) => isLoad(point) && point.source === over));
    return !isRead && carriesOn(schedule, step.equation, root, over);
  }
  return nests.length === 1 && readsWhereItWrites(nests[0] as Nest, root, over);
}

/** Whether a loop carries `start` on to `result`, and does not read it as anything else. */
function carriesOn({ definitions }: Schedule, loop: Equation, result: Variable, start: Variable): boolean {
  const carry = carryOf(loop);
  const at = loop.outputs.indexOf(result);
  if (carry === undefined || at >= carry.count) return false;
  return loop.inputs.every((input, i) => {
    const isStart = input.kind === "variable" && aliasRoot(definitions, input) === start;
    return isStart === (i === carry.from + at);
  });
}

/** Where the carry of a loop, or of what is one by itself, is among its inputs; its results begin with it. */
function carryOf(loop: Equation): { from: number; count: number } | undefined {
  const { primitive, parameters, outputs } = loop;
  if (primitive === "scan") {
    const { constants, carry } = parameters as Parameters["scan"];
    return { from: 1 + constants, count: carry };
  }
  if (isChange(loop)) return { from: 0, count: 1 };
  if (primitive !== "while") return undefined;
  const { conditionConstants, bodyConstants } = parameters as Parameters["while"];
  return { from: conditionConstants + bodyConstants, count: outputs.length };
}

/**
 * The last step that reads each input of the program: in a load, seen through views, or to compute something from it
 * again. Steps are visited from the last, so that each variable is followed once.
 */
function lastReadsIn({ program, definitions, stored, steps, nests }: Schedule): ReadonlyMap<Variable, number> {
  const inputs = new Set<Source>(program.inputs);
  const last = new Map<Variable, number>();
  const followed = new Set<Variable>();
  const follow = (atom: Source, position: number): void => {
    if (atom.kind === "constant" || followed.has(atom)) return;
    followed.add(atom);
    if (inputs.has(atom)) last.set(atom, position);
    else if (!stored.has(atom)) for (const input of definitions.get(atom)?.inputs ?? []) follow(input, position);
  };
  for (let position = steps.length - 1; position >= 0; position--) {
    const step = steps[position] as ScheduleStep;
    const read =
      step.kind === "alone"
        ? step.equation.inputs
        : (nests[position] ?? []).flatMap(({ points }) => points.filter(isLoad).map(({ source }) => source));
    for (const source of read) follow(source, position);
  }
  return last;
}

function isLoad(point: Point): point is Extract<Point, { kind: "load" }> {
  return point.kind === "load";
}

/** Whether every load of `operand` is at the offset at which `target` is stored. */
function readsWhereItWrites({ points, stores }: Nest, target: Variable, operand: Variable): boolean {
  const store = stores.find((candidate) => candidate.target === target);
  if (store === undefined || store.dynamic !== undefined || store.accumulate === true) return false;
  if (tensorBytes(target) !== tensorBytes(operand)) return false;
  return points.every(
    (point) =>
      point.kind !== "load" ||
      point.source !== operand ||
      (point.dynamic === undefined && sameForm(point.offset, store.offset)),
  );
}
