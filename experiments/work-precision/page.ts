/**
 * The tables of docs/work-precision.md, made from the results between two markers.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { mean } from "../statistics.ts";
import { problems } from "./detest.ts";
import { adaptiveSolvers, type Row, tolerances } from "./measure.ts";

const page = "docs/work-precision.md";
const [begin, end] = [
  "<!-- tables: begin, written by npm run experiment -- work-precision -->",
  "<!-- tables: end -->",
];
const goals = [1e-3, 1e-5, 1e-7, 1e-9];

/** Writes the tables into the page. */
export function writePage(rows: readonly Row[]): void {
  writeFileSync(page, withTables(readFileSync(page, "utf8"), rows));
}

/** The text of the page with the tables of these rows. Errors: a page without the markers. */
export function withTables(text: string, rows: readonly Row[]): string {
  const [before, rest] = text.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) {
    throw new Error(
      `Cannot write the tables: expected two markers in ${page}, got none\nPut back '${begin}' and '${end}'.`,
    );
  }
  return `${before}${begin}\n\n${workTable(rows)}\n\n${toleranceTable(rows)}\n\n${end}${after}`;
}

/** Geometric mean over the problems of the evaluations for an error at the end. */
function workTable(rows: readonly Row[]): string {
  const solvers = ["bosh3", "rk4", "dopri5", "tsit5", "vern7", "dop853"];
  const body = solvers.map((solver) => {
    const cells = goals.map((goal) => {
      const needed = problems.map(({ name }) => evaluationsFor(goal, ownRows(rows, name, solver)));
      const known = needed.filter((count) => count !== null);
      return known.length === problems.length ? rounded(Math.exp(mean(known.map(Math.log)))) : "–";
    });
    return `| \`${solver}\` | ${cells.join(" | ")} |`;
  });
  return [
    `| evaluations for an error of | ${goals.map(tenTo).join(" | ")} |`,
    `|---|${goals.map(() => "---").join("|")}|`,
    ...body,
  ].join("\n");
}

/** Median and greatest error over tolerance, and all evaluations, at some tolerances. */
function toleranceTable(rows: readonly Row[]): string {
  const shown = tolerances.filter((_, i) => i % 3 === 0);
  const body = adaptiveSolvers.map(({ name }) => {
    const cells = shown.map((tolerance) => {
      const own = rows.filter(({ solver, setting }) => solver === name && setting === tolerance);
      const ratios = own.map(({ error }) => error / tolerance).sort((a, b) => a - b);
      const total = own.reduce((sum, { evaluations }) => sum + evaluations, 0);
      const missed = own.length < problems.length ? `, ${problems.length - own.length} missed` : "";
      return `${digits(ratios[ratios.length >> 1] as number)} … ${digits(ratios.at(-1) as number)} (${total}${missed})`;
    });
    return `| \`${name}\` | ${cells.join(" | ")} |`;
  });
  return [
    `| error over tolerance, at a tolerance of | ${shown.map(tenTo).join(" | ")} |`,
    `|---|${shown.map(() => "---").join("|")}|`,
    ...body,
  ].join("\n");
}

function ownRows(rows: readonly Row[], problem: string, solver: string): Row[] {
  return rows.filter((row) => row.problem === problem && row.solver === solver);
}

/** By straight lines between the logarithms, from the coarse end; null when the error is never that small. */
function evaluationsFor(goal: number, rows: readonly Row[]): number | null {
  const fine = rows.findIndex(({ error }) => error <= goal);
  const [now, before] = [rows[fine], rows[fine - 1]];
  if (now === undefined) return null;
  if (before === undefined || now.error === 0) return now.evaluations;
  const share = Math.log(goal / before.error) / Math.log(now.error / before.error);
  return before.evaluations * (now.evaluations / before.evaluations) ** share;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function digits(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function tenTo(value: number): string {
  return value.toExponential(0);
}
