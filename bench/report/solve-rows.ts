/**
 * The rows of a workload that only solves.
 */
import type { SystemFacts } from "../contender.ts";
import type { Measurement } from "../measure.ts";
import type { SolveReference } from "../references.ts";
import type { SolveFacts } from "../workloads/solve-workload.ts";
import { type CommonRow, commonRow } from "./rows.ts";

/** One system on one workload that only solves. */
export interface SolveRow extends CommonRow {
  /** The median over the accepted steps of all lanes, in ns. */
  readonly nsPerAcceptedStep: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly error: number;
  readonly errorLimit: number;
}

/** The rows of the measurements of a workload: work is equal where the error is within its limit. */
export function solveRowsOf(
  workload: string,
  measurements: readonly Measurement<SolveFacts & SystemFacts>[],
  { errorLimit }: Pick<SolveReference, "errorLimit">,
): readonly SolveRow[] {
  const base = measurements.find(({ system }) => system === "c");
  return measurements.map((measurement) => {
    const { error, accepted, rejected } = measurement.facts;
    const common = commonRow(workload, measurement, base);
    return {
      ...common,
      equalWork: error <= errorLimit,
      nsPerAcceptedStep: (1e6 * common.medianMs) / accepted,
      accepted,
      rejected,
      error,
      errorLimit,
    };
  });
}
