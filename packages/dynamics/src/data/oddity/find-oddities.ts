/**
 * Everything odd in a data set, in one list.
 *
 * In: the data set so far, its tables and recordings. Out: oddities in the order of columns, then those of whole files.
 * Each search sees the values without what an earlier one explained: codes, then jumps of a turn, then spikes.
 */

import type { Clock } from "../clock.ts";
import type { PlannedColumn } from "../column-plan.ts";
import type { Axis, Dataset } from "../dataset.ts";
import { entriesOf } from "../entries-of.ts";
import type { MergedTables, ReadSource } from "../merge-plans.ts";
import { presentValues } from "../present-values.ts";
import type { Role } from "../reading.ts";
import type { Recording } from "../recording.ts";
import { fromSi, toSi } from "../unit.ts";
import { isFalseWord } from "../valid-word.ts";
import { differingColumns, differingFormats, differingUnits, triggerOddities } from "./file-oddities.ts";
import { frozenOddity, frozenStretches } from "./frozen.ts";
import { codeOddity, missingOddities, undeclaredCode } from "./missing-oddities.ts";
import { type PeriodSamples, rateOddities, samplesOddities, samplesPerPeriod } from "./motion-oddities.ts";
import { type Oddity, placeAt } from "./oddity.ts";
import { quantumOddity, quantumOf } from "./quantum.ts";
import { repeatedColumns, repeatedRecordings } from "./repeat-oddities.ts";
import type { ColumnSeries, Series } from "./series.ts";
import { spikeOddity, spikeRows } from "./spike.ts";
import { timeOddities } from "./time-oddities.ts";
import { turnOfJumps, withoutJumps, wrappedOddity } from "./turn.ts";
import { millisecondOddities, rangeOddities } from "./unit-oddities.ts";

const measured: readonly Role[] = ["coordinate", "angle", "velocity", "momentum"];

/** All oddities. */
export function findOddities(
  content: Pick<Dataset, "trajectories" | "time">,
  merged: MergedTables,
  recordings: readonly Recording[],
  clocks: readonly Clock[],
): readonly Oddity[] {
  const { plan } = merged;
  const looked = plan.map((column, index) => lookAt(column, index, content.time, merged, recordings, clocks));
  const rates = plan.map((column, index): readonly Oddity[] => {
    const [own, coordinate] = [looked[index]?.moved, looked[column.partner]];
    if (column.role !== "velocity" || !own || !coordinate?.moved) return [];
    return rateOddities(own, coordinate.moved, coordinate.sampled);
  });
  const repeats = repeatedColumns(looked.flatMap(({ moved }) => moved ?? []));
  const odd = plan.map(({ name }, index): readonly Oddity[] => {
    // What is odd about a column is odd about its copy: it is told once.
    const repeat = repeats.find(({ column }) => column === name);
    return repeat === undefined ? [...(looked[index]?.oddities ?? []), ...(rates[index] ?? [])] : [repeat];
  });
  return Object.freeze(
    [
      ...odd.flat(),
      ...triggerOddities(content, merged, recordings),
      ...differingColumns(merged),
      ...differingUnits(merged),
      ...differingFormats(merged),
      ...repeatedRecordings(content.trajectories, recordings),
    ].map((oddity) => Object.freeze(oddity)),
  );
}

interface Look {
  readonly oddities: readonly Oddity[];
  /** The values without codes, jumps and spikes, for comparisons; null for what is not measured. */
  readonly moved: ColumnSeries | null;
  /** Samples in a period of `moved`; null without a whole period. */
  readonly sampled: PeriodSamples | null;
}

function lookAt(
  column: PlannedColumn,
  index: number,
  time: Axis,
  merged: MergedTables,
  recordings: readonly Recording[],
  clocks: readonly Clock[],
): Look {
  const notes = noteOddities(column, merged.tables, index);
  if (column.role === "time") {
    const written = merged.tables.map(({ own, cells }) => cells.numbers[own[index] ?? -1] ?? new Float64Array(0));
    const files = merged.tables.map(({ source }) => source.file);
    const unit = millisecondOddities(column, written, files);
    return {
      oddities: [...notes, ...unit, ...timeOddities(clocks, recordings, column)],
      moved: null,
      sampled: null,
    };
  }
  const isControl = column.role === "control";
  if (!measured.includes(column.role) && !isControl) return { oddities: notes, moved: null, sampled: null };
  const raw = seriesOf(column, index, recordings, clocks);
  const missing = missingOddities(merged, index);
  const look = isControl ? { oddities: rangeOddities(raw), moved: raw, sampled: null } : lookAtMotion(raw, time);
  return { ...look, oddities: [...notes, ...missing, ...look.oddities] };
}

/** What is odd about the values of a measured column. */
function lookAtMotion(raw: ColumnSeries, time: Axis): Look & { readonly moved: ColumnSeries } {
  const { column } = raw;
  const code = undeclaredCode(raw);
  const coded =
    code === null ? raw : withValues(raw, (values) => values.map((each) => (each === code ? Number.NaN : each)));
  const turn = turnOfJumps(coded);
  const quantum = quantumOf(coded);
  const whole = withValues(coded, (values) => withoutJumps(values, turn));
  const isCoordinate = column.role === "angle" || column.role === "coordinate";
  const sampledWhole = samplesPerPeriod(whole);
  const samples = sampledWhole?.samples ?? Number.POSITIVE_INFINITY;
  const spikes = whole.series.map((each) => (samples < 8 ? [] : spikeRows(each, quantum.resolution, turn)));
  const moved = withValues(whole, (values, at) => without(values, spikes[at] ?? []));
  const sampled = spikes.some(({ length }) => length > 0) ? samplesPerPeriod(moved) : sampledWhole;
  const calm = withValues(coded, (values, at) => without(values, spikes[at] ?? []));
  const stretches = moved.series.map(({ values, times }) =>
    frozenStretches(presentValues(values), times, quantum.resolution),
  );
  const found = [
    code === null ? null : codeOddity(raw, code),
    ...rangeOddities(calm),
    turn === null ? null : wrappedOddity(coded, turn),
    spikeOddity(coded, spikes),
    frozenOddity(coded, stretches),
    quantumOddity(coded, quantum),
    ...(isCoordinate ? samplesOddities(moved, sampled, time) : []),
  ];
  return { oddities: found.filter((oddity) => oddity !== null), moved, sampled };
}

function without(values: Float64Array, rows: readonly number[]): Float64Array {
  if (rows.length === 0) return values;
  const result = values.slice();
  for (const row of rows) result[row] = Number.NaN;
  return result;
}

function withValues(
  { column, series }: ColumnSeries,
  change: (values: Float64Array, index: number) => Float64Array,
): ColumnSeries {
  return { column, series: series.map((each, index) => ({ ...each, values: change(each.values, index) })) };
}

/** The column of every recording, in the unit of the plan; invalid rows are missing. */
function seriesOf(
  column: PlannedColumn,
  index: number,
  recordings: readonly Recording[],
  clocks: readonly Clock[],
): ColumnSeries {
  const series = recordings.map((recording, at): Series => {
    const { table, rows, name } = recording;
    const { times, step } = clocks[at] as Clock;
    const values = valuesOf(column, table.own[index] ?? -1, recording);
    return {
      file: table.source.file,
      trajectory: name,
      lines: entriesOf(table.cells.lines, rows),
      times,
      step,
      values,
    };
  });
  return { column, series };
}

/** Column `own` of a recording's table in the unit of the plan: [n], the table's own memory where nothing changes. */
function valuesOf({ unit }: PlannedColumn, own: number, { table, rows }: Recording): Float64Array {
  const numbers = table.cells.numbers[own];
  if (numbers == null) return new Float64Array(rows.length).fill(Number.NaN);
  const written = table.plan[own]?.unit ?? unit;
  const entries = entriesOf(numbers, rows);
  const values =
    written.symbol === unit.symbol ? entries : entries.map((number) => fromSi(unit, toSi(written, number)));
  const valid = table.cells.words[table.plan.findIndex(({ role }) => role === "valid")];
  if (valid == null) return values;
  return values.map((value, at) => (isFalseWord(valid[rows[at] as number] as string) ? Number.NaN : value));
}

/** What the plan says of a column: not used, taken by exclusion, a unit that is not known. */
function noteOddities(
  { name, role, notes }: PlannedColumn,
  tables: readonly ReadSource[],
  index: number,
): readonly Oddity[] {
  const places = tables
    .filter(({ own }) => own[index] !== -1)
    .map(({ source }) => placeAt(source.file, source.headerLine));
  return notes.map((note): Oddity => {
    const [found = "", ...rest] = note.split(": ");
    const remedy = rest.join(": ");
    return {
      kind: role === "ignore" ? "unused-column" : "note",
      column: name,
      found,
      remedy: remedy === "" ? "Nothing needs to be done." : `${remedy[0]?.toUpperCase()}${remedy.slice(1)}.`,
      count: 1,
      places,
    };
  });
}
