/**
 * The Lagrangian that a matrix g stands for: what the Helmholtz conditions promise, carried out.
 *
 * In: a field f and a g(t, x, v) that meets the Helmholtz conditions with it, as a formula or a fitted network. Out, up to
 * gauge, L = K(t, x, v) + a(t, x) · v - U(t, x) with d²L/dv² = g, and the energy v · dL/dv - L. All are traced functions of
 * one point, so that `vmap` gives them on a grid.
 * - K is g integrated twice along the line from a reference velocity u to v: K and dK/dv are 0 there.
 * - What is left of the equations of Euler and Lagrange of K is then linear in v. F = ((df/dv)ᵀ g - g df/dv) / 2 at u is what
 *   the vector potential leaves, F_ij = da_i/dx_j - da_j/dx_i (by H2 and H3), and -g f - F u at u is dU/dx + da/dt.
 * - U and a are integrals along the line from a reference position to x, a in the gauge where a · (x - reference) = 0.
 * So g has to be right on these lines, and a g that was fitted to motions is known around these: take the means of their
 * positions and velocities then. If g meets the conditions nearly, L is nearly right: another line gives another L.
 * Integrals are by Gauss and Legendre.
 */
import {
  add,
  array,
  convert,
  jacobian,
  matmul,
  mul,
  neg,
  reshape,
  sub,
  sum,
  type Tensor,
  TensorError,
  transpose,
  vmap,
} from "@leastaction/tensor";
import { gaussLegendreRule, type QuadratureRule } from "../../host-math/gauss-legendre-rule.ts";
import type { MetricField, SecondOrderField } from "./second-order-field.ts";

/** Options of `lagrangianOfMetric`. */
export interface LagrangianOfMetricOptions {
  readonly field: SecondOrderField;
  readonly metric: MetricField;
  /** [n] the position where U = 0 and a = 0, from which lines to all others have to stay clear of singular places. */
  readonly reference: readonly number[];
  /** [n] the velocity from which lines to all others have to stay clear of them too; default rest. */
  readonly velocity?: readonly number[];
  /** Nodes on each line, at least 1; default 24. */
  readonly nodes?: number;
}

/** A Lagrangian up to gauge: functions of time [], position [n] and velocity [n], all floats of one element type. */
export interface LagrangianOfMetric {
  /** L: a scalar. */
  readonly lagrangian: (t: Tensor, x: Tensor, v: Tensor) => Tensor;
  /**
   * v · dL/dv - L: a scalar, constant along motions if g and f do not depend on time; otherwise its rate is -dL/dt and
   * nothing is kept.
   */
  readonly energy: (t: Tensor, x: Tensor, v: Tensor) => Tensor;
  /** U: a scalar. */
  readonly potential: (t: Tensor, x: Tensor) => Tensor;
  /** a: [n]. */
  readonly vectorPotential: (t: Tensor, x: Tensor) => Tensor;
}

/**
 * The Lagrangian and the energy of a field and a matrix g.
 *
 * @example
 * // x'' = -4 x with g = 3: L = 3 v² / 2 - 6 x².
 * const found = lagrangianOfMetric({
 *   field: (_t, x) => mul(-4, x),
 *   metric: (t) => full([1, 1], 3, t.dtype),
 *   reference: [0],
 * });
 * const grid = array([[0, 0], [1, 0], [1, 2]]);
 * const at = (point: Tensor) => found.energy(full([], 0), slice(point, 0, 0, 1), slice(point, 0, 1, 2));
 * Array.from(evaluate(vmap(at), grid).data, Math.round); // => [0, 6, 12]
 *
 * Errors: no nodes, a reference without coordinates or with another number of velocities.
 * Source: Santilli, 1978, "Foundations of Theoretical Mechanics I", section 3.6, doi:10.1007/978-3-662-25771-5.
 */
export function lagrangianOfMetric(options: LagrangianOfMetricOptions): LagrangianOfMetric {
  const { field, metric, reference, velocity = reference.map(() => 0), nodes = 24 } = options;
  expectReference(reference, velocity, nodes);
  const alongLine = integrator(gaussLegendreRule(nodes));
  const outward = (x: Tensor): Tensor => sub(x, constant(reference, x));
  /** The position at a share of the line to x, and the reference velocity. */
  const onLine = (x: Tensor, s: Tensor): readonly [Tensor, Tensor] => {
    return [sub(x, mul(sub(1, s), outward(x))), add(mul(0, x), constant(velocity, x))];
  };
  const turn = (t: Tensor, x: Tensor, u: Tensor): Tensor => {
    const bent = matmul(metric(t, x, u), jacobian((speed) => field(t, x, speed))(u));
    return mul(0.5, sub(transpose(bent), bent));
  };

  const potential = (t: Tensor, x: Tensor): Tensor =>
    neg(
      alongLine(x, (s) => {
        const [place, u] = onLine(x, s);
        return dot(outward(x), add(matmul(metric(t, place, u), field(t, place, u)), matmul(turn(t, place, u), u)));
      }),
    );
  const vectorPotential = (t: Tensor, x: Tensor): Tensor =>
    alongLine(x, (s) => mul(s, matmul(turn(t, ...onLine(x, s)), outward(x))));
  /** K, and v · dK/dv. */
  const kinetic = (t: Tensor, x: Tensor, v: Tensor): readonly [Tensor, Tensor] => {
    const change = sub(v, constant(velocity, v));
    const bent = (s: Tensor): Tensor => matmul(metric(t, x, sub(v, mul(sub(1, s), change))), change);
    return [alongLine(x, (s) => mul(sub(1, s), dot(change, bent(s)))), alongLine(x, (s) => dot(v, bent(s)))];
  };
  return Object.freeze({
    lagrangian: (t: Tensor, x: Tensor, v: Tensor) =>
      add(kinetic(t, x, v)[0], sub(dot(vectorPotential(t, x), v), potential(t, x))),
    energy: (t: Tensor, x: Tensor, v: Tensor) => {
      const [k, moved] = kinetic(t, x, v);
      return add(sub(moved, k), potential(t, x));
    },
    potential,
    vectorPotential,
  });
}

function expectReference(reference: readonly number[], velocity: readonly number[], nodes: number): void {
  const n = reference.length;
  if (n > 0 && velocity.length === n && Number.isInteger(nodes) && nodes > 0) return;
  throw new TensorError(
    `Cannot recover a Lagrangian: expected a reference position, as many velocities and a positive number of nodes, got ${n} coordinates, ${velocity.length} velocities and ${nodes} nodes`,
    "Give a state where g is regular, best the mean of the motions, and leave out nodes or give an integer.",
  );
}

/** Numbers [n] in the element type of `like`. */
function constant(values: readonly number[], { dtype }: Tensor): Tensor {
  return convert(array([...values]), dtype);
}

/** The integral of a function of s over [0, 1], in the element type of `like`. */
function integrator({ nodes, weights }: QuadratureRule): (like: Tensor, f: (s: Tensor) => Tensor) => Tensor {
  return ({ dtype }, f) => {
    const values = vmap(f)(convert(array([...nodes]), dtype));
    const weight = reshape(convert(array([...weights]), dtype), [nodes.length, ...values.shape.slice(1).map(() => 1)]);
    return sum(mul(weight, values), 0);
  };
}

function dot(a: Tensor, b: Tensor): Tensor {
  return sum(mul(a, b));
}
