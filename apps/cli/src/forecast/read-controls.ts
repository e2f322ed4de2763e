/**
 * Controls for a stated start: a small table with a time column `t` and one column for each control, in the units of
 * the data. How they act between these times, how late, and past the end is the model's own (and the caller says so).
 */
import type { Axis } from "@leastaction/dynamics";
import { CommandError } from "../command-error.ts";

/** Controls over time, in the units of the data. */
export interface ControlTable {
  /** [n] rising. */
  readonly times: readonly number[];
  /** [n] for each control, in the order they were asked for. */
  readonly values: readonly (readonly number[])[];
}

/**
 * @param file name for messages
 * Errors (status 3): a missing column, a cell that is no number, times that do not rise, no rows.
 */
export function readControls(text: string, file: string, time: Axis, controls: readonly Axis[]): ControlTable {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: index + 1, text: line.trim() }));
  const [header, ...rows] = lines.filter((line) => line.text !== "" && !line.text.startsWith("#"));
  const names = cellsOf(header?.text ?? "");
  const wanted = [["t", time.name, time.header], ...controls.map((axis) => [axis.name, axis.header])];
  const columns = wanted.map((words) => {
    const column = names.findIndex((name) => words.includes(name));
    if (column !== -1) return column;
    throw cannot(file, `a column ${words[0]}`, `the columns ${names.join(", ") || "none"}`, header?.line ?? 1);
  });
  if (rows.length === 0) throw cannot(file, "at least one row of controls", "none", 1);
  const numbers = rows.map((row) => {
    const cells = cellsOf(row.text);
    return columns.map((column) => {
      const value = Number(cells[column]);
      if ((cells[column] ?? "") !== "" && Number.isFinite(value)) return value;
      throw cannot(file, "a number", JSON.stringify(cells[column] ?? ""), row.line);
    });
  });
  const times = numbers.map((row) => row[0] as number);
  const fall = times.findIndex((at, index) => index > 0 && !(at > (times[index - 1] as number)));
  if (fall !== -1) throw cannot(file, "times that rise", "one that does not", rows[fall]?.line ?? 1);
  return { times, values: controls.map((_, index) => numbers.map((row) => row[index + 1] as number)) };
}

function cellsOf(line: string): readonly string[] {
  const separator = [",", ";", "\t"].find((candidate) => line.includes(candidate)) ?? /\s+/;
  return line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}

function cannot(file: string, expected: string, found: string, line: number): CommandError {
  return new CommandError(
    `Cannot read ${file}: expected ${expected}, got ${found} (line ${line})`,
    "Controls are a table with a column t and one column for each control, under the names of the data.",
    "unreadable-data",
  );
}
