/**
 * The few statistics that experiments report over seeds.
 */

/** Median, range and mean of a sample. */
export interface Spread {
  readonly median: number;
  readonly range: readonly [number, number];
  readonly mean: number;
}

/** A mean with its 95 % interval by Student's t. */
export interface Interval {
  readonly estimate: number;
  readonly interval: readonly [number, number];
}

/** Median, range and mean of at least one number. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const at = (i: number): number => sorted[i] as number;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    range: [at(0), at(sorted.length - 1)],
    mean: mean(values),
  };
}

/** The geometric mean of at least two positive numbers, with a 95 % t-interval taken on their logarithms. */
export function geometricMean(values: readonly number[]): Interval {
  const logarithms = values.map(Math.log);
  const centre = mean(logarithms);
  const variance = mean(logarithms.map((x) => (x - centre) ** 2)) * (values.length / (values.length - 1));
  const half = studentQuantile(values.length - 1) * Math.sqrt(variance / values.length);
  return { estimate: Math.exp(centre), interval: [Math.exp(centre - half), Math.exp(centre + half)] };
}

/** The mean of at least one number. */
export function mean(values: readonly number[]): number {
  return values.reduce((total, x) => total + x, 0) / values.length;
}

/** 97.5 % points of Student's distribution for 1 to 30 degrees of freedom. */
const quantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** The 97.5 % point; beyond 30 degrees of freedom 1.96 + 2.4 / n, which is right to 0.003. */
export function studentQuantile(freedom: number): number {
  return quantiles[freedom - 1] ?? 1.96 + 2.4 / freedom;
}
