/**
 * What all members of a fit share, made from the data and the options alone: the same here and in every worker.
 */
import { type Target, TensorError, wasm } from "@leastaction/tensor";
import type { Dataset } from "../data/dataset.ts";
import { describeVelocities } from "../data/describe-velocities.ts";
import { type MotionSegment, prepareSegments } from "../data/prepare.ts";
import { chooseSampling, type Sampling } from "../data/sampling.ts";
import type { Segment } from "../data/segment.ts";
import type { Smoothing } from "../data/smoothing.ts";
import { type Span, usedSpan } from "../data/span.ts";
import { type SplitOptions, splitUses, type Uses } from "../data/uses.ts";
import { datasetFacts, trainingSamples } from "../model/dataset-facts.ts";
import { expectModel } from "../model/expect-model.ts";
import type { AnyModel, Samples } from "../model/model.ts";
import { candidatesFor, misfit, modelNamed } from "../model/registry.ts";
import { trainedRegion } from "../model/trained-region.ts";
import type { DraftSetting } from "./draft-record.ts";
import { findDelays } from "./find-delays.ts";
import { meanDistance, type Probe, probesOf } from "./probe-widening.ts";

/** Shares of the training data that `fit` selects and calibrates on, 0 to 1, when not stated. */
export const fitShares: Required<Pick<SplitOptions, "select" | "calibrate">> = Object.freeze({
  select: 0.1,
  calibrate: 0.15,
});

/** Everything that members share. */
export interface FitSetting extends DraftSetting {
  readonly uses: Uses;
  readonly sampling: Sampling;
  readonly segments: readonly MotionSegment[];
  /** s. */
  readonly observe: number;
  readonly target: Target;
  /** Those that were asked for, before their form is known. */
  readonly models: readonly AnyModel[];
  /** What of the training data is left out when a band is measured beyond the trained states; made when first asked for. */
  readonly probes: () => readonly Probe[];
}

/** Options of a fit that its setting is made from. */
export interface SettingOptions extends Span {
  /** `auto` (default), a name, a definition, or a list of both. */
  readonly model?: string | AnyModel | readonly (string | AnyModel)[];
  /** s at the start of a piece on which its state is estimated when forecasts are judged; default 0.6 periods. */
  readonly observe?: number;
  /** How the data is divided; select takes 10 % and calibrate 15 % of the training data when not stated. */
  readonly split?: SplitOptions;
  /** Samples per second to work at; by rule when not stated. */
  readonly rate?: number;
  /** How positions become velocities and lower rates; default `spline`. */
  readonly smooth?: Smoothing;
  /** Where programs run; default `wasm()`. */
  readonly target?: Target;
}

/** Errors: unknown or unsuitable models, data that is too short. */
export function settingOf(given: Dataset, options: SettingOptions): FitSetting {
  const dataset = usedSpan(given, options);
  const uses = splitUses(dataset, { ...fitShares, ...options.split });
  const chosen = chooseSampling(dataset, uses.train.segments, options.rate, options.smooth);
  const segments = prepareSegments(dataset, uses.train.segments, chosen);
  const sampling = { ...chosen, line: `${chosen.line}; ${describeVelocities(dataset, chosen, segments)}` };
  const facts = datasetFacts(dataset, segments);
  const delays = findDelays(dataset, segments, facts);
  const samples = trainingSamples(dataset, segments, delays.delays);
  if (samples.count < 10) {
    throw new TensorError(
      `Cannot fit ${dataset.name}: expected at least 10 complete training samples, got ${samples.count}`,
      "Record longer, or fill the gaps of the velocity and control columns.",
      "too-little-data",
    );
  }
  const period = sampling.period ?? (2 * Math.PI) / facts.frequency;
  const setting = { dataset, uses, sampling, segments, facts, samples, delays };
  let probes: readonly Probe[] | null = null;
  return {
    ...setting,
    observe: options.observe ?? Math.max(0.6 * period, 8 * facts.dt),
    target: options.target ?? wasm(),
    models: chosenModels(options.model ?? "auto", setting),
    probes: () => {
      probes ??= probesIn(setting);
      return probes;
    },
  };
}

/** The same, with the models that are no names held against the data: once, before workers make it again. */
export function checkedSettingOf(given: Dataset, options: SettingOptions): FitSetting {
  const setting = settingOf(given, options);
  const own = [options.model ?? []].flat();
  for (const model of setting.models.filter((one) => own.includes(one))) expectModel(model, setting);
  return setting;
}

function chosenModels(
  choice: NonNullable<SettingOptions["model"]>,
  { facts, dataset }: DraftSetting,
): readonly AnyModel[] {
  const list = Array.isArray(choice) ? (choice as readonly (string | AnyModel)[]) : [choice as string | AnyModel];
  const found = list.flatMap((item): readonly AnyModel[] => {
    if (typeof item !== "string") return [item];
    return item === "auto" ? candidatesFor(facts) : [modelNamed(item)];
  });
  const momenta = dataset.coordinates.every(({ momentum }) => momentum !== null);
  const unique = [...new Set(found)];
  const twice = unique.find((model, i) => unique.findIndex(({ name }) => name === model.name) !== i);
  if (twice !== undefined) {
    throw new TensorError(
      `Cannot fit ${dataset.name}: expected models of different names, got two named ${twice.name}`,
      "Rename one of them.",
    );
  }
  for (const model of unique) {
    const reason = misfit(model, facts, momenta);
    if (reason === null) continue;
    throw new TensorError(
      `Cannot fit ${model.name} to ${dataset.name}: ${reason}, got other data`,
      "Choose another model, or auto.",
    );
  }
  return unique;
}

function probesIn({
  dataset,
  uses,
  sampling,
  facts,
}: Pick<FitSetting, "dataset" | "uses" | "sampling" | "facts">): readonly Probe[] {
  const samplesOf = (pieces: readonly Segment[]): Samples =>
    trainingSamples(dataset, prepareSegments(dataset, pieces, sampling));
  return probesOf(uses.train.segments, (piece, rest) =>
    meanDistance(samplesOf([piece]), trainedRegion(samplesOf(rest), facts), facts),
  );
}

/** Fewer samples than this to select on say nothing about a forecast. */
const leastJudged = 20;

/** What members are judged on: the selection use, or the training use where there is too little of it. */
export function judgedPieces({ select, train }: Uses): readonly Segment[] {
  const samples = select.pieces.reduce((sum, { times }) => sum + times.length, 0);
  return samples < leastJudged ? train.pieces : select.pieces;
}
