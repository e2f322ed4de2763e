/**
 * Runs side by side on the same test data.
 *
 * In: runs that tested on the same pieces. Out: one row for each model of each run: medians over seeds with intervals
 * by order statistics, and the error paired with a reference: on each piece the ratio of the two median errors (the
 * geometric mean over coordinates), of which the median and its interval over the pieces are given. The reference is
 * the model that the first run chose by its selection data, so that the test chooses nothing.
 */
import { type MedianInterval, medianInterval } from "@leastaction/dynamics";
import { didYouMean } from "@leastaction/dynamics/nearest-name";
import { CommandError } from "../command-error.ts";
import type { TestedMember, TestedRun } from "./tested-run.ts";

/** One model of one run. */
export interface ComparisonRow {
  /** The model, with its run in front where several runs have it. */
  readonly name: string;
  readonly kind: string;
  readonly seeds: readonly number[];
  /** By coordinate, in its unit: the mean over pieces, median over seeds. */
  readonly rmse: Readonly<Record<string, MedianInterval>>;
  /** By coordinate, %. */
  readonly fit: Readonly<Record<string, MedianInterval>>;
  /** In the unit of time. */
  readonly validTime: MedianInterval;
  /** Error over that of the reference, over pieces; null for the reference. */
  readonly ratio: MedianInterval | null;
  readonly verdict: "reference" | "better" | "worse" | "cannot be told apart";
  /** Optimiser steps and seconds of one seed, median. */
  readonly steps: number;
  readonly seconds: number;
  readonly members: readonly TestedMember[];
}

/** Everything that is shown of a comparison. */
export interface Comparison {
  readonly rows: readonly ComparisonRow[];
  readonly reference: string;
  /** By coordinate, and by the time column. */
  readonly units: Readonly<Record<string, string>>;
  readonly coordinates: readonly string[];
  /** Header name of the time column. */
  readonly time: string;
  readonly pieces: readonly string[];
  /** What makes the comparison fair or not. */
  readonly notes: readonly string[];
}

/** Errors (status 2): differing data, splits or starts; no row of the reference's name. */
export function compareRuns(runs: readonly TestedRun[], reference: string | null): Comparison {
  refuseDiffering(runs);
  const groups = groupsOf(runs);
  const names = groups.map(({ name }) => name);
  const chosen = reference ?? groups.find(({ run, model }) => run === runs[0] && model === run.winner)?.name;
  const base = groups.find(({ name }) => name === chosen);
  if (base === undefined) {
    throw new CommandError(
      `Cannot compare with ${chosen}: expected one of ${names.join(", ")}, got another name`,
      didYouMean(chosen ?? "", names, "Choose one of them with --reference."),
      "unknown-name",
    );
  }
  const { test } = base.members[0] as TestedMember;
  const coordinates = Object.keys(test.rmse);
  return {
    rows: groups.map((group) => rowOf(group, base, coordinates)).sort((a, b) => sizeOf(a) - sizeOf(b)),
    reference: base.name,
    units: test.units,
    coordinates,
    time: Object.keys(test.units).find((name) => !coordinates.includes(name)) ?? "t",
    pieces: test.pieces.map(({ trajectory }) => trajectory),
    notes: notesOf(groups),
  };
}

interface Group {
  readonly name: string;
  readonly run: TestedRun;
  readonly model: string;
  readonly members: readonly TestedMember[];
}

function groupsOf(runs: readonly TestedRun[]): readonly Group[] {
  const pairs = runs.flatMap((run) =>
    [...new Set(run.members.map(({ model }) => model))].map((model) => ({ run, model })),
  );
  return pairs.map(({ run, model }) => ({
    name: pairs.some((other) => other.run !== run && other.model === model) ? `${run.folder}: ${model}` : model,
    run,
    model,
    members: run.members.filter((member) => member.model === model),
  }));
}

function rowOf(group: Group, base: Group, coordinates: readonly string[]): ComparisonRow {
  const { name, run, model, members } = group;
  const over = (pick: (member: TestedMember) => number): MedianInterval => medianInterval(members.map(pick));
  const byCoordinate = (metric: "rmse" | "fit"): Readonly<Record<string, MedianInterval>> =>
    Object.fromEntries(coordinates.map((each) => [each, over(({ test }) => test[metric][each] ?? Number.NaN)]));
  const ratio = group === base ? null : medianInterval(pairedRatios(group, base, coordinates));
  return {
    name,
    kind: run.kinds.get(model) ?? "",
    seeds: members.map(({ seed }) => seed),
    rmse: byCoordinate("rmse"),
    fit: byCoordinate("fit"),
    validTime: over(({ test }) => test.validTime),
    ratio,
    verdict: verdictOf(ratio),
    steps: over(({ steps }) => steps).median,
    seconds: over(({ seconds }) => seconds).median,
    members,
  };
}

/** For each piece, the error of a group over that of another: medians over seeds, geometric mean over coordinates. */
export function pairedRatios(
  { members }: Pick<Group, "members">,
  base: Pick<Group, "members">,
  coordinates: readonly string[],
): readonly number[] {
  const error = (of: readonly TestedMember[], piece: number, coordinate: string): number =>
    medianInterval(of.map(({ test }) => test.pieces[piece]?.rmse[coordinate] ?? Number.NaN)).median;
  const pieces = members[0]?.test.pieces ?? [];
  return pieces.map((_, piece) => {
    const logs = coordinates.map((each) => Math.log(error(members, piece, each) / error(base.members, piece, each)));
    return Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length);
  });
}

/** Only an interval of at least 95 % that leaves out 1 tells two models apart. */
function verdictOf(ratio: MedianInterval | null): ComparisonRow["verdict"] {
  if (ratio === null) return "reference";
  if (ratio.confidence < 0.95 || (ratio.low <= 1 && ratio.high >= 1)) return "cannot be told apart";
  return ratio.high < 1 ? "better" : "worse";
}

/** Best first: by the error relative to the reference. */
function sizeOf({ ratio }: ComparisonRow): number {
  return ratio?.median ?? 1;
}

/** Whether networks had the same steps, or the same time. */
function notesOf(groups: readonly Group[]): readonly string[] {
  const networks = groups.filter(({ run, model }) => run.kinds.get(model) === "network");
  const steps = [...new Set(networks.flatMap(({ members }) => members.map((member) => member.steps)))];
  const budgets = [...new Set(networks.map(({ run }) => run.timeBudget))];
  if (networks.length < 2) return [];
  const sameSteps = steps.length === 1;
  const sameTime = budgets.length === 1 && budgets[0] !== null;
  return [
    sameSteps
      ? `equal steps: every network took ${steps[0]}`
      : `steps differ (${Math.min(...steps)} to ${Math.max(...steps)}): for equal steps fit each with the same --steps`,
    sameTime
      ? `equal time: every run had a budget of ${budgets[0]} s`
      : "time differs: for equal time fit each in a run of its own with the same --time-budget",
  ];
}

function refuseDiffering(runs: readonly TestedRun[]): void {
  const [first, ...others] = runs as readonly [TestedRun, ...TestedRun[]];
  const refuse = (other: TestedRun, what: string, found: string, remedy: string): never => {
    throw new CommandError(
      `Cannot compare ${first.folder} with ${other.folder}: expected the same ${what}, got ${found}`,
      remedy,
      "unlike-runs",
    );
  };
  for (const other of others) {
    const sameData = JSON.stringify(other.measurements) === JSON.stringify(first.measurements);
    if (!sameData) refuse(other, "measurements", "other data", "Fit both to the same files, read in the same way.");
    const line = other.uses.find((text, i) => text !== first.uses[i]);
    if (line !== undefined || other.uses.length !== first.uses.length) {
      refuse(other, "division of the data", line ?? "fewer uses", "Fit both with the same shares and --start, --stop.");
    }
    if (other.observe !== first.observe) {
      refuse(
        other,
        "start of the forecasts",
        `${other.observe} s observed, not ${first.observe} s`,
        "Fit both at the same --rate.",
      );
    }
  }
}
