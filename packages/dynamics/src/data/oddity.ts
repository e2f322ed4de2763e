/**
 * What was read, column by column, with what looks odd in it.
 *
 * In: the data set so far, and the tables it was made of. Out: the `Reading`. An oddity is a sentence with its remedy; it never
 * changes the data. Looked for here: degrees that look like radians and the reverse, jumps of a whole turn, gaps,
 * uneven sampling, missing values, constant columns, a rate that is not the rate of its coordinate.
 */

import type { PlannedColumn } from "./column-plan.ts";
import { quoted } from "./column-role.ts";
import { type Dataset, observedIndex, type Trajectory } from "./dataset.ts";
import { medianStep, rateRatio, timeSteps } from "./oddity-measure.ts";
import type { ColumnReading, Reading } from "./reading.ts";
import type { TableCells, TableSource } from "./table-source.ts";
import { fromSi, hasDimension, toSi, type Unit } from "./unit.ts";

type Content = Omit<Dataset, "hash" | "reading">;

/** A source with its plan and what was read by it. */
interface ReadTable {
  readonly source: TableSource;
  readonly plan: readonly PlannedColumn[];
  readonly cells: TableCells;
}

/** The reading of tables: how the first one was written, and the columns of all under the names of the first. */
export function readingOf(content: Content, tables: readonly ReadTable[]): Reading {
  const [{ source, plan }] = tables as readonly [ReadTable];
  return Object.freeze({
    file: content.name,
    format: source.format,
    delimiter: source.delimiter,
    decimalComma: source.decimalComma,
    headerLine: source.headerLine,
    rows: tables.reduce((sum, { cells }) => sum + cells.rows, 0),
    trajectories: content.trajectories.length,
    columns: Object.freeze(plan.map((column) => readColumn(column, content, plan, tables))),
  });
}

function readColumn(
  column: PlannedColumn,
  content: Content,
  plan: readonly PlannedColumn[],
  tables: readonly ReadTable[],
): ColumnReading {
  const range = joinedRange(tables.map((table) => rangeIn(table, column)));
  const step = column.role === "time" ? medianStep(content.trajectories) : null;
  const oddities = [...column.notes, ...rangeOddities(column, range), ...dataOddities(column, content)];
  return Object.freeze({
    position: column.position,
    name: column.name,
    header: column.header,
    role: column.role,
    unit: column.unit.symbol,
    decided: column.decided,
    pairedWith: plan[column.partner]?.name ?? null,
    minimum: range.minimum,
    maximum: range.maximum,
    missing: range.missing,
    rate: step === null ? null : 1 / step,
    oddities: Object.freeze(oddities),
  });
}

interface Range {
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly missing: number;
  readonly isWhole: boolean;
}

/** The range of a column in one table, in the unit it has in the first. */
function rangeIn({ plan, cells }: ReadTable, { name, unit }: PlannedColumn): Range {
  const index = plan.findIndex((column) => column.name === name);
  const range = rangeOf(cells.numbers[index] ?? null);
  const own = plan[index]?.unit;
  if (own === undefined || own.symbol === unit.symbol) return range;
  const converted = (value: number | null): number | null => (value === null ? null : inUnit(value, own, unit));
  return { ...range, minimum: converted(range.minimum), maximum: converted(range.maximum) };
}

function inUnit(value: number, own: Unit, unit: Unit): number {
  return fromSi(unit, toSi(own, value));
}

function joinedRange(ranges: readonly Range[]): Range {
  const minima = ranges.flatMap(({ minimum }) => minimum ?? []);
  const maxima = ranges.flatMap(({ maximum }) => maximum ?? []);
  return {
    minimum: minima.length === 0 ? null : Math.min(...minima),
    maximum: maxima.length === 0 ? null : Math.max(...maxima),
    missing: ranges.reduce((sum, { missing }) => sum + missing, 0),
    isWhole: ranges.every(({ isWhole }) => isWhole),
  };
}

function rangeOf(numbers: Float64Array | null): Range {
  let [minimum, maximum, missing, isWhole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, true];
  for (const value of numbers ?? []) {
    if (Number.isNaN(value)) missing += 1;
    else {
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
      isWhole &&= Number.isInteger(value);
    }
  }
  const none = minimum > maximum;
  return { minimum: none ? null : minimum, maximum: none ? null : maximum, missing, isWhole };
}

function rangeOddities(column: PlannedColumn, range: Range): readonly string[] {
  const oddities: string[] = [];
  const flag = `--column ${quoted(column.name)}`;
  const isMeasured = ["coordinate", "angle", "velocity", "momentum"].includes(column.role);
  if (range.minimum === null || range.maximum === null) return isMeasured ? ["has no values at all"] : [];
  const span = range.maximum - range.minimum;
  if (range.missing > 0) oddities.push(`${range.missing} values missing: left out by a mask`);
  if (isMeasured && span === 0) oddities.push("constant: say =ignore if it was not connected");
  if (column.role === "angle" && !column.unitStated && span > 2 * Math.PI) {
    oddities.push(`no unit and a range above 2 pi: looks like degrees; say ${flag}=angle:deg, or :rad`);
  }
  if (
    column.role === "angle" &&
    column.unit.symbol.startsWith("deg") &&
    span < 2 * Math.PI &&
    Math.max(range.maximum, -range.minimum) < 4
  ) {
    oddities.push(`less than 4 degrees in all: looks like radians; say ${flag}=angle:rad, or :deg`);
  }
  if (column.role === "time" && !column.unitStated && range.isWhole && span > 1000) {
    oddities.push(`whole numbers up to ${range.maximum}: looks like milliseconds; say ${flag}=time:ms, or :s`);
  }
  return oddities;
}

function dataOddities(column: PlannedColumn, content: Content): readonly string[] {
  if (column.role === "time") return timeOddities(content.trajectories);
  const coordinate = content.coordinates.findIndex((axis) => axis.name === column.name);
  if (coordinate !== -1 && content.coordinates[coordinate]?.periodic) return jumpOddities(content, coordinate);
  const rate = content.coordinates.findIndex((axis) => axis.velocity?.name === column.name);
  return rate === -1 ? [] : rateOddities(column, content, rate);
}

function timeOddities(trajectories: readonly Trajectory[]): readonly string[] {
  const median = medianStep(trajectories);
  if (median === null) return ["a single time: no motion to learn"];
  const steps = trajectories.flatMap((trajectory) => [...timeSteps(trajectory.times)]);
  const gaps = steps.filter((step) => step > 2.5 * median);
  const uneven = steps.filter((step) => step <= 2.5 * median && Math.abs(step - median) > 0.05 * median).length;
  const oddities: string[] = [];
  if (gaps.length > 0) {
    const longest = gaps.reduce((most, gap) => Math.max(most, gap), 0);
    oddities.push(`${gaps.length} gaps, the longest ${longest.toPrecision(3)} s: each starts a new segment`);
  }
  if (uneven > 0.01 * steps.length)
    oddities.push(`uneven sampling: ${uneven} of ${steps.length} steps differ from the median by more than 5 %`);
  return oddities;
}

/** Wrapped angles stay within one turn and jump by nearly a whole one; a larger range is counted turns, or degrees. */
function jumpOddities(content: Content, coordinate: number): readonly string[] {
  const width = content.observed.length;
  const at = observedIndex(content, "position", coordinate);
  let [jumps, minimum, maximum] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values, times } of content.trajectories) {
    for (let row = 0; row < times.length; row++) {
      const angle = values[row * width + at] as number;
      if (angle < minimum) minimum = angle;
      if (angle > maximum) maximum = angle;
      if (Math.abs(angle - (values[(row - 1) * width + at] ?? angle)) > 1.5 * Math.PI) jumps += 1;
    }
  }
  const isWrapped = jumps > 0 && maximum - minimum < 2.02 * Math.PI;
  return isWrapped ? [`${jumps} jumps of a whole turn: unwrapped for processing`] : [];
}

function rateOddities(column: PlannedColumn, content: Content, coordinate: number): readonly string[] {
  const ratio = rateRatio(content, coordinate);
  const name = content.coordinates[coordinate]?.name ?? "";
  if (ratio === null || (ratio > 0.8 && ratio < 1.25)) return [];
  const toDegrees = 180 / Math.PI;
  const isNear = (value: number): boolean => Math.abs(ratio / value - 1) < 0.25;
  const isAngular = hasDimension(column.unit, { angle: 1, time: -1 });
  const flag = `--column ${quoted(column.name)}=velocity`;
  if (isAngular && isNear(toDegrees))
    return [`${toDegrees.toFixed(1)} times the rate of ${name}: looks like deg/s; say ${flag}:deg/s`];
  if (isAngular && isNear(1 / toDegrees))
    return [`1/${toDegrees.toFixed(1)} of the rate of ${name}: looks like rad/s; say ${flag}:rad/s`];
  return [
    `${ratio.toPrecision(3)} times the rate of ${name}: check its unit, its sign, or say ${flag.replace("velocity", "ignore")}`,
  ];
}
