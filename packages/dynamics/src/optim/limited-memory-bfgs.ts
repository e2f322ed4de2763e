/**
 * A quasi-Newton minimiser for thousands of parameters: L-BFGS.
 *
 * In: a smooth function with its gradient, always of the same data, and a start. Out: where the search ended, and why. It
 * runs on the host, in float64: the work lies in the function. Deliberately not here: batches that change, whose
 * gradients it would take for curvature.
 */
import { TensorError } from "@leastaction/tensor";
import { type LinePoint, wolfeSearch } from "./wolfe-search.ts";

/** A function at a point. */
export interface ValueAndGradient {
  readonly value: number;
  /** [n]; not written to afterwards. */
  readonly gradient: Float64Array;
}

/** Options of `limitedMemoryBfgs`. */
export interface LimitedMemoryBfgsOptions {
  /** Pairs of steps and changes of the gradient that are kept; default 50. */
  readonly memory?: number;
  /** Default 1000. */
  readonly maxIterations?: number;
  /** Ends when no component of the gradient is above this; default 1e-10. */
  readonly gradientTolerance?: number;
  /** Ends when asked to, between two iterations. */
  readonly signal?: AbortSignal | undefined;
  /** Told the value after each iteration, and how to go on from there; awaited. */
  readonly onIteration?: (iteration: number, value: number, state: () => MinimisationState) => void | Promise<void>;
}

/** A search between two iterations. What goes on from it comes to the same numbers, bit for bit, as what never stopped. */
export interface MinimisationState {
  /** [n]. */
  readonly parameters: Float64Array;
  /** The remembered steps and the changes of the gradient over them, the oldest first: [n] each. */
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
  readonly iterations: number;
  readonly evaluations: number;
}

/** How a search ended. `stalled`: no step along the steepest descent lowers the value beyond rounding. */
export type MinimisationStatus = "gradientSmall" | "maxIterations" | "stalled" | "stopped" | "nonFinite";

/** Where a search ended. */
export interface Minimum {
  /** [n]. */
  readonly parameters: Float64Array;
  readonly value: number;
  readonly status: MinimisationStatus;
  readonly iterations: number;
  readonly evaluations: number;
}

interface Place extends ValueAndGradient {
  readonly parameters: Float64Array;
}

/** A step and what it changed. */
interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** step · change, positive. */
  readonly product: number;
}

/**
 * Minimises a function from a start. The value falls with every iteration.
 *
 * @param evaluate the function and its gradient at [n]
 * @param start [n], finite, or the state of a search that stopped, of the same function and memory
 * @example
 * // The valley (1 - x)² + 100 (y - x²)².
 * const valley = async ([x = 0, y = 0]: Float64Array) => ({
 *   value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
 *   gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
 * });
 * const { parameters } = await limitedMemoryBfgs(valley, Float64Array.of(-1.2, 1));
 * Array.from(parameters, (value) => Math.round(1e6 * value) / 1e6); // => [1, 1]
 *
 * Errors: a memory that is not a positive integer.
 * Source: Liu and Nocedal, 1989, On the limited memory BFGS method for large scale optimization, Mathematical Programming
 * 45, doi:10.1007/BF01589116.
 */
export async function limitedMemoryBfgs(
  evaluate: (parameters: Float64Array) => Promise<ValueAndGradient>,
  start: Float64Array | MinimisationState,
  options: LimitedMemoryBfgsOptions = {},
): Promise<Minimum> {
  const { memory = 50, maxIterations = 1000, gradientTolerance = 1e-10, signal, onIteration } = options;
  if (!(Number.isInteger(memory) && memory > 0)) {
    throw new TensorError(
      `Cannot minimise: expected a positive integer as memory, got ${memory}`,
      "10 to 50 pairs of steps are usual.",
    );
  }
  const from = start instanceof Float64Array ? unsearched(start) : start;
  let { iterations, evaluations } = from;
  const placeAt = async (parameters: Float64Array): Promise<Place> => {
    evaluations++;
    return { parameters, ...(await evaluate(parameters)) };
  };
  let here: Place = { parameters: from.parameters, ...(await evaluate(from.parameters)) };
  const pairs = from.steps.map((step, k) => pairOf(step, from.changes[k] as Float64Array));
  const ended = (status: MinimisationStatus): Minimum => {
    const { parameters, value } = here;
    return { parameters, value, status, iterations, evaluations };
  };
  if (!Number.isFinite(here.value + squared(here.gradient))) return ended("nonFinite");
  while (largest(here.gradient) > gradientTolerance) {
    if (iterations >= maxIterations) return ended("maxIterations");
    if (signal?.aborted === true) return ended("stopped");
    const next = await stepFrom(here, pairs, placeAt);
    if (next === null) {
      if (pairs.length === 0) return ended("stalled");
      // The pairs mislead: on without them.
      pairs.length = 0;
      continue;
    }
    remember(pairs, pairBetween(here, next), memory);
    here = next;
    iterations++;
    const state = (): MinimisationState => ({
      parameters: here.parameters,
      steps: pairs.map(({ step }) => step),
      changes: pairs.map(({ change }) => change),
      iterations,
      evaluations,
    });
    await onIteration?.(iterations, here.value, state);
  }
  return ended("gradientSmall");
}

/** The next place, lower than this one; null where the search along the direction finds none. */
async function stepFrom(
  here: Place,
  pairs: readonly Pair[],
  placeAt: (parameters: Float64Array) => Promise<Place>,
): Promise<Place | null> {
  const direction = descent(here.gradient, pairs);
  const slope = product(direction, here.gradient);
  if (!(slope < 0)) return null;
  const at = async (step: number): Promise<Place & LinePoint> => {
    const place = await placeAt(here.parameters.map((value, i) => value + step * (direction[i] as number)));
    return { ...place, step, slope: product(place.gradient, direction) };
  };
  // Without a pair the scale is unknown: the first step is of length 1, or shorter.
  const first = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(squared(direction)));
  return wolfeSearch(at, { step: 0, value: here.value, slope }, first);
}

/** Minus the gradient times the inverse Hessian that the pairs tell: the recursion over both directions. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const found = gradient.map((value) => -value);
  const weights = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const pair = pairs[k] as Pair;
    weights[k] = product(pair.step, found) / pair.product;
    addTo(found, pair.change, -(weights[k] as number));
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = last.product / squared(last.change);
    for (let i = 0; i < found.length; i++) found[i] = scale * (found[i] as number);
  }
  for (const [k, pair] of pairs.entries()) {
    addTo(found, pair.step, (weights[k] as number) - product(pair.change, found) / pair.product);
  }
  return found;
}

/** The start counts as an evaluation once, also for a search that goes on. */
function unsearched(start: Float64Array): MinimisationState {
  return { parameters: Float64Array.from(start), steps: [], changes: [], iterations: 0, evaluations: 1 };
}

function pairBetween(from: Place, to: Place): Pair {
  const step = to.parameters.map((value, i) => value - (from.parameters[i] as number));
  return pairOf(
    step,
    to.gradient.map((value, i) => value - (from.gradient[i] as number)),
  );
}

function pairOf(step: Float64Array, change: Float64Array): Pair {
  return { step, change, product: product(step, change) };
}

/** Keeps a pair of positive curvature, which the second Wolfe condition grants but for rounding. */
function remember(pairs: Pair[], pair: Pair, memory: number): void {
  if (!(pair.product > Number.EPSILON * squared(pair.change))) return;
  pairs.push(pair);
  if (pairs.length > memory) pairs.shift();
}

function addTo(into: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] as number) + factor * (vector[i] as number);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function squared(vector: Float64Array): number {
  return product(vector, vector);
}

function largest(vector: Float64Array): number {
  return vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
