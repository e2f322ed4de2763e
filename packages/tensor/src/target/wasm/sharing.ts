/**
 * Which values of a straight run of statements are kept in Wasm locals.
 *
 * An expression that is met twice (by identity) in a run is kept at its first use. A later `set` of a local it reads, or
 * a `store` when it loads, forgets it, since its value may have changed. What an expression depends on is found once.
 */
import { childrenOf, expressionsOf } from "../../kernel/children.ts";
import type { Expression, Local, Statement } from "../../kernel/kernel.ts";

export interface Sharing {
  /** Starts a run: counts uses, forgets what was kept. */
  start(run: readonly Statement[]): void;
  /** Whether this run uses the expression more than once. */
  isRepeated(expression: Expression): boolean;
  /** The Wasm local that holds it, if one does. */
  find(expression: Expression): number | undefined;
  keep(expression: Expression, index: number): void;
  /** A local has changed. */
  forgetLocal(local: Local): void;
  /** Memory has changed. */
  forgetLoads(): void;
}

interface Dependencies {
  readonly loads: boolean;
  readonly locals: ReadonlySet<Local>;
}

/** `mutable` are the locals that are set in more than one place. */
export function createSharing(mutable: ReadonlySet<Local>): Sharing {
  const uses = new Map<Expression, number>();
  const kept = new Map<Expression, number>();
  const loading = new Set<Expression>();
  const reading = new Map<Local, Set<Expression>>();
  const known = new Map<Expression, Dependencies>();
  const visit = (expression: Expression): void => {
    const before = uses.get(expression) ?? 0;
    uses.set(expression, before + 1);
    if (before === 0) for (const child of childrenOf(expression)) visit(child);
  };
  return {
    start: (run) => {
      for (const each of [uses, kept, loading, reading, known]) each.clear();
      for (const statement of run) for (const expression of expressionsOf(statement)) visit(expression);
    },
    isRepeated: (expression) => (uses.get(expression) ?? 0) > 1,
    find: (expression) => kept.get(expression),
    keep: (expression, index) => {
      kept.set(expression, index);
      const { loads, locals } = dependenciesOf(expression, mutable, known);
      if (loads) loading.add(expression);
      for (const local of locals) reading.set(local, (reading.get(local) ?? new Set()).add(expression));
    },
    forgetLocal: (local) => {
      for (const expression of reading.get(local) ?? []) kept.delete(expression);
      reading.delete(local);
    },
    forgetLoads: () => {
      for (const expression of loading) kept.delete(expression);
      loading.clear();
    },
  };
}

const nothing: Dependencies = { loads: false, locals: new Set() };

function dependenciesOf(
  expression: Expression,
  mutable: ReadonlySet<Local>,
  known: Map<Expression, Dependencies>,
): Dependencies {
  const before = known.get(expression);
  if (before !== undefined) return before;
  const own = ownDependencies(expression, mutable);
  const result = childrenOf(expression)
    .map((child) => dependenciesOf(child, mutable, known))
    .reduce(join, own);
  known.set(expression, result);
  return result;
}

function ownDependencies(expression: Expression, mutable: ReadonlySet<Local>): Dependencies {
  if (expression.kind === "load") return { loads: true, locals: nothing.locals };
  if (expression.kind !== "local" || !mutable.has(expression.local)) return nothing;
  return { loads: false, locals: new Set([expression.local]) };
}

function join(a: Dependencies, b: Dependencies): Dependencies {
  if (b === nothing || a === b) return a;
  if (a === nothing) return b;
  const locals = a.locals.size === 0 ? b.locals : b.locals.size === 0 ? a.locals : new Set([...a.locals, ...b.locals]);
  return { loads: a.loads || b.loads, locals };
}
