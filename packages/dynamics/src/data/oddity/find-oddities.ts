/**
 * Everything odd in a data set, in one list.
 *
 * In: the data set so far, its tables and recordings. Out: oddities in the order of columns, then those of whole files.
 * Each search sees the values without what an earlier one explained: codes, then jumps of a turn, then spikes.
 */

import type { PlannedColumn } from "../column-plan.ts";
import type { Axis, Dataset } from "../dataset.ts";
import type { MergedTables, ReadSource } from "../merge-plans.ts";
import type { Role } from "../reading.ts";
import type { Recording } from "../recording.ts";
import { fromSi, toSi } from "../unit.ts";
import { isFalseWord } from "../valid-word.ts";
import { differingColumns, differingFormats, differingUnits, triggerOddities } from "./file-oddities.ts";
import { frozenOddity, frozenStretches } from "./frozen.ts";
import { codeOddity, missingOddities, undeclaredCode } from "./missing-oddities.ts";
import { rateOddities, samplesOddities, samplesPerPeriod } from "./motion-oddities.ts";
import { type Oddity, placeAt } from "./oddity.ts";
import { quantumOddity, quantumOf } from "./quantum.ts";
import { repeatedColumns, repeatedRecordings } from "./repeat-oddities.ts";
import { type ColumnSeries, presentValues, type Series } from "./series.ts";
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
): readonly Oddity[] {
  const { plan } = merged;
  const looked = plan.map((column, index) => lookAt(column, index, content, merged, recordings));
  const rates = plan.map((column, index): readonly Oddity[] => {
    const [own, coordinate] = [looked[index]?.moved, looked[column.partner]?.moved];
    return column.role === "velocity" && own && coordinate ? rateOddities(own, coordinate) : [];
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
}

function lookAt(
  column: PlannedColumn,
  index: number,
  content: Pick<Dataset, "trajectories" | "time">,
  merged: MergedTables,
  recordings: readonly Recording[],
): Look {
  const notes = noteOddities(column, merged.tables, index);
  if (column.role === "time") {
    const clocks = merged.tables.map(({ own, cells }) => cells.numbers[own[index] ?? -1] ?? new Float64Array(0));
    const files = merged.tables.map(({ source }) => source.file);
    const unit = millisecondOddities(column, clocks, files);
    return { oddities: [...notes, ...unit, ...timeOddities(content, recordings, column)], moved: null };
  }
  const isControl = column.role === "control";
  if (!measured.includes(column.role) && !isControl) return { oddities: notes, moved: null };
  const raw = seriesOf(column, index, content, recordings);
  const missing = missingOddities(merged, index);
  const { oddities, moved } = isControl
    ? { oddities: rangeOddities(raw), moved: raw }
    : lookAtMotion(raw, content.time);
  return { oddities: [...notes, ...missing, ...oddities], moved };
}

/** What is odd about the values of a measured column. */
function lookAtMotion(
  raw: ColumnSeries,
  time: Axis,
): { readonly oddities: readonly Oddity[]; readonly moved: ColumnSeries } {
  const { column } = raw;
  const code = undeclaredCode(raw);
  const coded =
    code === null ? raw : withValues(raw, (values) => values.map((each) => (each === code ? Number.NaN : each)));
  const turn = turnOfJumps(coded);
  const quantum = quantumOf(coded);
  const whole = withValues(coded, (values) => withoutJumps(values, turn));
  const isCoordinate = column.role === "angle" || column.role === "coordinate";
  const samples = samplesPerPeriod(whole)?.samples ?? Number.POSITIVE_INFINITY;
  const spikes = whole.series.map((each) => (samples < 8 ? [] : spikeRows(each, quantum.resolution, turn)));
  const moved = withValues(whole, (values, at) => without(values, spikes[at] ?? []));
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
    ...(isCoordinate ? samplesOddities(moved, time) : []),
  ];
  return { oddities: found.filter((oddity) => oddity !== null), moved };
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
  { trajectories }: Pick<Dataset, "trajectories">,
  recordings: readonly Recording[],
): ColumnSeries {
  const series = recordings.map(({ table, rows, name }, at): Series => {
    const own = table.own[index] ?? -1;
    const numbers = table.cells.numbers[own] ?? null;
    const unit = table.plan[own]?.unit ?? column.unit;
    const isSame = unit.symbol === column.unit.symbol;
    const valid = table.cells.words[table.plan.findIndex(({ role }) => role === "valid")] ?? null;
    const value = (row: number): number => {
      const number = numbers?.[row] ?? Number.NaN;
      if (valid !== null && isFalseWord(valid[row] as string)) return Number.NaN;
      return isSame ? number : fromSi(column.unit, toSi(unit, number));
    };
    return {
      file: table.source.file,
      trajectory: name,
      lines: Float64Array.from(rows, (row) => table.cells.lines[row] as number),
      times: trajectories[at]?.times ?? new Float64Array(0),
      values: Float64Array.from(rows, value),
    };
  });
  return { column, series };
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
