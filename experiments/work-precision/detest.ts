/**
 * The 25 problems DETEST without stiffness: Hull, Enright, Fellen, Sedgwick, 1972, "Comparing numerical methods for
 * ordinary differential equations", SIAM J. Numer. Anal. 9(4), 603-637, doi:10.1137/0709052. Single equations (A), small
 * systems (B), moderate systems (C), orbits (D), equations of higher order (E).
 */
import type { Value } from "@leastaction/dynamics";
import { fiveBodies } from "./five-bodies.ts";
import type { Operations, Problem } from "./problem.ts";

/** The components of a state that is known to have as many as are asked for. */
function parts<V>(y: readonly Value<V>[]): [Value<V>, Value<V>, Value<V>, Value<V>] {
  return y as [Value<V>, Value<V>, Value<V>, Value<V>];
}

/** One equation y' = slope. */
function single(
  name: string,
  title: string,
  start: number,
  slope: <V>(operations: Operations<V>, t: Value<V>, y: Value<V>) => Value<V>,
): Problem {
  return { name, title, start: [start], derivative: (operations, t, y) => [slope(operations, t, parts(y)[0])] };
}

const singleEquations: readonly Problem[] = [
  single("A1", "the negative exponential", 1, ({ neg }, _t, y) => neg(y)),
  single("A2", "a special case of the Riccati equation", 1, ({ mul }, _t, y) => mul(-0.5, y, y, y)),
  single("A3", "an oscillatory problem", 1, ({ mul, cos }, t, y) => mul(y, cos(t))),
  single("A4", "a logistic curve", 1, ({ mul, sub, div }, _t, y) => mul(0.25, y, sub(1, div(y, 20)))),
  single("A5", "a spiral curve", 4, ({ add, sub, div }, t, y) => div(sub(y, t), add(y, t))),
];

const smallSystems: readonly Problem[] = [
  {
    name: "B1",
    title: "two conflicting populations",
    start: [1, 3],
    derivative: ({ mul, sub }, _t, y) => {
      const [a, b] = parts(y);
      return [mul(2, sub(a, mul(a, b))), sub(mul(a, b), b)];
    },
  },
  {
    name: "B2",
    title: "a linear chemical reaction",
    start: [2, 0, 1],
    derivative: ({ add, sub, mul }, _t, y) => {
      const [a, b, c] = parts(y);
      return [sub(b, a), add(a, mul(-2, b), c), sub(b, c)];
    },
  },
  {
    name: "B3",
    title: "a nonlinear chemical reaction",
    start: [1, 0, 0],
    derivative: ({ neg, sub, square }, _t, y) => {
      const [a, b] = parts(y);
      return [neg(a), sub(a, square(b)), square(b)];
    },
  },
  {
    name: "B4",
    title: "the integral surface of a torus",
    start: [3, 0, 0],
    derivative: ({ add, sub, neg, mul, div, square, sqrt }, _t, y) => {
      const [a, b, c] = parts(y);
      const radius = sqrt(add(square(a), square(b)));
      return [sub(neg(b), div(mul(a, c), radius)), sub(a, div(mul(b, c), radius)), div(a, radius)];
    },
  },
  {
    name: "B5",
    title: "Euler's equations of motion for a rigid body",
    start: [0, 1, 1],
    derivative: ({ mul }, _t, y) => {
      const [a, b, c] = parts(y);
      return [mul(b, c), mul(-1, a, c), mul(-0.51, a, b)];
    },
  },
];

const firstOf = (length: number): number[] => Array.from({ length }, (_, i) => (i === 0 ? 1 : 0));

/** A decay from species to species; species i decays at rate(i), i from 1, the last not. */
function decayChain(name: string, title: string, rate: (i: number) => number): Problem {
  return {
    name,
    title,
    start: firstOf(10),
    derivative: ({ mul, sub }, _t, y) => {
      const flows = y.slice(0, -1).map((each, i) => mul(rate(i + 1), each));
      return y.map((_, i) => sub(flows[i - 1] ?? 0, flows[i] ?? 0));
    },
  };
}

/** Diffusion along a line of nodes between two that are held at zero. */
function diffusion(name: string, nodes: number): Problem {
  return {
    name,
    title: `the heat equation on ${nodes} nodes`,
    start: firstOf(nodes),
    derivative: ({ add, mul }, _t, y) => y.map((each, i) => add(y[i - 1] ?? 0, mul(-2, each), y[i + 1] ?? 0)),
  };
}

const moderateSystems: readonly Problem[] = [
  decayChain("C1", "a radioactive decay chain", () => 1),
  decayChain("C2", "a decay chain of growing rates", (i) => i),
  diffusion("C3", 10),
  diffusion("C4", 51),
  fiveBodies,
];

/** A Kepler orbit from its pericentre. */
function orbit(name: string, eccentricity: number): Problem {
  return {
    name,
    title: `an orbit of eccentricity ${eccentricity}`,
    start: [1 - eccentricity, 0, 0, Math.sqrt((1 + eccentricity) / (1 - eccentricity))],
    derivative: ({ add, mul, div, square, sqrt }, _t, y) => {
      const [a, b, velocityA, velocityB] = parts(y);
      const distance = add(square(a), square(b));
      const pull = div(-1, mul(distance, sqrt(distance)));
      return [velocityA, velocityB, mul(pull, a), mul(pull, b)];
    },
  };
}

const orbits = [0.1, 0.3, 0.5, 0.7, 0.9].map((eccentricity, i) => orbit(`D${i + 1}`, eccentricity));

/** y'' = acceleration(t, y, y'). */
function secondOrder(
  name: string,
  title: string,
  start: readonly [number, number],
  acceleration: <V>(operations: Operations<V>, t: Value<V>, y: Value<V>, rate: Value<V>) => Value<V>,
): Problem {
  return {
    name,
    title,
    start,
    derivative: (operations, t, y) => {
      const [place, rate] = parts(y);
      return [rate, acceleration(operations, t, place, rate)];
    },
  };
}

const higherOrder: readonly Problem[] = [
  secondOrder(
    "E1",
    "Bessel's equation of order 1/2",
    [0.671396707141803, 0.09540051444747447],
    ({ add, sub, neg, mul, div, square }, t, y, rate) => {
      const x = add(t, 1);
      return neg(add(div(rate, x), mul(sub(1, div(0.25, square(x))), y)));
    },
  ),
  secondOrder("E2", "Van der Pol's equation", [2, 0], ({ sub, mul, square }, _t, y, rate) =>
    sub(mul(sub(1, square(y)), rate), y),
  ),
  secondOrder("E3", "Duffing's equation", [0, 0], ({ add, sub, mul, div, sin }, t, y) =>
    add(sub(div(mul(y, y, y), 6), y), mul(2, sin(mul(2.78535, t)))),
  ),
  secondOrder("E4", "the falling body", [30, 0], ({ sub, mul }, _t, _y, rate) => sub(0.032, mul(0.4, rate, rate))),
  secondOrder("E5", "a linear pursuit", [0, 0], ({ add, sub, div, square, sqrt }, t, _y, rate) =>
    div(sqrt(add(1, square(rate))), sub(25, t)),
  ),
];

/** All 25, in the order of the source. */
export const problems: readonly Problem[] = [
  ...singleEquations,
  ...smallSystems,
  ...moderateSystems,
  ...orbits,
  ...higherOrder,
];
