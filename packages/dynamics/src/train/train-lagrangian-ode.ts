/**
 * Training of a Lagrangian neural ODE from positions alone, as published: `trainMotion` with the Helmholtz metric.
 */
import type { HostTensor } from "@leastaction/tensor";
import type { LagrangianOde, LagrangianOdeParameters } from "../model/lagrangian-ode.ts";
import { type LagrangianRecipe, lagrangianObjective } from "./lagrangian-objective.ts";
import { type TrainedMotion, type TrainMotionData, trainMotion } from "./train-motion.ts";

/** Options of `trainLagrangianOde`; the rate watches the metric, without one the error. */
export interface TrainLagrangianOdeOptions extends LagrangianRecipe, TrainMotionData {
  readonly ode: LagrangianOde;
}

/** A trained Lagrangian neural ODE. */
export type TrainedLagrangianOde = TrainedMotion<LagrangianOdeParameters<HostTensor>>;

/** Trains f, g and the start velocity, as `trainMotion`. */
export async function trainLagrangianOde(options: TrainLagrangianOdeOptions): Promise<TrainedLagrangianOde> {
  const { ode } = options;
  const trained = await trainMotion<LagrangianOdeParameters>({
    ...options,
    model: ode,
    objective: (data, training) => lagrangianObjective(ode, data, { ...options, ...training }),
  });
  return trained as TrainedLagrangianOde;
}
