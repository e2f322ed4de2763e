/**
 * Lagrangian neural ODE: a motion of second order x'' = f(t, x, v) that training holds near those of a Lagrangian.
 *
 * Three networks: f gives the acceleration, g the velocity Hessian of the Lagrangian, a third the velocity at the start
 * from the position there, for data without velocities. g is for training only (`train/train-lagrangian-ode.ts`); a
 * motion needs f and the start alone, so that it costs what that of a plain neural ODE costs. All works on scaled
 * coordinates; `trajectory-scaling.ts` leads there and back.
 *
 * Source: Wolf, Buck, Schäfer, 2025, "Lagrangian neural ODEs: measuring the existence of a Lagrangian with Helmholtz
 * metrics", arXiv:2510.06367.
 */
import {
  broadcastTo,
  concatenate,
  convert,
  type DType,
  expandDimensions,
  type HostTensor,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";
import { metricNetwork } from "../diagnostic/helmholtz/metric-network.ts";
import type { MetricField, SecondOrderField } from "../diagnostic/helmholtz/second-order-field.ts";
import { type MultilayerPerceptronParameters, multilayerPerceptron } from "../nn/multilayer-perceptron.ts";
import { integrateMotion } from "./integrate-motion.ts";
import type { BatchMotion, MotionModel, MotionOptions } from "./motion-model.ts";

/** Sizes of the networks. */
export interface LagrangianOdeOptions {
  /** n, the number of coordinates: at least 1. */
  readonly dimensions: number;
  /** Hidden widths of f, softplus; default [16]. */
  readonly hidden?: readonly number[];
  /** Hidden widths of g, softplus; default [64, 64]. */
  readonly metricHidden?: readonly number[];
  /** Hidden widths of the network of the start velocity, ReLU; default [16, 16, 16]. */
  readonly startHidden?: readonly number[];
  /** Whether the Lagrangian may depend on time; default true. f may in any case. */
  readonly timeDependent?: boolean;
}

/** Parameters of the three networks. */
export interface LagrangianOdeParameters<L extends TensorLike = TensorLike> {
  readonly field: MultilayerPerceptronParameters<L>;
  /** For training only. */
  readonly metric: MultilayerPerceptronParameters<L>;
  readonly start: MultilayerPerceptronParameters<L>;
}

/** What a motion needs of them. */
export type MotionParameters<L extends TensorLike = TensorLike> = Omit<LagrangianOdeParameters<L>, "metric">;

/** A Lagrangian neural ODE on scaled coordinates; all but `init` is traced. */
export interface LagrangianOde extends MotionModel<MotionParameters> {
  /** As PyTorch's `Linear`: uniform in ±1 / sqrt(inputs). */
  readonly init: (seed: number, dtype?: DType) => LagrangianOdeParameters<HostTensor>;
  /** The acceleration f; also of batches x, v [..., n] at one time [], or [..., T, n] at times [T]. */
  readonly acceleration: (parameters: Pick<LagrangianOdeParameters, "field">) => SecondOrderField;
  /** The velocity Hessian g of the Lagrangian, at a point. */
  readonly metric: (parameters: Pick<LagrangianOdeParameters, "metric">) => MetricField;
  /** The velocity at the start, from positions x [..., n]. */
  readonly startVelocity: (parameters: Pick<LagrangianOdeParameters, "start">, x: TensorLike) => Tensor;
}

/**
 * A Lagrangian neural ODE.
 *
 * @example
 * const ode = lagrangianOde({ dimensions: 2 });
 * const parameters = ode.init(0, "float64");
 * const end = (starts: Tensor) => ode.motion(parameters, starts, array([0, 0.5, 1])).x;
 * evaluate(end, array([[1, 0]])).shape; // => [1, 3, 2]
 *
 * Errors: a number of dimensions that is not a positive integer.
 */
export function lagrangianOde(options: LagrangianOdeOptions): LagrangianOde {
  const { dimensions: n, hidden = [16], metricHidden = [64, 64], startHidden = [16, 16, 16] } = options;
  const metric = metricNetwork({
    dimensions: n,
    hidden: metricHidden,
    timeDependent: options.timeDependent ?? true,
  });
  const field = multilayerPerceptron({ sizes: [1 + 2 * n, ...hidden, n], activation: "softplus" });
  const start = multilayerPerceptron({ sizes: [n, ...startHidden, n], activation: "relu" });
  const acceleration: LagrangianOde["acceleration"] = (parameters) => (t, x, v) => {
    const time = broadcastTo(expandDimensions(convert(t, x.dtype), t.shape.length), [...x.shape.slice(0, -1), 1]);
    return field.apply(parameters.field, concatenate([time, x, v], x.shape.length - 1));
  };
  const startVelocity: LagrangianOde["startVelocity"] = (parameters, x) => start.apply(parameters.start, x);
  return Object.freeze({
    dimensions: n,
    init: (seed: number, dtype: DType = "float32") => ({
      field: field.init(3 * seed, dtype),
      metric: metric.init(3 * seed + 1, dtype),
      start: start.init(3 * seed + 2, dtype),
    }),
    acceleration,
    metric: (parameters: Pick<LagrangianOdeParameters, "metric">) => metric.metric(parameters.metric),
    startVelocity,
    motion: (parameters: MotionParameters, starts: Tensor, times: TensorLike, options?: MotionOptions): BatchMotion => {
      const f = acceleration(parameters);
      const { states, status } = integrateMotion(
        { first: [starts, startVelocity(parameters, starts)], slope: (t, [x, v]) => [v, f(t, x, v)], times },
        options,
      );
      const [x, v] = states;
      return { x, v, a: f(convert(times, "float64"), x, v), status };
    },
  });
}
