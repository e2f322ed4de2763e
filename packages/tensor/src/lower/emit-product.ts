/**
 * Matrix products: register-blocked loops in the kernel language.
 *
 * In: the extents of the product's axes with the strides of both factors and the result along each (any transposition,
 * no copies), and which axis carries lanes: it has unit stride in the factor that has it ("wide"). Out: statements. The
 * other factor ("narrow") is read one number at a time and repeated over the lanes. A block of rows x vectors of sums
 * stays in registers while the contracted axes run; edges are smaller blocks of the same form.
 *
 * Each result is one chain of additions over the contracted axes in order.
 */
import type { DType } from "../dtype.ts";
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Access, Expression, Local, LoopVariable, Statement, TargetTraits } from "../kernel/kernel.ts";
import { bytesOf } from "./element-bytes.ts";
import { laneWidths, segmentsOf } from "./plan-loops.ts";

/** One axis of a product: its extent, and the strides, in elements, of the two factors and the result. */
export interface ProductAxis {
  readonly extent: number;
  readonly wide: number;
  readonly narrow: number;
  readonly result: number;
}

/** A product ready to be written. Parameters of the kernel: wide, narrow, result. */
export interface Product {
  readonly dtype: DType;
  /** Run outside, in order: batch axes and free axes that are neither rows nor lanes. */
  readonly outer: readonly ProductAxis[];
  readonly rows: ProductAxis;
  /** `wide` is 1. */
  readonly lanes: ProductAxis;
  readonly contracted: readonly ProductAxis[];
  /**
   * Elements of the wide factor from one lane to the next, block by block: 1, or more where the factor has been copied
   * into panels as wide as a block, one after the other.
   */
  readonly panelStep: number;
  readonly offsets: { readonly wide: number; readonly narrow: number; readonly result: number };
}

/** Rows and vectors of the block whose sums stay in registers. */
export interface BlockSize {
  readonly rows: number;
  readonly vectors: number;
}

/** Sums, one row of the wide factor, one repeated number and one product must fit into the registers. */
export function blockSize({ registers }: TargetTraits): BlockSize {
  if (registers >= 32) return { rows: 6, vectors: 4 };
  return registers >= 16 ? { rows: 4, vectors: 2 } : { rows: 2, vectors: 2 };
}

/** Bytes of the narrow factor that one round over the lanes reads again and again: within a second-level cache. */
const chunkBytes = 1 << 18;

interface Emission {
  readonly product: Product;
  readonly size: BlockSize;
  /** The lanes of vectors, widest first. */
  readonly widths: readonly number[];
  /** Counters of the open loops; those of one axis add up. */
  readonly counters: Map<ProductAxis, readonly LoopVariable[]>;
}

/** The statements of a product. */
export function emitProduct(product: Product, traits: TargetTraits): readonly Statement[] {
  const block = createBlock();
  const widths = laneWidths(traits, bytesOf(product.dtype)).filter((lanes) => lanes <= product.lanes.extent);
  const emission: Emission = { product, size: blockSize(traits), widths, counters: new Map() };
  overAll(block, emission, product.outer, (inner) => emitChunks(inner, emission));
  return block.statements;
}

/** A loop over a part of an axis; `under` are the counters of the same axis outside. */
function over(
  block: Block,
  { counters }: Emission,
  axis: ProductAxis,
  [from, to, step]: readonly [number, number, number],
  write: (block: Block) => void,
  under: readonly LoopVariable[] = [],
): void {
  if (from >= to) return;
  block.loop("i", from, to, step, (inner, counter) => {
    counters.set(axis, [...under, counter]);
    write(inner);
  });
}

function overAll(block: Block, emission: Emission, axes: readonly ProductAxis[], write: (block: Block) => void): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) write(block);
  else over(block, emission, axis, [0, axis.extent, 1], (inner) => overAll(inner, emission, rest, write));
}

/** Chunks of rows, so that the narrow factor stays in a cache while the lanes go round. */
function emitChunks(block: Block, emission: Emission): void {
  const { rows, contracted, dtype } = emission.product;
  const rowBytes = contracted.reduce((product, { extent }) => product * extent, bytesOf(dtype));
  const blocks = Math.max(1, Math.floor(chunkBytes / rowBytes / emission.size.rows));
  const chunk = blocks * emission.size.rows;
  const chunked = rows.extent >= 2 * chunk ? rows.extent - (rows.extent % chunk) : 0;
  over(block, emission, rows, [0, chunked, chunk], (inner) => {
    emitLanes(inner, emission, 0, chunk, emission.counters.get(rows));
  });
  emitLanes(block, emission, chunked, rows.extent, []);
}

/** Blocks along the lanes: whole blocks, single vectors of ever narrower widths, single elements. */
function emitLanes(
  block: Block,
  emission: Emission,
  firstRow: number,
  endRow: number,
  under: readonly LoopVariable[] | undefined,
): void {
  if (firstRow >= endRow) return;
  const { lanes: axis } = emission.product;
  for (const { from, to, lanes, copies } of segmentsOf(axis.extent, emission.widths, emission.size.vectors)) {
    over(block, emission, axis, [from, to, lanes * copies], (inner) => {
      const { rows } = emission.size;
      const end = endRow - ((endRow - firstRow) % rows);
      const write = (count: number) => (body: Block) => emitBlock(body, emission, count, copies, lanes);
      over(inner, emission, emission.product.rows, [firstRow, end, rows], write(rows), under);
      over(inner, emission, emission.product.rows, [end, endRow, rows], write(endRow - end), under);
    });
  }
}

/** One block of sums over the contracted axes. */
function emitBlock(block: Block, emission: Emission, rows: number, vectors: number, lanes: number): void {
  const { product } = emission;
  const { dtype } = product;
  const sums = Array.from({ length: rows * vectors }, () => block.variable("sum", build.number(dtype, lanes, 0)));
  overAll(block, emission, product.contracted, (inner) => {
    const wide = Array.from({ length: vectors }, (_, v) =>
      inner.name("w", build.load(dtype, lanes, addressOf(emission, "wide", 0, v * lanes))),
    );
    for (let row = 0; row < rows; row++) {
      const splat: Access = lanes === 1 ? { kind: "contiguous" } : { kind: "splat" };
      const narrow = inner.name("n", build.load(dtype, lanes, addressOf(emission, "narrow", row, 0), splat));
      for (let v = 0; v < vectors; v++) {
        const sum = sums[row * vectors + v] as Local;
        inner.set(sum, build.add(build.read(sum), build.mul(narrow, wide[v] as Expression)));
      }
    }
  });
  const step = product.lanes.result;
  const access: Access =
    lanes === 1 || step === 1 ? { kind: "contiguous" } : { kind: "strided", stride: step * bytesOf(dtype) };
  sums.forEach((sum, i) => {
    const to = addressOf(emission, "result", Math.floor(i / vectors), (i % vectors) * lanes);
    block.store(to, build.read(sum), access);
  });
}

const bases = { wide: 0, narrow: 1, result: 2 };

/** The address of a factor or the result, some rows and lanes from the counters. */
function addressOf(
  { product, counters }: Emission,
  of: keyof typeof bases,
  row: number,
  lane: number,
): ReturnType<typeof build.address> {
  const bytes = bytesOf(product.dtype);
  const moved = product.offsets[of] + row * product.rows[of] + lane * product.lanes[of];
  const axes = [...product.outer, product.lanes, product.rows, ...(of === "result" ? [] : product.contracted)];
  const terms = axes.flatMap((axis) => {
    const step = of === "wide" && axis === product.lanes ? product.panelStep : axis[of];
    if (step === 0) return [];
    return (counters.get(axis) ?? []).map((loop) => ({ loop, stride: step * bytes }));
  });
  return build.address(bases[of], moved * bytes, terms);
}
