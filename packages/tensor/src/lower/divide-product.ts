/**
 * A large product of matrices as parts that can run on several threads: some rows and some blocks of lanes each.
 *
 * The product is planned as a whole, then cut: all parts read the same copies of the factors, and each sum is one chain of
 * additions as before, whichever part it is in. Where to cut is chosen by an estimate for two, four and eight threads: with
 * few parts threads are left without work at the end, with many the factors are read again and again.
 */
import { fewestParts, mostParts } from "./divide-nest.ts";
import { bytesOf } from "./element-bytes.ts";
import { operationsPerByte, workOfNest } from "./make-kernel.ts";
import type { Nest } from "./nest.ts";
import type { Product, ProductAxis } from "./product.ts";
import { cutRows, type LaneBlocks, type Tiling } from "./product-tiling.ts";

/** Equal parts of a product, one after the other along an axis. */
export interface ProductPart {
  readonly product: Product;
  readonly count: number;
  /** Bytes from the place of a parameter of the kernel to where the first part has it, and from part to part. */
  readonly place: (parameter: number) => { readonly start: number; readonly stride: number };
}

/** Equal pieces of an axis, side by side. */
interface Pieces {
  readonly from: number;
  readonly count: number;
  readonly size: number;
}

/** An axis, and all ways to cut it that are looked at; the first leaves it whole. */
interface Choices {
  readonly axis: ProductAxis;
  readonly cuts: readonly (readonly Pieces[])[];
  /** Elements to which a step along the axis moves each parameter. */
  readonly moves: readonly number[];
}

/** One way to cut each axis. */
type Cuts = readonly (readonly Pieces[])[];

/** The parts of a product that is enough work, or none. */
export function divideProduct(nest: Nest, product: Product, leastWork: number): readonly ProductPart[] {
  const work = workOfNest(nest);
  const most = Math.min(mostParts, Math.floor(work / (leastWork / fewestParts)));
  if (work < leastWork || most < 2) return [];
  const { outer, rows, lanes, tiling } = product;
  const axes = [...outer, rows, lanes].map((axis): Choices => {
    const moves = movesAlong(product, axis);
    const ways = axis === lanes ? laneCuts(tiling, axis.extent, most) : evenCuts(axis.extent, most);
    return { axis, moves: moves ?? [], cuts: moves === undefined ? ways.slice(0, 1) : ways };
  });
  let best: { readonly cuts: Cuts; readonly cost: number } = { cuts: [], cost: Number.POSITIVE_INFINITY };
  for (const cuts of waysToCut(axes, most)) {
    const cost = costOf(product, axes, cuts, work);
    if (cost < best.cost) best = { cuts, cost };
  }
  return best.cuts.every((pieces) => countOf(pieces) === 1) ? [] : partsOf(product, axes, best.cuts);
}

/** How far each parameter of the kernel moves along an axis; undefined where it cannot be cut there. */
function movesAlong({ epilogue, lanes, panels, contracted }: Product, axis: ProductAxis): number[] | undefined {
  const turns = contracted.reduce((total, { extent }) => total * extent, 1);
  const moves: (number | undefined)[] = [axis.wide * (panels && axis === lanes ? turns : 1), axis.narrow];
  const loads = epilogue.points.flatMap((point) => (point.kind === "load" ? [point] : []));
  const accesses = [...loads, ...epilogue.stores.map(({ target, offset }) => ({ source: target, offset }))];
  for (const { source, offset } of accesses) {
    const parameter = epilogue.sources.indexOf(source, 2);
    const move = offset.coefficients[axis.axis] as number;
    if ((moves[parameter] ?? move) !== move) return undefined;
    moves[parameter] = move;
  }
  if (epilogue.stores.some(({ offset }) => offset.coefficients[axis.axis] === 0)) return undefined;
  const known = epilogue.sources.map((_, parameter) => moves[parameter] ?? 0);
  return known.every((move) => move >= 0) ? known : undefined;
}

function evenCuts(extent: number, most: number): Cuts {
  return Array.from({ length: Math.min(most, extent) }, (_, i) => {
    const size = Math.ceil(extent / (i + 1));
    const count = Math.floor(extent / size);
    const rest = extent - count * size;
    return [{ from: 0, count, size }, ...(rest === 0 ? [] : [{ from: count * size, count: 1, size: rest }])];
  });
}

/** Cuts between blocks: a copy of the wide factor has the lanes of a block side by side. */
function laneCuts({ lanes }: Tiling, extent: number, most: number): Cuts {
  const starts = lanes.flatMap(({ from, count, step }) => Array.from({ length: count }, (_, i) => from + i * step));
  return Array.from({ length: Math.min(most, starts.length) }, (_, i) => {
    const blocks = Math.ceil(starts.length / (i + 1));
    const runs: Pieces[] = [];
    let before = "";
    for (let first = 0; first < starts.length; first += blocks) {
      const from = starts[first] as number;
      const size = (starts[first + blocks] ?? extent) - from;
      const form = JSON.stringify(lanesWithin(lanes, { from, size }));
      const last = runs.at(-1);
      if (last !== undefined && form === before) runs[runs.length - 1] = { ...last, count: last.count + 1 };
      else runs.push({ from, count: 1, size });
      before = form;
    }
    return runs;
  });
}

/** The blocks that start in a piece, counted from its start. */
function lanesWithin(lanes: readonly LaneBlocks[], { from, size }: Pick<Pieces, "from" | "size">): LaneBlocks[] {
  return lanes.flatMap((blocks) => {
    const { count, step } = blocks;
    const first = Math.max(0, Math.ceil((from - blocks.from) / Math.max(step, 1)));
    const end = Math.min(count, Math.ceil((from + size - blocks.from) / Math.max(step, 1)));
    return end > first ? [{ ...blocks, from: blocks.from + first * step - from, count: end - first }] : [];
  });
}

/** All choices of a cut for each axis that give no more parts than `most`. */
function waysToCut([axis, ...rest]: readonly Choices[], most: number): readonly Cuts[] {
  if (axis === undefined) return [[]];
  return axis.cuts.flatMap((pieces) => {
    const count = countOf(pieces);
    return count > most ? [] : waysToCut(rest, Math.floor(most / count)).map((others) => [pieces, ...others]);
  });
}

function countOf(pieces: readonly Pieces[]): number {
  return pieces.reduce((total, { count }) => total + count, 0);
}

/** The work of a thread, in simple operations, for the whole product: some of it is waiting for others, or for memory. */
function costOf(product: Product, axes: readonly Choices[], cuts: Cuts, work: number): number {
  const parts = cuts.reduce((total, pieces) => total * countOf(pieces), 1);
  const largest = axes.reduce((share, { axis }, i) => share * ((cuts[i]?.[0]?.size ?? 0) / axis.extent), 1);
  const kinds = cuts.reduce((total, pieces) => total * pieces.length, 1);
  const waiting = [2, 4, 8].map((threads) => Math.ceil(parts / threads) * threads * largest);
  const busy = waiting.reduce((sum, each) => sum + each, 0) / waiting.length + 1 / (2 * parts) + 0.01 * kinds;
  const bytes = (["wide", "narrow"] as const).map((factor) => {
    const size = [...axes.map(({ axis }) => axis), ...product.contracted].reduce((total, axis) => {
      return axis[factor] === 0 ? total : total * axis.extent;
    }, bytesOf(product.dtype));
    const readings = axes.reduce((n, { axis }, i) => (axis[factor] === 0 ? n * countOf(cuts[i] ?? []) : n), 1);
    return size * readings;
  });
  return work * busy + operationsPerByte * bytes.reduce((sum, each) => sum + each, 0);
}

/** The parts: along the axis that is cut most often they are counted, along the others written one by one. */
function partsOf(product: Product, axes: readonly Choices[], cuts: Cuts): readonly ProductPart[] {
  const counts = cuts.map(countOf);
  const counted = counts.indexOf(Math.max(...counts));
  const single = (pieces: readonly Pieces[]): Pieces[] =>
    pieces.flatMap(({ from, count, size }) =>
      Array.from({ length: count }, (_, i) => ({ from: from + i * size, count: 1, size })),
    );
  const along = cuts.map((pieces, i) => (i === counted ? pieces : single(pieces)));
  const element = bytesOf(product.dtype);
  return allOf(along).map((pieces) => ({
    product: shortened(product, pieces),
    count: (pieces[counted] as Pieces).count,
    place: (parameter) => {
      const moves = axes.map((axis) => (axis.moves[parameter] ?? 0) * element);
      const start = pieces.reduce((total, { from }, i) => total + from * (moves[i] as number), 0);
      return { start, stride: (pieces[counted] as Pieces).size * (moves[counted] as number) };
    },
  }));
}

/** Every choice of one from each. */
function allOf<T>([first, ...rest]: readonly (readonly T[])[]): readonly (readonly T[])[] {
  if (first === undefined) return [[]];
  const others = allOf(rest);
  return first.flatMap((each) => others.map((more) => [each, ...more]));
}

/** The product with each axis as long as a piece of it: outer axes, rows, lanes. */
function shortened(product: Product, pieces: readonly Pieces[]): Product {
  const { outer, rows, lanes, tiling, contracted, dtype } = product;
  const [ofRows, ofLanes] = pieces.slice(outer.length) as [Pieces, Pieces];
  const deepest = Math.max(...tiling.rows.flatMap(({ blocks }) => blocks.map(({ size }) => size)));
  const turns = contracted.slice(1).reduce((total, { extent }) => total * extent, tiling.sums[0]?.size ?? 1);
  return {
    ...product,
    outer: outer.map((axis, i) => ({ ...axis, extent: (pieces[i] as Pieces).size })),
    rows: { ...rows, extent: ofRows.size },
    lanes: { ...lanes, extent: ofLanes.size },
    tiling: {
      ...tiling,
      rows: cutRows(ofRows.size, turns * bytesOf(dtype), deepest),
      lanes: lanesWithin(tiling.lanes, ofLanes),
    },
  };
}
