/**
 * How far velocities are from the true ones when only positions are measured: ways to smooth, systems, kinds of noise.
 *
 * A system of the zoo is simulated exactly; its positions are spoilt (normal noise, an encoder's rounding, irregular
 * times with missing cells) and prepared as `fit` prepares training data, at the rate of the data. The error is the root
 * mean square over all samples, ends included, in units of the root mean square of the true velocity.
 */
import {
  chooseSampling,
  type Dataset,
  hostRandom,
  prepareSegments,
  type Smoothing,
  simulate,
  smoothings,
  splitUses,
  systemNamed,
} from "@leastaction/dynamics";
import { mean } from "../statistics.ts";

/** How positions are spoilt, relative to the standard deviation of each coordinate. */
export interface Spoiling {
  readonly name: string;
  readonly noise: number;
  readonly quantum: number;
  /** Share of missing cells; the times are irregular too where there are any. */
  readonly missing: number;
}

export const spoilings: readonly Spoiling[] = [
  { name: "noise 0.01 %", noise: 1e-4, quantum: 0, missing: 0 },
  { name: "noise 0.1 %", noise: 1e-3, quantum: 0, missing: 0 },
  { name: "noise 1 %", noise: 1e-2, quantum: 0, missing: 0 },
  { name: "noise 5 %", noise: 5e-2, quantum: 0, missing: 0 },
  { name: "quantum 0.1 %", noise: 0, quantum: 1e-3, missing: 0 },
  { name: "quantum 2 %", noise: 0, quantum: 2e-2, missing: 0 },
  { name: "quantum 10 %", noise: 0, quantum: 1e-1, missing: 0 },
  { name: "noise 1 %, irregular, 10 % missing", noise: 1e-2, quantum: 0, missing: 0.1 },
];

export const systemNames: readonly string[] = [
  "pendulum",
  "oscillator",
  "double-pendulum",
  "spring-pendulum",
  "duffing",
  "van-der-pol",
];

/** One system and one kind of noise. */
export interface Row {
  readonly system: string;
  readonly spoiling: string;
  /** Relative velocity error of each way. */
  readonly velocity: Readonly<Record<Smoothing, number>>;
  /** Noise found over noise put in (of a quantum q: q / sqrt 12). */
  readonly noise: Readonly<Record<Smoothing, number>>;
}

/** Measures one system under one spoiling on so many trajectories. */
export function measure(system: string, spoiling: Spoiling, trajectories: number): Row {
  const options = { seed: 3, trajectories, samples: 301, irregular: spoiling.missing > 0 };
  const truth = simulate(systemNamed(system), options).dataset;
  const spoilt = spoil(truth, spoiling);
  const uses = splitUses(spoilt, { select: 0, calibrate: 0, test: 0 });
  const rows = smoothings.map((smooth) => errorsOf(truth, spoilt, uses.train.pieces, spoiling, smooth));
  const by = (pick: (row: { velocity: number; noise: number }) => number) =>
    Object.fromEntries(
      smoothings.map((name, i) => [name, pick(rows[i] as { velocity: number; noise: number })]),
    ) as Readonly<Record<Smoothing, number>>;
  return {
    system,
    spoiling: spoiling.name,
    velocity: by(({ velocity }) => round(velocity)),
    noise: by(({ noise }) => round(noise)),
  };
}

function errorsOf(
  truth: Dataset,
  spoilt: Dataset,
  segments: Parameters<typeof prepareSegments>[1],
  { noise, quantum }: Spoiling,
  smooth: Smoothing,
): { readonly velocity: number; readonly noise: number } {
  const d = truth.coordinates.length;
  const chosen = chooseSampling(spoilt, segments, Number.MAX_VALUE, smooth);
  const prepared = prepareSegments(spoilt, segments, chosen);
  const sizes = sizesOf(truth);
  let [errors, count, noises] = [0, 0, 0];
  for (const [index, segment] of prepared.entries()) {
    const { values } = truth.trajectories[index] as Dataset["trajectories"][number];
    for (let i = 0; i < d; i++) {
      const true_ = column(values, 2 * d, d + i);
      const found = column(segment.velocities, d, i);
      const known = found.flatMap((value, row) => (Number.isFinite(value) ? [row] : []));
      errors +=
        mean(known.map((row) => ((found[row] as number) - (true_[row] as number)) ** 2)) / mean(true_.map(square));
      count += 1;
      const put = Math.hypot(noise, quantum / Math.sqrt(12)) * (sizes[i] as number);
      noises += ((segment.noise[i] as number) / put) ** 2;
    }
  }
  return { velocity: Math.sqrt(errors / count), noise: Math.sqrt(noises / count) };
}

/** Positions alone, spoilt. */
function spoil(truth: Dataset, { noise, quantum, missing }: Spoiling): Dataset {
  const d = truth.coordinates.length;
  // One sensor reads a coordinate of all trajectories.
  const sizes = sizesOf(truth);
  const trajectories = truth.trajectories.map((trajectory, index) => {
    const random = hostRandom(11).fork(index);
    const n = trajectory.times.length;
    const values = new Float64Array(n * d);
    for (let i = 0; i < d; i++) {
      const exact = column(trajectory.values, 2 * d, i);
      const size = sizes[i] as number;
      const step = quantum * size;
      exact.forEach((value, row) => {
        const noisy = value + noise * size * random.normal();
        const read = step === 0 ? noisy : step * Math.round(noisy / step);
        values[row * d + i] = random.uniform() < missing ? Number.NaN : read;
      });
    }
    return { ...trajectory, values, mask: Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1)) };
  });
  return {
    ...truth,
    coordinates: truth.coordinates.map((coordinate) => ({ ...coordinate, velocity: null })),
    observed: truth.observed.slice(0, d),
    trajectories,
  };
}

/** The standard deviation of each coordinate over all trajectories. */
function sizesOf({ coordinates, trajectories }: Dataset): readonly number[] {
  const d = coordinates.length;
  return coordinates.map((_, i) => deviation(trajectories.flatMap(({ values }) => column(values, 2 * d, i))));
}

function column(values: Float64Array, width: number, at: number): number[] {
  return Array.from({ length: values.length / width }, (_, row) => values[row * width + at] as number);
}

function square(value: number): number {
  return value * value;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
