/**
 * The models that learn from positions alone, compared; see README.md beside this file, and `run-trainings.ts` for the
 * options. `search` and `calibrate` as first word measure the rates and the times that `settings.ts` of the experiment states.
 */
import { type ExperimentOutcome, lagrangianOdePeersExperiment as experiment } from "@leastaction/dynamics";
import { linesOf, runTrainings } from "../run-trainings.ts";

const [word] = process.argv.slice(2);
if (word === "search" || word === "calibrate") await import(`./${word}.js`);
else await runTrainings(experiment, [...linesOf("experiments/lagrangian-ode/runs.jsonl")].flatMap(borrowed));

/** The Lagrangian neural ODE is trained already, and its time is the one that the others are given. */
function borrowed(outcome: ExperimentOutcome): readonly ExperimentOutcome[] {
  const part = "lagrangian-ode";
  if (outcome.part !== "regularised") return [];
  const timed = Object.entries(outcome.measures).map(([name, value]) => [`${name}, equal time`, value] as const);
  const measures = { ...outcome.measures, ...Object.fromEntries(timed) };
  return [{ ...outcome, experiment: experiment.name, part, measures }];
}
