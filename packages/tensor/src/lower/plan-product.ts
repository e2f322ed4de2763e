/**
 * Whether a nest is a matrix product worth blocking, and how its axes are used.
 *
 * In: a nest with one sum of products of two loads, which is stored, added to what is there, or put to use in point
 * operations whose results are. Out: the product for `emit-product.ts`, with the copies that must run before. The factor that carries the lanes, its axis of lanes and the
 * rows of the other are chosen by an estimate of the time of everything: blocks, copies, results that do not lie side by
 * side. Undefined where plain loops are as good: no free axis long enough for lanes, or no rows to block.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import { bytesOf } from "./element-bytes.ts";
import type { Nest, Point } from "./nest.ts";
import { epiloguePoints, planEpilogue } from "./plan-epilogue.ts";
import { planLoops } from "./plan-loops.ts";
import type { PlanAxis, Product, ProductAxis } from "./product.ts";
import { collide, packFactor, turnFactor } from "./product-packing.ts";
import { chooseTiling, type Tiling } from "./product-tiling.ts";

/** A product, and what its kernel's parameters are. */
export interface PlannedProduct {
  readonly product: Product;
  /** Make the factors, the wide one first, from what they were; no nests where one is read as it is. */
  readonly copies: readonly [readonly Nest[], readonly Nest[]];
}

type Load = Extract<Point, { kind: "load" }>;

/** The sum of a nest and its factors, if it has one sum, of products of two loads. */
function factorsOf({ points }: Nest): { readonly sum: Point; readonly factors: readonly [Load, Load] } | undefined {
  const [sum, ...more] = points.filter(({ kind }) => kind === "reduce");
  if (sum?.kind !== "reduce" || more.length > 0 || sum.primitive !== "reduceSum") return undefined;
  const product = sum.input;
  if (product.kind !== "apply" || product.primitive !== "mul") return undefined;
  const [a, b] = product.inputs as readonly [Point, Point];
  const isPlain = (factor: Point): factor is Load => factor.kind === "load" && factor.dynamic === undefined;
  return isPlain(a) && isPlain(b) ? { sum, factors: [a, b] } : undefined;
}

/** Plans a product, or leaves the nest to plain loops. */
export function planProduct(nest: Nest, traits: TargetTraits): PlannedProduct | undefined {
  const found = factorsOf(nest);
  if (found === undefined) return undefined;
  const { factors, sum } = found;
  const axes = planLoops(nest, traits).loops.map(({ extent, reduced, axis }): PlanAxis => {
    const strides = factors.map(({ offset }) => offset.coefficients[axis] as number) as [number, number];
    return { extent, reduced, axis, strides };
  });
  const points = epiloguePoints(nest, sum, axes);
  if (points === undefined) return undefined;
  const { dtype } = sum;
  const problem = {
    axes,
    stores: nest.stores,
    traits,
    elementBytes: bytesOf(dtype),
    hasEpilogue: points.length > 0,
  };
  const choice = choose(problem);
  if (choice === undefined) return undefined;
  const { side, lane, row, tiling } = choice;
  if (tiling.sums.length + (tiling.sums[0]?.count ?? 0) > 2 && points.length > 0) return undefined;
  const [wide, narrow] = [factors[side], factors[1 - side] as Load];
  const packed = choice.packs ? packFactor(wide, axes, side, lane, tiling) : undefined;
  const other = (1 - side) as 0 | 1;
  const turned = isTurned(problem, other, choice) ? turnFactor(narrow, axes, other, bytesOf(dtype)) : undefined;
  const productAxis = (axis: PlanAxis): ProductAxis => ({
    extent: axis.extent,
    wide: packed?.strides.get(axis) ?? axis.strides[side],
    narrow: turned?.strides.get(axis) ?? axis.strides[other],
    axis: axis.axis,
  });
  const first = [packed?.target ?? wide.source, turned?.target ?? narrow.source];
  return {
    product: {
      dtype,
      outer: axes.filter((axis) => !axis.reduced && axis !== lane && axis !== row).map(productAxis),
      rows: productAxis(row),
      lanes: productAxis(lane),
      contracted: axes.filter(({ reduced }) => reduced).map(productAxis),
      tiling,
      panels: packed !== undefined,
      offsets: {
        wide: packed === undefined ? wide.offset.constant : 0,
        narrow: turned === undefined ? narrow.offset.constant : 0,
      },
      epilogue: planEpilogue({ sum, points, stores: nest.stores }, first, tiling),
    },
    copies: [packed?.nests ?? [], turned?.nests ?? []],
  };
}

interface Choice {
  /** Which factor carries the lanes. */
  readonly side: 0 | 1;
  readonly lane: PlanAxis;
  readonly row: PlanAxis;
  readonly tiling: Tiling;
  /** Whether that factor is copied into panels first. */
  readonly packs: boolean;
}

interface Problem {
  readonly axes: readonly PlanAxis[];
  readonly stores: Nest["stores"];
  readonly traits: TargetTraits;
  readonly elementBytes: number;
  readonly hasEpilogue: boolean;
}

/** The choice of the least estimated time. */
function choose({ axes, stores, traits, elementBytes, hasEpilogue }: Problem): Choice | undefined {
  const contracted = axes.filter(({ reduced }) => reduced);
  if (contracted.length === 0) return undefined;
  const free = (side: 0 | 1): PlanAxis[] =>
    axes.filter(({ reduced, strides }) => !reduced && strides[side] !== 0 && strides[1 - side] === 0);
  let best: (Choice & { readonly cycles: number }) | undefined;
  for (const side of [1, 0] as const) {
    const row = longest(free((1 - side) as 0 | 1));
    if (row === undefined || row.extent < 2) continue;
    for (const lane of free(side)) {
      const rowBytes = Math.abs(row.strides[1 - side] as number) * elementBytes;
      const extents = contracted.map(({ extent }) => extent);
      if (stores.some(({ offset }) => offset.coefficients[lane.axis] === 0)) continue;
      // Rows of the narrow factor that lie side by side share lines, which stay in a cache for a short chain only.
      const longestChain = hasEpilogue ? 1024 : row.strides[1 - side] === 1 ? 256 : 512;
      const sizes = {
        rows: row.extent,
        lanes: lane.extent,
        contracted: extents,
        longestChain,
      };
      const tiling = chooseTiling({ ...sizes, elementBytes, rowBytes }, traits);
      if (tiling === undefined) continue;
      const choice = {
        side,
        lane,
        row,
        tiling,
        packs: isPacked(axes, side, lane, row, elementBytes),
      };
      const cycles = estimate(axes, stores, choice);
      if (best === undefined || cycles < best.cycles) best = { ...choice, cycles };
    }
  }
  return best;
}

function longest(axes: readonly PlanAxis[]): PlanAxis | undefined {
  return axes.reduce<PlanAxis | undefined>(
    (best, axis) => (best === undefined || axis.extent > best.extent ? axis : best),
    undefined,
  );
}

/**
 * Whether a factor is copied: lanes must lie side by side, and the rows of a large factor should not be spread over the
 * cache; that pays only when it is read often.
 */
function isPacked(
  axes: readonly PlanAxis[],
  side: 0 | 1,
  lane: PlanAxis,
  row: PlanAxis,
  elementBytes: number,
): boolean {
  if (lane.strides[side] !== 1) return true;
  return sizeOf(axes, side) * elementBytes > panelThreshold && row.extent >= 32;
}

/**
 * Whether the narrow factor is turned: one of which each turn of a chain reads a few numbers side by side, far from the
 * last. All these are on pages of their own, or drive one another out of the cache where they are a power of two apart.
 * Long vectors are so much faster than the copy that it pays later.
 */
function isTurned(
  { axes, elementBytes, traits }: Problem,
  side: 0 | 1,
  { lane, row }: Pick<Choice, "lane" | "row">,
): boolean {
  if (row.strides[side] !== 1 || lane.extent < leastUses || axes.some(({ strides }) => strides[side] < 0)) return false;
  const collides = axes.some(({ reduced, strides }) => reduced && collide(strides[side] * elementBytes));
  const least = collides || traits.vectorBytes <= 16 ? panelThreshold : manyPages;
  return sizeOf(axes, side) * elementBytes > least;
}

/** Bytes of a factor on more pages than a processor finds at once. */
const manyPages = 1 << 20;

/** Lanes of a product, each of which reads the narrow factor, from which on a copy of it pays. */
const leastUses = 128;

/** Bytes of a factor above which it is copied into panels: about a second-level cache. */
const panelThreshold = 1 << 18;

/** Cycles of the whole product, its copies, and results that are written one by one. */
function estimate(
  axes: readonly PlanAxis[],
  stores: Nest["stores"],
  { side, lane, row, tiling, packs }: Choice,
): number {
  const turns = axes.reduce(
    (count, axis) => (axis.reduced || axis === lane || axis === row ? count : count * axis.extent),
    1,
  );
  const copy = packs ? sizeOf(axes, side) * (lane.strides[side] === 1 ? 0.2 : 0.5) : 0;
  const results = axes.reduce((size, { extent, reduced }) => (reduced ? size : size * extent), 1);
  const scatter = stores.every(({ offset }) => offset.coefficients[lane.axis] === 1) ? 0 : results;
  return turns * tiling.cycles + copy + scatter;
}

/** Elements of a factor. */
function sizeOf(axes: readonly PlanAxis[], of: 0 | 1): number {
  return axes.reduce((size, { extent, strides }) => (strides[of] === 0 ? size : size * extent), 1);
}
