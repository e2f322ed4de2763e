/**
 * How files differ: columns that some lack, units, the way they are written; and triggers that come late.
 */

import { quoted } from "../column-role.ts";
import type { Dataset } from "../dataset.ts";
import type { MergedTables, ReadSource } from "../merge-plans.ts";
import type { Recording } from "../recording.ts";
import { fromSi } from "../unit.ts";
import { type Oddity, placeAt } from "./oddity.ts";
import { countOf, withUnit } from "./series.ts";

/** Columns in use that some files lack. */
export function differingColumns({ plan, tables }: MergedTables): readonly Oddity[] {
  return plan.flatMap((column, index): readonly Oddity[] => {
    const lacking = tables.filter(({ own }) => own[index] === -1);
    if (column.role === "ignore" || lacking.length === 0) return [];
    return [
      {
        kind: "differing-columns",
        column: column.name,
        found: `${countOf(lacking.length, "file has", "files have")} no such column`,
        remedy: `A fit refuses this: leave the ${lacking.length === 1 ? "file" : "files"} out, or say --column ${quoted(column.name)}=ignore.`,
        count: lacking.length,
        places: lacking.map(({ source }) => placeAt(source.file, source.headerLine)),
      },
    ];
  });
}

/** Columns whose unit is another one in some files. */
export function differingUnits({ plan, tables }: MergedTables): readonly Oddity[] {
  return plan.flatMap((column, index): readonly Oddity[] => {
    const others = tables.filter((table) => {
      const own = table.plan[table.own[index] ?? -1];
      return own !== undefined && column.role !== "ignore" && own.unit.symbol !== column.unit.symbol;
    });
    if (others.length === 0) return [];
    const units = [...new Set(others.map((table) => table.plan[table.own[index] ?? -1]?.unit.symbol || "no unit"))];
    return [
      {
        kind: "differing-unit",
        column: column.name,
        found: `in ${units.join(", ")} in ${countOf(others.length, "file")}, in ${column.unit.symbol || "no unit"} in the first`,
        remedy: "Converted file by file where both units are known.",
        count: others.length,
        places: others.map(({ source }) => placeAt(source.file, source.headerLine)),
      },
    ];
  });
}

/** Files that are written in another way than most. */
export function differingFormats({ tables }: MergedTables): readonly Oddity[] {
  const ways = new Map<string, ReadSource[]>();
  for (const table of tables) ways.set(wayOf(table), [...(ways.get(wayOf(table)) ?? []), table]);
  const ranked = [...ways].sort(([, a], [, b]) => b.length - a.length);
  const [usual] = ranked[0] ?? [""];
  return ranked.slice(1).map(([way, some]) => ({
    kind: "differing-format",
    column: null,
    found: `${countOf(some.length, "file")} with ${way}, most with ${usual}`,
    remedy: "Each file is read as it is written.",
    count: some.length,
    places: some.map(({ source }) => placeAt(source.file, null)),
  }));
}

const plurals: Readonly<Record<string, string>> = { comma: "commas", tab: "tabs", semicolon: "semicolons" };

function wayOf({ source: { format, delimiter, decimalComma } }: ReadSource): string {
  if (delimiter === null) return format;
  return `${plurals[delimiter] ?? delimiter}${decimalComma ? " and decimal commas" : ""}`;
}

/** Recordings that begin before their trigger. */
export function triggerOddities(
  content: Pick<Dataset, "trajectories" | "time">,
  merged: MergedTables,
  recordings: readonly Recording[],
): readonly Oddity[] {
  const column = merged.plan.find(({ role }) => role === "trigger");
  if (column === undefined) return [];
  const late = content.trajectories.flatMap(({ triggerTime, times }, index) => {
    const recording = recordings[index] as Recording;
    const at = triggerTime === null ? -1 : times.indexOf(triggerTime);
    if (at <= 0) return [];
    const { table, rows } = recording;
    const delay = (triggerTime as number) - (times[0] as number);
    return [{ delay, place: placeAt(table.source.file, table.cells.lines[rows[at] as number]) }];
  });
  if (late.length === 0) return [];
  const delays = late.map(({ delay }) =>
    withUnit(Number(fromSi(content.time.unit, delay).toPrecision(4)), content.time),
  );
  const [least, most] = [Math.min(...late.map(({ delay }) => delay)), Math.max(...late.map(({ delay }) => delay))];
  const range =
    least === most
      ? delays[0]
      : `${withUnit(fromSi(content.time.unit, least), content.time)} to ${withUnit(fromSi(content.time.unit, most), content.time)}`;
  return [
    {
      kind: "trigger-offset",
      column: column.name,
      found: `the trigger comes ${range} after the first row in ${countOf(late.length, "recording")}`,
      remedy: "Say --start trigger to leave out what comes before it.",
      count: late.length,
      places: late.map(({ place }) => place),
    },
  ];
}
