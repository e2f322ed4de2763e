/**
 * Reductions: accumulators from their start to their result.
 *
 * Over the lanes there is one vector accumulator for each copy, and one number for single elements; across the lanes
 * each copy has its own result.
 */
import { type DType, isFloat } from "../dtype.ts";
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Expression, Local } from "../kernel/kernel.ts";
import type { Reduction } from "../program/primitive.ts";
import { type Accumulators, type Emission, type ReducePoint, read, type Scope } from "./emission.ts";

/** Whether reductions of floats are under way, whose order of addition matters. */
export function hasFloatSum({ late, accumulators }: Emission): boolean {
  return accumulators.size > 0 && late.some((point) => point.kind === "reduce" && isFloat(point.dtype));
}

/** Runs a part of all reductions from nothing, then adds it to them. */
export function sumBlock({ accumulators }: Emission, block: Block, write: () => void): void {
  const whole = new Map(accumulators);
  const fresh = (point: ReducePoint, { lanes }: Local): Local =>
    block.variable("part", build.number(point.dtype, lanes, neutral(point.primitive, point.dtype)));
  for (const [point, { copies, single }] of whole) {
    const parts = copies.map((total) => fresh(point, total));
    accumulators.set(point, { copies: parts, single: single && fresh(point, single) });
  }
  write();
  for (const [point, { copies, single }] of whole) {
    const parts = accumulators.get(point) as Accumulators;
    const add = (total: Local, part: Local): void =>
      block.set(total, build.binary(combining[point.primitive], build.read(total), build.read(part)));
    copies.forEach((total, i) => {
      add(total, parts.copies[i] as Local);
    });
    if (single !== undefined) add(single, parts.single as Local);
    accumulators.set(point, { copies, single });
  }
}

const combining: { readonly [R in Reduction]: "add" | "max" | "min" } = {
  reduceSum: "add",
  reduceMax: "max",
  reduceMin: "min",
};

/** What an empty reduction gives. The sum starts from 0, so that a sum of -0 alone is 0. */
function neutral(primitive: Reduction, dtype: DType): number {
  if (primitive === "reduceSum") return 0;
  const isMax = primitive === "reduceMax";
  if (dtype === "int32") return isMax ? -2147483648 : 2147483647;
  if (dtype === "uint32") return isMax ? 0 : 4294967295;
  return isMax ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Sets the accumulators of a reduction to what an empty one gives. */
export function startReduction(emission: Emission, scope: Scope, point: ReducePoint): void {
  const { plan } = emission;
  const value = neutral(point.primitive, point.dtype);
  const start = (lanes: number): Local => scope.block.variable("sum", build.number(point.dtype, lanes, value));
  if (plan.vector < plan.kept) {
    const copies = emission.varying.has(point) ? scope.copies : 1;
    const made = Array.from({ length: copies }, () => start(scope.lanes));
    return void emission.accumulators.set(point, { copies: made, single: undefined });
  }
  const { extent } = plan.loops[plan.vector] as { extent: number };
  const copies = Array.from({ length: plan.unroll }, () => start(plan.lanes));
  const single = extent % plan.lanes === 0 ? undefined : start(1);
  emission.accumulators.set(point, { copies, single });
}

/** Adds the values of the innermost body. */
export function accumulate(emission: Emission, scope: Scope, point: ReducePoint): void {
  const { plan } = emission;
  const { copies, single } = emission.accumulators.get(point) as Accumulators;
  const op = combining[point.primitive];
  const isSingle = plan.vector >= plan.kept && scope.lanes === 1;
  const targets = isSingle ? [single as Local] : copies.slice(0, scope.copies);
  targets.forEach((target, copy) => {
    const value = read(scope, point.input, copy, target.lanes);
    scope.block.set(target, build.binary(op, build.read(target), value));
  });
}

/** Joins the accumulators: the result is known in the scope from here on. */
export function finishReduction(emission: Emission, scope: Scope, point: ReducePoint): void {
  const { plan } = emission;
  const { copies, single } = emission.accumulators.get(point) as Accumulators;
  const op = combining[point.primitive];
  if (plan.vector < plan.kept)
    return void scope.values.set(
      point,
      copies.map((local) => [build.read(local)]),
    );
  let parts = copies.map((local) => build.read(local));
  while (parts.length > 1) {
    const half = Math.ceil(parts.length / 2);
    parts = Array.from({ length: half }, (_, i) => {
      const other = parts[i + half];
      return other === undefined ? (parts[i] as Expression) : build.binary(op, parts[i] as Expression, other);
    });
  }
  const total = build.horizontal(op, parts[0] as Expression);
  const value = single === undefined ? total : build.binary(op, total, build.read(single));
  scope.values.set(point, [[scope.block.name("total", value)]]);
}
