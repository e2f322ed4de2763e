/**
 * The files of the experiment: references and results, one line an entry.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { environment } from "../environment.ts";
import type { Row } from "./measure.ts";
import type { Reference } from "./reference.ts";

const folder = "experiments/work-precision";
const columns = ["problem", "solver", "setting", "error", "steps", "rejected", "evaluations"] as const;

/** The committed states at the end, nearest float64, by the name of the problem. */
export function readReferences(): ReadonlyMap<string, readonly number[]> {
  const { references } = JSON.parse(readFileSync(`${folder}/references.json`, "utf8")) as { references: Reference[] };
  return new Map(references.map(({ name, y }) => [name, y.map(Number)]));
}

/** Writes all references. */
export function writeReferences(references: readonly Reference[]): void {
  const facts = { experiment: "work-precision --references", time: 20, decimals: 26 };
  writeFileSync(`${folder}/references.json`, listed(facts, "references", references));
}

/** The committed rows; none when there is no file. */
export function readRows(): Row[] {
  const file = `${folder}/results.json`;
  if (!existsSync(file)) return [];
  const { rows } = JSON.parse(readFileSync(file, "utf8")) as { rows: (string | number)[][] };
  return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])) as unknown as Row);
}

/** Writes all rows, errors with three digits. */
export function writeRows(rows: readonly Row[]): void {
  const facts = { experiment: "work-precision", ...environment("work-precision"), columns };
  const short = rows.map((row) => columns.map((c) => (c === "error" ? Number(row.error.toPrecision(3)) : row[c])));
  writeFileSync(`${folder}/results.json`, listed(facts, "rows", short));
}

function listed(facts: object, name: string, entries: readonly unknown[]): string {
  const head = JSON.stringify(facts, null, 1).slice(0, -2);
  return `${head},\n "${name}": [\n${entries.map((entry) => `  ${JSON.stringify(entry)}`).join(",\n")}\n ]\n}\n`;
}
