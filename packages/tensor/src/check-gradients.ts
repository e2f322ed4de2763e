/**
 * A check of derivatives for users: forward and reverse mode against differences of 8th order, and against each other.
 *
 * In: a function of trees and a point. Out: a report with the worst number of all arguments, in words. Small points are
 * tried number by number; of large tensors random directions are tried, and where one fails, halves of it, until the number
 * is found. One-sided differences find kinks, where any slope between the two sides is taken as right.
 */
import { type Compiled, compile } from "./compile.ts";
import { isFloat } from "./dtype.ts";
import { TensorError } from "./errors.ts";
import { type HostTensor, leavesOf, mapTree, withLeaves } from "./pytree.ts";
import { reference } from "./target/reference/reference.ts";
import type { Target } from "./target/target.ts";
import { array } from "./trace/tensor.ts";
import { jvp, vjp } from "./transform/differentiate.ts";

/** Options of `checkGradients`. */
export interface CheckGradientsOptions {
  /** Largest defect that passes, relative to the derivative of the tensor; default 1e-7, with float32 in it 1e-2. */
  readonly tolerance?: number;
  /** Where it runs; default the reference evaluator. */
  readonly target?: Target;
  /** Whether a derivative that is wrong is an error; default true. */
  readonly throws?: boolean;
}

/** One number of the point, or one direction in a tensor of it, and the derivatives along it. */
export interface CheckedPlace {
  /** As JavaScript would write it: `[0].weight`, argument first. */
  readonly path: string;
  /** The position in the tensor by axis; null for a direction in which all its numbers move. */
  readonly index: readonly number[] | null;
  /** Derivative of the results, against fixed weights, by each way; null for a mode that the function refuses. */
  readonly forward: number | null;
  readonly reverse: number | null;
  readonly difference: number;
  /** Derivatives from the left and from the right. */
  readonly sides: readonly [number, number];
  /** Whether those differ. */
  readonly kink: boolean;
  /** The larger defect of both modes, relative to the derivative of the tensor. */
  readonly defect: number;
}

/** The result of `checkGradients`. */
export interface GradientsReport {
  readonly passed: boolean;
  readonly tolerance: number;
  /** The place with the largest defect. */
  readonly worst: CheckedPlace;
  /** Where the slopes from the left and from the right differ. */
  readonly kinks: readonly CheckedPlace[];
  /** The verdict in words. */
  readonly text: string;
}

/**
 * Checks the derivatives of a function at a point.
 *
 * @param f From trees of tensors to a tree of tensors; floats on both sides are checked.
 * @param at The arguments: trees of host tensors or numbers.
 * @example
 * const report = checkGradients((p: { k: Tensor }) => sin(p.k), [{ k: array([0.3, 2]) }]);
 * report.passed; // => true
 *
 * Errors: a derivative that is wrong, unless `throws` is false; no float argument; both modes refused.
 * Source of the weights: Fornberg, B. (1988), doi:10.1090/S0025-5718-1988-0935077-0.
 */
export function checkGradients(
  f: (...inputs: never[]) => unknown,
  at: readonly unknown[],
  options: CheckGradientsOptions = {},
): GradientsReport {
  const subject = prepare(f, at, options.target ?? reference());
  const tolerance = options.tolerance ?? (subject.single ? 1e-2 : 1e-7);
  const places = subject.leaves.flatMap((leaf) => checkLeaf(subject, leaf, tolerance));
  const worst = places.reduce((a, b) => (b.defect > a.defect ? b : a));
  const passed = worst.defect <= tolerance;
  const kinks = places.filter(({ kink }) => kink);
  const report: GradientsReport = { passed, tolerance, worst, kinks, text: inWords(places, worst, tolerance, subject) };
  if (passed || options.throws === false) return report;
  throw new TensorError(
    `Cannot trust a derivative: ${report.text}`,
    "Correct the rule that gives it, or check at a point where the function is smooth; throws: false returns the report.",
  );
}

/** A float tensor of the point. */
interface FloatLeaf {
  readonly place: number;
  readonly path: string;
  readonly shape: readonly number[];
  readonly size: number;
  /** The length over which the function is expected to vary. */
  readonly scale: number;
}

interface Subject {
  readonly leaves: readonly FloatLeaf[];
  readonly single: boolean;
  /** The results against the weights, at the point moved along a direction. */
  readonly value: (leaf: FloatLeaf, direction: Float64Array, s: number) => number;
  readonly forward: ((leaf: FloatLeaf, direction: Float64Array) => number) | null;
  /** The gradient of one leaf. */
  readonly reverse: ((leaf: FloatLeaf) => ArrayLike<number>) | null;
  readonly refused: string;
}

function floatLeaves(tree: readonly unknown[], tensors: readonly HostTensor[]): FloatLeaf[] {
  const paths: string[] = [];
  mapTree(tree, (_, path) => paths.push(path));
  const leaves = tensors.flatMap(({ dtype, shape, data }, place): FloatLeaf[] =>
    isFloat(dtype) && data.length > 0
      ? [{ place, path: paths[place] as string, shape, size: data.length, scale: scaleOf(data) }]
      : [],
  );
  if (leaves.length > 0) return leaves;
  throw new TensorError(
    "Cannot check derivatives: expected float arguments, got none",
    "Pass what the function is differentiated by.",
  );
}

function prepare(f: (...inputs: never[]) => unknown, at: readonly unknown[], target: Target): Subject {
  const tree = mapTree(at, (leaf) => (typeof leaf === "number" ? array(leaf) : leaf)) as readonly unknown[];
  const tensors = leavesOf(tree) as HostTensor[];
  const leaves = floatLeaves(tree, tensors);
  const moved = (leaf: FloatLeaf, change: (value: number, k: number) => number): readonly unknown[] =>
    withLeaves(
      tree,
      tensors.map((tensor, i) => (i === leaf.place ? like(tensor, Array.from(tensor.data, change)) : tensor)),
    ) as readonly unknown[];
  const value = compile(f as never, tree, target);
  const results = leavesOf(value.callSync(...tree)) as HostTensor[];
  const weights = results.map(({ data }, i) =>
    Float64Array.from(data, (_, k) => sign(i + 1, k) * (0.5 + fraction(i, k))),
  );
  const weighed = (found: unknown): number =>
    (leavesOf(found) as HostTensor[]).reduce((total, tensor, i) => {
      if (!isFloat(tensor.dtype)) return total;
      return total + Array.from(tensor.data).reduce((part, x, k) => part + x * (weights[i]?.[k] as number), 0);
    }, 0);
  const cotangent = withLeaves(
    value.callSync(...tree),
    results.map((tensor, i) => (isFloat(tensor.dtype) ? like(tensor, Array.from(weights[i] as Float64Array)) : tensor)),
  );
  const count = at.length;
  const forward = attempt(() =>
    compile(
      ((...all: unknown[]) => jvp(f, all.slice(0, count), all.slice(count))[1]) as never,
      [...tree, ...tree],
      target,
    ),
  );
  const reverse = attempt(() =>
    compile(
      ((...all: unknown[]) => vjp(f, ...all.slice(0, count)).pullback(all[count])) as never,
      [...tree, cotangent],
      target,
    ),
  );
  if (forward.run === null && reverse.run === null) throw forward.error;
  const gradients = reverse.run === null ? [] : (leavesOf(reverse.run.callSync(...tree, cotangent)) as HostTensor[]);
  return {
    leaves,
    single: [...tensors, ...results].some(({ dtype }) => dtype === "float32"),
    value: (leaf, direction, s) => weighed(value.callSync(...moved(leaf, (x, k) => x + s * (direction[k] as number)))),
    forward:
      forward.run === null
        ? null
        : (leaf, direction) =>
            weighed((forward.run as Compiled<unknown>).callSync(...tree, ...zeroBut(tree, tensors, leaf, direction))),
    reverse: reverse.run === null ? null : (leaf) => (gradients[leaf.place] as HostTensor).data,
    refused:
      forward.run === null ? " Forward mode is refused." : reverse.run === null ? " Reverse mode is refused." : "",
  };
}

const like = ({ dtype, shape }: HostTensor, numbers: readonly number[]): HostTensor => array(numbers, shape, dtype);

function zeroBut(
  tree: readonly unknown[],
  tensors: readonly HostTensor[],
  leaf: FloatLeaf,
  direction: Float64Array,
): readonly unknown[] {
  const zero = tensors.map((tensor, i) =>
    like(tensor, i === leaf.place ? Array.from(direction) : Array.from(tensor.data, () => 0)),
  );
  return withLeaves(tree, zero) as readonly unknown[];
}

function attempt(make: () => Compiled<unknown>): { readonly run: Compiled<unknown> | null; readonly error: unknown } {
  try {
    return { run: make(), error: null };
  } catch (error) {
    if (!(error instanceof TensorError)) throw error;
    return { run: null, error };
  }
}

/** Fixed numbers in [0, 1) without a pattern, and signs. */
const fraction = (i: number, k: number): number => ((i + 1) * 0.7548776662466927 + (k + 1) * 0.5698402909980532) % 1;
const sign = (i: number, k: number): number => (fraction(i + 7, 3 * k) < 0.5 ? -1 : 1);

/** Half the root mean square of a tensor, from 1e-3 to 1. */
function scaleOf(data: ArrayLike<number>): number {
  const size = Math.hypot(...Array.from(data)) / Math.sqrt(data.length);
  return size === 0 ? 1 : Math.min(1, Math.max(size / 2, 1e-3));
}

/** Tensors with more numbers are tried along directions first. */
const few = 48;
const directions = 3;

/** The numbers of one tensor that were looked at; of a large one those where a direction fails, or one direction. */
function checkLeaf(subject: Subject, leaf: FloatLeaf, tolerance: number): CheckedPlace[] {
  const unitAt = (index: number): Float64Array =>
    Float64Array.from({ length: leaf.size }, (_, k) => (k === index ? 1 : 0));
  if (leaf.size <= few) {
    const found = Array.from({ length: leaf.size }, (_, index) => measure(subject, leaf, unitAt(index), index));
    const size = Math.max(...found.map(({ size: own }) => own));
    return found.map((one) => finish(one, size));
  }
  const found: CheckedPlace[] = [];
  for (let turn = 0; turn < directions; turn++) {
    let members = Array.from({ length: leaf.size }, (_, k) => k);
    const along = (chosen: readonly number[]): Measured => {
      const d = new Float64Array(leaf.size);
      for (const k of chosen) d[k] = sign(turn, k) / Math.sqrt(leaf.size);
      return measure(subject, leaf, d, null);
    };
    const whole = along(members);
    found.push(finish(whole, whole.size));
    if ((found.at(-1) as CheckedPlace).defect <= tolerance) continue;
    while (members.length > 1) {
      const half = [members.slice(0, members.length / 2), members.slice(members.length / 2)] as const;
      const [a, b] = half.map((part) => finish(along(part), whole.size).defect) as [number, number];
      members = a >= b ? half[0] : half[1];
    }
    const one = measure(subject, leaf, unitAt(members[0] as number), members[0] as number);
    return [finish(one, one.size)];
  }
  return found;
}

interface Measured {
  readonly place: Omit<CheckedPlace, "defect" | "kink">;
  /** What defects are relative to. */
  readonly size: number;
}

/** All derivatives along one direction. */
function measure(subject: Subject, leaf: FloatLeaf, d: Float64Array, element: number | null): Measured {
  const f = (s: number): number => subject.value(leaf, d, s * leaf.scale);
  const difference = central(f, subject.single) / leaf.scale;
  const gradient = subject.reverse?.(leaf);
  const reverse = gradient === undefined ? null : d.reduce((total, x, k) => total + x * (gradient[k] as number), 0);
  const forward = subject.forward?.(leaf, d) ?? null;
  const h = subject.single ? 0.02 : 1e-4;
  const sides = [oneSided(f, -h) / leaf.scale, oneSided(f, h) / leaf.scale] as const;
  // A derivative of nothing is held against what rounding of the function alone can make of it.
  const rounding = Math.abs(f(0)) * (subject.single ? 1e-3 : 1e-6);
  const size = Math.max(Math.abs(difference), ...sides.map(Math.abs), rounding);
  const index = element === null ? null : indexOf(element, leaf.shape);
  return { place: { path: leaf.path, index, forward, reverse, difference, sides }, size };
}

const weights8 = [4 / 5, -1 / 5, 4 / 105, -1 / 280];
const weights4 = [-25 / 12, 4, -3, 4 / 3, -1 / 4];

/** The derivative at 0 by differences of 8th order; of neighbouring lengths of step the two that agree best. */
function central(f: (s: number) => number, single: boolean): number {
  const lengths = single ? [0.4, 0.2, 0.1, 0.05, 0.025] : [0.1, 0.03, 0.01, 0.003, 0.001];
  const found = lengths.map((h) =>
    weights8.reduce((total, w, k) => total + (w * (f((k + 1) * h) - f(-(k + 1) * h))) / h, 0),
  );
  let [best, spread] = [found.at(-1) as number, Infinity];
  for (let i = 1; i < found.length; i++) {
    const [coarse, fine] = [found[i - 1] as number, found[i] as number];
    if (Math.abs(fine - coarse) < spread) [best, spread] = [fine, Math.abs(fine - coarse)];
  }
  return best;
}

/** The derivative at 0 from the side of h by differences of 4th order. */
function oneSided(f: (s: number) => number, h: number): number {
  return weights4.reduce((total, w, k) => total + (w * f(k * h)) / h, 0);
}

/** Slopes from both sides that differ by more than this part of the derivative are those of a kink. */
const kinkFrom = 0.05;

/** At a kink any slope between the two sides is right; elsewhere that of the differences. */
function finish({ place }: Measured, whole: number): CheckedPlace {
  const { forward, reverse, difference, sides } = place;
  const relative = (x: number): number => (x === 0 ? 0 : x / whole);
  const kink = relative(Math.abs(sides[0] - sides[1])) > kinkFrom;
  const [low, high] = [Math.min(...sides), Math.max(...sides)];
  const defectOf = (found: number | null): number => {
    if (found === null) return 0;
    const defect = relative(kink ? Math.max(low - found, found - high, 0) : Math.abs(found - difference));
    return Number.isNaN(defect) ? Infinity : defect;
  };
  // The sides themselves are known less well than the differences.
  const defects = [forward, reverse].map(defectOf).map((defect) => (kink && defect < 1e-4 ? 0 : defect));
  return { ...place, kink, defect: Math.max(...defects) };
}

/** Six digits of a slope; 0 where it is nothing beside another. */
const digits = (x: number | null, beside = 0): string =>
  x === null ? "nothing" : String(Math.abs(x) < 1e-6 * Math.abs(beside) ? 0 : Number(x.toPrecision(6)));

function nameOf({ path, index }: CheckedPlace): string {
  const name = `argument ${path.replace(/^\[(\d+)\]/, "$1")}`;
  if (index === null) return `${name}, along a direction`;
  return index.length === 0 ? name : `${name}, element [${index.join(", ")}]`;
}

function inWords(
  places: readonly CheckedPlace[],
  worst: CheckedPlace,
  tolerance: number,
  { refused }: Subject,
): string {
  const kinks = places.filter(({ kink }) => kink);
  const [kink] = kinks;
  const note =
    kink === undefined
      ? ""
      : ` ${kinks.length === 1 ? "There is a kink" : `There are ${kinks.length} kinks, the first`} at ${nameOf(kink)}: the slope is ${digits(kink.sides[0], kink.sides[1])} from the left and ${digits(kink.sides[1], kink.sides[0])} from the right.`;
  const limit = tolerance.toExponential(0);
  if (worst.defect <= tolerance) {
    return `The derivatives are right to ${limit}; the worst is ${nameOf(worst)}, off by ${worst.defect.toExponential(1)}.${note}${refused}`;
  }
  return `the worst is ${nameOf(worst)}, where forward mode gives ${digits(worst.forward)}, reverse mode ${digits(worst.reverse)}, and differences ${digits(worst.difference)}: off by ${worst.defect.toExponential(1)} where ${limit} is allowed.${note}${refused}`;
}

function indexOf(element: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = element;
  for (const extent of [...shape].reverse()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return index;
}
