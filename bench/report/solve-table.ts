/**
 * The table of a workload that only solves: time of a solve and of an accepted step, the steps, the error.
 */
import type { SystemFacts } from "../contender.ts";
import type { Measurement } from "../measure.ts";
import { align, ratioCells } from "./align.ts";
import { median } from "./rows.ts";
import type { SolveRow } from "./solve-rows.ts";

/** How many times faster than diffrax honest C is at least (within 1.15). */
const floors: Readonly<Record<string, number>> = { lorenz: 9.4, "lorenz-dopri5": 9.4, ensemble: 42 };

const heads = [
  "system",
  "ms/solve",
  "min",
  "max",
  "times C",
  "(spread)",
  "ns/step",
  "accepted",
  "rejected",
  "error",
  "first call ms",
  "bytes",
  "equal work",
];

/** The block of one workload as lines. */
export function solveTableOf(rows: readonly SolveRow[], measurements: readonly Measurement<SystemFacts>[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const base = measurements.find(({ system }) => system === "c")?.rounds;
  const lines = align([heads, ...rows.map((row, i) => cellsOf(row, measurements[i]?.rounds ?? [], base))]);
  const title = `${first.workload} (${first.dtype}, ${first.threads} thread, median of ${measurements[0]?.rounds.length} rounds)`;
  return [title, ...lines.map((line) => `  ${line}`), ...notesOnBaseline(first.workload, measurements)];
}

function cellsOf(row: SolveRow, rounds: readonly number[], base: readonly number[] | undefined): string[] {
  return [
    row.system,
    row.medianMs.toPrecision(4),
    row.minMs.toPrecision(4),
    row.maxMs.toPrecision(4),
    ...ratioCells(rounds, base),
    row.nsPerAcceptedStep.toPrecision(4),
    String(row.accepted),
    String(row.rejected),
    row.error.toExponential(1),
    row.firstCallMs.toFixed(row.firstCallMs < 10 ? 2 : 0),
    row.bytes === null ? "-" : String(row.bytes),
    row.equalWork ? "yes" : `NO: error above ${row.errorLimit}`,
  ];
}

/** Whether the baseline is honest: its distance to diffrax. */
function notesOnBaseline(workload: string, measurements: readonly Measurement<SystemFacts>[]): string[] {
  const [base, peer] = ["c", "diffrax"].map((name) => measurements.find(({ system }) => system === name));
  const floor = floors[workload];
  if (base === undefined || peer === undefined || floor === undefined) return [];
  const ratio = median(peer.rounds) / median(base.rounds);
  const verdict = ratio * 1.15 >= floor ? "reached" : "NOT reached";
  return [`  c is ${ratio.toPrecision(3)} times as fast as diffrax; floor ${floor} within 1.15: ${verdict}`];
}
