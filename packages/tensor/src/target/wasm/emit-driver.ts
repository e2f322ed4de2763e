/**
 * The driver: one exported function that calls kernels in order, with the loops of `scan` and `while`.
 *
 * Engines do not replace a function while it runs, so the work is in the kernels, which are called often, and the driver
 * only calls. A long list of steps is cut into functions of their own that take the counters of the loops around as
 * parameters. Addresses are constants plus counters.
 *
 * The turns of a parallel step are a function too, a task: it takes the number of its thread and of its turn, and finds
 * the counters of the loops around behind the arena. The host is asked to run its turns.
 */
import { defect, TensorError } from "../../errors.ts";
import type { DriverAddress, LoopVariable, Step } from "../../kernel/kernel.ts";
import { createFunction, type FunctionBuilder, i32 } from "./assembler.ts";
import { code } from "./opcodes.ts";

/** Steps of one function; more become functions of their own. */
const longest = 1000;
const noResult = 0x40;

/** Counters of loops around a parallel step at most. */
export const mostCounters = 16;

/** Where things are in the module. */
export interface DriverPlaces {
  /** Index of the first kernel; the host's function comes before it. */
  readonly kernels: number;
  /** Index of the driver's first function. */
  readonly first: number;
  /** Address of the counters of loops around a parallel step. */
  readonly around: number;
}

/** A driver as functions. */
export interface EmittedDriver {
  /** The last one runs everything. */
  readonly functions: readonly FunctionBuilder[];
  /** The index of each task in the module. */
  readonly tasks: readonly number[];
}

interface DriverContext {
  readonly places: DriverPlaces;
  /** Functions made so far, and which of them are tasks. */
  readonly made: FunctionBuilder[];
  readonly tasks: number[];
  readonly function: FunctionBuilder;
  /** Wasm locals of the counters around, outermost first. */
  readonly counters: ReadonlyMap<LoopVariable, number>;
}

/** The functions of the driver. */
export function emitDriver(driver: readonly Step[], places: DriverPlaces): EmittedDriver {
  const made: FunctionBuilder[] = [];
  const tasks: number[] = [];
  const main = createFunction(0);
  emitSteps({ places, made, tasks, function: main, counters: new Map() }, driver);
  made.push(main);
  return { functions: made, tasks };
}

/** Whether a step is parallel or holds one that is. */
export function divides(step: Step): boolean {
  if (step.kind === "repeat") return step.body.some(divides);
  if (step.kind === "while") return [...step.condition, ...step.body].some(divides);
  return step.kind === "parallel";
}

function emitSteps(context: DriverContext, steps: readonly Step[]): void {
  if (steps.length <= longest) {
    for (const step of steps) emitStep(context, step);
    return;
  }
  const size = Math.max(longest, Math.ceil(steps.length / longest));
  for (let start = 0; start < steps.length; start += size) emitPart(context, steps.slice(start, start + size));
}

/** Steps as a function of their own, called here. */
function emitPart(context: DriverContext, steps: readonly Step[]): void {
  const loops = [...context.counters.keys()];
  const part = createFunction(loops.length);
  emitSteps({ ...context, function: part, counters: new Map(loops.map((loop, index) => [loop, index])) }, steps);
  const index = add(context, part);
  for (const local of context.counters.values()) get(context, local);
  context.function.code.byte(code.call);
  context.function.code.unsigned(index);
}

/** The index in the module of a function that is made. */
function add({ places, made }: DriverContext, built: FunctionBuilder): number {
  return places.first + made.push(built) - 1;
}

function emitStep(context: DriverContext, step: Step): void {
  const out = context.function.code;
  switch (step.kind) {
    case "call":
      for (const address of step.addresses) emitDriverAddress(context, address);
      out.byte(code.call);
      out.unsigned(context.places.kernels + step.kernel);
      return;
    case "repeat":
      emitRepeat(context, step);
      return;
    case "while":
      emitWhile(context, step);
      return;
    case "parallel":
      emitParallel(context, step);
      return;
    case "copy":
      emitDriverAddress(context, step.to);
      emitDriverAddress(context, step.from);
      constant(context, step.bytes);
      out.bytes(Uint8Array.of(0xfc, 0x0a, 0, 0));
      return;
    case "clear":
      emitDriverAddress(context, step.at);
      constant(context, 0);
      constant(context, step.bytes);
      out.bytes(Uint8Array.of(0xfc, 0x0b, 0));
      return;
  }
}

/** block { n = length; if n <= 0 leave; counter = first; loop { body; advance; if more, again } } */
function emitRepeat(context: DriverContext, step: Extract<Step, { kind: "repeat" }>): void {
  const out = context.function.code;
  const counter = context.function.local(i32);
  const length = context.function.local(i32);
  emitLength(context, step.length, step.bound, length);
  out.byte(code.block);
  out.byte(noResult);
  get(context, length);
  constant(context, 0);
  out.bytes(Uint8Array.of(0x4c, code.branchIf, 0));
  if (step.reverse) {
    get(context, length);
    constant(context, 1);
    out.byte(code.i32Sub);
  } else constant(context, 0);
  set(context, counter);
  out.byte(code.loop);
  out.byte(noResult);
  emitSteps({ ...context, counters: new Map([...context.counters, [step.loop, counter]]) }, step.body);
  get(context, counter);
  constant(context, step.reverse ? -1 : 1);
  out.byte(code.i32Add);
  set(context, counter);
  get(context, counter);
  if (step.reverse) constant(context, 0);
  else get(context, length);
  out.bytes(Uint8Array.of(step.reverse ? 0x4e : code.i32LessSigned, code.branchIf, 0, code.end, code.end));
}

/** The counters around to memory, where the task takes them from; then the host's function, which is the first. */
function emitParallel(context: DriverContext, { worker, parts }: Extract<Step, { kind: "parallel" }>): void {
  const around = [...context.counters];
  if (around.length > mostCounters) throw depthError(around.length);
  const out = context.function.code;
  around.forEach(([, local], i) => {
    constant(context, context.places.around + 4 * i);
    get(context, local);
    out.bytes(Uint8Array.of(code.i32Store, 2, 0));
  });
  constant(context, context.tasks.length);
  constant(
    context,
    parts.reduce((sum, { count }) => sum + count, 0),
  );
  out.byte(code.call);
  out.unsigned(0);
  const task = createFunction(2);
  const counters = new Map(around.map(([loop]) => [loop, task.local(i32)]));
  counters.set(worker, 0);
  const inside: DriverContext = { ...context, function: task, counters };
  around.forEach(([loop], i) => {
    constant(inside, context.places.around + 4 * i);
    task.code.bytes(Uint8Array.of(code.i32Load, 2, 0));
    set(inside, counters.get(loop) as number);
  });
  emitTurns(inside, parts);
  context.tasks.push(add(context, task));
}

/** For each part: block { if the turn is beyond it leave; body; return }; the turn then counts from the next part on. */
function emitTurns(context: DriverContext, parts: Extract<Step, { kind: "parallel" }>["parts"]): void {
  const out = context.function.code;
  const turn = 1;
  for (const { loop, count, body } of parts) {
    out.bytes(Uint8Array.of(code.block, noResult));
    constant(context, count);
    get(context, turn);
    // count <= turn
    out.bytes(Uint8Array.of(0x4c, code.branchIf, 0));
    emitSteps({ ...context, counters: new Map([...context.counters, [loop, turn]]) }, body);
    out.bytes(Uint8Array.of(returns, code.end));
    get(context, turn);
    constant(context, count);
    out.byte(code.i32Sub);
    set(context, turn);
  }
}

const returns = 0x0f;

function depthError(found: number): TensorError {
  return new TensorError(
    `Cannot emit a driver: expected at most ${mostCounters} loops around work for several threads, got ${found}`,
    "Leave out the number of threads, or nest fewer loops.",
    "program-too-long",
  );
}

/** The length cut to at most `bound`; a negative one runs nothing. */
function emitLength(context: DriverContext, length: DriverAddress | number, bound: number, into: number): void {
  if (typeof length === "number") {
    constant(context, Math.min(length, bound));
    set(context, into);
    return;
  }
  emitLoad(context, length);
  set(context, into);
  get(context, into);
  constant(context, bound);
  get(context, into);
  constant(context, bound);
  context.function.code.bytes(Uint8Array.of(code.i32LessSigned, code.select));
  set(context, into);
}

/** block { loop { condition; if flag is 0 leave; body; again } } */
function emitWhile(context: DriverContext, step: Extract<Step, { kind: "while" }>): void {
  const out = context.function.code;
  out.bytes(Uint8Array.of(code.block, noResult, code.loop, noResult));
  emitSteps(context, step.condition);
  emitLoad(context, step.flag);
  out.bytes(Uint8Array.of(code.i32Eqz, code.branchIf, 1));
  emitSteps(context, step.body);
  out.bytes(Uint8Array.of(code.branch, 0, code.end, code.end));
}

function emitLoad(context: DriverContext, address: DriverAddress): void {
  emitDriverAddress(context, address);
  context.function.code.bytes(Uint8Array.of(code.i32Load, 2, 0));
}

function emitDriverAddress(context: DriverContext, { offset, terms }: DriverAddress): void {
  const out = context.function.code;
  constant(context, offset);
  for (const { loop, stride } of terms) {
    const counter = context.counters.get(loop);
    if (counter === undefined)
      throw defect(`Cannot emit a driver address: expected the loop ${loop.name} around it, got none`);
    get(context, counter);
    constant(context, stride);
    out.bytes(Uint8Array.of(code.i32Mul, code.i32Add));
  }
}

function constant(context: DriverContext, value: number): void {
  context.function.code.byte(code.i32Const);
  context.function.code.signed(value);
}

function get(context: DriverContext, local: number): void {
  context.function.code.byte(code.localGet);
  context.function.code.unsigned(local);
}

function set(context: DriverContext, local: number): void {
  context.function.code.byte(code.localSet);
  context.function.code.unsigned(local);
}
