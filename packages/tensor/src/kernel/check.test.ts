import { expect, it } from "vitest";
import { type Block, createBlock } from "./block.ts";
import * as build from "./build.ts";
import { checkKernel, checkModule } from "./check.ts";
import { elementaryFunctions, pow, rem } from "./functions/index.ts";
import type { Expression, Kernel, Module } from "./kernel.ts";
import { elementwise } from "./testing/elementwise.ts";

function kernel(write: (block: Block) => void): Kernel {
  const block = createBlock();
  write(block);
  return { name: "k", parameters: 1, body: block.statements, note: { equations: [], operations: 0, bytes: 0 } };
}

const one = build.number("float32", 1, 1);

it("accepts the elementary functions", () => {
  for (const dtype of ["float32", "float64"] as const) {
    for (const lanes of dtype === "float32" ? [1, 2, 4] : [1, 2]) {
      for (const write of Object.values(elementaryFunctions)) {
        checkModule(elementwise([dtype], 8, lanes, (block, [x]) => write(block, x as Expression)));
      }
      for (const write of [pow, rem]) {
        checkModule(
          elementwise([dtype, dtype], 8, lanes, (block, [x, y]) => write(block, x as Expression, y as Expression)),
        );
      }
    }
  }
});

it("finds a local read before it is set", () => {
  const late = build.local("late", "float32", 1);
  const found = kernel((block) => block.store(build.address(0), build.add(build.read(late), one)));
  expect(() => checkKernel(found)).toThrow("Cannot check k: expected a local that is set before, got late");
});

it("finds a local that was set in a loop only", () => {
  const found = kernel((block) => {
    let inner: Expression = one;
    block.loop("i", 0, 4, 1, (body, i) => {
      inner = body.name("inner", build.load("float32", 1, build.address(0, 0, [{ loop: i, stride: 4 }])));
    });
    block.store(build.address(0), inner);
  });
  expect(() => checkKernel(found)).toThrow("expected a local that is set before, got inner");
});

it("finds a counter used outside its loop", () => {
  const loop = build.loopVariable("i");
  expect(() => checkKernel(kernel((block) => block.store(build.address(0), build.index(loop))))).toThrow(
    "counter of a loop around, got i",
  );
  const at = build.address(0, 0, [{ loop, stride: 4 }]);
  expect(() => checkKernel(kernel((block) => block.store(at, one)))).toThrow("counter of a loop around, got i");
});

it("finds wrong types, lanes and parameters", () => {
  const wrong: Expression = { kind: "binary", dtype: "float32", lanes: 1, op: "and", a: one, b: one };
  expect(() => checkKernel(kernel((block) => block.store(build.address(0), wrong)))).toThrow(
    "expected int32 or uint32 or bool, got float32x1",
  );
  const mixed: Expression = {
    kind: "binary",
    dtype: "float32",
    lanes: 1,
    op: "add",
    a: one,
    b: build.number("float32", 4, 1),
  };
  expect(() => checkKernel(kernel((block) => block.store(build.address(0), mixed)))).toThrow(
    "expected float32x1, got float32x4",
  );
  expect(() => checkKernel(kernel((block) => block.store(build.address(1), one)))).toThrow(
    "expected one of 1 address parameters, got 1",
  );
  const lanes = kernel((block) => {
    for (const count of [3, 4]) block.store(build.address(0), build.number("float32", count, 1));
  });
  expect(() => checkKernel(lanes)).toThrow("expected vectors of one number of lanes, or halves, got 1, 3");
});

it("finds faults of the driver and of slots", () => {
  const good = elementwise(["float32"], 4, 4, (_, [x]) => x as Expression);
  const with_ = (change: Partial<Module>): Module => ({ ...good, ...change });
  const call = { kind: "call" as const, kernel: 0, addresses: [] };
  expect(() => checkModule(with_({ driver: [call] }))).toThrow("expected 2 addresses for elementwise, got 0");
  expect(() => checkModule(with_({ driver: [{ ...call, kernel: 3 }] }))).toThrow("expected one of 1 kernels, got 3");
  expect(() => checkModule(with_({ arenaBytes: 64 }))).toThrow("expected a place below 64, got 64 to 80");
});
