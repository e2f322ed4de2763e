/**
 * The models that can be asked for by name, and which of them suit a data set.
 */

import { TensorError } from "@leastaction/tensor";
import { didYouMean } from "../nearest-name.ts";
import { dissipativeHamiltonian } from "./dissipative-hamiltonian.ts";
import { doublePendulumModel } from "./double-pendulum.ts";
import { hamiltonian } from "./hamiltonian.ts";
import { hold } from "./hold.ts";
import { lagrangian } from "./lagrangian.ts";
import { lagrangianOdeModel } from "./lagrangian-ode-model.ts";
import { linearStateSpace } from "./linear-state-space.ts";
import { mechanicalLagrangian } from "./mechanical-lagrangian.ts";
import type { AnyModel, DatasetFacts } from "./model.ts";
import { neuralOde } from "./neural-ode.ts";
import { oscillator } from "./oscillator.ts";
import { pendulum } from "./pendulum.ts";
import { sparseRegression } from "./sparse-regression.ts";

/** All models of this package, baselines first. */
export const models: readonly AnyModel[] = Object.freeze([
  hold,
  linearStateSpace,
  pendulum,
  oscillator,
  doublePendulumModel,
  sparseRegression,
  neuralOde(),
  neuralOde({ order: 1 }),
  lagrangianOdeModel(),
  hamiltonian(),
  dissipativeHamiltonian(),
  lagrangian(),
  mechanicalLagrangian(),
]);

/** The model of a name. Errors: an unknown name, with the list of those there are. */
export function modelNamed(name: string): AnyModel {
  const found = models.find((model) => model.name === name);
  if (found !== undefined) return found;
  const names = models.map((model) => model.name);
  throw new TensorError(
    `Cannot find a model: expected one of ${names.join(", ")}, got ${name}`,
    didYouMean(name, names, "Choose one of them, auto, or the path of a file that exports defineModel(…)."),
    "no-such-name",
  );
}

/** What `auto` tries on a data set: the baselines, the grey box that fits, and the networks. */
export function candidatesFor({ coordinates, controls }: DatasetFacts): readonly AnyModel[] {
  const [only, ...others] = coordinates;
  const single = only !== undefined && others.length === 0 ? [only.periodic ? "pendulum" : "oscillator"] : [];
  const arms = coordinates.length === 2 && coordinates.every(({ periodic }) => periodic) ? ["double-pendulum"] : [];
  // Without an input neither can follow controls; of several coordinates the velocities are seldom the momenta.
  const conservative = coordinates.length === 1 ? "hamiltonian" : "mechanical-lagrangian";
  const energies = [...(controls.length === 0 ? [conservative] : []), "dissipative-hamiltonian"];
  return ["hold", "linear-state-space", ...single, ...arms, "sparse-regression", "neural-ode", ...energies].map(
    modelNamed,
  );
}

/** Why a model cannot be used on a data set, or null. */
export function misfit({ needs }: AnyModel, facts: DatasetFacts, momenta: boolean): string | null {
  if (needs.coordinates !== undefined && needs.coordinates !== facts.coordinates.length) {
    return `it is made for ${needs.coordinates} ${needs.coordinates === 1 ? "coordinate" : "coordinates"}, the data has ${facts.coordinates.length}`;
  }
  if (needs.velocities === true && !facts.measuredVelocities) return "it needs measured velocities";
  if (needs.momenta === true && !momenta) return "it needs measured momenta";
  if (needs.controls === true && facts.controls.length === 0) return "it needs a control column";
  return null;
}
