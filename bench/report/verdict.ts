/**
 * What a row is held to: a bar against hand-written C (`bars` of `reference/ID.json`), or the fastest peer.
 */
import type { Standards } from "../references.ts";
import { targets } from "../targets.ts";
import type { CommonRow } from "./rows.ts";

/** What a row is held to and whether it holds. */
export interface Verdict {
  readonly met: boolean;
  /** In words. */
  readonly against: string;
}

/** Whether a row is one of ours. */
export function isOwn({ system }: Pick<CommonRow, "system">): boolean {
  return system in targets;
}

/** The fastest peer that did equal work; with one thread, as we have, where any such peer was measured. */
export function fastestPeer<Row extends CommonRow>(rows: readonly Row[]): Row | undefined {
  const peers = rows.filter((row) => row.equalWork && row.system !== "c" && !isOwn(row));
  const alone = peers.filter(({ threads }) => threads === 1);
  return [...(alone.length === 0 ? peers : alone)].sort((a, b) => a.medianMs - b.medianMs)[0];
}

/** The verdict on a row among all rows of its workload; null where nothing is asked or nothing can be said. */
export function verdictOn(row: CommonRow, rows: readonly CommonRow[], { bars = {} }: Standards): Verdict | null {
  if (row.system === "native") return besidePeers(row, fastestPeer(rows));
  const [bar, ratio] = [bars[row.system], row.timesC?.median];
  if (bar === undefined || ratio === undefined) return null;
  return { met: row.equalWork && ratio <= bar, against: `at most ${bar} C` };
}

function besidePeers({ equalWork, medianMs }: CommonRow, peer: CommonRow | undefined): Verdict | null {
  if (peer === undefined) return null;
  const name = peer.threads === 1 ? peer.system : `${peer.system} on ${peer.threads} threads`;
  return { met: equalWork && medianMs < peer.medianMs, against: `${(peer.medianMs / medianMs).toFixed(2)}x ${name}` };
}
