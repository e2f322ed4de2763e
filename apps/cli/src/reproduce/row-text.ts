/** The words of a row of an experiment, on a terminal and on a page. */
import type { ExperimentBar, ExperimentRow, ExperimentStatistic } from "@leastaction/dynamics";
import { seedsText } from "./training-text.ts";

/** A column of the list. */
export interface ListColumn {
  readonly heading: string;
  readonly below?: string;
  readonly isNumber?: boolean;
  readonly text: (row: ExperimentRow) => string;
}

/** The columns that say something of some row. */
export function listColumns(rows: readonly ExperimentRow[], statistic: ExperimentStatistic): readonly ListColumn[] {
  const all: readonly ListColumn[] = [
    { heading: "part", text: ({ name }) => name },
    { heading: "quantity", text: ({ quantity }) => quantity },
    {
      heading: "published",
      isNumber: true,
      text: ({ published }) => (published === null ? "–" : number(published)),
    },
    { heading: "ours", below: statistic.ours, isNumber: true, text: oursText },
    { heading: "spread", below: statistic.spread, isNumber: true, text: spreadText },
    { heading: "seeds", text: ({ seeds }) => seedsText(seeds) },
    { heading: "bar", text: ({ bar }) => (bar === null ? "" : barText(bar)) },
    { heading: "", text: verdictText },
  ];
  return all.filter(({ text }) => rows.some((row) => !["", "–"].includes(text(row))));
}

/** What stands beside the number in a grid: its interval, what else to know, and whether it keeps to its bar. */
export function besideText(row: ExperimentRow): string {
  const { spread, note, bar } = row;
  const interval = spread === null ? "" : `[${spread.map(number).join(", ")}]`;
  const judged = bar === null ? "" : `${barText(bar)}: ${verdictText(row)}`;
  return [interval, note, judged].filter((words) => words !== "").join(", ");
}

/** Three digits; `none` where there is no number. */
export function oursText({ ours }: ExperimentRow): string {
  return ours === null ? "none" : number(ours);
}

function spreadText({ spread, seeds }: ExperimentRow): string {
  return spread === null || seeds.length < 2 ? "" : spread.map(number).join(" to ");
}

function verdictText({ holds }: ExperimentRow): string {
  if (holds === null) return "";
  return holds ? "holds" : "FAILS";
}

/** In all its digits: what is held against it could otherwise seem to keep to it. */
function barText({ is, value }: ExperimentBar): string {
  return `${is} ${isPlain(value) ? value : value.toExponential()}`;
}

function number(value: number): string {
  return isPlain(value) ? String(Number(value.toPrecision(3))) : value.toExponential(2);
}

/** Whether it is read without an exponent. */
function isPlain(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= 0.01 && size < 10_000);
}
