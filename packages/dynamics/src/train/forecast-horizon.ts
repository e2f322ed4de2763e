/**
 * How long forecasts hold: the median time until an error first exceeds its limit, with a 95 % interval.
 *
 * In: a model and pieces that it was not trained on. A state is estimated on the first seconds of a piece and forecast until
 * an error exceeds the limit of `valid time` (20 % of the coordinate's scale); the next start comes after that, and so on to
 * the end of the piece. So no two forecasts look at the same data, and what the end of a piece cuts off is counted as "held
 * at least so long" (`product-limit.ts`). Starts of one piece still share its energy: as many independent ones are counted as
 * give the share of early failures its variance over pieces (the design effect of a clustered sample: Kish, 1965,
 * "Survey sampling", section 5.4), and the interval is that of the median of so many (`median-rank.ts`).
 * Deliberately not here: the error at a stated time ahead (`Score`), and the band.
 */
import { type Segment, slice } from "../data/segment.ts";
import { forecastRecording } from "../model/forecast.ts";
import type { ModelRecord } from "../model/model-record.ts";
import type { Simulator } from "../model/simulator.ts";
import { medianRank } from "./median-rank.ts";
import { failureCurve, failureTime, medianFailure } from "./product-limit.ts";
import { type Holding, holdingOf, validLimits } from "./score.ts";
import { durationOf, mostObserved } from "./test-forecast.ts";

/** How long the forecasts of a model hold. */
export interface ForecastHorizon {
  /** [d] SI: the error of a coordinate that ends a forecast. */
  readonly limits: readonly number[];
  /** s; null where fewer than half of the forecasts failed while they could be followed. */
  readonly median: number | null;
  /** s: ends of the interval; null as the median. */
  readonly low: number | null;
  readonly high: number | null;
  /** Probability that the interval holds the true median, 0 to 1. */
  readonly confidence: number;
  /** s: the longest that a forecast was followed. */
  readonly longest: number;
  readonly starts: number;
  /** Starts whose forecast failed; that of the others held to the end of the recording. */
  readonly failures: number;
  readonly recordings: number;
  /** How many independent starts they are worth. */
  readonly independent: number;
}

/** Starts in all, about; and how long one is followed, in times of what is observed. */
const mostStarts = 60;
const mostFollowed = 50;

/** A start: how long its forecast held, and in which piece. */
export interface Start extends Holding {
  readonly piece: number;
}

/** The horizon over pieces; null without one. The state is estimated on `observe` seconds, at most 40 % of a piece. */
export function forecastHorizon(
  record: ModelRecord,
  simulator: Simulator,
  pieces: readonly Segment[],
  observe: number,
): ForecastHorizon | null {
  const most = Math.ceil(mostStarts / Math.max(1, pieces.length));
  const starts = pieces.flatMap((piece, index) =>
    startsOf(record, simulator, piece, { observe, most }).map((holding): Start => ({ ...holding, piece: index })),
  );
  return starts.length === 0 ? null : { limits: validLimits(record), ...horizonOf(starts) };
}

/** The starts of one piece, each after the forecast before it has failed. */
function startsOf(
  record: ModelRecord,
  simulator: Simulator,
  piece: Segment,
  { observe, most }: { readonly observe: number; readonly most: number },
): readonly Holding[] {
  const holdings: Holding[] = [];
  const longest = Math.min(observe, mostObserved * durationOf(piece));
  // Every start sees as many samples: a program is compiled for each number of them.
  const seen = piece.times.findLastIndex((time) => time - (piece.times[0] as number) <= longest + 1e-9);
  for (let from = 0; holdings.length < most; ) {
    const part = slice(piece, from, piece.times.length);
    const origin = part.times[0] ?? 0;
    const observed = (part.times[seen] ?? Number.POSITIVE_INFINITY) - origin;
    if (!(observed > 0 && observed <= mostObserved * durationOf(part) * (1 + 1e-9))) break;
    const options = { observe: observed, until: mostFollowed * observed };
    const holding = holdingOf(record, part, forecastRecording(record, simulator, part, options));
    holdings.push(holding);
    const next = part.times.findIndex((time) => time > origin + observed + holding.held);
    if (next === -1) break;
    from += next;
  }
  return holdings;
}

/** Median and interval of starts that may be cut off by the ends of their pieces. */
export function horizonOf(starts: readonly Start[]): Omit<ForecastHorizon, "limits"> {
  const curve = failureCurve(starts);
  const median = medianFailure(curve);
  const independent = independentStarts(starts, median);
  const { beyond, confidence } = medianRank(independent);
  return {
    median,
    low: failureTime(curve, (beyond + 1e-6) / independent),
    high: failureTime(curve, 1 - beyond / independent),
    confidence,
    longest: Math.max(...starts.map(({ held }) => held)),
    starts: starts.length,
    failures: starts.filter(({ failed }) => failed).length,
    recordings: new Set(starts.map(({ piece }) => piece)).size,
    independent,
  };
}

/**
 * How many independent starts the starts are worth: those that tell on which side of the median they are, over the design
 * effect of their pieces; at least as many as there are pieces, where several are.
 */
function independentStarts(starts: readonly Start[], median: number | null): number {
  const pieces = [...new Set(starts.map(({ piece }) => piece))];
  if (median === null) return pieces.length;
  const telling = starts.filter(({ failed, held }) => failed || held >= median);
  const early = telling.map(({ piece, held }) => ({ piece, value: held < median ? 1 : 0 }));
  const mean = early.reduce((sum, { value }) => sum + value, 0) / early.length;
  const squared = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part * part, 0);
  const within = squared(early.map(({ value }) => value - mean));
  const between = squared(
    pieces.map((own) => early.reduce((sum, { piece, value }) => sum + (piece === own ? value - mean : 0), 0)),
  );
  const effect = within > 0 && pieces.length > 1 ? (between / within) * (pieces.length / (pieces.length - 1)) : 1;
  const worth = Math.floor(early.length / Math.max(1, effect));
  return Math.max(1, worth, Math.min(pieces.length, early.length));
}
