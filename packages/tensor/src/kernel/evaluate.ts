/**
 * A plain, slow interpreter of modules: the meaning of the kernel language, against which targets are tested and with
 * which lowering is tested apart from them.
 *
 * In: a module. Out: an arena that `run` changes exactly as a target would, to the last bit (payloads of NaN excepted).
 * Vectors are arrays of lanes.
 */
import type { HostArray } from "../dtype.ts";
import { addressOf, evaluateExpression, type Frame, writeElement } from "./evaluate-expression.ts";
import type { Kernel, Module, Slot, Statement } from "./kernel.ts";
import { memoryActions, runDriver } from "./run-driver.ts";
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
  const view = new DataView(memory);
  const call = (kernel: number, offsets: readonly number[]): void =>
    runKernel(module.kernels[kernel] as Kernel, view, offsets);
  const actions = { ...memoryActions(view), call, threads: module.threads };
  return {
    memory,
    run: () => runDriver(module.driver, view, actions),
    write: (slot, data) => writeSlot(memory, slot, data),
    read: (slot) => readSlot(memory, slot),
  };
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
    case "while":
      while (evaluateExpression(frame, statement.condition, new Map()).some((lane) => lane !== 0))
        runStatements(frame, statement.body);
      return;
  }
}
