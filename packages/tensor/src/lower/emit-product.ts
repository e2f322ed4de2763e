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

type Counters = Map<ProductAxis, LoopVariable>;

interface Emission {
  readonly product: Product;
  readonly counters: Counters;
}

/** The statements of a product. */
export function emitProduct(product: Product, traits: TargetTraits): readonly Statement[] {
  const block = createBlock();
  const emission: Emission = { product, counters: new Map() };
  nest(block, product.outer, emission, (inner) => emitLanes(inner, emission, traits));
  return block.statements;
}

function nest(block: Block, axes: readonly ProductAxis[], { counters }: Emission, write: (block: Block) => void): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) {
    write(block);
    return;
  }
  block.loop("o", 0, axis.extent, 1, (inner, counter) => {
    counters.set(axis, counter);
    nest(inner, rest, { counters } as Emission, write);
  });
}

/** Blocks along the lanes: whole blocks, single vectors of ever narrower widths, single elements. */
function emitLanes(block: Block, emission: Emission, traits: TargetTraits): void {
  const { lanes: axis, dtype } = emission.product;
  const size = blockSize(traits);
  const widths = laneWidths(traits, bytesOf(dtype)).filter((lanes) => lanes <= axis.extent);
  for (const { from, to, lanes, copies } of segmentsOf(axis.extent, widths, size.vectors)) {
    segment(block, emission, axis, to, from, lanes * copies, (inner) =>
      emitRows(inner, emission, size.rows, copies, lanes),
    );
  }
}

function segment(
  block: Block,
  { counters }: Emission,
  axis: ProductAxis,
  to: number,
  from: number,
  step: number,
  write: (block: Block) => void,
): void {
  if (from >= to) return;
  block.loop("b", from, to, step, (inner, counter) => {
    counters.set(axis, counter);
    write(inner);
  });
}

function emitRows(block: Block, emission: Emission, rows: number, vectors: number, lanes: number): void {
  const axis = emission.product.rows;
  const whole = axis.extent - (axis.extent % rows);
  segment(block, emission, axis, whole, 0, rows, (inner) => emitBlock(inner, emission, rows, vectors, lanes));
  const rest = axis.extent - whole;
  segment(block, emission, axis, axis.extent, whole, Math.max(1, rest), (inner) =>
    emitBlock(inner, emission, rest, vectors, lanes),
  );
}

/** One block of sums over the contracted axes. */
function emitBlock(block: Block, emission: Emission, rows: number, vectors: number, lanes: number): void {
  const { product } = emission;
  const { dtype } = product;
  const sums = Array.from({ length: rows * vectors }, () => block.variable("sum", build.number(dtype, lanes, 0)));
  nest(block, product.contracted, emission, (inner) => {
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
  const terms = axes.flatMap((axis) =>
    axis[of] === 0 ? [] : [{ loop: counters.get(axis) as LoopVariable, stride: axis[of] * bytes }],
  );
  return build.address(bases[of], moved * bytes, terms);
}
