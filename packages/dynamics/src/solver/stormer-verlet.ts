/**
 * The Störmer–Verlet method (leapfrog, kick-drift-kick): Hairer, Lubich, Wanner, 2003, "Geometric numerical integration
 * illustrated by the Störmer–Verlet method", equation 1.5, doi:10.1017/S0962492902000144.
 *
 * p½ = p - h/2 V'(q); q1 = q + h T'(p½); p1 = p½ - h/2 V'(q1). Order 2, symmetric, symplectic on states (q, p) of a
 * separable Hamiltonian T(p) + V(q), and on (q, q') of q'' = f(q) for a force with a potential. The field is used by
 * halves: the derivative of the positions may depend on the momenta alone, that of the momenta on the positions alone
 * (and both on time). This is not checked; a field that mixes them loses order and structure.
 */
import { add, mul, type Tensor } from "@leastaction/tensor";
import { zerosOf } from "../nn/tensor-tree.ts";
import { combine, hermiteCubic } from "./linear-combination.ts";
import { halvesOf, joinHalves } from "./phase-space.ts";
import type { Field, Solver, SolverStep, Structure } from "./solver.ts";
import { canonicalForm } from "./symplectic-form.ts";

/** Störmer–Verlet for separable Hamiltonians and for q'' = f(q); the force at the end of a step is used again. */
export const stormerVerlet: Solver = Object.freeze({
  name: "stormerVerlet",
  order: 2,
  denseOrder: 2,
  fsal: true,
  implicit: false,
  symplectic: true,
  structure: Object.freeze<Structure>({ field: "separable", space: "canonical", form: canonicalForm }),
  symmetric: true,
  evaluations: 2,
  startEvaluations: 1,
  cites: ["doi:10.1017/S0962492902000144"],
  start: <Y>(field: Field<Y>, t: Tensor, y: Y): readonly Y[] => [forceOnly(field(t, y))],
  step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, memory: readonly Y[]): SolverStep<Y> => {
    const kicked = combine(y, h, [1 / 2], memory);
    const middle = add(t, mul(h, 1 / 2));
    const drifted = combine(kicked, h, [1], [velocityOnly(field(middle, kicked))]);
    const force = forceOnly(field(add(t, h), drifted));
    const next = combine(drifted, h, [1 / 2], [force]);
    return {
      y: next,
      error: null,
      memory: [force],
      dense: () => hermiteCubic(h, y, next, field(t, y), field(add(t, h), next)),
    };
  },
});

function forceOnly<Y>(derivative: Y): Y {
  const { positions, momenta } = halvesOf(derivative);
  return joinHalves(derivative, { positions: zerosOf(positions), momenta });
}

function velocityOnly<Y>(derivative: Y): Y {
  const { positions, momenta } = halvesOf(derivative);
  return joinHalves(derivative, { positions, momenta: zerosOf(momenta) });
}
