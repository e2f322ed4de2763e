/**
 * The driver to C: calls of kernels in order, and the loops that hold them. `a` is the arena.
 *
 * Long straight parts become functions of their own, since the time of some passes of compilers grows faster than the
 * length of a function.
 */
import type { DriverAddress, LoopVariable, Step } from "@leastaction/tensor/kernel";

interface DriverContext {
  /** Finished functions, innermost first. */
  readonly functions: string[];
  readonly counters: ReadonlyMap<LoopVariable, string>;
}

/** Steps in one function at most. */
const longest = 256;

/** The functions of a driver; the last one is `drive(char *a)`. */
export function printDriver(steps: readonly Step[]): string {
  const context: DriverContext = { functions: [], counters: new Map() };
  const lines = printSteps(context, steps);
  return [...context.functions, `static __attribute__((noinline)) void drive(char *a) {`, ...lines, "}"].join("\n");
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
    const head = `static __attribute__((noinline)) void ${name}(${["char *a", ...names.map((each) => `long ${each}`)].join(", ")}) {`;
    context.functions.push([head, ...lines, "}"].join("\n"));
    return `${name}(${["a", ...names].join(", ")});`;
  });
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

function printAddress({ counters }: DriverContext, { offset, terms }: DriverAddress): string {
  const moves = terms.map(({ loop, stride }) => `${counters.get(loop) as string} * ${stride}L`);
  return ["a", `${offset}L`, ...moves].join(" + ");
}
