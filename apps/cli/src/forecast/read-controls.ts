/**
 * Controls for a stated start: a small table with a time column `t` and one column for each control, in its unit.
 * A value is held until the next time; the last one to the end (and the caller says so).
 */
import { type Axis, toSi } from "@leastaction/dynamics";
import { CommandError } from "../command-error.ts";
import { exitStatus } from "../exit-status.ts";

/** n times, c controls, SI. */
export interface ControlTable {
  /** [n] s, rising. */
  readonly times: Float64Array;
  /** [n, c]. */
  readonly values: Float64Array;
}

/**
 * @param file name for messages
 * @param time the time axis of the model's data; its unit is that of the table
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
  const axes = [time, ...controls];
  const numbers = rows.map((row) => {
    const cells = cellsOf(row.text);
    return columns.map((column, index) => {
      const value = Number(cells[column]);
      if ((cells[column] ?? "") !== "" && Number.isFinite(value)) return toSi((axes[index] as Axis).unit, value);
      throw cannot(file, "a number", JSON.stringify(cells[column] ?? ""), row.line);
    });
  });
  const fall = numbers.findIndex(
    (row, index) => index > 0 && !((row[0] as number) > (numbers[index - 1]?.[0] as number)),
  );
  if (fall !== -1) throw cannot(file, "times that rise", "one that does not", rows[fall]?.line ?? 1);
  return {
    times: Float64Array.from(numbers, (row) => row[0] as number),
    values: Float64Array.from(numbers.flatMap((row) => row.slice(1))),
  };
}

function cellsOf(line: string): readonly string[] {
  const separator = [",", ";", "\t"].find((candidate) => line.includes(candidate)) ?? /\s+/;
  return line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}

function cannot(file: string, expected: string, found: string, line: number): CommandError {
  return new CommandError(
    `Cannot read ${file}: expected ${expected}, got ${found} (line ${line})`,
    "Controls are a table with a column t and one column for each control, under the names of the data.",
    exitStatus.data,
  );
}
