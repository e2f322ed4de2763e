/**
 * Matrix products: register-blocked loops in the kernel language.
 *
 * In: a product (`product.ts`) with its tiling. Out: statements. The narrow factor is read one number at a time and
 * repeated over the lanes. A block of rows x vectors of sums stays in registers while a chunk of the contracted axes
 * runs; chunks after the first are added to the result. Chunks of rows keep the narrow factor in a cache. Sums that are
 * put to more use than a few operations leave the registers first, so that what follows is written once for a row.
 *
 * Each result is a sum of chains of additions, one for each chunk, over the contracted axes in order.
 */
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Accuracy, Address, Expression, Local, LoopVariable, Statement } from "../kernel/kernel.ts";
import { bytesOf } from "./element-bytes.ts";
import { emitEpilogueRow, type Position } from "./emit-epilogue.ts";
import type { Product, ProductAxis } from "./product.ts";
import type { Blocks, LaneBlocks } from "./product-tiling.ts";

interface Emission {
  readonly product: Product;
  /** The same, with its sums added to what the result holds. */
  readonly adding: Product;
  /** Elements of a panel for each of its lanes; 1 without panels. */
  readonly panelStep: number;
  /** Where each axis of the nest is: a known part, and the counters of its open loops. */
  readonly places: Map<number, Position>;
}

const origin: Position = { known: 0, counters: [] };

/** The statements of a product. */
export function emitProduct(product: Product, accuracy?: Accuracy): readonly Statement[] {
  const block = createBlock(accuracy);
  const turns = product.contracted.reduce((total, { extent }) => total * extent, 1);
  const stores = product.epilogue.stores.map((store) => ({
    ...store,
    accumulate: true,
  }));
  const adding = { ...product, epilogue: { ...product.epilogue, stores } };
  const emission: Emission = {
    product,
    adding,
    panelStep: product.panels ? turns : 1,
    places: new Map(),
  };
  overAll(block, emission, product.outer, (inner) => emitSumChunks(inner, emission));
  return block.statements;
}

/** Runs over blocks of an axis, from where it stands; a single one without a loop. */
function over(
  block: Block,
  { places }: Emission,
  axis: ProductAxis,
  { from, count, step }: Blocks,
  write: (block: Block) => void,
): void {
  const under = places.get(axis.axis) ?? origin;
  if (count === 1) {
    places.set(axis.axis, { ...under, known: under.known + from });
    write(block);
  } else if (count > 1) {
    block.loop("i", from, from + count * step, step, (inner, counter) => {
      places.set(axis.axis, {
        ...under,
        counters: [...under.counters, counter],
      });
      write(inner);
    });
  }
  places.set(axis.axis, under);
}

function overAll(block: Block, emission: Emission, axes: readonly ProductAxis[], write: (block: Block) => void): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) write(block);
  else {
    const blocks = { from: 0, count: axis.extent, step: 1 };
    over(block, emission, axis, blocks, (inner) => overAll(inner, emission, rest, write));
  }
}

/** Chunks of the contracted axes: all but the first add to the result. */
function emitSumChunks(block: Block, emission: Emission): void {
  const { tiling, contracted } = emission.product;
  const [first, ...inner] = contracted as readonly [ProductAxis, ...ProductAxis[]];
  tiling.sums.forEach(({ from, count, step, size }, i) => {
    const axes = [{ ...first, extent: size }, ...inner];
    const isFirst = i === 0;
    if (isFirst) {
      over(block, emission, first, { from, count: 1, step }, (body) => {
        emitRowChunks(body, emission, { axes, adds: false });
      });
    }
    const rest = isFirst ? { from: from + step, count: count - 1, step } : { from, count, step };
    over(block, emission, first, rest, (body) => emitRowChunks(body, emission, { axes, adds: true }));
  });
}

/** What a block sums: axes as long as the chunk, from where they stand. */
interface Chunk {
  readonly axes: readonly ProductAxis[];
  /** Whether the sums are added to what an earlier chunk left. */
  readonly adds: boolean;
}

/** One block of a chunk: how many rows, which lanes. */
interface Task extends Chunk {
  readonly rows: number;
  readonly lanes: LaneBlocks;
}

function emitRowChunks(block: Block, emission: Emission, chunk: Chunk): void {
  const { rows, lanes, tiling } = emission.product;
  for (const rowChunks of tiling.rows) {
    over(block, emission, rows, rowChunks, (chunkBody) => {
      for (const laneBlocks of tiling.lanes) {
        over(chunkBody, emission, lanes, laneBlocks, (laneBody) => {
          for (const rowBlocks of rowChunks.blocks) {
            over(laneBody, emission, rows, rowBlocks, (body) => {
              emitBlock(body, emission, {
                ...chunk,
                rows: rowBlocks.size,
                lanes: laneBlocks,
              });
            });
          }
        });
      }
    });
  }
}

/** One block of sums over the contracted axes. */
function emitBlock(block: Block, emission: Emission, task: Task): void {
  const { dtype, tiling } = emission.product;
  const zero = build.number(dtype, tiling.width, 0);
  const sums = Array.from({ length: task.rows }, () => task.lanes.vectors.map(() => block.variable("sum", zero)));
  const turns = task.axes.reduce((total, { extent }) => total * extent, 1);
  const isStraight = turns * task.rows * task.lanes.vectors.length <= tiling.straight;
  const run = isStraight ? straightOverAll : overAll;
  run(block, emission, task.axes, (inner) => emitTurn(inner, emission, task, sums));
  finish(block, emission, task, sums);
}

/** As `overAll`, without loops. */
function straightOverAll(
  block: Block,
  emission: Emission,
  axes: readonly ProductAxis[],
  write: (block: Block) => void,
): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) {
    write(block);
    return;
  }
  for (let from = 0; from < axis.extent; from++) {
    over(block, emission, axis, { from, count: 1, step: 0 }, () => straightOverAll(block, emission, rest, write));
  }
}

/** Adds one product to each sum. */
function emitTurn(block: Block, emission: Emission, task: Task, sums: readonly (readonly Local[])[]): void {
  const { dtype, tiling } = emission.product;
  const wide = task.lanes.vectors.map((at) =>
    block.name("w", build.load(dtype, tiling.width, addressOf(emission, task, "wide", 0, at))),
  );
  sums.forEach((ofRow, row) => {
    const at = addressOf(emission, task, "narrow", row, 0);
    const narrow = block.name("n", build.load(dtype, tiling.width, at, { kind: "splat" }));
    ofRow.forEach((sum, v) => {
      block.set(sum, build.add(build.read(sum), build.mul(narrow, wide[v] as Expression)));
    });
  });
}

/** Puts the sums to use: from registers, or row by row from a small piece of memory. */
function finish(block: Block, emission: Emission, task: Task, sums: readonly (readonly Local[])[]): void {
  const product = task.adds ? emission.adding : emission.product;
  const { rows, dtype, tiling, epilogue } = product;
  const { vectors } = task.lanes;
  const write = (body: Block, values: readonly Expression[]): void =>
    emitEpilogueRow(body, product, {
      positions: emission.places,
      vectors,
      sums: values,
    });
  const { scratch } = epilogue;
  if (scratch === undefined) {
    sums.forEach((ofRow, row) => {
      over(block, emission, rows, { from: row, count: 1, step: 0 }, (body) => write(body, ofRow.map(build.read)));
    });
    return;
  }
  const bytes = tiling.width * bytesOf(dtype);
  sums.flat().forEach((sum, i) => {
    block.store(build.address(scratch, i * bytes), build.read(sum));
  });
  block.loop("row", 0, sums.length, 1, (body, row) => {
    const terms = [{ loop: row, stride: vectors.length * bytes }];
    const values = vectors.map((_, v) =>
      body.name("s", build.load(dtype, tiling.width, build.address(scratch, v * bytes, terms))),
    );
    const under = emission.places.get(rows.axis) ?? origin;
    emission.places.set(rows.axis, {
      ...under,
      counters: [...under.counters, row],
    });
    write(body, values);
    emission.places.set(rows.axis, under);
  });
}

const bases = { wide: 0, narrow: 1 };

/** The address of a factor, some rows and lanes from where the block starts. */
function addressOf(emission: Emission, task: Task, of: keyof typeof bases, row: number, lane: number): Address {
  const { product, places, panelStep } = emission;
  const bytes = bytesOf(product.dtype);
  let offset = product.offsets[of] + row * product.rows[of] + lane * product.lanes[of];
  const terms: { readonly loop: LoopVariable; readonly stride: number }[] = [];
  const move = (axis: ProductAxis, scale = 1): void => {
    const { known, counters } = places.get(axis.axis) ?? origin;
    const step = axis[of] * scale;
    offset += step * known;
    if (step !== 0) for (const loop of counters) terms.push({ loop, stride: step * bytes });
  };
  for (const axis of product.outer) move(axis);
  move(product.lanes, of === "wide" ? panelStep : 1);
  move(product.rows);
  for (const axis of task.axes) move(axis, of === "wide" && product.panels ? task.lanes.size : 1);
  return build.address(bases[of], offset * bytes, terms);
}
