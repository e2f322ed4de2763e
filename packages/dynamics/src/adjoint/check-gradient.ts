/**
 * A check of a user's own derivatives: every way to the gradient against every other, tensor by tensor.
 *
 * In: a function to a scalar, or a model, and a point. It runs in float64 on the host at once, outside of any trace. Out:
 * for every float tensor of the point how far forward mode, reverse mode, differences of the function, and differences
 * of the gradient are from each other. A rule that is wrong alike in both modes is found by the differences.
 */
import {
  add,
  array,
  type Compiled,
  compile,
  convert,
  grad,
  type HostTensor,
  iota,
  isFloat,
  jvp,
  leavesOf,
  mapTree,
  mul,
  reference,
  showType,
  sin,
  sum,
  type Target,
  type Tensor,
  TensorError,
} from "@leastaction/tensor";
import { tensorsOf } from "../nn/tensor-tree.ts";
import { hostRandom } from "../random/host-random.ts";
import { difference, type Estimate } from "./differences.ts";
import type { GradientReport, LeafDefects } from "./gradient-report.ts";

/** A model as far as it is checked: its law, as in `defineModel`. */
export interface CheckedModel {
  readonly field?: (...inputs: never[]) => Tensor;
  readonly step?: (...inputs: never[]) => Tensor;
}

/** Where a model is checked. */
export interface ModelPoint {
  readonly parameters: unknown;
  readonly state: HostTensor;
  /** Default 0 s. */
  readonly t?: number;
  /** The step of a model with `step`; default 0.1 s. */
  readonly dt?: number;
  readonly control?: HostTensor | null;
  readonly facts?: unknown;
}

/** Options of `checkGradient`. */
export interface CheckGradientOptions {
  /** Largest defect that passes, relative; default 1e-7. */
  readonly tolerance?: number;
  /** Directions tried for each tensor, at most one for each of its numbers; default 4. */
  readonly directions?: number;
  /** Where it runs; default the reference evaluator. */
  readonly target?: Target;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Checks the derivatives of a function, or of the law of a model, at a point.
 *
 * @param f to a float scalar, from a tree of tensors
 * @param point host tensors or numbers; float leaves are checked, in float64
 * @example
 * const report = checkGradient((p: { k: Tensor }) => sum(sin(p.k)), { k: array([0.3, 2]) });
 * report.passed; // => true
 *
 * A function whose value is found by adaptive steps is smooth only to their tolerance, and so are its differences: check
 * it with tolerances near 1e-12 or with equal steps; the column of uncertainty shows which it was.
 * Errors: a point without float tensors, a function to something else than a scalar.
 */
export function checkGradient(
  f: ((point: never) => Tensor) | CheckedModel,
  point: unknown,
  options: CheckGradientOptions = {},
): GradientReport {
  const { tolerance = 1e-7, directions = 4, target = reference(), seed = 0 } = options;
  if (typeof f !== "function")
    return checkGradient(lawOf(f, point as ModelPoint), variablesOf(point as ModelPoint), options);
  const x = inFloat64(point);
  const random = hostRandom(seed);
  const places: { path: string; leaf: HostTensor; index: number }[] = [];
  mapTree(x, (leaf, path) => places.push({ path, leaf: leaf as HostTensor, index: places.length }));
  const checked = places.filter(({ leaf }) => isFloat(leaf.dtype));
  if (checked.length === 0) {
    throw new TensorError(
      "Cannot check a gradient: expected a point with float tensors, got none",
      "Pass the parameters, as host tensors.",
    );
  }
  const subject = prepare(f, x, target);
  const leaves = checked.map(({ path, leaf, index }): LeafDefects => {
    const size = leaf.data.length;
    const tried = Math.min(directions, size);
    const defects = Array.from({ length: tried }, () => {
      const direction = places.map((place) =>
        Float64Array.from(place.leaf.data, () => (place.index === index ? random.normal() / Math.sqrt(size) : 0)),
      );
      return alongDirection(subject, direction, scaleOf(leaf));
    });
    const worst = (of: (item: Defects) => number): number => Math.max(0, ...defects.map(of).map(notNaN));
    const found = {
      forward: worst((item) => item.forward),
      difference: worst((item) => item.difference),
      second: worst((item) => item.second),
      uncertainty: worst((item) => item.uncertainty),
    };
    const passed = Math.max(found.forward, found.difference, found.second) <= tolerance;
    return { path, type: showType(leaf), directions: tried, ...found, passed };
  });
  const worst = Math.max(...leaves.map((leaf) => Math.max(leaf.forward, leaf.difference, leaf.second)));
  return { leaves, worst, tolerance, passed: leaves.every((leaf) => leaf.passed) };
}

/** NaN is as wrong as can be. */
function notNaN(value: number): number {
  return Number.isNaN(value) ? Infinity : value;
}

interface Defects {
  readonly forward: number;
  readonly difference: number;
  readonly second: number;
  readonly uncertainty: number;
}

/** A function with its derivatives, all of the flat numbers of the point. */
interface Subject {
  readonly value: (s: number, direction: readonly Float64Array[]) => readonly number[];
  readonly gradient: (s: number, direction: readonly Float64Array[]) => readonly number[];
  readonly forward: (direction: readonly Float64Array[]) => number;
  readonly second: (direction: readonly Float64Array[]) => readonly number[];
}

function prepare(f: (point: never) => Tensor, x: unknown, target: Target): Subject {
  const leaves = leavesOf(x) as HostTensor[];
  const floats = leaves.map(({ dtype }) => isFloat(dtype));
  const like = (numbers: readonly ArrayLike<number>[]): unknown => {
    let next = 0;
    return mapTree(x, (leaf) => {
      const { dtype, shape, data } = leaf as HostTensor;
      const given = numbers[next++] as ArrayLike<number>;
      return isFloat(dtype) ? array(Float64Array.from(given), shape) : array(data, shape, dtype);
    });
  };
  const moved = (s: number, direction: readonly Float64Array[]): unknown =>
    like(leaves.map(({ data }, i) => Float64Array.from(data, (value, k) => value + s * (direction[i]?.[k] ?? 0))));
  const g = grad(f as (point: unknown) => Tensor);
  const [value, gradient] = [compile(f as never, [x], target), compile(g as never, [x], target)];
  const forward = compile(((at: unknown, d: unknown) => jvp(f, [at], [d])[1]) as never, [x, x], target);
  const second = compile(((at: unknown, d: unknown) => jvp(g as never, [at], [d])[1]) as never, [x, x], target);
  const numbers = (run: Compiled<unknown>, ...inputs: unknown[]): number[] =>
    (leavesOf(run.callSync(...inputs)) as HostTensor[]).flatMap(({ data }, i) =>
      floats[i] === false ? Array.from(data, () => 0) : Array.from(data),
    );
  return {
    value: (s, direction) => [(leavesOf(value.callSync(moved(s, direction))) as HostTensor[])[0]?.data[0] as number],
    gradient: (s, direction) => numbers(gradient, moved(s, direction)),
    forward: (direction) => (leavesOf(forward.callSync(x, like(direction))) as HostTensor[])[0]?.data[0] as number,
    second: (direction) => numbers(second, x, like(direction)),
  };
}

/** Defects relative to the sizes of the gradient and of its derivative, or of the uncertainty of zero. */
function alongDirection(subject: Subject, direction: readonly Float64Array[], scale: number): Defects {
  const flat = direction.flatMap((part) => Array.from(part));
  const gradient = subject.gradient(0, direction);
  const reverse = dot(gradient, flat);
  // Along a direction in which a gradient happens to be small, it is measured by the whole of this tensor's.
  const own = gradient.filter((_, i) => flat[i] !== 0);
  const size = Math.max(
    Math.abs(reverse),
    norm(own) * norm(flat),
    Math.abs(subject.value(0, direction)[0] as number) * 1e-6,
  );
  const first = difference((s) => subject.value(s, direction), scale);
  const curvature = subject.second(direction);
  const change: Estimate = difference((s) => subject.gradient(s, direction), scale);
  const secondSize = Math.max(norm(curvature), size);
  const against = relative(size);
  return {
    forward: against(Math.abs(subject.forward(direction) - reverse)),
    difference: against(Math.abs((first.value[0] as number) - reverse)),
    second: relative(secondSize)(
      Math.max(...curvature.map((value, i) => Math.abs(value - (change.value[i] as number)))),
    ),
    uncertainty: Math.max(against(first.uncertainty), relative(secondSize)(change.uncertainty)),
  };
}

/** Nothing in nothing is right. */
function relative(size: number): (defect: number) => number {
  return (defect) => (defect === 0 ? 0 : defect / size);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] as number), 0);
}

function norm(values: readonly number[]): number {
  return Math.hypot(...values);
}

/** Half the root mean square of a tensor, at most 1: differences do not leave its neighbourhood. */
function scaleOf({ data }: HostTensor): number {
  const size = Math.hypot(...data) / Math.sqrt(data.length);
  return size === 0 ? 1 : Math.min(1, Math.max(size, 1e-3));
}

function inFloat64(point: unknown): unknown {
  return mapTree(point, (leaf) => {
    if (typeof leaf === "number") return array(leaf);
    const { dtype, shape, data } = leaf as HostTensor;
    return isFloat(dtype) ? array(Float64Array.from(data), shape) : array(data, shape, dtype);
  });
}

/** What the law of a model gives, against fixed weights. */
function lawOf(model: CheckedModel, { t = 0, dt = 0.1, control = null, facts }: ModelPoint): (point: never) => Tensor {
  return (({ parameters, state }: { readonly parameters: unknown; readonly state: Tensor }) => {
    const laws = model as Record<"field" | "step", ((...inputs: unknown[]) => Tensor) | undefined>;
    const rate = laws.field?.(parameters, tensorsOf(t)[0], state, control, facts);
    const next = rate ?? laws.step?.(parameters, state, tensorsOf(dt)[0], control, facts);
    if (next === undefined) {
      throw new TensorError(
        "Cannot check a model: expected a field or a step, got neither",
        "Pass a function to a scalar, or a model made by defineModel.",
      );
    }
    const weights = add(1, mul(0.5, sin(convert(iota(next.shape), next.dtype))));
    return sum(mul(next, weights));
  }) as (point: never) => Tensor;
}

function variablesOf({ parameters, state }: ModelPoint): unknown {
  return { parameters, state };
}
