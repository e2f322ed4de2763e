/**
 * How much wider a band has to be beyond the trained states, measured on the training data itself.
 *
 * The training piece that lies farthest from the others is left out (with four pieces or more the two farthest, one at
 * a time; of one or two pieces the last 30 % in time), the model is trained again on the rest, and its forecast of what
 * was left out shows how errors grow beyond the trained states. The result is the rate w for which half width +
 * w x distance x horizon holds 90 % of those errors: an error of the law that grows with the distance makes an error of
 * phase that grows with time. It never sees selection, calibration or test data.
 */
import { type Segment, slice } from "../data/segment.ts";
import { forecastRecording, halfWidthAt, positionsOf } from "../model/forecast.ts";
import type { DatasetFacts, Samples } from "../model/model.ts";
import type { ModelRecord, TrainedRegion } from "../model/model-record.ts";
import type { Simulator } from "../model/simulator.ts";
import { beyondTrained, distanceToTrained } from "../model/trained-region.ts";

/** The rate when no probe could be made: wide rather than narrow. */
export const defaultWidening = 0.01;

/** What is left of the training data, and what is left out. */
export interface Probe {
  readonly rest: readonly Segment[];
  readonly left: readonly Segment[];
}

/** One error of a probe's forecast. */
export interface ProbeError {
  /** What of the error the band at 90 % does not hold, in units of the coordinate's scale; 0 inside. */
  readonly excess: number;
  /** Largest distance beyond the trained states so far, times the horizon in rad of the typical motion. */
  readonly reach: number;
}

/** The probes of training pieces; none when nothing would be left to train on. */
export function probesOf(
  pieces: readonly Segment[],
  spread: (piece: Segment, rest: readonly Segment[]) => number,
): readonly Probe[] {
  if (pieces.length <= 2) {
    const rest = pieces.map((piece) => slice(piece, 0, Math.floor(0.7 * piece.times.length)));
    const left = pieces.map((piece) => slice(piece, Math.floor(0.7 * piece.times.length), piece.times.length));
    return left.every(({ times }) => times.length >= 20) ? [{ rest, left }] : [];
  }
  const without = (piece: Segment): readonly Segment[] => pieces.filter((other) => other !== piece);
  const ordered = [...pieces]
    .map((piece) => ({ piece, distance: spread(piece, without(piece)) }))
    .sort((a, b) => b.distance - a.distance);
  return ordered.slice(0, pieces.length >= 4 ? 2 : 1).map(({ piece }) => ({ rest: without(piece), left: [piece] }));
}

/** Mean distance of a piece's samples beyond the region of others. */
export function meanDistance(samples: Samples, region: TrainedRegion, facts: DatasetFacts): number {
  const width = 2 * facts.coordinates.length;
  let total = 0;
  for (let row = 0; row < samples.count; row += 5) {
    const observation = samples.observations.subarray(row * width, (row + 1) * width);
    total += beyondTrained(distanceToTrained(observation, region, facts), region);
  }
  return samples.count === 0 ? 0 : total / Math.ceil(samples.count / 5);
}

/** The errors of a retrained model on what it did not see, in units of the band of the model itself. */
export function probeErrors(
  record: ModelRecord,
  retrained: { readonly simulator: Simulator; readonly region: TrainedRegion },
  left: readonly Segment[],
  observe: number,
): readonly ProbeError[] {
  const d = record.coordinates.length;
  return left.flatMap((piece) => {
    const forecast = forecastRecording({ ...record, band: null }, retrained.simulator, piece, { observe });
    const truth = positionsOf(piece, record);
    let distance = 0;
    return [...forecast.times].flatMap((time, row): readonly ProbeError[] => {
      const seen = [
        ...forecast.positions.subarray(row * d, (row + 1) * d),
        ...forecast.velocities.subarray(row * d, (row + 1) * d),
      ];
      distance = Math.max(
        distance,
        beyondTrained(distanceToTrained(seen, retrained.region, record.facts), retrained.region),
      );
      const horizon = time - (forecast.times[0] as number) - observe;
      if (horizon < 0) return [];
      return record.coordinates.flatMap((_, i): readonly ProbeError[] => {
        const error = Math.abs((forecast.positions[row * d + i] as number) - (truth[row * d + i] as number));
        const half = halfWidthAt(record.band, 0.9, i, horizon);
        const scale = record.facts.coordinates[i]?.scale ?? 1;
        const reach = distance * horizon * record.facts.frequency;
        return Number.isFinite(error - half) && reach > 0 ? [{ excess: Math.max(0, error - half) / scale, reach }] : [];
      });
    });
  });
}

/** The least w from 0 to 1 for which 90 % of the errors satisfy excess <= w reach; `defaultWidening` without errors to see. */
export function wideningOf(errors: readonly ProbeError[]): number {
  const needed = errors.map(({ excess, reach }) => excess / reach).sort((a, b) => a - b);
  return Math.min(1, needed[Math.ceil(0.9 * needed.length) - 1] ?? defaultWidening);
}
