/**
 * A plain, slow interpreter of modules: the meaning of the kernel language, against which targets are tested and with
 * which lowering is tested apart from them.
 *
 * In: a module. Out: an arena that `run` changes exactly as a target would, to the last bit (payloads of NaN excepted).
 * Vectors are arrays of lanes.
 */
import type { HostArray } from "../dtype.ts";
import { addressOf, evaluateExpression, type Frame, writeElement } from "./evaluate-expression.ts";
import type { DriverAddress, Kernel, LoopVariable, Module, Slot, Statement, Step } from "./kernel.ts";
import { readSlot, writeSlot } from "./slot.ts";

/** A module in an arena of its own. */
export interface Evaluator {
  readonly memory: ArrayBuffer;
  run(): void;
  write(slot: Slot, data: HostArray | number): void;
  read(slot: Slot): HostArray;
}

/** Loads a module for interpretation; constants are written. */
export function evaluate(module: Module): Evaluator {
  const memory = new ArrayBuffer(module.arenaBytes);
  for (const { slot, data } of module.constants) writeSlot(memory, slot, data);
  return {
    memory,
    run: () => runSteps(module, new DataView(memory), module.driver, new Map()),
    write: (slot, data) => writeSlot(memory, slot, data),
    read: (slot) => readSlot(memory, slot),
  };
}

type Counters = ReadonlyMap<LoopVariable, number>;

function runSteps(module: Module, view: DataView, steps: readonly Step[], counters: Counters): void {
  for (const step of steps) runStep(module, view, step, counters);
}

function runStep(module: Module, view: DataView, step: Step, counters: Counters): void {
  const at = (address: DriverAddress): number => driverAddress(address, counters);
  switch (step.kind) {
    case "call":
      runKernel(module.kernels[step.kernel] as Kernel, view, step.addresses.map(at));
      return;
    case "repeat": {
      const length = typeof step.length === "number" ? step.length : view.getInt32(at(step.length), true);
      const count = Math.max(0, Math.min(length, step.bound));
      for (let turn = 0; turn < count; turn++) {
        const counter = step.reverse ? count - 1 - turn : turn;
        runSteps(module, view, step.body, new Map([...counters, [step.loop, counter]]));
      }
      return;
    }
    case "while":
      for (;;) {
        runSteps(module, view, step.condition, counters);
        if (view.getInt32(at(step.flag), true) === 0) return;
        runSteps(module, view, step.body, counters);
      }
    case "copy":
      return void new Uint8Array(view.buffer).copyWithin(at(step.to), at(step.from), at(step.from) + step.bytes);
    case "clear":
      return void new Uint8Array(view.buffer).fill(0, at(step.at), at(step.at) + step.bytes);
  }
}

function driverAddress({ offset, terms }: DriverAddress, counters: Counters): number {
  return terms.reduce((sum, { loop, stride }) => sum + stride * (counters.get(loop) as number), offset);
}

function runKernel(kernel: Kernel, view: DataView, bases: readonly number[]): void {
  runStatements({ view, bases, locals: new Map(), counters: new Map() }, kernel.body);
}

function runStatements(frame: Frame, statements: readonly Statement[]): void {
  for (const statement of statements) runStatement(frame, statement);
}

function runStatement(frame: Frame, statement: Statement): void {
  // Sharing by identity holds within one statement only: locals and memory may change between two.
  const known = new Map();
  switch (statement.kind) {
    case "set":
      return void frame.locals.set(statement.local, evaluateExpression(frame, statement.value, known));
    case "store": {
      const { value, access, address } = statement;
      const lanes = evaluateExpression(frame, value, known);
      const start = addressOf(frame, address, known);
      const stride = access.kind === "strided" ? access.stride : value.dtype === "float64" ? 8 : 4;
      lanes.forEach((lane, index) => void writeElement(frame.view, value.dtype, start + stride * index, lane));
      return;
    }
    case "loop":
      for (let counter = statement.from; counter < statement.to; counter += statement.step) {
        frame.counters.set(statement.loop, counter);
        runStatements(frame, statement.body);
      }
      return;
    case "branch":
      if (evaluateExpression(frame, statement.condition, known).some((lane) => lane !== 0))
        runStatements(frame, statement.body);
      return;
  }
}
