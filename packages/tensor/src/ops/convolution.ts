/**
 * Convolution over one axis or several, channels last.
 *
 * An operation over pads, slices and contractions: for each position in the window the slice of `x` that it sees, times
 * the matrix of the kernel there, added up. A slice is only another way to read memory, so nothing is copied into a table
 * of windows; derivatives of all orders follow from the parts.
 */
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { unify } from "./broadcasting.ts";
import { contract } from "./contraction.ts";
import { add } from "./elementwise.ts";
import { at } from "./movement.ts";

/** How many zeros stand around `x`: along every axis the same before and behind, or a pair for each axis. */
export type Padding = "valid" | "same" | number | readonly (readonly [low: number, high: number])[];

/** Options of `convolution`; one number stands for all axes. */
export interface ConvolutionOptions {
  /** Positions from one window to the next. Default: 1. */
  readonly stride?: number | readonly number[];
  /**
   * Zeros around `x`. `"valid"` (the default): none; `"same"`: as many as make the result as long as `x` divided by the
   * stride, rounded up, the odd one behind.
   */
  readonly padding?: Padding;
  /** Positions from one element of the window to the next. Default: 1. */
  readonly dilation?: number | readonly number[];
}

/**
 * y[…, i, o] = sum over k, c of x[…, stride i + dilation k - low, c] kernel[k, c, o], for windows over one axis, two or
 * more: a correlation, as convolutional networks have it (reverse the kernel for the convolution of mathematics).
 *
 * @param x Shape [..., ...space, channels].
 * @param kernel Shape [...window, channels, channels of the result]; as many window axes as axes of space.
 * @returns Shape [..., ...positions, channels of the result].
 * Errors: other ranks or channels; a window longer than the padded axis; strides or dilations below 1.
 * @example
 * const slope = (x: Tensor) => convolution(x, array([[[-1]], [[1]]]));
 * evaluate(slope, array([[1], [4], [9], [16]])).data; // => [3, 5, 7]
 */
export function convolution(x: TensorLike, kernel: TensorLike, options: ConvolutionOptions = {}): Tensor {
  const [image, weights] = unify("convolution", [x, kernel]) as [Tensor, Tensor];
  const axes = weights.shape.length - 2;
  const first = image.shape.length - 1 - axes;
  if (axes < 1 || first < 0 || image.shape.at(-1) !== weights.shape.at(-2)) {
    throw new TensorError(
      `Cannot convolution: expected shapes [..., ...space, channels] and [...window, channels, results], got ${showType(image)} and ${showType(weights)}`,
      "Channels are the last axis of the first operand and the last but one of the kernel.",
    );
  }
  const plans = weights.shape
    .slice(0, axes)
    .map((window, i) => planAxis(i, image.shape[first + i] as number, window, axes, options));
  const padded = padAll(image, first, plans);
  const taps = plans.reduce<readonly Tap[]>(
    (found, { window }) => found.flatMap((tap) => Array.from({ length: window }, (_, offset) => extended(tap, offset))),
    [{ offsets: [], weights }],
  );
  const [start, ...rest] = taps.map(({ offsets, weights: matrix }) =>
    contract(seenFrom(padded, first, plans, offsets), matrix, { contract: [[image.shape.length - 1], [0]] }),
  );
  return add(start as Tensor, ...rest);
}

/** The operand with its zeros around. */
function padAll(image: Tensor, first: number, plans: readonly AxisPlan[]): Tensor {
  if (plans.every(({ low, high }) => low + high === 0)) return image;
  const spread = (values: readonly number[]): number[] => image.shape.map((_, axis) => values[axis - first] ?? 0);
  const [low, high] = [plans.map((plan) => plan.low), plans.map((plan) => plan.high)];
  return emitOne("pad", { low: spread(low), high: spread(high), interior: spread([]) }, [image]);
}

/** What the windows see at one position of theirs. */
function seenFrom(padded: Tensor, first: number, plans: readonly AxisPlan[], offsets: readonly number[]): Tensor {
  const bounds = padded.shape.map((extent, axis) => {
    const plan = plans[axis - first];
    if (plan === undefined) return { start: 0, limit: extent, stride: 1 };
    const start = (offsets[axis - first] as number) * plan.dilation;
    return { start, limit: start + (plan.positions - 1) * plan.stride + 1, stride: plan.stride };
  });
  const parameters = {
    start: bounds.map(({ start }) => start),
    limit: bounds.map(({ limit }) => limit),
    stride: bounds.map(({ stride }) => stride),
  };
  return emitOne("slice", parameters, [padded]);
}

/** One position in the window, axis by axis, and what is left of the kernel there. */
interface Tap {
  readonly offsets: readonly number[];
  readonly weights: Tensor;
}

function extended({ offsets, weights }: Tap, offset: number): Tap {
  return { offsets: [...offsets, offset], weights: at(weights, offset) };
}

interface AxisPlan {
  readonly window: number;
  readonly positions: number;
  readonly stride: number;
  readonly dilation: number;
  readonly low: number;
  readonly high: number;
}

function planAxis(
  axis: number,
  extent: number,
  window: number,
  axes: number,
  { stride: strides = 1, padding = "valid", dilation: dilations = 1 }: ConvolutionOptions,
): AxisPlan {
  const stride = natural("stride", strides, axis, axes, 1);
  const dilation = natural("dilation", dilations, axis, axes, 1);
  const reach = (window - 1) * dilation + 1;
  const [low, high] = paddingOf(padding, axis, axes, extent, reach, stride);
  const room = low + extent + high - reach;
  if (window < 1 || room < 0) {
    throw new TensorError(
      `Cannot convolution: expected a window that reaches over 1 to ${low + extent + high} positions along axis ${axis}, got ${reach}`,
      "Pad the operand, or use a smaller kernel or dilation.",
    );
  }
  return { window, positions: Math.floor(room / stride) + 1, stride, dilation, low, high };
}

function natural(what: string, given: number | readonly number[], axis: number, axes: number, least: number): number {
  const value = typeof given === "number" ? given : given.length === axes ? given[axis] : undefined;
  if (value !== undefined && Number.isInteger(value) && value >= least) return value;
  throw new TensorError(
    `Cannot convolution: expected a ${what} of at least ${least} for each of ${axes} axes, got ${JSON.stringify(given)}`,
    "Give one integer for all axes, or a list with one for each.",
  );
}

function paddingOf(
  padding: Padding,
  axis: number,
  axes: number,
  extent: number,
  reach: number,
  stride: number,
): readonly [number, number] {
  if (padding === "valid") return [0, 0];
  if (padding === "same") {
    const total = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + reach - extent);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  if (typeof padding === "number") {
    const both = natural("padding", padding, axis, axes, 0);
    return [both, both];
  }
  const side = (end: 0 | 1): number =>
    natural(
      "padding",
      padding.map((pair) => pair[end]),
      axis,
      axes,
      0,
    );
  return [side(0), side(1)];
}
