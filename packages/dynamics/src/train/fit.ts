/**
 * The whole way from measurements to a model that can be trusted: read, split, train, rank, calibrate, test once.
 *
 * In: a data set. Out: a `Run`, plain data beside the winning model. What holds: training sees the training use only;
 * early stopping and ranking see the selection use; the band sees the calibration use; the test use is looked at once,
 * after everything is decided. Without `timeBudget` the same data, options and release give the same run on any machine.
 * Deliberately not here: files, terminals, figures.
 */
import type { Dataset } from "../data/dataset.ts";
import { describeControls } from "../data/describe-controls.ts";
import type { Uses } from "../data/uses.ts";
import type { AnyModel } from "../model/model.ts";
import { describeRun } from "./describe-run.ts";
import { delayLines } from "./find-delays.ts";
import type { FitOptions } from "./fit-options.ts";
import { checkedSettingOf, type FitSetting, judgedPieces, type SettingOptions } from "./fit-setting.ts";
import { forecastHorizon } from "./forecast-horizon.ts";
import { jobQueue } from "./job-queue.ts";
import { movementsOf } from "./movement.ts";
import { rankingOf, winnerOf } from "./ranking.ts";
import type { Run, RunMember } from "./run.ts";
import { scoreOf } from "./score.ts";
import { forecastPieces } from "./test-forecast.ts";
import { trainMembers } from "./train-members.ts";

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
  const setting = checkedSettingOf(dataset, options);
  const queue = jobQueue(
    setting,
    { dataset, options: plainOptions(options) },
    aboutFit(setting.dataset, options),
    options,
  );
  const { models: chosen, members } = await trainMembers(setting, queue, options).finally(queue.end);
  const tested = members.map((member) => testMember(setting, member));
  const ranking = rankingOf(chosen, tested);
  const winner = winnerOf(ranking, tested);
  const { uses, sampling, facts, observe } = setting;
  const { record } = winner.model;
  const forecasts = forecastPieces(record, winner.model.simulator, uses.test?.pieces ?? [], observe);
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
    plan: planLines(setting, dataset, chosen),
    options: {
      seed,
      seeds,
      steps,
      observe,
      timeBudget: options.timeBudget ?? null,
      models: chosen.map(({ name }) => name),
    },
    complete,
    seconds: queue.clock.elapsed(),
  });
}

/** What was decided before training. */
function planLines(
  { uses, sampling, delays }: FitSetting,
  dataset: Dataset,
  models: readonly AnyModel[],
): readonly string[] {
  return [
    ...uses.lines,
    ...judgeLines(uses),
    sampling.line,
    ...describeControls(dataset),
    ...delayLines(dataset, delays),
    `models: ${models.map(({ name }) => name).join(", ")}`,
  ];
}

/** What a worker is told of the options. */
function plainOptions({
  observe,
  split,
  rate,
  smooth,
  start,
  stop,
}: FitOptions): Omit<SettingOptions, "model" | "target"> {
  const given = Object.entries({ observe, split, rate, smooth, start, stop }).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(given);
}

/** What makes a fit another one. */
function aboutFit(dataset: Dataset, options: FitOptions): string {
  const { model = "auto", seed = 0, seeds = 1, steps, observe, rate, smooth, split, start, stop } = options;
  const models = [model].flat().map((item) => (typeof item === "string" ? item : item.name));
  return JSON.stringify({ data: dataset.hash, models, seed, seeds, steps, observe, rate, smooth, split, start, stop });
}

function judgeLines(uses: Uses): readonly string[] {
  if (judgedPieces(uses) === uses.select.pieces) return [];
  return ["select: too little data, models are ranked on the training data"];
}

function testMember({ uses, observe }: FitSetting, member: RunMember): RunMember {
  if (uses.test === null) return member;
  const { record, simulator } = member.model;
  const test = scoreOf(record, simulator, uses.test.pieces, observe);
  return { ...member, test, horizon: forecastHorizon(record, simulator, uses.test.pieces, observe) };
}
