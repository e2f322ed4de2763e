/** What the outcomes of a folder give together: the table, and which trainings are still missing from it. */
import type {
  Experiment,
  ExperimentForm,
  ExperimentOutcome,
  ExperimentRow,
  ExperimentSetting,
  ExperimentStatistic,
} from "@leastaction/dynamics";
import { type ExperimentFolder, type KeptOutcome, trainingName } from "./experiment-folder.ts";

/** Which training of an experiment. */
export type TrainingKey = Pick<ExperimentOutcome, "part" | "seed">;

/** `results.json`, and what `--json` prints. */
export interface ExperimentResults {
  readonly experiment: string;
  readonly title: string;
  readonly source: string;
  readonly form: ExperimentForm;
  readonly control: string | null;
  /** What the control does; null without one. */
  readonly controlSummary: string | null;
  /** Whether all parts were trained with as many seeds as the form takes. */
  readonly complete: boolean;
  /** What is still to be trained of them. */
  readonly missing: readonly TrainingKey[];
  /** Whether every row with a bar keeps to it. */
  readonly holds: boolean;
  /** What `ours` and `spread` of a row are. */
  readonly statistic: ExperimentStatistic;
  readonly rows: readonly ExperimentRow[];
  /** By part. */
  readonly settings: Readonly<Record<string, ExperimentSetting>>;
  readonly trainings: readonly (TrainingKey & {
    readonly status: string;
    readonly steps: number;
    readonly seconds: number;
    readonly measures: Readonly<Record<string, number | null>>;
    readonly environment: KeptOutcome["environment"];
  })[];
}

/** Puts outcomes together. */
export function resultsOf(
  experiment: Experiment,
  { form, control }: Pick<ExperimentFolder, "form" | "control">,
  kept: readonly KeptOutcome[],
): ExperimentResults {
  const outcomes = kept.map(({ outcome }) => outcome);
  const done = new Set(outcomes.map(trainingName));
  const seeds = Array.from({ length: experiment.seeds[form] }, (_, seed) => seed);
  const wanted = experiment.parts.flatMap(({ name }) => seeds.map((seed) => ({ part: name, seed })));
  const missing = wanted.filter((training) => !done.has(trainingName(training)));
  const rows = experiment.rows(outcomes);
  return {
    experiment: experiment.name,
    title: experiment.title,
    source: experiment.source,
    form,
    control,
    controlSummary: experiment.controls.find(({ name }) => name === control)?.summary ?? null,
    complete: missing.length === 0,
    missing,
    holds: rows.every(({ holds }) => holds !== false),
    statistic: experiment.statistic,
    rows,
    settings: Object.fromEntries(outcomes.map(({ part, setting }) => [part, setting])),
    trainings: kept.map(({ outcome, environment }) => ({
      part: outcome.part,
      seed: outcome.seed,
      status: outcome.status,
      steps: outcome.steps,
      seconds: Number(outcome.seconds.toPrecision(3)),
      measures: outcome.measures,
      environment,
    })),
  };
}
