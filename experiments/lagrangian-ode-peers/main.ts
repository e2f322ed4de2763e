/**
 * The models that learn from positions alone, compared; see README.md beside this file, and `run-trainings.ts` for the
 * options. `search` and `calibrate` as first word measure the rates and the times that `settings.ts` of the experiment states,
 * `rate` what another rate makes of the comparison.
 */
import { type ExperimentOutcome, lagrangianOdePeersExperiment as experiment } from "@leastaction/dynamics";
import { type Borrowed, linesOf, runTrainings } from "../run-trainings.ts";

const [word] = process.argv.slice(2);
if (word === "search" || word === "calibrate" || word === "rate") await import(`./${word}.js`);
else await runTrainings(experiment, borrowed());

/**
 * The Lagrangian neural ODE is trained already, and its time is the one that the others are given. So is the plain one, for
 * the comparison at equal steps.
 */
function borrowed(): Borrowed {
  const outcomes = ["runs", "quick"].flatMap((name) => linesOf(`experiments/lagrangian-ode/${name}.jsonl`));
  const renamed = (from: string, part: string): readonly ExperimentOutcome[] =>
    outcomes
      .filter((outcome) => outcome.part === from)
      .map((outcome) => ({
        ...outcome,
        experiment: experiment.name,
        part,
        setting: experiment.setting({ part, form: outcome.form, control: null }),
      }));
  return {
    whole: renamed("regularised", "lagrangian-ode").map((outcome) => ({
      ...outcome,
      measures: { ...outcome.measures, ...timed(outcome) },
    })),
    parts: renamed("unregularised", "plain"),
  };
}

function timed({ measures }: ExperimentOutcome): ExperimentOutcome["measures"] {
  return Object.fromEntries(Object.entries(measures).map(([name, value]) => [`${name}, equal time`, value]));
}
