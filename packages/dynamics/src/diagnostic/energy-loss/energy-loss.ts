/**
 * How fast a swinging coordinate loses its energy, against the amplitude, with bands.
 *
 * In: recordings of ONE coordinate. Out: for bins of amplitude the rate -d ln E / dt and the equivalent linear damping
 * c = (energy lost) / (integral of v²), which is the c of q'' = … - c v where friction is linear, at any amplitude and in
 * any potential; where it is not, c tells how it changes. Both are sums over the swings of a bin over sums, so that noise
 * of single turning points cancels. The bands are percentiles of bootstrap samples (Efron, Tibshirani, 1993, An
 * Introduction to the Bootstrap, chapter 13) of swings, or of whole recordings where a bin has swings of ten or more.
 * The potential comes from the same data (`restoring-force.ts`); its own uncertainty is not in the bands.
 * Deliberately not here: controls (the energy that they bring is not told from friction), and several coordinates.
 */
import { median } from "../../data/oddity-measure.ts";
import { hostMath } from "../../host-math/host-math.ts";
import { type HostRandom, hostRandom } from "../../random/host-random.ts";
import type { CoordinateMotion } from "./coordinate-motion.ts";
import { restoringForce, tooLittle } from "./restoring-force.ts";
import { type Swing, swingsOf } from "./swings.ts";

/** An estimate with its band. */
export interface BandedEstimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What is lost at one range of amplitudes. */
export interface EnergyLossBin {
  /** Mean and range of the amplitudes of its swings, in the unit of the positions. */
  readonly amplitude: number;
  readonly range: readonly [number, number];
  readonly swings: number;
  /** -d ln E / dt over whole swings, 1/s. */
  readonly rate: BandedEstimate;
  /** Equivalent linear damping, 1/s. */
  readonly damping: BandedEstimate;
}

/** Energy loss against amplitude. */
export interface EnergyLoss {
  /** By amplitude, smallest first, with about as many swings each. */
  readonly bins: readonly EnergyLossBin[];
  readonly swings: readonly Swing[];
  /** The position of rest. */
  readonly rest: number;
  /** Share of resamples inside a band, 0 to 1. */
  readonly level: number;
}

/** Options of `energyLoss`. */
export interface EnergyLossOptions {
  /** Whether a whole turn of the position (rad) changes nothing; default false. */
  readonly periodic?: boolean;
  /** The most bins; each has at least eight swings. Default 6. */
  readonly bins?: number;
  /** Level of the bands, between 0 and 1; default 0.9. */
  readonly level?: number;
  /** Bootstrap samples; default 1000. */
  readonly resamples?: number;
  /** Integer from 0; default 0. */
  readonly seed?: number;
}

/** A bin with fewer swings says little of its spread. */
const leastSwings = 8;
/** Recordings in a bin from which whole recordings are drawn. */
const leastRecordings = 10;

/**
 * The energy loss of one swinging coordinate.
 *
 * @example
 * const times = Float64Array.from({ length: 2000 }, (_, i) => i * 0.02);
 * const positions = times.map((t) => Math.exp(-0.05 * t) * Math.cos(2 * t));
 * const velocities = times.map((t) => -Math.exp(-0.05 * t) * (0.05 * Math.cos(2 * t) + 2 * Math.sin(2 * t)));
 * const { bins } = energyLoss([{ times, positions, velocities }], { bins: 1 });
 * bins[0].damping.value.toFixed(3); // => "0.100"
 *
 * Errors (`too-little-data`): what `restoringForce` refuses, fewer than eight swings.
 */
export function energyLoss(recordings: readonly CoordinateMotion[], options: EnergyLossOptions = {}): EnergyLoss {
  const { periodic = false, bins = 6, level = 0.9, resamples = 1000, seed = 0 } = options;
  const motions = periodic ? onOneTurn(recordings) : recordings;
  const force = restoringForce(motions, periodic);
  const swings = swingsOf(motions, force);
  if (swings.length < leastSwings) {
    throw tooLittle(
      `at least ${leastSwings} swings from one turning point to the next, got ${swings.length}`,
      "Record longer, or more runs; a motion in full turns has no swings.",
    );
  }
  const sorted = [...swings].sort((a, b) => a.amplitude - b.amplitude);
  const count = Math.min(bins, Math.floor(sorted.length / leastSwings));
  const random = hostRandom(seed);
  const edge = (bin: number): number => Math.round((bin * sorted.length) / count);
  return {
    bins: Array.from({ length: count }, (_, bin) =>
      binOf(sorted.slice(edge(bin), edge(bin + 1)), level, resamples, random.fork(bin)),
    ),
    swings,
    rest: force.rest,
    level,
  };
}

/** Recordings shifted by whole turns so that the middles of all lie within half a turn of the first's. */
function onOneTurn(recordings: readonly CoordinateMotion[]): readonly CoordinateMotion[] {
  const middles = recordings.map(({ positions }) => median(positions.filter(Number.isFinite)) ?? 0);
  return recordings.map((recording, i) => {
    const turns = Math.round(((middles[i] as number) - (middles[0] as number)) / (2 * Math.PI));
    return { ...recording, positions: recording.positions.map((q) => q - 2 * Math.PI * turns) };
  });
}

function binOf(swings: readonly Swing[], level: number, resamples: number, random: HostRandom): EnergyLossBin {
  const recordings = [...new Set(swings.map(({ recording }) => recording))];
  const units =
    recordings.length < leastRecordings
      ? swings.map((swing) => [swing])
      : recordings.map((index) => swings.filter(({ recording }) => recording === index));
  const drawn = Array.from({ length: resamples }, () =>
    units.flatMap(() => units[Math.floor(random.uniform() * units.length)] as Swing[]),
  );
  const banded = (of: (swings: readonly Swing[]) => number): BandedEstimate => {
    const sorted = Float64Array.from(drawn, of).sort();
    const at = (share: number): number => sorted[Math.round(share * (resamples - 1))] as number;
    return { value: of(swings), low: at((1 - level) / 2), high: at((1 + level) / 2) };
  };
  const total = (of: (swing: Swing) => number, over: readonly Swing[]): number =>
    over.reduce((sum, swing) => sum + of(swing), 0);
  const decrease = ({ energies: [before, after] }: Swing): number => hostMath.log(before / after);
  const lost = ({ energies: [before, after] }: Swing): number => before - after;
  return {
    amplitude: total(({ amplitude }) => amplitude, swings) / swings.length,
    range: [(swings[0] as Swing).amplitude, (swings.at(-1) as Swing).amplitude],
    swings: swings.length,
    rate: banded((over) => total(decrease, over) / total(({ duration }) => duration, over)),
    damping: banded((over) => total(lost, over) / total(({ motion }) => motion, over)),
  };
}
