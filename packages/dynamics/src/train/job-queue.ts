/**
 * The jobs of a fit in turn: each is done by whoever is free, this thread or one of the host's workers.
 *
 * In: jobs, in any order; those of the least rank are begun first. Out: their answers. What holds: answers do not depend on
 * who did a job. The journal of the fit holds the newest states of all jobs, so a checkpoint is whole at any moment. When
 * the fit is interrupted, this thread hears of it after the workers have handed in their last states: the state that is
 * offered last holds them all. The first error ends everything.
 */
import { doJob, type FitAnswers, type FitJob, type JobOf, type Task } from "./fit-job.ts";
import type { FitOptions } from "./fit-options.ts";
import type { FitSetting } from "./fit-setting.ts";
import type { FitBrief, FitNews, FitWorker, FitWorkers } from "./fit-worker.ts";
import { elapsedBefore, type Journal, journalOf, unkept } from "./journal.ts";
import type { StepReport } from "./member.ts";
import { type Clock, clockOf } from "./run-control.ts";
import { type SettledSignal, settledSignal } from "./settled-signal.ts";
import { type WorkLine, type WorkPlace, workLine } from "./work-line.ts";

/** How a job stands among the others. */
export interface Turn {
  /** The least goes first. */
  readonly rank: number;
  /** Of the time that is left when it begins, it may take one of so many equal shares. */
  readonly shares: number;
  /** Told of each report that is new. */
  readonly onStep: (report: StepReport) => void;
}

/** The queue of one fit. */
export interface JobQueue {
  /** Over the whole fit. */
  readonly clock: Clock;
  /** Counts a report of a job that is told now, of so many steps more. */
  readonly report: Journal["report"];
  /** Offers the state of the fit, where nothing is under way here. */
  readonly offer: () => Promise<void>;
  /** Does a job. Errors: those of this job or of another one. */
  readonly run: <T extends Task>(job: JobOf<T>, turn: Turn) => Promise<FitAnswers[T]>;
  /** The fit is over. */
  readonly end: () => void;
}

/** A job with its turn. */
interface Work extends Turn {
  readonly job: FitJob;
}

/** What every place of one fit works with. */
interface Office {
  readonly setting: FitSetting;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly settled: SettledSignal;
  /** s that a job may take which begins now; null: no limit. */
  readonly budget: (work: Work) => number | null;
  readonly line: () => WorkLine<Work, FitAnswers[Task]>;
}

/** @param about what the fit is, in words that differ for another one */
export function jobQueue(setting: FitSetting, brief: FitBrief, about: string, options: FitOptions): JobQueue {
  const { signal, timeBudget, workers, checkpoints = unkept } = options;
  const settled = settledSignal(signal);
  const clock = clockOf({ signal: settled.signal, timeBudget }, elapsedBefore(checkpoints));
  const journal = journalOf(checkpoints, about, clock);
  const budget = ({ shares }: Work): number | null =>
    timeBudget === undefined ? null : Math.max(0, timeBudget - clock.elapsed()) / shares;
  const office: Office = { setting, clock, journal, settled, budget, line: () => line };
  const line: WorkLine<Work, FitAnswers[Task]> = workLine({
    first: (work) => doHere(office, work),
    more: async () => elsewhere(office, await (workers as FitWorkers).start(brief)),
    count: workers?.count ?? 1,
    rest: clock.rest,
  });
  return {
    clock,
    report: journal.report,
    offer: journal.between,
    run: <T extends Task>(job: JobOf<T>, turn: Turn) => line.add({ ...turn, job }, turn.rank) as Promise<FitAnswers[T]>,
    end: settled.end,
  };
}

/** Does a job in this thread; it ends at its next rest when another one fails. */
async function doHere(office: Office, work: Work): Promise<FitAnswers[Task]> {
  const { setting, journal, settled, budget, line } = office;
  const clock = clockOf({ signal: settled.signal, timeBudget: budget(work) ?? undefined });
  const rest = async (): Promise<void> => {
    await clock.rest();
    const failure = line().failure();
    if (failure !== null) throw failure.error;
  };
  const answer = await doJob(setting, work.job, { clock: { ...clock, rest }, journal, onStep: work.onStep });
  await rest();
  await journal.between();
  return answer;
}

/** The place that a worker is. */
function elsewhere(office: Office, worker: FitWorker): WorkPlace<Work, FitAnswers[Task]> {
  const { journal, settled, budget } = office;
  settled.onAbort(worker.stop);
  return async (work) => {
    const { job } = work;
    const done = settled.wait();
    const tell = (news: FitNews): void => {
      hear(office, work, news);
      if (news.kind === "state" && news.isLast) done();
    };
    return worker.run({ job, journal: journal.part(job.name), timeBudget: budget(work) }, tell).finally(done);
  };
}

function hear(office: Office, work: Work, news: FitNews): void {
  const line = office.line();
  if (line.failure() !== null) return;
  if (news.kind === "step") work.onStep(news.report);
  else office.journal.take(news.state);
  // A training that goes on in this thread offers by itself.
  if (!line.isFirstBusy()) office.journal.between().catch(line.fail);
}
