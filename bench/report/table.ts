/**
 * The table that people read: one block a workload, ratios to the hand-written C round by round.
 */
import type { Standards } from "../references.ts";
import { align } from "./align.ts";
import { type Honesty, honestyLines } from "./honesty.ts";
import type { Row, Spread } from "./rows.ts";
import type { SolveRow } from "./solve-rows.ts";
import { verdictOn } from "./verdict.ts";

const heads: readonly string[] = ["system", "threads", "ms", "(spread)", "times C", "(spread)"];
const solveHeads: readonly string[] = ["ns/step", "accepted", "rejected", "error"];
const lastHeads: readonly string[] = ["first call ms", "bytes", "times C", "equal work", "bar"];

/** The block of one workload as lines. */
export function tableOf(rows: readonly (Row | SolveRow)[], known: Standards, honesty: Honesty): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const solves = "error" in first;
  const cells = rows.map((row) => [...cellsOf(row), ...lastCellsOf(row, rows, known)]);
  const lines = align([[...heads, ...(solves ? solveHeads : []), ...lastHeads], ...cells]);
  const title = `${first.workload} (${first.dtype}, ms a ${solves ? "solve" : "step"}, median of ${first.rounds} rounds)`;
  return [title, ...[...lines, ...honestyLines(honesty)].map((line) => `  ${line}`)];
}

function cellsOf(row: Row | SolveRow): string[] {
  const { timesC } = row;
  return [
    row.system,
    String(row.threads),
    row.medianMs.toPrecision(4),
    spreadCell({ min: row.minMs, max: row.maxMs }, (ms) => ms.toPrecision(4)),
    timesC === null ? "-" : timesC.median.toFixed(2),
    timesC === null ? "" : spreadCell(timesC, (ratio) => ratio.toFixed(2)),
    ...("error" in row
      ? [row.nsPerAcceptedStep.toPrecision(4), String(row.accepted), String(row.rejected), row.error.toExponential(1)]
      : []),
  ];
}

function lastCellsOf(row: Row | SolveRow, rows: readonly (Row | SolveRow)[], known: Standards): string[] {
  const verdict = verdictOn(row, rows, known);
  return [
    row.firstCallMs.toFixed(row.firstCallMs < 10 ? 2 : 0),
    row.bytes === null ? "-" : String(row.bytes),
    row.bytesTimesC === null ? "-" : row.bytesTimesC.toFixed(2),
    row.equalWork ? "yes" : `NO: ${whatDiffers(row)}`,
    verdict === null ? "" : `${verdict.against}: ${verdict.met ? "met" : "NOT met"}`,
  ];
}

function whatDiffers(row: Row | SolveRow): string {
  return "error" in row
    ? `error above ${row.errorLimit}`
    : `loss ${row.loss}, norm ${row.gradientNorm}, last loss ${row.lastLoss}`;
}

function spreadCell({ min, max }: Pick<Spread, "min" | "max">, print: (value: number) => string): string {
  return `${print(min)}..${print(max)}`;
}
