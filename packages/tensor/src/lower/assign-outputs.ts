/**
 * How the results of a program reach the places where they are wanted: written there directly where that is safe, copied
 * before or after the program's steps otherwise.
 *
 * A place may be that of an input of the same program (the carry of a loop, donated state): `over`. Then the result is
 * written directly only when no step reads the input after, or in, the step that writes it, unless that step is one nest
 * that reads each element where it writes it. Copies over inputs come last; results that are such inputs themselves are
 * put aside first.
 */
import type { Atom, Constant, Variable } from "../program/program.ts";
import { sameForm } from "./affine.ts";
import { tensorBytes } from "./element-bytes.ts";
import type { Nest } from "./nest.ts";
import { type Buffer, type Place, type PlacedStep, samePlace } from "./place.ts";
import { aliasRoot, type Schedule } from "./schedule.ts";

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
    } else if (!presets.has(root) && !copiedLate.has(root) && mayWrite(schedule, root, over)) {
      presets.set(root, target);
    } else {
      copiedLate.add(root);
      after.push(copy(atom, () => around.placeOf(root), target));
    }
  }
  const made = (list: readonly (() => PlacedStep)[]) => (): PlacedStep[] =>
    list.map((make) => make()).filter((step) => step.kind !== "copy" || !samePlace(step.from, step.to));
  return { presets, before: made(before), after: made(after) };
}

/** Puts a constant into a place. */
export function fillPlace(constant: Constant, target: Place, around: Surroundings): PlacedStep {
  const bytes = tensorBytes(constant);
  if (Object.is(constant.value, 0)) return { kind: "clear", at: target, bytes };
  return { kind: "copy", from: around.constantPlace(constant), to: target, bytes };
}

/** Whether the step that makes `root` may write it over the input `over`. */
function mayWrite(schedule: Schedule, root: Variable, over: Variable | undefined): boolean {
  const home = schedule.home.get(root) as number;
  if (over === undefined) return true;
  return schedule.steps.every((step, position) => {
    if (position < home) return true;
    if (step.kind === "alone") {
      return !step.equation.inputs.some((input) => input.kind === "variable" && readsInput(schedule, input, over));
    }
    const nests = schedule.nests[position] ?? [];
    const reads = nests.flatMap(({ points }) =>
      points.filter((point) => point.kind === "load" && point.source === over),
    );
    if (reads.length === 0) return true;
    return position === home && nests.length === 1 && readsWhereItWrites(nests[0] as Nest, root, over);
  });
}

/** Whether every load of `operand` is at the offset at which `target` is stored. */
export function readsWhereItWrites({ points, stores }: Nest, target: Variable, operand: Variable): boolean {
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

/** Whether a tensor is `input` seen through views, or computed from it again where it is read. */
function readsInput(schedule: Schedule, variable: Variable, input: Variable): boolean {
  if (variable === input) return true;
  if (schedule.stored.has(variable)) return false;
  const equation = schedule.definitions.get(variable);
  if (equation === undefined) return false;
  return equation.inputs.some((atom) => atom.kind === "variable" && readsInput(schedule, atom, input));
}
