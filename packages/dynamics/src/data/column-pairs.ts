/**
 * Which velocity, momentum or standard deviation belongs to which coordinate.
 *
 * In: columns with roles and units. Out: for each column the index of its partner, or -1. First by name (`theta1` with
 * `omega1`, `x` with `v`, `enc` with `enc_rate`), then by order among those left over when their numbers are equal.
 * Partners have fitting dimensions where both units are known.
 */

import { isMomentumOf, isRateOf, plainName } from "./column-name.ts";
import type { Role } from "./reading.ts";
import type { Unit } from "./unit.ts";

/** What pairing needs to know of a column. */
export interface PairColumn {
  readonly name: string;
  readonly role: Role;
  readonly unit: Unit | null;
}

/** A partner and how it was found. */
export interface Pair {
  /** Index of the coordinate; -1 for none. */
  readonly partner: number;
  readonly how: "" | "by name" | "by order";
}

const nobody: Pair = { partner: -1, how: "" };

/** The partners of all columns. */
export function pairColumns(columns: readonly PairColumn[]): readonly Pair[] {
  const pairs = columns.map(() => nobody);
  pairRole(columns, pairs, "velocity", (rate, coordinate) => {
    return fitsRate(rate, coordinate) && isRateOf(rate.name, coordinate.name, isAngle(coordinate));
  });
  pairRole(columns, pairs, "momentum", (momentum, coordinate) => isMomentumOf(momentum.name, coordinate.name));
  pairByOrder(columns, pairs, "velocity", fitsRate);
  pairByOrder(columns, pairs, "momentum", () => true);
  pairSigmas(columns, pairs);
  return pairs;
}

type Fits = (column: PairColumn, coordinate: PairColumn) => boolean;

function isCoordinate(column: PairColumn): boolean {
  return column.role === "coordinate" || column.role === "angle";
}

function isAngle(column: PairColumn): boolean {
  return column.role === "angle" || column.unit?.dimension.angle === 1;
}

function fitsRate(rate: PairColumn, coordinate: PairColumn): boolean {
  if (!rate.unit?.known || !coordinate.unit?.known) return true;
  const [of, from] = [rate.unit.dimension, coordinate.unit.dimension];
  return of.angle === from.angle && of.length === from.length && of.mass === from.mass && of.time === from.time - 1;
}

function freeCoordinates(columns: readonly PairColumn[], pairs: readonly Pair[], role: Role): number[] {
  const taken = new Set(pairs.flatMap((pair, index) => (columns[index]?.role === role ? [pair.partner] : [])));
  return [...columns.keys()].filter((index) => isCoordinate(columns[index] as PairColumn) && !taken.has(index));
}

function unpaired(columns: readonly PairColumn[], pairs: readonly Pair[], role: Role): number[] {
  return [...columns.keys()].filter((index) => columns[index]?.role === role && pairs[index]?.partner === -1);
}

function pairRole(columns: readonly PairColumn[], pairs: Pair[], role: Role, fits: Fits): void {
  for (const index of unpaired(columns, pairs, role)) {
    const column = columns[index] as PairColumn;
    const free = freeCoordinates(columns, pairs, role).filter((at) => fits(column, columns[at] as PairColumn));
    // `vx` belongs to `x` before it belongs to anything else: a name that holds the coordinate's name goes first.
    const partner = free.find((at) => plainName(column.name).includes(plainName(columns[at]?.name ?? ""))) ?? free[0];
    if (partner !== undefined) pairs[index] = { partner, how: "by name" };
  }
}

function pairByOrder(columns: readonly PairColumn[], pairs: Pair[], role: Role, fits: Fits): void {
  const left = unpaired(columns, pairs, role);
  const free = freeCoordinates(columns, pairs, role);
  if (left.length !== free.length) return;
  for (const [order, index] of left.entries()) {
    const partner = free[order] as number;
    if (fits(columns[index] as PairColumn, columns[partner] as PairColumn)) pairs[index] = { partner, how: "by order" };
  }
}

/** A standard deviation names its column (`theta_sigma`), or follows it in the table. */
function pairSigmas(columns: readonly PairColumn[], pairs: Pair[]): void {
  const isObserved = (column: PairColumn | undefined): boolean =>
    column !== undefined && (isCoordinate(column) || column.role === "velocity" || column.role === "momentum");
  for (const [index, column] of columns.entries()) {
    if (column.role !== "sigma") continue;
    const stem = plainName(column.name).replace(
      /^(sigma|std|stderr|sd|error|err|uncertainty)_|_(sigma|std|stderr|sd|error|err|uncertainty)$/g,
      "",
    );
    const named = columns.findIndex((other) => isObserved(other) && plainName(other.name) === stem);
    if (named !== -1) pairs[index] = { partner: named, how: "by name" };
    else if (isObserved(columns[index - 1])) pairs[index] = { partner: index - 1, how: "by order" };
  }
}
