/**
 * Units that do not fit the numbers: degrees that look like radians and the reverse, milliseconds without a unit, and
 * columns that are constant or empty.
 */

import type { PlannedColumn } from "../column-plan.ts";
import { quoted } from "../column-role.ts";
import { presentValues } from "../present-values.ts";
import { extremesOf } from "./extremes.ts";
import { type Oddity, type OddityKind, placeAt } from "./oddity.ts";
import { type ColumnSeries, placeOf, shortNumber, withUnit } from "./series.ts";

/** Oddities of the range of a measured column or a control. */
export function rangeOddities({ column, series }: ColumnSeries): readonly Oddity[] {
  const { minimum, maximum } = extremesOf(series);
  const whole = [...new Set(series.map(({ file }) => file))].map((file) => placeAt(file, null));
  const oddity = (kind: OddityKind, found: string, remedy: string): readonly Oddity[] => [
    { kind, column: column.name, found, remedy, count: 1, places: whole },
  ];
  const flag = `--column ${quoted(column.name)}`;
  if (minimum === null || maximum === null) {
    return oddity("no-values", "has no values at all", `Say ${flag}=ignore if it was not recorded.`);
  }
  const span = maximum - minimum;
  if (span <= 1e-12 * Math.max(maximum, -minimum)) {
    return oddity(
      "constant",
      `constant at ${withUnit(minimum, column)}`,
      `Say ${flag}=ignore if it was not connected.`,
    );
  }
  if (column.role === "angle" && !column.unitStated && span > 2 * Math.PI) {
    const found = `no unit and a range of ${shortNumber(span)}, above 2 pi: looks like degrees unless it turns over`;
    return oddity("degrees-as-radians", found, `Taken as rad; say ${flag}=angle:deg, or :rad.`);
  }
  if (isUnnamedEncoder(column) && span > 2 * Math.PI) {
    const found = `no unit and a range of ${shortNumber(span)}, above 2 pi: looks like degrees if it is an angle`;
    return oddity("degrees-as-radians", found, `Taken as a number; say ${flag}=angle:deg, or =coordinate:m.`);
  }
  const isSmall = span < 2 * Math.PI && Math.max(maximum, -minimum) < 4;
  if (column.role === "angle" && /^(deg|°)/.test(column.unit.symbol) && isSmall) {
    const found = `less than ${shortNumber(Math.ceil(span * 10) / 10)} degrees in all: looks like radians`;
    return oddity("radians-as-degrees", found, `Say ${flag}=angle:rad, or :deg.`);
  }
  return constantRecordings({ column, series });
}

/** An encoder turns, mostly; its name alone does not say so. */
function isUnnamedEncoder({ name, role, unitStated, decided }: PlannedColumn): boolean {
  return role === "coordinate" && !unitStated && decided.startsWith("by exclusion") && /^enc/i.test(name);
}

/** A measured coordinate that stands still in some recordings. */
function constantRecordings({ column, series }: ColumnSeries): readonly Oddity[] {
  if (column.role !== "angle" && column.role !== "coordinate") return [];
  const still = series.filter(({ values }) => {
    const { minimum, maximum } = extremesOf([{ values }]);
    return minimum !== null && minimum === maximum && presentValues(values).values.length > 1;
  });
  if (still.length === 0) return [];
  const names = still.slice(0, 3).map(({ trajectory }) => trajectory);
  return [
    {
      kind: "constant",
      column: column.name,
      found: `constant in ${names.join(", ")}${still.length > 3 ? ` and ${still.length - 3} more` : ""}`,
      remedy: "Leave those recordings out if nothing moved, or if the sensor was not connected.",
      count: still.length,
      places: still.map((each) => placeOf(each, 0, each.values.length - 1)),
    },
  ];
}

/** Whole numbers without a unit that can hardly be seconds. */
export function millisecondOddities(
  column: PlannedColumn,
  clocks: readonly Float64Array[],
  files: readonly string[],
): readonly Oddity[] {
  const { minimum, maximum } = extremesOf(clocks.map((values) => ({ values })));
  if (column.unitStated || minimum === null || maximum === null || maximum - minimum <= 1000) return [];
  if (!clocks.every((clock) => clock.every((time) => Number.isInteger(time)))) return [];
  return [
    {
      kind: "milliseconds-as-seconds",
      column: column.name,
      found: `whole numbers up to ${maximum}: looks like milliseconds`,
      remedy: `Say --column ${quoted(column.name)}=time:ms, or :s.`,
      count: 1,
      places: files.map((file) => placeAt(file, null)),
    },
  ];
}
