/**
 * The whole way from measurements to a model that can be trusted: read, split, train, rank, calibrate, test once.
 *
 * In: a data set. Out: a `Run`, plain data beside the winning model. What holds: training sees the training use only;
 * early stopping and ranking see the selection use; the band sees the calibration use; the test use is looked at once,
 * after everything is decided. Without `timeBudget` the same data, options and release give the same run on any machine.
 * Deliberately not here: files, terminals, figures.
 */
import { type Target, TensorError, wasm } from "@leastaction/tensor";
import type { Dataset } from "../data/dataset.ts";
import { describeControls } from "../data/describe-controls.ts";
import { describeVelocities } from "../data/describe-velocities.ts";
import { type MotionSegment, prepareSegments } from "../data/prepare.ts";
import { chooseSampling, type Sampling } from "../data/sampling.ts";
import type { Segment } from "../data/segment.ts";
import { usedSpan } from "../data/span.ts";
import { type SplitOptions, splitUses, type Uses } from "../data/uses.ts";
import { datasetFacts, trainingSamples } from "../model/dataset-facts.ts";
import type { AnyModel, Samples } from "../model/model.ts";
import { type Band, type ModelRecord, namedParameters, tracePrograms } from "../model/model-record.ts";
import { candidatesFor, misfit, modelNamed } from "../model/registry.ts";
import { type Simulator, simulator } from "../model/simulator.ts";
import { type TrainedModel, trainedModel } from "../model/trained-model.ts";
import { trainedRegion } from "../model/trained-region.ts";
import { calibrateBand } from "./calibrate-band.ts";
import { describeRun } from "./describe-run.ts";
import { discoverForms } from "./discover-form.ts";
import { describeDivergence } from "./divergence.ts";
import { type DraftSetting, draftRecord, withDelays } from "./draft-record.ts";
import { equationLines } from "./equation-lines.ts";
import { delayLines, findDelays } from "./find-delays.ts";
import { fittedConstants } from "./fitted-constants.ts";
import { forecastHorizon } from "./forecast-horizon.ts";
import { testForecasts } from "./forecast-panels.ts";
import { elapsedBefore, type Journal, journalOf, unkept } from "./journal.ts";
import type { Member } from "./member.ts";
import { movementsOf } from "./movement.ts";
import { defaultWidening, meanDistance, type ProbeError, probeErrors, probesOf, wideningOf } from "./probe-widening.ts";
import { rankingOf, winnerOf } from "./ranking.ts";
import type { FitOptions, Run, RunMember } from "./run.ts";
import { type Clock, clockOf, type Progress } from "./run-control.ts";
import { relativeError, scoreOf } from "./score.ts";
import { trainMember } from "./train-member.ts";

/** Shares of the training data that `fit` selects and calibrates on, 0 to 1, when not stated. */
export const fitShares: Required<Pick<SplitOptions, "select" | "calibrate">> = Object.freeze({
  select: 0.1,
  calibrate: 0.15,
});

/** Everything that members share. */
interface Setting extends DraftSetting {
  readonly uses: Uses;
  readonly sampling: Sampling;
  readonly segments: readonly MotionSegment[];
  readonly observe: number;
  readonly target: Target;
  readonly clock: Clock;
  readonly journal: Journal;
}

/**
 * Fits models to measurements.
 *
 * @example
 * const { dataset } = simulate(systemNamed("pendulum"), { seed: 1, trajectories: 5, duration: 5, samples: 100 });
 * const run = await fit(dataset, { model: ["pendulum", "hold"], timeBudget: 20 });
 * run.ranking.length; // => 2
 *
 * Errors: unknown or unsuitable models, data that is too short.
 */
export async function fit(dataset: Dataset, options: FitOptions = {}): Promise<Run> {
  const { seed = 0, seeds = 1 } = options;
  const steps = options.steps ?? null;
  const setting = settingOf(usedSpan(dataset, options), options);
  const search = { ...setting, judged: judgedPieces(setting.uses) };
  const chosen = await discoverForms(chosenModels(options.model ?? "auto", setting), search);
  const tested = (await trainAll(setting, chosen, options)).map((member) => testMember(setting, member));
  const ranking = rankingOf(chosen, tested);
  const winner = winnerOf(ranking, tested);
  const { uses, sampling, facts, observe, clock } = setting;
  const { record } = winner.model;
  const forecasts = testForecasts(uses, winner.model, observe);
  const movements = movementsOf(record, setting.segments);
  const complete = tested.every(({ status }) => status !== "stopped");
  return Object.freeze({
    ranking,
    members: tested,
    model: winner.model,
    winner,
    test: winner.test,
    calibration:
      uses.calibrate === null ? null : scoreOf(record, winner.model.simulator, uses.calibrate.pieces, observe),
    forecasts,
    movements,
    summary: describeRun({
      dataset,
      record,
      sampling,
      models: chosen,
      movements,
      ranking,
      forecasts,
      test: winner.test,
      horizon: winner.horizon,
      complete,
    }),
    facts,
    uses,
    sampling,
    plan: [
      ...uses.lines,
      ...judgeLines(uses),
      sampling.line,
      ...describeControls(dataset),
      ...delayLines(dataset, setting.delays),
      `models: ${chosen.map(({ name }) => name).join(", ")}`,
    ],
    options: {
      seed,
      seeds,
      steps,
      observe,
      timeBudget: options.timeBudget ?? null,
      models: chosen.map(({ name }) => name),
    },
    complete,
    seconds: clock.elapsed(),
  });
}

/** A clock over an equal share of the time that is left; what a member does not use goes to the next. */
function shareOf({ signal, timeBudget }: FitOptions, clock: Clock, shares: number): Clock {
  if (timeBudget === undefined) return clock;
  return clockOf({ signal, timeBudget: Math.max(0, timeBudget - clock.elapsed()) / shares });
}

/** All members, trained; those of the best model with their bands measured beyond the trained states. */
async function trainAll(
  setting: Setting,
  models: readonly AnyModel[],
  options: FitOptions,
): Promise<readonly RunMember[]> {
  const { seed = 0, seeds = 1 } = options;
  const steps = options.steps ?? null;
  const jobs = models.flatMap((model) =>
    Array.from({ length: model.kind === "network" ? seeds : 1 }, (_, i) => ({ model, seed: seed + i })),
  );
  // Measuring a band trains a member of the best model again, which counts as one more each.
  const tell = (index: number, at: ProgressPoint): void =>
    tellProgress(options, setting.clock, jobs.length + seeds, index, at);
  const members: RunMember[] = [];
  for (const [index, job] of jobs.entries()) {
    const report = (step: number, loss: number, total: number): void =>
      tell(index, { ...job, phase: "train", step, steps: total, loss });
    const clock = shareOf(options, setting.clock, jobs.length - index + 1);
    members.push(await oneMember({ ...setting, clock }, `member ${index}`, job, steps, report));
    await setting.clock.rest();
    await setting.journal.between();
  }
  const rest = { ...setting, clock: shareOf(options, setting.clock, 1) };
  const widened = await widenWinners(rest, models, members, steps, (done, at) => {
    tell(jobs.length + done, at);
  });
  await setting.journal.between();
  return widened;
}

function settingOf(dataset: Dataset, options: FitOptions): Setting {
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
  const checkpoints = options.checkpoints ?? unkept;
  const clock = clockOf(options, elapsedBefore(checkpoints));
  const period = sampling.period ?? (2 * Math.PI) / facts.frequency;
  const observe = options.observe ?? Math.max(0.6 * period, 8 * facts.dt);
  return {
    dataset,
    uses,
    sampling,
    segments,
    facts,
    samples,
    observe,
    target: options.target ?? wasm(),
    clock,
    journal: journalOf(checkpoints, aboutFit(dataset, options), clock),
    delays,
  };
}

/** What makes a fit another one. */
function aboutFit(dataset: Dataset, options: FitOptions): string {
  const { model = "auto", seed = 0, seeds = 1, steps, observe, rate, smooth, split, start, stop } = options;
  const models = [model].flat().map((item) => (typeof item === "string" ? item : item.name));
  return JSON.stringify({ data: dataset.hash, models, seed, seeds, steps, observe, rate, smooth, split, start, stop });
}

function chosenModels(choice: NonNullable<FitOptions["model"]>, { facts, dataset }: Setting): readonly AnyModel[] {
  const list = Array.isArray(choice) ? (choice as readonly (string | AnyModel)[]) : [choice as string | AnyModel];
  const found = list.flatMap((item): readonly AnyModel[] => {
    if (typeof item !== "string") return [item];
    return item === "auto" ? candidatesFor(facts) : [modelNamed(item)];
  });
  const momenta = dataset.coordinates.every(({ momentum }) => momentum !== null);
  const unique = found.filter((model, i) => found.findIndex(({ name }) => name === model.name) === i);
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

/** The rollout error of parameters on the selection data. */
function judgeOf(
  setting: Setting,
  model: AnyModel,
  seed: number,
): (parameters: unknown, delays?: readonly number[]) => number {
  const { facts, target, uses, observe } = setting;
  const draft = draftRecord(setting, model, seed);
  let running: Simulator | null = null;
  return (parameters, delays = setting.delays.delays) => {
    running = running === null ? simulator(model, facts, parameters, target) : running.withParameters(parameters);
    return relativeError(scoreOf(withDelays(draft, delays), running, judgedPieces(uses), observe), draft);
  };
}

async function oneMember(
  setting: Setting,
  name: string,
  { model, seed }: { readonly model: AnyModel; readonly seed: number },
  steps: number | null,
  onStep: (step: number, loss: number, steps: number) => void,
): Promise<RunMember> {
  const { delays, fitted } = setting.delays;
  const judge = judgeOf(setting, model, seed);
  const member = await trainMember({ ...setting, name, model, seed, steps, delays, fitted, judge, onStep });
  const trained = calibrated(setting, withDelays(draftRecord(setting, model, seed), member.delays), member);
  const { curve, select, seconds, status, steps: made, divergence } = member;
  const diagnosis = divergence === null ? null : describeDivergence(divergence, divergence.stage, setting.dataset);
  const untested = { test: null, horizon: null };
  return {
    name: model.name,
    seed,
    model: trained,
    select,
    ...untested,
    curve,
    steps: made,
    seconds,
    status,
    diagnosis,
  };
}

/** Fewer samples than this to select on say nothing about a forecast. */
const leastJudged = 20;

/** What members are judged on: the selection use, or the training use where there is too little of it. */
function judgedPieces({ select, train }: Uses): readonly Segment[] {
  const samples = select.pieces.reduce((sum, { times }) => sum + times.length, 0);
  return samples < leastJudged ? train.pieces : select.pieces;
}

function judgeLines(uses: Uses): readonly string[] {
  if (judgedPieces(uses) === uses.select.pieces) return [];
  return ["select: too little data, models are ranked on the training data"];
}

function calibrated(setting: Setting, draft: ModelRecord, member: Member): TrainedModel {
  const { facts, target, uses, observe } = setting;
  const named = namedParameters(member.parameters);
  const constants = fittedConstants(member, draft, setting.delays.fitted, target);
  const record: ModelRecord = {
    ...draft,
    ...tracePrograms(member.model, facts, member.parameters),
    parameters: named.map(({ name, value: { dtype, shape } }) => ({ name, dtype, shape })),
    constants,
    ...(member.model.equations === undefined ? {} : { equations: equationLines(member.model.equations, constants) }),
  };
  const parameters = Object.fromEntries(named.map(({ name, value }) => [name, value]));
  const plain = trainedModel(record, parameters, target);
  const pieces = uses.calibrate?.pieces ?? judgedPieces(uses);
  const band = calibrateBand(record, plain.simulator, pieces, observe, uses.calibrate !== null, defaultWidening);
  return trainedModel({ ...record, band }, parameters, target);
}

/** The members of the best model with bands that are measured beyond the trained states; the others as they are. */
async function widenWinners(
  setting: Setting,
  models: readonly AnyModel[],
  members: readonly RunMember[],
  steps: number | null,
  tell: (done: number, at: ProgressPoint) => void,
): Promise<readonly RunMember[]> {
  const best = rankingOf(models, members)[0]?.model;
  const model = models.find(({ name }) => name === best);
  if (model === undefined || model.trainable === false) return members;
  const result: RunMember[] = [];
  let done = 0;
  for (const [index, member] of members.entries()) {
    const wanted = member.name === best && member.model.record.band !== null && !setting.clock.over();
    const { seed } = member;
    const onStep = (step: number, loss: number, total: number): void =>
      tell(done, { model, seed, phase: "calibrate", step, steps: total, loss });
    const name = `member ${index}`;
    result.push(wanted ? { ...member, model: await widened(setting, name, model, member, steps, onStep) } : member);
    if (wanted) done += 1;
  }
  return result;
}

async function widened(
  setting: Setting,
  name: string,
  model: AnyModel,
  member: RunMember,
  steps: number | null,
  onProbe: (step: number, loss: number, steps: number) => void,
): Promise<TrainedModel> {
  const { dataset, facts, sampling, target, uses, observe } = setting;
  const { record, parameters } = member.model;
  const { fitted } = setting.delays;
  const delays = record.controls.map(({ delay }) => delay);
  const samplesOf = (pieces: readonly Segment[]): Samples =>
    trainingSamples(dataset, prepareSegments(dataset, pieces, sampling));
  const spread = (piece: Segment, rest: readonly Segment[]): number =>
    meanDistance(samplesOf([piece]), trainedRegion(samplesOf(rest), facts), facts);
  const errors: ProbeError[] = [];
  const probes = probesOf(uses.train.segments, spread);
  for (const [index, { rest, left }] of probes.entries()) {
    const segments = prepareSegments(dataset, rest, sampling);
    const samples = trainingSamples(dataset, segments, delays);
    const judge = (): number => 0;
    const onStep = (step: number, loss: number, total: number): void =>
      onProbe(index * total + step, loss, probes.length * total);
    const again = await trainMember({
      ...setting,
      name: `${name}/probe ${index}`,
      model,
      seed: member.seed,
      samples,
      segments,
      steps,
      delays,
      fitted,
      judge,
      onStep,
    });
    if (again.status !== "finished") continue;
    const retrained = {
      simulator: simulator(model, facts, again.parameters, target),
      region: trainedRegion(samples, facts),
    };
    const found = probeErrors(withDelays(record, again.delays), retrained, left, observe);
    errors.push(...found);
  }
  const band = { ...(record.band as Band), widening: wideningOf(errors) };
  return trainedModel({ ...record, band }, parameters, target);
}

function testMember({ uses, observe }: Setting, member: RunMember): RunMember {
  if (uses.test === null) return member;
  const { record, simulator } = member.model;
  const test = scoreOf(record, simulator, uses.test.pieces, observe);
  return { ...member, test, horizon: forecastHorizon(record, simulator, uses.test.pieces, observe) };
}

/** Where a fit is. */
interface ProgressPoint extends Pick<Progress, "phase" | "seed" | "step" | "steps" | "loss"> {
  readonly model: AnyModel;
}

function tellProgress({ onProgress }: FitOptions, clock: Clock, count: number, index: number, at: ProgressPoint): void {
  const fraction = Math.min(1, (index + Math.min(1, at.step / at.steps)) / count);
  const elapsed = clock.elapsed();
  const left = fraction > 0 ? (elapsed * (1 - fraction)) / fraction : Number.POSITIVE_INFINITY;
  onProgress?.({ ...at, model: at.model.name, fraction, elapsed, left });
}
