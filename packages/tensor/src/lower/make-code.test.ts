/**
 * Programs whose code comes from a store run as those that were just made.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../compile.ts";
import { scan } from "../library/control-flow.ts";
import { sin } from "../library/trigonometric.ts";
import { add, mul } from "../ops/elementwise.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import type { CodeKey, CodeStore } from "./code-store.ts";
import { expectClose } from "./testing/close.ts";
import { randomProgram } from "./testing/random-program.ts";

/** A store that counts, and gives bytes that lie anywhere in a larger buffer. */
function memoryStore(): CodeStore & { readonly found: () => number; readonly kept: () => number } {
  const entries = new Map<string, Uint8Array>();
  let found = 0;
  const nameOf = (key: CodeKey): string =>
    JSON.stringify(key.map((part) => (typeof part === "string" ? part : [...part])));
  return {
    read: (key) => {
      const bytes = entries.get(nameOf(key));
      if (bytes === undefined) return undefined;
      found++;
      const around = new Uint8Array(bytes.length + 3);
      around.set(bytes, 3);
      return around.subarray(3);
    },
    write: (key, bytes) => void entries.set(nameOf(key), bytes.slice()),
    found: () => found,
    kept: () => entries.size,
  };
}

describe("a store of code", () => {
  it("gives random programs the results of the reference", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const { program, inputs } = randomProgram(seed);
      const store = memoryStore();
      const run = (): readonly unknown[] => {
        const executable = wasm({ store }).prepare(program, []);
        inputs.forEach((input, i) => {
          executable.write(i, input);
        });
        executable.run();
        return program.outputs.map((_, i) => executable.readOutput(i).data);
      };
      const first = run();
      expect(run(), `seed ${seed}`).toEqual(first);
      expect(store.found()).toBe(1);
      evaluateProgram(program, inputs).forEach(({ data }, i) => {
        expectClose(first[i] as ArrayLike<number>, data);
      });
    }
  });

  const numbers = array([1, 2, 3], [3], "float32");
  const x = array([0.5, -1, 2], [3], "float32");
  const step = (y: Tensor): Tensor => add(mul(scan((z: Tensor) => [sin(z), {}], y, {}, { bound: 3 })[0], numbers), 1);

  it("keeps apart what is not the same", () => {
    const store = memoryStore();
    const run = (f: (y: Tensor) => Tensor, options: object): void => {
      compile(f as never, [x], wasm({ ...options, store })).callSync(x);
    };
    run(step, {});
    run(step, { accuracy: "fast" });
    run(step, { schedule: { tile: 0 } });
    run((y) => add(step(y), 1), {});
    expect([store.kept(), store.found()]).toEqual([4, 0]);
    run(step, { accuracy: "fast" });
    expect([store.kept(), store.found()]).toEqual([4, 1]);
  });

  it("keeps donation apart, and state inside", () => {
    const store = memoryStore();
    const results = [1, 2].map(() => {
      const compiled = compile(step as never, [x], wasm({ store }));
      compiled.load(x);
      for (let i = 0; i < 3; i++) compiled.runSync();
      return [compiled.read(), compiled.callSync(x)];
    });
    expect(results[1]).toEqual(results[0]);
    expect([store.kept(), store.found()]).toEqual([2, 2]);
  });

  it("shows the kernels of what it gave", () => {
    const store = memoryStore();
    const [made, given] = [1, 2].map(() => {
      const compiled = compile(step as never, [x], wasm({ store }));
      compiled.callSync(x);
      return compiled;
    });
    expect(store.found()).toBe(1);
    expect(given?.explain()).toBe(made?.explain());
    expect(
      given
        ?.profile(2)
        .kernels.map(({ kernel }) => kernel)
        .sort(),
    ).toEqual(
      made
        ?.profile(2)
        .kernels.map(({ kernel }) => kernel)
        .sort(),
    );
  });
});
