/**
 * One plan for several tables, and every table read by it.
 *
 * In: sources and what is declared. Out: the columns of all tables under the names, roles and units of the first table
 * that has them, and for each table its own plan and cells with the way from one to the other. A declared column must be
 * in one table at least. What a name or unit cannot decide (a first column that rises) is as in the first table.
 */

import { speaksOfColumn } from "./column-declaration.ts";
import { splitHeader } from "./column-name.ts";
import { type PlannedColumn, planColumns } from "./column-plan.ts";
import { DataError } from "./data-error.ts";
import { maskCodes } from "./missing-code.ts";
import { plainText } from "./plain-text.ts";
import type { TableCells, TableSource } from "./table-source.ts";

/** A source with its plan and what was read by it. */
export interface ReadSource {
  readonly source: TableSource;
  readonly plan: readonly PlannedColumn[];
  readonly cells: TableCells;
  /** [merged columns] index into `plan`; -1 where the table has no such column. */
  readonly own: readonly number[];
  /** [own columns] cells that held a declared missing code. */
  readonly coded: readonly number[];
}

/** All tables under one plan. */
export interface MergedTables {
  readonly plan: readonly PlannedColumn[];
  readonly tables: readonly ReadSource[];
}

/**
 * Plans and reads all sources.
 * @param missing declared missing codes
 */
export function mergePlans(
  given: readonly TableSource[],
  columns: Readonly<Record<string, string>>,
  missing: readonly string[],
): MergedTables {
  const sources = given.map(withPlainWords);
  const plans: (readonly PlannedColumn[])[] = [];
  for (const [index, source] of sources.entries()) {
    plans.push(planColumns(source, { ...asInFirst(source, plans[0] ?? []), ...spoken(columns, sources, index) }));
  }
  const plan = mergedPlan(plans);
  const words = missing.filter((code) => Number.isNaN(Number(code)));
  const tables = sources.map((source, index): ReadSource => {
    const ownPlan = plans[index] as readonly PlannedColumn[];
    const { cells, coded } = maskCodes(source.cells(ownPlan, words), ownPlan, missing);
    const own = plan.map(({ name }) => ownPlan.findIndex((column) => column.name === name));
    refuseOtherRole(source.file, sources[0]?.file ?? "", plan, ownPlan, own);
    return { source, plan: ownPlan, cells, own, coded };
  });
  return { plan, tables };
}

/** What is declared about the columns of one source; what no source has is left to the first one, to complain. */
function spoken(
  columns: Readonly<Record<string, string>>,
  sources: readonly TableSource[],
  index: number,
): Readonly<Record<string, string>> {
  const has = ({ names }: TableSource, key: string): boolean => speaksOfColumn(key, names, names.map(nameOf));
  return Object.fromEntries(
    Object.entries(columns).filter(
      ([key]) =>
        has(sources[index] as TableSource, key) || (index === 0 && !sources.some((source) => has(source, key))),
    ),
  );
}

function nameOf(header: string, index: number): string {
  const { name } = splitHeader(header);
  return name === "" ? `column${index + 1}` : name;
}

/** Names and notes as they may be printed. */
function withPlainWords(source: TableSource): TableSource {
  return { ...source, names: source.names.map(plainText), notes: source.notes.map(plainText) };
}

/** Roles that the first table decided by looking at its numbers. */
function asInFirst({ names }: TableSource, first: readonly PlannedColumn[]): Readonly<Record<string, string>> {
  const here = new Set(names.map(nameOf));
  const looked = first.filter(({ decided }) => /^(by exclusion|first column|holds text)/.test(decided));
  return Object.fromEntries(looked.filter(({ name }) => here.has(name)).map(({ name, role }) => [name, role]));
}

/** The columns of the first plan, then those that only later ones have; partners by name. */
function mergedPlan(plans: readonly (readonly PlannedColumn[])[]): readonly PlannedColumn[] {
  const merged: PlannedColumn[] = [];
  for (const plan of plans) {
    for (const column of plan) {
      if (merged.some(({ name }) => name === column.name)) continue;
      const partner = plan[column.partner]?.name;
      merged.push({ ...column, partner: merged.findIndex(({ name }) => name === partner) });
    }
  }
  // Partners may stand to the right of their rates.
  return Object.freeze(
    merged.map((column) => {
      const plan = plans.find((each) => each.some(({ name }) => name === column.name)) ?? [];
      const own = plan.find(({ name }) => name === column.name);
      const partner = plan[own?.partner ?? -1]?.name;
      return Object.freeze({ ...column, partner: merged.findIndex(({ name }) => name === partner) });
    }),
  );
}

function refuseOtherRole(
  file: string,
  first: string,
  plan: readonly PlannedColumn[],
  ownPlan: readonly PlannedColumn[],
  own: readonly number[],
): void {
  for (const [index, column] of plan.entries()) {
    const here = ownPlan[own[index] as number];
    if (here === undefined || here.role === column.role) continue;
    throw new DataError({
      code: "role-conflict",
      file,
      column: column.name,
      expected: `the ${column.role} ${column.name}, as in ${first}`,
      found: `${here.role} (${here.decided})`,
      remedy: `Say what it is in all files: --column ${column.name}=${column.role}, or =ignore.`,
    });
  }
}
