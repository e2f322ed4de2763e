/**
 * The Lagrangian neural ODE as a model: a neural ODE of second order whose training is held to the Helmholtz conditions.
 *
 * Beside the network of the acceleration there is one for the velocity Hessian g of a Lagrangian,
 * g = exp(c t) G(q, v): with it friction that is proportional to the inertia has a Lagrangian, too. Training asks that g
 * meets the conditions at measured states; afterwards g is dropped, so that what is saved is a plain neural ODE. One
 * coordinate always has a Lagrangian: there is no g there at all, and nothing else than the plain training.
 * Source: Wolf, Buck, Schäfer, 2025, arXiv:2510.06367.
 */
import { array, at, div, exp, type HostTensor, mul, sub, type Tensor } from "@leastaction/tensor";
import { type MetricNetwork, metricNetwork } from "../diagnostic/helmholtz/metric-network.ts";
import type { MultilayerPerceptronParameters } from "../nn/multilayer-perceptron.ts";
import { scaledVelocities } from "./coordinate-features.ts";
import { defineModel } from "./define-model.ts";
import type { DatasetFacts, ModelDefinition } from "./model.ts";
import { type NeuralOdeOptions, type NeuralOdeParameters, neuralOde } from "./neural-ode.ts";

/** Parameters of the model; those of the metric are for training, with several coordinates only. */
export interface LagrangianOdeModelParameters extends NeuralOdeParameters {
  readonly metric?: {
    readonly network: MultilayerPerceptronParameters;
    /** c in units of the typical frequency, [1]. */
    readonly rate: HostTensor | Tensor;
  };
}

/** A neural ODE of second order that is trained with the Helmholtz metric. */
export function lagrangianOdeModel({
  hidden = [16],
}: Omit<NeuralOdeOptions, "order"> = {}): ModelDefinition<LagrangianOdeModelParameters> {
  const plain = neuralOde({ order: 2, hidden });
  return defineModel<LagrangianOdeModelParameters>({
    name: "lagrangian-ode",
    summary: "A network gives the acceleration; training holds it near the motions that have a Lagrangian.",
    promises: ["the Hessian of the Lagrangian is for training only: a forecast costs what that of neural-ode costs"],
    cites: ["arXiv:2510.06367", "doi:10.1090/S0002-9947-1941-0004740-5"],
    unidentifiable:
      "with one coordinate every motion has a Lagrangian: the Helmholtz metric says nothing there, and this is neural-ode",
    init: (seed, facts, samples): LagrangianOdeModelParameters => ({
      ...plain.init(seed, facts, samples),
      ...(facts.coordinates.length === 1
        ? {}
        : { metric: { network: networkOf(facts).init(seed + 1, "float64"), rate: array([0]) } }),
    }),
    ...(plain.field === undefined ? {} : { field: plain.field }),
    metric: ({ metric }, t, q, v, facts): Tensor | null => {
      if (metric === undefined) return null;
      const { centre, scale } = positionUnits(facts);
      const shape = networkOf(facts).metric(metric.network)(t, div(sub(q, centre), scale), scaledVelocities(v, facts));
      return mul(shape, exp(mul(at(metric.rate, 0), mul(t, facts.frequency))));
    },
    trainingOnly: ["metric"],
  });
}

function networkOf({ coordinates }: DatasetFacts): MetricNetwork {
  return metricNetwork({ dimensions: coordinates.length, hidden: [16, 16], timeDependent: false });
}

function positionUnits({ coordinates }: DatasetFacts): { readonly centre: HostTensor; readonly scale: HostTensor } {
  return {
    centre: array(Float64Array.from(coordinates, ({ centre }) => centre)),
    scale: array(Float64Array.from(coordinates, ({ scale }) => scale)),
  };
}
