/**
 * What may follow the sum of a product in the same kernel: loads and point operations of types as wide as the product's
 * own, stored at places that move with the lanes.
 */
import type { DType } from "../dtype.ts";
import { type Variable, variable } from "../program/program.ts";
import { costOf } from "./cost.ts";
import { bytesOf } from "./element-bytes.ts";
import { inputsOf, type Nest, type NestStore, type Point, type Source } from "./nest.ts";
import type { Epilogue, PlanAxis } from "./product.ts";
import type { Tiling } from "./product-tiling.ts";

/** The points between the sum and the stores, inputs first; undefined where they cannot be written with the product. */
export function epiloguePoints(nest: Nest, sum: Point, axes: readonly PlanAxis[]): readonly Point[] | undefined {
  const needed = new Set<Point>();
  const visit = (point: Point): void => {
    if (point === sum || needed.has(point)) return;
    inputsOf(point).forEach(visit);
    needed.add(point);
  };
  for (const { point } of nest.stores) visit(point);
  const reduced = axes.filter((axis) => axis.reduced);
  const isAsWide = (dtype: DType): boolean => bytesOf(dtype) === bytesOf(sum.dtype);
  const isKept = (point: Point): boolean => {
    if (point.kind === "index" || point.kind === "reduce") return false;
    if (point.kind !== "load") return isAsWide(point.dtype) || point.dtype === "bool";
    const moves = reduced.some(({ axis }) => point.offset.coefficients[axis] !== 0);
    return isAsWide(point.dtype) && point.dynamic === undefined && !moves;
  };
  const isStored = ({ target, dynamic }: NestStore): boolean => isAsWide(target.type.dtype) && dynamic === undefined;
  return [...needed].every(isKept) && nest.stores.every(isStored) ? [...needed] : undefined;
}

/** Simple operations on each sum that are done in registers, written out for every row of a block. */
const cheap = 4;

/** The epilogue of a product whose first two parameters are the factors. */
export function planEpilogue(
  found: Pick<Epilogue, "sum" | "points" | "stores">,
  factors: readonly Source[],
  { lanes, rows, width }: Tiling,
): Epilogue {
  const sources = [...factors];
  const add = (source: Source): void => {
    if (sources.indexOf(source, factors.length) < 0) sources.push(source);
  };
  for (const point of found.points) if (point.kind === "load") add(point.source);
  for (const { target } of found.stores) add(target);
  const cost = found.points.reduce((sum, point) => (point.kind === "apply" ? sum + costOf(point.primitive) : sum), 0);
  if (cost <= cheap) return { ...found, sources, scratch: undefined };
  const most = (sizes: readonly number[]): number => Math.max(...sizes);
  const vectors = most(lanes.map((blocks) => blocks.vectors.length));
  const deep = most(rows.flatMap(({ blocks }) => blocks.map(({ size }) => size)));
  const block: Variable = variable({
    dtype: found.sum.dtype,
    shape: [deep * vectors * width],
  });
  return { ...found, sources: [...sources, block], scratch: sources.length };
}
