/**
 * An objective with the Helmholtz metric at the measured states of its batches, for models that bring a matrix for it.
 *
 * The conditions are taken in units in which the motion is of order one: times 1 / frequency, velocities of the typical
 * size, positions in what both make. The gradient of the metric is cut by itself, on the law far below that of the data, so
 * that the data say which law it is. Controls count as none: the metric is that of the motion without them.
 * Source: Wolf, Buck, Schäfer, 2025, arXiv:2510.06367.
 */
import {
  add,
  concatenate,
  convert,
  div,
  full,
  mean,
  mul,
  slice,
  stack,
  type Tensor,
  valueAndGrad,
  vmap,
} from "@leastaction/tensor";
import { helmholtzMetric } from "../diagnostic/helmholtz/helmholtz-metric.ts";
import type { MetricField, SecondOrderField } from "../diagnostic/helmholtz/second-order-field.ts";
import { accelerationScales, halves, velocityScales } from "../model/coordinate-features.ts";
import type { AnyModel, DatasetFacts, ModelDefinition } from "../model/model.ts";
import { zipTensors } from "../nn/tensor-tree.ts";
import { clipByGlobalNorm } from "../optim/clip-by-global-norm.ts";
import type { Objective } from "./objective.ts";

/**
 * The most that the norm of the metric's gradient may be: on the law, as published, and on what only training needs, which
 * has to leave room for the rest where the whole is cut to 1 afterwards.
 */
const clip = { law: 0.05, training: 0.1 };
const mostStates = 16;

/** The objective as it is, for models without a matrix and for data of one coordinate; else with the metric. */
export function heldToLagrangian(objective: Objective, given: AnyModel, facts: DatasetFacts): Objective {
  const model = given as unknown as ModelDefinition<unknown>;
  const { states } = objective;
  if (model.metric === undefined || model.field === undefined || states === undefined) return objective;
  if (facts.coordinates.length === 1) return objective;
  const structure = (parameters: unknown, batch: never): Tensor => {
    const measured = states(batch);
    const few = slice(measured, 0, 0, Math.min(mostStates, measured.shape[0] as number));
    return mean(vmap((state: Tensor) => metricAt(model, facts, parameters, state))(few));
  };
  return {
    ...objective,
    terms: ["data", "metric"],
    loss: (parameters, batch) =>
      stack([convert(objective.loss(parameters, batch), "float64"), structure(parameters, batch)]),
    descent: (parameters, batch) => {
      const [error, ofData] = valueAndGrad((tree: unknown) => objective.loss(tree, batch))(parameters);
      const [held, ofMetric] = valueAndGrad((tree: unknown) => structure(tree, batch))(parameters);
      const direction = zipTensors(add, ofData, cut(ofMetric, model.trainingOnly ?? []));
      return [stack([convert(error, "float64"), held]), direction];
    },
  };
}

/** The metric at a measured state [2 d]. */
function metricAt(model: ModelDefinition<unknown>, facts: DatasetFacts, parameters: unknown, state: Tensor): Tensor {
  const [q, v] = halves(state);
  const speeds = velocityScales(facts);
  const places = div(speeds, facts.frequency);
  const control = facts.controls.length === 0 ? null : full([facts.controls.length], 0);
  const field: SecondOrderField = (t, x, u) => {
    const here = concatenate([mul(x, places), mul(u, speeds)]);
    const slope = model.field?.(parameters, div(t, facts.frequency), here, control, facts) as Tensor;
    return div(halves(slope)[1], accelerationScales(facts));
  };
  const metric: MetricField = (t, x, u) =>
    model.metric?.(parameters, div(t, facts.frequency), mul(x, places), mul(u, speeds), facts) as Tensor;
  // The conditions are the same at all times: what grows with time multiplies all of them.
  return helmholtzMetric(field, metric, [full([], 0), div(q, places), div(v, speeds)]).total;
}

/** A gradient whose part on the law and whose part on the rest are cut, each by itself. */
function cut(gradient: unknown, rest: readonly string[]): unknown {
  const entries = Object.entries(gradient as Readonly<Record<string, unknown>>);
  const part = (isRest: boolean): unknown =>
    Object.fromEntries(entries.filter(([name]) => rest.includes(name) === isRest));
  const [law] = clipByGlobalNorm(part(false), clip.law);
  const [training] = clipByGlobalNorm(part(true), clip.training);
  const both = { ...(law as object), ...(training as object) } as Readonly<Record<string, unknown>>;
  return Object.fromEntries(entries.map(([name]) => [name, both[name]]));
}
