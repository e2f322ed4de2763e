/**
 * Products of random layouts, extents and epilogues as machine code: to the last bit what the interpreter gives.
 */
import { evaluate, type Module, type Slot } from "@leastaction/tensor/kernel";
import { describe, expect, it } from "vitest";
import { fillMemory, plannedModule, productNest } from "../../tensor/src/lower/testing/product-nests.ts";
import { randomProduct } from "../../tensor/src/lower/testing/random-product.ts";
import { drawsFrom } from "../../tensor/src/lower/testing/random-program.ts";
import { start } from "./native.ts";
import { combineModules } from "./testing/combine-modules.ts";
import { exactBuild, hasCompiler } from "./testing/test-compiler.ts";

const traits = [
  { vectorBytes: 16, registers: 16 },
  { vectorBytes: 32, registers: 16 },
  { vectorBytes: 64, registers: 32 },
];

describe.skipIf(!hasCompiler)("products", () => {
  it.each(traits)("as the interpreter, vectors of $vectorBytes bytes", (each) => {
    const draw = drawsFrom(each.vectorBytes + 1);
    const cases = Array.from({ length: 16 }, () => {
      const nest = productNest(randomProduct(draw, each));
      const memory = [...fillMemory(nest, () => 2 * draw() - 1).values()];
      return { module: plannedModule(nest, each), memory };
    }).filter((found): found is { module: Module; memory: (typeof found)["memory"] } => found.module !== undefined);
    expect(cases.length).toBeGreaterThan(8);
    const { whole, parts } = combineModules(cases.map(({ module }) => module));
    const [machine, interpreter] = [start(whole, exactBuild()), evaluate(whole)];
    parts.forEach(({ inputs }, i) => {
      cases[i]?.memory.forEach((data, input) => {
        for (const side of [machine, interpreter]) side.write(inputs[input] as Slot, data);
      });
    });
    machine.run();
    interpreter.run();
    for (const { outputs } of parts) {
      const [slot] = outputs as readonly [Slot];
      expect(machine.read(slot)).toEqual(interpreter.read(slot));
    }
  });
});
