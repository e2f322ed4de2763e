/**
 * Sources to a data set: columns planned, cells read, rows grouped into trajectories, everything in SI.
 *
 * In: one or more sources of the same columns, in any order and in any units, and what is declared about them. Out: a
 * frozen `Dataset`. One file is one trajectory named after it, unless a column says otherwise; where a column of two
 * files names the same trajectory, the file is put before the name. Nothing is left out without a note in the reading.
 */

import { buildTrajectory, refuseBackwardTimes, type TrajectoryAxes } from "./build-trajectories.ts";
import type { PlannedColumn } from "./column-plan.ts";
import { quoted } from "./column-role.ts";
import { DataError } from "./data-error.ts";
import { type Axis, type Coordinate, type CoordinateKind, type Dataset, hashOf, observedColumns } from "./dataset.ts";
import { type MergedTables, mergePlans, type ReadSource } from "./merge-plans.ts";
import { readingOf } from "./reading-of.ts";
import { recordingsOf } from "./recording.ts";
import type { TableSource } from "./table-source.ts";
import { hasDimension } from "./unit.ts";
import { controlAxis } from "./with-controls.ts";

/** What is known about the columns. Everything that is left out is guessed, and the guess is in `Dataset.reading`. */
export interface DatasetOptions {
  /** The data set's name; default: the file's name, or the first one's "and N more". */
  readonly name?: string;
  /**
   * Columns by header, short name or position from 1, each `ROLE`, `ROLE:UNIT`, `:UNIT`, `NAME` or `NAME:ROLE:UNIT`:
   * `{ enc: "angle:deg", t: "time:ms", mot: "control:V", "3": "theta1:angle" }`.
   */
  readonly columns?: Readonly<Record<string, string>>;
  /** Codes that stand for a missing value, as numbers in any column but the time: `["-999"]`. Words are for text. */
  readonly missing?: readonly string[];
  /** Fewer rows in all are an error; default 20. */
  readonly minimumRows?: number;
  /** For looking at data: what a fit refuses (times that do not rise, columns that a file lacks) is an oddity; default false. */
  readonly lenient?: boolean;
}

/**
 * Reads sources into one data set.
 * @param sources at least one; all with the same measured columns
 * @param options what is known about the columns
 * @throws DataError when a source is no table of measurements or does not measure what the first one does
 */
export function datasetOf(sources: readonly TableSource[], options: DatasetOptions = {}): Dataset {
  if (sources.length === 0) throw noSource(options.name ?? "the data");
  const merged = mergePlans(sources, options.columns ?? {}, options.missing ?? []);
  const { plan, tables } = merged;
  const name = options.name ?? nameOf(sources);
  const rows = tables.reduce((sum, { cells }) => sum + cells.rows, 0);
  refuseFewRows(rows, options.minimumRows ?? 20, name);
  const coordinates = coordinatesOf(plan);
  const observed = observedColumns(coordinates);
  const axes = axesOf(plan, observed);
  const recordings = recordingsOf(tables);
  if (options.lenient !== true) {
    refuseMissingAxes(merged, axes);
    for (const recording of recordings) refuseBackwardTimes(recording);
  }
  const content = {
    name,
    time: axes.time,
    trajectoryHeader: plan.find((column) => column.role === "trajectory")?.header ?? null,
    splitHeader: plan.find((column) => column.role === "split")?.header ?? null,
    coordinates,
    observed,
    controls: Object.freeze(axes.controlFrom.map((index) => controlAxis(plan[index] as PlannedColumn))),
    contexts: Object.freeze(axes.contextFrom.map((index) => axisOf(plan[index] as PlannedColumn))),
    trajectories: Object.freeze(recordings.map((recording) => buildTrajectory(recording, axes))),
  };
  return Object.freeze({ ...content, reading: readingOf(content, merged, recordings), hash: hashOf(content) });
}

function nameOf(sources: readonly TableSource[]): string {
  const first = sources[0]?.file ?? "";
  return sources.length === 1 ? first : `${first} and ${sources.length - 1} more`;
}

function axesOf(plan: readonly PlannedColumn[], observed: TrajectoryAxes["observed"]): TrajectoryAxes {
  const observedFrom = observed.map((axis) => plan.findIndex((column) => column.name === axis.name));
  return {
    time: axisOf(plan.find((column) => column.role === "time") as PlannedColumn),
    observed,
    observedFrom,
    sigmaFrom: observedFrom.map((index) =>
      plan.findIndex((column) => column.role === "sigma" && column.partner === index),
    ),
    controlFrom: indicesOf(plan, "control"),
    contextFrom: indicesOf(plan, "context"),
  };
}

/** Every table measures every axis: a fit cannot do without one. */
function refuseMissingAxes({ plan, tables }: MergedTables, axes: TrajectoryAxes): void {
  const needed = [...axes.observedFrom, ...axes.sigmaFrom, ...axes.controlFrom, ...axes.contextFrom];
  for (const index of needed.filter((at) => at !== -1).sort((a, b) => a - b)) {
    const table = tables.find(({ own }) => own[index] === -1);
    if (table === undefined) continue;
    const wanted = plan[index] as PlannedColumn;
    const other = tables.find(({ own }) => own[index] !== -1) as ReadSource;
    const found = table.plan.filter(({ role }) => role !== "ignore").map(({ name, role }) => `${name} (${role})`);
    throw new DataError({
      code: "missing-column",
      file: table.source.file,
      column: wanted.name,
      expected: `the ${wanted.role} ${wanted.name}, as in ${other.source.file}`,
      found: found.join(", "),
      remedy: `Fit files of the same measurements together; leave this one out, or do not use the column: --column ${quoted(wanted.name)}=ignore.`,
    });
  }
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

function noSource(name: string): DataError {
  return new DataError({
    code: "empty",
    file: name,
    expected: "at least one table",
    found: "none",
    remedy: "Name a file, a folder with tables, or a pattern that matches some.",
  });
}
