/**
 * The losses of a training as means over equal intervals of its steps, and those of the terms they are sums of.
 */
import type { SavedState } from "./checkpoint.ts";
import type { Objective } from "./objective.ts";
import { type StateReader, savedFloats } from "./read-state.ts";

/** Follows a training. */
export interface LossRecord {
  /** A loss that is not finite belongs to a step that was not made: it counts as one, and not in the mean. */
  readonly add: (loss: number, terms: ArrayLike<number>) => void;
  /** The mean of the last interval that has one; NaN if none has. */
  readonly last: () => number;
  readonly record: () => Record;
  readonly tensors: () => SavedState["tensors"];
}

interface Record {
  readonly losses: readonly number[];
  readonly terms: readonly (readonly number[])[];
  readonly ends: readonly number[];
}

interface Followed {
  readonly steps: number;
  readonly intervals?: number;
  readonly objective: Pick<Objective, "terms">;
}

/** @param saved what this gave as `tensors`, and `done`, when the training stopped; null at its beginning */
export function lossRecord({ steps, intervals = 100, objective }: Followed, saved: StateReader | null): LossRecord {
  const width = Math.max(1, steps / intervals);
  const columns = 1 + (objective.terms?.length ?? 0);
  // [intervals, columns], the loss before its terms.
  const sums = [...(saved?.floats("losses/sums") ?? [])];
  const counts = [...(saved?.floats("losses/counts", sums.length / columns) ?? [])];
  let done = saved?.number("done") ?? 0;
  const means = (column: number): number[] =>
    counts.map((count, interval) => (sums[interval * columns + column] as number) / count);
  return {
    add: (loss, terms) => {
      const interval = Math.floor(done++ / width);
      if (counts[interval] === undefined) {
        counts[interval] = 0;
        for (let column = 0; column < columns; column++) sums.push(0);
      }
      if (!Number.isFinite(loss)) return;
      counts[interval] += 1;
      for (let column = 0; column < columns; column++) {
        (sums[interval * columns + column] as number) += (column === 0 ? loss : terms[column - 1]) as number;
      }
    },
    last: () => means(0).findLast(Number.isFinite) ?? Number.NaN,
    record: () => ({
      losses: means(0),
      terms: Array.from({ length: columns - 1 }, (_, term) => means(1 + term)),
      ends: counts.map((_, interval) => Math.min(done, Math.ceil((interval + 1) * width))),
    }),
    tensors: () => ({ "losses/sums": savedFloats(sums), "losses/counts": savedFloats(counts) }),
  };
}
