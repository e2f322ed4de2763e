/**
 * Diagnosis of measurements: a smooth field that fits their accelerations, or the field of a model that was fitted to them,
 * asked on the recorded motions.
 *
 * Where the data cannot tell, every question stays open, with the reason and what to do; nothing is fitted then.
 */
import { TensorError } from "@leastaction/tensor";
import type { Dataset } from "../../data/dataset.ts";
import { describeVelocities } from "../../data/describe-velocities.ts";
import { type MotionSegment, prepareSegments } from "../../data/prepare.ts";
import { chooseSampling } from "../../data/sampling.ts";
import { cutAtGaps, gapLimit, whole } from "../../data/segment.ts";
import { fromSi } from "../../data/unit.ts";
import { dependentCoordinate } from "../../diagnostic/dependent-coordinate.ts";
import { datasetFacts } from "../../model/dataset-facts.ts";
import type { DatasetFacts } from "../../model/model.ts";
import type { TrainedModel } from "../../model/trained-model.ts";
import { hostRandom } from "../../random/host-random.ts";
import { formatted, listed } from "../plain-words.ts";
import { accelerationSamples, type SmoothedMotion, smoothedMotions } from "./acceleration-samples.ts";
import { type DiagnoseMotionOptions, diagnoseField, type FieldQuestion, openDiagnosis } from "./diagnose-field.ts";
import { settingOf } from "./diagnose-system.ts";
import { singleField } from "./field-family.ts";
import { fieldOfModel, structureOf } from "./field-of-model.ts";
import { type KernelField, kernelField } from "./kernel-field.ts";
import type { MotionDiagnosis } from "./motion-diagnosis.ts";
import { motionEnergyLoss } from "./motion-energy-loss.ts";
import { portraitsOf } from "./portrait.ts";
import { scaledField, scaledStates, scalesOf } from "./scaled-motion.ts";

/** What is asked of measurements. */
export interface DiagnoseDataOptions extends DiagnoseMotionOptions {
  /** A model that was fitted to them: its field is asked then. */
  readonly model?: TrainedModel | undefined;
}

/** Fewer smoothed samples than this cannot carry a field. */
const fewestSamples = 60;
/** A motion no larger than this many times its noise is rest. */
const restFactor = 3;

/**
 * Asks measurements whether their motion has a Lagrangian, and whether it dissipates.
 *
 * @example
 * const { dataset } = simulate(systemNamed("oscillator"), { seed: 1, trajectories: 4, samples: 101, parameters: { damping: 0.3 } });
 * const { verdicts } = await diagnoseData(dataset);
 * verdicts.dissipation.verdict; // => "exists"
 *
 * Errors: no segment with at least ten times; coordinates of which one follows from the others; a model that cannot be
 * asked.
 */
export async function diagnoseData(dataset: Dataset, options: DiagnoseDataOptions = {}): Promise<MotionDiagnosis> {
  const setting = settingOf(options);
  const { segments, sampling } = preparedMotion(dataset);
  const facts = datasetFacts(dataset, segments);
  const smooth = smoothedMotions(
    segments,
    dataset.coordinates.map(({ velocity }) => velocity !== null),
  );
  const samples = smooth.reduce((sum, { times }) => sum + times.length, 0);
  const scales = scalesOf(facts);
  const still = unusable(dataset, facts, segments);
  const energy =
    still === null && options.model === undefined ? motionEnergyLoss(dataset, smooth) : { loss: null, note: null };
  const question: Omit<FieldQuestion, "families" | "motions"> = {
    name: dataset.name,
    source: options.model === undefined ? "data" : "run",
    field: "not fitted",
    fieldError: null,
    coordinates: dataset.coordinates.map(({ name, unit }) => ({ name, unit: unit.symbol })),
    time: { name: dataset.time.name, unit: dataset.time.unit.symbol },
    timeUnit: fromSi(dataset.time.unit, 1 / scales.frequency),
    structure: options.model === undefined ? null : structureOf(options.model),
    samples,
    trajectories: new Set(segments.map(({ trajectory }) => trajectory)).size,
    noise: Math.max(...facts.coordinates.map(({ noise }, i) => noise / (scales.length[i] as number))),
    portraits: portraitsOf(dataset, smooth),
    period: sampling.period === null ? null : sampling.period * scales.frequency,
    energyLoss: energy.loss,
    notes: [
      ...notesOf(dataset, `${sampling.line}; ${describeVelocities(dataset, sampling, segments)}`),
      ...(energy.note === null ? [] : [energy.note]),
    ],
  };
  if (still !== null) return openDiagnosis(question, still, setting.clock);
  if (samples < fewestSamples) {
    const reason = `${samples} samples with known velocities and accelerations, and ${fewestSamples} are needed; record longer or faster`;
    return openDiagnosis(question, reason, setting.clock);
  }
  const confused = withinNoise(dataset, facts, smooth);
  if (confused !== null) return openDiagnosis(question, confused, setting.clock);
  const motions = scaledStates(smooth, scales);
  setting.tell({ doing: "field", fraction: 0.05, loss: Number.NaN });
  await setting.clock.rest();
  const angles = { ...scales, isAngle: facts.coordinates.map(({ periodic }) => periodic) };
  const fitted = kernelField(accelerationSamples(smooth, scales), angles, hostRandom(setting.seed));
  return await diagnoseField({ ...question, ...fieldsOf(fitted, options.model, scales), motions }, setting);
}

/** All recordings at their own rate, cut at gaps. Errors: none with enough times. */
function preparedMotion(dataset: Dataset) {
  const cut = dataset.trajectories.flatMap((trajectory) => cutAtGaps(whole(trajectory), gapLimit(trajectory)));
  const sampling = { ...chooseSampling(dataset, cut), every: 1 };
  const segments = prepareSegments(dataset, cut, sampling).filter(({ times }) => times.length >= 10);
  if (segments.length > 0) return { segments: withoutFewest(segments), sampling };
  const longest = Math.max(0, ...cut.map(({ times }) => times.length));
  throw new TensorError(
    `Cannot diagnose ${dataset.name}: expected recordings of at least 10 times without a gap, got ${longest} at most`,
    "Velocities and accelerations need neighbours in time: record faster or longer, or name the column that separates recordings: --column NAME=trajectory.",
    "too-little-data",
  );
}

/** The longest 200: more tell nothing new. */
function withoutFewest(segments: readonly MotionSegment[]): readonly MotionSegment[] {
  if (segments.length <= 200) return segments;
  return [...segments].sort((a, b) => b.times.length - a.times.length).slice(0, 200);
}

/** Oddities that bear on what is asked. */
const notedKinds: readonly string[] = [
  "wrapped",
  "degrees-as-radians",
  "too-few-samples",
  "rate-mismatch",
  "missing",
  "gap",
  "unused-column",
];

function notesOf(dataset: Dataset, sampling: string): readonly string[] {
  const { controls, reading } = dataset;
  const estimated = dataset.coordinates.filter(({ velocity }) => velocity === null).map(({ name }) => name);
  return [
    sampling,
    ...(estimated.length === 0
      ? []
      : [`velocities of ${listed(estimated)} are slopes of a smoothing spline through the positions`]),
    ...(controls.length === 0
      ? []
      : [
          `controls (${listed(controls.map(({ name }) => name))}) are not in the field: what they do counts as noise; diagnose a part without control (--start, --stop), or a run that was fitted with them`,
        ]),
    ...reading.oddities
      .filter(({ kind }) => notedKinds.includes(kind))
      .map(({ column, found, remedy }) => `${column ?? "the table"}: ${found}. ${remedy}`),
  ];
}

/** Why nothing can be asked of columns that are empty, rest, or contradict each other; null where all can be used. */
function unusable(
  { coordinates, reading }: Dataset,
  facts: DatasetFacts,
  segments: readonly MotionSegment[],
): string | null {
  const leaveOut = (name: string): string => `leave it out: --column ${name}=ignore`;
  const n = coordinates.length;
  const empty = coordinates.find((_, i) =>
    segments.every(({ positions }) => positions.every((value, at) => at % n !== i || !Number.isFinite(value))),
  );
  if (empty !== undefined) return `${empty.name} has no values; ${leaveOut(empty.name)}`;
  const resting = facts.coordinates.filter(
    ({ range: [from, to], scale, noise }) => to === from || scale <= restFactor * noise,
  );
  if (resting.length === n) {
    return "nothing moves: no coordinate varies by more than three times its noise; record a motion";
  }
  const [still] = resting.filter(({ range: [from, to] }) => to !== from);
  if (still !== undefined) {
    return `${still.name} rests: it does not vary by more than three times its noise; record a motion of it, or ${leaveOut(still.name)}`;
  }
  const wrong = reading.oddities.find(({ kind }) => kind === "rate-mismatch");
  return wrong === undefined
    ? null
    : `${wrong.column ?? "a velocity"}: ${wrong.found}. ${wrong.remedy.replace(/\.$/, "")}`;
}

/** A coordinate that follows from the others has less than this share of its variance for itself. */
const exact = 1e-6;

/**
 * Why nothing can be asked where the noise hides what a coordinate does beside the others; null where it does not.
 * Errors: a coordinate that follows from the others.
 */
function withinNoise(
  dataset: Dataset,
  { coordinates }: DatasetFacts,
  motions: readonly SmoothedMotion[],
): string | null {
  const positions = Float64Array.from(motions.flatMap((motion) => [...motion.positions]));
  const found = dependentCoordinate(
    positions,
    coordinates.map(({ noise }) => noise),
  );
  if (found === null) return null;
  const names = dataset.coordinates.map(({ name }) => name);
  const own = names[found.coordinate] as string;
  const unit = (i: number): number => fromSi(dataset.coordinates[i]?.unit as never, 1);
  const terms = found.factors.flatMap((factor, i) => {
    return factor === 0 ? [] : [`${formatted((factor * unit(found.coordinate)) / unit(i))} ${names[i]}`];
  });
  const law = terms.length === 0 ? `a constant ${own}` : `${own} = ${terms.join(" + ")}, up to a constant`;
  if (found.untold > exact) {
    return `${law}, within the noise (${formatted(100 * found.untold, 2)} % of the variance of ${own} is its own): record motions in which it moves by itself, or, if it is bound to follow, leave it out: --column ${own}=ignore`;
  }
  throw new TensorError(
    `Cannot diagnose ${dataset.name}: expected coordinates that move independently, got ${law}`,
    `Leave one of them out: --column ${own}=ignore.`,
  );
}

/** The field that was fitted here, or the model's with that one beside it. */
function fieldsOf(
  { families, error }: KernelField,
  model: TrainedModel | undefined,
  scales: ReturnType<typeof scalesOf>,
): Pick<FieldQuestion, "families" | "field" | "fieldError"> {
  if (model === undefined)
    return { families, field: "a sum of Gaussian bells fitted to the accelerations", fieldError: error };
  const own = singleField(scaledField(fieldOfModel(model), scales));
  return { families: [own, ...families], field: `that of the model ${model.record.name}`, fieldError: error };
}
