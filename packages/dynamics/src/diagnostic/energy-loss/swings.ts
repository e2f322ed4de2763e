/**
 * A motion cut into swings, from one turning point to the next, with the energy that each has lost.
 *
 * The energy v²/2 + V(q) at a turning point is the mean over the samples nearby, where the velocity hardly matters: no
 * derivative of the data enters but the velocity itself, and that close to zero. A turning point counts only when the
 * motion has come back from it by 2 % of its range, so that noise near rest makes none.
 */
import type { CoordinateMotion } from "./coordinate-motion.ts";
import type { RestoringForce } from "./restoring-force.ts";

/** From one turning point to the next: half a period. */
export interface Swing {
  /** Index of its recording. */
  readonly recording: number;
  /** Of its middle, s. */
  readonly time: number;
  /** s. */
  readonly duration: number;
  /** Half the way between the two turning points, in the unit of the positions. */
  readonly amplitude: number;
  /** Energy at its ends per unit inertia, in squared units of the velocities; both positive. */
  readonly energies: readonly [before: number, after: number];
  /** The integral of v² over the swing. */
  readonly motion: number;
}

/** Samples of a turning point's energy lie within this share of the swing's duration. */
const nearby = 0.12;
/** A turning point counts when the motion comes back by this share of its range. */
const least = 0.02;

/** The swings of recordings, in their order; none is counted across missing rows. */
export function swingsOf(recordings: readonly CoordinateMotion[], force: RestoringForce): readonly Swing[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { positions } of recordings) {
    for (const q of positions) if (Number.isFinite(q)) [low, high] = [Math.min(low, q), Math.max(high, q)];
  }
  return recordings.flatMap((recording, index) =>
    wholeParts(recording).flatMap((part) => swingsOfPart(part, index, least * (high - low), force)),
  );
}

/** The parts of a recording between missing rows and long pauses. */
function wholeParts({ times, positions, velocities }: CoordinateMotion): readonly CoordinateMotion[] {
  const parts: CoordinateMotion[] = [];
  const steps = Float64Array.from(times.subarray(1), (time, i) => time - (times[i] as number)).sort();
  const longest = 3 * (steps[steps.length >> 1] ?? 0);
  let from = 0;
  for (let at = 0; at <= times.length; at++) {
    const missing = !Number.isFinite(positions[at]) || !Number.isFinite(velocities[at]);
    const late = at > from && (times[at] as number) - (times[at - 1] as number) > longest;
    if (!missing && !late) continue;
    if (at - from > 3) {
      const cut = (values: Float64Array): Float64Array => values.subarray(from, at);
      parts.push({ times: cut(times), positions: cut(positions), velocities: cut(velocities) });
    }
    from = missing ? at + 1 : at;
  }
  return parts;
}

/** A turning point: the sample farthest out, and the moment and place without velocity. */
interface Turn {
  readonly at: number;
  readonly time: number;
  readonly position: number;
}

function swingsOfPart(
  part: CoordinateMotion,
  recording: number,
  least: number,
  { potential }: RestoringForce,
): Swing[] {
  const turns = turnsOf(part, least);
  const energies = turns.map((turn, i) => {
    const beside = [turns[i - 1], turns[i + 1]].filter((other) => other !== undefined);
    const half = nearby * Math.min(...beside.map(({ time }) => Math.abs(time - turn.time)));
    return energyAt(part, turn, half, potential);
  });
  return turns.slice(1).flatMap((end, i): Swing[] => {
    const start = turns[i] as Turn;
    const [before, after] = [energies[i] as number, energies[i + 1] as number];
    if (!(before > 0 && after > 0)) return [];
    return [
      {
        recording,
        time: (start.time + end.time) / 2,
        duration: end.time - start.time,
        amplitude: Math.abs(end.position - start.position) / 2,
        energies: [before, after],
        motion: motionBetween(part, start, end),
      },
    ];
  });
}

/** Turning points with a way of at least `least` between them; not the ends of the recording. */
function turnsOf({ times, positions, velocities }: CoordinateMotion, least: number): readonly Turn[] {
  const turns: Turn[] = [];
  let [farthest, direction] = [0, 0];
  let lowest = 0;
  for (let at = 1; at < positions.length; at++) {
    const q = positions[at] as number;
    if (direction === 0) {
      if (q < (positions[lowest] as number)) lowest = at;
      if (q > (positions[farthest] as number)) farthest = at;
      if (q - (positions[lowest] as number) > least) [direction, farthest] = [1, at];
      else if ((positions[farthest] as number) - q > least) [direction, farthest] = [-1, at];
      continue;
    }
    const way = direction * (q - (positions[farthest] as number));
    if (way > 0) farthest = at;
    if (way >= -least) continue;
    turns.push(turnAt(times, positions, velocities, farthest));
    [direction, farthest] = [-direction, at];
  }
  return turns;
}

/** Where the velocity passes zero beside the sample farthest out, by the line through it and its neighbour. */
function turnAt(times: Float64Array, positions: Float64Array, velocities: Float64Array, at: number): Turn {
  const v = velocities[at] as number;
  const other = [at - 1, at + 1].find((i) => v * (velocities[i] ?? Number.NaN) < 0);
  const [time, position] = [times[at] as number, positions[at] as number];
  if (other === undefined) return { at, time, position };
  const share = v / (v - (velocities[other] as number));
  const shift = share * ((times[other] as number) - time);
  return { at, time: time + shift, position: position + (v * shift) / 2 };
}

/** The mean energy over the samples within `half` seconds of a turning point; at least the one farthest out. */
function energyAt(
  { times, positions, velocities }: CoordinateMotion,
  { at, time }: Turn,
  half: number,
  potential: (q: number) => number,
): number {
  const energy = (i: number): number => (velocities[i] as number) ** 2 / 2 + potential(positions[i] as number);
  let [sum, count] = [energy(at), 1];
  for (const direction of [-1, 1]) {
    for (let i = at + direction; i >= 0 && i < times.length; i += direction) {
      if (Math.abs((times[i] as number) - time) > half) break;
      sum += energy(i);
      count += 1;
    }
  }
  return sum / count;
}

/** The integral of v² between two turning points, where v is zero; v² as straight lines between samples. */
function motionBetween({ times, velocities }: CoordinateMotion, start: Turn, end: Turn): number {
  let [sum, time, square] = [0, start.time, 0];
  for (let at = start.at; at <= end.at; at++) {
    const now = times[at] as number;
    if (now <= start.time || now >= end.time) continue;
    const next = (velocities[at] as number) ** 2;
    sum += ((square + next) / 2) * (now - time);
    [time, square] = [now, next];
  }
  return sum + (square / 2) * (end.time - time);
}
