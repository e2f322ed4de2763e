/**
 * How much of the space of states a set of measured states tells of.
 *
 * A field can be differentiated only in directions in which it was visited. One closed orbit, one regular motion without
 * friction, and a law of first order all lie on sheets of fewer dimensions: whatever is fitted to them is free beside the
 * sheet. So around sample states the nearest ones are taken, and it is asked how thick their cloud is in its
 * thinnest direction.
 * In: states in units in which all are of order one. Deliberately not here: whether that is enough (`train/diagnose`).
 */
import { symmetricEigen } from "../optim/symmetric-eigen.ts";

/** States along paths, in units in which they are of order one. */
export interface VisitedStates {
  /** n. */
  readonly coordinates: number;
  /** For each path [count, 2 n] in its order, row-major: positions, then velocities. */
  readonly paths: readonly Float64Array[];
  /** Standard deviation of the noise in those units; default 0. Thickness of its size is no thickness. */
  readonly noise?: number;
}

/** What the states tell of their space. */
export interface StateCoverage {
  /**
   * Smallest over mean variance of the nearest neighbours of a state, median over states: 1 where they fill all directions
   * alike, 0 on a sheet. The variance of the noise is taken off the smallest one.
   */
  readonly thickness: number;
  /** Share of the variance of the velocities that the position does not tell, 0 to 1: 0 for a law of first order. */
  readonly freeVelocity: number;
  /** Share of occupied cells of 8 by 8 over the range of two numbers of the state, mean over all pairs; 0 to 1. */
  readonly cells: number;
}

const grid = 8;
const probes = 200;
/** Between states of a path that are looked at. */
const step = 0.4;

/** The coverage of states; all zero for fewer than 12 that lie apart. */
export function stateCoverage({ coordinates, paths, noise = 0 }: VisitedStates): StateCoverage {
  const width = 2 * coordinates;
  const rows = paths.flatMap((path) => apart(path, width));
  if (rows.length < 12) return { thickness: 0, freeVelocity: 0, cells: 0 };
  const tried = rows.filter((_, row) => row % Math.ceil(rows.length / probes) === 0);
  return {
    thickness: median(tried.map((state) => thicknessAround(state, rows, noise))),
    freeVelocity: freeVelocity(tried, rows, coordinates),
    cells: occupiedCells(rows, width),
  };
}

/** Rows of a path that are a step apart: else the neighbours of a state would be its own path. */
function apart(path: Float64Array, width: number): readonly Float64Array[] {
  const kept: Float64Array[] = [];
  for (let at = 0; at + width <= path.length; at += width) {
    const row = path.subarray(at, at + width);
    const last = kept.at(-1);
    if (last === undefined || distance(last, row, 0, width) >= step ** 2) kept.push(row);
  }
  return kept;
}

/** Of the nearest 6 times as many states as there are directions. */
function thicknessAround(state: Float64Array, rows: readonly Float64Array[], noise: number): number {
  const width = state.length;
  const near = nearest(state, rows, Math.min(rows.length, 6 * width), 0, width);
  const means = Array.from({ length: width }, (_, i) => mean(near.map((row) => row[i] as number)));
  const covariance = means.flatMap((from, i) =>
    means.map((to, j) => mean(near.map((row) => ((row[i] as number) - from) * ((row[j] as number) - to)))),
  );
  const { values } = symmetricEigen(covariance, width);
  return Math.max(0, (values.at(-1) as number) - noise ** 2) / (mean(values) || 1);
}

/** Half the mean squared difference of velocities between neighbours in position, over their variance. */
function freeVelocity(tried: readonly Float64Array[], rows: readonly Float64Array[], coordinates: number): number {
  const [from, to] = [coordinates, 2 * coordinates];
  const spread = Array.from({ length: coordinates }, (_, i) => variance(rows.map((row) => row[from + i] as number)));
  const differences = tried.flatMap((state) => {
    const [, ...near] = nearest(state, rows, 4, 0, coordinates);
    return near.map((row) => distance(state, row, from, to));
  });
  const total = spread.reduce((sum, value) => sum + value, 0);
  return total === 0 ? 0 : Math.min(1, mean(differences) / (2 * total));
}

function occupiedCells(rows: readonly Float64Array[], width: number): number {
  const cell = Array.from({ length: width }, (_, i) => {
    const values = rows.map((row) => row[i] as number);
    const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return (value: number): number => Math.min(grid - 1, Math.floor((grid * (value - low)) / (high - low || 1)));
  });
  const shares: number[] = [];
  for (let i = 0; i < width; i++) {
    for (let j = i + 1; j < width; j++) {
      const seen = new Set(rows.map((row) => grid * cellOf(cell, row, i) + cellOf(cell, row, j)));
      shares.push(seen.size / grid ** 2);
    }
  }
  return mean(shares);
}

function cellOf(cell: readonly ((value: number) => number)[], row: Float64Array, i: number): number {
  return (cell[i] as (value: number) => number)(row[i] as number);
}

/** The `count` rows nearest to a state in its components from `from` to below `to`, nearest first. */
function nearest(
  state: Float64Array,
  rows: readonly Float64Array[],
  count: number,
  from: number,
  to: number,
): readonly Float64Array[] {
  const ranked = rows.map((row) => ({ row, off: distance(state, row, from, to) }));
  ranked.sort((a, b) => a.off - b.off);
  return ranked.slice(0, count).map(({ row }) => row);
}

/** Squared. */
function distance(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
