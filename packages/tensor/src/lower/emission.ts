/**
 * What is known while a nest is written: where each point is computed, which points vary along the lanes, and the values
 * that the open loops have so far.
 */
import { defect } from "../errors.ts";
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Expression, Local, LoopVariable } from "../kernel/kernel.ts";
import type { Affine } from "./affine.ts";
import { inputsOf, type Nest, type Point, type Source } from "./nest.ts";
import type { LoopPlan } from "./plan-loops.ts";

export type ReducePoint = Extract<Point, { kind: "reduce" }>;

/** Accumulators of one reduction: one for each copy, and one for each narrower part of the lane loop. */
export interface Accumulators {
  readonly copies: readonly Local[];
  readonly narrow: readonly Local[];
}

/** What is known inside some open loops; inner scopes see the outer ones. */
export interface Scope {
  readonly outer: Scope | undefined;
  /** Loops opened so far. */
  readonly depth: number;
  readonly block: Block;
  /** Lanes and copies of points that vary along the lane loop. */
  readonly lanes: number;
  readonly copies: number;
  readonly values: Map<Point, readonly (readonly Expression[])[]>;
}

export interface Emission {
  readonly nest: Nest;
  readonly plan: LoopPlan;
  /** Points in the order of the nest, by the number of loops that must be open. */
  readonly levels: readonly (readonly Point[])[];
  /** Points that need a finished reduction. */
  readonly late: readonly Point[];
  readonly lateSet: ReadonlySet<Point>;
  readonly depths: ReadonlyMap<Point, number>;
  readonly varying: ReadonlySet<Point>;
  /** Points with one value for each lane of a fold: its start and its result. */
  readonly folded: ReadonlyMap<Point, number>;
  /** The counters of each open loop; a blocked one has several, which add up. */
  readonly counters: (readonly LoopVariable[])[];
  readonly accumulators: Map<ReducePoint, Accumulators>;
  readonly baseOf: (source: Source) => number;
}

/** Decides where and how often each point of a nest is computed. */
export function analyse(nest: Nest, plan: LoopPlan, baseOf: (source: Source) => number): Emission {
  const depths = new Map<Point, number>();
  const varying = new Set<Point>();
  const folded = new Map<Point, number>();
  const lateSet = new Set<Point>();
  const levels: Point[][] = Array.from({ length: plan.loops.length + 1 }, () => []);
  const late: Point[] = [];
  for (const point of nest.points) {
    const inputs = inputsOf(point);
    const isLate = point.kind === "reduce" || inputs.some((input) => lateSet.has(input));
    const form = point.kind === "load" ? point.offset : point.kind === "index" ? point.form : undefined;
    const own = form === undefined ? 0 : depthOfForm(plan, form);
    const inner = Math.max(own, ...inputs.map((input) => depths.get(input) ?? 0));
    const depth =
      point.kind === "reduce" ? plan.kept : point.kind === "fold" ? Math.max(inner, plan.vector + 1) : inner;
    depths.set(point, depth);
    const alongForm = form !== undefined && isAlong(plan, form);
    const fromInputs = inputs.some((input) => varying.has(input));
    const isReduced = point.kind === "reduce" && (plan.vector < 0 || plan.vector >= plan.kept);
    if (point.kind === "reduce" ? !isReduced : alongForm || fromInputs || point.kind === "fold") varying.add(point);
    if (point.kind === "fold") for (const each of [point, point.start]) folded.set(each, point.lanes);
    if (isLate) {
      lateSet.add(point);
      late.push(point);
    } else levels[depth]?.push(point);
  }
  return { nest, plan, levels, late, lateSet, depths, varying, folded, counters: [], accumulators: new Map(), baseOf };
}

export function coefficient(plan: LoopPlan, form: Affine, loop: number): number {
  return form.coefficients[plan.loops[loop]?.axis ?? -1] ?? 0;
}

export function depthOfForm(plan: LoopPlan, form: Affine): number {
  for (let loop = plan.loops.length - 1; loop >= 0; loop--) if (coefficient(plan, form, loop) !== 0) return loop + 1;
  return 0;
}

function isAlong(plan: LoopPlan, form: Affine): boolean {
  return plan.vector >= 0 && coefficient(plan, form, plan.vector) !== 0;
}

/** The step of a form from lane to lane. */
export function vectorStep({ plan }: Emission, form: Affine): number {
  return plan.vector < 0 ? 0 : coefficient(plan, form, plan.vector);
}

/** How many vectors hold a point's values in a scope. */
export function copiesOf({ varying, folded }: Emission, { copies, lanes }: Scope, point: Point): number {
  if (!varying.has(point)) return 1;
  const own = folded.get(point);
  return own === undefined ? copies : own / lanes;
}

/** The results of a point in one copy, from the innermost scope that has them. */
export function results(scope: Scope | undefined, point: Point, copy: number): readonly Expression[] {
  for (let at = scope; at !== undefined; at = at.outer) {
    const values = at.values.get(point);
    if (values !== undefined) return (values[copy] ?? values[0]) as readonly Expression[];
  }
  throw defect("Cannot emit a kernel: expected each point before its use, got one that is not computed yet");
}

/** The one result of a point, repeated over lanes if it is a single number. */
export function read(scope: Scope, point: Point, copy: number, lanes: number): Expression {
  return build.splat(lanes, results(scope, point, copy)[0] as Expression);
}
