/**
 * Whether a nest is a matrix product worth blocking, and how its axes are used.
 *
 * In: the nest of a dot (one sum of products of two loads). Out: the product for `emit-product.ts`, with the copies that
 * must run before: when no free axis has unit stride in its factor, the smaller factor is transposed first. Undefined
 * where plain loops are as good: no free axis long enough for lanes, or no rows to block.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import { type Variable, variable } from "../program/program.ts";
import type { Affine } from "./affine.ts";
import { bytesOf } from "./element-bytes.ts";
import { blockSize, type Product, type ProductAxis } from "./emit-product.ts";
import type { Nest, Point, Source } from "./nest.ts";
import { laneWidths, planLoops, segmentsOf } from "./plan-loops.ts";

/** A product, and what its kernel's three parameters are. */
export interface PlannedProduct {
  readonly product: Product;
  readonly wide: Source;
  readonly narrow: Source;
  readonly result: Variable;
  /** Makes `wide` from the factor as it was. */
  readonly pack: Nest | undefined;
}

type Load = Extract<Point, { kind: "load" }>;

interface Axis {
  readonly extent: number;
  readonly reduced: boolean;
  /** Strides of the left and right factor and of the result. */
  readonly strides: readonly [number, number, number];
}

/** The factors of a nest that only sums products of two loads. */
function factorsOf({ stores }: Nest): [Load, Load] | undefined {
  const [store] = stores;
  const point = store?.point;
  if (stores.length !== 1 || point?.kind !== "reduce" || point.primitive !== "reduceSum") return undefined;
  const product = point.input;
  if (product.kind !== "apply" || product.primitive !== "mul") return undefined;
  const [a, b] = product.inputs as readonly [Point, Point];
  return a.kind === "load" && b.kind === "load" ? [a, b] : undefined;
}

/** Plans a product, or leaves the nest to plain loops. */
export function planProduct(nest: Nest, traits: TargetTraits): PlannedProduct | undefined {
  const factors = factorsOf(nest);
  const [store] = nest.stores;
  if (factors === undefined || store === undefined) return undefined;
  const forms: readonly [Affine, Affine, Affine] = [factors[0].offset, factors[1].offset, store.offset];
  const axes = planLoops(nest, traits).loops.map(({ extent, reduced, axis }): Axis => {
    const strides = forms.map(({ coefficients }) => coefficients[axis] as number) as [number, number, number];
    return { extent, reduced, strides };
  });
  const widths = laneWidths(traits, bytesOf(store.target.type.dtype));
  const choice = chooseFactor(axes, widths);
  if (choice === undefined) return undefined;
  const { side, lane, row } = choice;
  const wide = factors[side];
  const narrow = factors[1 - side] as Load;
  const panel = panelWidth(axes, side, lane, row, traits, bytesOf(store.target.type.dtype));
  const isNeeded = lane.strides[side] !== 1 || panel < lane.extent;
  const packed = isNeeded ? packing(wide, axes, side, lane, panel) : undefined;
  const strideOf = (axis: Axis): number => packed?.strides.get(axis) ?? axis.strides[side];
  const productAxis = (axis: Axis): ProductAxis => ({
    extent: axis.extent,
    wide: axis.strides[side] === 0 ? 0 : strideOf(axis),
    narrow: axis.strides[1 - side] as number,
    result: axis.strides[2],
  });
  return {
    product: {
      dtype: store.target.type.dtype,
      outer: axes.filter((axis) => !axis.reduced && axis !== lane && axis !== row).map(productAxis),
      rows: productAxis(row),
      lanes: productAxis(lane),
      contracted: axes.filter(({ reduced }) => reduced).map(productAxis),
      panelStep: packed?.panelStep ?? 1,
      offsets: {
        wide: packed === undefined ? wide.offset.constant : 0,
        narrow: narrow.offset.constant,
        result: store.offset.constant,
      },
    },
    wide: packed?.target ?? wide.source,
    narrow: narrow.source,
    result: store.target,
    pack: packed?.nest,
  };
}

interface Choice {
  readonly side: 0 | 1;
  readonly lane: Axis;
  readonly row: Axis;
}

/** The factor that carries the lanes: one with a free axis of unit stride, whose results are neighbours if possible. */
function chooseFactor(axes: readonly Axis[], widths: readonly number[]): Choice | undefined {
  const contracted = axes.filter(({ reduced }) => reduced);
  if (contracted.length === 0) return undefined;
  const free = (side: 0 | 1): Axis[] =>
    axes.filter(({ reduced, strides }) => !reduced && strides[side] !== 0 && strides[1 - side] === 0);
  const longest = (list: readonly Axis[]): Axis | undefined =>
    list.reduce<Axis | undefined>(
      (best, axis) => (best === undefined || axis.extent > best.extent ? axis : best),
      undefined,
    );
  let best: (Choice & { score: number }) | undefined;
  for (const side of [1, 0] as const) {
    const row = longest(free((1 - side) as 0 | 1));
    if (row === undefined || row.extent < 2) continue;
    for (const lane of free(side)) {
      const fitting = widths.filter((lanes) => lanes <= lane.extent);
      const [lanes] = fitting;
      if (lanes === undefined) continue;
      const turns = segmentsOf(lane.extent, fitting, 1).reduce(
        (sum, { from, to, lanes: n }) => sum + (to - from) / n,
        0,
      );
      const filled = lane.extent / ((widths[0] as number) * turns);
      const packs = lane.strides[side] === 1 ? 1 : 0.4 + 0.1 / sizeOfFactor(axes, side);
      const score = filled * packs * (lane.strides[2] === 1 ? 1 : 0.9);
      if (best === undefined || score > best.score) best = { side, lane, row, score };
    }
  }
  return best;
}

function sizeOfFactor(axes: readonly Axis[], side: 0 | 1): number {
  return axes.reduce((size, { extent, strides }) => (strides[side] === 0 ? size : size * extent), 1);
}

/**
 * How many lanes lie together in the wide factor: all, or those of one block where that keeps a large factor's rows from
 * being spread over the cache; it must be read often enough to pay for the copy.
 */
function panelWidth(
  axes: readonly Axis[],
  side: 0 | 1,
  lane: Axis,
  row: Axis,
  traits: TargetTraits,
  elementBytes: number,
): number {
  const width = (laneWidths(traits, elementBytes)[0] as number) * blockSize(traits).vectors;
  const isLarge = sizeOfFactor(axes, side) * elementBytes > panelThreshold;
  return isLarge && row.extent >= 32 && lane.extent % width === 0 ? width : lane.extent;
}

/** Bytes of a factor above which it is copied into panels: about a second-level cache. */
const panelThreshold = 1 << 18;

interface Packing {
  readonly nest: Nest;
  readonly target: Variable;
  readonly strides: ReadonlyMap<Axis, number>;
  readonly panelStep: number;
}

/** A copy of a factor with `panel` lanes as its last axis, in panels one after the other. */
function packing(factor: Load, axes: readonly Axis[], side: 0 | 1, lane: Axis, panel: number): Packing {
  const others = axes.filter((axis) => axis !== lane && axis.strides[side] !== 0);
  const outer = others.filter(({ reduced }) => !reduced);
  const inner = others.filter(({ reduced }) => reduced);
  const strides = new Map<Axis, number>([[lane, 1]]);
  let stride = panel;
  for (const axis of inner.toReversed()) {
    strides.set(axis, stride);
    stride *= axis.extent;
  }
  const panelStride = stride;
  stride *= lane.extent / panel;
  for (const axis of outer.toReversed()) {
    strides.set(axis, stride);
    stride *= axis.extent;
  }
  const step = lane.strides[side] as number;
  const from = [
    ...outer.map((axis) => axis.strides[side]),
    panel * step,
    ...inner.map((axis) => axis.strides[side]),
    step,
  ];
  const to = [...outer, lane, ...inner, lane].map((axis) => strides.get(axis) as number);
  to[outer.length] = panelStride;
  const domain = [...outer, { extent: lane.extent / panel }, ...inner, { extent: panel }].map(({ extent }) => extent);
  const dtype = factor.source.type.dtype;
  const target = variable({ dtype, shape: domain });
  const offset: Affine = { constant: factor.offset.constant, coefficients: from };
  const point: Point = { kind: "load", dtype, source: factor.source, offset };
  const nest: Nest = {
    domain,
    reduced: domain.map(() => false),
    points: [point],
    stores: [{ target, point, offset: { constant: 0, coefficients: to } }],
  };
  return { nest, target, strides, panelStep: panel < lane.extent ? panelStride / panel : 1 };
}
