/**
 * A product and the elementwise step that alone reads it as one nest.
 *
 * In: a schedule and the position of a dot. Out: the product's nest with the step's points after its sum and the step's
 * stores; the product itself is then never in memory. Undefined where anything else reads it, where the step reads it
 * elsewhere than at its own place, or has sums of its own.
 */
import type { Atom, Variable } from "../program/program.ts";
import { type Affine, sameForm } from "./affine.ts";
import { tensorBytes } from "./element-bytes.ts";
import type { Nest, NestStore, Point } from "./nest.ts";
import { aliasRoot, type Schedule } from "./schedule.ts";

/** Two steps as one nest, to be run where the second one stands. */
export interface Joined {
  readonly nest: Nest;
  /** The position of the second step. */
  readonly at: number;
}

/** The joined nest of the dot at `position` and the step that reads it. */
export function joinEpilogue(schedule: Schedule, position: number): Joined | undefined {
  const [product] = schedule.nests[position] ?? [];
  const [store] = product?.stores ?? [];
  if (product === undefined || store === undefined) return undefined;
  const at = readersIn(schedule).get(store.target);
  if (at === undefined || at === "several") return undefined;
  const [follower, ...more] = schedule.nests[at] ?? [];
  if (follower === undefined || more.length > 0) return undefined;
  if (schedule.steps[at]?.kind !== "group" || follower.reduced.includes(true)) return undefined;
  if (at > position + 1 && !isSmallerBefore(product, store.target)) return undefined;
  const axes = product.domain.flatMap((extent, axis) => (extent === 1 || product.reduced[axis] ? [] : [axis]));
  if (axes.length !== follower.domain.length) return undefined;
  if (axes.some((axis, i) => product.domain[axis] !== follower.domain[i])) return undefined;
  const nest = joined(product, store, follower, axes);
  return nest && { nest, at };
}

/** Whether the factors take no more memory than the result: to keep them for longer then costs nothing. */
function isSmallerBefore({ points }: Nest, result: Variable): boolean {
  const factors = new Set(points.flatMap((point) => (point.kind === "load" ? [point.source] : [])));
  const bytes = [...factors].reduce((sum, factor) => sum + tensorBytes(factor), 0);
  return bytes <= tensorBytes(result);
}

const known = new WeakMap<Schedule, ReadonlyMap<Variable, number | "several">>();

/** The one step that reads each stored variable; found once, since every product asks. */
function readersIn(schedule: Schedule): ReadonlyMap<Variable, number | "several"> {
  const before = known.get(schedule);
  if (before !== undefined) return before;
  const readers = new Map<Variable, number | "several">();
  known.set(schedule, readers);
  const read = (source: Atom, by: number | "several"): void => {
    if (source.kind === "constant") return;
    const root = aliasRoot(schedule.definitions, source);
    readers.set(root, (readers.get(root) ?? by) === by ? by : "several");
  };
  for (const output of schedule.program.outputs) read(output, "several");
  schedule.steps.forEach((step, position) => {
    // Steps that hold programs read their inputs as they are.
    if (step.kind === "alone" && step.inner.length > 0) for (const input of step.equation.inputs) read(input, position);
    else
      for (const { points } of schedule.nests[position] ?? [])
        for (const point of points) if (point.kind === "load") read(point.source, position);
  });
  return readers;
}

/** `axes` are those of the product that the follower's domain has, in order. */
function joined(product: Nest, store: NestStore, follower: Nest, axes: readonly number[]): Nest | undefined {
  const spread = ({ constant, coefficients }: Affine): Affine => ({
    constant,
    coefficients: product.domain.map((_, axis) => coefficients[axes.indexOf(axis)] ?? 0),
  });
  const fresh = new Map<Point, Point>();
  const moved = (point: Point): Point => fresh.get(point) as Point;
  let isAligned = true;
  const points: Point[] = [];
  for (const point of follower.points) {
    if (point.kind === "load" && point.source === store.target) {
      isAligned &&= point.dynamic === undefined && sameForm(spread(point.offset), store.offset);
      fresh.set(point, store.point);
      continue;
    }
    const copy = move(point, spread, moved);
    fresh.set(point, copy);
    points.push(copy);
  }
  if (!isAligned) return undefined;
  const stores = follower.stores.map((each) => ({ ...each, point: moved(each.point), offset: spread(each.offset) }));
  if (points.some(({ kind }) => kind === "fold")) return undefined;
  if (stores.some(({ dynamic }) => dynamic !== undefined)) return undefined;
  return { ...product, points: [...product.points, ...points], stores };
}

/** A point of the follower over the domain of the product. */
function move(point: Point, spread: (form: Affine) => Affine, moved: (point: Point) => Point): Point {
  switch (point.kind) {
    case "load": {
      const { dynamic } = point;
      const offset = spread(point.offset);
      return dynamic === undefined
        ? { ...point, offset }
        : { ...point, offset, dynamic: { ...dynamic, index: moved(dynamic.index) } };
    }
    case "index":
      return { ...point, form: spread(point.form) };
    case "apply":
      return { ...point, inputs: point.inputs.map(moved) };
    case "part":
      return { ...point, of: moved(point.of) };
    case "fold":
      return { ...point, start: moved(point.start), input: moved(point.input) };
    case "reduce":
      return { ...point, input: moved(point.input) };
    case "number":
      return point;
  }
}
