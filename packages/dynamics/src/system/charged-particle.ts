/**
 * A charged particle in a uniform magnetic field along z and a uniform electric field along x.
 *
 * The state holds velocities, not momenta: the canonical momentum m v + q A depends on the gauge and cannot be
 * measured. In the gauge A = (0, B x, 0) the canonical momentum along y is kept, and it is listed as an invariant.
 */

import { length } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import { reversal, rotation, translation } from "./symmetry.ts";
import type { Constants, Scalar, System } from "./system.ts";

type Names = "mass" | "charge" | "magnetic" | "electric";

const momentumX: Scalar<Names> = ({ sub, mul }, { mass, charge, magnetic }, [, y = 0, , vx = 0]) => {
  return sub(mul(mass, vx), mul(charge, magnetic, y));
};
const momentumY: Scalar<Names> = ({ add, mul }, { mass, charge, magnetic }, [x = 0, , , , vy = 0]) => {
  return add(mul(mass, vy), mul(charge, magnetic, x));
};
const momentumZ: Scalar<Names> = ({ mul }, { mass }, [, , , , , vz = 0]) => mul(mass, vz);
/** In the gauge A = B (-y, x, 0) / 2. */
const angularMomentum: Scalar<Names> = (arithmetic, { mass, charge, magnetic }, state) => {
  const { add, sub, mul, square } = arithmetic;
  const [x = 0, y = 0, , vx = 0, vy = 0] = state;
  const kinetic = mul(mass, sub(mul(x, vy), mul(y, vx)));
  return add(kinetic, mul(0.5, charge, magnetic, add(square(x), square(y))));
};

const always = (): boolean => true;
const withoutElectric = ({ electric }: Constants<Names>): boolean => electric === 0;

/** mass v' = charge (E + v x B). */
export const chargedParticle: System = defineSystem<Names>({
  name: "charged-particle",
  summary: "A charge that gyrates in a magnetic field, and drifts where there is an electric one.",
  coordinates: [length("x", "vx"), length("y", "vy"), length("z", "vz")],
  parameters: {
    mass: { unit: "kg", default: 1, minimum: 1e-30, meaning: "mass" },
    charge: { unit: "A s", default: 1, meaning: "charge" },
    magnetic: { unit: "kg s^-2 A^-1", default: 1, meaning: "magnetic field along z (tesla)" },
    electric: { unit: "V/m", default: 0, meaning: "electric field along x" },
  },
  equations: [
    "x' = vx, y' = vy, z' = vz",
    "vx' = (charge / mass) (electric + magnetic vy)",
    "vy' = -(charge / mass) magnetic vx, vz' = 0",
    "energy = mass (vx^2 + vy^2 + vz^2) / 2 - charge electric x",
  ],
  field: ({ add, mul, div, neg }, { mass, charge, magnetic, electric }, _t, state) => {
    const [, , , vx = 0, vy = 0, vz = 0] = state;
    const ratio = div(charge, mass);
    return [vx, vy, vz, mul(ratio, add(electric, mul(magnetic, vy))), neg(mul(ratio, magnetic, vx)), 0];
  },
  energy: ({ add, sub, mul, square }, { mass, charge, electric }, [x = 0, , , vx = 0, vy = 0, vz = 0]) => {
    return sub(mul(0.5, mass, add(square(vx), square(vy), square(vz))), mul(charge, electric, x));
  },
  invariants: [
    { name: "canonical momentum x", unit: "kg m/s", value: momentumX, holds: withoutElectric },
    { name: "canonical momentum y", unit: "kg m/s", value: momentumY, holds: always },
    { name: "momentum z", unit: "kg m/s", value: momentumZ, holds: always },
    { name: "canonical angular momentum", unit: "kg m^2/s", value: angularMomentum, holds: withoutElectric },
  ],
  symmetries: [
    translation([0], { name: "translation x", meaning: "x is shifted", conserves: "canonical momentum x" }),
    translation([1], { name: "translation y", meaning: "y is shifted", conserves: "canonical momentum y" }),
    translation([2], { name: "translation z", meaning: "z is shifted", conserves: "momentum z" }),
    rotation(
      [
        [0, 1],
        [3, 4],
      ],
      { meaning: "turn about z", conserves: "canonical angular momentum", holds: withoutElectric },
    ),
    reversal({
      name: "reversal with reflection",
      meaning: "t, y, vx and vz change sign",
      signs: [1, -1, 1, -1, 1, -1],
    }),
  ],
  // A turn about the field.
  timescale: ({ mass, charge, magnetic }) => {
    return charge * magnetic === 0 ? 1 : (2 * Math.PI * mass) / Math.abs(charge * magnetic);
  },
  // Near the origin, with up to 1 m/s along every axis.
  sampleStart: (random) => Array.from({ length: 6 }, () => 2 * random.uniform() - 1),
  draw: (_parameters, [x = 0, y = 0]) => pointDrawing("x [m]", "y [m]", x, y),
  source: "Landau, Lifshitz, 1975, The Classical Theory of Fields, 4th edition, sections 21 and 22",
});
