/** What is known of single systems in closed form or to many digits, and what two systems must agree on. */
import { describe, expect, it } from "vitest";
import { hostRandom } from "../random/host-random.ts";
import { numberArithmetic, type Value } from "./arithmetic.ts";
import { cartPole } from "./cart-pole.ts";
import { chargedParticle } from "./charged-particle.ts";
import { doublePendulum } from "./double-pendulum.ts";
import { douglasIiib, douglasIv } from "./douglas.ts";
import { duffing } from "./duffing.ts";
import { fputChain } from "./fput-chain.ts";
import { henonHeiles } from "./henon-heiles.ts";
import { integrateHost } from "./integrate-host.ts";
import { kepler } from "./kepler.ts";
import { linkedPendulum } from "./linked-pendulum.ts";
import { lorenz } from "./lorenz.ts";
import { lotkaVolterra } from "./lotka-volterra.ts";
import { parametersOf } from "./parameters-of.ts";
import { pendulum } from "./pendulum.ts";
import { relativisticOscillator } from "./relativistic-oscillator.ts";
import { rigidBody } from "./rigid-body.ts";
import { rossler } from "./rossler.ts";
import { springPendulum } from "./spring-pendulum.ts";
import type { Parameters, System } from "./system.ts";
import { systemNamed } from "./systems.ts";
import { type Dual, derivativeAlong, dualArithmetic } from "./testing/dual.ts";
import { threeBody } from "./three-body.ts";
import { todaChain } from "./toda-chain.ts";
import { twoBody } from "./two-body.ts";
import { vanDerPol } from "./van-der-pol.ts";

/** The state after some time. */
function after(system: System, start: readonly number[], time: number, replaced: Parameters = {}): readonly number[] {
  return integrateHost(system, parametersOf(system, replaced), start, Float64Array.of(0, time))[1] as readonly number[];
}

function rates(
  system: System,
  state: readonly number[],
  replaced: Parameters = {},
  control: readonly number[] = [],
): readonly number[] {
  return system.field(numberArithmetic, parametersOf(system, replaced), 0, state, control);
}

function expectNear(found: readonly number[], expected: readonly number[], tolerance: number): void {
  const distance = Math.max(...expected.map((value, index) => Math.abs((found[index] as number) - value)));
  expect(distance).toBeLessThan(tolerance);
}

describe("orbits", () => {
  it("keep Kepler's third law, whatever their eccentricity", () => {
    for (const eccentricity of [0, 0.3, 0.8]) {
      const [axis, mu] = [1.7, 2.3];
      const start = [
        axis * (1 - eccentricity),
        0,
        0,
        Math.sqrt((mu / axis) * ((1 + eccentricity) / (1 - eccentricity))),
      ];
      const period = 2 * Math.PI * Math.sqrt(axis ** 3 / mu);
      expectNear(after(kepler, start, period, { mu }), start, 1e-8);
    }
  });

  it("of two bodies return after the period of their relative orbit", () => {
    const replaced = { G: 1.3, mass1: 2, mass2: 0.7 };
    const parameters = parametersOf(twoBody, replaced);
    const start = twoBody.sampleStart(hostRandom(5), parameters);
    const period = twoBody.timescale(parameters);
    const end = after(twoBody, start, period, replaced);
    const drift = [4, 5].map((axis) => {
      const [v1 = 0, v2 = 0] = [start[axis], start[axis + 2]];
      return ((2 * v1 + 0.7 * v2) / 2.7) * period;
    });
    expectNear(
      end,
      [0, 1, 2, 3].map((index) => (start[index] as number) + (drift[index % 2] as number)),
      1e-9,
    );
    expectNear(end.slice(4), start.slice(4), 1e-9);
  });

  it("of three bodies close the figure-eight after 6.32591398, and change places after a third of it", () => {
    const [x, y, u, v] = [0.97000436, -0.24308753, -0.93240737, -0.86473146];
    const start = [x, y, -x, -y, 0, 0, -u / 2, -v / 2, -u / 2, -v / 2, u, v];
    expectNear(after(threeBody, start, 6.32591398), start, 1e-6);
    const third = after(threeBody, start, 6.32591398 / 3);
    const bodies = (state: readonly number[]): readonly (readonly number[])[] =>
      [0, 1, 2].map((body) => [0, 1, 6, 7].map((index) => state[2 * body + index] as number));
    const places = bodies(start);
    for (const found of bodies(third)) {
      const distances = places.map((place) =>
        Math.max(...place.map((value, i) => Math.abs(value - (found[i] as number)))),
      );
      expect(Math.min(...distances)).toBeLessThan(1e-6);
    }
    expect(Math.abs((third[0] as number) - x)).toBeGreaterThan(0.5);
  });
});

describe("pendulums", () => {
  it("of one and two links are the pendulum and the double pendulum", () => {
    const random = hostRandom(9);
    for (let round = 0; round < 5; round++) {
      const [a, b, c, d] = [0, 1, 2, 3].map(() => 2 * random.normal()) as [number, number, number, number];
      const constants = { mass: 1.3, length: 0.7, gravity: 9, damping: 0.4 };
      expectNear(rates(linkedPendulum(1), [a, c], constants, [0.6]), rates(pendulum, [a, c], constants, [0.6]), 1e-12);
      const { mass, length, gravity, damping } = constants;
      const pair = { mass1: mass, mass2: mass, length1: length, length2: length, gravity, damping };
      const found = rates(linkedPendulum(2), [a, b, c, d], constants, [0.6]);
      expectNear(found, rates(doublePendulum, [a, b, c, d], pair, [0.6, 0]), 1e-11);
    }
  });

  it("of two links swing small in two modes, with frequencies sqrt((2 ± sqrt 2) g / l)", () => {
    for (const sign of [1, -1]) {
      const frequency = Math.sqrt((2 + sign * Math.SQRT2) * 9.81);
      const start = [3e-5, -sign * Math.SQRT2 * 3e-5, 0, 0];
      expectNear(after(doublePendulum, start, (2 * Math.PI) / frequency), start, 1e-11);
    }
  });

  it("on a spring bounce with the frequency of the spring", () => {
    const rest = 1 + 9.81 / 29.43;
    const start = [0, -rest - 0.2, 0, 0];
    expectNear(after(springPendulum, start, 2 * Math.PI * Math.sqrt(1 / 29.43)), start, 1e-10);
  });

  it("on a spring in resonance hand the bounce over to the swing, and take it back", () => {
    const rest = 1 + 9.81 / 29.43;
    const times = Float64Array.from({ length: 3001 }, (_, row) => row * 0.02);
    const states = integrateHost(springPendulum, parametersOf(springPendulum), [0.01, -rest - 0.1, 0, 0], times);
    const reach = states.map(([x = 0]) => Math.abs(x));
    const widest = reach.indexOf(Math.max(...reach));
    expect(reach[widest]).toBeGreaterThan(0.15);
    const later = reach.slice(widest).map((_, index, all) => Math.max(...all.slice(index, index + 120)));
    expect(Math.min(...later.slice(0, -120))).toBeLessThan(0.05);
  });

  it("on a cart swing faster than on a wall", () => {
    const { mass = 0, cartMass = 0, length = 0, gravity = 0 } = parametersOf(cartPole);
    const frequency = Math.sqrt((gravity / length) * (1 + mass / cartMass));
    const recoil = (-1e-4 * mass * length) / (mass + cartMass);
    const start = [recoil, 1e-4, 0, 0];
    expectNear(after(cartPole, start, (2 * Math.PI) / frequency), start, 1e-11);
    const upright = rates(cartPole, [0, Math.PI, 0, 0]);
    expectNear(upright, [0, 0, 0, 0], 1e-13);
  });
});

describe("oscillators", () => {
  it("with a cubic spring alone need 7.4162987092054877 over the amplitude for a period", () => {
    const period = 7.416298709205487 / 1.4;
    expectNear(after(duffing, [1.4, 0], period, { linear: 0 }), [1.4, 0], 1e-10);
  });

  it("of van der Pol end on a cycle of period 6.66328686 and amplitude 2.00861986", () => {
    const settled = after(vanDerPol, [0.5, 0.1], 60);
    expectNear(after(vanDerPol, settled, 6.6632868593), settled, 1e-8);
    const times = Float64Array.from({ length: 2001 }, (_, row) => (row * 6.6632868593) / 2000);
    const cycle = integrateHost(vanDerPol, parametersOf(vanDerPol), settled, times);
    expect(Math.max(...cycle.map(([x = 0]) => x))).toBeCloseTo(2.00861986, 4);
  });

  it("near the speed of light fly to and fro in four amplitudes over it, slow ones in 2 pi sqrt(m / k)", () => {
    const [x = 0, p = 0] = after(relativisticOscillator, [1000, 0], 1000);
    expect(Math.abs(x)).toBeLessThan(1);
    expect(p).toBeLessThan(-4e5);
    const constants = { mass: 2, stiffness: 3, lightSpeed: 1e6 };
    expectNear(after(relativisticOscillator, [1, 0], 2 * Math.PI * Math.sqrt(2 / 3), constants), [1, 0], 1e-10);
  });
});

describe("chains", () => {
  it("with linear springs return after the period of their longest wave", () => {
    const chain = fputChain(8);
    const parameters = parametersOf(chain, { alpha: 0 });
    const start = chain.sampleStart(hostRandom(2), parameters);
    expectNear(after(chain, start, chain.timescale(parameters), { alpha: 0 }), start, 1e-9);
  });

  it("of Toda's kind carry small waves with frequency 2 sqrt(strength) sin(pi k / n)", () => {
    const [n, k, strength] = [6, 2, 1.7];
    const wave = Array.from({ length: n }, (_, i) => 1e-6 * Math.cos((2 * Math.PI * k * i) / n));
    const start = [...wave, ...wave.map(() => 0)];
    const frequency = 2 * Math.sqrt(strength) * Math.sin((Math.PI * k) / n);
    expectNear(after(todaChain(n), start, (2 * Math.PI) / frequency, { strength }), start, 1e-11);
  });
});

describe("flows", () => {
  it("of Lorenz rest at three points and shrink volumes by sigma + 1 + beta", () => {
    const z = 27;
    const x = Math.sqrt((8 / 3) * z);
    for (const point of [
      [0, 0, 0],
      [x, x, z],
      [-x, -x, z],
    ])
      expectNear(rates(lorenz, point), [0, 0, 0], 1e-12);
    const parameters = parametersOf(lorenz);
    const slopes = [0, 1, 2].map((axis) => {
      const direction = [0, 1, 2].map((other) => (other === axis ? 1 : 0));
      const law = (at: readonly Value<Dual>[]): readonly Value<Dual>[] =>
        lorenz.field(dualArithmetic, parameters, 0, at, []);
      return derivativeAlong(law, [3, -2, 20], direction)[axis] as number;
    });
    const trace = slopes.reduce((sum, slope) => sum + slope, 0);
    expect(trace).toBeCloseTo(-(10 + 1 + 8 / 3), 12);
  });

  it("of Rössler rest at two points", () => {
    const [a, b, c] = [0.2, 0.2, 5.7];
    for (const sign of [1, -1]) {
      const x = (c + sign * Math.sqrt(c * c - 4 * a * b)) / 2;
      expectNear(rates(rossler, [x, -x / a, x / a]), [0, 0, 0], 1e-12);
    }
  });

  it("of prey and predators rest at one point and circle it with frequency sqrt(growth mortality)", () => {
    const rest = [4, 2.75];
    expectNear(rates(lotkaVolterra, rest), [0, 0], 1e-15);
    const start = [4 + 1e-5, 2.75];
    expectNear(after(lotkaVolterra, start, lotkaVolterra.timescale(parametersOf(lotkaVolterra))), start, 1e-9);
  });
});

describe("particles and bodies", () => {
  it("gyrate with q B / m, and drift with E / B across both fields", () => {
    const constants = { mass: 2, charge: -1.5, magnetic: 0.8 };
    const start = [0.1, -0.2, 0.3, 0.5, -0.6, 0];
    expectNear(after(chargedParticle, start, (2 * Math.PI * 2) / 1.2, constants), start, 1e-11);
    const drifting = [0, 0, 0, 0, -0.25 / 0.8, 0];
    const end = after(chargedParticle, drifting, 3, { ...constants, electric: 0.25 });
    expectNear(end, [0, (-3 * 0.25) / 0.8, 0, 0, -0.25 / 0.8, 0], 1e-13);
  });

  it("of Hénon and Heiles escape from 1/6", () => {
    for (const [x, y] of [
      [0, 1],
      [Math.sqrt(3) / 2, -0.5],
    ] as const) {
      expectNear(rates(henonHeiles, [x, y, 0, 0]), [0, 0, 0, 0], 1e-15);
      expect(henonHeiles.energy?.(numberArithmetic, parametersOf(henonHeiles), [x, y, 0, 0])).toBeCloseTo(1 / 6, 14);
    }
  });

  it("precess when symmetric, and tumble about the middle axis", () => {
    const symmetric = { inertia1: 1, inertia2: 1, inertia3: 3 };
    const rate = ((1 - 3) / 1) * 0.7;
    const [omega1 = 0, omega2 = 0] = after(rigidBody, [0.4, 0, 0.7], 2, symmetric);
    expectNear([omega1, omega2], [0.4 * Math.cos(rate * 2), -0.4 * Math.sin(rate * 2)], 1e-11);
    const growth = Math.sqrt(((2 - 3) * (1 - 2)) / (1 * 3));
    const [along = 0, , across = 0] = after(rigidBody, [1e-7, 1, 1e-7 * -growth * 1], 5);
    expect(along / 1e-7).toBeCloseTo(Math.exp(growth * 5), 3);
    expect(across / along).toBeCloseTo(-growth, 5);
  });
});

describe("Douglas's systems", () => {
  type Row = readonly [number, number, number];
  const dot = (a: Row, b: Row): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

  /**
   * A Hessian g of a Lagrangian makes g Phi, g Phi' and g Phi'' symmetric, with Phi = -df/dq for a force that does not
   * depend on velocities and ' along the motion: three linear equations for (g11, g12, g22).
   */
  function equations(system: System, state: readonly number[]): readonly Row[] {
    const [x = 0, y = 0, vx = 0, vy = 0] = state;
    const [, , ax = 0, ay = 0] = rates(system, state);
    const corner = system === douglasIv ? 1 : 0;
    const rows = [
      [2 * x, 2 * y, corner],
      [2 * vx, 2 * vy, 0],
      [2 * ax, 2 * ay, 0],
    ] as const;
    // Phi = -[[a, b], [c, 0]]: (g Phi)_12 - (g Phi)_21 = -(g11 b) + (g12 a + g22 c).
    return rows.map(([a, b, c]) => [-b, a, c] as const);
  }

  it("have the Jacobians that the conditions below are written for", () => {
    const state = [0.3, -0.8, -0.5, 0.2];
    for (const system of [douglasIv, douglasIiib]) {
      const column = (axis: number): readonly number[] =>
        derivativeAlong(
          (at) => system.field(dualArithmetic, {}, 0, at, []),
          state,
          state.map((_, index) => (index === axis ? 1 : 0)),
        ).slice(2);
      expect(column(0)).toEqual([0.6, system === douglasIv ? 1 : 0]);
      expect(column(1)).toEqual([-1.6, 0]);
      expect([...column(2), ...column(3)]).toEqual([0, 0, 0, 0]);
    }
  });

  it("leave no Hessian at all in case IV, and only singular ones in case IIIb", () => {
    const state = [0.3, -0.8, -0.5, 0.2];
    const [a, b, c] = equations(douglasIv, state) as [Row, Row, Row];
    const determinant = dot(a, [b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0]]);
    expect(Math.abs(determinant)).toBeGreaterThan(0.1);
    // In case IIIb g22 is free, and the first two equations leave g11 = g12 = 0 of the others.
    const [first, second] = equations(douglasIiib, state) as [Row, Row, Row];
    expect([first[2], second[2]]).toEqual([0, 0]);
    expect(Math.abs(first[0] * second[1] - first[1] * second[0])).toBeGreaterThan(0.1);
  });
});

describe("families", () => {
  it("have a system for each size, under the usual name too", () => {
    expect(systemNamed("linked-pendulum").coordinates).toHaveLength(3);
    expect(systemNamed("linked-pendulum-5").coordinates).toHaveLength(5);
    expect(systemNamed("toda-chain-12").name).toBe("toda-chain-12");
    expect(() => systemNamed("fput-chain-1")).toThrow("expected 2 to 64 particles, got 1");
    expect(() => systemNamed("pendulum-2")).toThrow("got pendulum-2");
  });
});
