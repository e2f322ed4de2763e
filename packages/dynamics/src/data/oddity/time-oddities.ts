/**
 * What is odd about times: rows that were left out, clocks that start again, lost rows, gaps, uneven steps, files of
 * another rate.
 */

import type { Clock } from "../clock.ts";
import type { PlannedColumn } from "../column-plan.ts";
import { median } from "../oddity-measure.ts";
import type { RowTrouble } from "../order-rows.ts";
import type { Recording } from "../recording.ts";
import { fromSi } from "../unit.ts";
import { type Oddity, type OddityPlace, placeAt } from "./oddity.ts";
import { countOf, shortNumber, withUnit } from "./series.ts";

/** A recording with its times. */
interface TimedRecording extends Clock {
  readonly recording: Recording;
  /** Whether nearly all steps are whole multiples of one: what is longer has lost rows. */
  readonly isRegular: boolean;
}

/** All oddities of the time column. */
export function timeOddities(
  clocks: readonly Clock[],
  recordings: readonly Recording[],
  time: PlannedColumn,
): readonly Oddity[] {
  const timed = recordings.map((recording, index): TimedRecording => {
    const clock = clocks[index] as Clock;
    return { ...clock, recording, isRegular: isRegular(clock) };
  });
  return [
    ...leftOut(recordings, time),
    ...restarts(recordings, time),
    ...shortRecordings(timed, time),
    ...longSteps(timed, time),
    ...unevenSteps(timed, time),
    ...differingRates(timed, time),
  ];
}

const troubleWords: Readonly<Record<RowTrouble, readonly [one: string, many: string, remedy: string]>> = {
  "repeated-row": ["row repeats the one before it", "rows repeat the one before them", "Left out: nothing is lost."],
  "duplicate-time": [
    "row has the time of the row before it and other values",
    "rows have the time of the row before them and other values",
    "A fit refuses this: correct the clock, or name the column that tells recordings apart: --column NAME=trajectory.",
  ],
  "backward-time": [
    "row is out of the order of time",
    "rows are out of the order of time",
    "A fit refuses this: correct or remove the rows, or name the column that tells recordings apart: --column NAME=trajectory.",
  ],
};

function leftOut(recordings: readonly Recording[], { name }: PlannedColumn): readonly Oddity[] {
  return Object.entries(troubleWords).flatMap(([kind, [one, many, remedy]]): readonly Oddity[] => {
    const places = recordings.flatMap(({ table, troubles }) =>
      troubles
        .filter((trouble) => trouble.kind === kind)
        .map(({ row }) => placeAt(table.source.file, table.cells.lines[row])),
    );
    if (places.length === 0) return [];
    const found = countOf(places.length, one, many);
    return [{ kind: kind as RowTrouble, column: name, found, remedy, count: places.length, places }];
  });
}

function restarts(recordings: readonly Recording[], { name }: PlannedColumn): readonly Oddity[] {
  const found = recordings.filter(({ isRestart }) => isRestart);
  if (found.length === 0) return [];
  return [
    {
      kind: "clock-restart",
      column: name,
      found: `${countOf(found.length, "time")} the clock starts again`,
      remedy: "Each start begins a trajectory of its own; name the column that tells them apart if there is one.",
      count: found.length,
      places: found.map(({ table, rows }) => placeAt(table.source.file, table.cells.lines[rows[0] as number])),
    },
  ];
}

function shortRecordings(timed: readonly TimedRecording[], { name }: PlannedColumn): readonly Oddity[] {
  const short = timed.filter(({ times }) => times.length < 5);
  if (short.length === 0) return [];
  const places = short.map(({ recording: { table, rows } }) => {
    const line = (row: number | undefined): number | undefined => table.cells.lines[row ?? -1];
    return placeAt(table.source.file, line(rows[0]), line(rows.at(-1)));
  });
  return [
    {
      kind: "short-recording",
      column: name,
      found: `${countOf(short.length, "recording")} of fewer than 5 rows: no motion to learn`,
      remedy: "Leave them out, or name the column that tells recordings apart: --column NAME=trajectory.",
      count: short.length,
      places,
    },
  ];
}

interface LongStep {
  readonly place: OddityPlace;
  readonly seconds: number;
  readonly lost: number;
}

/** Lost rows (up to five in a regular recording) and gaps. */
function longSteps(timed: readonly TimedRecording[], time: PlannedColumn): readonly Oddity[] {
  const [gaps, dropouts]: [LongStep[], LongStep[]] = [[], []];
  for (const each of timed) {
    const { steps, step, isRegular: isLosing } = each;
    if (step === null) continue;
    const usual = (isLosing ? 1.5 : 2.5) * step;
    for (let at = 1; at <= steps.length; at++) {
      const seconds = steps[at - 1] as number;
      if (seconds <= usual || hasLeftOut(each, at)) continue;
      const lost = Math.round(seconds / step) - 1;
      const long = { place: placeBetween(each, at), seconds, lost };
      (isLosing && lost <= 5 ? dropouts : gaps).push(long);
    }
  }
  return [...gapOddity(gaps, time), ...dropoutOddity(dropouts, timed, time)];
}

/** Whether the step to row `at` is long because of rows that are told of already. */
function hasLeftOut({ recording: { rows, troubles } }: TimedRecording, at: number): boolean {
  const [from, to] = [rows[at - 1] as number, rows[at] as number];
  return to - from > 1 && troubles.some(({ row }) => row > from && row < to);
}

function placeBetween({ recording: { table, rows } }: TimedRecording, at: number): OddityPlace {
  return placeAt(table.source.file, table.cells.lines[rows[at - 1] ?? -1], table.cells.lines[rows[at] ?? -1]);
}

function gapOddity(gaps: readonly LongStep[], time: PlannedColumn): readonly Oddity[] {
  if (gaps.length === 0) return [];
  const longest = gaps.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  return [
    {
      kind: "gap",
      column: time.name,
      found: `${countOf(gaps.length, "gap")}, the longest ${withUnit(fromSi(time.unit, longest), time)}`,
      remedy: "Each starts a new segment: no step of a solver crosses it.",
      count: gaps.length,
      places: gaps.map(({ place }) => place),
    },
  ];
}

function dropoutOddity(
  dropouts: readonly LongStep[],
  timed: readonly TimedRecording[],
  time: PlannedColumn,
): readonly Oddity[] {
  const lost = dropouts.reduce((sum, step) => sum + step.lost, 0);
  if (lost === 0) return [];
  const rows = timed.reduce((sum, { times }) => sum + times.length, 0);
  const cut = dropouts.filter((step) => step.lost > 1).length;
  return [
    {
      kind: "dropout",
      column: time.name,
      found: `${countOf(lost, "row")} lost, ${shortNumber(Number(((100 * lost) / (rows + lost)).toPrecision(2)))} % of an even clock`,
      remedy: `Nothing is filled in${cut === 0 ? "" : `; ${countOf(cut, "place")} with more than one lost row ${cut === 1 ? "starts" : "start"} a new segment`}.`,
      count: lost,
      places: dropouts.map(({ place }) => place),
    },
  ];
}

function isRegular({ steps, step }: Clock): boolean {
  if (step === null || step === 0) return false;
  let even = 0;
  for (let at = 0; at < steps.length; at++) {
    const multiple = (steps[at] as number) / step;
    if (Math.abs(multiple - Math.round(multiple)) < 0.1 * Math.min(3, Math.max(1, multiple))) even += 1;
  }
  return even >= 0.9 * steps.length;
}

function unevenSteps(timed: readonly TimedRecording[], { name }: PlannedColumn): readonly Oddity[] {
  const uneven = timed.flatMap((each) => {
    const { steps, step, isRegular: isLosing } = each;
    if (step === null) return [];
    const usual = (isLosing ? 1.5 : 2.5) * step;
    let [count, first] = [0, -1];
    for (let at = 0; at < steps.length; at++) {
      const seconds = steps[at] as number;
      if (seconds > usual || Math.abs(seconds - step) <= 0.05 * step) continue;
      if (first === -1) first = at;
      count += 1;
    }
    return count > 0.01 * steps.length ? [{ count, all: steps.length, place: placeBetween(each, first + 1) }] : [];
  });
  if (uneven.length === 0) return [];
  const [count, all] = [
    uneven.reduce((sum, each) => sum + each.count, 0),
    uneven.reduce((sum, each) => sum + each.all, 0),
  ];
  return [
    {
      kind: "uneven-time",
      column: name,
      found: `uneven sampling: ${count} of ${all} steps differ from the median by more than 5 %`,
      remedy: "Times are used as they stand.",
      count,
      places: uneven.map(({ place }) => place),
    },
  ];
}

function differingRates(timed: readonly TimedRecording[], { name }: PlannedColumn): readonly Oddity[] {
  const usual = median(timed.flatMap(({ step }) => step ?? []));
  if (usual === null) return [];
  const others = timed.filter(({ step }) => step !== null && (step > 1.2 * usual || step < usual / 1.2));
  if (others.length === 0) return [];
  const rates = [
    ...new Set(others.map(({ step }) => `${shortNumber(Number((1 / (step as number)).toPrecision(3)))} Hz`)),
  ];
  return [
    {
      kind: "differing-rate",
      column: name,
      found: `${countOf(others.length, "recording")} at ${rates.slice(0, 3).join(", ")}, the others at ${shortNumber(Number((1 / usual).toPrecision(3)))} Hz`,
      remedy: "Each keeps its own times and its own measure of a gap.",
      count: others.length,
      places: others.map(({ recording }) => placeAt(recording.table.source.file, null)),
    },
  ];
}
