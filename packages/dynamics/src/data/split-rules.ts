/**
 * The rules by which pieces of data are given to uses: whole trajectories where there are many, ends where there are few.
 *
 * In: a pool of pieces, shares, and the parts so far, which are added to. Out: what is left in the pool. The rules are
 * stated in `uses.ts`; which trajectories may enter a pool is decided there.
 */

import { type Segment, slice } from "./segment.ts";

/** Shares of the samples, each 0 .. 1. */
export interface Shares {
  readonly select: number;
  readonly calibrate: number;
  readonly test: number;
}

/** What has been given to each use so far. */
export type Parts = Readonly<Record<"train" | "select" | "calibrate" | "test", Segment[]>>;

const wholeFrom = 5;
/** A part with fewer samples says nothing about a forecast. */
export const leastSamples = 10;

/** Validation data beside a test: half selects, half calibrates; by trajectory where there are two. */
export function giveJudges(judges: readonly Segment[], parts: Parts): void {
  if (judges.length === 1) {
    const [early, late] = cutInTwo(judges[0] as Segment, 0.5);
    parts.select.push(early);
    parts.calibrate.push(late);
  } else {
    const half = Math.ceil(judges.length / 2);
    parts.select.push(...judges.slice(0, half));
    parts.calibrate.push(...judges.slice(half));
  }
}

/** The last trajectories from five up, else the last part of each. */
export function takeLast(pool: readonly Segment[], share: number, taken: Segment[]): readonly Segment[] {
  if (share === 0) return pool;
  if (pool.length >= wholeFrom) {
    const count = Math.max(1, Math.round(share * pool.length));
    taken.push(...pool.slice(pool.length - count));
    return pool.slice(0, pool.length - count);
  }
  const size = samplesIn(pool);
  if (share * size < leastSamples) return pool;
  return pool.map((piece) => {
    const [early, late] = cutInTwo(piece, 1 - share);
    taken.push(late);
    return early;
  });
}

/** Cuts select and calibrate out of the pool unless they are filled already; the rest trains. */
export function takeJudges(pool: readonly Segment[], shares: Shares, parts: Parts): void {
  const needsSelect = parts.select.length === 0;
  const needsCalibrate = parts.calibrate.length === 0 && shares.calibrate > 0;
  const select = needsSelect ? shares.select : 0;
  const calibrate = needsCalibrate ? shares.calibrate : 0;
  if (pool.length >= wholeFrom) takeSpread(pool, select, calibrate, parts);
  else if (pool.length >= 2) takeEnds(pool, select, calibrate, parts);
  else if (pool.length === 1) takeLastParts(pool[0] as Segment, select, calibrate, parts);
}

/** Whole trajectories, spread evenly over the inner ones, taking turns. */
function takeSpread(pool: readonly Segment[], select: number, calibrate: number, parts: Parts): void {
  const count = (share: number): number => (share === 0 ? 0 : Math.max(1, Math.round(share * pool.length)));
  const [selects, calibrates] = [count(select), count(calibrate)];
  const total = Math.min(selects + calibrates, pool.length - 2);
  const used = new Set<number>();
  for (let turn = 0; turn < total; turn++) {
    const index = 1 + Math.round(((turn + 0.5) * (pool.length - 2)) / total - 0.5);
    used.add(index);
    const wantsSelect = (turn % 2 === 0 && parts.select.length < selects) || parts.calibrate.length >= calibrates;
    (wantsSelect ? parts.select : parts.calibrate).push(pool[index] as Segment);
  }
  parts.train.push(...pool.filter((_, index) => !used.has(index)));
}

/** The end of one middle trajectory for each. */
function takeEnds(pool: readonly Segment[], select: number, calibrate: number, parts: Parts): void {
  const total = samplesIn(pool);
  const first = Math.floor((pool.length - 2) / 2);
  for (const [index, piece] of pool.entries()) {
    const share = index === first ? select : index === first + 1 ? calibrate : 0;
    if (share === 0) {
      parts.train.push(piece);
      continue;
    }
    const keep = 1 - (share * total) / piece.times.length;
    const [early, late] = cutInTwo(piece, Math.max(0, keep));
    if (early.times.length > 0) parts.train.push(early);
    (index === first ? parts.select : parts.calibrate).push(late);
  }
}

/** Train, then select, then calibrate, in the order of time. */
export function takeLastParts(piece: Segment, select: number, calibrate: number, parts: Parts): void {
  const hasBand = calibrate * piece.times.length >= leastSamples;
  const [before, band] = hasBand ? cutInTwo(piece, 1 - calibrate) : [piece, null];
  const [early, late] = cutInTwo(before, 1 - select / (hasBand ? 1 - calibrate : 1));
  parts.train.push(early);
  if (select > 0) parts.select.push(late);
  if (band !== null) parts.calibrate.push(band);
}

/** The two sides of a cut at a share of the rows, with the gap taken from the early side. */
function cutInTwo(piece: Segment, share: number): readonly [Segment, Segment] {
  const rows = piece.times.length;
  const cut = Math.min(rows, Math.max(0, Math.round(share * rows)));
  const gap = rows < 10 * leastSamples ? 1 : Math.max(5, Math.ceil(0.01 * rows));
  return [slice(piece, 0, Math.max(0, cut - gap)), slice(piece, cut, rows)];
}

/** The number of samples in all pieces together. */
export function samplesIn(pieces: readonly Segment[]): number {
  return pieces.reduce((sum, piece) => sum + piece.times.length, 0);
}
