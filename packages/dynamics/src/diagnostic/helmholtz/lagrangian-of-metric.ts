/**
 * The Lagrangian that a matrix g stands for: what the Helmholtz conditions promise, carried out.
 *
 * In: a field f and a g(t, x, v) that meets the Helmholtz conditions with it, as a formula or a fitted network. Out, up to
 * gauge, L = K(t, x, v) + a(t, x) · v - U(t, x) with d²L/dv² = g, and the energy v · dL/dv - L. All are traced functions of
 * one point, so that `vmap` gives them on a grid.
 * - K is g integrated twice along the line from rest to v: K and dK/dv are 0 at rest.
 * - What is left of the equations of Euler and Lagrange of K is then linear in v: -g f at rest is dU/dx (+ da/dt), and
 *   F = -d(g f)/dv - dg/dt at rest is what the vector potential leaves, F_ij = da_i/dx_j - da_j/dx_i.
 * - U and a are integrals along the line from a reference position to x, a in the gauge where a · (x - reference) = 0.
 * So g has to be regular on these lines. If g meets the conditions nearly, L is nearly right: another line gives another L.
 * Integrals are by Gauss and Legendre.
 */
import {
  add,
  array,
  convert,
  full,
  jacobian,
  jvp,
  matmul,
  mul,
  neg,
  reshape,
  sub,
  sum,
  type Tensor,
  TensorError,
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
 * Errors: no nodes, a reference without coordinates.
 * Source: Santilli, 1978, "Foundations of Theoretical Mechanics I", section 3.6, doi:10.1007/978-3-662-25771-5.
 */
export function lagrangianOfMetric(options: LagrangianOfMetricOptions): LagrangianOfMetric {
  const { field, metric, reference, nodes = 24 } = options;
  if (reference.length === 0 || !(Number.isInteger(nodes) && nodes > 0)) {
    throw new TensorError(
      `Cannot recover a Lagrangian: expected a reference position and a positive number of nodes, got ${reference.length} coordinates and ${nodes} nodes`,
      "Give a position [n] where g is regular, and leave out nodes or give an integer.",
    );
  }
  const alongLine = integrator(gaussLegendreRule(nodes));
  const force = (t: Tensor, x: Tensor, v: Tensor): Tensor => matmul(metric(t, x, v), field(t, x, v));
  const outward = (x: Tensor): Tensor => sub(x, convert(array([...reference]), x.dtype));
  /** The position at a share of the line to x. */
  const onLine = (x: Tensor, s: Tensor): Tensor => sub(x, mul(sub(1, s), outward(x)));
  const atRest = (x: Tensor): Tensor => mul(0, x);

  const potential = (t: Tensor, x: Tensor): Tensor =>
    neg(alongLine(x, (s) => dot(outward(x), force(t, onLine(x, s), atRest(x)))));
  const vectorPotential = (t: Tensor, x: Tensor): Tensor =>
    neg(
      alongLine(x, (s) => {
        const [place, rest] = [onLine(x, s), atRest(x)];
        const [, growth] = jvp((time: Tensor) => metric(time, place, rest), [t], [full([], 1, t.dtype)]);
        const turn = add(jacobian((v) => force(t, place, v))(rest), growth);
        return mul(s, matmul(turn, outward(x)));
      }),
    );
  /** K, and v · dK/dv. */
  const kinetic = (t: Tensor, x: Tensor, v: Tensor): readonly [Tensor, Tensor] => {
    const bent = (s: Tensor): Tensor => dot(v, matmul(metric(t, x, mul(s, v)), v));
    return [alongLine(x, (s) => mul(sub(1, s), bent(s))), alongLine(x, bent)];
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
