/**
 * Sums over the rows of a large matrix, some rows at a time: what is read next then lies beside what was read before.
 *
 * A loop nest sums innermost. Where the lanes run along the columns and the sum over rows, it would walk down a whole
 * column of vectors before it comes to the next: each access to another page of memory, and rows whose distance is a
 * power of two drive each other out of the caches. Here the rows run in blocks of as many as are summed in one chain
 * anyway, and each block adds its sums to those in memory.
 *
 * In: a nest. Out: nests to run one after the other in its place: itself, where blocks bring nothing.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import { sizeOf } from "../shape.ts";
import type { Affine } from "./affine.ts";
import { zeroNest } from "./build-nests.ts";
import { bytesOf, tensorBytes } from "./element-bytes.ts";
import { inputsOf, type Nest, type NestStore, type Point } from "./nest.ts";
import { overlaysIn } from "./overlays.ts";
import { type LoopAxis, planLoops } from "./plan-loops.ts";

/** Rows of a block. */
const rows = 64;
/** Bytes from row to row beyond which each row is on a page of its own, and of a matrix that is not near anyway. */
const [page, large] = [1 << 12, 1 << 19];

/** The nests for one. */
export function inRowBlocks(nest: Nest, traits: TargetTraits): readonly Nest[] {
  const axis = summedRows(nest, traits);
  if (axis === undefined) return [nest];
  const extent = nest.domain[axis] as number;
  const blocks = Math.floor(extent / rows);
  const sums = nest.stores.filter(({ point }) => isSum(point));
  const zeros = sums.map((store) => zerosOf(nest, store));
  const rest = extent % rows;
  const whole = withForms(nest, [blocks, ...nest.domain.with(axis, rows)], [false, ...nest.reduced], (form) => ({
    constant: form.constant,
    coefficients: [(form.coefficients[axis] as number) * rows, ...form.coefficients],
  }));
  if (rest === 0) return [...zeros, whole];
  const last = withForms(nest, nest.domain.with(axis, rest), nest.reduced, ({ constant, coefficients }) => ({
    constant: constant + (coefficients[axis] as number) * blocks * rows,
    coefficients,
  }));
  return [...zeros, whole, last];
}

/** Zeros where sums go: to a whole tensor, or to the part of one that a part of a larger nest makes. */
function zerosOf({ domain, reduced }: Nest, { target, offset }: NestStore): Nest {
  const kept = domain.flatMap((_, axis) => (reduced[axis] === true ? [] : [axis]));
  const extents = kept.map((axis) => domain[axis] as number);
  if (sizeOf(extents) === sizeOf(target.type.shape)) return zeroNest(target);
  const point: Point = { kind: "number", dtype: target.type.dtype, value: 0 };
  const form = { constant: offset.constant, coefficients: kept.map((axis) => offset.coefficients[axis] as number) };
  return {
    domain: extents,
    reduced: kept.map(() => false),
    points: [point],
    stores: [{ target, point, offset: form }],
  };
}

/** The axis of rows, where a nest is one that gains by blocks. */
function summedRows(nest: Nest, traits: TargetTraits): number | undefined {
  if (!nest.points.some(isSum)) return undefined;
  const { loops, kept, vector } = planLoops(nest, traits);
  const [lanes, row] = loops as readonly [LoopAxis, LoopAxis | undefined];
  if (kept !== 1 || vector !== 0 || row === undefined || loops.length > 2) return undefined;
  if (row.extent <= 2 * rows || nest.domain[row.axis] !== row.extent) return undefined;
  const isFar = nest.points.some((point) => {
    if (point.kind !== "load" || tensorBytes(point.source) < large) return false;
    const { coefficients } = point.offset;
    const apart = Math.abs(coefficients[row.axis] as number) * bytesOf(point.dtype);
    return coefficients[lanes.axis] === 1 && apart >= page;
  });
  return isFar && sumsAreStored(nest) ? row.axis : undefined;
}

const isSum = (point: Point): boolean => point.kind === "reduce";

/** Whether all reductions are sums that only go to memory, and lie over nothing that is read. */
function sumsAreStored(nest: Nest): boolean {
  const { points, stores } = nest;
  const read = new Set(points.flatMap(inputsOf));
  const mayLieOver = new Set(overlaysIn(nest).flatMap(({ results }) => results));
  const areSums = points.every((point) => {
    if (point.kind === "load") return point.dynamic === undefined;
    return point.kind !== "fold" && (point.kind !== "reduce" || (point.primitive === "reduceSum" && !read.has(point)));
  });
  const areStored = stores.every(({ target, point, dynamic, accumulate }) => {
    return dynamic === undefined && accumulate !== true && !(isSum(point) && mayLieOver.has(target));
  });
  return areSums && areStored;
}

/** The same nest over other axes; its sums are added to what is there. */
function withForms(
  nest: Nest,
  domain: readonly number[],
  reduced: readonly boolean[],
  form: (form: Affine) => Affine,
): Nest {
  const made = new Map<Point, Point>();
  const read = (point: Point): Point => made.get(point) as Point;
  const points = nest.points.map((point): Point => {
    const next = withInputs(point, read, form);
    made.set(point, next);
    return next;
  });
  const stores = nest.stores.map((store): NestStore => {
    const next = { ...store, point: read(store.point), offset: form(store.offset) };
    return isSum(store.point) ? { ...next, accumulate: true } : next;
  });
  return { domain, reduced, points, stores };
}

function withInputs(point: Point, read: (point: Point) => Point, form: (form: Affine) => Affine): Point {
  switch (point.kind) {
    case "load":
      return { ...point, offset: form(point.offset) };
    case "index":
      return { ...point, form: form(point.form) };
    case "apply":
      return { ...point, inputs: point.inputs.map(read) };
    case "part":
      return { ...point, of: read(point.of) };
    case "reduce":
      return { ...point, input: read(point.input) };
    default:
      return point;
  }
}
