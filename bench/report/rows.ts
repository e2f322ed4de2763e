/**
 * From rounds to the rows that are written as JSON: what all workloads share, and the rows of those that train.
 */
import type { SystemFacts } from "../contender.ts";
import type { Measurement } from "../measure.ts";
import type { Reference, Tolerance } from "../references.ts";

/** The middle and the ends of what was measured. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One system on one workload; times in ms per step, or per solve, over the rounds. */
export interface CommonRow {
  readonly workload: string;
  readonly system: string;
  readonly dtype: string;
  readonly threads: number;
  readonly rounds: number;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Times the hand-written C of the same round; null where that did not run. */
  readonly timesC: Spread | null;
  /** Tracing, compiling and the first run. */
  readonly firstCallMs: number;
  /** Owned for the step; null where the system cannot tell. */
  readonly bytes: number | null;
  /** Times the bytes of the hand-written C; null where either is not known. */
  readonly bytesTimesC: number | null;
  /** Whether what was computed agrees with the reference: else its time means nothing. */
  readonly equalWork: boolean;
}

/** One system on one workload that trains. */
export interface Row extends CommonRow {
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

/** The rows of the measurements of a workload that trains. */
export function rowsOf(
  workload: string,
  measurements: readonly Measurement[],
  known: Pick<Reference, "loss64" | "gradientNorm64" | "afterSteps" | "tolerance">,
): readonly Row[] {
  const base = measurements.find(({ system }) => system === "c");
  return measurements.map((measurement) => {
    const { facts, lastLoss } = measurement;
    const tolerance = toleranceOf(known, facts.dtype);
    const near = (found: number, expected: number, within: number): boolean =>
      Math.abs(found - expected) <= within * Math.abs(expected);
    return {
      ...commonRow(workload, measurement, base),
      equalWork:
        near(facts.loss, known.loss64, tolerance.loss) &&
        near(facts.gradientNorm, known.gradientNorm64, tolerance.gradientNorm) &&
        near(lastLoss, known.afterSteps.loss64, tolerance.lastLoss),
      loss: facts.loss,
      lossReference: known.loss64,
      gradientNorm: facts.gradientNorm,
      gradientNormReference: known.gradientNorm64,
      lastLoss,
      lastLossReference: known.afterSteps.loss64,
    };
  });
}

/** What the rows of all workloads share, but for the judgement whether the work was equal. */
export function commonRow(
  workload: string,
  { system, facts, rounds }: Measurement<SystemFacts>,
  base: Measurement<SystemFacts> | undefined,
): Omit<CommonRow, "equalWork"> {
  const { median, min, max } = spreadOf(rounds);
  const { dtype, threads, firstCallMs, bytes } = facts;
  const bytesOfC = base?.facts.bytes;
  return {
    workload,
    system,
    dtype,
    threads,
    rounds: rounds.length,
    medianMs: median,
    minMs: min,
    maxMs: max,
    timesC: base === undefined ? null : spreadOf(ratiosOf(rounds, base.rounds)),
    firstCallMs,
    bytes,
    bytesTimesC: bytes === null || typeof bytesOfC !== "number" ? null : bytes / bytesOfC,
  };
}

/** Round by round, as far as both have rounds. */
function ratiosOf(rounds: readonly number[], base: readonly number[]): readonly number[] {
  return rounds.slice(0, base.length).map((ms, i) => ms / (base[i] as number));
}

/** Median, least and greatest. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
  return { median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}
