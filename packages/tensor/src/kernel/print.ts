/**
 * Readable text of kernels and modules, for people and for golden tests.
 *
 * In: a kernel or module. Out: lines. Locals that share a name are told apart by numbers in the order in which they
 * appear; a part that one statement uses twice is printed once, as %0, %1, …
 */
import { childrenOf, expressionsOf } from "./children.ts";
import type {
  Access,
  Address,
  DriverAddress,
  Expression,
  Kernel,
  Local,
  LoopVariable,
  Module,
  Slot,
  Statement,
  Step,
} from "./kernel.ts";

/** The text of a kernel. */
export function printKernel(kernel: Kernel): string {
  const names: Names = { given: new Map(), counts: new Map() };
  const { operations, bytes } = kernel.note;
  const title = `kernel ${kernel.name} (${kernel.parameters} addresses, ${operations} operations, ${bytes} bytes)`;
  return [title, ...indent(kernel.body.flatMap((statement) => printStatement(names, statement)))].join("\n");
}

/** The text of a module: places, kernels, driver. */
export function printModule(module: Module): string {
  const names: Names = { given: new Map(), counts: new Map() };
  const slots = (label: string, list: readonly Slot[]): string[] => list.map((slot) => `${label} ${printSlot(slot)}`);
  return [
    `arena of ${module.arenaBytes} bytes`,
    ...slots(
      "constant",
      module.constants.map(({ slot }) => slot),
    ),
    ...slots("input", module.inputs),
    ...slots("output", module.outputs),
    ...module.kernels.map(printKernel),
    "driver",
    ...indent(module.driver.flatMap((step) => printStep(module, names, step))),
  ].join("\n");
}

interface Names {
  readonly given: Map<Local | LoopVariable | Expression, string>;
  readonly counts: Map<string, number>;
}

function nameOf(names: Names, thing: Local | LoopVariable): string {
  const known = names.given.get(thing);
  if (known !== undefined) return known;
  const count = names.counts.get(thing.name) ?? 0;
  names.counts.set(thing.name, count + 1);
  const fresh = count === 0 ? thing.name : `${thing.name}.${count}`;
  names.given.set(thing, fresh);
  return fresh;
}

function printStatement(names: Names, statement: Statement): string[] {
  const shared = printShared(names, statement);
  switch (statement.kind) {
    case "set": {
      const { local } = statement;
      const type = names.given.has(local) ? "" : `${printType(local)} `;
      const value = printTop(names, statement.value);
      return [...shared, `${type}${nameOf(names, local)} = ${value}`];
    }
    case "store": {
      const value = printTop(names, statement.value);
      return [...shared, `store ${printAccess(statement.access)}${printAddress(names, statement.address)} = ${value}`];
    }
    case "loop": {
      const { from, to, step } = statement;
      const head = `loop ${nameOf(names, statement.loop)} from ${from} to ${to} step ${step}`;
      return [head, ...indent(statement.body.flatMap((inner) => printStatement(names, inner)))];
    }
    case "branch":
    case "while": {
      const word = statement.kind === "branch" ? "if" : "while";
      const head = `${word} any ${printTop(names, statement.condition)}`;
      return [...shared, head, ...indent(statement.body.flatMap((inner) => printStatement(names, inner)))];
    }
  }
}

/** Lines for the parts of a statement that it uses more than once. */
function printShared(names: Names, statement: Statement): string[] {
  const uses = new Map<Expression, number>();
  const order: Expression[] = [];
  const visit = (expression: Expression): void => {
    const before = uses.get(expression) ?? 0;
    uses.set(expression, before + 1);
    if (before > 0) return;
    for (const child of childrenOf(expression)) visit(child);
    order.push(expression);
  };
  for (const expression of expressionsOf(statement)) visit(expression);
  const repeated = order.filter((expression) => (uses.get(expression) ?? 0) > 1 && !isLeaf(expression));
  return repeated.map((expression, index) => {
    const line = `%${index} = ${printTop(names, expression)}`;
    names.given.set(expression, `%${index}`);
    return line;
  });
}

function isLeaf(expression: Expression): boolean {
  return expression.kind === "number" || expression.kind === "local" || expression.kind === "index";
}

/** Without the outer brackets. */
function printTop(names: Names, expression: Expression): string {
  const text = printExpression(names, expression);
  return text.startsWith("(") && expression.kind === "binary" ? text.slice(1, -1) : text;
}

const signs: { readonly [op: string]: string } = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  and: "&",
  or: "|",
  xor: "^",
  shiftLeft: "<<",
  shiftRight: ">>",
  less: "<",
  lessEqual: "<=",
  equal: "==",
  notEqual: "!=",
};

function printExpression(names: Names, expression: Expression): string {
  const shared = names.given.get(expression);
  if (shared !== undefined) return shared;
  const print = (operand: Expression): string => printExpression(names, operand);
  switch (expression.kind) {
    case "number":
      return Object.is(expression.value, -0) ? "-0" : String(expression.value);
    case "local":
      return nameOf(names, expression.local);
    case "index":
      return expression.lanes === 1 ? nameOf(names, expression.loop) : `lanes(${nameOf(names, expression.loop)})`;
    case "load":
      return `${printType(expression)} ${printAccess(expression.access)}${printAddress(names, expression.address)}`;
    case "unary":
      return `${expression.op}(${printTop(names, expression.a)})`;
    case "binary": {
      const sign = signs[expression.op];
      const [a, b] = [print(expression.a), print(expression.b)];
      return sign === undefined ? `${expression.op}(${a}, ${b})` : `(${a} ${sign} ${b})`;
    }
    case "select":
      return `select(${[expression.condition, expression.a, expression.b].map((part) => printTop(names, part)).join(", ")})`;
    case "convert":
    case "bitcast":
      return `${expression.kind} ${expression.dtype}(${printTop(names, expression.a)})`;
    case "fromBits":
      return `fromBits(${printTop(names, expression.high)}, ${printTop(names, expression.low)})`;
    case "horizontal":
      return `horizontal ${expression.op}(${printTop(names, expression.a)})`;
    case "interleave":
      return `interleave ${expression.half}(${printTop(names, expression.a)}, ${printTop(names, expression.b)})`;
    case "splat":
    case "highBits":
    case "lowBits":
      return `${expression.kind}(${printTop(names, expression.a)})`;
  }
}

function printType({ dtype, lanes }: Pick<Expression, "dtype" | "lanes">): string {
  return lanes === 1 ? dtype : `${dtype}x${lanes}`;
}

function printAccess(access: Access): string {
  if (access.kind === "contiguous") return "";
  return access.kind === "splat" ? "splat " : `strided ${access.stride} `;
}

function printAddress(names: Names, { base, offset, terms, dynamic }: Address): string {
  const parts = [`p${base}`, ...printTerms(names, offset, terms)];
  if (dynamic !== undefined) parts.push(printExpression(names, dynamic));
  return `[${parts.join(" + ")}]`;
}

function printDriverAddress(names: Names, { offset, terms }: DriverAddress): string {
  return [String(offset), ...printTerms(names, 0, terms)].join(" + ");
}

function printTerms(names: Names, offset: number, terms: Address["terms"]): string[] {
  const products = terms.map(({ loop, stride }) => `${stride} ${nameOf(names, loop)}`);
  return offset === 0 ? products : [String(offset), ...products];
}

function printStep(module: Module, names: Names, step: Step): string[] {
  const address = (at: DriverAddress): string => printDriverAddress(names, at);
  const body = (steps: readonly Step[]): string[] => indent(steps.flatMap((inner) => printStep(module, names, inner)));
  switch (step.kind) {
    case "call":
      return [`${module.kernels[step.kernel]?.name}(${step.addresses.map(address).join(", ")})`];
    case "repeat": {
      const length = typeof step.length === "number" ? String(step.length) : `[${address(step.length)}]`;
      const direction = step.reverse ? " backwards" : "";
      return [
        `repeat ${nameOf(names, step.loop)} below ${length}, at most ${step.bound}${direction}`,
        ...body(step.body),
      ];
    }
    case "while":
      return ["while", ...body(step.condition), `  until [${address(step.flag)}] is 0`, ...body(step.body)];
    case "parallel":
      return step.parts.flatMap(({ loop, count, body: turn }, part) => {
        const head = `${part === 0 ? "" : "and "}parallel ${nameOf(names, loop)} below ${count}`;
        return [`${head}, worker ${nameOf(names, step.worker)}`, ...body(turn)];
      });
    case "copy":
      return [`copy ${step.bytes} bytes from ${address(step.from)} to ${address(step.to)}`];
    case "clear":
      return [`clear ${step.bytes} bytes at ${address(step.at)}`];
  }
}

function printSlot({ offset, dtype, elements }: Slot): string {
  return `${dtype}[${elements}] at ${offset}`;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
