/**
 * What it costs to take velocities for momenta, measured without a network: the best energy H(q, z) of a wide family, for
 * z = omega and for z = p = M(theta) omega with the mass matrix that the grey box found.
 *
 * H is a sum of 70 terms: monomials of z of degree 2 and 4 times harmonics of the angles, and harmonics alone. Its field
 * (dH/dz, -dH/dq) is linear in the coefficients, so the best one is found exactly and no training can do better. Told is
 * the share of the measured rates (q', z') of held-out recordings that it leaves unexplained, root mean square, each rate
 * in units of its own size. Friction, which no H describes, is in both.
 */
import { levenbergMarquardt, type MotionSegment, prepareSegments, type Run } from "@leastaction/dynamics";

/** Unexplained shares, 0 to 1. */
export interface MomentaResult {
  readonly terms: number;
  readonly velocities: number;
  readonly momenta: number;
}

/** The mass matrix over I1: [[1, B cos d], [B cos d, J]]. */
export interface Inertia {
  readonly ratio: number;
  readonly coupling: number;
}

type Four = readonly [number, number, number, number];

/** A state (q1, q2, z1, z2) and its rate. */
interface Sample {
  readonly state: Four;
  readonly rate: Four;
}

/** z1^i z2^j cos(k q1 + l q2). */
interface Term {
  readonly powers: readonly [number, number];
  readonly waves: readonly [number, number];
}

const degrees = [2, 4];
const kineticWaves = [0, 1, 2, 3, 4, 5].map((k) => [k, -k] as const);
const otherWaves = [
  [1, 0],
  [0, 1],
] as const;
const potentialWaves = [...otherWaves, [1, 1], [1, -1], [2, 0], [0, 2]] as const;

const terms: readonly Term[] = [
  ...degrees.flatMap((degree) =>
    Array.from({ length: degree + 1 }, (_, i) => [degree - i, i] as const).flatMap((powers) =>
      [...kineticWaves, ...otherWaves].map((waves): Term => ({ powers, waves })),
    ),
  ),
  ...potentialWaves.map((waves): Term => ({ powers: [0, 0], waves })),
];

/**
 * Fits the energy on the training use, and holds it against the test use, in both kinds of states.
 * @param every of how many states one is used
 */
export function compareMomenta(
  { uses, sampling }: Pick<Run, "uses" | "sampling">,
  dataset: Parameters<typeof prepareSegments>[0],
  { ratio, coupling }: Inertia,
  every = 1,
): MomentaResult {
  const { train, test } = uses;
  const own = prepareSegments(dataset, train.segments, sampling);
  const other = prepareSegments(dataset, test?.segments ?? [], sampling);
  const momenta = ([q1, q2, v1, v2]: Four): Four => {
    const cross = coupling * Math.cos(q1 - q2);
    return [q1, q2, v1 + cross * v2, cross * v1 + ratio * v2];
  };
  const thinned = (samples: readonly Sample[]): readonly Sample[] => samples.filter((_, at) => at % every === 0);
  const unexplained = (seen: (row: Four) => Four): number =>
    unexplainedRates(thinned(samplesOf(own, seen)), thinned(samplesOf(other, seen)));
  return { terms: terms.length, velocities: unexplained((row) => row), momenta: unexplained(momenta) };
}

/** States as `seen` makes them of angles and velocities; rates by differences of fourth order. */
function samplesOf(segments: readonly MotionSegment[], seen: (row: Four) => Four): readonly Sample[] {
  return segments.flatMap(({ times, positions, velocities }) => {
    const states = Array.from(times, (_, at) =>
      seen([...positions.subarray(2 * at, 2 * at + 2), ...velocities.subarray(2 * at, 2 * at + 2)] as unknown as Four),
    );
    return states.slice(2, -2).map((state, index): Sample => {
      const at = index + 2;
      const step = ((times[at + 1] as number) - (times[at - 1] as number)) / 2;
      const difference = (apart: number, i: number): number =>
        ((states[at + apart]?.[i] as number) - (states[at - apart]?.[i] as number)) / (2 * apart * step);
      const rate = state.map((_, i) => (4 * difference(1, i) - difference(2, i)) / 3);
      return { state, rate: rate as unknown as Four };
    });
  });
}

/** (dT/dz1, dT/dz2, -dT/dq1, -dT/dq2) of a term. */
function fieldOf({ powers: [i, j], waves: [k, l] }: Term, [q1, q2, z1, z2]: Four): Four {
  const [phase, size] = [k * q1 + l * q2, z1 ** i * z2 ** j];
  const slope = Math.sin(phase) * size;
  return [
    (i === 0 ? 0 : i * z1 ** (i - 1) * z2 ** j) * Math.cos(phase),
    (j === 0 ? 0 : j * z1 ** i * z2 ** (j - 1)) * Math.cos(phase),
    k * slope,
    l * slope,
  ];
}

function unexplainedRates(trained: readonly Sample[], held: readonly Sample[]): number {
  const sizes = ([0, 1, 2, 3] as const).map((i) => rootMeanSquare(trained.map(({ rate }) => rate[i])));
  // Momenta of order one, so that their fourth powers stay beside their squares.
  const scale = Math.max(...([2, 3] as const).map((i) => rootMeanSquare(trained.map(({ state }) => state[i]))));
  const units = terms.map(({ powers: [i, j] }) => scale ** (2 - i - j));
  const rows = (samples: readonly Sample[]): readonly Float64Array[] =>
    samples.flatMap(({ state }) => {
      const fields = terms.map((term) => fieldOf(term, state));
      return sizes.map((size, i) =>
        Float64Array.from(fields, (field, k) => (field[i as 0] * (units[k] as number)) / size),
      );
    });
  const targets = (samples: readonly Sample[]): readonly number[] =>
    samples.flatMap(({ rate }) => sizes.map((size, i) => rate[i as 0] / size));
  const left = (matrix: readonly Float64Array[], wanted: readonly number[], x: ArrayLike<number>): Float64Array =>
    Float64Array.from(matrix, (row, at) =>
      row.reduce((sum, value, k) => sum + value * (x[k] as number), -(wanted[at] as number)),
    );
  const [matrix, wanted] = [rows(trained), targets(trained)];
  const flat = Float64Array.from(matrix.flatMap((row) => [...row]));
  // A linear problem: a few steps of nearly no damping end at its solution.
  const { parameters } = levenbergMarquardt(
    { residuals: (x) => left(matrix, wanted, x), jacobian: () => flat, start: terms.map(() => 0) },
    { maxIterations: 4, damping: 1e-10 },
  );
  const [heldRows, heldWanted] = [rows(held), targets(held)];
  return rootMeanSquare(left(heldRows, heldWanted, parameters)) / rootMeanSquare(heldWanted);
}

function rootMeanSquare(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length);
}
