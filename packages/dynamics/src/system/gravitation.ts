/**
 * Newton's attraction among bodies in a plane, shared by the systems of two and three bodies.
 * A state is [x1, y1, x2, y2 …, vx1, vy1, vx2, vy2 …].
 */

import type { Arithmetic, Value } from "./arithmetic.ts";
import type { SystemCoordinate } from "./coordinate.ts";
import { length } from "./coordinate.ts";
import { reflection, reversal, rotation, translation } from "./symmetry.ts";
import type { Constants, Invariant, Scalar, Symmetry } from "./system.ts";

/** The constants of bodies: G and their masses `mass1`, `mass2` … */
export type BodyNames<Masses extends string> = "G" | Masses;

/** Coordinates of n bodies: x1, y1, x2, y2 … */
export function bodyCoordinates(n: number): readonly SystemCoordinate[] {
  return Array.from({ length: n }, (_, body) => [
    length(`x${body + 1}`, `vx${body + 1}`),
    length(`y${body + 1}`, `vy${body + 1}`),
  ]).flat();
}

/** What the bodies of these masses have in common, whatever their number. */
export interface Gravitation<Masses extends string> {
  readonly field: <V>(
    arithmetic: Arithmetic<V>,
    parameters: Constants<BodyNames<Masses>, V>,
    state: readonly Value<V>[],
  ) => readonly Value<V>[];
  readonly energy: Scalar<BodyNames<Masses>>;
  readonly invariants: readonly Invariant<BodyNames<Masses>>[];
  readonly symmetries: readonly Symmetry<BodyNames<Masses>>[];
}

/** @param masses names of the masses, one for each body */
export function gravitation<Masses extends string>(masses: readonly Masses[]): Gravitation<Masses> {
  const n = masses.length;
  const bodies = masses.map((name, body) => ({ name, x: 2 * body, y: 2 * body + 1 }));
  const always = (): boolean => true;

  /** The sum over bodies of mass times something of the body. */
  const weighted = (term: (body: (typeof bodies)[number], velocity: number) => Scalar): Scalar<BodyNames<Masses>> => {
    return (arithmetic, parameters, state) =>
      arithmetic.add(
        ...bodies.map((body) => {
          return arithmetic.mul(parameters[body.name], term(body, 2 * n)(arithmetic, parameters, state));
        }),
      );
  };
  const kinetic = weighted(({ x, y }, velocity) => ({ add, mul, square }, _parameters, state) => {
    return mul(0.5, add(square(state[velocity + x] ?? 0), square(state[velocity + y] ?? 0)));
  });
  const momentum = (axis: "x" | "y"): Scalar<BodyNames<Masses>> =>
    weighted((body, velocity) => (_arithmetic, _parameters, state) => state[velocity + body[axis]] ?? 0);
  const angularMomentum = weighted(({ x, y }, velocity) => ({ sub, mul }, _parameters, state) => {
    return sub(mul(state[x] ?? 0, state[velocity + y] ?? 0), mul(state[y] ?? 0, state[velocity + x] ?? 0));
  });
  const indices = (axis: "x" | "y"): readonly number[] => bodies.map((body) => body[axis]);
  const signs = Array.from({ length: 4 * n }, (_, index): 1 | -1 => (index % 2 === 1 ? -1 : 1));

  return {
    field: (arithmetic, parameters, state) => {
      return [...state.slice(2 * n), ...attractions(arithmetic, parameters, bodies, state)];
    },
    energy: (arithmetic, parameters, state) => {
      const { sub, mul, div, add } = arithmetic;
      const pairs = bodies.flatMap((a, index) => bodies.slice(index + 1).map((b) => [a, b] as const));
      const depths = pairs.map(([a, b]) => {
        const masses = mul(parameters.G, parameters[a.name], parameters[b.name]);
        return div(masses, separation(arithmetic, a, b, state).distance);
      });
      return sub(kinetic(arithmetic, parameters, state), add(...depths));
    },
    invariants: [
      { name: "momentum x", unit: "kg m/s", value: momentum("x"), holds: always },
      { name: "momentum y", unit: "kg m/s", value: momentum("y"), holds: always },
      { name: "angular momentum", unit: "kg m^2/s", value: angularMomentum, holds: always },
    ],
    symmetries: [
      translation(indices("x"), { name: "translation x", meaning: "every x is shifted", conserves: "momentum x" }),
      translation(indices("y"), { name: "translation y", meaning: "every y is shifted", conserves: "momentum y" }),
      rotation(
        Array.from({ length: 2 * n }, (_, pair) => [2 * pair, 2 * pair + 1] as const),
        { conserves: "angular momentum" },
      ),
      reflection(signs, { meaning: "every y and vy changes sign" }),
      reversal(),
    ],
  };
}

interface Body<Masses extends string> {
  readonly name: Masses;
  readonly x: number;
  readonly y: number;
}

function separation<V>(
  { add, sub, square, sqrt }: Arithmetic<V>,
  a: Body<string>,
  b: Body<string>,
  state: readonly Value<V>[],
): { readonly x: Value<V>; readonly y: Value<V>; readonly distance: Value<V> } {
  const x = sub(state[b.x] ?? 0, state[a.x] ?? 0);
  const y = sub(state[b.y] ?? 0, state[a.y] ?? 0);
  return { x, y, distance: sqrt(add(square(x), square(y))) };
}

function attractions<V, Masses extends string>(
  arithmetic: Arithmetic<V>,
  parameters: Constants<BodyNames<Masses>, V>,
  bodies: readonly Body<Masses>[],
  state: readonly Value<V>[],
): readonly Value<V>[] {
  const { add, mul, div, square } = arithmetic;
  return bodies.flatMap((body) => {
    const pulls = bodies
      .filter((other) => other !== body)
      .map((other) => {
        const { x, y, distance } = separation(arithmetic, body, other, state);
        const pull = div(mul(parameters.G, parameters[other.name]), mul(distance, square(distance)));
        return { x: mul(pull, x), y: mul(pull, y) };
      });
    return [add(...pulls.map(({ x }) => x)), add(...pulls.map(({ y }) => y))];
  });
}
