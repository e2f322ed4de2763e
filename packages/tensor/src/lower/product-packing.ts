/**
 * The copies of factors that products make first.
 *
 * Of the wide factor into panels: for each block of lanes, and each contracted index in order, the block's lanes side by
 * side. A kernel then reads one stream of memory, whatever the strides of the factor were. Of the narrow factor
 * turned: what one sum reads lies side by side, not a few numbers on every page.
 */
import { type Variable, variable } from "../program/program.ts";
import type { Nest, Point } from "./nest.ts";
import type { PlanAxis } from "./product.ts";
import type { LaneBlocks, Tiling } from "./product-tiling.ts";

/** The copy, the nests that make it, and its strides: along contracted axes in rows of a panel. */
export interface Packing {
  readonly nests: readonly Nest[];
  readonly target: Variable;
  readonly strides: ReadonlyMap<PlanAxis, number>;
}

/** Plans the copy of the factor on `side`. */
export function packFactor(
  factor: Extract<Point, { kind: "load" }>,
  axes: readonly PlanAxis[],
  side: 0 | 1,
  lane: PlanAxis,
  { lanes }: Tiling,
): Packing {
  const others = axes.filter((axis) => axis !== lane && axis.strides[side] !== 0);
  const outer = others.filter(({ reduced }) => !reduced);
  const contracted = axes.filter(({ reduced }) => reduced);
  const strides = new Map<PlanAxis, number>([[lane, 1]]);
  const rows = setStrides(strides, contracted, 1);
  const size = setStrides(strides, outer, rows * lane.extent);
  const { dtype } = factor.source.type;
  const target = variable({ dtype, shape: [size] });
  const nests = lanes.map((blocks) =>
    copyNest(factor, target, side, { outer, contracted, lane, strides, rows }, blocks),
  );
  return { nests, target, strides };
}

/** Bytes of a line of a cache, on every processor this runs on but a few. */
const lineBytes = 64;

/** Whether numbers that far apart share a few places of a first-level cache. */
export function collide(bytes: number): boolean {
  return bytes !== 0 && bytes % 2048 === 0;
}

/** Plans the copy of the factor on `side` with what one sum reads side by side, and axes a line further apart where they collide. */
export function turnFactor(
  { source, offset }: Extract<Point, { kind: "load" }>,
  axes: readonly PlanAxis[],
  side: 0 | 1,
  elementBytes: number,
): Packing {
  const own = axes
    .filter((axis) => axis.strides[side] !== 0)
    .sort((a, b) => Number(a.reduced) - Number(b.reduced) || b.strides[side] - a.strides[side]);
  const strides = new Map<PlanAxis, number>();
  let size = 1;
  for (const axis of own.toReversed()) {
    const stride = collide(size * elementBytes) ? size + lineBytes / elementBytes : size;
    strides.set(axis, stride);
    size = stride * axis.extent;
  }
  const target = variable({ dtype: source.type.dtype, shape: [size] });
  const domain = own.map(({ extent }) => extent);
  const from = { constant: offset.constant, coefficients: own.map((axis) => axis.strides[side]) };
  const point: Point = { kind: "load", dtype: target.type.dtype, source, offset: from };
  const to = { constant: 0, coefficients: own.map((axis) => strides.get(axis) as number) };
  const nest: Nest = {
    domain,
    reduced: domain.map(() => false),
    points: [point],
    stores: [{ target, point, offset: to }],
  };
  return { nests: [nest], target, strides };
}

/** Row-major strides of axes whose last one has stride `step`; gives that of an axis before them. */
function setStrides(strides: Map<PlanAxis, number>, axes: readonly PlanAxis[], step: number): number {
  let stride = step;
  for (const axis of axes.toReversed()) {
    strides.set(axis, stride);
    stride *= axis.extent;
  }
  return stride;
}

interface Layout {
  readonly outer: readonly PlanAxis[];
  readonly contracted: readonly PlanAxis[];
  readonly lane: PlanAxis;
  readonly strides: ReadonlyMap<PlanAxis, number>;
  /** Rows of a panel. */
  readonly rows: number;
}

/** The panels of some blocks. */
function copyNest(
  { source, offset }: Extract<Point, { kind: "load" }>,
  target: Variable,
  side: 0 | 1,
  { outer, contracted, lane, strides, rows }: Layout,
  { from, count, step, size }: LaneBlocks,
): Nest {
  const along = lane.strides[side] as number;
  const strideOf = (axis: PlanAxis): number => strides.get(axis) as number;
  const point: Point = {
    kind: "load",
    dtype: target.type.dtype,
    source,
    offset: {
      constant: offset.constant + from * along,
      coefficients: [
        ...outer.map((axis) => axis.strides[side]),
        step * along,
        ...contracted.map((axis) => axis.strides[side]),
        along,
      ],
    },
  };
  const to = {
    constant: from * rows,
    coefficients: [...outer.map(strideOf), step * rows, ...contracted.map((axis) => strideOf(axis) * size), 1],
  };
  const domain = [...outer.map(({ extent }) => extent), count, ...contracted.map(({ extent }) => extent), size];
  return {
    domain,
    reduced: domain.map(() => false),
    points: [point],
    stores: [{ target, point, offset: to }],
  };
}
