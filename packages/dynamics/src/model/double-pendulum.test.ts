/** The grey box of two arms: the zoo's equations at point masses, its energy, its momenta, both ways to measure the second angle. */
import { array, evaluate, grad, type HostTensor, matmul, mul, slice, sub, sum, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { numberArithmetic } from "../system/arithmetic.ts";
import { doublePendulum } from "../system/double-pendulum.ts";
import { type DoublePendulumParameters, doublePendulumModel as model } from "./double-pendulum.ts";
import type { DatasetFacts, ModelDefinition } from "./model.ts";
import { noSamples, plainFacts } from "./testing/plain-facts.ts";

type Host = DoublePendulumParameters<HostTensor>;
type Any = Required<ModelDefinition<Host>>;
const { field, energy, momentum, dissipation, constantsOf } = model as unknown as Any;
const facts: DatasetFacts = plainFacts(2, true);
const time = array(0);

/** Parameters of arms with these groups; friction of order one relative to the typical acceleration. */
function arms(options: { readonly relative?: 0 | 1; readonly linear?: number } = {}): Host {
  const [mass1, mass2, length1, length2, gravity] = [1, 0.7, 1.2, 0.8, 9.81];
  const i1 = (mass1 + mass2) * length1 ** 2;
  const [ratio, bend] = [(mass2 * length2 ** 2) / i1, (mass2 * length1 * length2) / i1];
  const square = facts.frequency ** 2;
  const linear = (options.linear ?? 0) / (0.01 * facts.frequency);
  return {
    inertia: array([ratio]),
    coupling: array([bend / Math.sqrt(ratio)]),
    restoring: array([((mass1 + mass2) * gravity * length1) / i1 / square, (mass2 * gravity * length2) / i1 / square]),
    rest: array([0, 0]),
    friction: array([linear, 0, 0, linear, 0, 0], [2, 3]),
    relative: array([options.relative ?? 0], []),
  };
}

const zoo = { mass1: 1, mass2: 0.7, length1: 1.2, length2: 0.8, gravity: 9.81, damping: 0.3 };

function states(count: number): number[][] {
  const random = hostRandom(4);
  return Array.from({ length: count }, () => Array.from({ length: 4 }, () => 2 * random.normal()));
}

function rateOf(parameters: Host, state: readonly number[]): readonly number[] {
  const run = (tree: Host, t: Tensor, z: Tensor): Tensor => field(tree, t, z, null, facts);
  return [...(evaluate(run as never, parameters, time, array([...state])) as HostTensor).data] as number[];
}

describe("double-pendulum", () => {
  it("is the zoo's double pendulum where the arms are point masses", () => {
    const damped = arms({ linear: zoo.damping / ((zoo.mass1 + zoo.mass2) * zoo.length1 ** 2) });
    for (const state of states(10)) {
      const truth = doublePendulum.field(numberArithmetic, zoo, 0, state, []) as number[];
      rateOf(damped, state).forEach((rate, i) => {
        expect(rate).toBeCloseTo(truth[i] as number, 9);
      });
    }
  });

  it("moves alike whether the second angle is measured from the vertical or from the first arm", () => {
    const [vertical, folded] = [arms({ linear: 0.2 }), arms({ relative: 1, linear: 0.2 })];
    for (const [q1 = 0, q2 = 0, v1 = 0, v2 = 0] of states(10)) {
      const [, , a1 = 0, a2 = 0] = rateOf(vertical, [q1, q2, v1, v2]);
      const [, , b1 = 0, b2 = 0] = rateOf(folded, [q1, q2 - q1, v1, v2 - v1]);
      expect(b1).toBeCloseTo(a1, 9);
      expect(b2).toBeCloseTo(a2 - a1, 9);
    }
  });

  it.each([0, 1] as const)("loses energy at the rate of its dissipation, relative %i", (relative) => {
    const balance = (tree: Host, t: Tensor, z: Tensor) => {
      const slope = grad((state: Tensor) => energy(tree, state, facts))(z) as Tensor;
      return { change: sum(mul(slope, field(tree, t, z, null, facts))), lost: dissipation(tree, z, facts) };
    };
    for (const state of states(10)) {
      const found = evaluate(balance as never, arms({ relative, linear: 0.2 }), time, array(state)) as never;
      const { change, lost } = found as Record<string, HostTensor>;
      expect(change?.data[0]).toBeCloseTo(-(lost?.data[0] as number), 9);
      expect(lost?.data[0]).toBeGreaterThan(0);
    }
  });

  it.each([0, 1] as const)("has the momenta that its kinetic energy gives, relative %i", (relative) => {
    const parts = (tree: Host, z: Tensor) => ({
      slope: slice(grad((state: Tensor) => energy(tree, state, facts))(z) as Tensor, 0, 2),
      momenta: momentum(tree, z, facts),
    });
    for (const state of states(5)) {
      const found = evaluate(parts as never, arms({ relative }), array(state)) as unknown as Record<string, HostTensor>;
      found.slope?.data.forEach((value, i) => {
        expect(found.momenta?.data[i]).toBeCloseTo(value as number, 9);
      });
    }
  });

  it("has velocities that are no canonical momenta: its field on them has a divergence, in its momenta none", () => {
    const divergence = (parameters: Host, state: readonly number[], toMomenta: boolean): number => {
      const h = 1e-5;
      const matrix = (q: readonly number[]) => inertiaOf(parameters, q);
      let total = 0;
      for (let i = 0; i < 4; i++) {
        const side = (sign: number): number => {
          const moved = state.map((value, k) => value + (k === i ? sign * h : 0));
          return (toMomenta ? canonicalRate(parameters, moved, matrix) : rateOf(parameters, moved))[i] as number;
        };
        total += (side(1) - side(-1)) / (2 * h);
      }
      return total;
    };
    const free = arms();
    const largest = (toMomenta: boolean): number =>
      Math.max(...states(5).map((state) => Math.abs(divergence(free, state, toMomenta))));
    expect(largest(true)).toBeLessThan(1e-5);
    expect(largest(false)).toBeGreaterThan(0.1);
  });

  it("starts without samples, and gives its gains in the order of its rows", () => {
    const driven = { ...facts, controls: [{ name: "u", scale: 2 }] };
    const parameters = model.init(0, driven, noSamples) as unknown as Host;
    const gains = array([0.3, -0.5], [2, 1]);
    const values = evaluate(
      ((tree: Host) => constantsOf(tree, driven)) as never,
      { ...parameters, gains } as never,
    ) as HostTensor;
    expect(values.data.length).toBe(14);
    // A typical acceleration of 4, over a control of 2.
    expect(values.data[12]).toBeCloseTo(0.6, 12);
    expect(values.data[13]).toBeCloseTo(-1, 12);
  });
});

/** M(q) by the momenta of unit velocities. */
function inertiaOf(parameters: Host, q: readonly number[]): HostTensor {
  const column = (v: readonly number[]): readonly number[] =>
    [
      ...(
        evaluate(
          ((tree: Host, z: Tensor) => momentum(tree, z, facts)) as never,
          parameters,
          array([...q.slice(0, 2), ...v]),
        ) as HostTensor
      ).data,
    ] as number[];
  const [[a = 0, b = 0], [c = 0, d = 0]] = [column([1, 0]), column([0, 1])] as [number[], number[]];
  return array([a, c, b, d], [2, 2]);
}

/** The rate of (q, p) at (q, p): velocities M^-1 p, and d/dt of the momenta along the field. */
function canonicalRate(
  parameters: Host,
  [q1 = 0, q2 = 0, p1 = 0, p2 = 0]: readonly number[],
  matrix: (q: readonly number[]) => HostTensor,
): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0] = matrix([q1, q2]).data as Float64Array;
  const determinant = a * d - b * c;
  const v = [(d * p1 - b * p2) / determinant, (a * p2 - c * p1) / determinant];
  const rate = rateOf(parameters, [q1, q2, ...v]);
  const h = 1e-5;
  const momentaAt = (sign: number): HostTensor => {
    const [x = 0, y = 0, vx = 0, vy = 0] = [q1, q2, ...v].map((value, i) => value + sign * h * (rate[i] as number));
    return evaluate(((m: Tensor, w: Tensor) => matmul(m, w)) as never, matrix([x, y]), array([vx, vy])) as HostTensor;
  };
  const difference = evaluate(
    ((x: Tensor, y: Tensor) => sub(x, y)) as never,
    momentaAt(1),
    momentaAt(-1),
  ) as HostTensor;
  return [...v, ...[...difference.data].map((value) => (value as number) / (2 * h))];
}
