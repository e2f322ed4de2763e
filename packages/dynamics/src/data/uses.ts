/**
 * The four uses of data, kept apart by type: train, select (early stopping, ranking), calibrate (the band), test (once).
 *
 * In: a data set. Out: four `Use`s that no function can mix up, since `Use<"test">` is not a `Use<"train">`, and the
 * sentences that say which part is what. Rules:
 * - A split column decides the test: trajectories called `test` (or, without any, `vad`, `valid`, `val` …) are the test;
 *   `val` beside `test` serves select and calibrate; everything else trains.
 * - Without a split column the test is the last 20 % of the trajectories from five up, else the last 20 % of each.
 * - Select and calibrate are cut from what is left (15 % each): whole trajectories spread over the inner ones from five
 *   up; with two to four, the end of one middle trajectory each, so that the first and the last trajectory, in a
 *   decaying recording the widest and the smallest swings, train whole; with one, its last two parts. They are long
 *   pieces of few trajectories rather than short pieces of all: a forecast is judged over many periods.
 * - A cut in time leaves a gap of 1 % (at least 5 samples) on which nothing is trained or judged.
 */

import { didYouMean } from "../nearest-name.ts";
import { DataError } from "./data-error.ts";
import type { Dataset, Trajectory } from "./dataset.ts";
import { cutAtGaps, gapLimit, type Segment, whole } from "./segment.ts";
import { giveJudges, leastSamples, type Parts, type Shares, samplesIn, takeJudges, takeLast } from "./split-rules.ts";
import { isTestWord, isTrainWord, isValidationWord } from "./split-word.ts";

/** What a part of the data is used for. */
export type UseName = "train" | "select" | "calibrate" | "test";

/** Only `splitUses` makes a `Use`: no object literal has this key. */
declare const madeBySplit: unique symbol;

/** The part of the data that one use may see. */
export interface Use<Name extends UseName> {
  readonly use: Name;
  readonly [madeBySplit]: Name;
  /** Parts of trajectories as they were recorded, gaps in time included: what a forecast is held against. */
  readonly pieces: readonly Segment[];
  /** The same rows without a gap inside: what a solver may integrate over. */
  readonly segments: readonly Segment[];
}

/** The uses of one data set. Null where there is too little data. */
export interface Uses {
  readonly train: Use<"train">;
  readonly select: Use<"select">;
  /** Null: the band stays uncalibrated. */
  readonly calibrate: Use<"calibrate"> | null;
  /** Null: there is no independent test. */
  readonly test: Use<"test"> | null;
  /** What is used for what, one sentence each. */
  readonly lines: readonly string[];
}

/** How to divide; the rules of this file hold for what is left out. */
export interface SplitOptions {
  /** Share of the training trajectories for early stopping and ranking, 0 .. 1; default 0.15. */
  readonly select?: number;
  /** Share for the band, 0 .. 1; default 0.15. */
  readonly calibrate?: number;
  /** Share of all data for the test when no split column decides, 0 .. 1; default 0.2. */
  readonly test?: number;
  /** Words of the split column that are the test. */
  readonly testSplits?: readonly string[];
  /** Whole trajectories by name; they are taken out before the rules apply to the others. */
  readonly assign?: Readonly<Record<string, UseName>>;
}

/**
 * Divides a data set into its four uses.
 * @throws DataError when nothing is left to train on or an assigned trajectory does not exist
 */
export function splitUses(dataset: Dataset, options: SplitOptions = {}): Uses {
  const shares = checkedShares(dataset, options);
  const parts: Parts = { train: [], select: [], calibrate: [], test: [] };
  const notes: string[] = [];
  const free = takeAssigned(dataset, options.assign ?? {}, parts);
  const pool = takeTest(free, dataset, options, shares, parts, notes);
  takeJudges(pool, shares, parts);
  if (samplesIn(parts.train) === 0) throw nothingToTrain(dataset);
  const train = useOf("train", parts.train);
  const select = useOf("select", parts.select);
  const calibrate = samplesIn(parts.calibrate) < leastSamples ? null : useOf("calibrate", parts.calibrate);
  const test = samplesIn(parts.test) < leastSamples ? null : useOf("test", parts.test);
  const lines = [
    describeUse(train, dataset),
    describeUse(select, dataset),
    calibrate === null ? "calibrate: too little data, the band is uncalibrated" : describeUse(calibrate, dataset),
    test === null ? "no independent test" : `${describeUse(test, dataset)}, used once`,
    ...notes,
  ];
  return Object.freeze({ train, select, calibrate, test, lines: Object.freeze(lines) });
}

function useOf<Name extends UseName>(use: Name, pieces: readonly Segment[]): Use<Name> {
  const segments = pieces.flatMap((piece) => cutAtGaps(piece, gapLimit(piece)));
  return Object.freeze({ use, pieces: Object.freeze([...pieces]), segments: Object.freeze(segments) }) as Use<Name>;
}

function takeAssigned(
  dataset: Dataset,
  assign: Readonly<Record<string, UseName>>,
  parts: Parts,
): readonly Trajectory[] {
  for (const [name, use] of Object.entries(assign)) {
    const found = dataset.trajectories.find((trajectory) => trajectory.name === name);
    if (found === undefined) throw unknownTrajectory(name, dataset);
    parts[use].push(whole(found));
  }
  return dataset.trajectories.filter((trajectory) => !Object.hasOwn(assign, trajectory.name));
}

/** Moves the test out of the free trajectories and returns what may train. */
function takeTest(
  free: readonly Trajectory[],
  dataset: Dataset,
  options: SplitOptions,
  shares: Shares,
  parts: Parts,
  notes: string[],
): readonly Segment[] {
  const words = [...new Set(free.flatMap((trajectory) => trajectory.split ?? []))];
  const tests = testWords(words, options.testSplits ?? null, dataset);
  if (tests.length === 0) {
    const unknown = words.filter((word) => !isTrainWord(word));
    if (unknown.length > 0)
      notes.push(`split: the words ${unknown.join(", ")} name no test; divided by the default rule`);
    return parts.test.length > 0 ? free.map(whole) : takeLast(free.map(whole), shares.test, parts.test);
  }
  const isJudge = (word: string | null): boolean => word !== null && isValidationWord(word) && !tests.includes(word);
  const judges = free.filter((trajectory) => isJudge(trajectory.split)).map(whole);
  giveJudges(judges, parts);
  parts.test.push(...free.filter(({ split }) => split !== null && tests.includes(split)).map(whole));
  return free.filter(({ split }) => !isJudge(split) && (split === null || !tests.includes(split))).map(whole);
}

function testWords(words: readonly string[], declared: readonly string[] | null, dataset: Dataset): readonly string[] {
  if (declared !== null) {
    const missing = declared.find((word) => !words.includes(word));
    if (missing !== undefined) throw unknownSplit(missing, words, dataset);
    return declared;
  }
  const tests = words.filter(isTestWord);
  return tests.length > 0 ? tests : words.filter(isValidationWord);
}

const namedAtMost = 8;

function describeUse(use: Use<UseName>, dataset: Dataset): string {
  const texts = use.pieces.map((piece) => describePiece(piece, dataset));
  const shown = texts.length <= namedAtMost ? texts : [...texts.slice(0, namedAtMost - 2), "…", texts.at(-1)];
  const count = texts.length <= namedAtMost ? "" : `${texts.length} pieces: `;
  return `${use.use}: ${count}${shown.join(", ")} (${samplesIn(use.pieces)} samples)`;
}

function describePiece(piece: Segment, dataset: Dataset): string {
  const rows = dataset.trajectories.find(({ name, split }) => name === piece.name && split === piece.split)?.times
    .length;
  if (piece.from === 0 && piece.to === rows) return piece.name;
  const { unit } = dataset.time;
  const short = (time: number | undefined): string => {
    return String(Number((((time ?? 0) * unit.denominator) / unit.numerator).toPrecision(4)));
  };
  return `${piece.name} from ${short(piece.times[0])} to ${short(piece.times.at(-1))} ${unit.symbol}`;
}

function checkedShares(dataset: Dataset, options: SplitOptions): Shares {
  const shares = { select: options.select ?? 0.15, calibrate: options.calibrate ?? 0.15, test: options.test ?? 0.2 };
  const total = shares.select + shares.calibrate + shares.test;
  if (Object.values(shares).every((share) => share >= 0) && total < 1) return shares;
  throw new DataError({
    code: "bad-option",
    file: dataset.name,
    expected: "shares of 0 or more that leave something to train on",
    found: `select ${shares.select}, calibrate ${shares.calibrate}, test ${shares.test}`,
    remedy: "Choose shares whose sum is less than 1.",
  });
}

function nothingToTrain(dataset: Dataset): DataError {
  return new DataError({
    code: "too-few-rows",
    file: dataset.name,
    expected: "data to train on",
    found: "none after the test, select and calibrate parts",
    remedy: "Record more, or assign fewer trajectories to the other uses.",
  });
}

function unknownTrajectory(name: string, dataset: Dataset): DataError {
  return new DataError({
    code: "bad-option",
    file: dataset.name,
    expected: `a trajectory ${name}`,
    found: dataset.trajectories.map((trajectory) => trajectory.name).join(", "),
    remedy: didYouMean(
      name,
      dataset.trajectories.map((trajectory) => trajectory.name),
      "Assign trajectories by the names in the data.",
    ),
  });
}

function unknownSplit(word: string, words: readonly string[], dataset: Dataset): DataError {
  return new DataError({
    code: "bad-option",
    file: dataset.name,
    expected: `a split ${word}`,
    found: words.length === 0 ? "no split column" : words.join(", "),
    remedy: didYouMean(word, words, "Name a word of the split column."),
  });
}
