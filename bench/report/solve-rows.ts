/**
 * The rows of a workload that only solves.
 */
import type { SystemFacts } from "../contender.ts";
import type { Measurement } from "../measure.ts";
import type { SolveReference } from "../references.ts";
import type { SolveFacts } from "../workloads/solve-workload.ts";
import { median } from "./rows.ts";

/** One system on one workload that only solves; times in ms per solve over the rounds. */
export interface SolveRow {
  readonly workload: string;
  readonly system: string;
  readonly dtype: string;
  readonly threads: number;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** The median over the accepted steps of all lanes, in ns. */
  readonly nsPerAcceptedStep: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Tracing, compiling and the first solve. */
  readonly firstCallMs: number;
  readonly bytes: number | null;
  /** Whether the error is within its limit. */
  readonly equalWork: boolean;
  readonly error: number;
  readonly errorLimit: number;
}

/** The row of one measurement. */
export function solveRowOf(
  workload: string,
  { system, facts, rounds }: Measurement<SolveFacts & SystemFacts>,
  { errorLimit }: Pick<SolveReference, "errorLimit">,
): SolveRow {
  const { dtype, threads, firstCallMs, bytes, error, accepted, rejected } = facts;
  const medianMs = median(rounds);
  return {
    workload,
    system,
    dtype,
    threads,
    medianMs,
    minMs: Math.min(...rounds),
    maxMs: Math.max(...rounds),
    nsPerAcceptedStep: (1e6 * medianMs) / accepted,
    accepted,
    rejected,
    firstCallMs,
    bytes,
    equalWork: error <= errorLimit,
    error,
    errorLimit,
  };
}
