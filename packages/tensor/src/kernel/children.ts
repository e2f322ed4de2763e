/**
 * The expressions directly inside an expression or a statement, in the order of evaluation.
 */
import type { Address, Expression, Statement } from "./kernel.ts";

/** The operands of an expression. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "number":
    case "local":
    case "index":
      return [];
    case "load":
      return dynamicOf(expression.address);
    case "binary":
    case "interleave":
      return [expression.a, expression.b];
    case "select":
      return [expression.condition, expression.a, expression.b];
    case "fromBits":
      return [expression.high, expression.low];
    case "unary":
    case "convert":
    case "bitcast":
    case "highBits":
    case "lowBits":
    case "splat":
    case "horizontal":
      return [expression.a];
  }
}

/** The expressions that a statement evaluates itself, before any nested body. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "set":
      return [statement.value];
    case "store":
      return [...dynamicOf(statement.address), statement.value];
    case "branch":
    case "while":
      return [statement.condition];
    case "loop":
      return [];
  }
}

/** The nested body of a statement; empty where there is none. */
export function bodyOf(statement: Statement): readonly Statement[] {
  return statement.kind === "set" || statement.kind === "store" ? [] : statement.body;
}

function dynamicOf(address: Address): readonly Expression[] {
  return address.dynamic === undefined ? [] : [address.dynamic];
}
