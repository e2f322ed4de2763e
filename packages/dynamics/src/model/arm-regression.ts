/**
 * The constants of two coupled arms from a regression of their accelerations: where the grey box `double-pendulum` starts.
 *
 * Each equation of motion, divided by its own inertia, is linear in unknown groups even if the angles at rest are not
 * known: cos(d - e) = cos(d) cos(e) + sin(d) sin(e). The first gives B, w1 and the first angle at rest, the second
 * B / J, w2 / J and the second one. It is made twice, with the second angle taken from the vertical and from the first arm,
 * and the reading that leaves the smaller residual is kept. Errors of the accelerations bias it; shooting does not.
 */
import { hostMath } from "../host-math/host-math.ts";
import { leastSquares } from "../optim/least-squares.ts";
import type { CoordinateFacts, DatasetFacts, Samples } from "./model.ts";

/** Where to start; see `double-pendulum.ts` for the meanings. */
export interface ArmConstants {
  readonly relative: 0 | 1;
  /** J. */
  readonly inertia: number;
  /** B / sqrt(J). */
  readonly coupling: number;
  /** w1 and w2 in units of frequency². */
  readonly restoring: readonly [number, number];
  /** As the encoders count, rad. */
  readonly rest: readonly [number, number];
}

/** One sample of both arms from the vertical. */
interface Sample {
  readonly q: readonly [number, number];
  readonly v: readonly [number, number];
  readonly a: readonly [number, number];
}

/** One equation of motion, divided by its own inertia. */
interface ArmEquation {
  /** Coupling over that inertia: the part along cos(d) and the part along sin(d). */
  readonly along: number;
  readonly across: number;
  readonly pull: number;
  readonly rest: number;
  /** Mean square of what is left over that of the acceleration. */
  readonly residual: number;
}

/** Arms of order one where there is nothing to regress on. */
const plain: ArmConstants = { relative: 0, inertia: 0.5, coupling: 0.5, restoring: [1, 0.5], rest: [0, 0] };

/** The constants by regression on samples of two coordinates. */
export function armRegression(facts: DatasetFacts, samples: Samples): ArmConstants {
  const readings = ([0, 1] as const).map((relative) => readingOf(facts, samples, relative));
  const [vertical, folded] = readings as [Reading, Reading];
  const found = folded.residual < vertical.residual ? folded : vertical;
  return Number.isFinite(found.residual) ? found.constants : plain;
}

interface Reading {
  readonly constants: ArmConstants;
  readonly residual: number;
}

function readingOf(facts: DatasetFacts, samples: Samples, relative: 0 | 1): Reading {
  const all = Array.from({ length: samples.count }, (_, row) => sampleAt(samples, row, relative));
  const [first, second] = [equationOf(all, 0), equationOf(all, 1)];
  const turn = first.rest - second.rest;
  const along = ({ along, across }: ArmEquation): number => along * hostMath.cos(turn) + across * hostMath.sin(turn);
  const [b, bOverJ] = [along(first), along(second)];
  // Two couplings of opposite sign describe no arms: then only their size is a hint.
  const inertia = clamp(Math.abs(b / bOverJ), 0.01, 100);
  const coupling = clamp(Math.sign(b) * Math.sqrt(Math.abs(b * bOverJ)), -0.95, 0.95);
  const square = facts.frequency ** 2;
  const [c1, c2] = facts.coordinates as readonly [CoordinateFacts, CoordinateFacts];
  const rest1 = nearest(first.rest, c1.centre);
  return {
    constants: {
      relative,
      inertia,
      coupling,
      restoring: [first.pull / square, (second.pull * inertia) / square],
      rest: [rest1, nearest(second.rest - relative * rest1, c2.centre)],
    },
    residual: first.residual + second.residual,
  };
}

/** The acceleration of one arm on the coupling, gravity and the speeds of the joints. */
function equationOf(all: readonly Sample[], arm: 0 | 1): ArmEquation {
  const other = arm === 0 ? 1 : 0;
  const rows = all.map(({ q, v, a }) => {
    const d = q[arm] - q[other];
    const [c, s, fast] = [hostMath.cos(d), hostMath.sin(d), v[other] ** 2];
    return Float64Array.of(
      -(c * a[other] + s * fast),
      -(s * a[other] - c * fast),
      -hostMath.sin(q[arm]),
      hostMath.cos(q[arm]),
      v[0],
      v[1] - v[0],
    );
  });
  const targets = all.map(({ a }) => a[arm]);
  const fit = leastSquares(rows, targets);
  const [along, across, sine, cosine] = fit as unknown as readonly [number, number, number, number];
  let [left, total] = [0, 0];
  for (const [row, target] of targets.entries()) {
    const value = rows[row]?.reduce((sum, term, i) => sum + term * (fit[i] as number), 0) ?? 0;
    left += (target - value) ** 2;
    total += target ** 2;
  }
  return {
    along,
    // The difference of the arms changes its sign with the arm that is asked.
    across: arm === 0 ? across : -across,
    pull: Math.sqrt(sine * sine + cosine * cosine),
    rest: hostMath.atan2(cosine, sine),
    residual: left / total,
  };
}

function sampleAt({ observations, rates }: Samples, row: number, relative: 0 | 1): Sample {
  const pair = (values: Float64Array, from: number): readonly [number, number] => {
    const [first, second] = values.subarray(4 * row + from, 4 * row + from + 2) as unknown as [number, number];
    return [first, second + relative * first];
  };
  return { q: pair(observations, 0), v: pair(observations, 2), a: pair(rates, 2) };
}

/** Of the angles a turn apart the one nearest to `centre`. */
function nearest(angle: number, centre: number): number {
  return angle + 2 * Math.PI * Math.round((centre - angle) / (2 * Math.PI));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
