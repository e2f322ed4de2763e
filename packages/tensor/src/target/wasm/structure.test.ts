/**
 * Loops, addresses, sharing and drivers: Wasm gives the bytes of the interpreter, and binaries are valid.
 */
import { expect, it } from "vitest";
import { type Block, createBlock } from "../../kernel/block.ts";
import * as build from "../../kernel/build.ts";
import { checkModule } from "../../kernel/check.ts";
import { evaluate } from "../../kernel/evaluate.ts";
import type { DriverAddress, Expression, Kernel, Module, Step } from "../../kernel/kernel.ts";
import { unroll } from "../../kernel/unroll.ts";
import { emitModule } from "./emit-module.ts";
import { instantiate } from "./instantiate.ts";

const arenaBytes = 8192;

function kernel(parameters: number, write: (block: Block) => void): Kernel {
  const block = createBlock();
  write(block);
  return { name: "k", parameters, body: block.statements, note: { equations: [], operations: 0, bytes: 0 } };
}

const at = (offset: number, ...terms: DriverAddress["terms"]): DriverAddress => ({ offset, terms });

/** A module over an arena of float32 0, 1, 2, … in the first half. */
function moduleOf(kernels: readonly Kernel[], driver: readonly Step[]): Module {
  const data = Float32Array.from({ length: 512 }, (_, index) => index);
  const constants = [{ slot: { offset: 0, dtype: "float32" as const, elements: 512 }, data }];
  return { kernels, driver, arenaBytes, constants, inputs: [], outputs: [] };
}

/** Runs twice on both and compares the whole arena. */
function expectSameArena(module: Module): Float32Array {
  checkModule(module);
  expect(WebAssembly.validate(emitModule(module) as Uint8Array<ArrayBuffer>)).toBe(true);
  const [wasm, interpreter] = [instantiate(module), evaluate(module)];
  for (let turn = 0; turn < 2; turn++) {
    wasm.run();
    interpreter.run();
    expect(new Int32Array(wasm.memory, 0, arenaBytes / 4)).toEqual(new Int32Array(interpreter.memory));
  }
  return new Float32Array(wasm.memory, 0, arenaBytes / 4);
}

const callOnce = (...addresses: DriverAddress[]): Step[] => [{ kind: "call", kernel: 0, addresses }];

it("nested loops, counts that do not divide, loops that run once or never", () => {
  const found = kernel(2, (block) => {
    block.loop("i", 1, 8, 3, (rows, i) => {
      rows.loop("once", 5, 6, 1, (once, o) => {
        once.loop("j", 0, 7, 1, (body, j) => {
          const terms = [
            { loop: j, stride: 4 },
            { loop: o, stride: 8 },
            { loop: i, stride: 28 },
          ];
          const counters = build.add(build.add(build.index(i), build.index(o)), build.mul(build.index(j), 10));
          const x = build.load("float32", 1, build.address(0, 12, terms));
          body.store(build.address(1, 0, terms), build.add(x, build.convert("float32", counters)));
        });
        once.loop("never", 3, 3, 1, (body) => body.store(build.address(1), build.number("float32", 1, 99)));
      });
    });
  });
  const arena = expectSameArena(moduleOf([found], callOnce(at(0), at(4096))));
  expect(arena[1024 + 7 + 10]).toBe(3 + 10 + 7 + 1 + 5);
});

it("accumulators of an unrolled loop, vectors of counters", () => {
  const found = kernel(2, (block) => {
    const sum = block.variable("sum", build.number("float32", 4, 0));
    block.loop("i", 0, 44, 4, (body, i) => {
      const x = build.load("float32", 4, build.address(0, 4, [{ loop: i, stride: 4 }]));
      body.set(sum, build.add(build.read(sum), build.mul(x, build.convert("float32", build.index(i, 4)))));
    });
    block.store(build.address(1), build.read(sum));
    block.store(build.address(1, 16), build.horizontal("add", build.read(sum)));
  });
  const arena = expectSameArena(moduleOf([found], callOnce(at(0), at(4096))));
  let sum = 0;
  for (let index = 0; index < 44; index++) sum += (index + 1) * index;
  expect(arena[1028]).toBe(sum);
  const loop = unroll(found.body)[1];
  expect(loop).toMatchObject({ kind: "loop", from: 0, to: 32, step: 16 });
});

it.each([1, 2, 4])("strided, splat and computed addresses in both directions x%i", (lanes) => {
  const found = kernel(2, (block) => {
    block.loop("i", 0, 12, lanes, (body, i) => {
      const forward = [{ loop: i, stride: 12 }];
      const strided = lanes === 1 ? undefined : ({ kind: "strided", stride: 12 } as const);
      const backwards = lanes === 1 ? undefined : ({ kind: "strided", stride: -4 } as const);
      const splat = lanes === 1 ? undefined : ({ kind: "splat" } as const);
      const index = build.convert("int32", build.load("float32", 1, build.address(0, 8, [{ loop: i, stride: 4 }])));
      const a = build.load("float32", lanes, build.address(0, 4, forward), strided);
      const b = build.load(
        "float32",
        lanes,
        build.address(0, -8, [{ loop: i, stride: -4 }], build.number("int32", 1, 400)),
        backwards,
      );
      const c = build.load("float32", lanes, build.address(0, 0, [], build.mul(index, 4)), splat);
      body.store(
        build.address(1, 2000, [{ loop: i, stride: -12 }]),
        build.add(a, build.mul(b, c)),
        lanes === 1 ? undefined : { kind: "strided", stride: -12 },
      );
    });
  });
  expectSameArena(moduleOf([found], callOnce(at(0), at(4096))));
});

it.each([1, 2])("float64, masks and bool in memory x%i", (lanes) => {
  const found = kernel(2, (block) => {
    block.loop("i", 0, 8, lanes, (body, i) => {
      const x = build.convert("float64", build.load("float32", lanes, build.address(0, 0, [{ loop: i, stride: 4 }])));
      const mask = body.name("mask", build.less(x, 3));
      body.store(build.address(1, 0, [{ loop: i, stride: 4 }]), mask);
      const again = build.load("bool", lanes, build.address(1, 0, [{ loop: i, stride: 4 }]));
      body.store(build.address(1, 64, [{ loop: i, stride: 8 }]), build.select(build.not(again), x, build.neg(x)));
      const strided = lanes === 1 ? undefined : ({ kind: "strided", stride: 8 } as const);
      body.store(build.address(1, 512, [{ loop: i, stride: 8 }]), build.xor(again, mask), strided);
    });
  });
  const arena = expectSameArena(moduleOf([found], callOnce(at(0), at(4096))));
  expect(Array.from(new Int32Array(arena.buffer, 4096, 8))).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
});

it("branches run when any lane asks", () => {
  const found = kernel(2, (block) => {
    block.loop("i", 0, 32, 4, (body, i) => {
      const x = body.name("x", build.load("float32", 4, build.address(0, 0, [{ loop: i, stride: 4 }])));
      const result = body.variable("result", x);
      const wanted = body.name("wanted", build.equal(x, 9));
      body.branch(wanted, (rare) => rare.set(result, build.select(wanted, build.mul(x, 100), build.add(x, 0.5))));
      body.store(build.address(1, 0, [{ loop: i, stride: 4 }]), build.read(result));
    });
  });
  const arena = expectSameArena(moduleOf([found], callOnce(at(0), at(4096))));
  expect(Array.from(arena.slice(1028, 1037))).toEqual([4, 5, 6, 7, 8.5, 900, 10.5, 11.5, 12]);
});

it.each([1, 4])("loops run as long as any of %i lanes asks", (lanes) => {
  const found = kernel(2, (block) => {
    block.loop("i", 0, 32, lanes, (body, i) => {
      const x = body.variable("x", build.load("float32", lanes, build.address(0, 0, [{ loop: i, stride: 4 }])));
      const below = build.less(build.mul(build.read(x), build.read(x)), 50);
      body.whileAny(below, (turn) => {
        const next = turn.name("next", build.select(below, build.add(build.read(x), 2), build.read(x)));
        turn.loop("k", 0, 2, 1, (inner) => inner.set(x, build.max(build.read(x), next)));
      });
      body.store(build.address(1, 0, [{ loop: i, stride: 4 }]), build.read(x));
    });
  });
  const arena = expectSameArena(moduleOf([found], callOnce(at(0), at(4096))));
  expect(Math.min(...arena.slice(1024, 1056))).toBeGreaterThan(7);
});

it("values shared by identity are computed once, and again after what they read has changed", () => {
  const found = kernel(1, (block) => {
    let deep: Expression = build.load("float32", 1, build.address(0, 8));
    for (let level = 0; level < 60; level++) deep = build.mul(build.add(deep, deep), 0.5);
    block.store(build.address(0, 4096), deep);
    const changing = block.variable("changing", deep);
    const sum = build.add(build.read(changing), build.load("float32", 1, build.address(0, 4096)));
    block.store(build.address(0, 4100), build.mul(sum, sum));
    block.set(changing, build.add(sum, sum));
    block.store(build.address(0, 4096), build.number("float32", 1, 1000));
    block.store(build.address(0, 4104), sum);
  });
  const module = moduleOf([found], callOnce(at(0)));
  const arena = expectSameArena(module);
  expect(Array.from(arena.slice(1024, 1027))).toEqual([1000, 16, 1008]);
  expect(emitModule(module).length).toBeLessThan(2000);
});

it("a value that reads a local follows the local", () => {
  const found = kernel(1, (block) => {
    const changing = block.variable("changing", build.load("float32", 1, build.address(0, 8)));
    const square = build.mul(build.read(changing), build.read(changing));
    const first = block.name("first", build.add(square, 1));
    block.set(changing, build.add(square, square));
    block.store(build.address(0, 4096), build.add(first, square));
  });
  expect(expectSameArena(moduleOf([found], callOnce(at(0))))[1024]).toBe(5 + 64);
});

const increment = kernel(1, (block) => {
  block.store(build.address(0), build.add(build.load("float32", 1, build.address(0)), 1));
});

it.each([
  [7, 5, false],
  [2, 5, true],
  [-3, 5, false],
])("repeats a length of %i from memory, at most %i", (length, bound, reverse) => {
  const setLength = kernel(1, (block) => block.store(build.address(0), build.number("int32", 1, length)));
  const step = build.loopVariable("step");
  const note = kernel(2, (block) => {
    block.store(build.address(0), build.add(build.load("float32", 1, build.address(0)), 1));
    block.store(build.address(1), build.load("float32", 1, build.address(0)));
  });
  const body: Step[] = [{ kind: "call", kernel: 1, addresses: [at(4096), at(5120, { loop: step, stride: 4 })] }];
  const driver: Step[] = [
    { kind: "clear", at: at(4096), bytes: 1024 },
    { kind: "call", kernel: 0, addresses: [at(6144)] },
    { kind: "repeat", loop: step, length: at(6144), bound, reverse, body },
  ];
  const arena = expectSameArena(moduleOf([setLength, note], driver));
  const count = Math.max(0, Math.min(length, bound));
  const turns = Array.from({ length: count }, (_, turn) => turn + 1);
  expect(arena[1024]).toBe(count);
  expect(Array.from(arena.slice(1280, 1280 + count))).toEqual(reverse ? turns.reverse() : turns);
});

it("whiles inside repeats, copies", () => {
  const outer = build.loopVariable("outer");
  const condition = kernel(2, (block) => {
    block.store(build.address(1), build.less(build.load("float32", 1, build.address(0)), 10));
  });
  const driver: Step[] = [
    {
      kind: "repeat",
      loop: outer,
      length: 3,
      bound: 8,
      reverse: false,
      body: [
        {
          kind: "copy",
          from: at(0, { loop: outer, stride: 16 }),
          to: at(4096, { loop: outer, stride: 64 }),
          bytes: 16,
        },
        {
          kind: "while",
          condition: [{ kind: "call", kernel: 0, addresses: [at(4096, { loop: outer, stride: 64 }), at(8000)] }],
          flag: at(8000),
          body: [{ kind: "call", kernel: 1, addresses: [at(4096, { loop: outer, stride: 64 })] }],
        },
      ],
    },
  ];
  const arena = expectSameArena(moduleOf([condition, increment], driver));
  expect([arena[1024], arena[1040], arena[1056], arena[1041]]).toEqual([10, 10, 10, 5]);
});

it("long drivers become several functions, inside loops too", () => {
  const loop = build.loopVariable("loop");
  const calls: Step[] = Array.from({ length: 2500 }, () => ({
    kind: "call",
    kernel: 0,
    addresses: [at(4096, { loop, stride: 4 })],
  }));
  const driver: Step[] = [
    { kind: "clear", at: at(4096), bytes: 64 },
    { kind: "repeat", loop, length: 2, bound: 2, reverse: false, body: calls },
  ];
  const arena = expectSameArena(moduleOf([increment], driver));
  expect(Array.from(arena.slice(1024, 1027))).toEqual([2500, 2500, 0]);
});

it("reads and writes slots as host arrays", () => {
  const instance = instantiate(moduleOf([], []));
  const bool = { offset: 4096, dtype: "bool" as const, elements: 3 };
  instance.write(bool, Uint8Array.of(1, 0, 7));
  expect(instance.read(bool)).toEqual(Uint8Array.of(1, 0, 1));
  expect(Array.from(new Int32Array(instance.memory, 4096, 3))).toEqual([1, 0, 1]);
  const wide = { offset: 4160, dtype: "float64" as const, elements: 2 };
  instance.write(wide, 0.1);
  expect(instance.read(wide)).toEqual(Float64Array.of(0.1, 0.1));
  expect(() => instance.write(wide, Float64Array.of(1))).toThrow(
    "Cannot write a slot: expected 2 elements of float64, got 1",
  );
});
