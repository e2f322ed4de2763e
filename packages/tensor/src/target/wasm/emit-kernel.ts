/**
 * One kernel to one Wasm function: i32 base addresses in, straight loops inside, nothing out.
 *
 * Loops with small bodies are unrolled first (`kernel/unroll.ts`). A loop that runs once has no Wasm loop.
 */
import { defect } from "../../errors.ts";
import type { Expression, Kernel, LoopVariable, Statement } from "../../kernel/kernel.ts";
import { unroll } from "../../kernel/unroll.ts";
import { type FunctionBuilder, i32 } from "./assembler.ts";
import { emitAddressSums } from "./emit-address.ts";
import { emitExpression } from "./emit-expression.ts";
import { emitStore } from "./emit-memory.ts";
import { emitInteger } from "./emit-scalar.ts";
import { emitSimd } from "./emit-simd.ts";
import { createContext, emitGet, emitSet, emitTee, type KernelContext, localIndex } from "./kernel-context.ts";
import { code, simd } from "./opcodes.ts";

type Loop = Extract<Statement, { kind: "loop" }>;

const noResult = 0x40;

/** The function of a kernel. */
export function emitKernel(kernel: Kernel): FunctionBuilder {
  const body = unroll(kernel.body);
  const context = createContext(kernel.parameters, body);
  emitBody(context, body);
  return context.function;
}

function emitBody(context: KernelContext, body: readonly Statement[]): void {
  let run: Statement[] = [];
  const flush = (): void => {
    if (run.length > 0) emitRun(context, run);
    run = [];
  };
  for (const statement of body) {
    if (statement.kind === "loop" || statement.kind === "while") {
      flush();
      if (statement.kind === "loop") emitLoop(context, statement);
      else emitWhile(context, statement);
      continue;
    }
    run.push(statement);
    if (statement.kind === "branch") flush();
  }
  flush();
}

/** A straight run; only its last statement may be a branch. */
function emitRun(context: KernelContext, run: readonly Statement[]): void {
  const emit = emitExpression.bind(undefined, context);
  context.sharing.start(run);
  for (const statement of run) {
    switch (statement.kind) {
      case "set":
        emit(statement.value);
        context.sharing.forgetLocal(statement.local);
        emitSet(context, localIndex(context, statement.local));
        break;
      case "store":
        emitStore(context, statement, emit);
        context.sharing.forgetLoads();
        break;
      case "branch":
        emitCondition(context, statement.condition);
        context.function.code.byte(code.if);
        context.function.code.byte(noResult);
        emitBody(context, statement.body);
        context.function.code.byte(code.end);
        break;
      case "loop":
      case "while":
        throw defect("Cannot emit a straight run: expected its end before a loop, got a loop in it");
    }
  }
}

/** The test before the first turn is that of a branch; the others stand at the end of the body. */
function emitWhile(context: KernelContext, { condition, body }: Extract<Statement, { kind: "while" }>): void {
  const out = context.function.code;
  const test = (): void => {
    context.sharing.start([]);
    emitCondition(context, condition);
  };
  test();
  out.byte(code.if);
  out.byte(noResult);
  out.byte(code.loop);
  out.byte(noResult);
  emitBody(context, body);
  test();
  out.byte(code.branchIf);
  out.unsigned(0);
  out.byte(code.end);
  out.byte(code.end);
}

/** Whether the condition holds in any lane. */
function emitCondition(context: KernelContext, condition: Expression): void {
  emitExpression(context, condition);
  if (condition.lanes > 1) emitSimd(context, simd.anyTrue);
}

function emitLoop(context: KernelContext, statement: Loop): void {
  const { loop, from, to, step, body } = statement;
  if (to <= from) return;
  if (from + step >= to) {
    context.counters.set(loop, { value: from });
    emitBody(context, body);
    context.counters.delete(loop);
    return;
  }
  const counter = context.function.local(i32);
  const out = context.function.code;
  emitInteger(context, from);
  emitSet(context, counter);
  out.byte(code.loop);
  out.byte(noResult);
  emitLoopBody(context, loop, counter, body);
  emitGet(context, counter);
  emitInteger(context, step);
  out.byte(code.i32Add);
  emitTee(context, counter);
  emitInteger(context, to);
  out.byte(code.i32LessSigned);
  out.byte(code.branchIf);
  out.unsigned(0);
  out.byte(code.end);
}

function emitLoopBody(context: KernelContext, loop: LoopVariable, counter: number, body: readonly Statement[]): void {
  context.counters.set(loop, { local: counter });
  const sums = emitAddressSums(context, loop, body);
  emitBody(context, body);
  for (const key of sums) context.addresses.delete(key);
  context.counters.delete(loop);
}
