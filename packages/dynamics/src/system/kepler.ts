/**
 * The Kepler problem in a plane: one body about a fixed centre that attracts it with mu / r^2.
 */

import { hostMath } from "../host-math/host-math.ts";
import type { Arithmetic, Value } from "./arithmetic.ts";
import { length } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { reflection, reversal, rotation } from "./symmetry.ts";
import type { Constants, Scalar, System } from "./system.ts";

type Names = "mass" | "mu";

function distance<V>({ add, square, sqrt }: Arithmetic<V>, x: Value<V>, y: Value<V>): Value<V> {
  return sqrt(add(square(x), square(y)));
}

function energy<V>(
  arithmetic: Arithmetic<V>,
  { mass, mu }: Constants<Names, V>,
  [x = 0, y = 0, vx = 0, vy = 0]: readonly Value<V>[],
): Value<V> {
  const { add, sub, mul, div, square } = arithmetic;
  return mul(mass, sub(mul(0.5, add(square(vx), square(vy))), div(mu, distance(arithmetic, x, y))));
}

const angularMomentum: Scalar<Names> = ({ sub, mul }, { mass }, [x = 0, y = 0, vx = 0, vy = 0]) => {
  return mul(mass, sub(mul(x, vy), mul(y, vx)));
};

/** The eccentricity vector, which points to the pericentre: mu e = v x (r x v) - mu r / |r|. */
const eccentricity = (component: 0 | 1): Scalar<Names> => {
  return (arithmetic, { mu }, [x = 0, y = 0, vx = 0, vy = 0]) => {
    const { sub, mul, div, neg } = arithmetic;
    const area = sub(mul(x, vy), mul(y, vx));
    const [across, along] = component === 0 ? [vy, x] : [neg(vx), y];
    return sub(div(mul(across, area), mu), div(along, distance(arithmetic, x, y)));
  };
};

const always = (): boolean => true;

/** q'' = -mu q / |q|^3. */
export const kepler: System = defineSystem<Names>({
  name: "kepler",
  summary: "A body on a Kepler orbit about a fixed centre.",
  coordinates: [length("x", "vx"), length("y", "vy")],
  parameters: {
    mass: { unit: "kg", default: 1, minimum: 1e-9, meaning: "mass of the body; the orbit does not depend on it" },
    mu: { unit: "m^3/s^2", default: 1, minimum: 1e-9, meaning: "attraction of the centre, G M" },
  },
  equations: [
    "x' = vx, y' = vy, r = sqrt(x^2 + y^2)",
    "vx' = -mu x / r^3, vy' = -mu y / r^3",
    "energy = mass ((vx^2 + vy^2) / 2 - mu / r)",
  ],
  field: (arithmetic, { mu }, _t, [x = 0, y = 0, vx = 0, vy = 0]) => {
    const { mul, div, neg, square } = arithmetic;
    const r = distance(arithmetic, x, y);
    const pull = neg(div(mu, mul(r, square(r))));
    return [vx, vy, mul(pull, x), mul(pull, y)];
  },
  energy,
  invariants: [
    { name: "angular momentum", unit: "kg m^2/s", value: angularMomentum, holds: always },
    { name: "eccentricity x", unit: "", value: eccentricity(0), holds: always },
    { name: "eccentricity y", unit: "", value: eccentricity(1), holds: always },
  ],
  symmetries: [
    rotation(
      [
        [0, 1],
        [2, 3],
      ],
      { conserves: "angular momentum" },
    ),
    reflection([1, -1, 1, -1], { meaning: "y and vy change sign" }),
    reversal(),
    {
      name: "scaling",
      meaning: "lengths times s, velocities times s^(-1/2), times times s^(3/2): Kepler's third law",
      continuous: true,
      map: ({ mul }, _parameters, state, amount) => {
        const factors = [amount, amount, -amount / 2, -amount / 2].map(hostMath.exp);
        return state.map((value, index) => mul(factors[index] ?? 1, value));
      },
      timeFactor: (amount) => hostMath.exp(1.5 * amount),
      conserves: null,
      holds: always,
    },
  ],
  // Kepler's third law for a semi-major axis of 1 m.
  timescale: ({ mu }) => (2 * Math.PI) / Math.sqrt(mu),
  // Orbits with a semi-major axis of 1 m and an eccentricity up to 0.6, any orientation, any place on the orbit.
  sampleStart: (random, { mu }) => {
    const eccentricity = 0.6 * random.uniform();
    const [pericentre, anomaly] = [2 * Math.PI * random.uniform(), 2 * Math.PI * random.uniform()];
    const parameter = 1 - eccentricity ** 2;
    const r = parameter / (1 + eccentricity * hostMath.cos(anomaly));
    const speed = Math.sqrt(mu / parameter);
    const [radial, tangential] = [eccentricity * hostMath.sin(anomaly), 1 + eccentricity * hostMath.cos(anomaly)];
    const [cosine, sine] = [hostMath.cos(pericentre + anomaly), hostMath.sin(pericentre + anomaly)];
    return [
      r * cosine,
      r * sine,
      speed * (radial * cosine - tangential * sine),
      speed * (radial * sine + tangential * cosine),
    ];
  },
  draw: (_parameters, [x = 0, y = 0]) => ({
    horizontal: "x [m]",
    vertical: "y [m]",
    points: [
      { x: 0, y: 0, role: "anchor" },
      { x, y, role: "body" },
    ],
    links: [],
  }),
  source: "Landau, Lifshitz, 1976, Mechanics, 3rd edition, section 15",
});
