/**
 * The role of each column: declared, else by name, else by unit, else by exclusion.
 *
 * In: named columns with what is declared about them and a few records to look at. Out: one role for each column, how
 * it was decided, and notes for the reader of the reading. A known unit outweighs a name among the measured roles
 * (`q [rad]` is an angle); names outweigh units for everything else (`u [m/s]` stays a control).
 * Deliberately not done: units and pairs (`column-plan.ts`).
 */

import type { ColumnDeclaration } from "./column-declaration.ts";
import { roleOfName, stripUnitEnding } from "./column-name.ts";
import type { Role } from "./reading.ts";
import { type Dimension, hasDimension, type Unit } from "./unit.ts";

/** A column before its role is known. */
export interface NamedColumn {
  readonly name: string;
  readonly header: string;
  /** The unit declared or written in the header. */
  readonly unit: Unit | null;
  readonly declaration: ColumnDeclaration | null;
  /** Whether the sample holds words rather than numbers. */
  readonly isText: boolean;
  /** Whether the numbers of the sample rise strictly. */
  readonly isRising: boolean;
  /** The first value where the sample holds dates; else null. */
  readonly firstDate: string | null;
}

/** A role and how it was decided. */
export interface RoleDecision {
  readonly role: Role;
  readonly decided: string;
  readonly notes: readonly string[];
}

const measured: readonly (Role | null)[] = ["coordinate", "angle", "velocity", "momentum", "time", null];
const single: readonly Role[] = ["time", "trajectory", "split", "trigger", "valid"];

const unitRoles: readonly (readonly [Partial<Dimension>, Role])[] = [
  [{ time: 1 }, "time"],
  [{ angle: 1 }, "angle"],
  [{ angle: 1, time: -1 }, "velocity"],
  [{ angle: 1, time: -2 }, "ignore"],
  [{ length: 1 }, "coordinate"],
  [{ length: 1, time: -1 }, "velocity"],
  [{ length: 1, time: -2 }, "ignore"],
  [{ mass: 1, length: 1, time: -1 }, "momentum"],
  [{ mass: 1, length: 2, time: -1 }, "momentum"],
  [{ mass: 1, length: 1, time: -2 }, "control"],
  [{ mass: 1, length: 2, time: -2 }, "control"],
  [{ mass: 1, length: 2, time: -3, current: -1 }, "control"],
  [{ current: 1 }, "control"],
  [{ mass: 1 }, "context"],
];

/** The roles of all columns of a table. */
export function decideRoles(columns: readonly NamedColumn[]): readonly RoleDecision[] {
  const decisions = columns.map((column) => firstGuess(column));
  assignTime(columns, decisions);
  dropRepeats(columns, decisions);
  assignUnknown(columns, decisions);
  return decisions as RoleDecision[];
}

function firstGuess(column: NamedColumn): RoleDecision | null {
  const declared = column.declaration?.role ?? null;
  if (declared !== null) return { role: declared, decided: "declared", notes: [] };
  const byName = roleOfName(column.name) ?? roleOfName(stripUnitEnding(column.name));
  const byUnit = column.unit === null ? null : roleOfUnit(column.unit);
  if (byUnit !== null && measured.includes(byName)) {
    const notes = byUnit === "ignore" ? ["an acceleration is no part of the state: not used"] : [];
    return { role: byUnit, decided: byName === byUnit ? "by name and unit" : "by unit", notes };
  }
  if (byName === null) return null;
  const notes =
    byName === "ignore" ? [`not used: say --column ${quoted(column.name)}=coordinate if it is measured`] : [];
  return { role: byName, decided: "by name", notes };
}

function roleOfUnit(unit: Unit): Role | null {
  return unitRoles.find(([dimension]) => hasDimension(unit, dimension))?.[1] ?? null;
}

/** Where no column is named so, the first of dates is the time; without a header, a first column that rises. */
function assignTime(columns: readonly NamedColumn[], decisions: (RoleDecision | null)[]): void {
  if (decisions.some((decision) => decision?.role === "time")) return;
  const dated = columns.findIndex(({ firstDate }, index) => firstDate !== null && decisions[index] === null);
  if (dated !== -1) {
    decisions[dated] = { role: "time", decided: "by its dates", notes: [] };
    return;
  }
  const first = columns[0];
  if (first === undefined || !first.isRising || decisions[0] != null || first.header !== "") return;
  decisions[0] = { role: "time", decided: "first column, rises", notes: [] };
}

/** Of the roles that a table has once, a declared column wins, then one decided by name, then the first. */
function dropRepeats(columns: readonly NamedColumn[], decisions: (RoleDecision | null)[]): void {
  const rank = (decision: RoleDecision | null): number =>
    decision?.decided === "declared" ? 0 : decision?.decided.startsWith("by name") ? 1 : 2;
  for (const role of single) {
    const found = [...decisions.keys()].filter((index) => decisions[index]?.role === role);
    const keep = found.reduce((best, index) => {
      return rank(decisions[index] ?? null) < rank(decisions[best] ?? null) ? index : best;
    }, found[0] ?? 0);
    for (const index of found) {
      if (index === keep || decisions[index]?.decided === "declared") continue;
      const kept = columns[keep]?.name ?? "";
      decisions[index] = {
        role: "ignore",
        decided: "by exclusion",
        notes: [`not used: ${kept} is the ${role} already`],
      };
    }
  }
}

function assignUnknown(columns: readonly NamedColumn[], decisions: (RoleDecision | null)[]): void {
  const hasCoordinate = decisions.some((decision) => decision?.role === "coordinate" || decision?.role === "angle");
  for (const [index, column] of columns.entries()) {
    if (decisions[index] != null) continue;
    decisions[index] = unknownColumn(column, hasCoordinate);
  }
}

function unknownColumn(column: NamedColumn, hasCoordinate: boolean): RoleDecision {
  const flag = `--column ${quoted(column.name)}`;
  if (column.isText)
    return { role: "ignore", decided: "holds text", notes: [`not used: say ${flag}=trajectory or =split`] };
  if (!hasCoordinate) return { role: "coordinate", decided: "by exclusion", notes: [] };
  const notes = [`not used, its name is not known: say ${flag}=coordinate, =velocity, =control or =ignore`];
  return { role: "ignore", decided: "by exclusion", notes };
}

/** A name as it is typed in a shell. */
export function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name}"`;
}
