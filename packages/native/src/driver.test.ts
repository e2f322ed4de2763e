/**
 * Long drivers: steps beyond the size of one function, inside loops that run forwards, backwards, and as long as a
 * number in memory says, give what the interpreter gives.
 */
import {
  add,
  address,
  checkModule,
  createBlock,
  type DriverAddress,
  evaluate,
  load,
  loopVariable,
  type Module,
  type Step,
} from "@leastaction/tensor/kernel";
import { expect, it } from "vitest";
import { start } from "./native.ts";
import { exactBuild, hasCompiler } from "./testing/test-compiler.ts";

/** Adds the second number to the first. */
function mixing(): Module["kernels"][number] {
  const block = createBlock();
  const [a, b] = [address(0, 0, []), address(1, 0, [])];
  const sum = block.name("sum", add(load("int32", 1, a), load("int32", 1, b)));
  block.store(a, sum);
  return { name: "mixing", parameters: 2, body: block.statements, note: { equations: [], operations: 1, bytes: 12 } };
}

function longModule(steps: number): Module {
  const [forwards, backwards] = [loopVariable("forwards"), loopVariable("backwards")];
  const at = (offset: number, ...terms: DriverAddress["terms"]): DriverAddress => ({ offset, terms });
  const calls = Array.from({ length: steps }, (_, i): Step => {
    const to = at((4 * i) % 64, { loop: forwards, stride: 64 });
    const from = at((28 * i) % 64, { loop: backwards, stride: 64 });
    return { kind: "call", kernel: 0, addresses: [to, from] };
  });
  const copy: Step = { kind: "copy", from: at(0), to: at(192, { loop: forwards, stride: 4 }), bytes: 4 };
  const inner: Step = {
    kind: "repeat",
    loop: backwards,
    length: at(256),
    bound: 3,
    reverse: true,
    body: [...calls, copy],
  };
  const outer: Step = { kind: "repeat", loop: forwards, length: 2, bound: 2, reverse: false, body: [inner] };
  const slots = [
    { offset: 0, dtype: "int32", elements: 64 },
    { offset: 256, dtype: "int32", elements: 1 },
  ] as const;
  return {
    kernels: [mixing()],
    driver: [outer, { kind: "clear", at: at(60), bytes: 4 }],
    arenaBytes: 320,
    constants: [{ slot: slots[0], data: Int32Array.from({ length: 64 }, (_, i) => 7 * i + 1) }],
    inputs: [slots[1]],
    outputs: [slots[0]],
  };
}

it.skipIf(!hasCompiler).each([2, 700])("a driver of %i calls", (steps) => {
  const module = longModule(steps);
  checkModule(module);
  const instance = start(module, exactBuild());
  const interpreter = evaluate(module);
  for (const length of [2, 5, 0, -1]) {
    for (const each of [instance, interpreter]) {
      each.write(module.inputs[0] as Module["inputs"][number], Int32Array.of(length));
      each.run();
    }
    const slot = module.outputs[0] as Module["outputs"][number];
    expect(instance.read(slot), `length ${length}`).toEqual(interpreter.read(slot));
  }
});

it.skipIf(!hasCompiler)("refuses more C than compilers take in a reasonable time", () => {
  expect(() => start(longModule(400_000), exactBuild())).toThrow(
    /^Cannot compile to machine code: expected at most 16\.8 MB of C, got \S+ MB for 1 kernels\nThe program unrolls/,
  );
});
