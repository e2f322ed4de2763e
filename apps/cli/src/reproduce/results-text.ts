/** The table of a reproduction on a terminal. */
import type { ExperimentRow } from "@leastaction/dynamics";
import { namedRows } from "../named-rows.ts";
import type { ExperimentResults } from "./results.ts";

/** A heading, the rows, and what is missing. */
export function resultsText(results: ExperimentResults): string {
  const { title, source, rows, missing, control, form } = results;
  const told = control === null ? "" : `Control ${control}: the structure is taken out, so some rows must fail.\n`;
  const left = missing.length === 0 ? "" : `\nNot trained yet: ${missing.join(", ")}.\n`;
  if (rows.length === 0) return `${title}\n${source}\n${told}${left}`;
  const heading = ["", "", "published", "ours", "spread", "seeds", "bar", ""];
  const cells = rows.map((row) => [
    row.name,
    row.quantity,
    row.published === null ? "–" : number(row.published),
    row.ours === null ? "none" : number(row.ours),
    spreadText(row),
    row.seeds.join(", "),
    barText(row),
    verdictText(row),
  ]);
  const notes = [...new Set(rows.filter(({ note }) => note !== "").map(({ name, note }) => `${name}: ${note}`))];
  return [
    `${title} (${form})\n${source}\n${told}\n`,
    namedRows([heading, ...cells]),
    notes.length === 0 ? "" : `\n${notes.map((note) => `  ${note}\n`).join("")}`,
    left,
  ].join("");
}

/** Three digits. */
export function number(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 0.01 && size < 10_000 ? String(Number(value.toPrecision(3))) : value.toExponential(2);
}

/** The least and the greatest of several seeds. */
export function spreadText({ spread, seeds }: ExperimentRow): string {
  return spread === null || seeds.length < 2 ? "" : `${number(spread[0])} to ${number(spread[1])}`;
}

export function barText({ bar }: ExperimentRow): string {
  return bar === null ? "" : `${bar.is} ${number(bar.value)}`;
}

export function verdictText({ holds }: ExperimentRow): string {
  if (holds === null) return "";
  return holds ? "holds" : "FAILS";
}
