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
  at: (z: readonly number[]) => canonicalMatrix(z.length),
});

/**
 * dq ∧ dp + dx ∧ dy for z = (q, p, x - q, y - p): a state, then what its copy (x, y) is off by. In these coordinates it
 * is the pairing of dq ∧ dp with the matrix [[2, 1], [1, 1]].
 */
export const doubledForm: SymplecticForm = Object.freeze({
  name: "dq ∧ dp + dx ∧ dy",
  at: (z: readonly number[]) => {
    const half = z.length / 2;
    const one = canonicalMatrix(half);
    return z.map((_, i) =>
      z.map((__, j) => (i < half && j < half ? 2 : 1) * ((one[i % half] as readonly number[])[j % half] as number)),
    );
  },
});

function canonicalMatrix(size: number): number[][] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (__, j) => (j === (i + size / 2) % size ? Math.sign(j - i) : 0)),
  );
}
