/**
 * A learning rate that falls when the loss stops falling. Unlike the schedules, it has a state, which belongs into the
 * state of the training step.
 */
import {
  add,
  array,
  convert,
  full,
  greater,
  type HostTensor,
  less,
  maximum,
  mul,
  select,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";

/** Options of `plateau`. */
export interface PlateauOptions {
  /** The rate at the start, positive. */
  readonly initial: number;
  /** What the rate is multiplied by; default 0.5. */
  readonly factor?: number;
  /** Updates without improvement that are tolerated; default 10. */
  readonly patience?: number;
  /** Improvement is a loss below best x (1 - threshold); default 1e-4. */
  readonly threshold?: number;
  /** The least rate; default 0. */
  readonly minimum?: number;
}

/** State of a plateau schedule: scalars. */
export interface PlateauState<L extends TensorLike = TensorLike> {
  /** The rate to use now: float64. */
  readonly rate: L;
  /** The best loss so far: float64. */
  readonly best: L;
  /** Updates since then: int32. */
  readonly waited: L;
}

/** A schedule with a state. */
export interface Plateau {
  /** The state before the first loss, on the host. */
  readonly init: () => PlateauState<HostTensor>;
  /** The state after a loss, a scalar; traced. */
  readonly update: (state: PlateauState, loss: TensorLike) => PlateauState<Tensor>;
}

/**
 * Multiplies the rate by `factor` after more than `patience` updates without an improvement; as PyTorch's
 * `ReduceLROnPlateau` with a relative threshold, for a loss that is not negative.
 */
export function plateau(options: PlateauOptions): Plateau {
  const { initial, factor = 0.5, patience = 10, threshold = 1e-4, minimum: least = 0 } = options;
  const scalar = (value: number): HostTensor => array(Float64Array.of(value), []);
  return Object.freeze({
    init: () => ({
      rate: scalar(initial),
      best: scalar(Number.POSITIVE_INFINITY),
      waited: array(Int32Array.of(0), []),
    }),
    update: (state: PlateauState, loss: TensorLike): PlateauState<Tensor> => {
      const value = convert(loss, "float64");
      const rate = convert(state.rate, "float64");
      const better = less(value, mul(state.best, 1 - threshold));
      const none = full([], 0, "int32");
      const waited = select(better, none, add(state.waited, 1));
      const tired = greater(waited, patience);
      return {
        rate: select(tired, maximum(mul(rate, factor), least), rate),
        best: select(better, value, state.best),
        waited: select(tired, none, waited),
      };
    },
  });
}
