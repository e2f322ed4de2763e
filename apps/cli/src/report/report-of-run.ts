/**
 * The content of a report from the facts of a run: what is drawn and said, in the user's names and units.
 * Nothing is trained or chosen here; the test forecasts come in as they were made, once.
 */
import {
  type Dataset,
  fromSi,
  type ModelRecord,
  type MotionSegment,
  type Run,
  type Simulator,
  type TrainedModel,
  type Uses,
} from "@leastaction/dynamics";
import { referenceLine } from "../run-folder/references.ts";
import { forecastPanels, type TestForecast } from "./forecast-panels.ts";
import { formatted, listed } from "./format.ts";
import { horizonCurves } from "./horizon-curves.ts";
import { energyCurves, phasePortraits } from "./learned-fields.ts";
import { type MotionFacts, motionFacts } from "./motion-facts.ts";
import { readingRows, readingSummary } from "./reading-rows.ts";
import type {
  ConstantRow,
  ForecastPanel,
  PlainSentence,
  Quantity,
  RankingRow,
  ReportContent,
  TrainingCurve,
} from "./report-content.ts";
import { howFarToTrust, whatMoves, whatToRecordNext, whatWasAssumed, whichModel } from "./sentences.ts";
import { trustOf } from "./trust.ts";

/** What a report is made of. */
export interface RunFacts {
  readonly dataset: Dataset;
  readonly uses: Uses;
  /** The winner. */
  readonly record: ModelRecord;
  readonly simulator: Simulator;
  /** The best model that has learned an energy; null without one. */
  readonly energyModel: TrainedModel | null;
  readonly tests: readonly TestForecast[];
  /** What the library says of `tests`: errors and coverage are its numbers, so that each is defined once. */
  readonly score: Run["test"];
  /** Fraction that the band is meant to cover. */
  readonly level: number;
  /** Best first, in the user's unit. */
  readonly ranking: readonly RankingRow[];
  readonly rankingMetric: string;
  readonly training: readonly TrainingCurve[];
  /** Measured motion for the phase portrait and the energy. */
  readonly segments: readonly MotionSegment[];
  /** Short statements of what was decided on the way: sampling, velocities. */
  readonly assumptions: readonly string[];
  readonly command: string;
  readonly repeatNotes: readonly string[];
  readonly version: string;
  readonly date: string;
}

/** Panels drawn at most; the numbers are of all. */
const drawnAtMost = 6;

export function reportOfRun(facts: RunFacts): ReportContent {
  const { dataset, record, simulator, tests, segments } = facts;
  const panels = forecastPanels(record, tests, facts.score, facts.level);
  const { reading } = dataset;
  const moves = movesOf(facts);
  const periods = moves.flatMap(({ motion }) => motion.period?.small ?? []);
  return {
    title: titleOf(record, dataset),
    data: readingSummary(reading),
    version: facts.version,
    date: facts.date,
    sentences: sentencesOf(facts, panels, moves),
    forecasts: panels.slice(0, drawnAtMost),
    undrawn: Math.max(0, panels.length - drawnAtMost),
    horizon: horizonCurves(panels, periods.length === 0 ? 0 : Math.min(...periods)),
    phase: phasePortraits(record, simulator, segments),
    energy: facts.energyModel === null ? null : energyCurves(facts.energyModel, segments),
    training: facts.training,
    ranking: facts.ranking,
    rankingMetric: facts.rankingMetric,
    constants: record.constants.map(constantRow),
    reading: readingRows(reading),
    readingSummary: readingSummary(reading),
    uses: facts.uses.lines,
    command: facts.command,
    repeatNotes: facts.repeatNotes,
    cannotKnow: cannotKnow(record, facts.uses),
    references: record.cites.map(referenceLine),
  };
}

function titleOf(record: ModelRecord, { name }: Dataset): string {
  return `The motion of ${listed(record.coordinates.map((axis) => axis.name))} in ${name.split("/").at(-1)}`;
}

function sentencesOf(
  facts: RunFacts,
  panels: readonly ForecastPanel[],
  moves: readonly Movement[],
): readonly PlainSentence[] {
  const { record, uses, tests, score, ranking, rankingMetric, level, assumptions } = facts;
  const coordinates = record.coordinates.map(({ name, unit }) => ({ name, unit: unit.symbol }));
  const trust = coordinates.flatMap((coordinate, index) => {
    const own = panels.filter((panel) => panel.coordinate.name === coordinate.name);
    const rmse = fromSi(record.coordinates[index]?.unit ?? record.time.unit, score?.rmse[index] ?? Number.NaN);
    return own.length === 0 ? [] : [{ ...trustOf(own, halfRange(record, index)), rmse }];
  });
  const candidates = ranking.map(({ model, kind, selection }) => ({
    model,
    kind,
    error: selection.median,
    spread: [selection.smallest, selection.largest] as const,
  }));
  const isCalibrated = record.band?.calibrated ?? false;
  return [
    whatMoves(moves, { name: record.time.name, unit: record.time.unit.symbol }),
    howFarToTrust(trust, tests.length, { level, covered: score?.coverage ?? Number.NaN, isCalibrated }),
    whichModel(
      candidates,
      rankingMetric.split(", ")[1] ?? "",
      ranking.some(({ note }) => note.includes("stopped")),
    ),
    whatWasAssumed(assumptions),
    whatToRecordNext({
      hasTest: uses.test !== null,
      isCalibrated,
      outside: shareOutside(tests),
      ranges: coordinates.map((coordinate, index) => ({ coordinate, ...rangeOf(record, index) })),
      measuredVelocities: record.facts.measuredVelocities,
    }),
  ];
}

interface Movement {
  readonly coordinate: Quantity;
  readonly motion: MotionFacts;
}

function movesOf({ record, segments }: RunFacts): readonly Movement[] {
  const width = record.coordinates.length;
  return record.coordinates.map(({ name, unit }, index) => ({
    coordinate: { name, unit: unit.symbol },
    motion: motionFacts(
      segments.map(({ times, positions }) => ({
        times: times.map((time) => fromSi(record.time.unit, time)),
        values: times.map((_, row) => fromSi(unit, positions[row * width + index] as number)),
      })),
    ),
  }));
}

function rangeOf({ facts, coordinates }: ModelRecord, index: number): { readonly from: number; readonly to: number } {
  const [from, to] = facts.coordinates[index]?.range ?? [Number.NaN, Number.NaN];
  const unit = coordinates[index]?.unit;
  return unit === undefined ? { from, to } : { from: fromSi(unit, from), to: fromSi(unit, to) };
}

function halfRange(record: ModelRecord, index: number): number {
  const { from, to } = rangeOf(record, index);
  return (to - from) / 2;
}

function shareOutside(tests: readonly TestForecast[]): number {
  const flags = tests.flatMap(({ forecast }) => [...forecast.outside]);
  return flags.length === 0 ? 0 : flags.filter((flag) => flag === 1).length / flags.length;
}

function constantRow({ name, value, halfWidth, unit, meaning }: ModelRecord["constants"][number]): ConstantRow {
  const digits =
    halfWidth === null || halfWidth === 0 ? 4 : Math.max(2, Math.ceil(Math.log10(Math.abs(value) / halfWidth)) + 1);
  return {
    name,
    value: formatted(value, Math.min(8, digits)),
    interval: halfWidth === null ? "the data do not tell" : `± ${formatted(halfWidth, 2)}`,
    unit: withSuperscripts(unit),
    meaning,
  };
}

function cannotKnow(record: ModelRecord, uses: Uses): readonly string[] {
  const { facts, coordinates, unidentifiable } = record;
  const seen = coordinates.map(({ name, unit }, index) => {
    const { from, to } = rangeOf(record, index);
    return `${name} from ${formatted(from)} to ${formatted(to)} ${unit.symbol}`.trimEnd();
  });
  return [
    `Motion unlike the training data (${listed(seen)}, with the velocities met there). Forecasts that leave it carry 1 in the column outside, and a wider band.`,
    ...(unidentifiable === null ? [] : [sentence(unidentifiable)]),
    ...(record.programs.energy === undefined
      ? []
      : ["The mass: a learned energy is per unit inertia, with an arbitrary zero, and is not in joule."]),
    ...(record.controls.length === 0
      ? [
          "What a force from outside would do: the data has no control, and whatever pushed while it was recorded is in the law as if it belonged there.",
        ]
      : []),
    ...(facts.measuredVelocities ? [] : ["Motion faster than the sampling: velocities were estimated from positions."]),
    ...(uses.test === null ? ["How it does on independent data: there was too little for a test."] : []),
    "Change of the apparatus since the recording: one system was seen, in one condition.",
  ];
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}

/** `1/s^2` as `1/s²`. */
function withSuperscripts(unit: string): string {
  return unit.replace(
    /\^(-?)(\d)/g,
    (_, sign: string, digit: string) => `${sign === "" ? "" : "⁻"}${"⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]}`,
  );
}
