/**
 * Whether a nest is a matrix product worth blocking, and how its axes are used.
 *
 * In: the nest of a dot (one sum of products of two loads, stored or added to what is there). Out: the product for
 * `emit-product.ts`, with the copies that must run before. The factor that carries the lanes, its axis of lanes and the
 * rows of the other are chosen by an estimate of the time of everything: blocks, copies, results that do not lie side by
 * side. Undefined where plain loops are as good: no free axis long enough for lanes, or no rows to block.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import type { Variable } from "../program/program.ts";
import type { Affine } from "./affine.ts";
import { bytesOf } from "./element-bytes.ts";
import type { Nest, NestStore, Point, Source } from "./nest.ts";
import { planLoops } from "./plan-loops.ts";
import type { PlanAxis, Product, ProductAxis } from "./product.ts";
import { packFactor } from "./product-packing.ts";
import { chooseTiling, type Tiling } from "./product-tiling.ts";

/** A product, and what its kernel's three parameters are. */
export interface PlannedProduct {
  readonly product: Product;
  readonly wide: Source;
  readonly narrow: Source;
  readonly result: Variable;
  /** Make `wide` from the factor as it was; none where it is read as it is. */
  readonly packs: readonly Nest[];
}

type Load = Extract<Point, { kind: "load" }>;

/** The factors of a nest that only sums products of two loads. */
function factorsOf({
  stores,
}: Nest): { readonly factors: readonly [Load, Load]; readonly store: NestStore } | undefined {
  const [store] = stores;
  const point = store?.point;
  if (stores.length !== 1 || point?.kind !== "reduce" || point.primitive !== "reduceSum") return undefined;
  const product = point.input;
  if (store?.dynamic !== undefined || product.kind !== "apply" || product.primitive !== "mul") return undefined;
  const [a, b] = product.inputs as readonly [Point, Point];
  const isPlain = (factor: Point): factor is Load => factor.kind === "load" && factor.dynamic === undefined;
  return store !== undefined && isPlain(a) && isPlain(b) ? { factors: [a, b], store } : undefined;
}

/** Plans a product, or leaves the nest to plain loops. */
export function planProduct(nest: Nest, traits: TargetTraits): PlannedProduct | undefined {
  const found = factorsOf(nest);
  if (found === undefined) return undefined;
  const { factors, store } = found;
  const forms: readonly [Affine, Affine, Affine] = [factors[0].offset, factors[1].offset, store.offset];
  const axes = planLoops(nest, traits).loops.map(({ extent, reduced, axis }): PlanAxis => {
    const strides = forms.map(({ coefficients }) => coefficients[axis] as number) as [number, number, number];
    return { extent, reduced, strides };
  });
  const { dtype } = store.target.type;
  const choice = choose(axes, traits, bytesOf(dtype));
  if (choice === undefined) return undefined;
  const { side, lane, row, tiling } = choice;
  const [wide, narrow] = [factors[side], factors[1 - side] as Load];
  const packed = choice.packs ? packFactor(wide, axes, side, lane, tiling) : undefined;
  const productAxis = (axis: PlanAxis): ProductAxis => ({
    extent: axis.extent,
    wide: packed?.strides.get(axis) ?? axis.strides[side],
    narrow: axis.strides[1 - side] as number,
    result: axis.strides[2],
  });
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
        narrow: narrow.offset.constant,
        result: store.offset.constant,
      },
      accumulate: store.accumulate === true,
    },
    wide: packed?.target ?? wide.source,
    narrow: narrow.source,
    result: store.target,
    packs: packed?.nests ?? [],
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

/** The choice of the least estimated time. */
function choose(axes: readonly PlanAxis[], traits: TargetTraits, elementBytes: number): Choice | undefined {
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
      const problem = { rows: row.extent, lanes: lane.extent, contracted: extents, elementBytes, rowBytes };
      const tiling = chooseTiling(problem, traits);
      if (tiling === undefined) continue;
      const choice = { side, lane, row, tiling, packs: isPacked(axes, side, lane, row, elementBytes) };
      const cycles = estimate(axes, choice);
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

/** Bytes of a factor above which it is copied into panels: about a second-level cache. */
const panelThreshold = 1 << 18;

/** Cycles of the whole product, its copies, and results that are written one by one. */
function estimate(axes: readonly PlanAxis[], { side, lane, row, tiling, packs }: Choice): number {
  const turns = axes.reduce(
    (count, axis) => (axis.reduced || axis === lane || axis === row ? count : count * axis.extent),
    1,
  );
  const copy = packs ? sizeOf(axes, side) * (lane.strides[side] === 1 ? 0.2 : 1) : 0;
  const scatter = lane.strides[2] === 1 ? 0 : sizeOf(axes, 2);
  return turns * tiling.cycles + copy + scatter;
}

/** Elements of a factor or the result. */
function sizeOf(axes: readonly PlanAxis[], of: 0 | 1 | 2): number {
  return axes.reduce((size, { extent, strides }) => (strides[of] === 0 ? size : size * extent), 1);
}
