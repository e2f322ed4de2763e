/**
 * Diagnosis of systems of which the answer is known, from their data with noise: what the thresholds come from.
 *
 * 20 motions of 151 samples of each system, with noise in shares of each column's standard deviation. A verdict is right,
 * open (`not-enough-data`) or wrong; the thresholds are to leave none wrong.
 */
import { diagnoseData, type MotionDiagnosis, simulate, systemNamed, type Verdict } from "@leastaction/dynamics";

/** A system with what is known of it. */
export interface KnownCase {
  readonly system: string;
  /** s. */
  readonly duration: number;
  readonly parameters: Readonly<Record<string, number>>;
  /** Without time, with time, dissipation; null where it is not known. */
  readonly truth: readonly [lagrangian: Verdict, timeDependent: Verdict | null, dissipation: Verdict];
}

const yes = "exists";
const no = "does-not-exist";

/** The systems. */
export const knownCases: readonly KnownCase[] = [
  { system: "henon-heiles", duration: 13, parameters: {}, truth: [yes, yes, no] },
  { system: "charged-particle", duration: 6.5, parameters: {}, truth: [yes, yes, no] },
  { system: "fput-chain-3", duration: 20, parameters: {}, truth: [yes, yes, no] },
  { system: "douglas-iv", duration: 1, parameters: {}, truth: [no, no, no] },
  { system: "douglas-iiib", duration: 1, parameters: {}, truth: [no, no, no] },
  { system: "double-pendulum", duration: 5, parameters: {}, truth: [yes, yes, no] },
  { system: "double-pendulum", duration: 5, parameters: { damping: 0.3 }, truth: [no, null, yes] },
  { system: "kepler", duration: 13, parameters: {}, truth: [yes, yes, no] },
];

/** Shares of each column's standard deviation. */
export const noises: readonly number[] = [0.01, 0, 0.05];

/** One diagnosis. */
export interface Row {
  readonly system: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly noise: number;
  readonly seed: number;
  readonly truth: KnownCase["truth"];
  readonly verdicts: readonly [Verdict, Verdict, Verdict];
  /** Error of accelerations in pieces left out. */
  readonly fieldError: number | null;
  readonly thickness: number;
  /** Metric without time and with it; none where it was not asked. */
  readonly metrics: readonly number[];
  /** Share of states without a regular g, and how certain the equations are. */
  readonly refuted: number | null;
  readonly equationError: number | null;
  /** Mean of tr(df/dv) with its interval, 1/s. */
  readonly divergence: readonly number[];
}

/** Diagnoses one case at one noise. */
export async function diagnoseCase(known: KnownCase, noise: number, steps: number, seed: number): Promise<Row> {
  const { system, duration, parameters, truth } = known;
  const options = { seed, trajectories: 20, samples: 151, duration, noise: { relative: noise }, parameters };
  const { dataset } = simulate(systemNamed(system), options);
  const found = await diagnoseData(dataset, { steps, timeBudget: 600 });
  return { system, parameters, noise, seed, truth, ...numbersOf(found) };
}

function numbersOf(found: MotionDiagnosis) {
  const { lagrangian, lagrangianTimeDependent, dissipation } = found.verdicts;
  const { divergence, certificate, metrics, fieldError, coverage } = found;
  return {
    verdicts: [lagrangian.verdict, lagrangianTimeDependent.verdict, dissipation.verdict] as const,
    fieldError: fieldError === null ? null : rounded(fieldError),
    thickness: rounded(coverage.thickness),
    metrics: metrics.map(({ total }) => rounded(total)),
    refuted: certificate === null ? null : rounded(certificate.share),
    equationError: certificate === null ? null : rounded(certificate.error),
    divergence: divergence === null ? [] : [divergence.mean, divergence.low, divergence.high].map(rounded),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** How many verdicts of rows are right, open and wrong. */
export function scoreOf(
  rows: readonly Pick<Row, "truth" | "verdicts">[],
): Readonly<Record<"right" | "open" | "wrong", number>> {
  const pairs = rows.flatMap(({ truth, verdicts }) =>
    verdicts.map((verdict, i) => [verdict, truth[i] ?? null] as const),
  );
  const known = pairs.filter(([, truth]) => truth !== null);
  const open = known.filter(([verdict]) => verdict === "not-enough-data").length;
  const right = known.filter(([verdict, truth]) => verdict === truth).length;
  return { right, open, wrong: known.length - right - open };
}
