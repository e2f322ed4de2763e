/**
 * From rounds to the rows that are written as JSON.
 */
import type { Measurement } from "../measure.ts";
import type { Reference, Tolerance } from "../references.ts";

/** One system on one workload; times in ms per step over the rounds. */
export interface Row {
  readonly workload: string;
  readonly system: string;
  readonly dtype: string;
  readonly threads: number;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Tracing, compiling and the first run. */
  readonly firstCallMs: number;
  /** Owned for the step; null where the system cannot tell. */
  readonly bytes: number | null;
  /** Whether the first step and the last loss of a round agree with the float64 reference. */
  readonly equalWork: boolean;
  readonly loss: number;
  readonly lossReference: number;
  readonly gradientNorm: number;
  readonly gradientNormReference: number;
  /** Of the last step of a round: agreement shows that the updates are the same too. */
  readonly lastLoss: number;
  readonly lastLossReference: number;
}

const usual = {
  float32: { loss: 1e-5, gradientNorm: 1e-5, lastLoss: 1e-4 },
  float64: { loss: 1e-10, gradientNorm: 1e-10, lastLoss: 1e-9 },
} as const;

/** The agreement that counts as equal work on a workload: its own where it has one. */
export function toleranceOf({ tolerance }: Pick<Reference, "tolerance">, dtype: "float32" | "float64"): Tolerance {
  return { ...usual[dtype], ...tolerance?.[dtype] };
}

/** The row of one measurement. */
export function rowOf(
  workload: string,
  { system, facts, rounds, lastLoss }: Measurement,
  known: Pick<Reference, "loss64" | "gradientNorm64" | "afterSteps" | "tolerance">,
): Row {
  const { dtype, threads, firstCallMs, bytes, loss, gradientNorm } = facts;
  const tolerance = toleranceOf(known, dtype);
  const near = (found: number, expected: number, within: number): boolean =>
    Math.abs(found - expected) <= within * Math.abs(expected);
  return {
    workload,
    system,
    dtype,
    threads,
    medianMs: median(rounds),
    minMs: Math.min(...rounds),
    maxMs: Math.max(...rounds),
    firstCallMs,
    bytes,
    equalWork:
      near(loss, known.loss64, tolerance.loss) &&
      near(gradientNorm, known.gradientNorm64, tolerance.gradientNorm) &&
      near(lastLoss, known.afterSteps.loss64, tolerance.lastLoss),
    loss,
    lossReference: known.loss64,
    gradientNorm,
    gradientNormReference: known.gradientNorm64,
    lastLoss,
    lastLossReference: known.afterSteps.loss64,
  };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}
