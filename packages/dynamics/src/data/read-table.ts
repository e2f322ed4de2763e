/**
 * A table of measurements, read.
 *
 * In: the text of a CSV, TSV, semicolon or white-space table, with a header or none, with comments. Out: a frozen
 * `Dataset` in SI that remembers the user's names and units, and a `Reading` that says of every column how it was
 * taken. What holds: nothing is dropped without a note in the reading, and every text either gives a data set or a
 * `DataError` with file, line, column, expected, found and remedy.
 * Deliberately not done: files (the caller gives the text), several tables, binary formats.
 */

import { buildTrajectories, type TrajectoryAxes } from "./build-trajectories.ts";
import { roleOfName, splitHeader } from "./column-name.ts";
import { type PlannedColumn, planColumns } from "./column-plan.ts";
import { DataError } from "./data-error.ts";
import { type Axis, type Coordinate, type CoordinateKind, type Dataset, hashOf, observedColumns } from "./dataset.ts";
import { readingOf } from "./oddity.ts";
import { readCells } from "./table-cells.ts";
import { detectDialect } from "./table-dialect.ts";
import { type Delimiter, normalizedText } from "./table-lines.ts";
import { hasDimension } from "./unit.ts";

/** How to read a table. Everything that is left out is guessed, and the guess is in `Dataset.reading`. */
export interface ReadTableOptions {
  /** The table's name for messages and for its only trajectory; default `table`. */
  readonly name?: string;
  /**
   * Columns by header, short name or position from 1, each `ROLE`, `ROLE:UNIT`, `:UNIT`, `NAME` or `NAME:ROLE:UNIT`:
   * `{ enc: "angle:deg", t: "time:ms", mot: "control:V", "3": "theta1:angle" }`.
   */
  readonly columns?: Readonly<Record<string, string>>;
  readonly delimiter?: Delimiter;
  /** Whether the first line that is no comment is a header. */
  readonly header?: boolean;
  /** Fewer rows are an error; default 20. */
  readonly minimumRows?: number;
}

/**
 * Reads a table.
 * @param text the whole table; a byte-order mark is passed over
 * @param options what is known about it
 * @returns the data set, its reading and its hash
 * @throws DataError when the text is no table of measurements
 * @example
 * const data = readTable("t,theta [deg]\n0,10\n0.1,9\n0.2,7", { minimumRows: 3 });
 * data.coordinates[0].kind; // "angle"
 */
export function readTable(text: string, options: ReadTableOptions = {}): Dataset {
  const file = options.name ?? "table";
  const columns = options.columns ?? {};
  const plain = normalizedText(text);
  const acceptHeader = (names: readonly string[]): boolean => isHeader(names, columns);
  const dialect = detectDialect(plain, file, { ...options, acceptHeader });
  const plan = planColumns(dialect, columns, file);
  const cells = readCells(plain, dialect, plan, file);
  refuseFewRows(cells.rows, options.minimumRows ?? 20, file);
  const coordinates = coordinatesOf(plan);
  const observed = observedColumns(coordinates);
  const from = (axis: Axis): number => plan.findIndex((column) => column.name === axis.name);
  const observedFrom = observed.map(from);
  const time = axisOf(plan.find((column) => column.role === "time") as PlannedColumn);
  const axes: TrajectoryAxes = {
    time,
    observed,
    observedFrom,
    sigmaFrom: observedFrom.map((index) =>
      plan.findIndex((column) => column.role === "sigma" && column.partner === index),
    ),
    controlFrom: indicesOf(plan, "control"),
    contextFrom: indicesOf(plan, "context"),
  };
  const content = {
    name: file,
    time,
    trajectoryHeader: plan.find((column) => column.role === "trajectory")?.header ?? null,
    splitHeader: plan.find((column) => column.role === "split")?.header ?? null,
    coordinates,
    observed,
    controls: Object.freeze(axes.controlFrom.map((index) => axisOf(plan[index] as PlannedColumn))),
    contexts: Object.freeze(axes.contextFrom.map((index) => axisOf(plan[index] as PlannedColumn))),
    trajectories: buildTrajectories(cells, plan, axes, file),
  };
  const reading = readingOf(content, dialect, plan, cells);
  return Object.freeze({ ...content, reading, hash: hashOf(content) });
}

/** Names in a comment are a header when the time is among them, when they are spoken of, or when half of them are known. */
function isHeader(names: readonly string[], columns: Readonly<Record<string, string>>): boolean {
  const known = names.map((name) => roleOfName(splitHeader(name).name));
  return (
    known.includes("time") ||
    names.some((name) => Object.hasOwn(columns, name) || Object.hasOwn(columns, splitHeader(name).name)) ||
    2 * known.filter((role) => role !== null).length >= names.length
  );
}

function axisOf({ name, header, unit }: PlannedColumn): Axis {
  return Object.freeze({ name, header, unit });
}

function indicesOf(plan: readonly PlannedColumn[], role: PlannedColumn["role"]): readonly number[] {
  return [...plan.keys()].filter((index) => plan[index]?.role === role);
}

function coordinatesOf(plan: readonly PlannedColumn[]): readonly Coordinate[] {
  const partnerOf = (index: number, role: PlannedColumn["role"]): Axis | null => {
    const found = plan.find((column) => column.role === role && column.partner === index);
    return found === undefined ? null : axisOf(found);
  };
  const indices = [...indicesOf(plan, "coordinate"), ...indicesOf(plan, "angle")].sort((a, b) => a - b);
  return Object.freeze(
    indices.map((index) => {
      const column = plan[index] as PlannedColumn;
      return Object.freeze({
        ...axisOf(column),
        kind: kindOf(column),
        periodic: column.role === "angle",
        velocity: partnerOf(index, "velocity"),
        momentum: partnerOf(index, "momentum"),
      });
    }),
  );
}

function kindOf({ role, unit }: PlannedColumn): CoordinateKind {
  if (role === "angle" || hasDimension(unit, { angle: 1 })) return "angle";
  return hasDimension(unit, { length: 1 }) ? "length" : "number";
}

function refuseFewRows(rows: number, minimum: number, file: string): void {
  if (rows >= minimum) return;
  throw new DataError({
    code: "too-few-rows",
    file,
    expected: `at least ${minimum} rows of data`,
    found: `${rows}`,
    remedy: "Record longer: a law of motion needs several periods with at least ten samples each.",
  });
}
