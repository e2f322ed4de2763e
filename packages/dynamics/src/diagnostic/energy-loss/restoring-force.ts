/**
 * The force that brings one coordinate back, from its motion: the part of the acceleration that depends on the position.
 *
 * In: recordings of times, positions and velocities. Out: the potential V (per unit inertia) and where it is lowest. The
 * acceleration is fitted as -V'(q) - friction(v) by least squares, V' a sum of three harmonics where the coordinate is
 * periodic, otherwise a polynomial of degree five; friction a sum of v, |v| v and a smoothed sign of v. What is fitted is
 * the change of the velocity over two steps against Simpson's integral of the candidates, so that no acceleration is
 * ever formed. Friction is fitted only so that it does not pass for a force: V is what is kept.
 */
import { TensorError } from "@leastaction/tensor";
import { hostMath } from "../../host-math/host-math.ts";
import { leastSquares } from "../../optim/least-squares.ts";
import type { CoordinateMotion } from "./coordinate-motion.ts";

/** The potential of one coordinate, per unit inertia. */
export interface RestoringForce {
  /** Where V is lowest, in the unit of the positions. */
  readonly rest: number;
  /** V(q) - V(rest), in squared units of the velocities. */
  readonly potential: (q: number) => number;
}

const { sin, cos, power } = hostMath;
const friction: readonly ((u: number) => number)[] = [
  (u) => u,
  (u) => Math.abs(u) * u,
  (u) => u / Math.sqrt(u * u + 0.0025),
];

/** A candidate of V' and its integral over the position. */
interface Candidate {
  readonly slope: (x: number) => number;
  readonly integral: (x: number) => number;
}

const waves: readonly Candidate[] = [1, 2, 3].flatMap((k) => [
  { slope: (x) => sin(k * x), integral: (x) => -cos(k * x) / k },
  { slope: (x) => cos(k * x), integral: (x) => sin(k * x) / k },
]);
const powers: readonly Candidate[] = [0, 1, 2, 3, 4, 5].map((k) => ({
  slope: (x) => power(x, k),
  integral: (x) => power(x, k + 1) / (k + 1),
}));

/**
 * The restoring force behind recordings of one coordinate.
 *
 * @param recordings SI, increasing times; rows that are not finite are passed over
 * @param periodic whether a whole turn of the position (rad, unwrapped) changes nothing
 * Errors: fewer than 30 samples between two others, a motion that never moves, none or several positions of rest in the
 * range that was visited.
 */
export function restoringForce(recordings: readonly CoordinateMotion[], periodic: boolean): RestoringForce {
  const { low, high, speed } = extent(recordings);
  const [centre, scale] = periodic ? [0, 1] : [(low + high) / 2, (high - low) / 2];
  const candidates = periodic ? waves : powers;
  const rows: Float64Array[] = [];
  const changes: number[] = [];
  for (const { times, positions, velocities } of recordings) {
    for (let at = 1; at + 1 < times.length; at++) {
      const change = (velocities[at + 1] as number) - (velocities[at - 1] as number);
      const terms = (i: number): readonly number[] => [
        ...candidates.map(({ slope }) => -slope(((positions[i] as number) - centre) / scale)),
        ...friction.map((law) => -law((velocities[i] as number) / speed)),
      ];
      const [before, here, after] = [terms(at - 1), terms(at), terms(at + 1)];
      const third = ((times[at + 1] as number) - (times[at - 1] as number)) / 6;
      const row = Float64Array.from(
        here,
        (value, i) => third * ((before[i] as number) + 4 * value + (after[i] as number)),
      );
      if (!Number.isFinite(change) || !row.every(Number.isFinite)) continue;
      rows.push(row);
      changes.push(change);
    }
  }
  if (rows.length < 30) {
    throw tooLittle(`at least 30 samples between two others, got ${rows.length}`, "Record longer.");
  }
  const found = leastSquares(rows, changes);
  const sumOf = (pick: keyof Candidate, q: number): number =>
    candidates.reduce((sum, each, i) => sum + (found[i] as number) * each[pick]((q - centre) / scale), 0);
  const rest = onlyRest((q) => sumOf("slope", q), low, high);
  const lowest = sumOf("integral", rest);
  return { rest, potential: (q) => scale * (sumOf("integral", q) - lowest) };
}

/** What the energy loss cannot be told from. */
export function tooLittle(found: string, remedy: string): TensorError {
  return new TensorError(`Cannot tell the energy loss: expected ${found}`, remedy, "too-little-data");
}

/** The range of the positions and the largest speed. */
function extent(recordings: readonly CoordinateMotion[]): {
  readonly low: number;
  readonly high: number;
  readonly speed: number;
} {
  let [low, high, speed] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { positions, velocities } of recordings) {
    for (const q of positions) if (Number.isFinite(q)) [low, high] = [Math.min(low, q), Math.max(high, q)];
    for (const v of velocities) if (Number.isFinite(v)) speed = Math.max(speed, Math.abs(v));
  }
  if (high > low && speed > 0) return { low, high, speed };
  throw tooLittle("a coordinate that moves, got one that stays where it is", "Record a motion.");
}

/** The one zero of the force in the visited range at which it pushes back. */
function onlyRest(slope: (q: number) => number, low: number, high: number): number {
  const count = 200;
  const place = (i: number): number => low + ((high - low) * i) / count;
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    if (slope(place(i)) > 0 || slope(place(i + 1)) <= 0) continue;
    let [left, right] = [place(i), place(i + 1)];
    for (let halving = 0; halving < 50; halving++) {
      const middle = (left + right) / 2;
      if (slope(middle) > 0) right = middle;
      else left = middle;
    }
    found.push((left + right) / 2);
  }
  if (found.length === 1) return found[0] as number;
  throw tooLittle(
    `one position of rest within the motion, got ${found.length}`,
    "The amplitude is that of swings about one rest: choose a part of the recording that swings about one.",
  );
}
