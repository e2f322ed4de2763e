/**
 * Every operator, element type and number of lanes, and random kernels: machine code gives the bits of the interpreter,
 * at the width of this machine and at the smallest.
 */
import { evaluate, type Module, type Slot } from "@leastaction/tensor/kernel";
import { describe, expect, it } from "vitest";
import { runModule } from "../../tensor/src/kernel/testing/elementwise.ts";
import { operatorCases } from "../../tensor/src/kernel/testing/operator-cases.ts";
import { randomModule } from "../../tensor/src/kernel/testing/random-module.ts";
import type { BuildOptions } from "./build-library.ts";
import { start } from "./native.ts";
import { combineModules } from "./testing/combine-modules.ts";
import { exactBuild, hasCompiler } from "./testing/test-compiler.ts";

const machine = hasCompiler ? exactBuild().compiler.features.vectorBytes : 16;

/** As if the processor had no instructions worth naming. */
function plain(build: BuildOptions): BuildOptions {
  const features = { ...build.compiler.features, instructions: "none", shuffles: false } as const;
  return { ...build, compiler: { ...build.compiler, features } };
}

function inputOf(parts: readonly Module[], part: number, input: number): Slot {
  return parts[part]?.inputs[input] as Slot;
}

function outputOf(parts: readonly Module[], part: number, output: number): Slot {
  return parts[part]?.outputs[output] as Slot;
}

describe.skipIf(!hasCompiler)("operators as machine code", () => {
  const cases = operatorCases(machine);
  const { whole, parts } = combineModules(cases.map(({ module }) => module));
  for (const [name, change] of [
    ["this machine", (build: BuildOptions) => build],
    ["plain C", plain],
  ] as const) {
    it(name, () => {
      const instance = start(whole, change(exactBuild()));
      cases.forEach(({ inputs }, i) => {
        inputs.forEach((data, k) => void instance.write(inputOf(parts, i, k), data));
      });
      instance.run();
      for (const [i, { name: label, module, inputs }] of cases.entries()) {
        const expected = runModule(evaluate(module), module, inputs);
        expect(Array.from(instance.read(outputOf(parts, i, 0))), label).toEqual(Array.from(expected));
      }
    });
  }
});

describe.skipIf(!hasCompiler)("random kernels as machine code", () => {
  it.each([1, machine / 8, machine / 4])("x%i", (lanes) => {
    const modules = Array.from({ length: 30 }, (_, seed) => randomModule(seed + 1, lanes));
    const { whole, parts } = combineModules(modules);
    const instance = start(whole, exactBuild());
    instance.run();
    modules.forEach((module, i) => {
      const interpreter = evaluate(module);
      interpreter.run();
      module.outputs.forEach((slot, k) => {
        const found = instance.read(outputOf(parts, i, k));
        expect(found, `seed ${i + 1}`).toEqual(interpreter.read(slot));
      });
    });
  });
});
