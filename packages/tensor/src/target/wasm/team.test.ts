/**
 * Several threads in Node: the same bits for any number of them, workers that end, processes that end.
 */
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { type Compiled, compile } from "../../compile.ts";
import { add, address, index, load, loopVariable } from "../../kernel/build.ts";
import { checkModule } from "../../kernel/check.ts";
import { createBlock } from "../../kernel/index.ts";
import type { Module, Slot } from "../../kernel/kernel.ts";
import { parallelInput, parallelModule, parallelOutput } from "../../kernel/testing/parallel-module.ts";
import { matmul } from "../../ops/contraction.ts";
import { mul, sub, tanh } from "../../ops/elementwise.ts";
import { sumOfSquares } from "../../ops/reduction.ts";
import type { HostTensor } from "../../pytree.ts";
import { array, type Tensor } from "../../trace/tensor.ts";
import { valueAndGrad } from "../../transform/differentiate.ts";
import { emitFitting, type Instance, loadBinary } from "./instantiate.ts";
import { wasm } from "./wasm.ts";

interface State {
  readonly weights: Tensor;
  readonly wide: Tensor;
}

/** Gradient descent on a network with a batch and a large elementwise part. */
function training(threads?: number): { readonly compiled: Compiled<State>; readonly start: unknown } {
  const random = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(3 + 7 * i));
  const x = array(random(2000 * 6), [2000, 6]);
  const loss = (weights: Tensor): Tensor => {
    const hidden = tanh(matmul(x, weights));
    return sumOfSquares(sub(mul(hidden, tanh(hidden)), 0.3));
  };
  const step = ({ weights, wide }: State): State => {
    const [, gradient] = valueAndGrad(loss)(weights);
    return { weights: sub(weights, mul(1e-4, gradient)), wide: tanh(mul(wide, 1.01)) };
  };
  const start = { weights: array(random(6 * 32), [6, 32]), wide: array(random(400 * 500), [400, 500]) };
  const schedule = { leastDivided: 1 << 16 };
  return { compiled: compile(step, [start], wasm(threads === undefined ? {} : { threads, schedule })), start };
}

function bitsOf(state: unknown): readonly Uint8Array[] {
  const { weights, wide } = state as Readonly<Record<string, HostTensor>>;
  return [weights as HostTensor, wide as HostTensor].map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
}

async function train(threads: number | undefined, steps: number): Promise<readonly Uint8Array[]> {
  const { compiled, start } = training(threads);
  compiled.load(start);
  for (let i = 0; i < steps; i++) {
    compiled.runSync();
    // Workers have a while to start.
    if (i === 2) await pause(200);
  }
  return bitsOf(compiled.read());
}

describe("a program on several threads", () => {
  it("gives the same bits on 1, 2, 3 and 8, near those of work that is not divided", async () => {
    const steps = 30;
    const one = await train(1, steps);
    const others = [await train(2, steps), await train(3, steps), await train(8, steps)];
    for (const other of others) {
      expect(other.map((bytes, i) => Buffer.compare(bytes, one[i] as Uint8Array))).toEqual([0, 0]);
    }
    const plain = (await train(undefined, steps)).map((bytes) => new Float32Array(bytes.buffer));
    const farthest = plain.map((values, i) => {
      const divided = new Float32Array((one[i] as Uint8Array).buffer);
      return values.reduce((most, value, at) => Math.max(most, Math.abs(value - (divided[at] as number))), 0);
    });
    expect(Math.max(...farthest)).toBeLessThan(1e-5);
  });

  it("refuses a number of threads that is none", () => {
    for (const threads of [0, 1.5, -2, 257, Number.NaN])
      expect(() => wasm({ threads })).toThrow(/^Cannot make a target: expected threads to be an integer from 1 to 256/);
  });
});

/** 64 turns, each of which adds a long sum to a number of its own. */
function counting(threads: number, length: number): Module {
  const block = createBlock();
  const at = address(0);
  const total = block.variable("total", load("int32", 1, at));
  block.loop("i", 0, length, 1, (body, counter) => {
    body.set(total, add({ kind: "local", dtype: "int32", lanes: 1, local: total }, index(counter)));
  });
  block.store(at, { kind: "local", dtype: "int32", lanes: 1, local: total });
  const [loop, worker] = [loopVariable("turn"), loopVariable("worker")];
  const slot = { offset: 0, dtype: "int32", elements: 64 } as const;
  const module: Module = {
    kernels: [
      { name: "count", parameters: 1, body: block.statements, note: { equations: [], operations: 1, bytes: 8 } },
    ],
    driver: [
      {
        kind: "parallel",
        worker,
        parts: [
          {
            loop,
            count: 64,
            body: [{ kind: "call", kernel: 0, addresses: [{ offset: 0, terms: [{ loop, stride: 4 }] }] }],
          },
        ],
      },
    ],
    arenaBytes: 256,
    threads,
    constants: [],
    inputs: [slot],
    outputs: [slot],
  };
  checkModule(module);
  return module;
}

function started(module: Module): Instance {
  return loadBinary(emitFitting(module, true), module, true);
}

async function untilReady(instance: Instance, workers: number): Promise<void> {
  for (let i = 0; i < 1000 && instance.team?.ready() !== workers; i++) await pause(10);
  expect(instance.team?.ready()).toBe(workers);
}

describe("workers", () => {
  it("take 20,000 steps of no length, and end when they are told to", async () => {
    const module = counting(3, 1);
    const instance = started(module);
    instance.run();
    await untilReady(instance, 2);
    for (let i = 1; i < 20_000; i++) instance.run();
    expect(new Set(instance.read(module.outputs[0] as Slot))).toEqual(new Set([0]));
    instance.team?.end();
  });

  it("do a part of what takes long", async () => {
    const module = counting(2, 10);
    const instance = started(module);
    for (let i = 0; i < 100; i++) instance.run();
    await untilReady(instance, 1);
    for (let i = 0; i < 100; i++) instance.run();
    expect(new Set(instance.read(module.outputs[0] as Slot))).toEqual(new Set([200 * 45]));
    instance.team?.end();
  });

  it("give what the interpreter gives, inside loops, with turns of two kinds", async () => {
    for (const threads of [1, 2, 5]) {
      const module = parallelModule(threads);
      checkModule(module);
      const instance = started(module);
      instance.write(module.inputs[0] as Slot, parallelInput);
      instance.run();
      await untilReady(instance, threads - 1);
      const runs = 1000;
      for (let run = 1; run < runs; run++) instance.run();
      const found = instance.read(module.outputs[0] as Slot);
      expect(found).toEqual(parallelOutput.map((value) => runs * value));
      instance.team?.end();
    }
  });

  it("that have ended are an error of the next run", async () => {
    const instance = started(counting(2, 1));
    instance.run();
    await untilReady(instance, 1);
    await instance.team?.workers[0]?.terminate();
    await pause(20);
    expect(() => instance.run()).toThrow(/^Cannot run on several threads: expected every worker to stay, got one/);
  });
});

/** The sources of the team as JavaScript, for a process of its own. */
function asScripts(folder: string): void {
  for (const source of ["team.ts", "start-worker.ts", "worker-source.ts", "../../errors.ts"]) {
    const text = readFileSync(fileURLToPath(new URL(source, import.meta.url)), "utf8");
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    const script = outputText.replace(/from "[./]*\/([\w-]+)\.ts"/g, 'from "./$1.mjs"');
    writeFileSync(path.join(folder, path.basename(source).replace(/\.ts$/, ".mjs")), script);
  }
}

/** A module on two threads; `lost`: its worker is ended in the middle of its turn. */
const script = `
import { readFileSync } from "node:fs";
import { createTeam } from "./team.mjs";
const module = new WebAssembly.Module(readFileSync("module.wasm"));
const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const isLost = process.argv[2] === "lost";
let isEnded = false;
const run = (task, turn) => {
  if (!isLost) return void exports.task0(0, turn);
  if (isEnded || team.ready() === 0) return;
  isEnded = true;
  for (const from = performance.now(); performance.now() < from + 100; );
  team.workers[0].terminate();
};
const team = createTeam({ module, memory, threads: 2, run, patience: 300 });
const { exports } = new WebAssembly.Instance(module, { host: { memory, divide: team.divide } });
exports.run();
while (team.ready() < 1) await new Promise((resolve) => setTimeout(resolve, 5));
try {
  exports.run();
  exports.run();
  console.log("done");
} catch (error) {
  console.log(error.message);
}
`;

describe("a process", () => {
  const inProcess = (length: number, argument: string): { status: number | null; stdout: string; stderr: string } => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "team-"));
    try {
      asScripts(folder);
      writeFileSync(path.join(folder, "module.wasm"), emitFitting(counting(2, length), true));
      writeFileSync(path.join(folder, "main.mjs"), script);
      const options = { cwd: folder, encoding: "utf8", timeout: 50_000 } as const;
      return spawnSync(process.execPath, ["main.mjs", argument], options);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it("ends while its workers wait", () => {
    expect(inProcess(1000, "whole")).toMatchObject({ status: 0, stdout: "done\n" });
  });

  it("is told of a worker that is ended in the middle of a turn, and does not wait for it", () => {
    const { stdout, status } = inProcess(2_000_000_000, "lost");
    expect(stdout).toMatch(/^Cannot run on several threads: .*it does not come back/);
    expect(status).toBe(0);
  });
});
