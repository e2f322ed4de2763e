/**
 * What a Lagrangian neural ODE is trained for: positions along its motions, and the Helmholtz metric there.
 *
 * The loss is L_R + w L_H: L_R the mean squared error of the positions (`motion-objective.ts`), L_H the mean of the metric
 * at the points of the predicted motions, which are constants of it: it reaches f where f is differentiated in the
 * conditions and g, never through the motion. L_H must not drown the data early, so its gradient is cut by itself, the
 * part on f to a small norm, before that of L_R is added.
 *
 * Source: Wolf, Buck, Schäfer, 2025, arXiv:2510.06367, and its code.
 */
import {
  add,
  array,
  convert,
  type DType,
  expandDimensions,
  type HostTensor,
  mul,
  stopGradient,
  type Tensor,
  valueAndGrad,
  vmap,
} from "@leastaction/tensor";
import { helmholtzMetric } from "../diagnostic/helmholtz/helmholtz-metric.ts";
import type { LagrangianOde, LagrangianOdeParameters } from "../model/lagrangian-ode.ts";
import { zipTensors } from "../nn/tensor-tree.ts";
import { clipByGlobalNorm } from "../optim/clip-by-global-norm.ts";
import {
  type MotionRecipe,
  type MotionStructure,
  meanOverTimes,
  motionObjective,
  type ScaledTrajectories,
  type SeenMotion,
} from "./motion-objective.ts";
import type { Objective } from "./objective.ts";

/** How a Lagrangian neural ODE is trained; the defaults are the published ones. */
export interface LagrangianRecipe extends MotionRecipe {
  /** w; 0 leaves the metric out, and trains a plain neural ODE of second order. Default 1. */
  readonly weight?: number;
  /** The most that the norms of the gradient of w L_H may be on f and on g; default 0.05 and 5. */
  readonly clip?: { readonly field: number; readonly metric: number };
}

type P = LagrangianOdeParameters;
type Held = Pick<P, "field" | "metric">;

/**
 * The objective.
 * @param seed of the order of the trajectories: each is seen once before any is seen again
 */
export function lagrangianObjective(
  ode: LagrangianOde,
  data: ScaledTrajectories,
  training: LagrangianRecipe & { readonly seed: number; readonly dtype: DType },
): Objective {
  const { weight = 1 } = training;
  return motionObjective<P>(ode, data, training, weight === 0 ? null : metricStructure(ode, data.times, training));
}

function metricStructure(
  ode: LagrangianOde,
  times: readonly number[],
  { weight = 1, clip = { field: 0.05, metric: 5 } }: LagrangianRecipe,
): MotionStructure<P> {
  const host = array(Float64Array.from(times));
  const loss = (parameters: Held, motion: SeenMotion, length: Tensor): Tensor =>
    mul(metricAlong(ode, parameters, host, motion, length), weight);
  return {
    name: "metric",
    loss,
    descent: ({ field, metric }, motion, length, ofError) => {
      const [value, slope] = valueAndGrad((tree: Held) => loss(tree, motion, length))({
        field,
        metric,
      }) as unknown as [Tensor, Held];
      const [onField] = clipByGlobalNorm(slope.field, clip.field);
      const [onMetric] = clipByGlobalNorm(slope.metric, clip.metric);
      return [value, { field: zipTensors(add, ofError.field, onField), metric: onMetric, start: ofError.start }];
    },
  };
}

/** The mean of the metric over the first `length` times of motions [B, T, n], which are constants of it. */
function metricAlong(
  ode: LagrangianOde,
  parameters: Held,
  times: HostTensor,
  { x, v }: SeenMotion,
  length: Tensor,
): Tensor {
  const [field, metric] = [ode.acceleration(parameters), ode.metric(parameters)];
  const atPoint = (t: Tensor, place: Tensor, speed: Tensor): Tensor =>
    helmholtzMetric(field, metric, [t, place, speed]).total;
  const alongOne = (place: Tensor, speed: Tensor): Tensor => vmap(atPoint)(convert(times, x.dtype), place, speed);
  return meanOverTimes(expandDimensions(vmap(alongOne)(stopGradient(x), stopGradient(v)), 2), length);
}
