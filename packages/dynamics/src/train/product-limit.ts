/**
 * When half have failed, of times some of which were only followed up to a point: the product-limit estimate.
 *
 * Source: Kaplan, Meier, 1958, "Nonparametric estimation from incomplete observations", doi:10.1080/01621459.1958.10501452.
 */
import type { Holding } from "./score.ts";

/** The share that has failed by the time of each failure, rising: steps of the product-limit estimate. */
export interface FailureCurve {
  readonly times: readonly number[];
  readonly shares: readonly number[];
}

/** The curve of times, each of which ended by a failure or because nothing was left to follow. */
export function failureCurve(holdings: readonly Holding[]): FailureCurve {
  const failures = holdings.filter(({ failed }) => failed).map(({ held }) => held);
  const times = [...new Set(failures)].sort((a, b) => a - b);
  let kept = 1;
  const shares = times.map((time) => {
    const followed = holdings.filter(({ held }) => held >= time).length;
    kept *= 1 - failures.filter((held) => held === time).length / followed;
    return 1 - kept;
  });
  return { times, shares };
}

/** Shares are sums of rounded numbers. */
const slack = 1e-9;

/** The first failure by which at least a share has failed; null where fewer have. */
export function failureTime({ times, shares }: FailureCurve, share: number): number | null {
  return times[shares.findIndex((value) => value >= share - slack)] ?? null;
}

/** The median: where exactly half have failed it lies between this failure and the next, as of an even number of values. */
export function medianFailure(curve: FailureCurve): number | null {
  const [first, next] = [failureTime(curve, 0.5), failureTime(curve, 0.5 + 2 * slack)];
  return first === null || next === null ? first : (first + next) / 2;
}
