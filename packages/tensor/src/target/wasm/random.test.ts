/**
 * Random kernels: Wasm gives the bytes of the interpreter.
 */
import { expect, it } from "vitest";
import { checkModule } from "../../kernel/check.ts";
import { evaluate } from "../../kernel/evaluate.ts";
import { randomModule } from "../../kernel/testing/random-module.ts";
import { instantiate } from "./instantiate.ts";

it.each([1, 2, 4])("random kernels agree with the interpreter x%i", (lanes) => {
  for (let seed = 1; seed <= 60; seed++) {
    const module = randomModule(seed, lanes);
    checkModule(module);
    const [wasm, interpreter] = [instantiate(module), evaluate(module)];
    wasm.run();
    interpreter.run();
    for (const slot of module.outputs) expect(wasm.read(slot), `seed ${seed}`).toEqual(interpreter.read(slot));
  }
});
