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
  add,
  broadcastTo,
  concatenate,
  convert,
  type DType,
  div,
  expandDimensions,
  full,
  type HostTensor,
  mul,
  scan,
  slice,
  sub,
  type Tensor,
  type TensorLike,
  take,
  transpose,
} from "@leastaction/tensor";
import { metricNetwork } from "../diagnostic/helmholtz/metric-network.ts";
import type { MetricField, SecondOrderField } from "../diagnostic/helmholtz/second-order-field.ts";
import { type MultilayerPerceptronParameters, multilayerPerceptron } from "../nn/multilayer-perceptron.ts";
import { solve } from "../solve/solve.ts";
import { dopri5 } from "../solver/dopri5.ts";
import { rk4 } from "../solver/rk4.ts";

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

/** How motions are integrated. */
export type MotionSolver =
  /** Dormand and Prince with one step size for the whole batch; default tolerances 1e-6, at most 128 steps. */
  | { readonly kind: "adaptive"; readonly rtol?: number; readonly atol?: number; readonly maxSteps?: number }
  /** The classical method of Runge and Kutta with so many equal steps between neighbouring times. */
  | { readonly kind: "fixed"; readonly substeps: number };

/** Options of a motion. */
export interface MotionOptions {
  /** Default adaptive. */
  readonly solver?: MotionSolver;
  /**
   * How many of the times are wanted, an int32 scalar known at run time, at least 1: what comes later is not
   * integrated, and the states there are finite and without meaning. Default all.
   */
  readonly length?: Tensor;
}

/** Motions of a batch. */
export interface BatchMotion {
  /** [N, T, n]. */
  readonly x: Tensor;
  readonly v: Tensor;
  /** A code of `statusCodes`, int32 scalar; 0 is success. */
  readonly status: Tensor;
}

/** A Lagrangian neural ODE on scaled coordinates; all but `init` is traced. */
export interface LagrangianOde {
  readonly dimensions: number;
  /**
   * Initial parameters, uniform in ±1 / sqrt(inputs) as PyTorch's `Linear`.
   * @param seed integer from 0; each network has a stream of its own
   * @param dtype default float32
   */
  readonly init: (seed: number, dtype?: DType) => LagrangianOdeParameters<HostTensor>;
  /** The acceleration f; also of batches x, v [..., n] at one time [], or [..., T, n] at times [T]. */
  readonly acceleration: (parameters: Pick<LagrangianOdeParameters, "field">) => SecondOrderField;
  /** The velocity Hessian g of the Lagrangian, at a point. */
  readonly metric: (parameters: Pick<LagrangianOdeParameters, "metric">) => MetricField;
  /** The velocity at the start, from positions x [..., n]. */
  readonly startVelocity: (parameters: Pick<LagrangianOdeParameters, "start">, x: TensorLike) => Tensor;
  /**
   * The motions from positions at the first time.
   * @param starts [N, n], of the parameters' element type
   * @param times [T] float64, ascending, T at least 2
   */
  readonly motion: (
    parameters: MotionParameters,
    starts: Tensor,
    times: TensorLike,
    options?: MotionOptions,
  ) => BatchMotion;
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
    motion: (
      parameters: MotionParameters,
      starts: Tensor,
      times: TensorLike,
      { solver = { kind: "adaptive" }, length }: MotionOptions = {},
    ): BatchMotion => {
      const first: State = [starts, startVelocity(parameters, starts)];
      const slope: Slope = (t, [x, v]) => [v, acceleration(parameters)(t, x, v)];
      const given = { first, slope, times: convert(times, "float64"), length };
      return solver.kind === "adaptive" ? adaptiveMotion(given, solver) : fixedMotion(given, solver.substeps);
    },
  });
}

/** Positions and velocities, [N, n] each. */
type State = readonly [x: Tensor, v: Tensor];
type Slope = (t: Tensor, state: State) => State;

interface GivenMotion {
  readonly first: State;
  readonly slope: Slope;
  readonly times: Tensor;
  readonly length: Tensor | undefined;
}

function adaptiveMotion(
  { first, slope, times, length }: GivenMotion,
  { rtol = 1e-6, atol = 1e-6, maxSteps = 128 }: Extract<MotionSolver, { kind: "adaptive" }>,
): BatchMotion {
  const last = sub(length ?? full([], times.shape[0] as number, "int32"), 1);
  const { states, status } = solve<State>({
    field: slope,
    t0: take(times, full([], 0, "int32")),
    t1: take(times, last),
    y0: first,
    solver: dopri5,
    rtol,
    atol,
    maxSteps,
    saveAt: { times },
  });
  return { x: transpose(states[0], [1, 0, 2]), v: transpose(states[1], [1, 0, 2]), status };
}

function fixedMotion({ first, slope, times, length }: GivenMotion, substeps: number): BatchMotion {
  const count = times.shape[0] as number;
  const begins = slice(times, 0, 0, count - 1);
  const steps = div(sub(slice(times, 0, 1), begins), substeps);
  const [, later] = scan<State, { t: Tensor; h: Tensor }, State>(
    (state, { t, h }) => {
      let next = state;
      for (let i = 0; i < substeps; i++) {
        const now = i === 0 ? t : add(t, mul(h, i));
        next = rk4.step(slope, now, h, next, rk4.start(slope, now, next)).y;
      }
      return [next, next];
    },
    first,
    { t: begins, h: steps },
    length === undefined ? {} : { length: sub(length, 1) },
  );
  const all = (i: 0 | 1): Tensor => transpose(concatenate([expandDimensions(first[i], 0), later[i]]), [1, 0, 2]);
  return { x: all(0), v: all(1), status: full([], 0, "int32") };
}
