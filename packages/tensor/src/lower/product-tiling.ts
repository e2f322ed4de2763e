/**
 * How the axes of a product are cut: into blocks whose sums stay in registers, and into chunks that stay in a cache.
 *
 * Blocks along an axis are as equal as possible: no remainder of single rows or elements, which would run several times
 * slower. The last vector of lanes lies over its neighbour where the lanes do not divide; it gives the same sums again.
 * Which block is best is found by estimating the time of all that fit the registers.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import { laneWidths } from "./plan-loops.ts";

/** `count` blocks, `step` apart, from `from` on. */
export interface Blocks {
  readonly from: number;
  readonly count: number;
  readonly step: number;
}

/** Blocks along the lanes: how many lanes each has, and where its vectors start. */
export interface LaneBlocks extends Blocks {
  readonly size: number;
  readonly vectors: readonly number[];
}

/** Blocks along the rows, of `size` rows each. */
export interface RowBlocks extends Blocks {
  readonly size: number;
}

/** Chunks of rows: what the narrow factor keeps in a cache while the lanes go round; blocks count from a chunk's start. */
export interface RowChunks extends Blocks {
  readonly blocks: readonly RowBlocks[];
}

/** Chunks of the first contracted axis, of `size` turns each: what the wide factor keeps in a cache. */
export interface SumChunks extends Blocks {
  readonly size: number;
}

/** All axes of a product cut. */
export interface Tiling {
  /** Lanes of every vector. */
  readonly width: number;
  readonly lanes: readonly LaneBlocks[];
  readonly rows: readonly RowChunks[];
  readonly sums: readonly SumChunks[];
  /** Products of one block that are written out without a loop, at most. */
  readonly straight: number;
  /** Estimated time of one product, in cycles. */
  readonly cycles: number;
}

/** The extents of a product, and what matters of its memory. */
export interface TilingProblem {
  readonly rows: number;
  readonly lanes: number;
  /** Extents of the contracted axes. */
  readonly contracted: readonly number[];
  readonly elementBytes: number;
  /** Additions of one chain at most: its rows of the wide factor should fit a first-level cache, and errors grow less. */
  readonly longestChain: number;
  /** Bytes from one row of the narrow factor to the next. */
  readonly rowBytes: number;
}

/** Cuts found before, by their problem: a program has hundreds of products of a few shapes. */
const known = new WeakMap<TargetTraits, Map<string, Tiling | undefined>>();

/** The best cut, or undefined when the lanes do not fill one vector. */
export function chooseTiling(problem: TilingProblem, traits: TargetTraits): Tiling | undefined {
  const { rows, lanes, contracted, elementBytes, longestChain, rowBytes } = problem;
  const key = [rows, lanes, elementBytes, longestChain, rowBytes, ...contracted].join();
  const before = known.get(traits) ?? new Map<string, Tiling | undefined>();
  known.set(traits, before);
  if (!before.has(key)) before.set(key, findTiling(problem, traits));
  return before.get(key);
}

function findTiling(problem: TilingProblem, traits: TargetTraits): Tiling | undefined {
  const width = laneWidths(traits, problem.elementBytes).find((lanes) => lanes <= problem.lanes);
  if (width === undefined) return undefined;
  const vectors = Math.ceil(problem.lanes / width);
  let best:
    | {
        readonly rows: number;
        readonly vectors: number;
        readonly cycles: number;
      }
    | undefined;
  for (const size of blockSizes(problem, width, traits)) {
    const cycles = estimate(problem, vectors, size, traits);
    if (best === undefined || cycles < best.cycles * 0.999) best = { ...size, cycles };
  }
  if (best === undefined) return undefined;
  return {
    width,
    lanes: cutLanes(problem.lanes, width, best.vectors),
    rows: cutRows(problem.rows, chainOf(problem) * problem.elementBytes, best.rows),
    sums: cutSums(problem),
    straight: isEngine(traits) ? 0 : 128,
    cycles: best.cycles,
  };
}

interface BlockSize {
  readonly rows: number;
  readonly vectors: number;
}

/**
 * The blocks that fit the registers: sums, one row of the wide factor, repeated numbers and one product. Engines of
 * WebAssembly load all numbers of a turn before they multiply; on 16 registers more of them would be spilled.
 */
function blockSizes({ rows, lanes, rowBytes }: TilingProblem, width: number, traits: TargetTraits): BlockSize[] {
  const vectors = Math.ceil(lanes / width);
  // Rows of the narrow factor that are a power of two apart share their places in a cache.
  const mostRows = Math.min(rows, rowBytes % 2048 === 0 ? 8 : 16);
  // The last vector lies over one of the same block, so that a sum is added to the result once.
  const leastVectors = Math.min(vectors, lanes % width === 0 ? 1 : 2);
  const sizes: BlockSize[] = [];
  for (let v = leastVectors; v <= Math.min(vectors, 8); v++) {
    for (let r = 1; r <= mostRows; r++) {
      const numbers = isEngine(traits) ? r : 1;
      if (r * v + v + numbers + 1 < traits.registers) sizes.push({ rows: r, vectors: v });
    }
  }
  return sizes.sort((a, b) => a.rows + a.vectors - b.rows - b.vectors);
}

/** Whether these are the traits of WebAssembly, whose engines order instructions in their own way. */
function isEngine({ registers, vectorBytes }: TargetTraits): boolean {
  return registers === 16 && vectorBytes === 16;
}

/** Parts of an extent as equal as possible, none above `most`: how many are of the larger size, and of one less. */
export function evenParts(
  extent: number,
  most: number,
): { readonly size: number; readonly large: number; readonly small: number } {
  const parts = Math.ceil(extent / most);
  const size = Math.ceil(extent / parts);
  const small = parts * size - extent;
  return { size, large: parts - small, small };
}

/** Cycles of a whole product; of equal ones that with the fewest kinds of blocks, each of which is code, is best. */
function estimate(problem: TilingProblem, vectors: number, size: BlockSize, traits: TargetTraits): number {
  const turns = product(problem.contracted);
  const [across, down] = [evenParts(vectors, size.vectors), evenParts(problem.rows, size.rows)];
  const column = (v: number): number =>
    down.large * blockCycles(turns, down.size, v, traits) + down.small * blockCycles(turns, down.size - 1, v, traits);
  const cycles = across.large * column(across.size) + across.small * column(across.size - 1);
  const texts = (across.small > 0 ? 2 : 1) * (down.small > 0 ? 2 : 1);
  return cycles * (1 + 0.005 * texts);
}

/**
 * Cycles of one block, from measurements: two multiply-adds and two loads in a cycle, about six instructions, a panel
 * beyond the first cache read at 24 bytes a cycle, 20 cycles and the stores around.
 */
function blockCycles(turns: number, rows: number, vectors: number, { vectorBytes }: TargetTraits): number {
  if (rows === 0 || vectors === 0) return 0;
  const sums = rows * vectors;
  // Compilers read a vector again for each use when these are few.
  const wideLoads = vectorBytes > 16 && rows <= 4 ? sums : vectors;
  const loads = (wideLoads + rows) / 2;
  const instructions = (2 * sums + vectors + rows + 2) / 6;
  const isFar = turns * vectors * vectorBytes > 24576;
  const cache = isFar ? (vectors * vectorBytes) / 24 : 0;
  return turns * Math.max(sums / 2, loads, instructions, cache, latency) + 20 + 1.5 * sums;
}

/** Cycles from a sum to the next one of the same chain. */
const latency = 3;

/** Whole vectors, the last one moved back over its neighbour where they do not divide; smaller blocks first. */
function cutLanes(extent: number, width: number, most: number): LaneBlocks[] {
  const count = Math.ceil(extent / width);
  const { size, large, small } = evenParts(count, most);
  const vectors = (n: number): number[] => Array.from({ length: n }, (_, v) => v * width);
  const blocks = (from: number, n: number, of: number): LaneBlocks[] =>
    n === 0
      ? []
      : [
          {
            from,
            count: n,
            step: of * width,
            size: of * width,
            vectors: vectors(of),
          },
        ];
  const start = small * (size - 1) * width;
  const first = blocks(0, small, size - 1);
  if (extent % width === 0) return [...first, ...blocks(start, large, size)];
  const last = start + (large - 1) * size * width;
  const moved = [...vectors(size).slice(0, -1), extent - last - width];
  const end: LaneBlocks = {
    from: last,
    count: 1,
    step: 0,
    size: extent - last,
    vectors: moved,
  };
  return [...first, ...blocks(start, large - 1, size), end];
}

/** Bytes of the narrow factor that one round over the lanes reads again and again: within a second-level cache. */
const chunkBytes = 1 << 18;

/** Blocks of at most so many rows, in chunks; `bytes` of a row are read for one chain of additions. */
export function cutRows(rows: number, bytes: number, most: number): RowChunks[] {
  const { size, large, small } = evenParts(rows, most);
  const inChunk = Math.max(1, Math.floor(chunkBytes / (bytes * size)));
  const chunks = large + small >= 2 * inChunk ? Math.floor(large / inChunk) : 0;
  const blocks = (from: number, count: number, of: number): RowBlocks[] =>
    count === 0 ? [] : [{ from, count, step: of, size: of }];
  const whole = chunks * inChunk;
  const step = inChunk * size;
  const rest = [...blocks(0, large - whole, size), ...blocks((large - whole) * size, small, size - 1)];
  return [
    ...(chunks === 0 ? [] : [{ from: 0, count: chunks, step, blocks: blocks(0, inChunk, size) }]),
    ...(rest.length === 0 ? [] : [{ from: whole * size, count: 1, step: 0, blocks: rest }]),
  ];
}

/** Turns of one chain of additions. */
function chainOf({ contracted, longestChain }: TilingProblem): number {
  return Math.min(product(contracted), longestChain);
}

function cutSums({ contracted, longestChain }: TilingProblem): SumChunks[] {
  const [first = 1, ...inner] = contracted;
  const { size, large, small } = evenParts(first, Math.max(1, Math.floor(longestChain / product(inner))));
  const chunks = (from: number, count: number, of: number): SumChunks[] =>
    count === 0 ? [] : [{ from, count, step: of, size: of }];
  return [...chunks(0, large, size), ...chunks(large * size, small, size - 1)];
}

function product(extents: readonly number[]): number {
  return extents.reduce((total, extent) => total * extent, 1);
}
