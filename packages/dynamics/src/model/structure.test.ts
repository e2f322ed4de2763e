/**
 * The structural promises of the models at random weights; each test is tried on a model without the structure, where it
 * must fail.
 */
import {
  add,
  array,
  concatenate,
  evaluate,
  grad,
  type HostTensor,
  jacobian,
  jacobianForward,
  jvp,
  mapTree,
  mul,
  neg,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { helmholtzConditions } from "../diagnostic/helmholtz/helmholtz-conditions.ts";
import type { MetricField, SecondOrderField } from "../diagnostic/helmholtz/second-order-field.ts";
import { hostRandom } from "../random/host-random.ts";
import { dissipativeHamiltonian } from "./dissipative-hamiltonian.ts";
import { hamiltonian } from "./hamiltonian.ts";
import { lagrangian } from "./lagrangian.ts";
import { type MechanicalLagrangianParameters, mechanicalLagrangian } from "./mechanical-lagrangian.ts";
import type { DatasetFacts, ModelDefinition } from "./model.ts";
import { neuralOde } from "./neural-ode.ts";
import { noSamples, plainFacts } from "./testing/plain-facts.ts";

const time = array(0);
type Any = ModelDefinition<unknown>;

/** Random states of a model, encoded from random observations. */
function randomStates(count: number, size: number, seed: number): HostTensor[] {
  const random = hostRandom(seed);
  return Array.from({ length: count }, () => array(Float64Array.from({ length: size }, () => 2 * random.normal())));
}

/** The largest rate at which the learned energy rises along the field, over random states and seeds. */
function steepestRise(model: Any, facts: DatasetFacts): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (let seed = 0; seed < 4; seed++) {
    const parameters = model.init(seed, facts, noSamples);
    const rise = (tree: unknown, t: Tensor, z: Tensor): Tensor => {
      const slope = grad((state: Tensor) => (model.energy as NonNullable<Any["energy"]>)(tree, state, facts))(
        z,
      ) as Tensor;
      return sum(mul(slope, (model.field as NonNullable<Any["field"]>)(tree, t, z, null, facts)));
    };
    for (const state of randomStates(25, 2 * facts.coordinates.length, seed)) {
      const rate = evaluate(rise as never, parameters, time, state) as unknown as HostTensor;
      worst = Math.max(worst, rate.data[0] as number);
    }
  }
  return worst;
}

/** The largest divergence of the field relative to the size of its derivatives. */
function largestDivergence(model: Any, facts: DatasetFacts): number {
  const size = 2 * facts.coordinates.length;
  let worst = 0;
  for (let seed = 0; seed < 4; seed++) {
    const parameters = model.init(seed, facts, noSamples);
    const slopes = (tree: unknown, t: Tensor, z: Tensor): Tensor =>
      jacobianForward((state: Tensor) => (model.field as NonNullable<Any["field"]>)(tree, t, state, null, facts))(z);
    for (const state of randomStates(25, size, seed)) {
      const { data } = evaluate(slopes as never, parameters, time, state) as HostTensor;
      let [trace, scale] = [0, 0];
      for (let i = 0; i < size; i++) trace += data[i * size + i] as number;
      for (const value of data) scale = Math.max(scale, Math.abs(value));
      worst = Math.max(worst, Math.abs(trace) / scale);
    }
  }
  return worst;
}

describe("dissipative-hamiltonian", () => {
  const model = dissipativeHamiltonian() as unknown as Any;

  it.each([1, 2, 3])("never gains energy with %i coordinates at random weights", (count) => {
    expect(steepestRise(model, plainFacts(count))).toBeLessThan(1e-12);
  });

  it("never gains energy with angles", () => {
    expect(steepestRise(model, plainFacts(2, true))).toBeLessThan(1e-12);
  });

  it("takes exactly the power that the controls bring, at random weights and gains", () => {
    const facts = {
      ...plainFacts(2),
      controls: [
        { name: "u", scale: 2 },
        { name: "w", scale: 0.5 },
      ],
    };
    const gains = array(Float64Array.of(0.3, -0.7, 0.2, 0.9), [2, 2]);
    const parameters = { ...(model.init(3, facts, noSamples) as object), input: gains };
    const control = array(Float64Array.of(1.5, -0.4));
    const powers = (tree: unknown, t: Tensor, z: Tensor, u: Tensor) => {
      const slope = grad((state: Tensor) => (model.energy as NonNullable<Any["energy"]>)(tree, state, facts))(
        z,
      ) as Tensor;
      const rate = (given: Tensor): Tensor =>
        sum(mul(slope, (model.field as NonNullable<Any["field"]>)(tree, t, z, given, facts)));
      const v = slice((model.observe as NonNullable<Any["observe"]>)(tree, z, facts), 0, 2);
      // Typical acceleration 2 x 2; controls of 1.5 / 2 and -0.4 / 0.5 of their largest.
      const push = array(Float64Array.of(4 * (0.3 * 0.75 + 0.7 * 0.8), 4 * (0.2 * 0.75 - 0.9 * 0.8)));
      return { gained: add(rate(u), neg(rate(mul(u, 0)))), brought: sum(mul(v, push)) };
    };
    for (const state of randomStates(10, 4, 8)) {
      const found = evaluate(powers as never, parameters, time, state, control) as unknown as Record<
        string,
        HostTensor
      >;
      expect(found.gained?.data[0]).toBeCloseTo(found.brought?.data[0] as number, 10);
      expect(Math.abs(found.brought?.data[0] as number)).toBeGreaterThan(1e-3);
    }
  });

  it("gains energy when the sign of the friction is free", () => {
    const broken: Any = {
      ...model,
      field: (tree, t, z, control, facts) => {
        const field = (model.field as NonNullable<Any["field"]>)(tree, t, z, control, facts);
        const conservative = hamiltonianPart(tree, z, facts);
        // The friction alone, turned round: what a network of unrestricted sign may learn.
        return add(conservative, neg(add(field, neg(conservative))));
      },
    };
    const hamiltonianPart = (tree: unknown, z: Tensor, facts: DatasetFacts): Tensor => {
      const gradient = grad((state: Tensor) => (model.energy as NonNullable<Any["energy"]>)(tree, state, facts))(
        z,
      ) as Tensor;
      return turned(gradient);
    };
    expect(steepestRise(broken, plainFacts(2))).toBeGreaterThan(1e-3);
  });

  it("measures the velocity that its encoder was given", () => {
    const facts = plainFacts(3);
    const parameters = model.init(5, facts, noSamples);
    for (const observation of randomStates(5, 6, 9)) {
      const there = evaluate(
        ((tree: unknown, x: Tensor) => (model.encode as NonNullable<Any["encode"]>)(tree, x, facts)) as never,
        parameters,
        observation,
      );
      const back = evaluate(
        ((tree: unknown, x: Tensor) => (model.observe as NonNullable<Any["observe"]>)(tree, x, facts)) as never,
        parameters,
        there,
      );
      (back as HostTensor).data.forEach((value, i) => {
        expect(value).toBeCloseTo(observation.data[i] as number, 10);
      });
    }
  });
});

describe("hamiltonian", () => {
  const model = hamiltonian() as unknown as Any;

  it.each([1, 2, 3])("has a field without divergence with %i coordinates, to rounding", (count) => {
    expect(largestDivergence(model, plainFacts(count))).toBeLessThan(1e-13);
  });

  it("conserves its energy at random weights", () => {
    expect(Math.abs(steepestRise(model, plainFacts(2)))).toBeLessThan(1e-12);
  });

  it("has divergence when the structure is taken out", () => {
    expect(largestDivergence(neuralOde({ order: 1 }) as unknown as Any, plainFacts(2))).toBeGreaterThan(1e-2);
    const friction: Any = {
      ...model,
      field: (tree, t, z, control, facts) =>
        add((model.field as NonNullable<Any["field"]>)(tree, t, z, control, facts), mul(-0.01, z)),
    };
    expect(largestDivergence(friction, plainFacts(1))).toBeGreaterThan(1e-6);
  });
});

describe.each([
  ["lagrangian", lagrangian() as unknown as Any],
  ["mechanical-lagrangian", mechanicalLagrangian() as unknown as Any],
])("%s", (_name, model) => {
  it.each([
    [1, false],
    [2, true],
    [3, false],
  ])(
    "moves by the equations of Euler and Lagrange with %i coordinates, angles: %s, at random weights",
    (count, periodic) => {
      expect(largestDefect(model, plainFacts(count, periodic))).toBeLessThan(1e-12);
    },
  );

  it("conserves its energy at random weights", () => {
    expect(Math.abs(steepestRise(model, plainFacts(2, true)))).toBeLessThan(1e-12);
  });

  it("meets the Helmholtz conditions with the velocity Hessian of its Lagrangian", () => {
    expect(helmholtzResidual(model, plainFacts(2))).toBeLessThan(1e-12);
  });

  it("does neither when the structure is taken out", () => {
    const free = neuralOde() as unknown as Any;
    const broken: Any = {
      ...model,
      field: (_tree, ...rest) => (free.field as NonNullable<Any["field"]>)(free.init(0, rest[3], noSamples), ...rest),
    };
    expect(largestDefect(broken, plainFacts(2))).toBeGreaterThan(1e-2);
    expect(helmholtzResidual(broken, plainFacts(2))).toBeGreaterThan(1e-2);
  });
});

describe("mechanical-lagrangian", () => {
  it("has a positive definite mass matrix at weights as large as they come", () => {
    const model = mechanicalLagrangian();
    const facts = plainFacts(3);
    const large = (leaf: unknown): HostTensor => {
      const { data, shape } = leaf as HostTensor;
      return array(
        Float64Array.from(data as Float64Array, (x) => 5 * x),
        shape,
      );
    };
    const far = mapTree(model.init(1, facts, noSamples), large) as MechanicalLagrangianParameters;
    const energy = model.energy as NonNullable<typeof model.energy>;
    for (const state of randomStates(50, 6, 4)) {
      const at = (x: HostTensor): number =>
        (evaluate(((z: Tensor) => energy(far, z, facts)) as never, x) as unknown as HostTensor).data[0] as number;
      const still = array(Float64Array.from(state.data as Float64Array, (x, i) => (i < 3 ? x : 0)));
      expect(at(state) - at(still)).toBeGreaterThan(0);
    }
  });
});

/** The largest |d/dt dL/dv - dL/dq| with L = v dL/dv - E from the model's momentum and energy, over states and seeds. */
function largestDefect(model: Any, facts: DatasetFacts): number {
  const d = facts.coordinates.length;
  const [momentum, energy] = [
    model.momentum as NonNullable<Any["momentum"]>,
    model.energy as NonNullable<Any["energy"]>,
  ];
  const defects = (tree: unknown, t: Tensor, z: Tensor): Tensor => {
    const lagrangianOf = (state: Tensor): Tensor =>
      sub(sum(mul(slice(state, 0, d), momentum(tree, state, facts))), energy(tree, state, facts));
    const motion = (model.field as NonNullable<Any["field"]>)(tree, t, z, null, facts);
    const rate = jvp((state: Tensor) => momentum(tree, state, facts), [z], [motion])[1] as Tensor;
    return sub(rate, slice(grad(lagrangianOf)(z) as Tensor, 0, 0, d));
  };
  let worst = 0;
  for (let seed = 0; seed < 2; seed++) {
    const parameters = model.init(seed, facts, noSamples);
    for (const state of randomStates(5, 2 * d, seed)) {
      const { data } = evaluate(defects as never, parameters, time, state) as HostTensor;
      for (const value of data) worst = Math.max(worst, Math.abs(value));
    }
  }
  return worst;
}

/** The largest residual of the three Helmholtz conditions with g = dp/dv, over states. */
function helmholtzResidual(model: Any, facts: DatasetFacts): number {
  const d = facts.coordinates.length;
  const parameters = model.init(2, facts, noSamples);
  const residuals = (t: Tensor, q: Tensor, v: Tensor): Tensor => {
    const field: SecondOrderField = (time, x, u) =>
      slice((model.field as NonNullable<Any["field"]>)(parameters, time, concatenate([x, u]), null, facts), 0, d);
    const metric: MetricField = (_t, x, u) =>
      jacobian((w: Tensor) => (model.momentum as NonNullable<Any["momentum"]>)(parameters, concatenate([x, w]), facts))(
        u,
      );
    const { h1, h2, h3 } = helmholtzConditions(field, metric, [t, q, v]);
    return concatenate([h1, h2, h3].map((h) => reshape(h, [h.shape.reduce((a, b) => a * b, 1)])));
  };
  let worst = 0;
  for (const state of randomStates(3, 2 * d, 3)) {
    const [q, v] = [0, d].map((from) => array((state.data as Float64Array).slice(from, from + d)));
    const { data } = evaluate(residuals as never, time, q as HostTensor, v as HostTensor) as HostTensor;
    for (const value of data) worst = Math.max(worst, Math.abs(value));
  }
  return worst;
}

/** (dH/dp, -dH/dq) of a gradient (dH/dq, dH/dp). */
function turned(gradient: Tensor): Tensor {
  const half = (gradient.shape[0] as number) / 2;
  const matrix = new Float64Array(4 * half * half);
  for (let i = 0; i < half; i++) {
    matrix[i * 2 * half + half + i] = 1;
    matrix[(half + i) * 2 * half + i] = -1;
  }
  const symplectic = array(matrix, [2 * half, 2 * half]);
  return sum(mul(symplectic, gradient), 1);
}
