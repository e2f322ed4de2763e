/**
 * A module whose driver has parallel steps inside loops, with turns of two kinds, and memory that each thread has for
 * itself: for tests of targets against the interpreter.
 */

import { createBlock } from "../block.ts";
import { add, address, load, loopVariable, mul } from "../build.ts";
import type { DriverAddress, Kernel, Module, Step } from "../kernel.ts";

const note = { equations: [], operations: 1, bytes: 12 };
const [turns, more, rounds] = [13, 5, 3];
const room = 128;

/** first = 3 second + 1. */
function scaling(): Kernel {
  const block = createBlock();
  block.store(address(0), add(mul(load("int32", 1, address(1)), 3), 1));
  return { name: "scaling", parameters: 2, body: block.statements, note };
}

/** first = first + second. */
function adding(): Kernel {
  const block = createBlock();
  block.store(address(0), add(load("int32", 1, address(0)), load("int32", 1, address(1))));
  return { name: "adding", parameters: 2, body: block.statements, note };
}

/** Each turn scales its number of the input in the room of its thread, and adds it to its number of the output. */
export function parallelModule(threads: number): Module {
  const [round, inner, worker] = [loopVariable("round"), loopVariable("inner"), loopVariable("worker")];
  const at = (offset: number, ...terms: DriverAddress["terms"]): DriverAddress => ({ offset, terms });
  const own = at(1024, { loop: worker, stride: room });
  const turn = (first: number, count: number): Extract<Step, { kind: "parallel" }>["parts"][number] => {
    const loop = loopVariable("turn");
    const [from, to] = [4 * first, 512 + 4 * first].map((offset) =>
      at(offset, { loop, stride: 4 }, { loop: round, stride: 4 * (turns + more) }),
    ) as [DriverAddress, DriverAddress];
    const again: Step = {
      kind: "repeat",
      loop: loopVariable("again"),
      length: 2,
      bound: 2,
      reverse: false,
      body: [{ kind: "call", kernel: 1, addresses: [to, own] }],
    };
    return { loop, count, body: [{ kind: "call", kernel: 0, addresses: [own, from] }, again] };
  };
  const parallel: Step = { kind: "parallel", worker, parts: [turn(0, turns), turn(turns, more)] };
  const twice: Step = { kind: "repeat", loop: inner, length: 2, bound: 2, reverse: true, body: [parallel] };
  const driver: Step = { kind: "repeat", loop: round, length: rounds, bound: rounds, reverse: true, body: [twice] };
  return {
    kernels: [scaling(), adding()],
    driver: [driver],
    arenaBytes: 1024 + threads * room,
    threads,
    constants: [],
    inputs: [{ offset: 0, dtype: "int32", elements: rounds * (turns + more) }],
    outputs: [{ offset: 512, dtype: "int32", elements: rounds * (turns + more) }],
  };
}

/** What the module reads and what it adds to its output in a run. */
export const parallelInput: Int32Array = Int32Array.from({ length: rounds * (turns + more) }, (_, i) => 7 * i - 50);
export const parallelOutput: Int32Array = parallelInput.map((value) => 4 * (3 * value + 1));
