/**
 * What is concluded, by stated thresholds: a verdict only where the evidence allows one, and the reason in words.
 *
 * `docs/diagnose.md` has the experiments that the thresholds come from. No probability is given: it would need to be known
 * how often fields of each kind are measured.
 */
import { mostEnergyDrift } from "../../diagnostic/helmholtz/energy-on-motions.ts";
import { counted, formatted } from "../plain-words.ts";
import type { Certificate } from "./certificate.ts";
import type { MetricFinding } from "./fitted-metric.ts";

/** An answer. */
export type Verdict = "exists" | "does-not-exist" | "not-enough-data";

/** An answer with its reason. */
export interface ReasonedVerdict {
  readonly verdict: Verdict;
  /** Null: none can be justified. */
  readonly probability: null;
  /** One sentence or two, without a full stop at the end. */
  readonly reason: string;
}

/** The three questions. */
export interface Verdicts {
  /** Is there a Lagrangian without time? */
  readonly lagrangian: ReasonedVerdict;
  /** Is there one that may depend on time? */
  readonly lagrangianTimeDependent: ReasonedVerdict;
  /** Does the motion lose volume of its space of states in the long run? */
  readonly dissipation: ReasonedVerdict;
}

/** What decides. */
export interface VerdictThresholds {
  /** A fitted metric at most this on states left out: a g exists. */
  readonly metric: number;
  /** Equations for g that are less certain than this decide nothing in favour. */
  readonly equationError: number;
  /** Share of points without a regular g from which on there is none. */
  readonly refutedShare: number;
  /** Error of accelerations in pieces left out, over their root mean square, above which nothing is decided. */
  readonly fieldError: number;
  /** Thickness of the visited states below which nothing is decided. */
  readonly thickness: number;
  /** Times of the longest motion and more that a mean divergence has to act to count: change of the logarithm of volume. */
  readonly change: number;
  /** Change that is no dissipation, where the interval holds 0. */
  readonly kept: number;
  /** Loss that is as good as none, whatever the interval. */
  readonly slight: number;
  /** Share of the second halves of the motions that lies where the first were, below which a change of volume tells nothing. */
  readonly returning: number;
}

/** The thresholds. */
export const verdictThresholds: VerdictThresholds = Object.freeze({
  metric: 1e-3,
  equationError: 0.05,
  refutedShare: 0.25,
  fieldError: 0.3,
  thickness: 0.01,
  change: 0.1,
  kept: 0.2,
  slight: 0.02,
  returning: 0.25,
});

/** What is known of a motion. */
export interface Evidence {
  readonly coordinates: number;
  /** Null for a field that is known exactly. */
  readonly fieldError: number | null;
  /** Recordings, or motions of a system. */
  readonly recordings: number;
  readonly thickness: number;
  readonly freeVelocity: number;
  /** See `returningShare`. */
  readonly returning: number;
  /** Per unit of the motion's time, with the length of the longest motion in it. */
  readonly divergence: { readonly mean: number; readonly low: number; readonly high: number; readonly length: number };
  /** Of one coordinate, measured at each amplitude; null where it is not known. */
  readonly energyLoss: {
    /** The least end of all bands of the equivalent linear damping, per unit of the motion's time. */
    readonly least: number;
    readonly bins: number;
    readonly swings: number;
    readonly level: number;
  } | null;
  readonly timeIndependent: MetricFinding | null;
  readonly timeDependent: MetricFinding | null;
  readonly certificate: Certificate | null;
  /** Name of a model that has an energy built in; null for a free field. */
  readonly structure: string | null;
}

/** Velocities that follow from positions so far are those of a law of first order, or of a single path. */
const leastFreeVelocity = 0.03;
/** Most coordinates that are asked for a Lagrangian. */
export const mostCoordinates = 6;

const enough = verdictThresholds;

/** The verdicts. */
export function verdictsOf(evidence: Evidence): Verdicts {
  const gap = tooLittle(evidence);
  const lost = energyIsLost(evidence);
  if (gap !== null) return lost === null ? allOpen(gap) : { ...allOpen(gap), dissipation: lost };
  const dissipation = lost ?? dissipationOf(evidence);
  const alone = noQuestion(evidence);
  if (alone !== null) return { lagrangian: open(alone), lagrangianTimeDependent: open(alone), dissipation };
  const refuted = refutation(evidence);
  if (refuted !== null) return { lagrangian: refuted, lagrangianTimeDependent: refuted, dissipation };
  const { timeDependent } = evidence;
  const without = withoutTime(evidence, dissipation);
  const within = ofMetric(timeDependent, evidence, "with time");
  const withTime =
    without.verdict === "exists"
      ? { ...without, reason: "the g without time that was found is one of these too" }
      : within;
  return { lagrangian: without, lagrangianTimeDependent: withTime, dissipation };
}

/** A g without time: where volume is lost there is none around what the motion falls to, but there may be where it was recorded. */
function withoutTime(evidence: Evidence, dissipation: ReasonedVerdict): ReasonedVerdict {
  const found = ofMetric(evidence.timeIndependent, evidence, "without time");
  const isLost = dissipation.verdict === "exists";
  if (found.verdict !== "exists") return isLost ? dissipates(evidence) : found;
  if (!isLost && !isLostSlowly(evidence)) return found;
  return open(
    `${found.reason}. But volume is lost, and around what the motion falls to no g without time is regular: what was found holds where motions were recorded at most; record longer`,
  );
}

/** Every question open, for one reason. */
export function allOpen(reason: string): Verdicts {
  return { lagrangian: open(reason), lagrangianTimeDependent: open(reason), dissipation: open(reason) };
}

function open(reason: string): ReasonedVerdict {
  return { verdict: "not-enough-data", probability: null, reason };
}

/** A regular motion fills n of 2 n directions at most, so that n more have to come from how recordings differ. */
function fewestRecordings(coordinates: number): number {
  return coordinates + 1;
}

function tooLittle({ coordinates, fieldError, recordings, thickness, freeVelocity }: Evidence): string | null {
  if (fieldError === null) return null;
  if (freeVelocity < leastFreeVelocity) {
    return `velocities follow from positions (${formatted(100 * freeVelocity, 2)} % of their variance is free): the law may be of first order, or too few paths were recorded; record motions through the same places at other velocities`;
  }
  if (recordings < fewestRecordings(coordinates)) {
    return `${counted(recordings, "recording")} of ${counted(coordinates, "coordinate")}, and at least ${fewestRecordings(coordinates)} are needed: one motion tells the field on a sheet of states and not beside it; record motions from other starts and with other energies`;
  }
  if (thickness < enough.thickness) {
    return `the states lie on a thin sheet (thickness ${formatted(thickness, 2)} beyond the noise, needed ${enough.thickness}), beside which the field is not known; record motions from other starts and with other energies`;
  }
  if (fieldError > enough.fieldError) {
    return `accelerations in pieces left out are off by ${formatted(100 * fieldError, 2)} % (at most ${100 * enough.fieldError} %): more samples, more motions or less noise are needed`;
  }
  return null;
}

function noQuestion({ coordinates, structure }: Evidence): string | null {
  if (coordinates === 1) {
    return "in one dimension every field has a Lagrangian, so there is nothing to decide; ask for the dissipation, or record a second coordinate";
  }
  if (coordinates > mostCoordinates) {
    return `${counted(coordinates, "coordinate")}, and the question is asked for at most ${mostCoordinates}; diagnose a part that moves by itself`;
  }
  if (structure === null) return null;
  return `the model ${structure} has an energy built in, so it cannot be asked; diagnose the data, or a run with --model neural-ode`;
}

/**
 * Where energy is lost at every amplitude, the states inside each curve of equal energy end inside a smaller one. No
 * derivative of a fitted field is in this, so that it also sees dry friction, which has none. Null where it is not certain;
 * it never speaks for motion that keeps its volume: a limit cycle keeps its energy and loses volume.
 */
function energyIsLost({ energyLoss, fieldError, divergence: { length } }: Evidence): ReasonedVerdict | null {
  if (energyLoss === null || !(energyLoss.least * length >= enough.change)) return null;
  if (fieldError !== null && fieldError > enough.fieldError) return null;
  const { least, bins, swings, level } = energyLoss;
  return {
    verdict: "exists",
    probability: null,
    reason: `energy is lost at every amplitude that was recorded: the ${100 * level} % bands of the damping (${counted(swings, "swing")} in ${counted(bins, "bin")}) all lie above 0, and volume shrinks by at least e^${formatted(-least * length)} over the longest motion, if nothing outside this column takes the energy or changes the law (a drive, a second coordinate, a stiffness that changes in time)`,
  };
}

/** A mean below zero by its whole interval, and enough of it to be seen, of motions that come back. */
function dissipationOf({ returning, divergence: { mean, low, high, length } }: Evidence): ReasonedVerdict {
  const numbers = `the long-time mean of tr(df/dv) changes the logarithm of volume by ${formatted(mean * length)} over the longest motion (95 %: ${formatted(low * length)} to ${formatted(high * length)})`;
  if (!Number.isFinite(low + high))
    return open("there is no interval for the mean of tr(df/dv); record more or longer motions");
  const most = Math.max(Math.abs(low), Math.abs(high)) * length;
  const holdsZero = low <= 0 && high >= 0;
  if (most <= enough.slight || (holdsZero && most <= enough.kept))
    return { verdict: "does-not-exist", probability: null, reason: numbers };
  if (!holdsZero && !(returning >= enough.returning)) {
    return open(
      `${numbers}, but the motions do not come back: ${formatted(100 * returning, 2)} % of their second halves lie where the first were (needed: ${100 * enough.returning} %), so that this may be the coordinates and no loss; record longer, or bounded motion`,
    );
  }
  if (low > 0) return { verdict: "does-not-exist", probability: null, reason: numbers };
  if (high < 0 && -mean * length >= enough.change) return { verdict: "exists", probability: null, reason: numbers };
  return open(
    high < 0
      ? `${numbers}: below 0, but too little to be called a loss (at least ${enough.change} is needed); record longer`
      : `${numbers}, which is neither below 0 nor within ${enough.kept} of it; record longer`,
  );
}

/** Whether volume is lost for certain, if too slowly for a verdict: no g without time is exact then. */
function isLostSlowly({ returning, divergence: { low, high, length } }: Evidence): boolean {
  return high < 0 && -low * length > enough.slight && returning >= enough.returning;
}

function dissipates({ divergence: { mean, length } }: Evidence): ReasonedVerdict {
  return {
    verdict: "does-not-exist",
    probability: null,
    reason: `det g would have to grow by e^${formatted(-mean * length)} over the longest motion, and without end: no g without time is regular around what the motion falls to`,
  };
}

/** Equations at single points, which hold with and without time. */
function refutation({ certificate }: Evidence): ReasonedVerdict | null {
  if (certificate === null || certificate.share < enough.refutedShare) return null;
  const { share, points, left, error } = certificate;
  return {
    verdict: "does-not-exist",
    probability: null,
    reason: `at ${formatted(100 * share, 2)} % of ${points} states the equations for g leave no regular one (they are missed by ${formatted(left, 2)}, and certain to ${formatted(error, 2)})`,
  };
}

function ofMetric(finding: MetricFinding | null, { certificate }: Evidence, kind: string): ReasonedVerdict {
  if (finding === null || certificate === null) return open("no metric was fitted");
  const fits = `the metric of a g ${kind} falls to ${formatted(finding.total, 2)} on states left out (exists: at most ${enough.metric})`;
  const sure =
    certificate.error === 0
      ? "the field is known exactly"
      : `the equations for g are certain to ${formatted(certificate.error, 2)} (needed: ${enough.equationError})`;
  if (certificate.error > enough.equationError) return open(`${sure}; ${fits}. More motions or less noise are needed`);
  if (finding.total <= enough.metric) {
    return { verdict: "exists", probability: null, reason: [fits, sure, ...energyWords(finding)].join("; ") };
  }
  return open(`${fits}, and no state shows that there is none; train longer (--steps), or record more`);
}

/** What the energy of g does, where it was asked. */
function energyWords({ energyDrift }: MetricFinding): readonly string[] {
  if (energyDrift === null) return [];
  const changes = `its energy changes by ${formatted(100 * energyDrift, 2)} % of its spread along motions that it was not fitted to`;
  return [energyDrift <= mostEnergyDrift ? changes : `${changes}, too much to rely on`];
}
