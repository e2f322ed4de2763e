/**
 * What an optimiser is: two pure functions over trees, to be traced into the training step.
 *
 * In: a gradient and parameters of one structure, the state, a learning rate. Out: the next parameters and state. The
 * state is a tree like any other: it can be loaded, saved and resumed. Factors that depend on the step are computed in
 * float64 once a step, then rounded to the element type of each parameter.
 *
 * Numbers that decay towards zero become subnormal and make processors three to four times slower; `flush` keeps them
 * out of moments and parameters by adding and subtracting a tiny constant, which changes nothing above it.
 */
import {
  add,
  array,
  convert,
  leavesOf,
  mul,
  sub,
  type Tensor,
  type TensorLike,
  withLeaves,
  zeros,
} from "@leastaction/tensor";
import { isOnHost, mapTensors, tensorsOf, zerosOf, zipTensors } from "../nn/tensor-tree.ts";

/** The state of an optimiser over parameters `P`. */
export interface OptimizerState<P> {
  /** Updates made so far: int32 scalar. */
  readonly step: TensorLike;
  /** Running averages, each of the structure of the parameters; how many depends on the optimiser. */
  readonly moments: readonly P[];
}

/** An optimiser. */
export interface Optimizer {
  readonly name: string;
  /** The state before the first update: host tensors for parameters on the host, symbolic ones in a trace. */
  readonly init: <P>(parameters: P) => OptimizerState<P>;
  /**
   * One update; traced.
   * @param gradient of the structure of `parameters`
   * @param learningRate positive scalar
   * @returns the next parameters and state
   */
  readonly update: <P>(
    gradient: P,
    state: OptimizerState<P>,
    parameters: P,
    learningRate: TensorLike,
  ) => [P, OptimizerState<P>];
  readonly cites: readonly string[];
}

/** Options that all optimisers share. */
export interface SharedOptimizerOptions {
  /** Adds `l2` times the parameter to its gradient (weight decay in the loss), 0 or more; default 0. */
  readonly l2?: number;
}

/** @internal The rule of one optimiser, by element. */
export interface UpdateRule<Factor extends string> {
  readonly name: string;
  readonly cites: readonly string[];
  /** How many moments are kept. */
  readonly moments: number;
  readonly l2: number;
  /** Float64 scalars, from the number of this update (from 1, float64) and the learning rate. */
  readonly factors: (count: Tensor, learningRate: Tensor) => Readonly<Record<Factor, Tensor>>;
  /** The next parameter and moments. */
  readonly apply: (
    gradient: Tensor,
    moments: readonly Tensor[],
    parameter: Tensor,
    factors: Readonly<Record<Factor, Tensor>>,
  ) => readonly [Tensor, ...Tensor[]];
}

/** @internal An optimiser from its rule. */
export function optimizerOf<Factor extends string>(rule: UpdateRule<Factor>): Optimizer {
  return Object.freeze({
    name: rule.name,
    cites: rule.cites,
    init: <P>(parameters: P): OptimizerState<P> => ({
      step: leavesOf(parameters).every(isOnHost) ? array(Int32Array.of(0), []) : zeros([], "int32"),
      moments: Array.from({ length: rule.moments }, () => zerosOf(parameters)),
    }),
    update: <P>(
      gradient: P,
      { step, moments }: OptimizerState<P>,
      parameters: P,
      learningRate: TensorLike,
    ): [P, OptimizerState<P>] => {
      const next = add(convert(step, "int32"), 1);
      const factors = rule.factors(convert(next, "float64"), convert(learningRate, "float64"));
      const results = updatedLeaves(rule, factors, gradient, moments, parameters);
      const column = (i: number): P =>
        withLeaves(
          parameters,
          results.map((result) => result[i]),
        ) as P;
      return [column(0), { step: next, moments: moments.map((_, i) => column(i + 1)) }];
    },
  });
}

/** The larger magnitudes unchanged, those below about 1e-37 (float64: 1e-305) to zero. */
export function flush(x: Tensor): Tensor {
  const tiny = x.dtype === "float64" ? 2 ** -960 : 2 ** -100;
  return sub(add(x, tiny), tiny);
}

function updatedLeaves<Factor extends string, P>(
  rule: UpdateRule<Factor>,
  factors: Readonly<Record<Factor, Tensor>>,
  gradient: P,
  moments: readonly P[],
  parameters: P,
): (readonly Tensor[])[] {
  const decayed = rule.l2 === 0 ? gradient : addScaled(gradient, rule.l2, parameters);
  const gradients = tensorsOf(decayed);
  const columns = moments.map(tensorsOf);
  return tensorsOf(parameters).map((parameter, i) => {
    const rounded = mapTensors((factor) => convert(factor, parameter.dtype), factors);
    const own = columns.map((column) => column[i] as Tensor);
    return rule.apply(gradients[i] as Tensor, own, parameter, rounded).map(flush);
  });
}

function addScaled<P>(gradient: P, scale: number, parameters: P): P {
  return zipTensors((g, p) => add(g, mul(p, scale)), gradient, parameters);
}
