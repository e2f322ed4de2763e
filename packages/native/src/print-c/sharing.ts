/**
 * Which values of a straight run of statements are kept in C variables.
 *
 * An expression that is met twice (by identity) in a run is kept at its first use, so that the text stays as small as
 * the graph. A store forgets what loads; the change of a local forgets what reads a local that changes.
 */
import {
  childrenOf,
  type Expression,
  expressionsOf,
  type Local,
  mutableLocals,
  type Statement,
} from "@leastaction/tensor/kernel";

export interface Sharing {
  /** Starts a run: counts uses, forgets what was kept. */
  start(run: readonly Statement[]): void;
  isRepeated(expression: Expression): boolean;
  /** The variable that holds it, if one does. */
  find(expression: Expression): string | undefined;
  keep(expression: Expression, name: string): void;
  forgetLocal(local: Local): void;
  forgetLoads(): void;
}

interface Dependencies {
  readonly loads: boolean;
  readonly changes: boolean;
}

/** For the kernel with this body. */
export function createSharing(body: readonly Statement[]): Sharing {
  const mutable = mutableLocals(body);
  const uses = new Map<Expression, number>();
  const kept = new Map<Expression, string>();
  const known = new Map<Expression, Dependencies>();
  const visit = (expression: Expression): void => {
    const before = uses.get(expression) ?? 0;
    uses.set(expression, before + 1);
    if (before === 0) childrenOf(expression).forEach(visit);
  };
  const dependencies = (expression: Expression): Dependencies => {
    const before = known.get(expression);
    if (before !== undefined) return before;
    const inner = childrenOf(expression).map(dependencies);
    const changes = expression.kind === "local" && mutable.has(expression.local);
    const found = {
      loads: expression.kind === "load" || inner.some(({ loads }) => loads),
      changes: changes || inner.some((each) => each.changes),
    };
    known.set(expression, found);
    return found;
  };
  const forget = (which: keyof Dependencies): void => {
    for (const expression of kept.keys()) if (dependencies(expression)[which]) kept.delete(expression);
  };
  return {
    start: (run) => {
      for (const each of [uses, kept, known]) each.clear();
      for (const statement of run) expressionsOf(statement).forEach(visit);
    },
    isRepeated: (expression) => (uses.get(expression) ?? 0) > 1,
    find: (expression) => kept.get(expression),
    keep: (expression, name) => void kept.set(expression, name),
    forgetLocal: (local) => {
      if (mutable.has(local)) forget("changes");
    },
    forgetLoads: () => forget("loads"),
  };
}
