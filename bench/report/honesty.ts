/**
 * Whether the hand-written C is an honest limit: its distance to a peer, and its share of the machine's peak.
 */
import type { SystemFacts } from "../contender.ts";
import type { Measurement } from "../measure.ts";
import type { Standards } from "../references.ts";
import { spreadOf } from "./rows.ts";

/** What is known of the C of a workload; null where it cannot be told. */
export interface Honesty {
  readonly workload: string;
  /** How many times faster than a peer it is and ought to be, within 1.15. */
  readonly floor: {
    readonly against: string;
    readonly asked: number;
    readonly found: number;
    readonly met: boolean;
  } | null;
  /** GFLOP/s, and those of a bare multiply-add loop. */
  readonly peak: { readonly reached: number; readonly possible: number; readonly share: number } | null;
}

const within = 1.15;

/** What the measurements say of the C among them. */
export function honestyOf(
  workload: string,
  measurements: readonly Measurement<SystemFacts>[],
  { floor }: Standards,
): Honesty {
  const base = measurements.find(({ system }) => system === "c");
  const peer = measurements.find(({ system, facts }) => system === floor?.against && facts.threads === 1);
  if (base === undefined) return { workload, floor: null, peak: null };
  const ms = spreadOf(base.rounds).median;
  const { flops, peakGflops: possible } = base.facts;
  const reached = ((flops ?? Number.NaN) / ms) * 1e-6;
  const found = peer === undefined ? undefined : spreadOf(peer.rounds).median / ms;
  return {
    workload,
    floor:
      floor === undefined || found === undefined
        ? null
        : { against: floor.against, asked: floor.ratio, found, met: found * within >= floor.ratio },
    peak: flops === undefined || possible === undefined ? null : { reached, possible, share: reached / possible },
  };
}

/** The same in words. */
export function honestyLines({ floor, peak }: Honesty): string[] {
  const lines: string[] = [];
  if (floor !== null) {
    const { against, asked, found, met } = floor;
    const verdict = met ? "met" : "NOT met";
    lines.push(`c is ${found.toPrecision(3)} times as fast as ${against}; floor ${asked} within ${within}: ${verdict}`);
  }
  if (peak !== null) {
    const { reached, possible, share } = peak;
    lines.push(
      `c runs at ${reached.toFixed(0)} GFLOP/s, ${(100 * share).toFixed(0)} % of a bare multiply-add loop (${possible})`,
    );
  }
  return lines;
}
