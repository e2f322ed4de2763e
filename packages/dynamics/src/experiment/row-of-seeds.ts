/**
 * A row of the table from one number a seed: the median, from the least to the greatest, held against the bar.
 *
 * `statistic` of an experiment whose rows are made so is `{ ours: "median", spread: "least to greatest" }`.
 */
import type { ExperimentBar, ExperimentRow } from "./experiment.ts";

/** What a row tells beside the numbers. */
export type RowWords = Pick<ExperimentRow, "name" | "quantity"> &
  Partial<Pick<ExperimentRow, "grid" | "published" | "bar" | "note">>;

/**
 * @param values by seed; null for one that is missing or not finite, with which the row has no number and fails its bar
 */
export function rowOfSeeds(values: ReadonlyMap<number, number | null>, words: RowWords): ExperimentRow {
  const all = [...values.values()];
  const known = all.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = (known.length - 1) / 2;
  const isWhole = known.length > 0 && known.length === all.length;
  const ours = isWhole ? ((known[Math.floor(middle)] as number) + (known[Math.ceil(middle)] as number)) / 2 : null;
  const bar = words.bar ?? null;
  return {
    grid: null,
    published: null,
    note: "",
    ...words,
    seeds: [...values.keys()],
    ours,
    spread: isWhole ? [known[0] as number, known.at(-1) as number] : null,
    bar,
    holds: bar === null ? null : keepsTo(bar, ours),
  };
}

function keepsTo({ is, value }: ExperimentBar, ours: number | null): boolean {
  if (ours === null) return false;
  return is === "at most" ? ours <= value : ours >= value;
}
