/**
 * Numbers that stand for a missing value, as declared: `-999` becomes NaN.
 * Words among the codes (`ERR`) are known to the readers of text and are passed over here.
 */

import type { PlannedColumn } from "./column-plan.ts";
import type { TableCells } from "./table-source.ts";

/** Cells without their codes, and how many each column had. */
export interface MaskedCells {
  readonly cells: TableCells;
  /** [columns] */
  readonly coded: readonly number[];
}

/** Replaces declared codes in all columns but the time. */
export function maskCodes(cells: TableCells, plan: readonly PlannedColumn[], missing: readonly string[]): MaskedCells {
  const codes = new Set(missing.map(Number).filter((code) => Number.isFinite(code)));
  const coded = plan.map(() => 0);
  if (codes.size === 0) return { cells, coded };
  const numbers = cells.numbers.map((column, index) => {
    if (column === null || plan[index]?.role === "time") return column;
    coded[index] = column.filter((value) => codes.has(value)).length;
    return coded[index] === 0 ? column : column.map((value) => (codes.has(value) ? Number.NaN : value));
  });
  return { cells: { ...cells, numbers }, coded };
}
