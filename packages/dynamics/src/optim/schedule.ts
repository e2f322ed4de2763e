/**
 * Learning rates over a training.
 *
 * In: the number of updates made so far, an int32 scalar or a number. Out: the learning rate, a float64 scalar. Each
 * schedule is a pure traced function, so that it lies inside the compiled step.
 */
import {
  add,
  convert,
  cos,
  div,
  full,
  less,
  maximum,
  minimum,
  mul,
  select,
  sub,
  type Tensor,
  TensorError,
  type TensorLike,
} from "@leastaction/tensor";

/** The learning rate after `step` updates. */
export type Schedule = (step: TensorLike) => Tensor;

/** Always `rate`. */
export function constantSchedule(rate: number): Schedule {
  return () => full([], rate, "float64");
}

/** Options of `cosineSchedule`. */
export interface CosineOptions {
  /** The rate at step 0, positive. */
  readonly peak: number;
  /** Updates until the floor is reached, at least 1. */
  readonly steps: number;
  /** The rate from then on; default 0. */
  readonly floor?: number;
}

/**
 * floor + (peak - floor) (1 + cos(pi step / steps)) / 2, then floor.
 * Loshchilov, Hutter, 2017, "SGDR", equation 5, arXiv:1608.03983.
 */
export function cosineSchedule({ peak, steps, floor = 0 }: CosineOptions): Schedule {
  expectSteps("cosineSchedule", steps);
  return (step) => halfCosine(peak, floor, div(convert(step, "float64"), steps));
}

/** Options of `oneCycleSchedule`. */
export interface OneCycleOptions {
  /** The largest rate, positive. */
  readonly peak: number;
  /** Updates of the whole cycle, at least 1. */
  readonly steps: number;
  /** Share of the cycle in which the rate rises, above 0 and below 1; default 0.3. */
  readonly warmup?: number;
  /** The rate at step 0; default peak / 25. */
  readonly initial?: number;
  /** The rate at the end; default initial / 1e4. */
  readonly final?: number;
}

/**
 * A rise from `initial` to `peak` and a fall to `final`, both along half a cosine.
 * Smith, Topin, 2018, "Super-convergence", arXiv:1708.07120; shape and defaults as in PyTorch's `OneCycleLR`.
 */
export function oneCycleSchedule({
  peak,
  steps,
  warmup = 0.3,
  initial = peak / 25,
  final = initial / 1e4,
}: OneCycleOptions): Schedule {
  expectSteps("oneCycleSchedule", steps);
  const top = warmup * steps;
  return (step) => {
    const at = convert(step, "float64");
    const rising = halfCosine(initial, peak, div(at, Math.max(top, 1e-12)));
    const falling = halfCosine(peak, final, div(sub(at, top), Math.max(steps - top, 1e-12)));
    return select(less(at, top), rising, falling);
  };
}

/** From `from` at fraction 0 to `to` at 1, constant outside. */
function halfCosine(from: number, to: number, fraction: Tensor): Tensor {
  const inside = minimum(1, maximum(0, fraction));
  return add(to, mul((from - to) / 2, add(1, cos(mul(Math.PI, inside)))));
}

function expectSteps(name: string, steps: number): void {
  if (steps >= 1) return;
  throw new TensorError(
    `Cannot make ${name}: expected steps of at least 1, got ${steps}`,
    "Pass the number of updates of the whole training.",
  );
}
