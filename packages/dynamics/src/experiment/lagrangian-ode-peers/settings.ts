/**
 * What is set for each of the compared models: the rate at the start, found by a search that gave each the same tries, and
 * the steps that take as long as those of the Lagrangian neural ODE. Both are measured in `experiments/lagrangian-ode-peers`.
 */
import type { ExperimentForm } from "../experiment.ts";
import { lagrangianOdeSizes } from "../lagrangian-ode/settings.ts";

/** What is set for one model. */
interface PeerSetting {
  readonly rate: number;
  /** Steps in the time of the Lagrangian neural ODE, by those of its steps. */
  readonly pace: number;
}

/** By name of the model. */
export const peerSettings: Readonly<Record<string, PeerSetting>> = Object.freeze({
  plain: { rate: 0.07, pace: 1.605 },
  "lagrangian-ode": { rate: 0.07, pace: 1 },
  hamiltonian: { rate: 0.07, pace: 0.95 },
  "mechanical-lagrangian": { rate: 0.02, pace: 0.55 },
});

/** The numbers of steps at which a model is compared. */
export function stepsOf(name: string, form: ExperimentForm): { readonly steps: number; readonly time: number } {
  const { steps } = lagrangianOdeSizes[form];
  const { pace } = peerSettings[name] as PeerSetting;
  return { steps, time: Math.round((pace * steps) / 100) * 100 };
}
