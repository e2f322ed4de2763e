/**
 * The plan of a table: for every column its name, role, unit, partner, and how each was decided.
 *
 * In: a source with its header texts and looks, and what the caller declares. Out: one `PlannedColumn` for each column,
 * checked: one time, at least one coordinate, every declared column of use. A guess that leads nowhere becomes
 * `ignore` with a note; a declaration that leads nowhere is an error. Nothing is left out without a note.
 */

import { type ColumnDeclaration, readDeclarations } from "./column-declaration.ts";
import { splitHeader, unitOfTimeName } from "./column-name.ts";
import { type Pair, pairColumns } from "./column-pairs.ts";
import { decideRoles, type NamedColumn, type RoleDecision } from "./column-role.ts";
import { DataError } from "./data-error.ts";
import { noCoordinate, noTime, shortHeader } from "./plan-error.ts";
import type { Role } from "./reading.ts";
import type { ColumnLook, TableSource } from "./table-source.ts";
import { type Dimension, hasDimension, noUnit, parseUnit, rateUnit, type Unit, unitNamed } from "./unit.ts";

/** One column of the plan. */
export interface PlannedColumn {
  /** From 1. */
  readonly position: number;
  readonly name: string;
  readonly header: string;
  readonly role: Role;
  readonly unit: Unit;
  /** Whether the unit was declared or written in the header, not assumed. */
  readonly unitStated: boolean;
  readonly decided: string;
  /** Index of the coordinate (for `sigma`: of the observed column) it belongs to; -1 for none. */
  readonly partner: number;
  readonly notes: readonly string[];
}

/** Decides what every column is. */
export function planColumns(source: TableSource, columns: Readonly<Record<string, string>>): readonly PlannedColumn[] {
  const { file } = source;
  refuseManyColumns(source);
  const named = nameColumns(source, columns);
  const decisions = decideRoles(named);
  const withRoles = named.map((column, index) => ({ ...column, role: (decisions[index] as RoleDecision).role }));
  if (!withRoles.some((column) => column.role === "time")) {
    throw source.shortHeader === null ? noTime(named, file) : shortHeader(source.shortHeader, named, file);
  }
  const pairs = pairColumns(withRoles);
  const planned = named.map((column, index) => planOne(column, index, decisions, pairs, named, file));
  return checkedPlan(promoteLonelyRates(planned), file);
}

function nameColumns(source: TableSource, columns: Readonly<Record<string, string>>): readonly NamedColumn[] {
  const { file, headerLine } = source;
  const parts = source.names.map((header) => splitHeader(header));
  const names = parts.map((part, index) => (part.name === "" ? `column${index + 1}` : part.name));
  refuseDuplicates(names, headerLine, file);
  const declarations = readDeclarations(columns, source.names, names, file);
  const named = names.map((name, index) => {
    const declaration: ColumnDeclaration | null = declarations.get(index) ?? null;
    const header = source.names[index] as string;
    return {
      name: declaration?.name ?? (header === "" ? nameOfRole(declaration) : null) ?? name,
      header,
      unit: declaration?.unit ?? parts[index]?.unit ?? null,
      declaration,
      ...(source.looks[index] as ColumnLook),
    };
  });
  refuseDuplicates(
    named.map((column) => column.name),
    headerLine,
    file,
  );
  return named;
}

const columnLimit = 1000;

function refuseManyColumns({ names, file }: TableSource): void {
  if (names.length <= columnLimit) return;
  throw new DataError({
    code: "too-many-columns",
    file,
    expected: `at most ${columnLimit} columns, one for each measured quantity`,
    found: `${names.length}`,
    remedy: "Keep the measured quantities only; if each row is one quantity over all times, transpose the table.",
  });
}

/** Columns without a header take the contract's own names where the role has one. */
function nameOfRole(declaration: ColumnDeclaration | null): string | null {
  if (declaration?.role === "time") return "t";
  return declaration?.role === "trajectory" || declaration?.role === "split" ? declaration.role : null;
}

function planOne(
  column: NamedColumn,
  index: number,
  decisions: readonly RoleDecision[],
  pairs: readonly Pair[],
  columns: readonly NamedColumn[],
  file: string,
): PlannedColumn {
  const { role, decided, notes } = decisions[index] as RoleDecision;
  const { partner, how } = pairs[index] as Pair;
  const { unit, note } = unitFor(column, role, columns[partner], decisions[partner]);
  refuseWrongDimension(column, role, unit, file);
  const unknown = column.unit !== null && parseUnit(unit.symbol) === null && unit.symbol !== "";
  const doubt = unknown ? [`the unit ${unit.symbol} is not known: numbers kept as they are`] : [];
  const { name, header } = column;
  const words = [decided, note, how === "by order" ? "paired by order" : ""].filter((word) => word !== "");
  return Object.freeze({
    position: index + 1,
    name,
    header: header === "" ? name : header,
    role,
    unit,
    unitStated: column.unit !== null || isDated(column, role),
    decided: words.join(", "),
    partner,
    notes: [...notes, ...doubt],
  });
}

function unitFor(
  column: NamedColumn,
  role: Role,
  partner: NamedColumn | undefined,
  partnerDecision: RoleDecision | undefined,
): { unit: Unit; note: string } {
  if (isDated(column, role)) {
    return { unit: column.unit ?? unitNamed("s"), note: `dates, read as time from ${column.firstDate}` };
  }
  if (column.unit !== null) return { unit: column.unit, note: "" };
  if (role === "time") {
    const unit = unitOfTimeName(column.name) ?? unitNamed("s");
    return { unit, note: `no unit: taken as ${unit.symbol}` };
  }
  if (role === "angle") return { unit: unitNamed("rad"), note: "no unit: taken as rad" };
  if (partner === undefined) return { unit: noUnit, note: "" };
  const base = partner.unit ?? (partnerDecision?.role === "angle" ? unitNamed("rad") : noUnit);
  const unit = role === "velocity" ? rateUnit(base) : role === "sigma" ? base : noUnit;
  return { unit, note: unit === noUnit ? "" : `no unit: taken as ${unit.symbol}` };
}

/** Whether a column is a time that is written as dates. */
function isDated({ firstDate }: NamedColumn, role: Role): boolean {
  return role === "time" && firstDate !== null;
}

const neededDimensions: Readonly<Partial<Record<Role, readonly Partial<Dimension>[]>>> = {
  time: [{ time: 1 }],
  angle: [{ angle: 1 }],
};

function refuseWrongDimension(column: NamedColumn, role: Role, unit: Unit, file: string): void {
  const needed = neededDimensions[role];
  if (needed === undefined || !unit.known || needed.some((dimension) => hasDimension(unit, dimension))) return;
  throw new DataError({
    code: "unit-mismatch",
    file,
    column: column.name,
    expected: role === "time" ? "a unit of time for the time column" : "a unit of angle for an angle",
    found: unit.symbol,
    remedy: `Say the unit: --column ${column.name}=${role}:${role === "time" ? "ms" : "deg"}, or give the column another role.`,
  });
}

/** Guessed rates without a coordinate: coordinates themselves where the table has no other, else not used, with a note. */
function promoteLonelyRates(planned: readonly PlannedColumn[]): readonly PlannedColumn[] {
  const hasCoordinate = planned.some((column) => column.role === "coordinate" || column.role === "angle");
  return planned.map((column) => {
    const isRate = column.role === "velocity" || column.role === "momentum" || column.role === "sigma";
    if (!isRate || column.partner !== -1 || column.decided.startsWith("declared")) return column;
    if (!hasCoordinate && column.role !== "sigma") {
      return Object.freeze({ ...column, role: "coordinate" as const, decided: "by exclusion" });
    }
    const note = `not used: no column is the coordinate of this ${column.role}`;
    return Object.freeze({ ...column, role: "ignore" as const, notes: [...column.notes, note] });
  });
}

function checkedPlan(planned: readonly PlannedColumn[], file: string): readonly PlannedColumn[] {
  for (const role of ["time", "trajectory", "split", "trigger"] as const) {
    const found = planned.filter((column) => column.role === role);
    const second = found[1];
    if (second !== undefined) {
      throw conflict(file, second, `one ${role} column`, `${found.map((column) => column.name).join(" and ")}`);
    }
  }
  for (const column of planned) {
    const isRate = column.role === "velocity" || column.role === "momentum" || column.role === "sigma";
    if (isRate && column.partner === -1) {
      throw conflict(file, column, `a coordinate for the ${column.role}`, `${column.name} without one`);
    }
  }
  if (!planned.some((column) => column.role === "coordinate" || column.role === "angle"))
    throw noCoordinate(planned, file);
  return Object.freeze(planned);
}

function conflict(file: string, column: PlannedColumn, expected: string, found: string): DataError {
  return new DataError({
    code: "role-conflict",
    file,
    column: column.name,
    expected,
    found,
    remedy: `Give the column another role, for example --column ${column.name}=ignore or =coordinate.`,
  });
}

function refuseDuplicates(names: readonly string[], line: number | null, file: string): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new DataError({
    code: "duplicate-header",
    file,
    line,
    column: repeated,
    expected: "a different name for each column",
    found: `${repeated} ${names.filter((name) => name === repeated).length} times`,
    remedy: "Rename one of them, in the file or by position: --column 3=NAME.",
  });
}
