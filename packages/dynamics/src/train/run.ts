/**
 * What `fit` gives: plain data beside the winning model.
 */
import type { Sampling } from "../data/sampling.ts";
import type { Uses } from "../data/uses.ts";
import type { AnyModel, DatasetFacts } from "../model/model.ts";
import type { TrainedModel } from "../model/trained-model.ts";
import type { ForecastHorizon } from "./forecast-horizon.ts";
import type { Member, TrainingRow } from "./member.ts";
import type { Movement } from "./movement.ts";
import type { Score } from "./score.ts";
import type { TestForecast } from "./test-forecast.ts";

/** One model in the ranking, by its median member. */
export interface RankingRow {
  readonly model: string;
  readonly kind: AnyModel["kind"];
  readonly seeds: readonly number[];
  /** Rollout error on the selection data relative to the scale of the coordinates: of each seed, and their median. */
  readonly selects: readonly number[];
  readonly select: number;
  /** [d] test RMSE in SI of the best seed's forecast, null without a test; not used for ranking. */
  readonly test: Score | null;
  /** How long that forecast holds; null without a test. */
  readonly horizon: ForecastHorizon | null;
  /** s of training over all seeds. */
  readonly seconds: number;
}

/** A member as it is reported and saved. */
export interface RunMember {
  readonly name: string;
  readonly seed: number;
  readonly model: TrainedModel;
  readonly select: number;
  readonly test: Score | null;
  /** How long forecasts of the test data hold; null without a test. */
  readonly horizon: ForecastHorizon | null;
  readonly curve: readonly TrainingRow[];
  readonly steps: number;
  readonly seconds: number;
  readonly status: Member["status"];
  /** Why it diverged, in words; null unless it did. */
  readonly diagnosis: string | null;
}

/** The result of `fit`. */
export interface Run {
  /** Best first; among those within a factor of two of the best, the law with less freedom. */
  readonly ranking: readonly RankingRow[];
  readonly members: readonly RunMember[];
  /** The winner: best median on the selection data, its best seed. */
  readonly model: TrainedModel;
  readonly winner: RunMember;
  /** The winner's only look at the test data; null without an independent test. */
  readonly test: Score | null;
  readonly calibration: Score | null;
  /** The winner's forecasts of the test recordings, made once; none without an independent test. */
  readonly forecasts: readonly TestForecast[];
  /** What each coordinate did in training. */
  readonly movements: readonly Movement[];
  /** Five plain sentences, each with what it is about in front: `What moves: theta swings with …`. */
  readonly summary: readonly string[];
  readonly facts: DatasetFacts;
  readonly uses: Uses;
  readonly sampling: Sampling;
  /** What was decided before training, line by line. */
  readonly plan: readonly string[];
  readonly options: {
    readonly seed: number;
    readonly seeds: number;
    /** Null: the default of each way of training. */
    readonly steps: number | null;
    readonly observe: number;
    readonly timeBudget: number | null;
    readonly models: readonly string[];
  };
  /** Whether every member was trained to its end. */
  readonly complete: boolean;
  readonly seconds: number;
}
