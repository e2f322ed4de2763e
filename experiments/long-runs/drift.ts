/**
 * The drift of a series of period means, with an interval that allows for their dependence.
 *
 * Neighbouring means depend on one another: beats of a quasi-periodic orbit come back, and rounding errors add up to a
 * random walk. So the series is averaged over 32 blocks, a line is fitted to the block means, and the interval of its
 * slope is widened by sqrt((1 + r) / (1 - r)), r the autocorrelation of neighbouring residuals at the upper end of its
 * own interval (estimate + 1.645 / sqrt(32)), as for an autoregression of order 1. Where the estimate itself is beyond
 * chance the series may be a walk: then the mean step from block to block is taken too, with the interval of a random
 * walk with drift, and the wider of the two counts. How often such intervals hold the truth is a test.
 */
import { studentQuantile } from "../statistics.ts";

/** A drift over the whole run with a 95 % interval, in units of the series. */
export interface Drift {
  readonly estimate: number;
  readonly halfWidth: number;
  readonly kind: "stationary" | "walk";
}

const blocks = 32;
/** The one-sided 95 % bound of an autocorrelation of so many independent numbers. */
const chance = 1.645 / Math.sqrt(blocks);
/** Differences of averages of a walk vary by 2/3 as much as those of the walk (Working, 1960, doi:10.2307/1907574). */
const walkOfMeans = 3 / 2;

/** The drift of a series of at least 32 equally spaced means: its slope times its length. */
export function driftOf(series: readonly number[]): Drift {
  const means = blockMeans(series);
  const { slope, residuals } = line(means);
  const correlation = lagOne(residuals);
  const squares = residuals.reduce((total, value) => total + value * value, 0);
  const error = Math.sqrt(squares / (blocks - 2) / squaresOfPlaces(blocks));
  const bound = Math.min(Math.max(correlation, 0) + chance, 0.95);
  const widening = Math.sqrt((1 + bound) / (1 - bound));
  const halfWidth = studentQuantile(blocks - 2) * error * widening * blocks;
  const stationary = { estimate: slope * blocks, halfWidth, kind: "stationary" } as const;
  if (correlation <= chance) return stationary;
  const walk = walkDrift(means);
  return walk.halfWidth > stationary.halfWidth ? walk : stationary;
}

function line(values: readonly number[]): { readonly slope: number; readonly residuals: readonly number[] } {
  const centre = (values.length - 1) / 2;
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const covariance = values.reduce((total, value, i) => total + (i - centre) * (value - mean), 0);
  const slope = covariance / squaresOfPlaces(values.length);
  return { slope, residuals: values.map((value, i) => value - mean - slope * (i - centre)) };
}

/** sum (i - centre)² for n places. */
function squaresOfPlaces(n: number): number {
  return (n * (n * n - 1)) / 12;
}

function blockMeans(series: readonly number[]): number[] {
  const size = Math.floor(series.length / blocks);
  return Array.from({ length: blocks }, (_, i) => {
    const block = series.slice(i * size, (i + 1) * size);
    return block.reduce((total, value) => total + value, 0) / size;
  });
}

function lagOne(residuals: readonly number[]): number {
  const squares = residuals.reduce((total, value) => total + value * value, 0);
  const products = residuals.slice(1).reduce((total, value, i) => total + value * (residuals[i] as number), 0);
  return squares === 0 ? 0 : products / squares;
}

function walkDrift(means: readonly number[]): Drift {
  const differences = means.slice(1).map((value, i) => value - (means[i] as number));
  const mean = differences.reduce((total, value) => total + value, 0) / differences.length;
  const variance = differences.reduce((total, value) => total + (value - mean) ** 2, 0) / (differences.length - 1);
  const error = Math.sqrt((walkOfMeans * variance) / differences.length);
  const halfWidth = studentQuantile(differences.length - 1) * error * blocks;
  return { estimate: mean * blocks, halfWidth, kind: "walk" };
}
