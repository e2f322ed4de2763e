/**
 * The state of printing one kernel: lines so far, names of locals and counters, values that are kept in C variables.
 */
import {
  bodyOf,
  childrenOf,
  type Expression,
  expressionsOf,
  type Kernel,
  type Local,
  type LoopVariable,
  type Statement,
} from "@leastaction/tensor/kernel";
import { elementOf, type Prelude } from "./prelude.ts";
import { createSharing, type Sharing } from "./sharing.ts";

export interface KernelContext {
  readonly prelude: Prelude;
  readonly lines: string[];
  /** Vector constants, by their definition: they are set once at the top of the function. */
  readonly constants: Map<string, string>;
  readonly locals: Map<Local, string>;
  readonly counters: Map<LoopVariable, string>;
  readonly sharing: Sharing;
  /** Element of masks: as wide as the widest vector element of the kernel. */
  readonly mask: "i32" | "i64";
  /** A C name that is free in the kernel. */
  fresh(letter: string): string;
  /** The value as C text that may stand as an operand; lines that it needs are written before. */
  print(expression: Expression): string;
  /** The value as a name or a number, to be written more than once. */
  named(expression: Expression): string;
}

/** How expressions are printed; handed in, since their parts print expressions again. */
export interface ExpressionPrinter {
  readonly print: (context: KernelContext, expression: Expression) => string;
  readonly named: (context: KernelContext, expression: Expression) => string;
}

export function createContext(prelude: Prelude, { body }: Kernel, printer: ExpressionPrinter): KernelContext {
  let count = 0;
  const context: KernelContext = {
    prelude,
    lines: [],
    constants: new Map(),
    locals: new Map(),
    counters: new Map(),
    sharing: createSharing(body),
    mask: hasDoubles(body) ? "i64" : "i32",
    fresh: (letter) => `${letter}${count++}`,
    print: (expression) => printer.print(context, expression),
    named: (expression) => printer.named(context, expression),
  };
  return context;
}

/** The C type of a value in registers. */
export function typeOf(
  { prelude, mask }: KernelContext,
  { dtype, lanes }: Pick<Expression, "dtype" | "lanes">,
): string {
  return prelude.type(dtype === "bool" && lanes > 1 ? mask : elementOf[dtype], lanes);
}

/** A mask as wide as elements of 4 bytes. */
export function narrowMask({ mask, prelude }: KernelContext, text: string, lanes: number): string {
  return mask === "i32" ? text : `__builtin_convertvector(${text}, ${prelude.type("i32", lanes)})`;
}

/** Whether a vector of float64 is anywhere in the statements. */
function hasDoubles(body: readonly Statement[]): boolean {
  const seen = new Set<Expression>();
  const inside = (expression: Expression): boolean => {
    if (seen.has(expression)) return false;
    seen.add(expression);
    return (expression.dtype === "float64" && expression.lanes > 1) || childrenOf(expression).some(inside);
  };
  const visit = (statements: readonly Statement[]): boolean =>
    statements.some((statement) => expressionsOf(statement).some(inside) || visit(bodyOf(statement)));
  return visit(body);
}
