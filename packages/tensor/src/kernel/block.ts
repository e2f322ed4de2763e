/**
 * A block under construction: statements in order, with fresh locals for the values that are used more than once.
 *
 * Lowering and the elementary functions write into it. `name` is the tool against explosion: an expression is a tree,
 * and a value that is read twice is named first.
 */

import * as build from "./build.ts";
import type { Access, Accuracy, Address, Expression, Local, LoopVariable, Statement } from "./kernel.ts";

/** Statements under construction; every method appends at the end. */
export interface Block {
  /** What elementary functions written into it must keep to. */
  readonly accuracy: Accuracy;
  /** What has been appended so far. */
  readonly statements: readonly Statement[];
  /** Sets a fresh local to the value and returns the reference; numbers are returned as they are. */
  name(label: string, value: Expression): Expression;
  /** Sets a fresh local that will change later. */
  variable(label: string, value: Expression): Local;
  /** Changes a local. */
  set(local: Local, value: build.Operand): void;
  store(to: Address, value: Expression, access?: Access): void;
  /** Appends any statement made elsewhere. */
  append(statement: Statement): void;
  /** A loop with a fresh counter; `write` fills its body. */
  loop(
    label: string,
    from: number,
    to: number,
    step: number,
    write: (body: Block, counter: LoopVariable) => void,
  ): void;
  /** Statements that run when the condition holds in any lane. */
  branch(condition: Expression, write: (body: Block) => void): void;
  /** Statements that run as long as the condition holds in any lane. */
  whileAny(condition: Expression, write: (body: Block) => void): void;
}

/** An empty block. */
export function createBlock(accuracy: Accuracy = "full"): Block {
  const statements: Statement[] = [];
  const variable = (label: string, value: Expression): Local => {
    const fresh = build.local(label, value.dtype, value.lanes);
    statements.push(build.set(fresh, value));
    return fresh;
  };
  return {
    accuracy,
    statements,
    name: (label, value) => (value.kind === "number" ? value : build.read(variable(label, value))),
    variable,
    set: (local, value) => void statements.push(build.set(local, value)),
    store: (to, value, access) => void statements.push(build.store(to, value, access)),
    append: (statement) => void statements.push(statement),
    loop: (label, from, to, step, write) => {
      const counter = build.loopVariable(label);
      const body = createBlock(accuracy);
      write(body, counter);
      statements.push(build.loop(counter, from, to, step, body.statements));
    },
    branch: (condition, write) => {
      const body = createBlock(accuracy);
      write(body);
      statements.push(build.branch(condition, body.statements));
    },
    whileAny: (condition, write) => {
      const body = createBlock(accuracy);
      write(body);
      statements.push(build.whileAny(condition, body.statements));
    },
  };
}
