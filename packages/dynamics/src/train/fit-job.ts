/**
 * The jobs of a fit: those of its parts that do not depend on each other and take the time.
 *
 * In: what all share, and a job, which is plain data. Out: an answer, plain data too. So a job can be done in this thread
 * or in another one, with the same answer, bit for bit.
 */
import type { HostTensor } from "@leastaction/tensor";
import { prepareSegments } from "../data/prepare.ts";
import { trainingSamples } from "../model/dataset-facts.ts";
import type { AnyModel } from "../model/model.ts";
import { type ModelRecord, namedParameters, tracePrograms } from "../model/model-record.ts";
import { savedParameters } from "../model/saved-parameters.ts";
import { type Simulator, simulator } from "../model/simulator.ts";
import { trainedModel } from "../model/trained-model.ts";
import { trainedRegion } from "../model/trained-region.ts";
import { calibrateBand } from "./calibrate-band.ts";
import { discoverForm, type Form, inForm } from "./discover-form.ts";
import { describeDivergence } from "./divergence.ts";
import { draftRecord, withDelays } from "./draft-record.ts";
import { equationLines } from "./equation-lines.ts";
import { type FitSetting, judgedPieces } from "./fit-setting.ts";
import { fittedConstants } from "./fitted-constants.ts";
import type { Journal } from "./journal.ts";
import type { Member, MemberOptions, StepReport } from "./member.ts";
import { defaultWidening, type Probe, type ProbeError, probeErrors } from "./probe-widening.ts";
import type { RunMember } from "./run.ts";
import type { Clock } from "./run-control.ts";
import { relativeError, scoreOf } from "./score.ts";
import { trainMember } from "./train-member.ts";

/** What every job says. */
interface Named {
  /** In the journal. */
  readonly name: string;
  /** Place of its model among those of the setting. */
  readonly model: number;
}

/** Find the form of a model. */
export interface FormJob extends Named {
  readonly task: "form";
}

/** Train a member and calibrate it. */
export interface TrainJob extends Named {
  readonly task: "train";
  readonly form: Form;
  readonly seed: number;
  readonly steps: number | null;
}

/** Train a member again without a part of the data, and forecast that. */
export interface ProbeJob extends Named {
  readonly task: "probe";
  readonly form: Form;
  readonly seed: number;
  readonly steps: number | null;
  /** Of the member. */
  readonly record: ModelRecord;
  readonly probe: number;
}

/** One of them. */
export type FitJob = FormJob | TrainJob | ProbeJob;

/** A member with its model as plain data, before its test. */
export interface TrainedMember extends Omit<RunMember, "model" | "test" | "horizon"> {
  readonly record: ModelRecord;
  readonly parameters: Readonly<Record<string, HostTensor>>;
}

/** What a job of each task gives. */
export interface FitAnswers {
  readonly form: Form;
  readonly train: TrainedMember;
  /** None where the training did not come to its end. */
  readonly probe: readonly ProbeError[];
}

/** How a job is steered and heard. */
export interface JobControl {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly onStep: (report: StepReport) => void;
}

export type Task = keyof FitAnswers;
export type JobOf<T extends Task> = Extract<FitJob, { readonly task: T }>;

const tasks: {
  readonly [T in Task]: (setting: FitSetting, job: JobOf<T>, control: JobControl) => Promise<FitAnswers[T]>;
} = {
  form: async (setting, { model }, { clock }) =>
    discoverForm(setting.models[model] as AnyModel, { ...setting, clock, judged: judgedPieces(setting.uses) }),
  train: trainAndCalibrate,
  probe: probeMember,
};

/** Does a job. */
export function doJob<T extends Task>(setting: FitSetting, job: JobOf<T>, control: JobControl): Promise<FitAnswers[T]> {
  return tasks[job.task as T](setting, job, control);
}

async function trainAndCalibrate(setting: FitSetting, job: TrainJob, control: JobControl): Promise<TrainedMember> {
  const { seed } = job;
  const options = optionsOf(setting, job, control);
  const { model } = options;
  const { delays, fitted } = setting.delays;
  const member = await trainMember({ ...options, delays, fitted, judge: judgeOf(setting, model, seed) });
  const draft = withDelays(draftRecord(setting, model, seed), member.delays);
  const { curve, select, seconds, status, steps, divergence } = member;
  const diagnosis = divergence === null ? null : describeDivergence(divergence, divergence.stage, setting.dataset);
  return {
    ...calibrated(setting, draft, member),
    name: model.name,
    seed,
    select,
    curve,
    steps,
    seconds,
    status,
    diagnosis,
  };
}

async function probeMember(setting: FitSetting, job: ProbeJob, control: JobControl): Promise<readonly ProbeError[]> {
  const { dataset, facts, sampling, target, observe } = setting;
  const { record, probe } = job;
  const { rest, left } = setting.probes()[probe] as Probe;
  const segments = prepareSegments(dataset, rest, sampling);
  const delays = record.controls.map(({ delay }) => delay);
  const samples = trainingSamples(dataset, segments, delays);
  const { fitted } = setting.delays;
  const judge = (): number => 0;
  const again = await trainMember({ ...optionsOf(setting, job, control), samples, segments, delays, fitted, judge });
  if (again.status !== "finished") return [];
  const retrained = {
    simulator: simulator(again.model, facts, again.parameters, target),
    region: trainedRegion(samples, facts),
  };
  return probeErrors(withDelays(record, again.delays), retrained, left, observe);
}

function optionsOf(
  setting: FitSetting,
  { name, model: place, form, seed, steps }: TrainJob | ProbeJob,
  { clock, journal, onStep }: JobControl,
): Omit<MemberOptions, "delays" | "fitted" | "judge"> {
  const { facts, samples, segments, target } = setting;
  const model = inForm(setting.models[place] as AnyModel, form, setting);
  return { name, model, seed, steps, facts, samples, segments, target, clock, journal, onStep };
}

/** The rollout error of parameters on the selection data. */
function judgeOf(
  setting: FitSetting,
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

function calibrated(
  setting: FitSetting,
  draft: ModelRecord,
  member: Member,
): Pick<TrainedMember, "record" | "parameters"> {
  const { facts, target, uses, observe } = setting;
  const kept = savedParameters(member.model, member.parameters);
  const named = namedParameters(kept);
  const constants = fittedConstants(member, draft, setting.delays.fitted, target);
  const record: ModelRecord = {
    ...draft,
    ...tracePrograms(member.model, facts, kept),
    parameters: named.map(({ name, value: { dtype, shape } }) => ({ name, dtype, shape })),
    constants,
    ...(member.model.equations === undefined ? {} : { equations: equationLines(member.model.equations, constants) }),
  };
  const parameters = Object.fromEntries(named.map(({ name, value }) => [name, value]));
  const plain = trainedModel(record, parameters, target);
  const pieces = uses.calibrate?.pieces ?? judgedPieces(uses);
  const band = calibrateBand(record, plain.simulator, pieces, observe, uses.calibrate !== null, defaultWidening);
  return { record: { ...record, band }, parameters };
}
