/**
 * Every operator, element type and number of lanes, and random kernels: machine code gives the bits of the interpreter,
 * for this machine, and for lesser ones of its kind.
 */
import { evaluate, type Module, type Slot } from "@leastaction/tensor/kernel";
import { describe, expect, it } from "vitest";
import { runModule } from "../../tensor/src/kernel/testing/elementwise.ts";
import { operatorCases } from "../../tensor/src/kernel/testing/operator-cases.ts";
import { randomModule } from "../../tensor/src/kernel/testing/random-module.ts";
import type { BuildOptions } from "./build-library.ts";
import { findCompiler } from "./compiler.ts";
import { start } from "./native.ts";
import { combineModules } from "./testing/combine-modules.ts";
import { exactBuild, hasCompiler } from "./testing/test-compiler.ts";

const machine = hasCompiler ? exactBuild() : undefined;

/** As if the processor had no instructions worth naming. */
function plain(build: BuildOptions): BuildOptions {
  const features = { ...build.compiler.features, instructions: "none", shuffles: false } as const;
  return { ...build, compiler: { ...build.compiler, features } };
}

/** As for an older processor of the same kind; undefined where the compiler does not know the flag. */
function older(flag: string): BuildOptions | undefined {
  if (machine === undefined) return undefined;
  try {
    return { ...machine, compiler: findCompiler([...machine.compiler.command, flag].join(" ")) };
  } catch {
    return undefined;
  }
}

const builds: readonly (readonly [name: string, build: BuildOptions | undefined])[] = [
  ["this machine", machine],
  ["plain C", machine && plain(machine)],
  ["without AVX-512", older("-mno-avx512f")],
  ["without AVX", older("-mno-avx")],
];

function inputOf(parts: readonly Module[], part: number, input: number): Slot {
  return parts[part]?.inputs[input] as Slot;
}

function outputOf(parts: readonly Module[], part: number, output: number): Slot {
  return parts[part]?.outputs[output] as Slot;
}

describe.each(builds)("%s", (_, build) => {
  const bytes = build?.compiler.features.vectorBytes ?? 16;

  it.skipIf(build === undefined)("every operator", () => {
    const cases = operatorCases(bytes);
    const { whole, parts } = combineModules(cases.map(({ module }) => module));
    const instance = start(whole, build as BuildOptions);
    cases.forEach(({ inputs }, i) => {
      inputs.forEach((data, k) => void instance.write(inputOf(parts, i, k), data));
    });
    instance.run();
    for (const [i, { name, module, inputs }] of cases.entries()) {
      const expected = runModule(evaluate(module), module, inputs);
      expect(Array.from(instance.read(outputOf(parts, i, 0))), name).toEqual(Array.from(expected));
    }
  });

  it.skipIf(build === undefined).each([1, bytes / 8, bytes / 4])("random kernels x%i", (lanes) => {
    const modules = Array.from({ length: 8 }, (__, seed) => randomModule(seed + 1, lanes));
    const { whole, parts } = combineModules(modules);
    const instance = start(whole, build as BuildOptions);
    instance.run();
    modules.forEach((module, i) => {
      const interpreter = evaluate(module);
      interpreter.run();
      module.outputs.forEach((slot, k) => {
        expect(instance.read(outputOf(parts, i, k)), `seed ${i + 1}`).toEqual(interpreter.read(slot));
      });
    });
  });
});
