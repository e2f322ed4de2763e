/**
 * The driver to C: calls of kernels in order, and the loops that hold them. `a` is the arena.
 *
 * Long straight parts become functions of their own, since the time of some passes of compilers grows faster than the
 * length of a function. So does the body of a parallel step, a task: it takes the number of its thread and of its turn, and
 * the counters of the loops around.
 */
import type { DriverAddress, LoopVariable, Step } from "@leastaction/tensor/kernel";

interface DriverContext {
  /** Finished functions, innermost first. */
  readonly functions: string[];
  /** The counters that each task takes beside its thread and turn. */
  readonly tasks: number[];
  readonly counters: ReadonlyMap<LoopVariable, string>;
}

/** A driver as C. */
export interface PrintedDriver {
  /** Its tasks `task0`, … and other functions but for the last one. */
  readonly parts: string;
  /** `drive(char *a)`, which asks `divide` to run tasks. */
  readonly main: string;
  /** For each task how many counters of loops around it takes. */
  readonly tasks: readonly number[];
}

/** Steps in one function at most. */
const longest = 256;

/** The functions of a driver. */
export function printDriver(steps: readonly Step[]): PrintedDriver {
  const context: DriverContext = { functions: [], tasks: [], counters: new Map() };
  const lines = printSteps(context, steps);
  const main = [`static __attribute__((noinline)) void drive(char *a) {`, ...lines, "}"].join("\n");
  return { parts: context.functions.join("\n"), main, tasks: context.tasks };
}

function printSteps(context: DriverContext, steps: readonly Step[]): string[] {
  if (steps.length <= longest) return steps.flatMap((step) => printStep(context, step));
  const parts = Array.from({ length: Math.ceil(steps.length / longest) }, (_, part) =>
    steps.slice(part * longest, (part + 1) * longest),
  );
  return parts.map((part) => {
    const lines = printSteps(context, part);
    const names = [...context.counters.values()];
    const name = `part${context.functions.length}`;
    context.functions.push([head(name, names), ...lines, "}"].join("\n"));
    return `${name}(${["a", ...names].join(", ")});`;
  });
}

function head(name: string, counters: readonly string[]): string {
  const parameters = ["char *a", ...counters.map((each) => `long ${each}`)].join(", ");
  return `static __attribute__((noinline)) void ${name}(${parameters}) {`;
}

function printStep(context: DriverContext, step: Step): string[] {
  const at = (address: DriverAddress): string => printAddress(context, address);
  switch (step.kind) {
    case "call":
      return [`kernel${step.kernel}(${step.addresses.map(at).join(", ")});`];
    case "repeat":
      return printRepeat(context, step);
    case "while":
      return [
        "for (;;) {",
        ...printSteps(context, step.condition),
        `if (*(const int *)(${at(step.flag)}) == 0) break;`,
        ...printSteps(context, step.body),
        "}",
      ];
    case "parallel":
      return printParallel(context, step);
    case "copy":
      return [`__builtin_memcpy(${at(step.to)}, ${at(step.from)}, ${step.bytes});`];
    case "clear":
      return [`__builtin_memset(${at(step.at)}, 0, ${step.bytes});`];
  }
}

/** The length is read once, before the loop. */
function printRepeat(context: DriverContext, step: Extract<Step, { kind: "repeat" }>): string[] {
  const { loop, length, bound, reverse, body } = step;
  const counter = `i${context.counters.size}`;
  const count = `n${context.counters.size}`;
  const inner = { ...context, counters: new Map([...context.counters, [loop, counter]]) };
  const found = typeof length === "number" ? `${length}` : `*(const int *)(${printAddress(context, length)})`;
  const head = reverse
    ? `for (long ${counter} = ${count} - 1; ${counter} >= 0; ${counter}--) {`
    : `for (long ${counter} = 0; ${counter} < ${count}; ${counter}++) {`;
  return [
    "{",
    `long ${count} = ${found}; if (${count} > ${bound}) ${count} = ${bound};`,
    head,
    ...printSteps(inner, body),
    "}",
    "}",
  ];
}

/** A function for all turns, each part from its first turn on, and the call that runs them. */
function printParallel(context: DriverContext, { worker, parts }: Extract<Step, { kind: "parallel" }>): string[] {
  const around = [...context.counters.values()];
  let first = 0;
  const lines = parts.flatMap(({ loop, count, body }) => {
    const counters = new Map([...context.counters, [worker, "worker"], [loop, `i${around.length}`]]);
    const turn = [`if (turn < ${first + count}) {`, `const long i${around.length} = turn - ${first};`];
    first += count;
    return [...turn, ...printSteps({ ...context, counters }, body), "return;", "}"];
  });
  const task = context.tasks.push(around.length) - 1;
  context.functions.push([head(`task${task}`, ["worker", "turn", ...around]), ...lines, "}"].join("\n"));
  const values = around.length === 0 ? "0" : `(const long[]){${around.join(", ")}}`;
  return [`divide(a, ${task}, ${first}, ${values});`];
}

function printAddress({ counters }: DriverContext, { offset, terms }: DriverAddress): string {
  const moves = terms.map(({ loop, stride }) => `${counters.get(loop) as string} * ${stride}L`);
  return ["a", `${offset}L`, ...moves].join(" + ");
}
