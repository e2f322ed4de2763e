/**
 * Which locals change: a printer that shares values must forget those that read one when it is set again.
 */
import { bodyOf } from "./children.ts";
import type { Local, Statement } from "./kernel.ts";

/** The locals that are set at more than one place, loops and branches included. */
export function mutableLocals(body: readonly Statement[]): ReadonlySet<Local> {
  const once = new Set<Local>();
  const mutable = new Set<Local>();
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === "set") (once.has(statement.local) ? mutable : once).add(statement.local);
      visit(bodyOf(statement));
    }
  };
  visit(body);
  return mutable;
}
