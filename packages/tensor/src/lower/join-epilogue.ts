/**
 * A product and the elementwise step right after it as one nest, when that step alone reads the product.
 *
 * In: a schedule and the position of a dot. Out: the product's nest with the step's points after its sum and the step's
 * stores; the product itself is then never in memory. Undefined where anything else reads it, where the step reads it
 * elsewhere than at its own place, or has sums of its own.
 */
import type { Variable } from "../program/program.ts";
import { type Affine, sameForm } from "./affine.ts";
import type { Nest, NestStore, Point } from "./nest.ts";
import { aliasRoot, type Schedule } from "./schedule.ts";

/** The joined nest of the steps at `position` and after it. */
export function joinEpilogue(schedule: Schedule, position: number): Nest | undefined {
  const [product] = schedule.nests[position] ?? [];
  const [store] = product?.stores ?? [];
  const [follower, ...more] = schedule.nests[position + 1] ?? [];
  if (product === undefined || store === undefined || follower === undefined || more.length > 0) return undefined;
  if (schedule.steps[position + 1]?.kind !== "group" || follower.reduced.includes(true)) return undefined;
  if (!isReadOnce(schedule, position + 1, store.target)) return undefined;
  const axes = product.domain.flatMap((extent, axis) => (extent === 1 || product.reduced[axis] ? [] : [axis]));
  if (axes.length !== follower.domain.length) return undefined;
  if (axes.some((axis, i) => product.domain[axis] !== follower.domain[i])) return undefined;
  return joined(product, store, follower, axes);
}

/** Whether only the step at `reader` reads a result; steps that hold programs read it as an input. */
function isReadOnce({ program, definitions, steps, nests }: Schedule, reader: number, result: Variable): boolean {
  const isIt = (atom: { readonly kind: string }): boolean =>
    atom.kind === "variable" && aliasRoot(definitions, atom as Variable) === result;
  if (program.outputs.some(isIt)) return false;
  return steps.every((step, position) => {
    if (position === reader) return true;
    if (step.kind === "alone" && step.inner.length > 0) return !step.equation.inputs.some(isIt);
    return !(nests[position] ?? []).some(({ points }) =>
      points.some((point) => point.kind === "load" && point.source === result),
    );
  });
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
    case "reduce":
      return { ...point, input: moved(point.input) };
    case "number":
      return point;
  }
}
