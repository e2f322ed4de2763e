/**
 * All published experiments that can be rerun.
 */
import type { Experiment } from "./experiment.ts";
import { helmholtzMetricExperiment } from "./helmholtz-metric/helmholtz-metric.ts";
import { lagrangianOdeExperiment } from "./lagrangian-ode/lagrangian-ode.ts";
import { lagrangianOdePeersExperiment } from "./lagrangian-ode-peers/lagrangian-ode-peers.ts";

/** The experiments, in the order in which they are listed. */
export const experiments: readonly Experiment[] = Object.freeze([
  helmholtzMetricExperiment,
  lagrangianOdeExperiment,
  lagrangianOdePeersExperiment,
]);
