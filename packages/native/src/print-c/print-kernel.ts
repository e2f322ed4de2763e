/**
 * One kernel to one C function: base addresses in, straight loops inside, nothing out.
 *
 * A local is declared where it is first set, in that block of C: the kernel language reads it only there.
 */
import type { Expression, Kernel, Local, Statement } from "@leastaction/tensor/kernel";
import { anyLane } from "./functions.ts";
import { createContext, type KernelContext, typeOf } from "./kernel-context.ts";
import type { Prelude } from "./prelude.ts";
import { expressionPrinter } from "./print-expression.ts";
import { printStore } from "./print-memory.ts";

/** The function of a kernel, under this name. */
export function printKernel(prelude: Prelude, kernel: Kernel, name: string): string {
  const context = createContext(prelude, kernel, expressionPrinter);
  printBody(context, kernel.body, new Set());
  const constants = [...context.constants].map(([definition, as]) => `const ${definition.replace("@", as)}`);
  return [
    `// ${kernel.name.replace(/\W/g, "_")}`,
    `${kernelHead(kernel, name)} {`,
    ...constants,
    ...context.lines,
    "}",
  ].join("\n");
}

/** What a kernel is called with; KERNEL says who may call it. */
export function kernelHead(kernel: Kernel, name: string): string {
  const parameters = Array.from({ length: kernel.parameters }, (_, i) => `char *p${i}`).join(", ");
  return `KERNEL void ${name}(${parameters === "" ? "void" : parameters})`;
}

function printBody(context: KernelContext, body: readonly Statement[], outer: ReadonlySet<Local>): void {
  const declared = new Set(outer);
  let run: Statement[] = [];
  const flush = (): void => {
    if (run.length > 0) printRun(context, run, declared);
    run = [];
  };
  for (const statement of body) {
    if (statement.kind === "loop" || statement.kind === "while") {
      flush();
      if (statement.kind === "loop") printLoop(context, statement, declared);
      else printWhile(context, statement, declared);
      continue;
    }
    run.push(statement);
    if (statement.kind === "branch") flush();
  }
  flush();
}

/** A straight run; only its last statement may be a branch. */
function printRun(context: KernelContext, run: readonly Statement[], declared: Set<Local>): void {
  context.sharing.start(run);
  for (const statement of run) {
    switch (statement.kind) {
      case "set":
        printSet(context, statement, declared);
        break;
      case "store":
        printStore(context, statement);
        context.sharing.forgetLoads();
        break;
      case "branch":
        printBranch(context, statement, declared);
        break;
      case "loop":
      case "while":
        break;
    }
  }
}

function printSet(
  context: KernelContext,
  { local, value }: Extract<Statement, { kind: "set" }>,
  declared: Set<Local>,
): void {
  const text = context.print(value);
  context.sharing.forgetLocal(local);
  const name = context.locals.get(local) ?? context.fresh("v");
  context.locals.set(local, name);
  context.lines.push(declared.has(local) ? `${name} = ${text};` : `${typeOf(context, local)} ${name} = ${text};`);
  declared.add(local);
}

/** Code that any lane of a vector can ask for is for rare cases: it stands apart, and does not cost the rest registers. */
function printBranch(
  context: KernelContext,
  { condition, body }: Extract<Statement, { kind: "branch" }>,
  declared: ReadonlySet<Local>,
): void {
  const test = printCondition(context, condition);
  context.lines.push(condition.lanes === 1 ? `if (${test}) {` : `if (__builtin_expect(${test}, 0)) {`);
  printBody(context, body, declared);
  context.lines.push("}");
}

/** The test stands inside, since its own lines are to be run before every turn. */
function printWhile(
  context: KernelContext,
  { condition, body }: Extract<Statement, { kind: "while" }>,
  declared: ReadonlySet<Local>,
): void {
  context.lines.push("for (;;) {");
  context.sharing.start([]);
  context.lines.push(`if (!(${printCondition(context, condition)})) break;`);
  printBody(context, body, declared);
  context.lines.push("}");
}

/** Whether the condition holds in any lane. */
function printCondition(context: KernelContext, condition: Expression): string {
  const text = context.print(condition);
  const { lanes } = condition;
  return lanes === 1 ? text : `${anyLane(context.prelude, context.mask, lanes)}(${text})`;
}

function printLoop(
  context: KernelContext,
  { loop, from, to, step, body }: Extract<Statement, { kind: "loop" }>,
  declared: ReadonlySet<Local>,
): void {
  const counter = context.fresh("i");
  context.counters.set(loop, counter);
  context.lines.push(`for (long ${counter} = ${from}; ${counter} < ${to}; ${counter} += ${step}) {`);
  printBody(context, body, declared);
  context.lines.push("}");
  context.counters.delete(loop);
}
