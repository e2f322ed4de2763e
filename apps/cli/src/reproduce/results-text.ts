/** The table of a reproduction on a terminal. */
import type { ExperimentRow, ExperimentStatistic } from "@leastaction/dynamics";
import { namedRows } from "../named-rows.ts";
import { controlText } from "./control-text.ts";
import { type ExperimentGrid, gridsOf } from "./experiment-grids.ts";
import type { ExperimentResults } from "./results.ts";
import { besideText, listColumns, oursText } from "./row-text.ts";
import { missingText, seedsText } from "./training-text.ts";

/** A heading, the list, the grids, and what is missing. */
export function resultsText(results: ExperimentResults): string {
  const { title, source, rows, missing, form, statistic } = results;
  const control = controlText(results);
  const told = control === null ? "" : `${control}\n`;
  const left = missing.length === 0 ? "" : `\nNot trained yet: ${missingText(missing)}.\n`;
  if (rows.length === 0) return `${title}\n${source}\n${told}${left}`;
  const list = rows.filter(({ grid }) => grid === null);
  return [
    `${title} (${form})\n${source}\n${told}`,
    list.length === 0 ? "" : listText(list, statistic),
    ...gridsOf(rows).map((grid) => gridText(grid, statistic)),
    left,
  ].join("");
}

function listText(rows: readonly ExperimentRow[], statistic: ExperimentStatistic): string {
  const columns = listColumns(rows, statistic);
  const cells = rows.map((row) => columns.map(({ text }) => text(row)));
  const notes = [...new Set(rows.filter(({ note }) => note !== "").map(({ name, note }) => `${name}: ${note}`))];
  return [
    `\n${namedRows([columns.map(({ heading }) => heading), ...cells])}`,
    notes.length === 0 ? "" : `\n${notes.map((note) => `  ${note}\n`).join("")}`,
  ].join("");
}

function gridText({ heading, parts, lines }: ExperimentGrid, { ours, spread }: ExperimentStatistic): string {
  const cells = lines.map(({ quantity, cells }) => [quantity, ...parts.map((part) => cellText(cells[part]))]);
  const seeds = ["seeds", ...parts.map((part) => seedsText(lines[0]?.cells[part]?.seeds ?? []))];
  return `\n${heading} (${ours}, ${spread})\n${namedRows([["", ...parts], ...cells, seeds])}`;
}

function cellText(row: ExperimentRow | undefined): string {
  return row === undefined ? "–" : `${oursText(row)} ${besideText(row)}`.trimEnd();
}
