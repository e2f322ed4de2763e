/**
 * A field on its motions, asked: coverage, the mean of tr(df/dv), the equations for g, two fitted g, and the verdicts.
 */
import {
  array,
  at,
  compile,
  divergence,
  type HostTensor,
  mean,
  slice,
  type Target,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { algebraicCertificate } from "../../diagnostic/helmholtz/algebraic-certificate.ts";
import { type MeanDivergence, meanDivergence } from "../../diagnostic/helmholtz/mean-divergence.ts";
import type { SecondOrderField } from "../../diagnostic/helmholtz/second-order-field.ts";
import { type StateCoverage, stateCoverage } from "../../diagnostic/state-coverage.ts";
import { hostRandom } from "../../random/host-random.ts";
import type { Quantity } from "../quantity.ts";
import type { Clock } from "../run-control.ts";
import { certify } from "./certificate.ts";
import { describeDiagnosis } from "./describe-diagnosis.ts";
import type { FieldFamily } from "./field-family.ts";
import { findMetric, type MetricFinding } from "./fitted-metric.ts";
import type { MotionCoverage, MotionDiagnosis } from "./motion-diagnosis.ts";
import { returningShare } from "./returning.ts";
import type { MotionStates } from "./scaled-motion.ts";
import { allOpen, type Evidence, mostCoordinates, verdictsOf, verdictThresholds } from "./verdicts.ts";

/** How long and where a diagnosis works. */
export interface DiagnoseMotionOptions {
  /** Integer of at least 0; default 0. */
  readonly seed?: number | undefined;
  /** Most steps of each fitted g; default 3,000. */
  readonly steps?: number | undefined;
  /** s for all; default 45. */
  readonly timeBudget?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly target?: Target | undefined;
  readonly onProgress?: ((progress: DiagnoseProgress) => void) | undefined;
}

/** One word of progress. */
export interface DiagnoseProgress {
  readonly doing: string;
  /** 0 to 1. */
  readonly fraction: number;
  /** The metric; NaN where none is fitted. */
  readonly loss: number;
}

/** A field with motions, in units of the motion. */
export interface FieldQuestion
  extends Pick<MotionDiagnosis, "name" | "source" | "field" | "fieldError" | "portraits" | "energyLoss"> {
  readonly coordinates: readonly Quantity[];
  readonly time: Quantity;
  /** The unit of the motion's time in that of `time`. */
  readonly timeUnit: number;
  /** The first member of the first family is asked; the others fit as well. */
  readonly families: readonly FieldFamily[];
  readonly motions: readonly MotionStates[];
  readonly structure: string | null;
  readonly samples: number;
  /** Recordings, or motions of a system, also where none can be asked. */
  readonly trajectories: number;
  /** Of positions, in units of the motion. */
  readonly noise: number;
  /** The shortest period in the motion's unit; null where nothing swings. */
  readonly period: number | null;
  readonly notes: readonly string[];
}

/** Options with a clock that ran before, and a target. */
export interface FieldSetting {
  readonly seed: number;
  readonly steps: number;
  readonly timeBudget: number;
  readonly clock: Clock;
  readonly target: Target;
  readonly signal: AbortSignal | undefined;
  readonly tell: (progress: DiagnoseProgress) => void;
}

/** States that g is fitted to, and those it is measured on, at most. */
const fittedStates = 1024;
const leftStates = 256;
const certifiedStates = 48;
/** States that tell which g to start with. */
const startStates = 24;
/** Rows of each motion of which the mean divergence is taken, at most. */
const divergenceRows = 200;
/** States on which the energy of g is asked, at most about. */
const energyStates = 4000;

/** Asks the field. */
export async function diagnoseField(question: FieldQuestion, setting: FieldSetting): Promise<MotionDiagnosis> {
  const { families, motions, coordinates, structure, fieldError } = question;
  const { target, clock, tell } = setting;
  const covered = coverageOf(question, motions);
  tell({ doing: "divergence", fraction: 0.2, loss: Number.NaN });
  const volume = await divergenceOf(families, motions, target);
  const length = Math.max(...motions.map(({ times }) => times.at(-1) as number));
  const open: Evidence = {
    coordinates: coordinates.length,
    fieldError,
    recordings: new Set(motions.map(({ trajectory }) => trajectory)).size,
    ...covered,
    divergence: { ...volume, length },
    returning: returningShare(motions, coordinates.length),
    energyLoss: energyEvidence(question),
    timeIndependent: null,
    timeDependent: null,
    certificate: null,
    structure,
  };
  // What cannot be answered is not computed.
  const isAsked = coordinates.length > 1 && coordinates.length <= mostCoordinates && structure === null;
  const evidence = isAsked && !isUndecided(open) ? await asked(question, setting, open) : open;
  const verdicts = verdictsOf(evidence);
  const perTime = 1 / question.timeUnit;
  const content = {
    // What does not come back does not swing: the period that was found is that of the noise.
    ...shared({ ...question, period: open.returning >= verdictThresholds.returning ? question.period : null }, covered),
    divergence: {
      mean: volume.mean * perTime,
      low: volume.low * perTime,
      high: volume.high * perTime,
      motions: volume.motions.map((value) => value * perTime),
    },
    metrics: [evidence.timeIndependent, evidence.timeDependent].filter((each) => each !== null),
    certificate: evidence.certificate,
    verdicts,
  };
  return Object.freeze({ ...content, summary: describeDiagnosis(content), seconds: clock.elapsed() });
}

/** A diagnosis without answers, for one reason. */
export function openDiagnosis(
  question: Omit<FieldQuestion, "families" | "motions"> & { readonly motions?: readonly MotionStates[] },
  reason: string,
  clock: Clock,
): MotionDiagnosis {
  const covered = coverageOf(question, question.motions ?? []);
  const content = {
    ...shared({ motions: [], ...question }, covered),
    divergence: null,
    metrics: [],
    certificate: null,
    verdicts: allOpen(reason),
  };
  return Object.freeze({ ...content, summary: describeDiagnosis(content), seconds: clock.elapsed() });
}

function coverageOf(
  { coordinates, noise }: Pick<FieldQuestion, "coordinates" | "noise">,
  motions: readonly MotionStates[],
): StateCoverage {
  return stateCoverage({ coordinates: coordinates.length, paths: motions.map(statesOf), noise });
}

function shared(
  {
    name,
    source,
    field,
    fieldError,
    coordinates,
    time,
    notes,
    portraits,
    energyLoss,
    ...rest
  }: Omit<FieldQuestion, "families">,
  covered: StateCoverage,
) {
  const { motions, timeUnit, samples, trajectories, period } = rest;
  const length = motions.reduce((sum, { times }) => sum + (times.at(-1) ?? 0), 0);
  const coverage: MotionCoverage = {
    ...covered,
    trajectories,
    samples,
    length: length * timeUnit,
    swings: period === null || length === 0 ? null : length / period,
  };
  return {
    name,
    source,
    field,
    fieldError,
    coordinates,
    time,
    coverage,
    portraits,
    energyLoss,
    notes,
    thresholds: verdictThresholds,
  };
}

/** In units of the motion. */
function energyEvidence({ energyLoss, timeUnit }: FieldQuestion): Evidence["energyLoss"] {
  if (energyLoss === null) return null;
  const { bins, swings, level } = energyLoss;
  const least = Math.min(...bins.map(({ damping }) => damping.low)) * timeUnit;
  return { least, bins: bins.length, swings, level };
}

function isUndecided(evidence: Evidence): boolean {
  return verdictsOf(evidence).dissipation.reason === verdictsOf(evidence).lagrangian.reason;
}

/** The equations and both fitted g. */
async function asked(
  { families, motions }: FieldQuestion,
  setting: FieldSetting,
  evidence: Evidence,
): Promise<Evidence> {
  const { target, seed, steps, timeBudget, clock, tell, signal } = setting;
  const { fitted, left } = chosenStates(motions, seed);
  const points = thinned([...fitted, ...left], certifiedStates);
  tell({ doing: "equations for g", fraction: 0.3, loss: Number.NaN });
  const certificate = certify(families, joined(points), target);
  const field = mainField(families);
  const { start } = algebraicCertificate({ field, points: joined(thinned(fitted, startStates)), derivatives: 1 });
  const even = evenMotions(motions, Math.max(2, Math.floor(energyStates / motions.length)));
  const find = async (timeDependent: boolean, share: number, from: number): Promise<MetricFinding> => {
    await clock.rest();
    const doing = timeDependent ? "g with time" : "g without time";
    return findMetric({
      field,
      fitted,
      left,
      start,
      motions: even,
      threshold: verdictThresholds.metric,
      timeDependent,
      seed,
      steps,
      timeBudget: Math.max(0, timeBudget - clock.elapsed()) * share,
      target,
      signal,
      onStep: (step, loss) => tell({ doing, fraction: from + (0.3 * step) / steps, loss }),
    });
  };
  const timeIndependent = await find(false, 0.5, 0.4);
  const timeDependent = await find(true, 1, 0.7);
  return { ...evidence, certificate, timeIndependent, timeDependent };
}

function mainField(families: readonly FieldFamily[]): SecondOrderField {
  const [{ field, members } = { field: null, members: [] }] = families;
  return (field as NonNullable<typeof field>)(members[0] as never);
}

/** The mean for the field, its interval widened by what the other fields say. */
async function divergenceOf(
  families: readonly FieldFamily[],
  motions: readonly MotionStates[],
  target: Target,
): Promise<MeanDivergence> {
  const points = evenMotions(motions, divergenceRows);
  if (points === null) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN, motions: [] };
  const own = await meanDivergence({ field: mainField(families), points, target });
  const [plain, ...others] = families.flatMap((family) => plainMeans(family, points, target)) as [number, ...number[]];
  const squares = others.map((other) => (other - plain) ** 2);
  const among = 2 * Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / Math.max(1, squares.length));
  const half = Math.sqrt(((own.high - own.low) / 2) ** 2 + among ** 2);
  return { ...own, low: own.mean - half, high: own.mean + half };
}

/** The mean of tr(df/dv) over all points, for each member: one program for all. */
function plainMeans({ field, members }: FieldFamily, points: HostTensor, target: Target): readonly number[] {
  const n = ((points.shape[2] as number) - 1) / 2;
  const trace = (coefficients: Tensor, all: Tensor): Tensor => {
    const asked = field(coefficients);
    const atPoint = (point: Tensor): Tensor =>
      divergence((u) => asked(at(point, 0), slice(point, 0, 1, 1 + n), u))(slice(point, 0, 1 + n));
    return mean(vmap(vmap(atPoint))(all));
  };
  const program = compile(trace, [members[0] as HostTensor, points], target);
  return members.map((member) => program.callSync(member, points).data[0] as number);
}

/** Motions of one number of rows up to `most`, [motions, rows, 1 + 2 n]: those shorter than half the longest are left out. */
function evenMotions(motions: readonly MotionStates[], most: number): HostTensor | null {
  const longest = Math.max(0, ...motions.map(({ times }) => times.length));
  const long = motions.filter(({ times }) => times.length >= Math.max(16, longest / 2));
  if (long.length === 0) return null;
  const shortest = Math.min(...long.map(({ times }) => times.length));
  const stride = Math.ceil(shortest / most);
  const rows = long.map((motion) =>
    rowsOf(motion)
      .slice(0, shortest)
      .filter((_, row) => row % stride === 0),
  );
  const width = (rows[0] as readonly Float64Array[])[0]?.length as number;
  return array(Float64Array.from(rows.flat().flatMap((row) => [...row])), [rows.length, rows[0]?.length ?? 0, width]);
}

/** Time, positions and velocities of each row. */
function rowsOf({ times, positions, velocities }: MotionStates): readonly Float64Array[] {
  const n = positions.length / times.length;
  return Array.from(times, (time, row) =>
    Float64Array.from([
      time,
      ...positions.subarray(row * n, (row + 1) * n),
      ...velocities.subarray(row * n, (row + 1) * n),
    ]),
  );
}

function statesOf(motion: MotionStates): Float64Array {
  return Float64Array.from(rowsOf(motion).flatMap((row) => [...row.subarray(1)]));
}

/** Every fifth motion is left out; of fewer than five the last fifth of each. In random order. */
function chosenStates(motions: readonly MotionStates[], seed: number) {
  const random = hostRandom(seed);
  const parts = motions.flatMap((motion) => {
    const rows = rowsOf(motion);
    const cut = Math.floor(0.8 * rows.length);
    return motions.length < 5 ? [rows.slice(0, cut), rows.slice(cut)] : [rows];
  });
  const isLeft = (part: number): boolean => (motions.length < 5 ? part % 2 === 1 : part % 5 === 4);
  const shuffled = (rows: readonly Float64Array[], most: number): readonly Float64Array[] => {
    const chosen = [...thinned(rows, most)];
    for (let at = chosen.length - 1; at > 0; at--) {
      const other = Math.floor(random.uniform() * (at + 1));
      [chosen[at], chosen[other]] = [chosen[other] as Float64Array, chosen[at] as Float64Array];
    }
    return chosen;
  };
  return {
    fitted: shuffled(parts.filter((_, part) => !isLeft(part)).flat(), fittedStates),
    left: shuffled(parts.filter((_, part) => isLeft(part)).flat(), leftStates),
  };
}

/** At most about `most` of them, evenly. */
function thinned<T>(rows: readonly T[], most: number): readonly T[] {
  const stride = Math.max(1, rows.length / most);
  return Array.from({ length: Math.floor(rows.length / stride) }, (_, i) => rows[Math.floor(i * stride)] as T);
}

function joined(rows: readonly Float64Array[]): HostTensor {
  return array(Float64Array.from(rows.flatMap((row) => [...row])), [rows.length, rows[0]?.length ?? 0]);
}
