/**
 * All members of a fit, trained side by side where there are workers: forms, members, and then the bands of the best
 * model beyond the trained states.
 */
import type { AnyModel } from "../model/model.ts";
import type { Band, ModelRecord } from "../model/model-record.ts";
import { trainedModel } from "../model/trained-model.ts";
import { type Form, inForm } from "./discover-form.ts";
import type { TrainedMember } from "./fit-job.ts";
import type { FitOptions } from "./fit-options.ts";
import type { FitSetting } from "./fit-setting.ts";
import type { JobQueue } from "./job-queue.ts";
import type { StepReport } from "./member.ts";
import { wideningOf } from "./probe-widening.ts";
import { rankingOf } from "./ranking.ts";
import type { RunMember } from "./run.ts";
import type { Clock, Progress } from "./run-control.ts";

/** What is trained, and how it is told. */
interface Course {
  readonly setting: FitSetting;
  readonly queue: JobQueue;
  readonly options: FitOptions;
  readonly jobs: readonly MemberJob[];
  readonly progress: ProgressTeller;
}

/** A member to be trained. */
interface MemberJob {
  /** Place of the model. */
  readonly place: number;
  readonly seed: number;
}

/** A member in the form that its model was found to have. */
type FormedMember = RunMember & { readonly form: Form };

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
  const progress = progressTeller(options, queue.clock, jobs.length + seeds);
  const course: Course = { setting, queue, options, jobs, progress };
  const forms = setting.models.map((model, place) => formOf(course, model, place));
  const members = await Promise.all(jobs.map((_, index) => oneMember(course, index, forms)));
  const models = (await Promise.all(forms)).map((form, place) =>
    inForm(setting.models[place] as AnyModel, form, setting),
  );
  const widened = await widenWinners(course, models, members);
  await queue.offer();
  return { models, members: widened };
}

function formOf({ queue }: Course, model: AnyModel, place: number): Promise<Form> {
  if (model.keep === undefined) return Promise.resolve(null);
  return queue.run({ task: "form", name: `form ${place}`, model: place }, { rank: -1, shares: 1, onStep: () => {} });
}

async function oneMember(
  { setting, queue, options, jobs, progress }: Course,
  index: number,
  forms: readonly Promise<Form>[],
): Promise<FormedMember> {
  const { place, seed } = jobs[index] as MemberJob;
  const form = await (forms[place] as Promise<Form>);
  const { name } = setting.models[place] as AnyModel;
  const job = {
    task: "train",
    name: `member ${index}`,
    model: place,
    form,
    seed,
    steps: options.steps ?? null,
  } as const;
  const shares = Math.ceil((jobs.length - index) / (options.workers?.count ?? 1)) + 1;
  const onStep = (at: StepReport): void => progress.tell(index, { phase: "train", model: name, seed }, at);
  const trained = await queue.run(job, { rank: index, shares, onStep });
  progress.end(index);
  return { ...untested(setting, trained), form };
}

function untested({ target }: FitSetting, { record, parameters, ...rest }: TrainedMember): RunMember {
  return { ...rest, model: trainedModel(record, parameters, target), test: null, horizon: null };
}

/** The members of the best model with bands that are measured beyond the trained states; the others as they are. */
async function widenWinners(
  course: Course,
  models: readonly AnyModel[],
  members: readonly FormedMember[],
): Promise<readonly RunMember[]> {
  const { queue, jobs } = course;
  const best = rankingOf(models, members)[0]?.model;
  const place = models.findIndex(({ name }) => name === best);
  const isWanted = (member: RunMember): boolean => member.name === best && member.model.record.band !== null;
  const first = jobs.findIndex((job) => job.place === place);
  return Promise.all(
    members.map(async ({ form, ...member }, index) =>
      models[place]?.trainable !== false && isWanted(member) && !queue.clock.over()
        ? widened(course, index, index - first, form, member)
        : member,
    ),
  );
}

async function widened(
  { setting, queue, options, jobs, progress }: Course,
  index: number,
  order: number,
  form: Form,
  member: RunMember,
): Promise<RunMember> {
  const { name, seed } = member;
  const { record, parameters } = member.model;
  const count = setting.probes().length;
  const errors = await Promise.all(
    Array.from({ length: count }, (_, probe) =>
      queue.run(
        {
          task: "probe",
          name: `member ${index}/probe ${probe}`,
          model: (jobs[index] as MemberJob).place,
          form,
          seed,
          steps: options.steps ?? null,
          record,
          probe,
        },
        {
          rank: order * count + probe,
          shares: 1,
          onStep: ({ step, steps, ...rest }) =>
            progress.tell(
              jobs.length + order,
              { phase: "calibrate", model: name, seed },
              { ...rest, step: probe * steps + step, steps: count * steps },
            ),
        },
      ),
    ),
  );
  const band = { ...(record.band as Band), widening: wideningOf(errors.flat()) };
  const wide: ModelRecord = { ...record, band };
  return { ...member, model: trainedModel(wide, parameters, setting.target) };
}

/** Tells how far the fit is. */
interface ProgressTeller {
  /** A part of the fit has come so far. */
  readonly tell: (part: number, what: Pick<Progress, "phase" | "model" | "seed">, at: StepReport) => void;
  readonly end: (part: number) => void;
}

/** @param count equal parts of the fit */
function progressTeller({ onProgress }: FitOptions, clock: Clock, count: number): ProgressTeller {
  const done = new Float64Array(count);
  return {
    end: (part) => {
      done[part] = 1;
    },
    tell: (part, what, { step, steps, loss }) => {
      done[part] = Math.max(done[part] as number, Math.min(1, step / steps));
      const fraction = Math.min(1, done.reduce((sum, each) => sum + each, 0) / count);
      const elapsed = clock.elapsed();
      const left = fraction > 0 ? (elapsed * (1 - fraction)) / fraction : Number.POSITIVE_INFINITY;
      onProgress?.({ ...what, step, steps, loss, fraction, elapsed, left });
    },
  };
}
