/**
 * What is wrong with a Hamiltonian in angles and velocities, in plain words, where a model was fitted that has one.
 *
 * Hamilton's equations hold in q and the momentum p = M(q) v. With the velocity in its place they hold for one coordinate of
 * constant inertia and for several of equal, constant masses, where p is a fixed multiple of v. Where the inertia depends on
 * the angles, as in a double pendulum, no function H(q, v) gives the motion: the field in (q, v) has a divergence and
 * d/dt (dx ^ dv) is not zero, whatever the training.
 */
import type { AnyModel, DatasetFacts } from "../model/model.ts";
import { listed } from "./plain-words.ts";

/** The sentence without its full stop; null where no model took velocities for momenta, or there is one coordinate only. */
export function velocitiesForMomenta(models: readonly AnyModel[], { coordinates }: DatasetFacts): string | null {
  const names = models.filter(({ momentumIsVelocity }) => momentumIsVelocity === true).map(({ name }) => name);
  if (names.length === 0 || coordinates.length < 2) return null;
  const instead = coordinates.length === 2 && coordinates.every(({ periodic }) => periodic) ? "double-pendulum, " : "";
  const moved = listed(coordinates.map(({ name }) => name));
  return (
    `${listed(names)} took the velocities of ${moved} for canonical momenta, which they are only where all inertias are equal and constant: ` +
    "the momenta are p = M(q) v, and where the mass matrix M depends on the positions (as in linked arms) no energy H(q, v) gives the motion, however long it is trained; " +
    `there use ${instead}mechanical-lagrangian or dissipative-hamiltonian, which learn M, or neural-ode, which needs no momenta`
  );
}
