/**
 * The pendulum of n equal links: point masses on rigid rods, each hanging from the one before, in a plane, with
 * optional linear friction in every joint and a torque in the first. All angles are measured from hanging.
 *
 * In units of mass length^2: sum_j w_ij (cos(d_ij) omega_j' + sin(d_ij) omega_j^2) = -(gravity/length) w_ii sin(theta_i)
 * + joints, with d_ij = theta_i - theta_j and w_ij the number of masses that both link i and link j carry.
 */

import type { Arithmetic, Value } from "./arithmetic.ts";
import { angle } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { rodsDrawing } from "./drawing.ts";
import { solvePositiveDefinite } from "./solve-positive-definite.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { Constants, Scalar, System } from "./system.ts";

type Names = "mass" | "length" | "gravity" | "damping";

/** The number of masses that both link i and link j of n carry. */
function carried(n: number, i: number, j: number): number {
  return n - Math.max(i, j);
}

function indices(n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => index);
}

function energyOf(n: number): Scalar<Names> {
  const links = indices(n);
  return ({ add, sub, mul, square, cos }, { mass, length, gravity }, state) => {
    const [theta, omega] = [state.slice(0, n), state.slice(n)];
    const kinetic = links.flatMap((i) =>
      links.map((j) => {
        const turn = cos(sub(theta[i] ?? 0, theta[j] ?? 0));
        return mul(0.5 * carried(n, i, j), turn, omega[i] ?? 0, omega[j] ?? 0);
      }),
    );
    const height = links.map((i) => mul(carried(n, i, i), sub(1, cos(theta[i] ?? 0))));
    return mul(mass, add(mul(square(length), add(...kinetic)), mul(gravity, length, add(...height))));
  };
}

function accelerations<V>(
  arithmetic: Arithmetic<V>,
  { mass, length, gravity, damping }: Constants<Names, V>,
  state: readonly Value<V>[],
  torque: Value<V>,
): readonly Value<V>[] {
  const { add, sub, mul, div, neg, square, sin, cos } = arithmetic;
  const n = state.length / 2;
  const links = indices(n);
  const [theta, omega] = [state.slice(0, n), state.slice(n)];
  const turn = (i: number, j: number): Value<V> => sub(theta[i] ?? 0, theta[j] ?? 0);
  const matrix = links.map((i) => links.slice(0, i + 1).map((j) => mul(carried(n, i, j), cos(turn(i, j)))));
  const friction = links.map((i) => mul(damping, sub(omega[i] ?? 0, omega[i - 1] ?? 0)));
  const inertia = mul(mass, square(length));
  const right = links.map((i) => {
    const others = links.filter((j) => j !== i);
    const bend = others.map((j) => neg(mul(carried(n, i, j), sin(turn(i, j)), square(omega[j] ?? 0))));
    const weight = neg(mul(carried(n, i, i), div(gravity, length), sin(theta[i] ?? 0)));
    const joints = sub(i === 0 ? torque : 0, sub(friction[i] ?? 0, friction[i + 1] ?? 0));
    return add(...bend, weight, div(joints, inertia));
  });
  return solvePositiveDefinite(arithmetic, matrix, right);
}

/** A pendulum of n links; `name` is that of the record. */
export function linkedPendulum(n: number, name = `linked-pendulum-${n}`): System {
  const links = indices(n);
  return defineSystem<Names>({
    name,
    summary: `A pendulum of ${n} equal links, each hanging from the one before.`,
    coordinates: links.map((i) => angle(`theta${i + 1}`, `omega${i + 1}`)),
    controls: [
      { name: "torque", unit: "N m", scale: ({ mass, length, gravity }) => 0.3 * n * mass * length * gravity },
    ],
    parameters: {
      mass: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of each bob" },
      length: { unit: "m", default: 1, minimum: 1e-9, meaning: "length of each link" },
      gravity: { unit: "m/s^2", default: 9.81, minimum: 0, meaning: "acceleration of free fall" },
      damping: { unit: "kg m^2/s", default: 0, minimum: 0, meaning: "friction torque per angular velocity of a joint" },
    },
    equations: [
      `w_ij = ${n} + 1 - max(i, j), d_ij = theta_i - theta_j`,
      "mass length^2 sum_j w_ij (cos(d_ij) omega_j' + sin(d_ij) omega_j^2) = joint_i - joint_i+1 - mass gravity length w_ii sin(theta_i)",
      "joint_1 = torque - damping omega_1, joint_i = -damping (omega_i - omega_i-1)",
      "energy = mass length^2 sum_ij w_ij cos(d_ij) omega_i omega_j / 2 + mass gravity length sum_i w_ii (1 - cos(theta_i))",
    ],
    field: (arithmetic, parameters, _t, state, [torque = 0]) => {
      return [...state.slice(n), ...accelerations(arithmetic, parameters, state, torque)];
    },
    energy: energyOf(n),
    conservesEnergy: ({ damping }) => damping === 0,
    symmetries: [reflection(links.flatMap(() => [-1, -1])), reversal({ holds: ({ damping }) => damping === 0 })],
    timescale: ({ length, gravity }) => (gravity === 0 ? 1 : 2 * Math.PI * Math.sqrt((n * length) / gravity)),
    // Released from rest, every link up to 1 rad to either side.
    sampleStart: (random) => links.flatMap(() => 2 * (random.uniform() - 0.5)).concat(links.map(() => 0)),
    draw: ({ length }, state) =>
      rodsDrawing(
        state.slice(0, n),
        links.map(() => length),
      ),
    source: "Landau, Lifshitz, 1976, Mechanics, 3rd edition, section 5, problem 1, for n links",
  });
}
