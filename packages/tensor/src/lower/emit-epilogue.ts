/**
 * What becomes of the sums of a product: one row of a block at a time.
 *
 * In: the points and stores of the product's nest that follow the sum, where the axes of the nest stand, the vectors of
 * one row and their sums. All loads of a row come before its stores: a result may lie over an operand that is read at
 * the same place, and vectors of one row may overlap.
 */
import { defect } from "../errors.ts";
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Access, Address, Expression, LoopVariable } from "../kernel/kernel.ts";
import type { Affine } from "./affine.ts";
import { applyPoint } from "./apply-point.ts";
import { bytesOf } from "./element-bytes.ts";
import type { Point, Source } from "./nest.ts";
import type { Product } from "./product.ts";

/** A position along an axis: the sum of a number and counters. */
export interface Position {
  readonly known: number;
  readonly counters: readonly LoopVariable[];
}

/** One row of a block. */
export interface EpilogueRow {
  /** Where each axis of the nest stands, by its number; missing: at 0. */
  readonly positions: ReadonlyMap<number, Position>;
  /** Where the row's vectors start, from the position of the lanes. */
  readonly vectors: readonly number[];
  readonly sums: readonly Expression[];
}

/** The results of a point for each vector, or for all when it does not vary along the lanes. */
type Values = readonly (readonly Expression[])[];

/** Writes the epilogue of one row; sums without points before them are stored as they are. */
export function emitEpilogueRow(block: Block, product: Product, row: EpilogueRow): void {
  const { epilogue, tiling } = product;
  const values = new Map<Point, Values>([[epilogue.sum, row.sums.map((sum) => [sum])]]);
  for (const point of epilogue.points) values.set(point, computePoint(block, product, row, point, values));
  const writes = epilogue.stores.flatMap(({ target, point, offset, accumulate }) =>
    row.vectors.map((_, v) => {
      const to = addressOf(product, row, target, offset, v);
      const access = accessOf(product, offset);
      const value = build.splat(tiling.width, resultsOf(values, point, v)[0] as Expression);
      if (accumulate !== true) return { to, access, value };
      const before = build.load(target.type.dtype, tiling.width, to, access);
      return { to, access, value: block.name("r", build.add(before, value)) };
    }),
  );
  for (const { to, access, value } of writes) block.store(to, value, access);
}

function resultsOf(values: ReadonlyMap<Point, Values>, point: Point, vector: number): readonly Expression[] {
  const known = values.get(point) as Values;
  return (known[vector] ?? known[0]) as readonly Expression[];
}

function computePoint(
  block: Block,
  product: Product,
  row: EpilogueRow,
  point: Point,
  values: ReadonlyMap<Point, Values>,
): Values {
  const { width } = product.tiling;
  switch (point.kind) {
    case "number":
      return [[build.number(point.dtype, 1, point.value)]];
    case "load": {
      const isVector = stepOf(product, point.offset) !== 0;
      return (isVector ? row.vectors : [0]).map((_, v) => {
        const at = addressOf(product, row, point.source, point.offset, v);
        const access = accessOf(product, point.offset);
        return [block.name("x", build.load(point.dtype, isVector ? width : 1, at, isVector ? access : undefined))];
      });
    }
    case "apply": {
      const inputs = point.inputs.map((input) => values.get(input) as Values);
      const isVector = inputs.some(([first]) => first?.[0]?.lanes === width);
      return (isVector ? row.vectors : [0]).map((_, v) => {
        const operands = point.inputs.map((input) => resultsOf(values, input, v)[0] as Expression);
        const lanes = operands.map((operand) => (isVector ? build.splat(width, operand) : operand));
        const made = applyPoint(block, point.primitive, point.parameters, lanes);
        return made.map((value) => block.name("v", value));
      });
    }
    case "part":
      return (values.get(point.of) as Values).map((parts) => [parts[point.part] as Expression]);
    case "index":
    case "fold":
    case "reduce":
      throw defect(`Cannot emit an epilogue: expected point operations and reads, got ${point.kind}`);
  }
}

/** Elements from lane to lane. */
function stepOf({ lanes }: Product, { coefficients }: Affine): number {
  return coefficients[lanes.axis] as number;
}

function accessOf(product: Product, offset: Affine): Access {
  const step = stepOf(product, offset);
  return step === 1 ? { kind: "contiguous" } : { kind: "strided", stride: step * bytesOf(product.dtype) };
}

/** The address of a form in one vector of the row. */
function addressOf(product: Product, row: EpilogueRow, source: Source, form: Affine, vector: number): Address {
  const bytes = bytesOf(source.type.dtype);
  let offset = form.constant + (row.vectors[vector] as number) * stepOf(product, form);
  const terms: { readonly loop: LoopVariable; readonly stride: number }[] = [];
  for (const [axis, { known, counters }] of row.positions) {
    const step = form.coefficients[axis] as number;
    offset += step * known;
    if (step !== 0) for (const loop of counters) terms.push({ loop, stride: step * bytes });
  }
  return build.address(product.epilogue.sources.indexOf(source, 2), offset * bytes, terms);
}
