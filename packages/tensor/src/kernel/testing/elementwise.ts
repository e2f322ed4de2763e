/**
 * Modules for tests: one kernel that maps arrays to an array, element by element.
 */
import type { DType, HostArray } from "../../dtype.ts";
import { type Block, createBlock } from "../block.ts";
import { address, load } from "../build.ts";
import type { Expression, Module, Slot } from "../kernel.ts";

/** A module whose inputs have `elements` elements each and whose one output is `write(block, inputs)` by element. */
export function elementwise(
  inputs: readonly DType[],
  elements: number,
  lanes: number,
  write: (block: Block, inputs: Expression[]) => Expression,
): Module {
  const block = createBlock();
  let output: DType = "float32";
  block.loop("i", 0, elements, lanes, (body, loop) => {
    const at = (base: number, dtype: DType) => address(base, 0, [{ loop, stride: dtype === "float64" ? 8 : 4 }]);
    const result = write(
      body,
      inputs.map((dtype, base) => load(dtype, lanes, at(base, dtype))),
    );
    output = result.dtype;
    body.store(at(inputs.length, output), result);
  });
  const size = Math.ceil((elements * 8) / 64) * 64;
  const slots: Slot[] = [...inputs, output].map((dtype, index) => ({ offset: index * size, dtype, elements }));
  return {
    kernels: [
      {
        name: "elementwise",
        parameters: slots.length,
        body: block.statements,
        note: { equations: [], operations: 0, bytes: 0 },
      },
    ],
    driver: [{ kind: "call", kernel: 0, addresses: slots.map(({ offset }) => ({ offset, terms: [] })) }],
    arenaBytes: size * slots.length,
    constants: [],
    inputs: slots.slice(0, -1),
    outputs: slots.slice(-1),
  };
}

/** What any target of modules offers. */
export interface Runnable {
  run(): void;
  write(slot: Slot, data: HostArray | number): void;
  read(slot: Slot): HostArray;
}

/** Writes the inputs, runs, reads the first output. */
export function runModule(target: Runnable, module: Module, inputs: readonly HostArray[]): HostArray {
  inputs.forEach((data, index) => void target.write(module.inputs[index] as Slot, data));
  target.run();
  return target.read(module.outputs[0] as Slot);
}
