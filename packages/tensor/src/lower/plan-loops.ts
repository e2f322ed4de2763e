/**
 * How a nest becomes loops: which axes collapse into one, in which order they run, which one carries the lanes.
 *
 * In: a nest. Out: its axes in loop order (kept axes first, then the reduced ones), each with the rows of the nest's
 * forms. Neighbouring axes collapse when every access treats them as one long axis. The lane axis is the one whose
 * accesses are cheapest: unit stride for most loads and stores; it runs innermost among the kept or the reduced axes.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import type { Affine } from "./affine.ts";
import { costOf } from "./cost.ts";
import { tensorBytes } from "./element-bytes.ts";
import type { Nest, Source } from "./nest.ts";

/** One loop: its extent, and the axis of the nest whose coefficients it has (the fastest of those collapsed). */
export interface LoopAxis {
  readonly extent: number;
  readonly reduced: boolean;
  /** Position in the nest's domain. */
  readonly axis: number;
}

/** Loops from the outermost in. */
export interface LoopPlan {
  readonly loops: readonly LoopAxis[];
  /** How many of them are kept; the rest are reduced. */
  readonly kept: number;
  /** Position of the loop that carries lanes, or -1. */
  readonly vector: number;
  /** The parts of the lane loop, in order: unrolled vectors, vectors, narrower vectors, single elements. */
  readonly segments: readonly Segment[];
}

/** A part of a loop whose body handles `copies` vectors of `lanes` elements at once. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly lanes: number;
  readonly copies: number;
}

/** Lanes of the vectors that a target has, widest first; down to 16 bytes narrower ones are halves of wider ones. */
export function laneWidths({ vectorBytes }: TargetTraits, elementBytes: number): number[] {
  const widths: number[] = [];
  for (let bytes = vectorBytes; bytes >= 16 && bytes > elementBytes; bytes /= 2) widths.push(bytes / elementBytes);
  return widths;
}

/** An extent cut into whole unrolled vectors, whole vectors of ever narrower widths, and single elements. */
export function segmentsOf(extent: number, widths: readonly number[], unroll: number): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  const cut = (lanes: number, copies: number): void => {
    const to = extent - ((extent - from) % (lanes * copies));
    if (to > from) segments.push({ from, to, lanes, copies });
    from = to;
  };
  widths.forEach((lanes, i) => {
    if (i === 0 && unroll > 1) cut(lanes, unroll);
    cut(lanes, 1);
  });
  cut(1, 1);
  return segments;
}

/** Plans the loops of a nest. */
export function planLoops(nest: Nest, traits: TargetTraits): LoopPlan {
  const axes = collapse(nest);
  const folded = foldedLanes(nest);
  const widths = laneWidths(traits, touchesDouble(nest) ? 8 : 4).filter((lanes) => folded % lanes === 0);
  const vectorAxis = chooseVector(nest, axes, widths);
  const last = (a: LoopAxis): number => (a === vectorAxis ? 1 : 0);
  const kept = ordered(
    nest,
    axes.filter(({ reduced }) => !reduced).sort((a, b) => last(a) - last(b)),
    vectorAxis,
  );
  const loops = [...kept, ...axes.filter(({ reduced }) => reduced).sort((a, b) => last(a) - last(b))];
  if (vectorAxis === undefined) return { loops, kept: kept.length, vector: -1, segments: [] };
  const fitting = fittingWidths(vectorAxis, widths);
  const unroll = chooseUnroll(nest, vectorAxis, fitting[0] as number, traits);
  const segments = segmentsOf(vectorAxis.extent, fitting, unroll);
  return { loops, kept: kept.length, vector: loops.indexOf(vectorAxis), segments };
}

/**
 * Kept axes in the order of their loops: the lanes innermost, or one further out where that saves a third of the accesses.
 * (Of many products a[i] b[j] over samples each a[i] is then loaded once, not for every j.)
 */
function ordered(nest: Nest, kept: readonly LoopAxis[], vector: LoopAxis | undefined): readonly LoopAxis[] {
  if (kept.length < 3 || vector === undefined || vector !== kept.at(-1)) return kept;
  const other = [...kept.slice(0, -2), vector, kept.at(-2) as LoopAxis];
  return 3 * accesses(nest, other) < 2 * accesses(nest, kept) ? other : kept;
}

/** How often memory is accessed when every access is made in the innermost loop on which it depends. */
function accesses(nest: Nest, loops: readonly LoopAxis[]): number {
  return formsOf(nest).reduce((total, { coefficients }) => {
    let turns = 1;
    let product = 1;
    for (const { extent, axis } of loops) {
      product *= extent;
      if (coefficients[axis] !== 0) turns = product;
    }
    return total + turns;
  }, 0);
}

function fittingWidths({ extent }: LoopAxis, widths: readonly number[]): number[] {
  return widths.filter((lanes) => lanes <= extent);
}

/** Every affine form of a nest. */
export function formsOf(nest: Nest): Affine[] {
  const inPoints = nest.points.flatMap((point) =>
    point.kind === "load" ? [point.offset] : point.kind === "index" ? [point.form] : [],
  );
  return [...inPoints, ...nest.stores.map(({ offset }) => offset)];
}

function collapse(nest: Nest): LoopAxis[] {
  const forms = formsOf(nest);
  const result: LoopAxis[] = [];
  for (let axis = nest.domain.length - 1; axis >= 0; axis--) {
    const extent = nest.domain[axis] as number;
    const reduced = nest.reduced[axis] as boolean;
    if (extent === 1) continue;
    const inner = result[0];
    const joins =
      inner !== undefined &&
      inner.reduced === reduced &&
      forms.every(({ coefficients }) => coefficients[axis] === (coefficients[inner.axis] as number) * inner.extent);
    if (joins) result[0] = { ...inner, extent: inner.extent * extent };
    else result.unshift({ extent, reduced, axis });
  }
  return result;
}

function touchesDouble(nest: Nest): boolean {
  return (
    nest.points.some(({ dtype }) => dtype === "float64") ||
    nest.stores.some(({ target }) => target.type.dtype === "float64")
  );
}

function chooseVector(nest: Nest, axes: readonly LoopAxis[], widths: readonly number[]): LoopAxis | undefined {
  if (foldedLanes(nest) > 0) return axes.find(({ axis }) => axis === nest.domain.length - 1);
  let best: LoopAxis | undefined;
  let least = vectorCost(nest, undefined, 1);
  for (const axis of axes) {
    const fitting = fittingWidths(axis, widths);
    const [lanes] = fitting;
    if (lanes === undefined || !allowsLanes(nest, axis)) continue;
    const turns = segmentsOf(axis.extent, fitting, 1).reduce((sum, { from, to, lanes: n }) => sum + (to - from) / n, 0);
    const cost = (vectorCost(nest, axis, lanes) * turns) / axis.extent;
    if (cost <= least) {
      least = cost;
      best = axis;
    }
  }
  return best;
}

/** Lanes to which a nest folds its last axis, which is then in registers as a whole; 0 where it does not. */
function foldedLanes({ points }: Nest): number {
  return points.reduce(
    (least, point) => (point.kind === "fold" ? Math.min(least || point.lanes, point.lanes) : least),
    0,
  );
}

/**
 * What one vector of points costs along an axis (of one point, without an axis). What does not depend on the reduced axes
 * is accessed once for all of them.
 */
function vectorCost(nest: Nest, axis: LoopAxis | undefined, lanes: number): number {
  const summed = nest.domain.reduce((product, extent, i) => (nest.reduced[i] === true ? product * extent : product), 1);
  const once = (axis?.reduced === true ? lanes : 1) / summed;
  const access = ({ coefficients }: Affine, of: Source): number => {
    const step = axis === undefined ? 1 : (coefficients[axis.axis] as number);
    const turns = coefficients.some((each, i) => each !== 0 && nest.reduced[i] === true) ? 1 : Math.min(1, once);
    if (step === 0) return 0.5 * turns;
    return (step === 1 ? 1 : lanes * (tensorBytes(of) > nearBytes ? farAccess : nearAccess)) * turns;
  };
  let cost = axis?.reduced === true ? (2 * lanes) / axis.extent : 0;
  for (const point of nest.points) {
    if (point.kind === "load") cost += access(point.offset, point.source);
    if (point.kind === "apply") cost += costOf(point.primitive);
    if (point.kind === "reduce" || point.kind === "fold") cost += 1;
  }
  for (const { offset, target } of nest.stores) cost += access(offset, target);
  return cost;
}

/** One lane by itself, and one of a tensor of which each lane may lie on another page far from the processor. */
const [nearAccess, farAccess] = [1.2, 2.4];
/** Bytes of a tensor that stays near the processor. */
const nearBytes = 1 << 15;

/** Run-time offsets are one number for all lanes: the axis must not take part in them. */
function allowsLanes(nest: Nest, { axis }: LoopAxis): boolean {
  const varying = new Set<unknown>();
  const along = ({ coefficients }: Affine): boolean => coefficients[axis] !== 0;
  for (const point of nest.points) {
    if (point.kind === "load" && (along(point.offset) || varying.has(point.dynamic?.index))) {
      if (varying.has(point.dynamic?.index)) return false;
      varying.add(point);
    } else if (point.kind === "index" && along(point.form)) varying.add(point);
    else if (point.kind === "apply" && point.inputs.some((input) => varying.has(input))) varying.add(point);
    else if (point.kind === "part" && varying.has(point.of)) varying.add(point);
    else if (point.kind === "reduce" && varying.has(point.input)) varying.add(point);
  }
  return nest.stores.every(
    ({ offset, dynamic, accumulate }) => !varying.has(dynamic?.index) && (accumulate !== true || along(offset)),
  );
}

/** Points of all vectors that run at once: more would not stay in registers. */
const mostPointsAtOnce = 64;

/** Vectors of two numbers side by side where each needs a long chain, as a float64 tanh does: one alone waits for itself. */
const longChainsOfPairs = 4;

/** Of sums, where there are 32 registers: their operands come from memory where they do not fit beside them. */
const sumsAtOnce = { registers: 32, leastVectors: 3, mostVectors: 5, most: 20 };

/**
 * Several vectors at once hide the latency of short reduction chains; the few vectors of a tile run at once, so that what
 * is one number for all of them is loaded once.
 */
function chooseUnroll(nest: Nest, vector: LoopAxis, lanes: number, traits: TargetTraits): number {
  const turns = Math.floor(vector.extent / lanes);
  if (foldedLanes(nest) > 0) return turns;
  if (!vector.reduced && turns > 1 && turns <= 4 && turns * nest.points.length <= mostPointsAtOnce) return turns;
  const reductions = nest.points.filter(({ kind }) => kind === "reduce").length;
  if (reductions === 0) return 1;
  if (!vector.reduced && fitSums(turns, reductions, traits)) return turns;
  const work = nest.points.reduce((sum, point) => sum + (point.kind === "apply" ? costOf(point.primitive) : 0), 0);
  const long = vector.reduced || lanes > 2 ? 1 : longChainsOfPairs;
  const wanted = work > 24 ? long : reductions > 2 ? 2 : 4;
  return Math.max(1, Math.min(wanted, Math.floor(vector.extent / lanes)));
}

function fitSums(vectors: number, sums: number, { registers }: TargetTraits): boolean {
  if (registers < sumsAtOnce.registers || vectors * sums > sumsAtOnce.most) return false;
  return vectors >= sumsAtOnce.leastVectors && vectors <= sumsAtOnce.mostVectors;
}
