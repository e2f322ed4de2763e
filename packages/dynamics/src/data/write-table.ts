/**
 * A data set as a CSV table in the user's own headers and units, with full precision.
 *
 * In: a data set. Out: text whose reading gives the same data set. A number is written as the shortest decimal that
 * converts back to the same SI number; where the unit's grid misses that number, as the nearest one.
 * Standard deviations are written too. Ignored columns are gone, and so is the trigger column.
 */

import type { Axis, Dataset, Trajectory } from "./dataset.ts";
import { fromSi, toSi, type Unit } from "./unit.ts";

/** The CSV text of a data set, with LF line ends. */
export function writeTable(dataset: Dataset): string {
  const columns = columnsOf(dataset);
  const lines = [columns.map((column) => quotedField(column.header)).join(",")];
  for (const trajectory of dataset.trajectories) {
    for (let row = 0; row < trajectory.times.length; row++) {
      lines.push(columns.map((column) => column.cell(trajectory, row)).join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** A value in SI as text in the user's unit; empty for a missing value. */
export function writeNumber(unit: Unit, value: number): string {
  if (Number.isNaN(value)) return "";
  const near = fromSi(unit, value);
  if (toSi(unit, near) === value || !Number.isFinite(near)) return String(near);
  const ulp = Math.abs(near) * Number.EPSILON;
  for (const candidate of [near + ulp / 2, near - ulp / 2, near + ulp, near - ulp]) {
    if (toSi(unit, candidate) === value) return String(candidate);
  }
  return String(near);
}

/** A field with quotes where it needs them. */
export function quotedField(text: string): string {
  return /[",\n\r;#%]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface OutputColumn {
  readonly header: string;
  readonly cell: (trajectory: Trajectory, row: number) => string;
}

function columnsOf(dataset: Dataset): readonly OutputColumn[] {
  const columns: OutputColumn[] = [];
  const words = (header: string | null, pick: (trajectory: Trajectory) => string): void => {
    if (header !== null) columns.push({ header, cell: (trajectory) => quotedField(pick(trajectory)) });
  };
  const numbers = (axes: readonly Axis[], pick: (trajectory: Trajectory) => Float64Array | null, prefix = ""): void => {
    for (const [index, { header, unit }] of axes.entries()) {
      const cell = (trajectory: Trajectory, row: number): string => {
        return writeNumber(unit, pick(trajectory)?.[row * axes.length + index] ?? Number.NaN);
      };
      columns.push({ header: prefix + header, cell });
    }
  };
  const needsName = dataset.trajectories.length > 1 || dataset.trajectoryHeader !== null;
  words(dataset.trajectoryHeader ?? (needsName ? "trajectory" : null), ({ name }) => name);
  words(dataset.splitHeader, ({ split }) => split ?? "");
  numbers([dataset.time], ({ times }) => times);
  numbers(dataset.observed, ({ values }) => values);
  if (dataset.trajectories.some(({ sigmas }) => sigmas !== null)) {
    numbers(dataset.observed, ({ sigmas }) => sigmas, "sigma_");
  }
  numbers(dataset.controls, ({ controls }) => controls);
  numbers(dataset.contexts, ({ contexts }) => contexts);
  return columns;
}
