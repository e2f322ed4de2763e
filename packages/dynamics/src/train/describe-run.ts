/**
 * The five plain sentences that a run opens with: what moves, how far to trust it, which model and why, what was
 * assumed, what to record next.
 *
 * In: what was measured, trained and tested. Out: the text, in the user's names and units, as terminal and report show
 * it. How each sentence is built stands in `sentences.ts`; here the facts are gathered for it.
 */
import type { Dataset } from "../data/dataset.ts";
import type { Sampling } from "../data/sampling.ts";
import { fromSi } from "../data/unit.ts";
import type { AnyModel } from "../model/model.ts";
import type { ModelRecord } from "../model/model-record.ts";
import { assumptionsOf } from "./assumptions.ts";
import type { ForecastHorizon } from "./forecast-horizon.ts";
import { forecastPanels } from "./forecast-panels.ts";
import { horizonInWords } from "./horizon-in-words.ts";
import type { Movement } from "./movement.ts";
import { rankingScale } from "./ranking-scale.ts";
import type { RankingRow } from "./run.ts";
import type { Score } from "./score.ts";
import {
  type Candidate,
  howFarToTrust,
  type PlainSentence,
  type TrustFacts,
  whatMoves,
  whatToRecordNext,
  whatWasAssumed,
  whichModel,
} from "./sentences.ts";
import { scoredLevel, type TestForecast } from "./test-forecast.ts";
import { trustOf } from "./trust.ts";

/** What the sentences are made of. */
export interface RunFacts {
  readonly dataset: Dataset;
  /** Of the winner. */
  readonly record: ModelRecord;
  readonly sampling: Sampling;
  /** Those that were fitted. */
  readonly models: readonly AnyModel[];
  readonly movements: readonly Movement[];
  /** The chosen model first. */
  readonly ranking: readonly RankingRow[];
  readonly forecasts: readonly TestForecast[];
  /** Null without an independent test. */
  readonly test: Score | null;
  readonly horizon: ForecastHorizon | null;
  /** Whether every member was trained to its end. */
  readonly complete: boolean;
}

/** The five sentences, each with what it is about in front: `What moves: theta swings with …`. */
export function describeRun(facts: RunFacts): readonly string[] {
  return sentencesOf(facts).map(({ about, text }) => `${about}: ${text}`);
}

function sentencesOf(facts: RunFacts): readonly PlainSentence[] {
  const { dataset, record, sampling, movements, forecasts, test, horizon, models, complete } = facts;
  const isCalibrated = record.band?.calibrated ?? false;
  const band = { level: scoredLevel, covered: test?.coverage ?? Number.NaN, isCalibrated };
  return [
    whatMoves(movements, { name: record.time.name, unit: record.time.unit.symbol }),
    withHorizon(howFarToTrust(trustFacts(facts), forecasts.length, band), horizon, record),
    whichModel(candidates(facts), rankingScale(record).unit, !complete),
    whatWasAssumed(assumptionsOf(dataset, record, sampling, models)),
    whatToRecordNext({
      hasTest: test !== null,
      isCalibrated,
      outside: shareOutside(forecasts),
      ranges: movements,
      measuredVelocities: record.facts.measuredVelocities,
    }),
  ];
}

function withHorizon(
  { about, text }: PlainSentence,
  horizon: ForecastHorizon | null,
  record: ModelRecord,
): PlainSentence {
  return { about, text: horizon === null ? text : `${text} ${horizonInWords(horizon, record)}` };
}

function trustFacts({ record, movements, forecasts, test }: RunFacts): readonly TrustFacts[] {
  const panels = forecastPanels(record, forecasts, test);
  return movements.flatMap(({ coordinate, from, to }, index) => {
    const own = panels.filter((panel) => panel.coordinate.name === coordinate.name);
    const rmse = fromSi(record.coordinates[index]?.unit ?? record.time.unit, test?.rmse[index] ?? Number.NaN);
    const trust = trustOf(own, (to - from) / 2);
    return trust === null ? [] : [{ ...trust, rmse }];
  });
}

function candidates({ record, ranking }: RunFacts): readonly Candidate[] {
  const { factor } = rankingScale(record);
  return ranking.map(({ model, kind, select, selects }) => ({
    model,
    kind,
    error: factor * select,
    spread: [factor * Math.min(...selects), factor * Math.max(...selects)],
  }));
}

function shareOutside(forecasts: readonly TestForecast[]): number {
  const flags = forecasts.flatMap(({ forecast }) => [...forecast.outside]);
  return flags.reduce((sum, flag) => sum + flag, 0) / Math.max(1, flags.length);
}
