/**
 * Everything a report shows, as plain data in the user's names and units: what is drawn is decided here, how it looks
 * is decided by the figures and the page. Built from a run by `report-of-run.ts`; a missing part is null or empty and
 * is left out of the page.
 */
import type { ForecastPanel, Quantity } from "@leastaction/dynamics";
import type { ShownHorizon } from "../horizon-in-units.ts";

/** Error of one coordinate against time since the start of the forecast, over all test trajectories. */
export interface HorizonCurve {
  readonly coordinate: Quantity;
  readonly time: Quantity;
  readonly horizons: Float64Array;
  readonly rmse: Float64Array;
  /** Half width of the band at that horizon. */
  readonly halfWidth: Float64Array;
}

/** Measured states and the learned field in the plane of one coordinate and its velocity. */
export interface PhasePortrait {
  readonly coordinate: Quantity;
  readonly velocity: Quantity;
  /** One measured path for each trajectory. */
  readonly paths: readonly { readonly x: Float64Array; readonly y: Float64Array }[];
  /** The learned rates (x, y) per second on a grid; empty for a model without a field. */
  readonly arrows: readonly { readonly x: number; readonly y: number; readonly dx: number; readonly dy: number }[];
}

/** Learned energy along measured paths. */
export interface EnergyCurves {
  /** The model that learned it: the best one that has an energy. */
  readonly model: string;
  readonly time: Quantity;
  readonly unit: string;
  readonly curves: readonly {
    readonly trajectory: string;
    readonly times: Float64Array;
    readonly energy: Float64Array;
  }[];
}

/** The course of one training. */
export interface TrainingCurve {
  readonly member: string;
  readonly seed: number;
  readonly steps: Float64Array;
  /** NaN where another stage of the training begins. */
  readonly loss: Float64Array;
  /** Selection error in the unit of the ranking where it was measured, NaN elsewhere. */
  readonly selection: Float64Array;
}

/** One candidate of the ranking. */
export interface RankingRow {
  readonly model: string;
  readonly isWinner: boolean;
  readonly kind: "baseline" | "grey-box" | "network";
  readonly seeds: number;
  /** Rollout error on the selection data: median over seeds, with smallest and largest. */
  readonly selection: { readonly median: number; readonly smallest: number; readonly largest: number };
  /** Error on the test data, tested once; null where it was not tested. */
  readonly test: number | null;
  /** How long forecasts of the test data hold; null where it was not tested. */
  readonly horizon: ShownHorizon | null;
  readonly parameters: number;
  readonly seconds: number;
  readonly note: string;
}

/** A fitted constant, or a group of them, with its interval. */
export interface ConstantRow {
  readonly name: string;
  readonly value: string;
  readonly interval: string;
  readonly unit: string;
  readonly meaning: string;
}

/** A line of "what was read". */
export interface ReadingRow {
  readonly column: string;
  readonly role: string;
  readonly unit: string;
  readonly range: string;
  readonly decided: string;
  readonly remark: string;
}

/** One of the sentences at the top: what it is about, and the sentence. */
export interface PlainSentence {
  readonly about: string;
  readonly text: string;
}

export interface ReportContent {
  readonly title: string;
  readonly data: string;
  readonly version: string;
  /** ISO date of the run. */
  readonly date: string;
  readonly sentences: readonly PlainSentence[];
  readonly forecasts: readonly ForecastPanel[];
  /** Test trajectories that are not drawn. */
  readonly undrawn: number;
  readonly horizon: readonly HorizonCurve[];
  readonly phase: readonly PhasePortrait[];
  readonly energy: EnergyCurves | null;
  readonly training: readonly TrainingCurve[];
  readonly ranking: readonly RankingRow[];
  /** What the numbers of the ranking are: name of the metric and unit. */
  readonly rankingMetric: string;
  /** The unit of time. */
  readonly time: string;
  readonly constants: readonly ConstantRow[];
  /** The motion as an equation, found by sparse regression; null where none was. */
  readonly equation: { readonly model: string; readonly lines: readonly string[]; readonly units: string } | null;
  readonly reading: readonly ReadingRow[];
  readonly readingSummary: string;
  readonly uses: readonly string[];
  readonly command: string;
  readonly repeatNotes: readonly string[];
  readonly cannotKnow: readonly string[];
  readonly references: readonly string[];
}
