/**
 * Several threads of machine code: the same bits for any number of them, in the same mode, for as long as one likes.
 */

import { Buffer } from "node:buffer";
import {
  add,
  array,
  compile,
  grad,
  type HostTensor,
  matmul,
  mul,
  sub,
  sumOfSquares,
  type Tensor,
  tanh,
} from "@leastaction/tensor";
import { checkModule, evaluate, type Slot } from "@leastaction/tensor/kernel";
import { describe, expect, it } from "vitest";
import { parallelInput, parallelModule, parallelOutput } from "../../tensor/src/kernel/testing/parallel-module.ts";
import { native, start } from "./native.ts";
import { exactBuild, hasCompiler, testCache } from "./testing/test-compiler.ts";

interface State {
  readonly weights: Tensor;
  readonly wide: Tensor;
}

const random = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(3 + 7 * i));

/** Gradient descent on a network with a batch and a large elementwise part; the bits of the state after some steps. */
function train(threads: number | undefined, steps: number): readonly Uint8Array[] {
  const x = array(random(2000 * 6), [2000, 6]);
  const loss = (weights: Tensor): Tensor => {
    const hidden = tanh(matmul(x, weights));
    return sumOfSquares(sub(mul(hidden, tanh(hidden)), 0.3));
  };
  const step = ({ weights, wide }: State): State => {
    return { weights: sub(weights, mul(1e-4, grad(loss)(weights))), wide: tanh(mul(wide, 1.01)) };
  };
  const from = { weights: array(random(6 * 32), [6, 32]), wide: array(random(400 * 500), [400, 500]) };
  const divided = threads === undefined ? {} : { threads, schedule: { leastDivided: 1 << 16 } };
  const compiled = compile(step, [from], native({ cacheFolder: testCache, ...divided }));
  compiled.load(from);
  for (let i = 0; i < steps; i++) compiled.runSync();
  const { weights, wide } = compiled.read() as Readonly<Record<string, HostTensor>>;
  return [weights, wide].map((tensor) => new Uint8Array((tensor as HostTensor).data.buffer));
}

describe.skipIf(!hasCompiler)("machine code on several threads", () => {
  it("gives the same bits on 1, 2, 3 and 8", () => {
    const one = train(1, 100);
    for (const threads of [2, 3, 8]) {
      const isSame = train(threads, 100).map((bytes, i) => Buffer.compare(bytes, one[i] as Uint8Array) === 0);
      expect(isSame, `${threads} threads`).toEqual([true, true]);
    }
  });

  it("gives what the interpreter gives, inside loops, with turns of two kinds, 10,000 times", () => {
    for (const threads of [1, 2, 5]) {
      const module = parallelModule(threads);
      checkModule(module);
      const [input, output] = [module.inputs[0] as Slot, module.outputs[0] as Slot];
      const [instance, interpreter] = [start(module, exactBuild()), evaluate(module)];
      for (const each of [instance, interpreter]) {
        each.write(input, parallelInput);
        each.run();
        expect(each.read(output)).toEqual(parallelOutput);
      }
      const runs = 10_000;
      for (let run = 1; run < runs; run++) instance.run();
      expect(instance.read(output)).toEqual(parallelOutput.map((value) => runs * value));
    }
  });

  it("takes small numbers as zero on every thread", () => {
    const least = array(new Array<number>(200_000).fill(2 ** -126), [200_000], "float32");
    const options = { cacheFolder: testCache, threads: 3, schedule: { leastDivided: 1 } };
    const compiled = compile((x: Tensor) => add(mul(x, 0.5), 0), [least], native(options));
    for (let run = 0; run < 20; run++) expect(new Set(compiled.callSync(least).data)).toEqual(new Set([0]));
  });

  it("refuses a number of threads that is none", () => {
    for (const threads of [0, 1.5, -2, 257, Number.NaN])
      expect(() => native({ threads })).toThrow(/^Cannot make a target: expected threads to be an integer/);
  });
});
