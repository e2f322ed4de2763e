/**
 * Workers: where the host lets jobs of a fit be done beside its own thread.
 *
 * A fit hands a worker its data and options once, then one job after another; all of it is plain data that can be sent to
 * another thread, but for the models, which the host finds there by the names it was given. `fitWorker` is what runs there.
 * What holds: an answer is the same, bit for bit, wherever the job was done. Deliberately not here: threads (the host's).
 */
import type { Dataset } from "../data/dataset.ts";
import type { SavedState } from "./checkpoint.ts";
import { doJob, type FitAnswers, type FitJob, type Task } from "./fit-job.ts";
import { type SettingOptions, settingOf } from "./fit-setting.ts";
import { journalOf } from "./journal.ts";
import type { StepReport } from "./member.ts";
import { clockOf } from "./run-control.ts";

/** What a fit is, as plain data. */
export interface FitBrief {
  readonly dataset: Dataset;
  readonly options: Omit<SettingOptions, "model" | "target">;
}

/** A job with what its worker needs to know of the fit as it stands. */
export interface FitOrder {
  readonly job: FitJob;
  /** What the journal of the fit holds of it. */
  readonly journal: SavedState;
  /** s; null: no limit. */
  readonly timeBudget: number | null;
}

/** What a worker tells while it does a job. */
export type FitNews =
  | { readonly kind: "step"; readonly report: StepReport }
  /** Where the job is: to be gone on from; the last one when the worker was told to stop. */
  | { readonly kind: "state"; readonly state: SavedState; readonly isLast: boolean };

/** A place for jobs: one at a time. */
export interface FitWorker {
  /** Gives the answer of the job, after all news of it. Errors: those of the job, as they were thrown. */
  readonly run: (order: FitOrder, tell: (news: FitNews) => void) => Promise<FitAnswers[Task]>;
  /** The job under way ends at its next step, and all later ones. */
  readonly stop: () => void;
}

/** What the host offers. It ends its workers itself, when the fit is over. */
export interface FitWorkers {
  /** Jobs at once, the one in the fit's own thread among them: 1 or more. */
  readonly count: number;
  /** Makes one worker, whenever it is ready; called at most `count` - 1 times, and only while jobs wait. */
  readonly start: (brief: FitBrief) => Promise<FitWorker>;
}

/** ms between two states of a job, and the largest share of the time that making one takes. */
const betweenStates = 1000;
const share = 0.005;

/**
 * The worker itself, for the thread in which it shall work.
 *
 * @param options the `model` that the fit was given, and the target to run on
 *
 * @example
 * const { dataset } = simulate(systemNamed("pendulum"), { seed: 1, trajectories: 5, duration: 5, samples: 100 });
 * const workers: FitWorkers = { count: 2, start: async (brief) => fitWorker(brief, { model: ["pendulum", "hold"] }) };
 * const run = await fit(dataset, { model: ["pendulum", "hold"], steps: 4, workers });
 * run.ranking.length; // => 2
 */
export function fitWorker(brief: FitBrief, options: Pick<SettingOptions, "model" | "target">): FitWorker {
  const setting = settingOf(brief.dataset, { ...brief.options, ...options });
  const stopped = new AbortController();
  return {
    stop: () => stopped.abort(),
    run: async ({ job, journal: last, timeBudget }, tell) => {
      const clock = clockOf({ signal: stopped.signal, timeBudget: timeBudget ?? undefined });
      let due = performance.now() + betweenStates;
      const offer = async (make: () => SavedState, { now: isLast }: { readonly now: boolean }): Promise<void> => {
        const begin = performance.now();
        if (!isLast && begin < due) return;
        tell({ kind: "state", state: make(), isLast });
        const end = performance.now();
        due = end + Math.max(betweenStates, (end - begin) / share);
      };
      const journal = journalOf({ last, offer }, job.name, clock);
      const onStep = (report: StepReport): void => tell({ kind: "step", report });
      const answer = await doJob(setting, job, { clock, journal, onStep });
      due = 0;
      await journal.between();
      return answer;
    },
  };
}
