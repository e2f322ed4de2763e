/** What was measured of several parts alike, as grids: a line for each quantity, a column for each part. */
import type { ExperimentRow } from "@leastaction/dynamics";

/** A grid of rows. */
export interface ExperimentGrid {
  readonly heading: string;
  readonly parts: readonly string[];
  readonly lines: readonly ExperimentGridLine[];
}

/** What was found of one quantity. */
export interface ExperimentGridLine {
  readonly quantity: string;
  /** By part; undefined where nothing is told of it. */
  readonly cells: Readonly<Record<string, ExperimentRow | undefined>>;
}

/** The grids of a table, in its order; none where all rows stand in the list. */
export function gridsOf(rows: readonly ExperimentRow[]): readonly ExperimentGrid[] {
  const headings = distinct(rows.map(({ grid }) => grid)).filter((heading) => heading !== null);
  return headings.map((heading) => {
    const own = rows.filter(({ grid }) => grid === heading);
    const lines = distinct(own.map(({ quantity }) => quantity)).map((quantity) => {
      const cells = own.filter((row) => row.quantity === quantity).map((row) => [row.name, row] as const);
      return { quantity, cells: Object.fromEntries(cells) };
    });
    return { heading, parts: distinct(own.map(({ name }) => name)), lines };
  });
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
