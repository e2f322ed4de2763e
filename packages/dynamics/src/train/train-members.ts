/**
 * All members of a fit, trained side by side where there are workers: forms, members, and then the bands of the best
 * model beyond the trained states.
 */
import type { AnyModel } from "../model/model.ts";
import type { Band, ModelRecord } from "../model/model-record.ts";
import { trainedModel } from "../model/trained-model.ts";
import { type Form, inForm } from "./discover-form.ts";
import type { FitOptions } from "./fit-options.ts";
import type { FitSetting } from "./fit-setting.ts";
import { inOrder } from "./in-order.ts";
import type { JobQueue } from "./job-queue.ts";
import type { StepReport } from "./member.ts";
import { type ProbeError, wideningOf } from "./probe-widening.ts";
import { rankingOf } from "./ranking.ts";
import type { RunMember } from "./run.ts";
import type { Progress } from "./run-control.ts";

/** What is trained, and how it is told. */
interface Course {
  readonly setting: FitSetting;
  readonly queue: JobQueue;
  readonly options: FitOptions;
  readonly jobs: readonly MemberJob[];
  readonly teller: Teller;
}

/** A member to be trained. */
interface MemberJob {
  /** Place of the model. */
  readonly place: number;
  readonly seed: number;
}

/** A member in the form that its model was found to have. */
interface FormedMember {
  readonly member: RunMember;
  readonly form: Form;
}

/** The models in their forms, and all members, not tested yet. */
export async function trainMembers(
  setting: FitSetting,
  queue: JobQueue,
  options: FitOptions,
): Promise<{ readonly models: readonly AnyModel[]; readonly members: readonly RunMember[] }> {
  const { seed = 0, seeds = 1 } = options;
  const jobs = setting.models.flatMap((model, place) =>
    Array.from({ length: model.kind === "network" ? seeds : 1 }, (_, i) => ({ place, seed: seed + i })),
  );
  // Measuring a band trains a member of the best model again, which counts as one more each.
  const teller = tellerOf(options, queue, jobs.length + seeds);
  const course: Course = { setting, queue, options, jobs, teller };
  const forms = setting.models.map((model, place) => formOf(course, model, place));
  const formed = await Promise.all(jobs.map((_, index) => oneMember(course, index, forms)));
  const models = (await Promise.all(forms)).map((form, place) =>
    inForm(setting.models[place] as AnyModel, form, setting),
  );
  const members = await widenWinners(course, models, formed);
  await queue.offer();
  return { models, members };
}

function formOf({ queue }: Course, model: AnyModel, place: number): Promise<Form> {
  if (model.keep === undefined) return Promise.resolve(null);
  return queue.run({ task: "form", name: `form ${place}`, model: place }, { rank: -1, shares: 1, onStep: () => {} });
}

async function oneMember(
  { setting, queue, options, jobs, teller }: Course,
  index: number,
  forms: readonly Promise<Form>[],
): Promise<FormedMember> {
  const { place, seed } = jobs[index] as MemberJob;
  const form = await (forms[place] as Promise<Form>);
  const { name: model } = setting.models[place] as AnyModel;
  const name = `member ${index}`;
  const shares = Math.ceil((jobs.length - index) / (options.workers?.count ?? 1)) + 1;
  const job = { task: "train", name, model: place, form, seed, steps: options.steps ?? null } as const;
  const onStep = (at: StepReport): void => teller.tell(index, { name, phase: "train", model, seed }, at);
  const { record, parameters, ...rest } = await queue.run(job, { rank: index, shares, onStep });
  teller.end(index, index);
  const trained = trainedModel(record, parameters, setting.target);
  return { member: { ...rest, model: trained, test: null, horizon: null }, form };
}

/** The members of the best model with bands that are measured beyond the trained states; the others as they are. */
async function widenWinners(
  course: Course,
  models: readonly AnyModel[],
  formed: readonly FormedMember[],
): Promise<readonly RunMember[]> {
  const members = formed.map(({ member }) => member);
  const best = rankingOf(models, members)[0]?.model;
  const model = models.find(({ name }) => name === best);
  if (model === undefined || model.trainable === false || course.queue.clock.over()) return members;
  const wanted = members.filter(({ name, model: { record } }) => name === best && record.band !== null);
  return Promise.all(
    formed.map(async ({ member, form }, index) => {
      const order = wanted.indexOf(member);
      return order < 0 ? member : widened(course, { index, order, form }, member);
    }),
  );
}

/** A member to be widened: its place among all, and among those that are. */
interface Winner {
  readonly index: number;
  readonly order: number;
  readonly form: Form;
}

async function widened(course: Course, winner: Winner, member: RunMember): Promise<RunMember> {
  const { record, parameters } = member.model;
  const probes = course.setting.probes().map((_, probe) => probed(course, winner, member, probe));
  const errors = (await Promise.all(probes)).flat();
  const wide: ModelRecord = { ...record, band: { ...(record.band as Band), widening: wideningOf(errors) } };
  return { ...member, model: trainedModel(wide, parameters, course.setting.target) };
}

async function probed(
  { setting, queue, options, jobs, teller }: Course,
  { index, order, form }: Winner,
  { name: model, seed, model: { record } }: RunMember,
  probe: number,
): Promise<readonly ProbeError[]> {
  const { place } = jobs[index] as MemberJob;
  const name = `member ${index}/probe ${probe}`;
  const count = setting.probes().length;
  const part = jobs.length + order * count + probe;
  const onStep = ({ step, steps, ...rest }: StepReport): void => {
    const at = { ...rest, step: probe * steps + step, steps: count * steps };
    teller.tell(part, { name, phase: "calibrate", model, seed }, at, jobs.length + order);
  };
  const job = { task: "probe", name, model: place, form, seed, steps: options.steps ?? null, record, probe } as const;
  const errors = await queue.run(job, { rank: order * count + probe, shares: 1, onStep });
  teller.end(part);
  return errors;
}

/** What is told of a job. */
interface Told extends Pick<Progress, "phase" | "model" | "seed"> {
  /** In the journal. */
  readonly name: string;
}

/** Tells how far the fit is: in the order of its parts, whichever comes first. */
interface Teller {
  /** @param share of the fit, that the part belongs to */
  readonly tell: (part: number, what: Told, at: StepReport, share?: number) => void;
  /** @param share that has ended with it */
  readonly end: (part: number, share?: number) => void;
}

/** @param count equal shares of the fit */
function tellerOf({ onProgress }: FitOptions, { clock, report }: JobQueue, count: number): Teller {
  const done = new Float64Array(count);
  const { act, end } = inOrder();
  return {
    end: (part, share) => {
      if (share !== undefined) done[share] = 1;
      end(part);
    },
    tell: (part, { name, ...what }, { more, ...at }, share = part) => {
      done[share] = Math.max(done[share] as number, Math.min(1, at.step / at.steps));
      const fraction = Math.min(1, done.reduce((sum, each) => sum + each, 0) / count);
      const elapsed = clock.elapsed();
      const left = fraction > 0 ? (elapsed * (1 - fraction)) / fraction : Number.POSITIVE_INFINITY;
      act(part, () => {
        report(name, more);
        onProgress?.({ ...what, ...at, fraction, elapsed, left });
      });
    },
  };
}
