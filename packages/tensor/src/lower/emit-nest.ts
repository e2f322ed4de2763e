/**
 * From a nest and its loop plan to statements of the kernel language.
 *
 * Every point is computed in the outermost loop on whose counter it depends. The lane loop is cut into segments: whole
 * unrolled vectors, single vectors, single elements. Sums keep one vector accumulator for each unrolled copy, so that a
 * float32 sum of n runs as lanes * copies chains; they meet in a fixed tree, and the single elements are added last.
 * Chains longer than 128 turns are summed in blocks of 64, so that the error of n turns grows like 64 + n / 64.
 * Stores of a body come after all of its loads, so that a result may lie over an operand read at the same offset.
 */
import { type DType, isFloat } from "../dtype.ts";
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Address, Expression, Local, LoopVariable, Statement } from "../kernel/kernel.ts";
import type { Reduction } from "../program/primitive.ts";
import type { Affine } from "./affine.ts";
import { applyPoint } from "./apply-point.ts";
import type { Dynamic, Nest, NestStore, Point, Source } from "./nest.ts";
import type { LoopPlan } from "./plan-loops.ts";

/** Bytes of an element in memory. */
export function bytesOf(dtype: DType): number {
  return dtype === "float64" ? 8 : 4;
}

type ReducePoint = Extract<Point, { kind: "reduce" }>;

/** Accumulators of one reduction: one for each copy, and one for the single elements at the end. */
interface Accumulators {
  readonly copies: readonly Local[];
  readonly single: Local | undefined;
}

/** What is known inside some open loops; inner scopes see the outer ones. */
interface Scope {
  readonly outer: Scope | undefined;
  /** Loops opened so far. */
  readonly depth: number;
  readonly block: Block;
  /** Lanes and copies of points that vary along the lane loop. */
  readonly lanes: number;
  readonly copies: number;
  readonly values: Map<Point, readonly (readonly Expression[])[]>;
}

interface Emission {
  readonly nest: Nest;
  readonly plan: LoopPlan;
  /** Points in the order of the nest, by the number of loops that must be open. */
  readonly levels: readonly (readonly Point[])[];
  /** Points that need a finished reduction. */
  readonly late: readonly Point[];
  readonly lateSet: ReadonlySet<Point>;
  readonly depths: ReadonlyMap<Point, number>;
  readonly varying: ReadonlySet<Point>;
  /** The counters of each open loop; a blocked one has two, which add up. */
  readonly counters: (readonly LoopVariable[])[];
  readonly accumulators: Map<ReducePoint, Accumulators>;
  readonly baseOf: (source: Source) => number;
}

/** The statements of a nest; `baseOf` gives the address parameter of each thing in memory. */
export function emitNest(nest: Nest, plan: LoopPlan, baseOf: (source: Source) => number): readonly Statement[] {
  if (nest.domain.some((extent, axis) => extent === 0 && nest.reduced[axis] !== true)) return [];
  const emission = analyse(nest, plan, baseOf);
  const block = createBlock();
  emitLevel(emission, { outer: undefined, depth: 0, block, lanes: 1, copies: 1, values: new Map() });
  return block.statements;
}

function analyse(nest: Nest, plan: LoopPlan, baseOf: (source: Source) => number): Emission {
  const depths = new Map<Point, number>();
  const varying = new Set<Point>();
  const lateSet = new Set<Point>();
  const levels: Point[][] = Array.from({ length: plan.loops.length + 1 }, () => []);
  const late: Point[] = [];
  for (const point of nest.points) {
    const inputs = pointInputs(point);
    const isLate = point.kind === "reduce" || inputs.some((input) => lateSet.has(input));
    const form = point.kind === "load" ? point.offset : point.kind === "index" ? point.form : undefined;
    const own = form === undefined ? 0 : depthOfForm(plan, form);
    const depth = point.kind === "reduce" ? plan.kept : Math.max(own, ...inputs.map((input) => depths.get(input) ?? 0));
    depths.set(point, depth);
    const alongForm = form !== undefined && isAlong(plan, form);
    const fromInputs = inputs.some((input) => varying.has(input));
    const isReduced = point.kind === "reduce" && (plan.vector < 0 || plan.vector >= plan.kept);
    if (point.kind === "reduce" ? !isReduced : alongForm || fromInputs) varying.add(point);
    if (isLate) {
      lateSet.add(point);
      late.push(point);
    } else levels[depth]?.push(point);
  }
  return { nest, plan, levels, late, lateSet, depths, varying, counters: [], accumulators: new Map(), baseOf };
}

function pointInputs(point: Point): readonly Point[] {
  if (point.kind === "apply") return point.inputs;
  if (point.kind === "part") return [point.of];
  if (point.kind === "reduce") return [point.input];
  return point.kind === "load" && point.dynamic !== undefined ? [point.dynamic.index] : [];
}

function coefficient(plan: LoopPlan, form: Affine, loop: number): number {
  return form.coefficients[plan.loops[loop]?.axis ?? -1] ?? 0;
}

function depthOfForm(plan: LoopPlan, form: Affine): number {
  for (let loop = plan.loops.length - 1; loop >= 0; loop--) if (coefficient(plan, form, loop) !== 0) return loop + 1;
  return 0;
}

function isAlong(plan: LoopPlan, form: Affine): boolean {
  return plan.vector >= 0 && coefficient(plan, form, plan.vector) !== 0;
}

/** Everything from `scope.depth` open loops inward. */
function emitLevel(emission: Emission, scope: Scope): void {
  const { plan, nest } = emission;
  for (const point of emission.levels[scope.depth] ?? []) emitPoint(emission, scope, point);
  const reductions = emission.late.filter((point) => point.kind === "reduce");
  if (scope.depth === plan.kept) for (const point of reductions) startReduction(emission, scope, point);
  if (scope.depth < plan.loops.length) openLoop(emission, scope);
  else for (const point of reductions) accumulate(emission, scope, point);
  for (const store of nest.stores) {
    if (!emission.lateSet.has(store.point) && storeDepth(emission, store) === scope.depth)
      emitStore(emission, scope, store);
  }
  if (scope.depth !== plan.kept) return;
  for (const point of emission.late) {
    if (point.kind === "reduce") finishReduction(emission, scope, point);
    else emitPoint(emission, scope, point);
  }
  for (const store of nest.stores) if (emission.lateSet.has(store.point)) emitStore(emission, scope, store);
}

/** Stores that repeat or accumulate run in every loop; others as far out as their value and place allow. */
function storeDepth({ plan, depths }: Emission, { point, offset, accumulate }: NestStore): number {
  if (accumulate === true) return plan.loops.length;
  return Math.max(depthOfForm(plan, offset), depths.get(point) ?? 0);
}

function openLoop(emission: Emission, scope: Scope): void {
  const { plan } = emission;
  const { extent } = plan.loops[scope.depth] as { extent: number };
  const name = `i${scope.depth}`;
  if (scope.depth !== plan.vector) {
    openSegment(emission, scope, name, 0, extent, 1, scope.lanes, scope.copies);
    return;
  }
  const wide = plan.lanes * plan.unroll;
  const unrolled = extent - (extent % wide);
  const whole = extent - (extent % plan.lanes);
  openSegment(emission, scope, name, 0, unrolled, wide, plan.lanes, plan.unroll);
  if (plan.unroll > 1) openSegment(emission, scope, `${name}v`, unrolled, whole, plan.lanes, plan.lanes, 1);
  openSegment(emission, scope, `${name}s`, whole, extent, 1, 1, 1);
}

/** Longest chain of additions of a float sum, in turns of its innermost loop; longer ones are summed block by block. */
const longestChain = 64;

function openSegment(
  emission: Emission,
  scope: Scope,
  name: string,
  from: number,
  to: number,
  step: number,
  lanes: number,
  copies: number,
): void {
  if (from >= to) return;
  const inner = (block: Block): Scope => ({
    outer: scope,
    depth: scope.depth + 1,
    block,
    lanes,
    copies,
    values: new Map(),
  });
  const size = longestChain * step;
  const blocked = from + Math.floor((to - from) / size) * size;
  const isBlocked = to - from > 2 * size && scope.depth === emission.plan.loops.length - 1 && hasFloatSum(emission);
  if (isBlocked) {
    scope.block.loop(`${name}b`, from, blocked, size, (block, outer) => {
      sumBlock(emission, block, () => {
        block.loop(name, 0, size, step, (body, counter) => {
          emission.counters[scope.depth] = [outer, counter];
          emitLevel(emission, inner(body));
        });
      });
    });
  }
  const start = isBlocked ? blocked : from;
  if (start >= to) return;
  scope.block.loop(name, start, to, step, (block, counter) => {
    emission.counters[scope.depth] = [counter];
    emitLevel(emission, inner(block));
  });
}

function hasFloatSum({ late, accumulators }: Emission): boolean {
  return accumulators.size > 0 && late.some((point) => point.kind === "reduce" && isFloat(point.dtype));
}

/** Runs a part of all reductions from nothing, then adds it to them. */
function sumBlock({ accumulators }: Emission, block: Block, write: () => void): void {
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

function emitPoint(emission: Emission, scope: Scope, point: Point): void {
  const copies = emission.varying.has(point) ? scope.copies : 1;
  const values = Array.from({ length: copies }, (_, copy) => computePoint(emission, scope, point, copy));
  scope.values.set(point, values);
}

/** The results of a point (several for those that have parts) in one copy. */
function computePoint(emission: Emission, scope: Scope, point: Point, copy: number): readonly Expression[] {
  const { block } = scope;
  switch (point.kind) {
    case "number":
      return [build.number(point.dtype, 1, point.value)];
    case "load":
      return [block.name("x", emitLoad(emission, scope, point, copy))];
    case "index":
      return [block.name("n", emitIndex(emission, scope, point.form, point.dtype, copy))];
    case "part":
      return [results(scope, point.of, copy)[point.part] as Expression];
    case "reduce":
      return [];
    case "apply": {
      const lanes = emission.varying.has(point) ? scope.lanes : 1;
      const inputs = point.inputs.map((input) => read(scope, input, copy, lanes));
      const made = applyPoint(block, point.primitive, point.parameters, inputs);
      return made.map((value) => block.name("v", value));
    }
  }
}

function results(scope: Scope | undefined, point: Point, copy: number): readonly Expression[] {
  for (let at = scope; at !== undefined; at = at.outer) {
    const values = at.values.get(point);
    if (values !== undefined) return (values[copy] ?? values[0]) as readonly Expression[];
  }
  throw new Error("a point is used before it is computed");
}

function read(scope: Scope, point: Point, copy: number, lanes: number): Expression {
  return build.splat(lanes, results(scope, point, copy)[0] as Expression);
}

function emitLoad(emission: Emission, scope: Scope, point: Extract<Point, { kind: "load" }>, copy: number): Expression {
  const at = emitAddress(emission, scope, point.source, point.offset, copy, point.dynamic);
  const step = vectorStep(emission, point.offset);
  if (step === 0 || scope.lanes === 1) return build.load(point.dtype, 1, at);
  const access = step === 1 ? ({ kind: "contiguous" } as const) : strided(step * bytesOf(point.dtype));
  return build.load(point.dtype, scope.lanes, at, access);
}

function strided(stride: number): { readonly kind: "strided"; readonly stride: number } {
  return { kind: "strided", stride };
}

function vectorStep({ plan }: Emission, form: Affine): number {
  return plan.vector < 0 ? 0 : coefficient(plan, form, plan.vector);
}

function emitAddress(
  emission: Emission,
  scope: Scope,
  source: Source,
  form: Affine,
  copy: number,
  dynamic: Dynamic | undefined,
): Address {
  const { plan, counters } = emission;
  const bytes = bytesOf(source.type.dtype);
  const terms = plan.loops.flatMap((_, loop) => {
    const stride = coefficient(plan, form, loop) * bytes;
    return stride === 0 ? [] : (counters[loop] ?? []).map((counter) => ({ loop: counter, stride }));
  });
  const offset = (form.constant + copy * scope.lanes * vectorStep(emission, form)) * bytes;
  const extra = dynamic && build.mul(read(scope, dynamic.index, copy, 1), dynamic.stride * bytes);
  return build.address(emission.baseOf(source), offset, terms, extra);
}

function emitIndex(emission: Emission, scope: Scope, form: Affine, dtype: DType, copy: number): Expression {
  const { plan, counters } = emission;
  const lanes = vectorStep(emission, form) === 0 ? 1 : scope.lanes;
  const start = form.constant + copy * scope.lanes * vectorStep(emission, form);
  let total = build.number("int32", lanes, start);
  plan.loops.forEach((_, loop) => {
    const factor = coefficient(plan, form, loop);
    if (factor === 0) return;
    (counters[loop] ?? []).forEach((counter, i, all) => {
      // Only the innermost counter of the lane loop runs over lanes.
      const own = build.index(counter, loop === plan.vector && i === all.length - 1 ? lanes : 1);
      total = build.add(build.mul(build.splat(lanes, own), factor), total);
    });
  });
  return build.convert(dtype, total);
}

function emitStore(emission: Emission, scope: Scope, store: NestStore): void {
  const { target, point, offset, dynamic } = store;
  const step = vectorStep(emission, offset);
  const isVector = step !== 0 && scope.lanes > 1;
  const copies = step === 0 ? 1 : scope.copies;
  const access =
    !isVector || step === 1 ? ({ kind: "contiguous" } as const) : strided(step * bytesOf(target.type.dtype));
  for (let copy = 0; copy < copies; copy++) {
    const lanes = isVector ? scope.lanes : 1;
    const value = read(scope, point, copy, lanes);
    const at = emitAddress(emission, scope, target, offset, copy, dynamic);
    const before = store.accumulate === true ? build.load(target.type.dtype, lanes, at, access) : undefined;
    scope.block.store(at, before === undefined ? value : build.add(before, value), access);
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

function startReduction(emission: Emission, scope: Scope, point: ReducePoint): void {
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

function accumulate(emission: Emission, scope: Scope, point: ReducePoint): void {
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

function finishReduction(emission: Emission, scope: Scope, point: ReducePoint): void {
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
