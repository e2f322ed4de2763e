/**
 * The content of a report from the facts of a run: what is drawn and said, in the user's names and units.
 * Nothing is trained or chosen here; the test forecasts come in as they were made, once.
 */
import {
  type Dataset,
  forecastPanels,
  formatted,
  listed,
  type ModelRecord,
  type MotionSegment,
  type Movement,
  type Run,
  type Simulator,
  type TestForecast,
  type TrainedModel,
  type Uses,
} from "@leastaction/dynamics";
import { referenceLine } from "../run-folder/references.ts";
import { horizonCurves } from "./horizon-curves.ts";
import { energyCurves, phasePortraits } from "./learned-fields.ts";
import { fileOddities, readingRows, readingSummary } from "./reading-rows.ts";
import type { ConstantRow, PlainSentence, RankingRow, ReportContent, TrainingCurve } from "./report-content.ts";

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
  /** The model that is an equation found in the data; null without one. */
  readonly equationModel: TrainedModel | null;
  /** What the library says of `tests`: errors and coverage are its numbers, so that each is defined once. */
  readonly score: Run["test"];
  /** What each coordinate did in training. */
  readonly movements: readonly Movement[];
  /** The library's plain sentences. */
  readonly summary: readonly string[];
  /** Best first, in the user's unit. */
  readonly ranking: readonly RankingRow[];
  readonly rankingMetric: string;
  readonly training: readonly TrainingCurve[];
  /** Measured motion for the phase portrait and the energy. */
  readonly segments: readonly MotionSegment[];
  readonly command: string;
  readonly repeatNotes: readonly string[];
  readonly version: string;
  readonly date: string;
}

/** Panels drawn at most; the numbers are of all. */
const drawnAtMost = 6;

export function reportOfRun(facts: RunFacts): ReportContent {
  const { dataset, record, simulator, tests, segments, movements } = facts;
  const panels = forecastPanels(record, tests, facts.score);
  const { reading } = dataset;
  const periods = movements.flatMap(({ motion }) => motion.period?.small ?? []);
  return {
    title: titleOf(record, dataset),
    data: readingSummary(reading),
    version: facts.version,
    date: facts.date,
    sentences: facts.summary.map(plainSentence),
    forecasts: panels.slice(0, drawnAtMost),
    undrawn: Math.max(0, panels.length - drawnAtMost),
    horizon: horizonCurves(panels, periods.length === 0 ? 0 : Math.min(...periods)),
    phase: phasePortraits(record, simulator, segments),
    energy: facts.energyModel === null ? null : energyCurves(facts.energyModel, segments),
    training: facts.training,
    ranking: facts.ranking,
    rankingMetric: facts.rankingMetric,
    time: record.time.unit.symbol,
    constants: record.constants.map(constantRow),
    equation: facts.equationModel === null ? null : equationOf(facts.equationModel.record),
    reading: readingRows(reading),
    readingSummary: readingSummary(reading),
    uses: [...fileOddities(reading), ...facts.uses.lines],
    command: facts.command,
    repeatNotes: facts.repeatNotes,
    cannotKnow: cannotKnow(facts),
    references: record.cites.map(referenceLine),
  };
}

function titleOf(record: ModelRecord, { name }: Dataset): string {
  return `The motion of ${listed(record.coordinates.map((axis) => axis.name))} in ${name.split("/").at(-1)}`;
}

/** A sentence of the library, which has what it is about in front, in its two parts. */
function plainSentence(line: string): PlainSentence {
  const end = line.indexOf(": ");
  return { about: line.slice(0, end), text: line.slice(end + 2) };
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

/** With the units that its coefficients stand in. */
function equationOf({ name, equations = [], coordinates, controls }: ModelRecord): ReportContent["equation"] {
  const units = [...coordinates, ...controls].map((axis) => `${axis.name} in ${axis.unit.symbol || "its own unit"}`);
  return { model: name, lines: equations, units: `${listed(units)}, rates per second` };
}

function cannotKnow({ record, movements, uses }: RunFacts): readonly string[] {
  const { facts, unidentifiable } = record;
  const seen = movements.map(({ coordinate: { name, unit }, from, to }) =>
    `${name} from ${formatted(from)} to ${formatted(to)} ${unit}`.trimEnd(),
  );
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
