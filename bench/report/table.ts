/**
 * The table that people read: one block a workload, ratios to the hand-written C round by round.
 */
import type { Measurement } from "../measure.ts";
import { align, ratioCells } from "./align.ts";
import { median, type Row } from "./rows.ts";

/** How many times faster than PyTorch eager, in the plain form, honest C is at least (within 1.15). */
const floors: Readonly<Record<string, number>> = { "vin-sv": 115, hnn: 2 };

/** The block of one workload as lines. */
export function tableOf(rows: readonly Row[], measurements: readonly Measurement[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const base = measurements.find(({ system }) => system === "c");
  const cells = rows.map((row, i) => cellsOf(row, measurements[i] as Measurement, base));
  const lines = align([
    ["system", "ms/step", "min", "max", "times C", "(spread)", "first call ms", "bytes", "equal work"],
    ...cells,
  ]);
  const title = `${first.workload} (${first.dtype}, ${first.threads} thread, median of ${measurements[0]?.rounds.length} rounds)`;
  return [title, ...lines.map((line) => `  ${line}`), ...notesOnBaseline(first.workload, measurements)];
}

function cellsOf(row: Row, { rounds }: Measurement, base: Measurement | undefined): string[] {
  return [
    row.system,
    row.medianMs.toPrecision(4),
    row.minMs.toPrecision(4),
    row.maxMs.toPrecision(4),
    ...ratioCells(rounds, base?.rounds),
    row.firstCallMs.toFixed(row.firstCallMs < 10 ? 2 : 0),
    row.bytes === null ? "-" : String(row.bytes),
    row.equalWork ? "yes" : `NO: loss ${row.loss}, norm ${row.gradientNorm}, last loss ${row.lastLoss}`,
  ];
}

/** Whether the baseline is honest: its distance to PyTorch and to the machine's peak. */
function notesOnBaseline(workload: string, measurements: readonly Measurement[]): string[] {
  const base = measurements.find(({ system }) => system === "c");
  if (base === undefined) return [];
  const notes: string[] = [];
  const ms = median(base.rounds);
  const plain = measurements.find(({ system }) => system === "torch-plain");
  const floor = floors[workload];
  if (plain !== undefined && floor !== undefined) {
    const ratio = median(plain.rounds) / ms;
    const verdict = ratio * 1.15 >= floor ? "reached" : "NOT reached";
    notes.push(`  c is ${ratio.toPrecision(3)} times as fast as torch-plain; floor ${floor} within 1.15: ${verdict}`);
  }
  const { flops, peakGflops } = base.facts;
  if (flops !== undefined && peakGflops !== undefined) {
    const rate = (flops / ms) * 1e-6;
    const share = ((100 * rate) / peakGflops).toFixed(0);
    notes.push(`  c runs at ${rate.toFixed(0)} GFLOP/s, ${share} % of a bare multiply-add loop (${peakGflops})`);
  }
  return notes;
}
