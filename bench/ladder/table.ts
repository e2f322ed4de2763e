/**
 * The ladder of one target as a table in Markdown: a line a workload, a column a rung.
 */
import type { Climbed } from "./climb.ts";

/** One workload on the rungs of one target. */
export interface LadderRow {
  readonly workload: string;
  /** Each measure on top of the one before. */
  readonly measures: readonly Climbed[];
  readonly tiles: readonly Climbed[];
  /** Whether the losses of all rungs agree. */
  readonly equalWork: boolean;
}

/** Milliseconds per step, and how many times faster all measures together make it. */
export function ladderTable(rows: readonly LadderRow[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const names = (cells: readonly Climbed[]): string[] => cells.map(({ rung }) => rung);
  const heads = ["ms per step", ...names(first.measures), "base / all", ...names(first.tiles)];
  return [heads, heads.map((_, column) => (column === 0 ? "---" : "--:")), ...rows.map(cellsOf)].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
}

function cellsOf({ workload, measures, tiles, equalWork }: LadderRow): string[] {
  const print = ({ ms }: Climbed): string => ms.toPrecision(3);
  const [base, all] = [measures[0]?.ms ?? Number.NaN, measures.at(-1)?.ms ?? Number.NaN];
  const name = equalWork ? workload : `${workload} (NO equal work)`;
  return [name, ...measures.map(print), (base / all).toFixed(2), ...tiles.map(print)];
}

/** Whether the loss of every rung is that of the first, to a relative tolerance. */
export function agree(climbed: readonly Climbed[], tolerance: number): boolean {
  const expected = climbed[0]?.loss ?? Number.NaN;
  return climbed.every(({ loss }) => Math.abs(loss - expected) <= tolerance * Math.abs(expected));
}
