/**
 * The 2-forms that symplectic steps keep, as matrices: a map with the Jacobian J from z to z' keeps a form when
 * Jᵀ Ω(z') J = Ω(z). Hairer, Lubich, Wanner, 2006, "Geometric numerical integration", section VI.2, equation 2.6,
 * doi:10.1007/3-540-30666-8.
 */

/** A 2-form on states of an even number of numbers. */
export interface SymplecticForm {
  /** As it is written, for tables and messages. */
  readonly name: string;
  /** Ω(z): antisymmetric, [n][n] for the n numbers of z. */
  readonly at: (z: readonly number[]) => readonly (readonly number[])[];
}

/** dq ∧ dp for z = (q, p): all positions, then all momenta (or velocities, with unit masses). */
export const canonicalForm: SymplecticForm = Object.freeze({
  name: "dq ∧ dp",
  at: (z: readonly number[]) => pairing(z.length, (i, n) => (i + n / 2) % n),
});

/** dq ∧ dp + dx ∧ dy for z = (q, p, x, y): a state and its copy, one after the other. */
export const doubledForm: SymplecticForm = Object.freeze({
  name: "dq ∧ dp + dx ∧ dy",
  at: (z: readonly number[]) => pairing(z.length, (i, n) => (i % (n / 2) < n / 4 ? i + n / 4 : i - n / 4)),
});

/** 1 where the partner comes after its coordinate, -1 where before. */
function pairing(size: number, partner: (i: number, size: number) => number): number[][] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (j === partner(i, size) ? Math.sign(j - i) : 0)),
  );
}
