/**
 * The models that are compared, each with the network of the start velocity (or momentum) of the Lagrangian neural ODE, and
 * with about as many weights as its f: 130.
 */
import type { HostTensor } from "@leastaction/tensor";
import { leavesOf } from "@leastaction/tensor";
import { fieldMotion } from "../../model/field-motion.ts";
import { hamiltonian } from "../../model/hamiltonian.ts";
import { lagrangian } from "../../model/lagrangian.ts";
import { lagrangianOde } from "../../model/lagrangian-ode.ts";
import { mechanicalLagrangian } from "../../model/mechanical-lagrangian.ts";
import type { MotionModel } from "../../model/motion-model.ts";
import { lagrangianObjective } from "../../train/lagrangian-objective.ts";
import type { TrainMotionOptions } from "../../train/train-motion.ts";

/** A model that is compared. */
export interface Peer {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly model: MotionModel<unknown>;
  /** What it is trained for; without it the positions alone. */
  readonly objective?: TrainMotionOptions<unknown>["objective"];
}

const dimensions = 2;
const ode = lagrangianOde({ dimensions });

/** The models; all others are compared with the first. */
export const lagrangianOdePeers: readonly Peer[] = Object.freeze([
  { name: "plain", summary: "x'' = f(t, x, v)", model: ode as MotionModel<unknown> },
  {
    name: "lagrangian-ode",
    summary: "x'' = f(t, x, v), held to the Helmholtz conditions",
    model: ode as MotionModel<unknown>,
    objective: (data, training) => lagrangianObjective(ode, data, training),
  },
  {
    name: "hamiltonian",
    summary: "H(x, p), momenta not measured",
    model: fieldMotion(hamiltonian({ hidden: [22] }), { dimensions }) as MotionModel<unknown>,
  },
  {
    name: "mechanical-lagrangian",
    summary: "L = v' M(x) v / 2 - V(x), M positive definite",
    model: fieldMotion(mechanicalLagrangian({ hidden: [13], inertiaHidden: [13] }), {
      dimensions,
    }) as MotionModel<unknown>,
  },
  {
    name: "lagrangian",
    summary: "any L(x, v)",
    model: fieldMotion(lagrangian({ hidden: [22] }), { dimensions }) as MotionModel<unknown>,
  },
]);

/** How many weights a motion of the model has: of its field, and of its start. */
export function weightsOf({ model }: Peer): { readonly field: number; readonly start: number } {
  const { field, start } = model.init(0) as { readonly field: unknown; readonly start: unknown };
  const count = (tree: unknown): number =>
    leavesOf(tree).reduce<number>((total, leaf) => total + (leaf as HostTensor).data.length, 0);
  return { field: count(field), start: count(start) };
}
