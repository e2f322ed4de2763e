/**
 * The Hamiltonian systems of the long runs: q' = p, p' = -V'(q), each started on a regular orbit.
 */
import { add, at, exp, mul, neg, pow, sqrt, square, stack, sub, sum, type Tensor } from "@leastaction/tensor";

/** Positions and momenta: tensors [d]. */
export interface State {
  readonly q: Tensor;
  readonly p: Tensor;
}

/** One system with a start. */
export interface Problem {
  readonly name: "henon-heiles" | "kepler" | "toda";
  readonly energy: (state: State) => Tensor;
  readonly force: (q: Tensor) => Tensor;
  readonly start: { readonly q: readonly number[]; readonly p: readonly number[] };
  /** The time over which energies are averaged. */
  readonly period: number;
  /** Steps of `stormerVerlet` in a period; other solvers take a fixed part of them. */
  readonly steps: number;
}

const kinetic = (p: Tensor): Tensor => mul(0.5, sum(square(p)));

/**
 * V = (x² + y²) / 2 + x² y - y³ / 3 at energy 0.0819, below 1/12, where nearly all orbits are regular (Hénon, Heiles,
 * 1964, doi:10.1086/109234).
 */
const henonHeiles: Problem = {
  name: "henon-heiles",
  energy: ({ q, p }) => {
    const [x, y] = [at(q, 0), at(q, 1)];
    return add(kinetic(p), mul(0.5, sum(square(q))), sub(mul(square(x), y), mul(1 / 3, pow(y, 3))));
  },
  force: (q) => {
    const [x, y] = [at(q, 0), at(q, 1)];
    return stack([neg(add(x, mul(2, mul(x, y)))), neg(add(y, sub(square(x), square(y))))]);
  },
  start: { q: [0, 0.1], p: [0.38, 0.1] },
  period: 2 * Math.PI,
  steps: 60,
};

/** V = -1 / |q|, eccentricity 0.5, semi-major axis 1: one revolution in 2 pi, from perihelion. */
const kepler: Problem = {
  name: "kepler",
  energy: ({ q, p }) => sub(kinetic(p), pow(sum(square(q)), -0.5)),
  force: (q) => {
    const squared = sum(square(q));
    return neg(mul(q, pow(mul(squared, sqrt(squared)), -1)));
  },
  start: { q: [0.5, 0], p: [0, Math.sqrt(3)] },
  period: 2 * Math.PI,
  steps: 240,
};

/** Three particles on a ring, V = sum exp(q_i - q_i+1) - 3 (Toda, 1967, doi:10.1143/JPSJ.22.431): integrable. */
const toda: Problem = {
  name: "toda",
  energy: ({ q, p }) => add(kinetic(p), sub(sum(exp(sub(q, shifted(q, 1)))), 3)),
  force: (q) => sub(exp(sub(shifted(q, 2), q)), exp(sub(q, shifted(q, 1)))),
  start: { q: [0.4, -0.3, -0.1], p: [0.5, 0.3, -0.8] },
  // That of small oscillations.
  period: (2 * Math.PI) / Math.sqrt(3),
  steps: 40,
};

/** q_(i + by) on the ring. */
function shifted(q: Tensor, by: number): Tensor {
  return stack([0, 1, 2].map((i) => at(q, (i + by) % 3)));
}

/** All systems. */
export const problems: readonly Problem[] = [henonHeiles, kepler, toda];
