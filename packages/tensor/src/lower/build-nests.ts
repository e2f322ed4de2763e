/**
 * From a step of the schedule to its loop nests.
 *
 * A group is one nest. Steps of their own are written with the same words: pad fills and then writes its operand at
 * affine places, concatenate writes each operand at its place, gather reads at a clamped run-time index, scatterAdd adds
 * at one, a dot is a product summed over the contracted axes (`product.ts` takes the large ones before). Loops over
 * programs (scan, while) have no nests.
 */
import type { PrimitiveName } from "../program/primitive.ts";
import type { Atom, Equation, Variable } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { type Affine, constantForm, coordinate, type IndexMap, identityMap, linearOffset, scaled } from "./affine.ts";
import type { Fold } from "./folds.ts";
import type { Dynamic, Nest, NestStore, Point } from "./nest.ts";
import { createPuller, type Puller } from "./pull.ts";
import type { Alone, Group, Placement, ScheduleStep } from "./schedule.ts";

/** The nests of a step, in order; failures as in `pull.ts`. */
export interface BuiltNests {
  readonly nests: readonly Nest[];
  readonly failures: readonly Variable[];
}

const none: BuiltNests = { nests: [], failures: [] };

/** Builds the nests of one step. */
export function buildNests(schedule: Placement, position: number, step: ScheduleStep): BuiltNests {
  if (step.kind === "group") return buildGroup(schedule, position, step);
  const build = aloneBuilders[step.equation.primitive as keyof typeof aloneBuilders];
  return build === undefined ? none : build(schedule, position, step);
}

function buildGroup(schedule: Placement, position: number, { domain, reduced, members }: Group): BuiltNests {
  const puller = createPuller(schedule, position, domain);
  const kept = domain.flatMap((_, axis) => (reduced[axis] ? [] : [axis]));
  const stores: NestStore[] = [];
  const foldPoints = new Map<Atom, Point>();
  for (const equation of members) {
    const { primitive, outputs } = equation;
    const isReduction = primitive.startsWith("reduce");
    const fold = schedule.folds.get(equation);
    for (const target of outputs) {
      if (fold !== undefined) foldPoints.set(target, pullFold(puller, domain, fold, foldPoints));
      if (!schedule.stored.has(target)) continue;
      const folded = foldPoints.get(target);
      const map = identityMap(target.type.shape, domain.length, isReduction ? kept : undefined);
      const offset = linearOffset(map, target.type.shape, domain.length);
      stores.push({ target, point: folded ?? puller.pull(target, map), offset });
    }
  }
  if (stores.length === 0) return { nests: [], failures: puller.failures };
  return finish(puller, domain, reduced, stores);
}

/** A fold on top of what the step has folded before, or of what is in memory. */
function pullFold(
  puller: Puller,
  domain: readonly number[],
  { start, term, lanes }: Fold,
  before: ReadonlyMap<Atom, Point>,
): Point {
  const input = puller.pull(term, identityMap(term.type.shape, domain.length));
  const from = before.get(start) ?? puller.pull(start, identityMap(start.type.shape, domain.length));
  return puller.add({ kind: "fold", dtype: term.type.dtype, start: from, input, lanes });
}

function finish(
  puller: Puller,
  domain: readonly number[],
  reduced: readonly boolean[],
  stores: readonly NestStore[],
): BuiltNests {
  return { nests: [{ domain, reduced, points: puller.points, stores }], failures: puller.failures };
}

function join(parts: readonly BuiltNests[]): BuiltNests {
  return { nests: parts.flatMap(({ nests }) => nests), failures: parts.flatMap(({ failures }) => failures) };
}

/** A nest that reads one tensor and writes it at affine places of another. */
function copyNest(
  schedule: Placement,
  position: number,
  from: Atom,
  target: Variable,
  place: (map: IndexMap) => IndexMap,
): BuiltNests {
  const domain = from.type.shape;
  const puller = createPuller(schedule, position, domain);
  const map = fullMap(domain);
  const offset = linearOffset(place(map), target.type.shape, domain.length);
  return finish(
    puller,
    domain,
    domain.map(() => false),
    [{ target, point: puller.pull(from, map), offset }],
  );
}

/** Zeros over a whole tensor. */
export function zeroNest(target: Variable): Nest {
  const point: Point = { kind: "number", dtype: target.type.dtype, value: 0 };
  const offset: Affine = { constant: 0, coefficients: [1] };
  return {
    domain: [sizeOf(target.type.shape)],
    reduced: [false],
    points: [point],
    stores: [{ target, point, offset }],
  };
}

/** One coordinate for each axis, axes of extent 1 included. */
function fullMap(shape: readonly number[]): IndexMap {
  return shape.map((extent, axis) => (extent === 1 ? constantForm(shape.length, 0) : coordinate(shape.length, axis)));
}

function buildPad(schedule: Placement, position: number, { equation }: Alone): BuiltNests {
  const { parameters, inputs, outputs } = equation as Equation<"pad">;
  const [from] = inputs as readonly [Atom];
  const [target] = outputs as readonly [Variable];
  const place = (map: IndexMap): IndexMap =>
    map.map((form, axis) => scaled(form, 1 + (parameters.interior[axis] as number), parameters.low[axis] as number));
  return join([{ nests: [zeroNest(target)], failures: [] }, copyNest(schedule, position, from, target, place)]);
}

function buildConcatenate(schedule: Placement, position: number, { equation }: Alone): BuiltNests {
  const { parameters, inputs, outputs } = equation as Equation<"concatenate">;
  const [target] = outputs as readonly [Variable];
  let start = 0;
  const parts = inputs.map((input) => {
    const from = start;
    start += input.type.shape[parameters.axis] as number;
    const place = (map: IndexMap): IndexMap =>
      map.map((form, axis) => (axis === parameters.axis ? scaled(form, 1, from) : form));
    return copyNest(schedule, position, input, target, place);
  });
  return join(parts);
}

/** The clamped run-time index along an axis of `extent`, which lies `stride` elements apart. */
function dynamicIndex(puller: Puller, index: Point, extent: number, stride: number): Dynamic {
  const apply = (primitive: PrimitiveName, a: Point, value: number): Point => {
    const bound = puller.add({ kind: "number", dtype: "int32", value });
    return puller.add({ kind: "apply", dtype: "int32", primitive, parameters: {}, inputs: [a, bound] });
  };
  return { index: apply("min", apply("max", index, 0), extent - 1), stride };
}

function buildGather(schedule: Placement, position: number, { equation }: Alone): BuiltNests {
  const { parameters, inputs, outputs } = equation as Equation<"gather">;
  const [operand, indices] = inputs as readonly [Atom, Atom];
  const [target] = outputs as readonly [Variable];
  const domain = target.type.shape;
  const puller = createPuller(schedule, position, domain);
  const map = fullMap(domain);
  const extent = operand.type.shape[parameters.batch] as number;
  const index = puller.pull(indices, map.slice(0, indices.type.shape.length));
  // The gathered axis is a coordinate of its own while the operand's views are composed: its coefficient is the stride.
  const wide = createPuller(schedule, position, [...domain, extent]);
  const widen = (form: Affine): Affine => ({ ...form, coefficients: [...form.coefficients, 0] });
  const rest = map.slice(indices.type.shape.length).map(widen);
  const gathered = coordinate(domain.length + 1, domain.length);
  const read = wide.pull(operand, [...map.slice(0, parameters.batch).map(widen), gathered, ...rest]);
  if (read.kind !== "load")
    return finish(
      puller,
      domain,
      domain.map(() => false),
      [{ target, point: puller.add(read), offset: linearOffset(map, domain, domain.length) }],
    );
  const stride = read.offset.coefficients[domain.length] as number;
  const offset: Affine = { constant: read.offset.constant, coefficients: read.offset.coefficients.slice(0, -1) };
  const point = puller.add({ ...read, offset, dynamic: dynamicIndex(puller, index, extent, stride) });
  return finish(
    puller,
    domain,
    domain.map(() => false),
    [{ target, point, offset: linearOffset(map, domain, domain.length) }],
  );
}

function buildScatterAdd(schedule: Placement, position: number, { equation }: Alone): BuiltNests {
  const { parameters, inputs, outputs } = equation as Equation<"scatterAdd">;
  const [target] = outputs as readonly [Variable];
  const added = buildAdded(schedule, position, inputs, target, parameters.batch);
  return join([{ nests: [zeroNest(target)], failures: [] }, added]);
}

/** The operand is already where the result is. */
function buildAddAt(schedule: Placement, position: number, { equation }: Alone): BuiltNests {
  const { parameters, inputs, outputs } = equation as Equation<"addAt">;
  return buildAdded(schedule, position, inputs.slice(1), outputs[0] as Variable, parameters.batch);
}

/** Updates added at run-time indices. */
function buildAdded(
  schedule: Placement,
  position: number,
  inputs: readonly Atom[],
  target: Variable,
  batch: number,
): BuiltNests {
  const [updates, indices] = inputs as readonly [Atom, Atom];
  const domain = updates.type.shape;
  const puller = createPuller(schedule, position, domain);
  const map = fullMap(domain);
  const point = puller.pull(updates, map);
  const index = puller.pull(indices, map.slice(0, indices.type.shape.length));
  const rows = sizeOf(target.type.shape.slice(batch + 1));
  const place = [...map.slice(0, batch), constantForm(domain.length, 0), ...map.slice(indices.type.shape.length)];
  const offset = linearOffset(place, target.type.shape, domain.length);
  const dynamic = dynamicIndex(puller, index, target.type.shape[batch] as number, rows);
  return finish(
    puller,
    domain,
    domain.map(() => false),
    [{ target, point, offset, dynamic, accumulate: true }],
  );
}

/** A dot as products and a sum; the domain is batch, left free, right free, contracted axes. */
function buildDot(schedule: Placement, position: number, { equation }: Alone): BuiltNests {
  const { contract, batch } = (equation as Equation<"dot">).parameters;
  const [left, right] = equation.inputs as readonly [Atom, Atom];
  const [target] = equation.outputs as readonly [Variable];
  const contracted = contract[0].map((axis) => left.type.shape[axis] as number);
  const domain = [...target.type.shape, ...contracted];
  const outer = target.type.shape.length;
  const puller = createPuller(schedule, position, domain);
  const operand = (atom: Atom, side: 0 | 1, firstFree: number): Point => {
    let free = firstFree;
    const map = atom.type.shape.map((extent, axis) => {
      const isBatch = batch[side].indexOf(axis);
      const isContracted = contract[side].indexOf(axis);
      const at = isBatch >= 0 ? isBatch : isContracted >= 0 ? outer + isContracted : free++;
      return extent === 1 ? constantForm(domain.length, 0) : coordinate(domain.length, at);
    });
    return puller.pull(atom, map);
  };
  const a = operand(left, 0, batch[0].length);
  const b = operand(right, 1, left.type.shape.length - contracted.length);
  const dtype = target.type.dtype;
  const product = puller.add({ kind: "apply", dtype, primitive: "mul", parameters: {}, inputs: [a, b] });
  const point = puller.add({ kind: "reduce", dtype, primitive: "reduceSum", input: product });
  const offset = linearOffset(
    target.type.shape.map((extent, axis) =>
      extent === 1 ? constantForm(domain.length, 0) : coordinate(domain.length, axis),
    ),
    target.type.shape,
    domain.length,
  );
  return finish(
    puller,
    domain,
    domain.map((_, axis) => axis >= outer),
    [{ target, point, offset }],
  );
}

const aloneBuilders = {
  pad: buildPad,
  concatenate: buildConcatenate,
  gather: buildGather,
  scatterAdd: buildScatterAdd,
  addAt: buildAddAt,
  dot: buildDot,
};
