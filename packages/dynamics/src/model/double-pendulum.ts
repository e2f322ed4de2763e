/**
 * The grey box of two swinging arms, the second hanging from the first: any two rigid arms, not point masses.
 *
 * With angles t1, t2 of the arms from hanging, d = t1 - t2, and everything over the inertia I1 about the first joint:
 *   t1'' + B cos(d) t2'' + B sin(d) t2'^2 + w1 sin(t1) = r1(t1') - r2(t2' - t1') + gains u
 *   J t2'' + B cos(d) t1'' - B sin(d) t1'^2 + w2 sin(t2) = r2(t2' - t1') + gains u
 * where r1, r2 are the friction of the joints (linear, quadratic, dry). I1 counts the second arm's mass at the end of the
 * first; J = I2 / I1, B = m2 l1 a2 / I1, w1 = (m1 a1 + m2 l1) g / I1, w2 = m2 a2 g / I1, and B^2 < J for any two arms.
 * From motion alone the factors of these groups cannot be told apart. The angles at rest are free, so that encoders may
 * count from anywhere; the second encoder may measure its arm from the vertical or from the first arm, whichever the
 * regression that `init` makes describes better (`relative`, not trained). The first coordinate is the inner arm.
 * The momenta are p = M(t) t', M = [[1, B cos(d)], [B cos(d), J]]: not the velocities, and no fixed multiple of them.
 * Sources: Kaheman, Fasel, Bramburger, Strom, Kutz, Brunton, 2022, section 2, arXiv:2205.06231 (arms with inertia);
 * Landau, Lifshitz, 1976, Mechanics, section 5, problem 1.
 */
import {
  add,
  array,
  at,
  concatenate,
  cos,
  div,
  matmul,
  mul,
  neg,
  sin,
  sqrt,
  stack,
  sub,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";
import { armRegression } from "./arm-regression.ts";
import { defineModel } from "./define-model.ts";
import { frictionAcceleration, frictionConstants, frictionRows } from "./friction.ts";
import { controlScales, inputRows } from "./input.ts";
import type { Constant, DatasetFacts, ModelDefinition } from "./model.ts";

/** Parameters: order 1 each. */
export interface DoublePendulumParameters<L extends TensorLike = TensorLike> {
  /** J, [1]. */
  readonly inertia: L;
  /** B / sqrt(J), [1], between -1 and 1. */
  readonly coupling: L;
  /** w1 and w2 in units of frequency², [2]. */
  readonly restoring: L;
  /** Angles at rest as the encoders count them, rad: [2]. */
  readonly rest: L;
  /** [2, 3], joint by joint. */
  readonly friction: L;
  /** 1 where the second angle is measured from the first arm, else 0. */
  readonly relative: L;
  /** [2, c], torques over I1 at the largest magnitude of each control in units of typical acceleration; only with controls. */
  readonly gains?: L;
}

type Parameters = DoublePendulumParameters;

/** Two arms as they swing: angles from rest and velocities, both from the vertical. */
interface Arms {
  readonly angles: readonly [Tensor, Tensor];
  readonly speeds: readonly [Tensor, Tensor];
}

function armsOf({ rest, relative }: Parameters, state: Tensor): Arms {
  const own = (i: number): Tensor => sub(at(state, i), at(rest, i));
  return {
    angles: [own(0), add(own(1), mul(relative, own(0)))],
    speeds: [at(state, 2), add(at(state, 3), mul(relative, at(state, 2)))],
  };
}

/** J and B. */
function inertias({ inertia, coupling }: Parameters): readonly [Tensor, Tensor] {
  const ratio = at(inertia, 0);
  return [ratio, mul(at(coupling, 0), sqrt(ratio))];
}

/** w1 and w2, 1/s². */
function pulls({ restoring }: Parameters, facts: DatasetFacts): readonly [Tensor, Tensor] {
  const pull = (i: number): Tensor => mul(at(restoring, i), facts.frequency ** 2);
  return [pull(0), pull(1)];
}

/** The typical speed of each joint, SI. */
function jointSpeeds({ coordinates }: DatasetFacts): readonly [number, number] {
  const [first = 1, second = 1] = coordinates.map(({ velocityScale }) => velocityScale);
  return [first, Math.sqrt(first * first + second * second)];
}

/** The torque of friction in each joint over I1, on the arm beyond the joint. */
function jointFriction({ friction }: Parameters, [v1, v2]: Arms["speeds"], facts: DatasetFacts): [Tensor, Tensor] {
  const [typical1, typical2] = jointSpeeds(facts);
  return [
    frictionAcceleration(at(friction, 0), v1, facts, typical1),
    frictionAcceleration(at(friction, 1), sub(v2, v1), facts, typical2),
  ];
}

/** Torques of the controls on the two arms over I1; none without controls. */
function pushes({ gains }: Parameters, control: Tensor | null, facts: DatasetFacts): readonly Tensor[] | null {
  if (gains === undefined || control === null) return null;
  const torques = mul(matmul(gains, div(control, controlScales(facts))), typicalAcceleration(facts));
  return [at(torques, 0), at(torques, 1)];
}

function typicalAcceleration(facts: DatasetFacts): number {
  return jointSpeeds(facts)[0] * facts.frequency;
}

/** The accelerations of the arms: M(t) t'' = forces, solved for t''. */
function accelerations(parameters: Parameters, arms: Arms, control: Tensor | null, facts: DatasetFacts): Tensor[] {
  const [t1, t2] = arms.angles;
  const [v1, v2] = arms.speeds;
  const [ratio, bend] = inertias(parameters);
  const [w1, w2] = pulls(parameters, facts);
  const [joint1, joint2] = jointFriction(parameters, arms.speeds, facts);
  const torques = pushes(parameters, control, facts);
  const pushed = (i: number): readonly Tensor[] => (torques === null ? [] : [torques[i] as Tensor]);
  const turn = mul(bend, sin(sub(t1, t2)));
  const force1 = add(sub(joint1, joint2), neg(add(mul(turn, v2, v2), mul(w1, sin(t1)))), ...pushed(0));
  const force2 = add(joint2, sub(mul(turn, v1, v1), mul(w2, sin(t2))), ...pushed(1));
  const cross = mul(bend, cos(sub(t1, t2)));
  const determinant = sub(ratio, mul(cross, cross));
  return [
    div(sub(mul(ratio, force1), mul(cross, force2)), determinant),
    div(sub(force2, mul(cross, force1)), determinant),
  ];
}

/** M(t) t', of the arms. */
function armMomenta(parameters: Parameters, { angles: [t1, t2], speeds: [v1, v2] }: Arms): readonly [Tensor, Tensor] {
  const [ratio, bend] = inertias(parameters);
  const cross = mul(bend, cos(sub(t1, t2)));
  return [add(v1, mul(cross, v2)), add(mul(cross, v1), mul(ratio, v2))];
}

const joint = (number: 1 | 2): readonly Constant[] =>
  frictionRows.map((row) => ({
    ...row,
    name: `${row.name} joint ${number}`,
    meaning: `${row.meaning} of ${number === 1 ? "the first joint" : "the joint between the arms"}, over I1`,
  }));

const push = (arm: "first" | "second"): Constant => ({
  ...inputRows.gain,
  name: `gain on the ${arm} arm`,
  meaning: "torque over I1 per unit of the input",
});

const rows: readonly Constant[] = [
  { name: "J", unit: "", meaning: "inertia of the second arm about its joint, over I1 (the first's about its own)" },
  { name: "B", unit: "", meaning: "coupling m2 l1 a2 / I1" },
  { name: "w1", unit: "1/s^2", meaning: "gravity on the first arm, (m1 a1 + m2 l1) g / I1" },
  { name: "w2", unit: "1/s^2", meaning: "gravity on the second arm, m2 a2 g / I1" },
  { name: "rest 1", unit: "", meaning: "first angle at rest", coordinate: 1 },
  { name: "rest 2", unit: "", meaning: "second angle at rest", coordinate: 1, of: 1 },
  ...joint(1),
  ...joint(2),
  push("first"),
  push("second"),
];

/** Two coupled arms with twelve free constants, and the gains of their inputs. */
export const doublePendulumModel: ModelDefinition<Parameters> = defineModel({
  name: "double-pendulum",
  summary:
    "Two arms, one hanging from the other, with free inertias, pulls, angles at rest and friction of each joint.",
  kind: "grey-box",
  needs: { coordinates: 2 },
  cites: ["arXiv:2205.06231"],
  frozen: ["relative"],
  bounds: { inertia: [1e-3, 1e3], coupling: [-0.999, 0.999] },
  init: (_seed, facts, samples): Parameters => {
    const { relative, inertia, coupling, restoring, rest } = armRegression(facts, samples);
    return {
      inertia: array(Float64Array.of(inertia)),
      coupling: array(Float64Array.of(coupling)),
      restoring: array(Float64Array.from(restoring)),
      rest: array(Float64Array.from(rest)),
      friction: array(Float64Array.of(0.1, 0, 0, 0.1, 0, 0), [2, 3]),
      relative: array(Float64Array.of(relative), []),
      ...(facts.controls.length === 0
        ? {}
        : { gains: array(new Float64Array(2 * facts.controls.length), [2, facts.controls.length]) }),
    };
  },
  field: (parameters, _t, state, control, facts): Tensor => {
    const [a1, a2] = accelerations(parameters, armsOf(parameters, state), control, facts) as [Tensor, Tensor];
    return stack([at(state, 2), at(state, 3), a1, sub(a2, mul(parameters.relative, a1))]);
  },
  energy: (parameters, state, facts): Tensor => {
    const arms = armsOf(parameters, state);
    const [p1, p2] = armMomenta(parameters, arms);
    const [w1, w2] = pulls(parameters, facts);
    const moving = mul(0.5, add(mul(p1, arms.speeds[0]), mul(p2, arms.speeds[1])));
    return add(moving, mul(w1, sub(1, cos(arms.angles[0]))), mul(w2, sub(1, cos(arms.angles[1]))));
  },
  momentum: (parameters, state): Tensor => {
    const [p1, p2] = armMomenta(parameters, armsOf(parameters, state));
    return stack([add(p1, mul(parameters.relative, p2)), p2]);
  },
  dissipation: (parameters, state, facts): Tensor => {
    const { speeds } = armsOf(parameters, state);
    const [joint1, joint2] = jointFriction(parameters, speeds, facts);
    return neg(add(mul(joint1, speeds[0]), mul(joint2, sub(speeds[1], speeds[0]))));
  },
  constants: rows,
  constantsOf: (parameters, facts): Tensor => {
    const [typical1, typical2] = jointSpeeds(facts);
    const { rest, friction, gains } = parameters;
    const one = [
      ...inertias(parameters),
      ...pulls(parameters, facts),
      at(rest, 0),
      at(rest, 1),
      ...frictionConstants(at(friction, 0), facts, typical1),
      ...frictionConstants(at(friction, 1), facts, typical2),
    ];
    if (gains === undefined) return stack(one);
    const pushed = div(mul(gains, typicalAcceleration(facts)), controlScales(facts));
    return concatenate([stack(one), at(pushed, 0), at(pushed, 1)]);
  },
  unidentifiable:
    "masses, lengths and g apart: only inertias, pulls and frictions over the first arm's inertia show in the motion",
});
