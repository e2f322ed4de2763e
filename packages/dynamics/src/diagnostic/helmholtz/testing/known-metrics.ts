/**
 * Fields with a Lagrangian, and the Hessian of that in the velocities: for tests.
 */
import {
  add,
  array,
  at,
  convert,
  cos,
  div,
  exp,
  full,
  mul,
  neg,
  square,
  stack,
  sub,
  type Tensor,
} from "@leastaction/tensor";
import { chargedParticle } from "../../../system/charged-particle.ts";
import { doublePendulum } from "../../../system/double-pendulum.ts";
import { linkedPendulum } from "../../../system/linked-pendulum.ts";
import { systemAcceleration } from "../../../system/system-acceleration.ts";
import type { MetricField, SecondOrderField } from "../second-order-field.ts";

/** A field and a matrix that meets the Helmholtz conditions with it. */
export interface KnownMetric {
  readonly name: string;
  readonly dimensions: number;
  readonly field: SecondOrderField;
  readonly metric: MetricField;
}

/** G M of a Kepler orbit with semi-major axis 1 and period 4. */
export const gravity: number = Math.PI ** 2 / 4;

/** x = (r, phi) about a centre that attracts with mu / r². */
export function keplerPull(mu: number): SecondOrderField {
  return (_t, x, v) => {
    const [r, rDot, phiDot] = [at(x, 0), at(v, 0), at(v, 1)];
    return stack([sub(mul(r, square(phiDot)), div(mu, square(r))), div(mul(-2, rDot, phiDot), r)]);
  };
}

/** Stiffness and friction of the two oscillators of configuration A. */
export const stiffness: readonly [number, number] = [(0.8 * 1.5 * Math.PI) ** 2, (1.5 * Math.PI) ** 2];
/** Their friction, where they have it. */
export const friction: readonly [number, number] = [0.6 * Math.PI, 0.75 * Math.PI];

/** x_i'' = -k_i x_i - c_i v_i. */
export function oscillators(k: readonly number[], c: readonly number[]): SecondOrderField {
  return (_t, x, v) => neg(add(mul(array(k, [k.length], x.dtype), x), mul(array(c, [c.length], x.dtype), v)));
}

/** Diagonal matrix of scalars. */
export function diagonalOf(entries: readonly Tensor[]): Tensor {
  const zero = mul(0, entries[0] as Tensor);
  return stack(entries.map((entry, i) => stack(entries.map((_, j) => (i === j ? entry : zero)))));
}

/** 1 / |z|², z = v + (c / 2) x + i w x, w² = k - c² / 4, for each oscillator: singular at rest only. */
export function singularMetric(k: readonly number[], c: readonly number[]): MetricField {
  return (_t, x, v) =>
    diagonalOf(
      k.map((stiff, i) => {
        const half = (c[i] as number) / 2;
        const size = add(square(add(at(v, i), mul(half, at(x, i)))), mul(stiff - half ** 2, square(at(x, i))));
        return div(1, size);
      }),
    );
}

/** The same matrix everywhere. */
export function constantMetric(rows: readonly (readonly number[])[]): MetricField {
  const n = rows.length;
  return (_t, x) => convert(array(rows.flat(), [n, n]), x.dtype);
}

/** exp(c t) of each oscillator. */
const growingMetric: MetricField = (t) => diagonalOf(friction.map((c) => exp(mul(c, t))));

/** m_ij cos(x_i - x_j): the masses of linked rods. */
function rodMetric(masses: readonly (readonly number[])[]): MetricField {
  return (_t, x) => stack(masses.map((row, i) => stack(row.map((mass, j) => mul(mass, cos(sub(at(x, i), at(x, j))))))));
}

const links = [4, 3, 2, 1];
const [mass1, mass2, length1, length2] = [1.3, 0.7, 0.9, 1.1];
const across = mass2 * length1 * length2;

/** The fields and their matrices. */
export const knownMetrics: readonly KnownMetric[] = [
  {
    name: "undamped oscillators",
    dimensions: 2,
    field: oscillators(stiffness, [0, 0]),
    metric: constantMetric([
      [1, 0],
      [0, 3],
    ]),
  },
  {
    name: "damped oscillators, g depends on time",
    dimensions: 2,
    field: oscillators(stiffness, friction),
    metric: growingMetric,
  },
  {
    name: "damped oscillators, g is singular at rest",
    dimensions: 2,
    field: oscillators(stiffness, friction),
    metric: singularMetric(stiffness, friction),
  },
  {
    name: "one damped oscillator, g is singular at rest",
    dimensions: 1,
    field: oscillators([3], [0.7]),
    metric: singularMetric([3], [0.7]),
  },
  {
    name: "Kepler in polar coordinates",
    dimensions: 2,
    field: keplerPull(gravity),
    metric: (_t, x) => diagonalOf([full([], 0.6, x.dtype), mul(0.6, square(at(x, 0)))]),
  },
  {
    name: "double pendulum",
    dimensions: 2,
    field: systemAcceleration(doublePendulum, { mass1, mass2, length1, length2 }),
    metric: rodMetric([
      [(mass1 + mass2) * length1 ** 2, across],
      [across, mass2 * length2 ** 2],
    ]),
  },
  {
    name: "charged particle",
    dimensions: 3,
    field: systemAcceleration(chargedParticle, { mass: 2, charge: 1.5, magnetic: 3, electric: 0.7 }),
    metric: constantMetric([
      [2, 0, 0],
      [0, 2, 0],
      [0, 0, 2],
    ]),
  },
  {
    name: "pendulum of four links",
    dimensions: 4,
    field: systemAcceleration(linkedPendulum(4)),
    metric: rodMetric(links.map((_, i) => links.map((_, j) => Math.min(links[i] as number, links[j] as number)))),
  },
];
