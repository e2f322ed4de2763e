/**
 * The end of a report: one line a workload.
 */
import type { Standards } from "../references.ts";
import { align } from "./align.ts";
import type { CommonRow } from "./rows.ts";
import { fastestPeer, isOwn, verdictOn } from "./verdict.ts";

/** All rows of one workload and what they are held to. */
export interface Block {
  readonly rows: readonly CommonRow[];
  readonly known: Standards;
}

/** Ratios to C of each target of ours and of the fastest peer, and what misses its bar. */
export function summaryOf(blocks: readonly Block[]): string[] {
  const targets = [...new Set(blocks.flatMap(({ rows }) => rows.filter(isOwn).map(({ system }) => system)))];
  const lines = blocks.map(({ rows, known }) => {
    const peer = fastestPeer(rows);
    const missed = rows.filter((row) => verdictOn(row, rows, known)?.met === false);
    return [
      rows[0]?.workload ?? "",
      ...targets.map((target) => ratioCell(rows.find(({ system }) => system === target))),
      ratioCell(peer),
      peer === undefined ? "-" : peer.system,
      missed.map(({ system }) => system).join(" ") || "-",
    ];
  });
  return align([["times C", ...targets, "fastest peer", "", "misses its bar"], ...lines]);
}

function ratioCell(row: CommonRow | undefined): string {
  if (row === undefined || row.timesC === null) return "-";
  return row.timesC.median.toFixed(2) + (row.equalWork ? "" : " (NO equal work)");
}
