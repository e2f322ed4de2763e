/**
 * Walks a driver on the host: the loops of `scan` and `while`, copies and clears, each kernel call handed out.
 *
 * In: steps, and a view of the arena, which lengths and flags are read from. This is what the interpreter does, and how
 * a step is taken apart to measure it; targets run drivers as machine code. Turns that may run at once run last first here:
 * where one needed another, results would show it.
 */
import type { DriverAddress, LoopVariable, Step } from "./kernel.ts";

/** What is done at each step that is not a loop. */
export interface DriverActions {
  /** Runs a kernel at these offsets from the start of the arena. */
  readonly call: (kernel: number, offsets: readonly number[]) => void;
  readonly copy: (to: number, from: number, bytes: number) => void;
  readonly clear: (at: number, bytes: number) => void;
  /** Threads that have room in the arena: parallel turns use it in turn. */
  readonly threads?: number | undefined;
}

type Counters = ReadonlyMap<LoopVariable, number>;

/** Runs steps once, in order. */
export function runDriver(
  steps: readonly Step[],
  view: DataView,
  actions: DriverActions,
  counters: Counters = new Map(),
): void {
  for (const step of steps) runStep(step, view, actions, counters);
}

function runStep(step: Step, view: DataView, actions: DriverActions, counters: Counters): void {
  const at = (address: DriverAddress): number => offsetOf(address, counters);
  switch (step.kind) {
    case "call":
      actions.call(step.kernel, step.addresses.map(at));
      return;
    case "repeat": {
      const length = typeof step.length === "number" ? step.length : view.getInt32(at(step.length), true);
      const count = Math.max(0, Math.min(length, step.bound));
      for (let turn = 0; turn < count; turn++) {
        const counter = step.reverse ? count - 1 - turn : turn;
        runDriver(step.body, view, actions, new Map([...counters, [step.loop, counter]]));
      }
      return;
    }
    case "while":
      for (;;) {
        runDriver(step.condition, view, actions, counters);
        if (view.getInt32(at(step.flag), true) === 0) return;
        runDriver(step.body, view, actions, counters);
      }
    case "parallel": {
      const { threads = 1 } = actions;
      for (const { loop, count, body } of step.parts.toReversed()) {
        for (let turn = count - 1; turn >= 0; turn--) {
          const around = new Map([...counters, [step.worker, turn % threads], [loop, turn]]);
          runDriver(body, view, actions, around);
        }
      }
      return;
    }
    case "copy":
      actions.copy(at(step.to), at(step.from), step.bytes);
      return;
    case "clear":
      actions.clear(at(step.at), step.bytes);
      return;
  }
}

function offsetOf({ offset, terms }: DriverAddress, counters: Counters): number {
  return terms.reduce((sum, { loop, stride }) => sum + stride * (counters.get(loop) as number), offset);
}

/** Copies and clears of an arena whose first byte is the view's. */
export function memoryActions({ buffer, byteOffset, byteLength }: DataView): Pick<DriverActions, "copy" | "clear"> {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return {
    copy: (to, from, count) => void bytes.copyWithin(to, from, from + count),
    clear: (at, count) => void bytes.fill(0, at, at + count),
  };
}
