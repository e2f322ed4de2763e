/**
 * Folds: the samples of a tile added to fewer lanes of a running sum, in the loop that computes them.
 *
 * As a program a fold is `add(start, reduceSum(reshape(x)))`, where the reshape cuts the last axis of x into rows of some
 * lanes and the sum is over the rows. Fused into the loops over x, start is read and the result written once for all rows.
 */
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { type Shape, sameShape } from "../shape.ts";
import { countUses } from "./simplify/addition-tree.ts";

/** An addition that takes up a fold. */
export interface Fold {
  readonly start: Atom;
  /** What is folded: […, n], with axes of one anywhere; start and the result are […, lanes]. */
  readonly term: Atom;
  readonly lanes: number;
}

/** The folds of a program by the additions that take them up, and the sums that need no loops of their own for it. */
export interface Folds {
  readonly byAddition: ReadonlyMap<Equation, Fold>;
  readonly sums: ReadonlySet<Equation>;
}

/** Lanes of a fold: those of vectors. */
const vectors: ReadonlySet<number> = new Set([8, 16]);
/** Vectors that one turn of a loop can hold in registers, at most. */
const mostRows = 5;

/** Finds the folds; `definitions` are those of the program. */
export function findFolds(program: Program, definitions: ReadonlyMap<Variable, Equation>): Folds {
  const byAddition = new Map<Equation, Fold>();
  const sums = new Set<Equation>();
  const definitionOf = (atom: Atom | undefined): Equation | undefined =>
    atom?.kind === "variable" ? definitions.get(atom) : undefined;
  const candidates = program.equations.filter(({ primitive }) => primitive === "add");
  if (!program.equations.some(({ primitive }) => primitive === "reduceSum")) return { byAddition, sums };
  const uses = countUses(program);
  for (const addition of candidates) {
    for (const [i, operand] of addition.inputs.entries()) {
      const sum = uses.get(operand) === 1 ? definitionOf(operand) : undefined;
      const term = sum && foldedBy(sum as Equation<"reduceSum">, definitionOf(sum.inputs[0]));
      if (sum === undefined || term === undefined) continue;
      byAddition.set(addition, {
        start: addition.inputs[1 - i] as Atom,
        term,
        lanes: operand.type.shape.at(-1) as number,
      });
      sums.add(sum);
      break;
    }
  }
  return { byAddition, sums };
}

/** What a sum folds: it is over the rows that a reshape has cut the last axis into. */
function foldedBy(sum: Equation<"reduceSum">, rows: Equation | undefined): Atom | undefined {
  if (sum.primitive !== "reduceSum" || rows?.primitive !== "reshape") return undefined;
  const [term] = rows.inputs as readonly [Atom];
  const { shape } = (rows.outputs[0] as Variable).type;
  const [count, lanes] = shape.slice(-2) as [number, number];
  const { axes } = sum.parameters;
  const isOverRows = shape.length >= 2 && axes.length === 1 && axes[0] === shape.length - 2;
  if (!isOverRows || !vectors.has(lanes) || count < 2 || count > mostRows) return undefined;
  const long = (extents: Shape): Shape => extents.filter((extent) => extent !== 1);
  return sameShape(long(term.type.shape), long([...shape.slice(0, -2), count * lanes])) ? term : undefined;
}
