/**
 * Two systems that have no Lagrangian, by Douglas's answer to the inverse problem of the calculus of variations: no
 * regular Hessian g(t, q, v) makes g (q'' - f) the equations of Euler and Lagrange. Nothing that learns an energy or a
 * Lagrangian can be right about them, which is what they are here for.
 *
 * Both have x'' = x^2 + y^2. With y'' = x (case IV) only g = 0 is left; with y'' = 0 (case IIIb) a g is left, but a
 * singular one. Both blow up in finite time: the default duration of one second ends before that.
 */

import { scaled } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import { reflection, reversal } from "./symmetry.ts";
import type { Law, Scalar, Symmetry, System } from "./system.ts";

const source = "Douglas, 1941, Trans. Amer. Math. Soc. 50, 71, doi:10.1090/S0002-9947-1941-0004740-5";

interface Case {
  readonly name: string;
  readonly summary: string;
  readonly equations: readonly string[];
  readonly field: Law<never>;
  readonly invariants: readonly { readonly name: string; readonly value: Scalar<never> }[];
  readonly symmetries: readonly Symmetry<never>[];
}

function define({ invariants, ...options }: Case): System {
  return defineSystem<never>({
    ...options,
    coordinates: [scaled("x", "velocity", "vx"), scaled("y", "velocity", "vy")],
    parameters: {},
    invariants: invariants.map((each) => ({ ...each, unit: "", holds: () => true })),
    timescale: () => 0.1,
    // Positions and velocities within 1: none of these motions blows up before about two seconds.
    sampleStart: (random) => Array.from({ length: 4 }, () => 2 * random.uniform() - 1),
    draw: (_parameters, [x = 0, y = 0]) => pointDrawing("x", "y", x, y),
    source,
  });
}

/** x'' = x^2 + y^2, y'' = x. */
export const douglasIv: System = define({
  name: "douglas-iv",
  summary: "Accelerations that follow from no Lagrangian: Douglas's case IV.",
  equations: ["x' = vx, y' = vy", "vx' = x^2 + y^2, vy' = x"],
  field: ({ add, square }, _parameters, _t, [x = 0, y = 0, vx = 0, vy = 0]) => {
    return [vx, vy, add(square(x), square(y)), x];
  },
  invariants: [],
  symmetries: [reversal()],
});

/** x'' = x^2 + y^2, y'' = 0. */
export const douglasIiib: System = define({
  name: "douglas-iiib",
  summary: "Accelerations that follow from no Lagrangian, with one coordinate free: Douglas's case IIIb.",
  equations: ["x' = vx, y' = vy", "vx' = x^2 + y^2, vy' = 0"],
  field: ({ add, square }, _parameters, _t, [x = 0, y = 0, vx = 0, vy = 0]) => {
    return [vx, vy, add(square(x), square(y)), 0];
  },
  invariants: [{ name: "velocity of y", value: (_arithmetic, _parameters, [, , , vy = 0]) => vy }],
  symmetries: [reversal(), reflection([1, -1, 1, -1], { meaning: "y and vy change sign" })],
});
