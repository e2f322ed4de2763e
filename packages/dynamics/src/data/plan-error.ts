/**
 * The messages for tables whose columns cannot be told apart, with the flags that would tell them apart.
 */

import { type NamedColumn, quoted } from "./column-role.ts";
import { DataError } from "./data-error.ts";
import type { TableSource } from "./table-source.ts";

/** No column can be the time. */
export function noTime(columns: readonly NamedColumn[], file: string): DataError {
  const rising = columns.find((column) => column.isRising);
  const name = quoted(rising?.name ?? "NAME");
  const hint = rising === undefined ? "" : ` (${rising.name} rises all the time)`;
  return new DataError({
    code: "no-time",
    file,
    expected: "a column of times",
    found: `the columns ${columns.map((column) => column.name).join(", ")}`,
    remedy: `Say which column is the time: --column ${name}=time:s${hint}. Without a header, columns are named by position: --column 1=time:s.`,
  });
}

/** No column can be a coordinate. */
export function noCoordinate(
  columns: readonly { readonly name: string; readonly role: string }[],
  file: string,
): DataError {
  return new DataError({
    code: "no-coordinate",
    file,
    expected: "at least one coordinate, such as an angle or a position",
    found: columns.map((column) => `${column.name} (${column.role})`).join(", "),
    remedy: "Say which column is measured: --column NAME=angle:deg or --column NAME=coordinate:m.",
  });
}

/** A comment above the data names some columns, but not all: the flags that name all of them. */
export function shortHeader(
  { line, names }: NonNullable<TableSource["shortHeader"]>,
  columns: readonly NamedColumn[],
  file: string,
): DataError {
  const width = columns.length;
  return new DataError({
    code: "header-mismatch",
    file,
    line,
    expected: `a name for each of the ${width} columns`,
    found: `${names.length} (${names.join(" ")})`,
    remedy: `Name the columns by position, for example ${suggestion(names, columns).join(" ")}.`,
  });
}

/** Names of the short header go to the columns after the time, the usual layout of such files. */
function suggestion(names: readonly string[], columns: readonly NamedColumn[]): string[] {
  const time = Math.max(
    0,
    columns.findIndex((column) => column.isRising),
  );
  const before = Array.from({ length: time }, (_, index) => `--column ${index + 1}=trajectory`).slice(0, 1);
  const after = names
    .slice(0, columns.length - time - 1)
    .map((name, index) => `--column ${time + 2 + index}=${quoted(name)}`);
  return [...before, `--column ${time + 1}=time:s`, ...after];
}
